"""The certificates of other bodies that an organisation holds, as its own people see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.access import Action, Actor, Subject, may
from app.domain.certificates_held import SOON, CheckState
from app.domain.errors import NotFound
from app.domain.lifecycle import CURRENT, ENDED, AwardStatus, status_on
from app.extensions import db
from app.models import (
    Application,
    AuditRow,
    Award,
    EvidenceItem,
    EvidenceVersion,
    Passport,
    PassportCheck,
    Scheme,
    User,
)
from app.queries.certificate_choices import Using, schemes_using
from app.queries.history import HistoryRow, words_for
from app.queries.organisations import own_organisation
from app.queries.passports import titled

MOST_SHOWN = 400
MOST_HISTORY = 100
MOST_AWARDS = 50


@dataclass(frozen=True)
class CheckRow:
    """What one scheme said, or that it was asked. `by` is who looked at it."""

    scheme_id: int
    scheme: str
    state: CheckState
    asked_at: datetime
    checked_at: datetime | None
    by: str
    reason: str


@dataclass(frozen=True)
class HeldRow:
    """One certificate on a day. `follower_id` is the one that was brought to follow it. `over` says that it counts no more."""

    passport_id: int
    title: str
    awarded_by: str
    number: str
    holder: str
    issued_on: date
    ends_on: date | None
    url: str
    checks: tuple[CheckRow, ...]
    withdrawn_at: datetime | None
    follower_id: int | None
    replaces_id: int | None
    version: int
    codes: tuple[str, str | None, str | None]
    proof_id: int | None
    ended: bool
    soon: bool

    @property
    def over(self) -> bool:
        return self.ended or self.withdrawn_at is not None

    @property
    def changeable(self) -> bool:
        """Whether no scheme has looked at it yet, so that it can be corrected."""
        return self.withdrawn_at is None and all(each.state is CheckState.WAITING for each in self.checks)

    @property
    def renewable(self) -> bool:
        """Whether another one can be brought that follows it."""
        return self.withdrawn_at is None and self.follower_id is None and not self.changeable


@dataclass(frozen=True)
class OurAward:
    """An award of a scheme that is kept here, which other frameworks take without proof."""

    title: str
    number: str
    expires_on: date
    state: AwardStatus
    counts: bool


@dataclass(frozen=True)
class HeldPage:
    """Everything held elsewhere: what counts or may count, what is over, and awards of schemes that are kept here."""

    organisation_id: int
    organisation: str
    current: tuple[HeldRow, ...]
    earlier: tuple[HeldRow, ...]
    awards: tuple[OurAward, ...]
    may_add: bool


@dataclass(frozen=True)
class Proof:
    """The file that shows a certificate. `title` is the evidence's, `item_id` where it stands in the library."""

    version_id: int
    item_id: int
    title: str
    filename: str
    media_type: str
    size: int


@dataclass(frozen=True)
class PassportPage:
    """One certificate with all that became of it. `using` are the schemes that take it, `unasked` those not asked yet."""

    organisation_id: int
    organisation: str
    row: HeldRow
    proof: Proof | None
    using: tuple[Using, ...]
    unasked: tuple[tuple[int, str], ...]
    history: tuple[HistoryRow, ...]
    may_change: bool


