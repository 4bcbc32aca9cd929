"""The improvement plan as its people see it: the list, and what a calendar or a spreadsheet takes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.lifecycle import ApplicationStatus
from app.domain.plan import MOST_ACTIONS, STILL_TO_DO, ActionState, Life, Month, Source, is_late, months
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import (
    Application,
    FrameworkEdition,
    PlanAction,
    User,
)
from app.queries.handed_over import colleagues_of
from app.queries.organisations import own_organisation

PAGE_SIZE = 40
MOST_ITEMS = 200
TO_DO, LATE, ALL = "to-do", "late", "all"
SHOWN = (TO_DO, LATE, ActionState.IN_PROGRESS.value, ActionState.DONE.value, ActionState.DROPPED.value, ALL)
MINE, NOBODY = "me", "nobody"
BY_DATE, BY_OWNER, BY_PART = "date", "owner", "part"
SORTS = (BY_DATE, BY_OWNER, BY_PART)


@dataclass(frozen=True)
class Looked:
    """What of a plan is looked at. `owner` is "", "me", "nobody", a user's id, or "=" and a name; `part` "" for all."""

    state: str = TO_DO
    owner: str = ""
    part: str = ""
    sort: str = BY_DATE
    page: int = 1


@dataclass(frozen=True)
class ActionRow:
    """One action. `about` says what it belongs to, such as "GOV.1.1, Community Care Mark 2026"; "" for nothing."""

    action_id: int
    title: str
    notes: str
    state: ActionState
    owner_id: int | None
    owner: str
    due_on: date | None
    late: bool
    about: str
    part: str
    application_id: int | None
    criterion_code: str
    source: Source
    reason: str
    ended_on: date | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class PlanPage:
    """A plan as it is looked at. `counts` are of the whole plan: to do, late, in progress, done, dropped, all."""

    organisation_id: int
    organisation: str
    rows: tuple[ActionRow, ...]
    looked: Looked
    pages: int
    counts: Mapping[str, int]
    owners: tuple[tuple[str, str], ...]
    parts: tuple[str, ...]
    months: tuple[Month, ...]
    may_edit: bool
    applications: tuple[tuple[int, str], ...]
    today: date


def plan_page(organisation_id: int, actor: Actor, today: date, looked: Looked) -> PlanPage:
    """An organisation's plan, one page of it. Raises NotFound, NotAllowed. The same number of statements for any plan."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PLAN)
    session = db.session()
    lives = _lives(session, organisation_id)
    counts = _counts(lives, today)
    where = _where(organisation_id, looked, actor, today)
    found = session.scalar(select(func.count()).select_from(PlanAction).where(*where)) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(max(looked.page, 1), pages)
    rows = rows_of(session, where, _order(looked.sort), today, PAGE_SIZE, (page - 1) * PAGE_SIZE)
    return PlanPage(
        organisation_id=organisation_id,
        organisation=organisation.name,
        rows=rows,
        looked=Looked(looked.state, looked.owner, looked.part, looked.sort, page),
        pages=pages,
        counts=counts,
        owners=_owners(session, organisation_id),
        parts=_parts(session, organisation_id),
        months=months([life for life, _, _ in lives], today),
        may_edit=may(actor, Action.EDIT_PLAN, Subject(organisation_id=organisation_id)),
        applications=_applications(session, organisation_id),
        today=today,
    )


def all_actions(organisation_id: int, actor: Actor, today: date, *, only_mine: bool = False) -> tuple[ActionRow, ...]:
    """Every action of a plan, or all of one's own, the most pressing first. One statement. Raises NotAllowed, NotFound."""
    require(actor, Action.SEE_PLAN, Subject(organisation_id=organisation_id))
    looked = Looked(ALL, MINE if only_mine else "")
    where = _where(organisation_id, looked, actor, today)
    return rows_of(db.session(), where, _order(BY_DATE), today, MOST_ACTIONS, 0)


def planned_for(
    session: Session, organisation_id: int, application_id: int, today: date, most: int
) -> tuple[tuple[ActionRow, ...], int]:
    """What is still to do for one application or for the organisation as a whole, the most pressing first, and how much
    more there is. Two statements.
    """
    where = [
        PlanAction.organisation_id == organisation_id,
        or_(PlanAction.application_id == application_id, PlanAction.application_id.is_(None)),
        PlanAction.state.in_(STILL_TO_DO),
    ]
    count = session.scalar(select(func.count()).select_from(PlanAction).where(*where)) or 0
    return rows_of(session, where, _order(BY_DATE), today, most, 0), max(count - most, 0)


