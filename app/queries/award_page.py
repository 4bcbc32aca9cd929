"""One award with all that happened to it, as its holder and as its scheme's office see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.award_dates import A_DAY, next_due, renewal_window
from app.domain.errors import NotFound
from app.domain.lifecycle import CURRENT, NOT_RETURNED, STANDING, AwardMove, AwardStatus, SurveillanceStatus, status_on
from app.extensions import db
from app.models import AuditRow, Award, CertificateVersion, RegisterEntry, Surveillance
from app.queries.award_moves import open_moves, terms_of
from app.queries.award_scope import covered_by
from app.queries.awards import AwardRow, award_row
from app.queries.frameworks import scheme_details
from app.queries.history import words_for
from app.queries.renewals import Renewal, renewal_of
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import subject_of
from app.queries.surveillance import STATUS_WORDS, looks_of

MOST_EVENTS = 200
KEPT_FROM_HOLDER = ("award.office-told", "spot-check.assigned")
MINOR = ("surveillance.saved",)
UNTOLD = frozenset({"spot-check.done"})
"""What was seen at a spot check is the scheme's, which tells the holder by a finding where something follows from it."""


@dataclass(frozen=True)
class CertificateRow:
    """One certificate as it was issued. `why` is empty for the first."""

    version: int
    issued_on: date
    issued_by: str
    why: str
    level: str
    sha256: str
    current: bool


@dataclass(frozen=True)
class LookRow:
    """One surveillance. `waits` says that the provider has something to do."""

    number: int
    status: SurveillanceStatus
    state: str
    due_on: date
    returned_at: datetime | None
    waits: bool


@dataclass(frozen=True)
class EventRow:
    """One thing that happened to the award. `who` is empty where the reader is not told."""

    at: datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True)
class AwardPage:
    """An award on a day. `dates` are (words, day) of what comes, in order; `renewal` how its holder renews it now."""

    row: AwardRow
    application_id: int
    organisation_id: int
    provider: str
    scheme: SchemeRow | None
    scheme_code: str
    scheme_title: str
    contact: str
    framework: str
    current: bool
    slug: str
    provisional: bool
    covers_sites: bool
    dates: tuple[tuple[str, date], ...]
    certificates: tuple[CertificateRow, ...]
    looks: tuple[LookRow, ...]
    events: tuple[EventRow, ...]
    may_give_up: bool
    renewal: Renewal | None = None


def award_page(award_id: int, actor: Actor, today: date) -> AwardPage:
    """An award as its holder's people see it. Raises NotFound, NotAllowed."""
    award = _award(award_id)
    subject = Subject(organisation_id=award.organisation_id)
    require(actor, Action.SEE_APPLICATION, subject)
    gives_up = may(actor, Action.SURRENDER_AWARD, subject) and AwardMove.SURRENDER in open_moves(award, today)
    page = _page(award, actor, today, office=None, may_give_up=gives_up)
    return replace(page, renewal=renewal_of(award, today)) if may(actor, Action.ANSWER, subject) else page


def office_award_page(code: str, award_id: int, actor: Actor, today: date) -> AwardPage:
    """An award as its scheme's office sees it. Raises NotFound, NotAllowed."""
    award = _award(award_id)
    if award.scheme.code != code:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.SEE_CASE, subject_of(db.session(), award.application, today))
    return _page(award, actor, today, office=office_scheme(code, actor, Action.SEE_PIPELINE), may_give_up=False)


@dataclass(frozen=True)
class CertificateFile:
    """Where one certificate is stored, and what to call it."""

    storage_key: str
    filename: str


def certificate_version(award_id: int, version: int, actor: Actor) -> CertificateFile:
    """A certificate as it was issued, for its holder and for the scheme's office. Raises NotFound, NotAllowed."""
    found = db.session.scalars(
        select(CertificateVersion)
        .where(CertificateVersion.award_id == award_id, CertificateVersion.version == version)
        .options(joinedload(CertificateVersion.award))
    ).first()
    if found is None:
        raise NotFound("There is no such certificate.")
    award = found.award
    subject = Subject(organisation_id=award.organisation_id, scheme_id=award.scheme_id)
    if not may(actor, Action.SEE_CASE, subject):
        require(actor, Action.SEE_ORGANISATION, subject)
    return CertificateFile(found.storage_key, f"certificate-{award.number}-version-{version}.pdf")