def held_page(organisation_id: int, actor: Actor, today: date) -> HeldPage:
    """What an organisation holds elsewhere. Four statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PASSPORTS)
    rows = held_rows(db.session(), organisation_id, today)
    return HeldPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        current=tuple(row for row in rows if not row.over),
        earlier=tuple(row for row in rows if row.over),
        awards=_our_awards(organisation_id, today),
        may_add=may(actor, Action.ADD_PASSPORT, Subject(organisation_id=organisation_id)),
    )


def held_rows(session: Session, organisation_id: int, today: date) -> tuple[HeldRow, ...]:
    """Every certificate of an organisation, the newest first, at most 400. Two statements."""
    return _rows(session, today, Passport.organisation_id == organisation_id)


def _rows(session: Session, today: date, condition: object) -> tuple[HeldRow, ...]:
    follower = aliased(Passport)
    found = session.execute(
        select(Passport, follower.id)
        .outerjoin(follower, (follower.replaces_id == Passport.id) & follower.withdrawn_at.is_(None))
        .where(condition)  # type: ignore[arg-type]
        .order_by(Passport.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    checks = _checks(session, [passport.id for passport, _ in found])
    return tuple(_row(passport, following, checks.get(passport.id, ()), today) for passport, following in found)


def _checks(session: Session, passport_ids: Sequence[int]) -> Mapping[int, tuple[CheckRow, ...]]:
    rows = session.execute(
        select(PassportCheck, Scheme.title, User.name)
        .join(Scheme, Scheme.id == PassportCheck.scheme_id)
        .outerjoin(User, User.id == PassportCheck.checked_by_id)
        .where(PassportCheck.passport_id.in_(passport_ids))
        .order_by(PassportCheck.id)
    )
    found: dict[int, tuple[CheckRow, ...]] = {}
    for check, scheme, by in rows:
        row = CheckRow(check.scheme_id, scheme, check.state, check.asked_at, check.checked_at, by or "", check.reason)
        found[check.passport_id] = (*found.get(check.passport_id, ()), row)
    return found


def _row(passport: Passport, follower_id: int | None, checks: tuple[CheckRow, ...], today: date) -> HeldRow:
    named = titled(passport.scheme_code, passport.level, passport.criterion) if passport.scheme_code else None
    ends_on = passport.ends_on
    return HeldRow(
        passport_id=passport.id,
        title=passport.title,
        awarded_by=named.awarded_by if named else "",
        number=passport.number,
        holder=passport.holder,
        issued_on=passport.issued_on,
        ends_on=ends_on,
        url=passport.url,
        checks=checks,
        withdrawn_at=passport.withdrawn_at,
        follower_id=follower_id,
        replaces_id=passport.replaces_id,
        version=passport.version,
        codes=(passport.scheme_code, passport.level, passport.criterion),
        proof_id=passport.proof_id,
        ended=ends_on is not None and ends_on < today,
        soon=ends_on is not None and 0 <= (ends_on - today).days <= SOON,
    )


def _our_awards(organisation_id: int, today: date) -> tuple[OurAward, ...]:
    found = db.session.scalars(
        select(Award)
        .where(Award.organisation_id == organisation_id)
        .options(joinedload(Award.edition))
        .order_by(Award.id.desc())
        .limit(MOST_AWARDS)
    )
    states = [(award, status_on(award.status, award.expires_on, today)) for award in found]
    return tuple(
        OurAward(f"{award.edition.title}, {award.level_title}", award.number, award.expires_on, state, state in CURRENT)
        for award, state in states
    )


def schemes_at_work(organisation_id: int) -> frozenset[int]:
    """The ids of the schemes to which an organisation has an application that is not over. One statement."""
    rows = select(Application.scheme_id).where(
        Application.organisation_id == organisation_id, Application.status.not_in(ENDED)
    )
    return frozenset(db.session.scalars(rows.distinct()))


def passport_page(organisation_id: int, passport_id: int, actor: Actor, today: date) -> PassportPage:
    """One certificate. A fixed number of statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PASSPORTS)
    rows = _rows(db.session(), today, (Passport.id == passport_id) & (Passport.organisation_id == organisation.id))
    if not rows:
        raise NotFound("There is no such page, or it is not open to you.")
    row = rows[0]
    using = schemes_using(*row.codes)
    asked = {each.scheme_id for each in row.checks}
    unasked = {each.scheme_id: each.scheme for each in using if each.scheme_id not in asked}
    return PassportPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        row=row,
        proof=proof_of(db.session(), row.proof_id),
        using=using,
        unasked=tuple(unasked.items()) if not row.over else (),
        history=passport_history(db.session(), row.passport_id),
        may_change=may(actor, Action.ADD_PASSPORT, Subject(organisation_id=organisation_id)),
    )


def proof_of(session: Session, version_id: int | None) -> Proof | None:
    """The file behind a certificate; None where there is none."""
    if version_id is None:
        return None
    version, title = session.execute(
        select(EvidenceVersion, EvidenceItem.title)
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(EvidenceVersion.id == version_id)
    ).one()
    return Proof(version.id, version.item_id, title, version.filename, version.media_type, version.size)


def passport_history(session: Session, passport_id: int, scheme_id: int | None = None) -> tuple[HistoryRow, ...]:
    """What happened to a certificate, newest first; with `scheme_id` without what happened at other schemes."""
    rows = select(AuditRow).where(AuditRow.subject == Passport.__tablename__, AuditRow.subject_id == passport_id)
    if scheme_id is not None:
        rows = rows.where(AuditRow.scheme_id.is_(None) | (AuditRow.scheme_id == scheme_id))
    return tuple(_happened(row) for row in session.scalars(rows.order_by(AuditRow.id.desc()).limit(MOST_HISTORY)))


def _happened(row: AuditRow) -> HistoryRow:
    why = ". ".join(str(row.detail[key]).rstrip(".") for key in ("scheme", "reason") if row.detail.get(key))
    return HistoryRow(row.at, row.actor_name, words_for(row.action), f"{why}." if why else "", row.action, None, "")
