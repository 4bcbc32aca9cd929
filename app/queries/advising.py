"""Advisers as the organisation sees them, and the organisations as their adviser sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Right, Role, Subject, may
from app.domain.lifecycle import EDITABLE, ENDED, ApplicationStatus
from app.extensions import db
from app.models import AdviserGrant, Answer, Application, Invitation, Organisation, Question, User
from app.queries.organisations import own_organisation

MOST_ADVISERS = 200
MOST_ENDED = 50
PER_PAGE = 50


@dataclass(frozen=True)
class AdviserRow:
    """One adviser with the rights that stand, or stood until `ended_at`."""

    grant_id: int
    name: str
    email: str
    works_for: str
    rights: tuple[Right, ...]
    granted_at: datetime
    ends_on: date | None
    run_out: bool
    ended_at: datetime | None
    version: int


@dataclass(frozen=True)
class OfferRow:
    """Rights that were offered and not taken up yet."""

    invitation_id: int
    email: str
    works_for: str
    rights: tuple[Right, ...]
    expires_at: datetime
    run_out: bool


@dataclass(frozen=True)
class AdvisersPage:
    """Who helps an organisation from outside. `ended` are the last of those who did."""

    organisation_id: int
    organisation: str
    advisers: tuple[AdviserRow, ...]
    ended: tuple[AdviserRow, ...]
    offers: tuple[OfferRow, ...]
    may_change: bool


def advisers_page(organisation_id: int, actor: Actor, now: datetime, today: date) -> AdvisersPage:
    """The advisers of one organisation, for its own people: four statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PEOPLE)
    rows = db.session.execute(
        select(AdviserGrant, User)
        .join(User, User.id == AdviserGrant.user_id)
        .where(AdviserGrant.organisation_id == organisation_id, AdviserGrant.ended_at.is_(None))
        .order_by(User.name, AdviserGrant.id)
        .limit(MOST_ADVISERS)
    ).all()
    ended = db.session.execute(
        select(AdviserGrant, User)
        .join(User, User.id == AdviserGrant.user_id)
        .where(AdviserGrant.organisation_id == organisation_id, AdviserGrant.ended_at.is_not(None))
        .order_by(AdviserGrant.ended_at.desc(), AdviserGrant.id.desc())
        .limit(MOST_ENDED)
    ).all()
    return AdvisersPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        advisers=tuple(_adviser(grant, user, today) for grant, user in rows),
        ended=tuple(_adviser(grant, user, today) for grant, user in ended),
        offers=_offers(organisation_id, now),
        may_change=may(actor, Action.LET_ADVISE, Subject(organisation_id=organisation_id)),
    )


def _adviser(grant: AdviserGrant, user: User, today: date) -> AdviserRow:
    return AdviserRow(
        grant_id=grant.id,
        name=user.name,
        email=user.email,
        works_for=grant.works_for,
        rights=tuple(Right(right) for right in grant.rights),
        granted_at=grant.granted_at,
        ends_on=grant.ends_on,
        run_out=grant.ends_on is not None and grant.ends_on < today,
        ended_at=grant.ended_at,
        version=grant.version,
    )


def _offers(organisation_id: int, now: datetime) -> tuple[OfferRow, ...]:
    rows = db.session.scalars(
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.role == Role.ADVISER,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .limit(MOST_ADVISERS)
    ).all()
    return tuple(
        OfferRow(
            row.id,
            row.email,
            row.works_for,
            tuple(Right(right) for right in row.rights),
            row.expires_at,
            row.expires_at < now,
        )
        for row in rows
    )


@dataclass(frozen=True)
class CaseRow:
    """One open application of an organisation that is helped. `answered` counts whole answers while it can be edited."""

    application_id: int
    framework: str
    status: ApplicationStatus
    answered: int
    waiting: int
    due_on: date | None

    @property
    def editable(self) -> bool:
        return self.status in EDITABLE


@dataclass(frozen=True)
class HelpedRow:
    """One organisation with what one may do there."""

    organisation_id: int
    name: str
    role: Role
    rights: tuple[Right, ...]
    cases: tuple[CaseRow, ...]


@dataclass(frozen=True)
class HelpedPage:
    """The organisations that one helps, by name, a page of them. `total` counts all."""

    rows: tuple[HelpedRow, ...]
    total: int
    page: int
    pages: int


def helped_page(actor: Actor, page: int = 1) -> HelpedPage:
    """What an adviser, or somebody who works for a member of a consortium, helps: at most four statements."""
    ids = list(actor.helps)
    pages = max(1, -(-len(ids) // PER_PAGE))
    page = min(max(page, 1), pages)
    if not ids:
        return HelpedPage((), 0, 1, 1)
    names = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(ids))
        .order_by(func.lower(Organisation.name), Organisation.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    cases = _cases([key for key, _ in names])
    rows = tuple(
        HelpedRow(
            key,
            name,
            actor.role_at(key) or Role.ADVISER,
            tuple(right for right in Right if right in actor.helps[key]),
            tuple(cases.get(key, ())),
        )
        for key, name in names
    )
    return HelpedPage(rows, len(ids), page, pages)


def _cases(ids: list[int]) -> dict[int, list[CaseRow]]:
    applications = db.session.scalars(
        select(Application)
        .where(Application.organisation_id.in_(ids), Application.status.not_in(ENDED))
        .options(joinedload(Application.edition))
        .order_by(Application.id.desc())
        .limit(PER_PAGE * 4)
    ).all()
    keys = [row.id for row in applications if row.status in EDITABLE]
    answered = _answered(keys)
    waiting = _waiting([row.id for row in applications if row.status not in EDITABLE])
    found: dict[int, list[CaseRow]] = {}
    for row in applications:
        count, due = waiting.get(row.id, (0, None))
        title = f"{row.edition.title} {row.edition.edition}"
        case = CaseRow(row.id, title, row.status, answered.get(row.id, 0), count, due)
        found.setdefault(row.organisation_id, []).append(case)
    return found


def _answered(keys: list[int]) -> dict[int, int]:
    if not keys:
        return {}
    whole = Answer.point.is_not(None) | Answer.not_applicable.is_(True)
    rows = db.session.execute(
        select(Answer.application_id, func.count())
        .where(Answer.application_id.in_(keys), Answer.reason != "", whole)
        .group_by(Answer.application_id)
    )
    return {key: count for key, count in rows}


def _waiting(keys: list[int]) -> dict[int, tuple[int, date | None]]:
    if not keys:
        return {}
    rows = db.session.execute(
        select(Question.application_id, func.count(), func.min(Question.due_on))
        .where(Question.application_id.in_(keys), Question.replied_at.is_(None), Question.withdrawn_at.is_(None))
        .group_by(Question.application_id)
    )
    return {key: (count, due) for key, count, due in rows}
