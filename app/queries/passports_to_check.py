"""Certificates of other bodies that a scheme was asked to check, and awards that rest on what stands no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from app.domain.access import Action, Actor, may, require
from app.domain.certificates_held import CheckState
from app.domain.errors import NotFound
from app.domain.lifecycle import ENDED
from app.extensions import db
from app.models import Application, FrameworkEdition, Organisation, Passport, PassportCheck, User
from app.queries.certificate_choices import Using, schemes_using
from app.queries.held_elsewhere import Proof, passport_history, proof_of
from app.queries.history import HistoryRow
from app.queries.passport_subjects import subject_of_check
from app.queries.passports import titled
from app.queries.resting import Resting, resting_awards
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import is_seen_by_scheme

PER_PAGE = 50


@dataclass(frozen=True)
class ToCheckRow:
    """One certificate at one scheme. `by` and `checked_at` say who looked at it and when."""

    passport_id: int
    provider: str
    title: str
    awarded_by: str
    number: str
    ends_on: date | None
    state: CheckState
    asked_at: datetime
    checked_at: datetime | None
    by: str
    withdrawn: bool
    ended: bool


@dataclass(frozen=True)
class ToCheckPage:
    """One page of a scheme's certificates. `waiting` counts what waits; `fallen` are awards whose ground has gone."""

    scheme: SchemeRow
    rows: tuple[ToCheckRow, ...]
    show: str
    counts: tuple[tuple[str, str, int], ...]
    found: int
    page: int
    pages: int
    fallen: tuple[Resting, ...]

    @property
    def waiting(self) -> int:
        return next((count for state, _, count in self.counts if state == CheckState.WAITING.value), 0)


@dataclass(frozen=True)
class CheckPage:
    """One certificate as the scheme looks at it: what it would answer, for whom, and what others may not know of it.

    `applications` are (id, framework, state) of those that the provider has with the scheme, drafts left out.
    """

    scheme: SchemeRow
    row: ToCheckRow
    holder: str
    issued_on: date
    url: str
    version: int
    reason: str
    proof: Proof | None
    using: tuple[Using, ...]
    applications: tuple[tuple[int, str, str], ...]
    resting: tuple[Resting, ...]
    history: tuple[HistoryRow, ...]
    may_verify: bool


WORDS = {
    CheckState.WAITING: "Waiting",
    CheckState.ACCEPTED: "Accepted",
    CheckState.REFUSED: "Not accepted",
    CheckState.REVOKED: "No longer accepted",
}