def rows_of(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    today: date,
    most: int,
    offset: int,
) -> tuple[ActionRow, ...]:
    owner = aliased(User)
    found = session.execute(
        select(PlanAction, owner.name, FrameworkEdition.title, FrameworkEdition.edition, Application.status)
        .outerjoin(owner, owner.id == PlanAction.owner_id)
        .outerjoin(Application, Application.id == PlanAction.application_id)
        .outerjoin(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(*where)
        .order_by(*order, PlanAction.id)
        .limit(most)
        .offset(offset)
    )
    return tuple(_row(action, name, _about(*of), today) for action, name, *of in found)


def _about(title: str | None, edition: str | None, status: ApplicationStatus | None) -> str:
    """The framework that an action was planned for. An action outlives its application: what is to be better stays so."""
    framework = f"{title} {edition}" if title else ""
    return f"{framework}, withdrawn" if status is ApplicationStatus.WITHDRAWN else framework


def _row(action: PlanAction, owner: str | None, framework: str, today: date) -> ActionRow:
    return ActionRow(
        action_id=action.id,
        title=action.title,
        notes=action.notes,
        state=action.state,
        owner_id=action.owner_id,
        owner=owner or action.owner_name,
        due_on=action.due_on,
        late=is_late(action.state, action.due_on, today),
        about=", ".join(filter(None, (action.criterion_code, framework))),
        part=action.part,
        application_id=action.application_id,
        criterion_code=action.criterion_code,
        source=action.source,
        reason=action.reason,
        ended_on=action.ended_on,
        version=action.version,
        created_at=action.created_at,
        updated_at=action.updated_at,
    )


def _where(organisation_id: int, looked: Looked, actor: Actor, today: date) -> list[ColumnElement[bool]]:
    where = [PlanAction.organisation_id == organisation_id, *_of_state(looked.state, today)]
    if looked.owner == MINE:
        where.append(PlanAction.owner_id == actor.user_id)
    elif looked.owner == NOBODY:
        where.append(and_(PlanAction.owner_id.is_(None), PlanAction.owner_name == ""))
    elif looked.owner.startswith("="):
        where.append(PlanAction.owner_name == looked.owner[1:])
    elif looked.owner.isascii() and looked.owner.isdigit():
        where.append(PlanAction.owner_id == int(looked.owner[:9]))
    if looked.part:
        where.append(PlanAction.part == looked.part)
    return where


def _of_state(state: str, today: date) -> list[ColumnElement[bool]]:
    if state == ALL:
        return []
    if state in (ActionState.IN_PROGRESS, ActionState.DONE, ActionState.DROPPED):
        return [PlanAction.state == ActionState(state)]
    still = PlanAction.state.in_(STILL_TO_DO)
    return [still, PlanAction.due_on < today] if state == LATE else [still]


def _order(sort: str) -> list[ColumnElement[Any]]:
    """What is still to do first, the earliest date first (so what is late leads), what has no date after that."""
    to_do = case((PlanAction.state.in_(STILL_TO_DO), 0), else_=1)
    by_date = [to_do, case((PlanAction.due_on.is_(None), 1), else_=0), PlanAction.due_on]
    if sort == BY_OWNER:
        named = case((and_(PlanAction.owner_id.is_(None), PlanAction.owner_name == ""), 1), else_=0)
        return [named, PlanAction.owner_id, PlanAction.owner_name, *by_date]
    if sort == BY_PART:
        return [case((PlanAction.part == "", 1), else_=0), PlanAction.part, *by_date]
    return by_date


def _lives(session: Session, organisation_id: int) -> list[tuple[Life, ActionState, date | None]]:
    """When each action was made and ended, with its state and date. One statement of a few columns."""
    columns = (PlanAction.created_at, PlanAction.ended_on, PlanAction.state, PlanAction.due_on)
    found = session.execute(
        select(*columns).where(PlanAction.organisation_id == organisation_id).limit(MOST_ACTIONS)
    ).all()
    return [
        (
            Life(
                uk_day(made),
                ended if state is ActionState.DONE else None,
                ended if state is ActionState.DROPPED else None,
            ),
            state,
            due_on,
        )
        for made, ended, state, due_on in found
    ]


def _counts(lives: list[tuple[Life, ActionState, date | None]], today: date) -> dict[str, int]:
    states = [state for _, state, _ in lives]
    return {
        TO_DO: sum(state in STILL_TO_DO for state in states),
        LATE: sum(is_late(state, due_on, today) for _, state, due_on in lives),
        ActionState.IN_PROGRESS.value: states.count(ActionState.IN_PROGRESS),
        ActionState.DONE.value: states.count(ActionState.DONE),
        ActionState.DROPPED.value: states.count(ActionState.DROPPED),
        ALL: len(states),
    }


def _owners(session: Session, organisation_id: int) -> tuple[tuple[str, str], ...]:
    """Whoever owns an action here, as (value of the filter, name)."""
    found = session.execute(
        select(PlanAction.owner_id, PlanAction.owner_name, User.name)
        .outerjoin(User, User.id == PlanAction.owner_id)
        .where(
            PlanAction.organisation_id == organisation_id,
            or_(PlanAction.owner_id.is_not(None), PlanAction.owner_name != ""),
        )
        .distinct()
        .limit(MOST_ITEMS)
    ).all()
    named = [(f"{user_id}" if user_id else f"={plain}", name or plain) for user_id, plain, name in found]
    return tuple(sorted(named, key=lambda each: each[1].casefold()))


def _parts(session: Session, organisation_id: int) -> tuple[str, ...]:
    return tuple(
        session.scalars(
            select(PlanAction.part)
            .where(PlanAction.organisation_id == organisation_id, PlanAction.part != "")
            .distinct()
            .order_by(PlanAction.part)
            .limit(MOST_ITEMS)
        )
    )


def _applications(session: Session, organisation_id: int) -> tuple[tuple[int, str], ...]:
    """The organisation's applications, the latest first, as (id, name)."""
    found = session.execute(
        select(Application.id, FrameworkEdition.title, FrameworkEdition.edition)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(Application.organisation_id == organisation_id)
        .order_by(Application.id.desc())
        .limit(20)
    )
    return tuple((key, f"{title} {edition}") for key, title, edition in found)


def form_choices(organisation_id: int, actor: Actor) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The organisation's name and its people, for a new action. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.EDIT_PLAN)
    return organisation.name, colleagues_of(db.session(), organisation_id)
