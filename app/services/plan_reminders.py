"""Telling owners what of the plan is due soon or late, each once, and a second person what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.plan import AHEAD_DAYS, STILL_TO_DO, Reminder, reminder_due
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Membership, Organisation, PlanAction, User
from app.services.telling import tell
from app.services.transactions import transaction

BATCH = 100
"""Organisations whose plans are looked at in one transaction."""
MOST_OF_ONE = 500


@dataclass(frozen=True)
class _Due:
    action: PlanAction
    reminder: Reminder


def remind_of_actions(now: datetime) -> int:
    """Remind of every action that reached a fortnight or three days before its date, or is late. Gives how many.

    Each of the three is sent once for a date, so running it again does nothing. Whoever owns an action is told; where
    nobody of the organisation does, its leads are. Of what is late a second person hears too: another lead, else somebody
    else who works there, so that nothing hangs on one person.
    """
    today = uk_day(now)
    reminded = after = 0
    while True:
        with transaction() as session:
            organisations = _with_due(session, after, today)
            for organisation in organisations:
                reminded += _remind(session, organisation, today, now)
                after = organisation.id
        if len(organisations) < BATCH:
            return reminded


def _with_due(session: Session, after: int, today: date) -> list[Organisation]:
    due = select(PlanAction.organisation_id).where(*_may_be_due(today))
    return list(
        session.scalars(
            select(Organisation)
            .where(Organisation.id > after, Organisation.id.in_(due))
            .order_by(Organisation.id)
            .limit(BATCH)
        )
    )


def _may_be_due(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        PlanAction.state.in_(STILL_TO_DO),
        PlanAction.due_on <= today + timedelta(days=AHEAD_DAYS),
        PlanAction.reminded != Reminder.LATE,
    )


def _remind(session: Session, organisation: Organisation, today: date, now: datetime) -> int:
    actions = session.scalars(
        select(PlanAction)
        .where(PlanAction.organisation_id == organisation.id, *_may_be_due(today))
        .order_by(PlanAction.due_on, PlanAction.id)
        .limit(MOST_OF_ONE)
        .with_for_update(key_share=True)
    )
    found = [_Due(each, reminder_due(each.state, each.due_on, each.reminded, today)) for each in actions]
    due = [each for each in found if each.reminder is not Reminder.NONE]
    if not due:
        return 0
    people = _people(session, organisation.id)
    for person, theirs in _by_person(due, people):
        _tell(session, organisation, person, theirs, "plan_reminder", now)
    late = [each for each in due if each.reminder is Reminder.LATE]
    for person, theirs in _second_people(late, people):
        _tell(session, organisation, person, theirs, "plan_late_elsewhere", now)
    for each in due:
        each.action.reminded = each.reminder
    return len(due)


def _people(session: Session, organisation_id: int) -> list[tuple[User, Role]]:
    """Who works there, leads first."""
    rows = session.execute(
        select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.closed_at.is_(None))
        .order_by(User.id)
    ).all()
    return sorted(((user, role) for user, role in rows), key=lambda each: each[1] is not Role.LEAD)


def _by_person(due: Sequence[_Due], people: Sequence[tuple[User, Role]]) -> list[tuple[User, list[_Due]]]:
    """What each person is told of what is theirs. What nobody of the organisation owns goes to its leads."""
    ids = {user.id for user, _ in people}
    told = []
    for user, role in people:
        own = [each for each in due if each.action.owner_id == user.id]
        if role is Role.LEAD:
            own += [each for each in due if each.action.owner_id not in ids]
        if own:
            told.append((user, own))
    return told


def _second_people(late: Sequence[_Due], people: Sequence[tuple[User, Role]]) -> list[tuple[User, list[_Due]]]:
    """Who hears of each late action beside its owner: the first lead that is not the owner, else the first other person.

    What nobody owns went to every lead already.
    """
    ids = {user.id for user, _ in people}
    told: dict[int, tuple[User, list[_Due]]] = {}
    for each in late:
        owner_id = each.action.owner_id
        second = next((user for user, _ in people if user.id != owner_id), None)
        if owner_id in ids and second is not None:
            told.setdefault(second.id, (second, []))[1].append(each)
    return list(told.values())


def _tell(
    session: Session, organisation: Organisation, person: User, due: Sequence[_Due], template: str, now: datetime
) -> None:
    names = _owner_names(session, due) if template == "plan_late_elsewhere" else {}
    tell(
        session,
        [person],
        template,
        now,
        topic=Topic.PLAN,
        provider=organisation.name,
        organisation_id=organisation.id,
        late=sum(each.reminder is Reminder.LATE for each in due),
        actions=[
            {
                "id": each.action.id,
                "title": each.action.title,
                "due_on": each.action.due_on,
                "late": each.reminder is Reminder.LATE,
                "owner": names.get(each.action.owner_id, each.action.owner_name),
            }
            for each in due
        ],
    )


def _owner_names(session: Session, due: Sequence[_Due]) -> dict[int | None, str]:
    ids = {each.action.owner_id for each in due if each.action.owner_id is not None}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {user_id: name for user_id, name in rows}
