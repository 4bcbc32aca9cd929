"""The improvement plan: adding actions, changing them, moving them on, and showing what they came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.plan import (
    MOST_ACTIONS,
    MOST_AT_ONCE,
    STILL_TO_DO,
    ActionMove,
    ActionState,
    Wanted,
    check_reason,
    reminder_reached,
)
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, EvidenceItem, Membership, Organisation, PlanAction, PlanEvidence, User
from app.queries.frameworks import framework_of
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

MOST_EVIDENCE = 20


class ActionChanged(Conflict):
    """A colleague changed the action meanwhile."""


def add_actions(organisation_id: int, wanted: Sequence[Wanted], *, actor: Actor, now: datetime) -> list[int]:
    """Add actions to an organisation's plan and return their ids. All of them are added or none.

    One that stands there already and is still to do is not added again, so that a double click is harmless. Colleagues
    who are given something by somebody else are told, once for all of it. Raises NotFound, NotAllowed, Invalid.
    """
    _check_all(wanted)
    with transaction() as session:
        require(actor, Action.EDIT_PLAN, Subject(organisation_id=organisation_id))
        organisation = locked(session, Organisation, organisation_id)  # held: the same sent twice takes turns
        _check_room(session, organisation_id, len(wanted))
        colleagues = _colleagues(session, organisation_id, wanted)
        belongs = _belongings(session, organisation_id, wanted)
        known = _known(session, organisation_id)
        added = []
        for each in wanted:
            if (each.application_id, each.criterion_code, each.title.strip()) not in known:
                added.append(_new(session, organisation_id, each, belongs, actor, now))
        session.flush()
        for row in added:
            _record(session, actor, "action.added", row, now, **_as_data(row))
        _tell_owners(session, organisation, added, colleagues, actor, now)
        return [row.id for row in added]


def _check_all(wanted: Sequence[Wanted]) -> None:
    if not wanted:
        raise Invalid({"chosen": "Choose at least one action."})
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid({"chosen": f"Add at most {MOST_AT_ONCE} at once. The others can follow."})
    for each in wanted:
        each.check()


def _check_room(session: Session, organisation_id: int, more: int) -> None:
    count = session.scalar(
        select(func.count()).select_from(PlanAction).where(PlanAction.organisation_id == organisation_id)
    )
    if (count or 0) + more > MOST_ACTIONS:
        raise Invalid({"title": f"A plan holds at most {MOST_ACTIONS:,} actions, and yours is full."})


def _colleagues(session: Session, organisation_id: int, wanted: Sequence[Wanted]) -> dict[int, User]:
    """The owners by their ids. Raises Invalid where one does not work there."""
    ids = {each.owner_id for each in wanted if each.owner_id is not None}
    if not ids:
        return {}
    rows = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.id.in_(ids), User.closed_at.is_(None))
    )
    found = {row.id: row for row in rows}
    if ids - set(found):
        raise Invalid({"owner": "That person does not work for your organisation here. Choose somebody from the list."})
    return found


def _belongings(session: Session, organisation_id: int, wanted: Sequence[Wanted]) -> Mapping[int, Application]:
    """The applications that actions belong to. Raises NotFound for another organisation's, or an unknown criterion."""
    ids = {each.application_id for each in wanted if each.application_id is not None}
    found = {
        row.id: row
        for row in session.scalars(
            select(Application).where(Application.id.in_(ids), Application.organisation_id == organisation_id)
        )
    }
    if ids - set(found):
        raise NotFound("There is no such page, or it is not open to you.")
    for each in wanted:
        if each.criterion_code:
            if each.application_id is None:
                raise NotFound("There is no such page, or it is not open to you.")
            framework_of(found[each.application_id].edition).criterion(each.criterion_code)
    return found


def _known(session: Session, organisation_id: int) -> set[tuple[int | None, str, str]]:
    """What is still to do already: (application, criterion, title)."""
    rows = session.execute(
        select(PlanAction.application_id, PlanAction.criterion_code, PlanAction.title).where(
            PlanAction.organisation_id == organisation_id, PlanAction.state.in_(STILL_TO_DO)
        )
    )
    return {(application_id, code, title) for application_id, code, title in rows}


def _new(
    session: Session,
    organisation_id: int,
    wanted: Wanted,
    belongs: Mapping[int, Application],
    actor: Actor,
    now: datetime,
) -> PlanAction:
    row = PlanAction(
        organisation_id=organisation_id,
        application_id=wanted.application_id,
        criterion_code=wanted.criterion_code,
        part=_part(belongs, wanted),
        source=wanted.source,
        state=ActionState.OPEN,
        created_at=now,
        created_by_id=actor.user_id,
        updated_at=now,
        updated_by_id=actor.user_id,
    )
    _fill(row, wanted, uk_day(now))
    session.add(row)
    return row


def _part(belongs: Mapping[int, Application], wanted: Wanted) -> str:
    """The title of the standard at the top that the criterion belongs to; "" for none."""
    if wanted.application_id is None or not wanted.criterion_code:
        return ""
    framework = framework_of(belongs[wanted.application_id].edition)
    return str(framework.node_of(wanted.criterion_code)[0].title)[:200]


def _fill(row: PlanAction, wanted: Wanted, today: date) -> None:
    """Take over what was entered. A new date begins its reminders anew: those that the calendar is past are not sent."""
    if row.due_on != wanted.due_on or row.reminded is None:
        row.reminded = reminder_reached(wanted.due_on, today)
    row.title, row.notes = wanted.title.strip(), wanted.notes.strip()
    row.owner_id, row.owner_name = wanted.owner_id, wanted.owner_name.strip()
    row.due_on = wanted.due_on


