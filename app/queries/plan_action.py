"""One action of the improvement plan with everything about it: what it belongs to, its evidence, its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Application, AuditRow, EvidenceItem, Organisation, PlanAction, PlanEvidence, User
from app.queries.frameworks import framework_of
from app.queries.handed_over import colleagues_of
from app.queries.plan import ActionRow, rows_of

MOST_HISTORY = 100
MOST_ITEMS = 200


@dataclass(frozen=True)
class Step:
    """One entry of an action's history: when, who, what in words."""

    when: datetime
    who: str
    what: str
    why: str = ""


@dataclass(frozen=True)
class ActionPage:
    """One action with everything about it. `items` are the pieces that may be shown, `shown` those that are."""

    organisation_id: int
    organisation: str
    row: ActionRow
    heading: str
    changed_by: str
    shown: tuple[tuple[int, str], ...]
    items: tuple[tuple[int, str], ...]
    colleagues: tuple[tuple[int, str], ...]
    history: tuple[Step, ...]
    may_edit: bool
    may_see_library: bool
    today: date


def action_page(action_id: int, actor: Actor, today: date) -> ActionPage:
    """One action. Raises NotFound, NotAllowed. Eight statements at most."""
    session = db.session()
    where = session.execute(
        select(PlanAction.organisation_id, Organisation.name, User.name, Application)
        .join(Organisation, Organisation.id == PlanAction.organisation_id)
        .join(User, User.id == PlanAction.updated_by_id)
        .outerjoin(Application, Application.id == PlanAction.application_id)
        .where(PlanAction.id == action_id)
    ).first()
    if where is None:
        raise NotFound("There is no such page, or it is not open to you.")
    organisation_id, organisation, changed_by, application = where
    subject = Subject(organisation_id=organisation_id)
    require(actor, Action.SEE_PLAN, subject)
    [row] = rows_of(session, [PlanAction.id == action_id], [], today, 1, 0)
    shown = _shown(session, action_id)
    library = may(actor, Action.SEE_LIBRARY, subject)
    return ActionPage(
        organisation_id=organisation_id,
        organisation=organisation,
        row=row,
        heading=_heading(application, row.criterion_code),
        changed_by=changed_by,
        shown=shown,
        items=_items(session, organisation_id, {key for key, _ in shown}) if library else (),
        colleagues=colleagues_of(session, organisation_id),
        history=_history(session, action_id),
        may_edit=may(actor, Action.EDIT_PLAN, subject),
        may_see_library=library,
        today=today,
    )


def _heading(application: Application | None, code: str) -> str:
    if application is None or not code:
        return ""
    return str(framework_of(application.edition).criterion(code).heading)


def _shown(session: Session, action_id: int) -> tuple[tuple[int, str], ...]:
    found = session.execute(
        select(EvidenceItem.id, EvidenceItem.title)
        .join(PlanEvidence, PlanEvidence.item_id == EvidenceItem.id)
        .where(PlanEvidence.action_id == action_id)
        .order_by(PlanEvidence.id)
    )
    return tuple((key, title) for key, title in found)


def _items(session: Session, organisation_id: int, but: set[int]) -> tuple[tuple[int, str], ...]:
    """The library's newest pieces that are not archived."""
    found = session.execute(
        select(EvidenceItem.id, EvidenceItem.title)
        .where(EvidenceItem.organisation_id == organisation_id, EvidenceItem.archived_at.is_(None))
        .order_by(EvidenceItem.id.desc())
        .limit(MOST_ITEMS)
    )
    return tuple((key, title) for key, title in found if key not in but)


HISTORY_WORDS = {
    "action.added": "Added",
    "action.changed": "Changed",
    "action.started": "Started",
    "action.finished": "Done",
    "action.dropped": "Dropped",
    "action.reopened": "Opened again",
    "action.evidence-attached": "Evidence added",
    "action.evidence-detached": "Evidence taken off",
}
FIELD_WORDS = {
    "title": "what is to be done",
    "notes": "notes",
    "owner_id": "owner",
    "owner_name": "owner",
    "due_on": "date",
}


def _history(session: Session, action_id: int) -> tuple[Step, ...]:
    found = session.execute(
        select(AuditRow.at, AuditRow.actor_name, AuditRow.action, AuditRow.detail)
        .where(AuditRow.subject == PlanAction.__tablename__, AuditRow.subject_id == action_id)
        .order_by(AuditRow.id.desc())
        .limit(MOST_HISTORY)
    )
    return tuple(Step(at, who, *_told(action, detail)) for at, who, action, detail in found)


def _told(action: str, detail: Mapping[str, Any]) -> tuple[str, str]:
    """What happened, and why or to what."""
    words = HISTORY_WORDS.get(action, action)
    if action == "action.changed":
        fields = dict.fromkeys(FIELD_WORDS.get(key, key) for key in detail.get("changed", {}))
        return f"{words}: {', '.join(fields)}", ""
    return words, str(detail.get("reason") or (detail.get("title", "") if "evidence" in action else ""))