def _award(award_id: int) -> Award:
    award = db.session.scalars(
        select(Award)
        .where(Award.id == award_id)
        .options(
            joinedload(Award.scheme),
            joinedload(Award.edition),
            joinedload(Award.organisation),
            joinedload(Award.application),
        )
    ).first()
    if award is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return award


def _page(award: Award, actor: Actor, today: date, *, office: SchemeRow | None, may_give_up: bool) -> AwardPage:
    row = award_row(award, actor, today)
    looks = looks_of(db.session(), award.id)
    slug = db.session.scalars(select(RegisterEntry.slug).where(RegisterEntry.award_id == award.id)).first()
    return AwardPage(
        row=row,
        application_id=award.application_id,
        organisation_id=award.organisation_id,
        provider=award.organisation.name,
        scheme=office,
        scheme_code=award.scheme.code,
        scheme_title=award.scheme.title,
        contact=str(scheme_details(award.scheme).details.get("contact") or ""),
        framework=f"{award.edition.title} {award.edition.edition}",
        current=row.status in CURRENT,
        slug=slug or "",
        provisional=award.provisional,
        covers_sites=bool(covered_by(award).sites),
        dates=tuple(sorted(_dates(award, looks, today), key=lambda each: each[1])),
        certificates=_certificates(award),
        looks=tuple(_look(look) for look in looks),
        events=_events(award.id, office=office is not None),
        may_give_up=may_give_up,
    )


def _dates(award: Award, looks: tuple[Surveillance, ...], today: date) -> Iterator[tuple[str, date]]:
    """What comes, as long as the award has not ended."""
    terms = terms_of(award)
    opens, closes = renewal_window(award.expires_on, terms)
    status = status_on(award.status, award.expires_on, today)
    if status is AwardStatus.EXPIRED and closes >= today:
        yield "Last day on which a renewal keeps the old dates", closes
    if status not in STANDING:
        return
    for look in looks:
        if look.status in NOT_RETURNED:
            yield f"Return {look.number} {'was' if look.due_on < today else 'is'} due", look.due_on
    first = max((today, *(look.due_on + A_DAY for look in looks)))  # a return that was asked for is told above
    due = next_due(award.counted_from, award.expires_on, terms.surveillance, first)
    if due:
        yield "Next yearly return is due", due
    if award.suspended_until:
        yield "Last day of the suspension", award.suspended_until
    if award.conditions_due_on:
        yield "Conditions are to be met by", award.conditions_due_on
    yield ("Renewal opens" if opens > today else "Renewal has been open since"), opens
    yield "Last day of the award", award.expires_on


def _certificates(award: Award) -> tuple[CertificateRow, ...]:
    found = db.session.scalars(
        select(CertificateVersion)
        .where(CertificateVersion.award_id == award.id)
        .order_by(CertificateVersion.version.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(
        CertificateRow(
            version=each.version,
            issued_on=each.issued_on,
            issued_by=each.issued_by,
            why=each.why,
            level=each.level_title,
            sha256=each.sha256,
            current=each.sha256 == award.certificate_sha256,
        )
        for each in found
    )


def _look(look: Surveillance) -> LookRow:
    return LookRow(
        number=look.number,
        status=look.status,
        state=STATUS_WORDS[look.status],
        due_on=look.due_on,
        returned_at=look.returned_at,
        waits=look.status in NOT_RETURNED,
    )


def _events(award_id: int, *, office: bool) -> tuple[EventRow, ...]:
    """What is on record of the award, newest first. Holders are told what was done, not which of the office did it."""
    left_out = MINOR if office else (*MINOR, *KEPT_FROM_HOLDER)
    rows = db.session.scalars(
        select(AuditRow)
        .where(
            AuditRow.subject == Award.__tablename__, AuditRow.subject_id == award_id, AuditRow.action.not_in(left_out)
        )
        .order_by(AuditRow.id.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(
        EventRow(
            at=row.at,
            who=row.actor_name if office else "",
            what=words_for(row.action),
            why="" if row.action in UNTOLD and not office else _why(row.detail),
        )
        for row in rows
    )


def _why(detail: dict[str, object]) -> str:
    """The reason given, and from what to what where a value changed."""
    reason = str(detail.get("reason") or "")
    for name, words in (("scope", "Now: {}."), ("level", "From {before} to {}."), ("name", "From {before} to {}.")):
        now, before = detail.get(name), detail.get("before")
        if isinstance(now, str) and isinstance(before, str) and now != before:
            reason = f"{reason} {words.format(now, before=before)}".strip()
    return reason
