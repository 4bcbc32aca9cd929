"""What waits about people: who answers for an organisation, a second lead, and two steps for those who see others' work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select

from app.domain.access import SCHEME_ROLES, Action, Actor, Role, Subject, may
from app.domain.lead_request import SILENCE, RequestKind, RequestStatus
from app.domain.to_do import Kind, ToDo
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import LeadRequest, Membership, Scheme, User
from app.queries.lead_requests import ALIVE, LeadRequestRow, request_rows, requests_about
from app.queries.scheme_lead_requests import known_to

SECOND_LEAD = "Invite a second lead, so that nobody is locked out"
TWO_STEPS = "Set up two-step sign-in, because what you see here belongs to others"


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """Requests that a lead has to answer, and where only one person leads. Three statements."""
    led = [each for each in organisation_ids if may(actor, Action.INVITE_COLLEAGUE, Subject(organisation_id=each))]
    if not led:
        return []
    asked = [row for row in requests_about(led, now=_moment(today)) if _is_for_leads(row, actor)]
    return [*(_answer(row) for row in asked), *(_second_lead(each) for each in _with_one_lead(led))]


def for_person(actor: Actor, today: date) -> list[ToDo]:
    """What waits for this person alone: an offer of the lead, decisions as a manager, two steps. Six statements at most."""
    if not actor.signed_in:
        return []
    return [*_offers(actor, today), *_decisions(actor, today), *_two_steps(actor)]


def _is_for_leads(row: LeadRequestRow, actor: Actor) -> bool:
    waits = row.status is RequestStatus.OPEN and row.kind is not RequestKind.HAND_OVER
    objectable = row.status is RequestStatus.GRANTED and row.person_id != actor.user_id
    return waits or objectable


def _answer(row: LeadRequestRow) -> ToDo:
    path = f"/lead-requests/{row.request_id}"
    if row.status is RequestStatus.GRANTED:
        until = uk_day(row.ends_at) if row.ends_at else None
        what = f"Look whether {row.person} should lead, and object if not"
        return ToDo(Kind.PEOPLE, what, path, until, organisation_id=row.organisation_id)
    due_on = uk_day(row.asked_at + SILENCE)
    return ToDo(
        Kind.PEOPLE, f"Answer {row.person}, who asks to lead", path, due_on, organisation_id=row.organisation_id
    )


def _second_lead(organisation_id: int) -> ToDo:
    return ToDo(Kind.PEOPLE, SECOND_LEAD, f"/organisations/{organisation_id}/people", organisation_id=organisation_id)


def _with_one_lead(organisation_ids: Sequence[int]) -> list[int]:
    leads = (
        select(Membership.organisation_id)
        .where(Membership.organisation_id.in_(organisation_ids), Membership.role == Role.LEAD)
        .group_by(Membership.organisation_id)
        .having(func.count() == 1)
        .order_by(Membership.organisation_id)
    )
    return list(db.session.scalars(leads))


def _offers(actor: Actor, today: date) -> list[ToDo]:
    where = (LeadRequest.person_id == actor.user_id) & (LeadRequest.status == RequestStatus.OPEN)
    rows = request_rows(db.session, _moment(today), where & (LeadRequest.kind == RequestKind.HAND_OVER))
    return [
        ToDo(
            Kind.PEOPLE,
            f"Accept or decline the lead, which {row.asked_by} offers you",
            f"/lead-requests/{row.request_id}",
            uk_day(row.ends_at),
            organisation_id=row.organisation_id,
        )
        for row in rows
        if row.ends_at and row.status is RequestStatus.OPEN
    ]


def _decisions(actor: Actor, today: date) -> list[ToDo]:
    """For managers: requests whose leads have not answered, and objections."""
    managed = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    found: list[ToDo] = []
    for scheme_id in managed[:3]:
        rows = request_rows(db.session, _moment(today), known_to(scheme_id) & LeadRequest.status.in_(ALIVE))
        due = [row for row in rows if _is_due(row, today) and actor.role_at(row.organisation_id) is None]
        if due:
            code = db.session.scalar(select(Scheme.code).where(Scheme.id == scheme_id))
            found += [_decide(row, f"/schemes/{code}/lead-requests/{row.request_id}") for row in due]
    return found


def _is_due(row: LeadRequestRow, today: date) -> bool:
    if row.status is RequestStatus.OBJECTED:
        return True
    return row.status is RequestStatus.OPEN and row.others_from is not None and uk_day(row.others_from) <= today


def _decide(row: LeadRequestRow, path: str) -> ToDo:
    return ToDo(Kind.PEOPLE, f"Decide whether {row.person} leads {row.organisation}", path)


def _two_steps(actor: Actor) -> list[ToDo]:
    if not actor.roles & SCHEME_ROLES:
        return []
    if db.session.scalar(select(User.two_step_at).where(User.id == actor.user_id)) is not None:
        return []
    return [ToDo(Kind.PEOPLE, TWO_STEPS, "/account/security")]


def _moment(day: date) -> datetime:
    """The noon of a day, in which what runs out on that day still stands or not as it does for most of it."""
    return datetime.combine(day, time(12), UTC)