def to_check_page(code: str, show: str, page: int, actor: Actor, today: date) -> ToCheckPage:
    """What a scheme was asked to check, those in the state `show`. Those of the actor's own organisations are left out.

    A fixed number of statements. Raises NotFound, NotAllowed.
    """
    scheme = office_scheme(code, actor, Action.SEE_CHECKS)
    state = next((each for each in CheckState if each.value == show), CheckState.WAITING)
    counts = _counts(scheme.scheme_id, actor)
    found = counts.get(state, 0)
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = _listed(scheme.scheme_id, actor).where(PassportCheck.state == state)
    order = PassportCheck.id if state is CheckState.WAITING else PassportCheck.checked_at.desc()
    listed = db.session.execute(rows.order_by(order, PassportCheck.id).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    resting = resting_awards(db.session(), today, scheme_ids=[scheme.scheme_id])
    return ToCheckPage(
        scheme=scheme,
        rows=tuple(_row(passport, check, provider, by, today) for passport, check, provider, by in listed),
        show=state.value,
        counts=tuple((each.value, words, counts.get(each, 0)) for each, words in WORDS.items()),
        found=found,
        page=page,
        pages=pages,
        fallen=tuple(each for each in resting if each.fell and actor.role_at(each.organisation_id) is None),
    )


def _listed(scheme_id: int, actor: Actor) -> Select[tuple[Passport, PassportCheck, str, str]]:
    """What a provider took back before anybody looked at it is nobody's any more."""
    return (
        select(Passport, PassportCheck, Organisation.name, User.name)
        .join(PassportCheck, PassportCheck.passport_id == Passport.id)
        .join(Organisation, Organisation.id == Passport.organisation_id)
        .outerjoin(User, User.id == PassportCheck.checked_by_id)
        .where(
            PassportCheck.scheme_id == scheme_id,
            Passport.organisation_id.not_in([*actor.organisations, *actor.helps]),
            Passport.withdrawn_at.is_(None) | (PassportCheck.state != CheckState.WAITING),
        )
    )


def _counts(scheme_id: int, actor: Actor) -> dict[CheckState, int]:
    rows = _listed(scheme_id, actor).with_only_columns(PassportCheck.state, func.count()).group_by(PassportCheck.state)
    return {state: count for state, count in db.session.execute(rows)}


def _row(passport: Passport, check: PassportCheck, provider: str, by: str | None, today: date) -> ToCheckRow:
    named = titled(passport.scheme_code, passport.level, passport.criterion)
    return ToCheckRow(
        passport_id=passport.id,
        provider=provider,
        title=passport.title,
        awarded_by=named.awarded_by,
        number=passport.number,
        ends_on=passport.ends_on,
        state=check.state,
        asked_at=check.asked_at,
        checked_at=check.checked_at,
        by=by or "",
        withdrawn=passport.withdrawn_at is not None,
        ended=passport.ends_on is not None and passport.ends_on < today,
    )


def check_page(code: str, passport_id: int, actor: Actor, today: date) -> CheckPage:
    """One certificate at one scheme. A fixed number of statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_CHECKS)
    found = db.session.execute(
        select(Passport, PassportCheck, Organisation.name, User.name)
        .join(PassportCheck, PassportCheck.passport_id == Passport.id)
        .join(Organisation, Organisation.id == Passport.organisation_id)
        .outerjoin(User, User.id == PassportCheck.checked_by_id)
        .where(Passport.id == passport_id, PassportCheck.scheme_id == scheme.scheme_id)
    ).first()
    if found is None or (found[0].withdrawn_at and found[1].state is CheckState.WAITING):
        raise NotFound("There is no such page, or it is not open to you.")
    passport, check, provider, by = found
    subject = subject_of_check(db.session(), passport, scheme.scheme_id, today)
    require(actor, Action.SEE_CHECKS, subject)
    using = schemes_using(passport.scheme_code, passport.level, passport.criterion)
    resting = resting_awards(
        db.session(), today, scheme_ids=[scheme.scheme_id], organisation_ids=[passport.organisation_id]
    )
    return CheckPage(
        scheme=scheme,
        row=_row(passport, check, provider, by, today),
        holder=passport.holder,
        issued_on=passport.issued_on,
        url=passport.url,
        version=passport.version,
        reason=check.reason,
        proof=proof_of(db.session(), passport.proof_id),
        using=tuple(each for each in using if each.scheme_id == scheme.scheme_id),
        applications=_applications(scheme.scheme_id, passport.organisation_id),
        resting=tuple(each for each in resting if each.passport_id == passport.id),
        history=passport_history(db.session(), passport.id, scheme.scheme_id),
        may_verify=may(actor, Action.VERIFY_PASSPORT, subject) and passport.withdrawn_at is None,
    )


def _applications(scheme_id: int, organisation_id: int) -> tuple[tuple[int, str, str], ...]:
    found = db.session.execute(
        select(Application.id, FrameworkEdition.title, FrameworkEdition.edition, Application.status)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.scheme_id == scheme_id,
            Application.organisation_id == organisation_id,
            Application.status.not_in(ENDED),
            is_seen_by_scheme(),
        )
        .order_by(Application.id.desc())
        .limit(PER_PAGE)
    )
    return tuple((each, f"{title} {edition}", status.value.replace("-", " ")) for each, title, edition, status in found)