def change_action(action_id: int, wanted: Wanted, version: int, *, actor: Actor, now: datetime) -> None:
    """Change what an action says, whose it is and by when. What it belongs to stays.

    Raises NotFound, NotAllowed, Invalid, and ActionChanged where somebody changed it since `version`; then nothing is saved.
    """
    wanted.check()
    with transaction() as session:
        row = _own(session, action_id, actor)
        if row.version != version:
            raise ActionChanged("Somebody changed this action while you worked on it.")
        before, owner = _as_data(row), row.owner_id
        colleagues = _colleagues(session, row.organisation_id, [wanted]) if wanted.owner_id != owner else {}
        _fill(row, wanted, uk_day(now))
        after = _as_data(row)
        if after == before:
            return
        _touch(row, actor, now)
        changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
        _record(session, actor, "action.changed", row, now, changed=changed)
        if row.owner_id != owner:
            organisation = session.get_one(Organisation, row.organisation_id)
            _tell_owners(session, organisation, [row], colleagues, actor, now)


def move_action(action_id: int, move: ActionMove, reason: str = "", *, actor: Actor, now: datetime) -> ActionState:
    """Start, finish, drop or reopen an action, and say where it stands then. A move made twice changes nothing.

    Raises NotFound, NotAllowed, Invalid (`reason`), IllegalMove.
    """
    check_reason(move, reason)
    today = uk_day(now)
    with transaction() as session:
        row = _own(session, action_id, actor)
        before = row.state
        if _is_there(before, move):
            return before
        row.make(move, today)
        row.reason = reason.strip() if move is ActionMove.DROP else ""
        if move is ActionMove.REOPEN:
            row.reminded = reminder_reached(row.due_on, today)
        _touch(row, actor, now)
        _record(session, actor, f"action.{PAST[move]}", row, now, title=row.title, reason=row.reason)
        return row.state


PAST = {
    ActionMove.START: "started",
    ActionMove.FINISH: "finished",
    ActionMove.DROP: "dropped",
    ActionMove.REOPEN: "reopened",
}
ENDS_IN = {
    ActionMove.START: ActionState.IN_PROGRESS,
    ActionMove.FINISH: ActionState.DONE,
    ActionMove.DROP: ActionState.DROPPED,
}


def _is_there(state: ActionState, move: ActionMove) -> bool:
    if move is ActionMove.REOPEN:
        return state in STILL_TO_DO
    return state is ENDS_IN[move]


def attach_to_action(action_id: int, item_id: int, *, actor: Actor, now: datetime) -> None:
    """Show what an action came to by a piece of the library. Twice changes nothing. Raises NotFound, NotAllowed, Invalid."""
    with transaction() as session:
        row = _own(session, action_id, actor)
        require(actor, Action.SEE_LIBRARY, Subject(organisation_id=row.organisation_id))
        item = session.get(EvidenceItem, item_id)
        if item is None or item.organisation_id != row.organisation_id:
            raise NotFound("There is no such evidence in your library.")
        shown = session.scalars(select(PlanEvidence.item_id).where(PlanEvidence.action_id == action_id)).all()
        if item_id in shown:
            return
        if len(shown) >= MOST_EVIDENCE:
            raise Invalid({"item": f"An action shows at most {MOST_EVIDENCE} pieces of evidence."})
        session.add(PlanEvidence(action_id=row.id, item_id=item.id, attached_at=now, attached_by_id=actor.user_id))
        _record(session, actor, "action.evidence-attached", row, now, item=item.id, title=item.title)


def detach_from_action(action_id: int, item_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a piece off an action. It stays in the library. Raises NotFound, NotAllowed."""
    with transaction() as session:
        row = _own(session, action_id, actor)
        shown = session.scalars(
            select(PlanEvidence).where(PlanEvidence.action_id == row.id, PlanEvidence.item_id == item_id)
        ).first()
        if shown is None:
            return
        session.delete(shown)
        _record(session, actor, "action.evidence-detached", row, now, item=item_id)


def _own(session: Session, action_id: int, actor: Actor) -> PlanAction:
    """The action, held, for those who may change it. Raises NotFound, NotAllowed."""
    row = locked(session, PlanAction, action_id)
    require(actor, Action.EDIT_PLAN, Subject(organisation_id=row.organisation_id))
    return row


def _touch(row: PlanAction, actor: Actor, now: datetime) -> None:
    row.version += 1
    row.updated_at, row.updated_by_id = now, actor.user_id or 0


def _as_data(row: PlanAction) -> dict[str, Any]:
    return {
        "title": row.title,
        "notes": row.notes,
        "owner_id": row.owner_id,
        "owner_name": row.owner_name,
        "due_on": row.due_on.isoformat() if row.due_on else None,
    }


def _tell_owners(
    session: Session,
    organisation: Organisation,
    rows: Sequence[PlanAction],
    colleagues: Mapping[int, User],
    actor: Actor,
    now: datetime,
) -> None:
    """Tell each colleague what somebody else gave them."""
    for user_id, person in colleagues.items():
        given = [row for row in rows if row.owner_id == user_id]
        if not given or user_id == actor.user_id:
            continue
        tell(
            session,
            [person],
            "plan_given",
            now,
            topic=Topic.PLAN,
            provider=organisation.name,
            organisation_id=organisation.id,
            who=actor.name,
            actions=[{"id": row.id, "title": row.title, "due_on": row.due_on} for row in given],
        )


def _record(session: Session, actor: Actor, action: str, row: PlanAction, now: datetime, **detail: Any) -> None:
    session.flush()
    record(session, actor, action, row, now, organisation_id=row.organisation_id, **detail)
