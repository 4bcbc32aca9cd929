"""Several cases of a scheme at once: which were chosen, and what an action would do to each, before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, may
from app.domain.errors import DomainError
from app.domain.lifecycle import ApplicationStatus
from app.domain.wording import dated, joined
from app.extensions import db
from app.models import Application, Assessment
from app.queries.allocation import assign_page
from app.queries.pipeline import STATUS_WORDS, WORKING
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import is_open_to, is_seen_by_scheme, subject_of

MOST = 50
"""Cases in one go. Each is looked at by itself, as a person would."""
TIED = "You belong to this organisation or have an interest in it, so another manager must manage its case."


class Bulk(StrEnum):
    """What can be done to several cases at once."""

    REMIND = "remind"
    MOVE = "move"
    ASSIGN = "assign"


@dataclass(frozen=True)
class ChosenCase:
    """One case that can be chosen. `assessors` are (name, due, late) of those who work on it."""

    application_id: int
    provider: str
    state: str
    assessors: tuple[tuple[str, date | None, bool], ...]


@dataclass(frozen=True)
class BulkPage:
    """The cases to choose from; all `late` ones where none were named. `left_out` counts those beyond the first 50."""

    scheme: SchemeRow
    cases: tuple[ChosenCase, ...]
    late: bool
    left_out: int


@dataclass(frozen=True)
class Effect:
    """What an action does to one case: `what` in words, or why it is refused. `assessors` are those it would ask."""

    application_id: int
    provider: str
    what: str
    refusal: str = ""
    assessors: tuple[int, ...] = ()


def bulk_page(code: str, ids: Sequence[int], *, actor: Actor, today: date) -> BulkPage:
    """The cases named, or those with an assessor who is late, but for those closed to the actor. Five statements.

    Raises NotFound, NotAllowed.
    """
    scheme = office_scheme(code, actor, Action.MANAGE_CASE)
    open_ = is_open_to(db.session(), actor)
    named = list(dict.fromkeys(ids)) or _late(scheme.scheme_id, today, open_)
    cases = _cases(scheme.scheme_id, named[:MOST], open_)
    rows = _assessors([case.id for case in cases])
    return BulkPage(
        scheme=scheme,
        cases=tuple(_chosen(case, rows, today) for case in cases),
        late=not ids,
        left_out=max(0, len(named) - MOST),
    )


def _late(scheme_id: int, today: date, open_: ColumnElement[bool]) -> list[int]:
    found = db.session.scalars(
        select(Application.id)
        .join(Assessment, Assessment.application_id == Application.id)
        .where(
            Application.scheme_id == scheme_id,
            open_,
            Application.status.in_((ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT)),
            Assessment.status.in_(WORKING),
            Assessment.due_on < today,
        )
        .group_by(Application.id)
        .order_by(Application.id)
        .limit(MOST + 500)
    )
    return list(found)


def _cases(scheme_id: int, ids: Sequence[int], *more: ColumnElement[bool]) -> Sequence[Application]:
    return db.session.scalars(
        select(Application)
        .where(Application.scheme_id == scheme_id, Application.id.in_(ids), is_seen_by_scheme(), *more)
        .options(joinedload(Application.organisation), joinedload(Application.edition))
        .order_by(Application.id)
    ).all()


def _assessors(ids: Sequence[int]) -> Sequence[Assessment]:
    return db.session.scalars(
        select(Assessment)
        .where(Assessment.application_id.in_(ids), Assessment.status.in_(WORKING))
        .options(joinedload(Assessment.assessor))
        .order_by(Assessment.id)
    ).all()


def _chosen(case: Application, rows: Sequence[Assessment], today: date) -> ChosenCase:
    own = [each for each in rows if each.application_id == case.id]
    return ChosenCase(
        case.id,
        case.organisation.name,
        STATUS_WORDS[case.status],
        tuple((each.assessor.name, each.due_on, _is_late(each, today)) for each in own),
    )


def _is_late(assessment: Assessment, today: date) -> bool:
    return assessment.due_on is not None and assessment.due_on < today


def effects(
    code: str, kind: Bulk, ids: Sequence[int], due_on: date | None, *, actor: Actor, today: date
) -> tuple[Effect, ...]:
    """What would become of each case, and of which it is refused. Nothing is changed.

    The use-cases decide again when it is done: somebody else may have been quicker. Raises NotFound, NotAllowed.
    """
    scheme = office_scheme(code, actor, Action.MANAGE_CASE)
    cases = _cases(scheme.scheme_id, list(dict.fromkeys(ids))[:MOST])
    rows = _assessors([case.id for case in cases])
    return tuple(_effect(scheme, kind, case, rows, due_on, actor, today) for case in cases)


def _effect(
    scheme: SchemeRow,
    kind: Bulk,
    case: Application,
    rows: Sequence[Assessment],
    due_on: date | None,
    actor: Actor,
    today: date,
) -> Effect:
    name = case.organisation.name
    if not may(actor, Action.MANAGE_CASE, subject_of(db.session(), case, today)):
        return Effect(case.id, name, "", TIED)
    own = [each for each in rows if each.application_id == case.id]
    if kind is Bulk.ASSIGN:
        return _assigned(scheme, case, actor, today)
    if kind is Bulk.REMIND:
        late = [each.assessor.name for each in own if _is_late(each, today)]
        return Effect(case.id, name, f"Remind {joined(late)}", "" if late else "No assessor of this case is late.")
    moved = [each.assessor.name for each in own if each.due_on != due_on]
    refusal = "" if moved else ("Its assessors have that day already." if own else "Nobody is assessing this case.")
    return Effect(case.id, name, f"{joined(moved)}: by {dated(due_on)}" if due_on else "", refusal)


def _assigned(scheme: SchemeRow, case: Application, actor: Actor, today: date) -> Effect:
    """The first proposal for a case that nobody assesses yet."""
    name = case.organisation.name
    if case.status not in {ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT}:
        return Effect(case.id, name, "", "This case takes no assessor now.")
    try:
        page = assign_page(scheme.code, case.id, actor, today)
    except DomainError as error:
        return Effect(case.id, name, "", error.message)
    if page.now_on:
        return Effect(case.id, name, "", "It has an assessor already. Choose another on its own page.")
    proposals = [each for each in (page.pairs if page.needed > 1 else page.proposals) if not each.against]
    if not proposals:
        return Effect(case.id, name, "", "Nobody can be proposed: everybody is barred, away or has enough in hand.")
    people = proposals[0].people
    words = f"Ask {joined([each.name for each in people])}"
    return Effect(case.id, name, words, "", tuple(each.user_id for each in people))
