"""The scheme manager's desk: cases by state and age, what is late and with whom, and who has how much in hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, case, func, select

from app.domain.access import Action, Actor, Role
from app.domain.figures import AGE_WORDS, age_band
from app.domain.lifecycle import ENDED, ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Application, Assessment, Panel, PanelSeat, SchemePost, User
from app.queries.dated_things import A_DAY, DUE, DatedThing, dated_things
from app.queries.pipeline import STATUS_WORDS
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import is_open_to, is_seen_by_scheme

MOST_PEOPLE = 300
MOST_LATE = 100
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class StateRow:
    """One state with its open cases: `ages` in the order of AGE_WORDS, by how long they have been in it."""

    state: str
    words: str
    count: int
    ages: tuple[int, ...]


@dataclass(frozen=True)
class AssessorLoad:
    """What one assessor has in hand. `undeclared` of the `open` cases wait for a declaration, `late` are past their day."""

    user_id: int
    name: str
    open: int
    undeclared: int
    late: int
    finished: int  # handed in within the last year


@dataclass(frozen=True)
class MemberLoad:
    """What one panel member has in hand: undecided panels, those of them without their declaration and without their vote."""

    name: str
    panels: int
    undeclared: int
    unvoted: int
    sat: int  # panels on which they voted within the last year


@dataclass(frozen=True)
class DeskPage:
    """The desk. `late` lists the first of `late_count` things, the latest first."""

    scheme: SchemeRow
    ages: tuple[str, ...]
    states: tuple[StateRow, ...]
    open: int
    late: tuple[DatedThing, ...]
    late_count: int
    soon: tuple[DatedThing, ...]
    assessors: tuple[AssessorLoad, ...]
    members: tuple[MemberLoad, ...]


def desk(code: str, *, actor: Actor, today: date) -> DeskPage:
    """The desk of a scheme. A fixed number of statements, whatever the number of cases. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    states, open_ = _states(scheme.scheme_id, today), is_open_to(db.session(), actor)
    late = dated_things(scheme.scheme_id, None, today - A_DAY, DUE, open_=open_)
    return DeskPage(
        scheme=scheme,
        ages=AGE_WORDS,
        states=states,
        open=sum(row.count for row in states),
        late=late[:MOST_LATE],
        late_count=len(late),
        soon=dated_things(scheme.scheme_id, today, today + timedelta(days=13), DUE, open_=open_)[:MOST_LATE],
        assessors=_assessors(scheme.scheme_id, today, open_),
        members=_members(scheme.scheme_id, today),
    )


def _states(scheme_id: int, today: date) -> tuple[StateRow, ...]:
    """Open cases by state and by whole days in it. The database counts days, this adds them up into ages."""
    day = func.date(Application.status_at)
    found = db.session.execute(
        select(Application.status, day, func.count())
        .where(Application.scheme_id == scheme_id, is_seen_by_scheme(), Application.status.not_in(ENDED))
        .group_by(Application.status, day)
    )
    ages: dict[ApplicationStatus, Counter[int]] = {status: Counter() for status in STATUS_WORDS if status not in ENDED}
    for status, on, count in found:
        since = on if isinstance(on, date) else date.fromisoformat(on)  # SQLite has no days of its own
        ages[status][age_band(max(0, (today - since).days))] += count
    return tuple(
        StateRow(
            status.value,
            STATUS_WORDS[status],
            counts.total(),
            tuple(counts[band] for band in range(len(AGE_WORDS))),
        )
        for status, counts in ages.items()
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _people(scheme_id: int, role: Role) -> Mapping[int, str]:
    found = db.session.execute(
        select(User.id, User.name)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme_id, SchemePost.role == role, User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(MOST_PEOPLE)
    ).all()
    return {user_id: name for user_id, name in found}


def _assessors(scheme_id: int, today: date, open_: ColumnElement[bool]) -> tuple[AssessorLoad, ...]:
    """The scheme's assessors, those with the most in hand first. Two statements.

    A case that is closed to the reader counts for nobody: that another has handed it in would show.
    """
    people = _people(scheme_id, Role.ASSESSOR)
    in_hand = Application.status.in_((ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT))
    working = Assessment.status.in_((AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)) & in_hand
    lately = Assessment.handed_in_at >= _midnight(today - A_YEAR)
    found = db.session.execute(
        select(
            Assessment.assessor_id,
            func.sum(case((working, 1), else_=0)),
            func.sum(case((in_hand & (Assessment.status == AssessmentStatus.ASSIGNED), 1), else_=0)),
            func.sum(case((working & (Assessment.due_on < today), 1), else_=0)),
            func.sum(case(((Assessment.status == AssessmentStatus.HANDED_IN) & lately, 1), else_=0)),
        )
        .join(Application, Application.id == Assessment.application_id)
        .where(
            Application.scheme_id == scheme_id,
            Assessment.assessor_id.in_(people),
            open_,
        )
        .group_by(Assessment.assessor_id)
    )
    counts = {user_id: tuple(map(int, numbers)) for user_id, *numbers in found}
    loads = [AssessorLoad(user_id, name, *counts.get(user_id, (0, 0, 0, 0))) for user_id, name in people.items()]
    return tuple(sorted(loads, key=lambda each: (-each.late, -each.open, each.name)))


def _members(scheme_id: int, today: date) -> tuple[MemberLoad, ...]:
    """The scheme's panel members, those with the most in hand first. Two statements."""
    people = _people(scheme_id, Role.PANEL_MEMBER)
    undecided = (Application.status == ApplicationStatus.WITH_PANEL) & PanelSeat.conflicted.is_(False)
    found = db.session.execute(
        select(
            PanelSeat.user_id,
            func.sum(case((undecided, 1), else_=0)),
            func.sum(case((undecided & PanelSeat.declared_at.is_(None), 1), else_=0)),
            func.sum(case((undecided & PanelSeat.declared_at.is_not(None) & (PanelSeat.vote == ""), 1), else_=0)),
            func.sum(case((PanelSeat.voted_at >= _midnight(today - A_YEAR), 1), else_=0)),
        )
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(Application, Application.id == Panel.application_id)
        .where(Application.scheme_id == scheme_id, PanelSeat.user_id.in_(people))
        .group_by(PanelSeat.user_id)
    )
    counts = {user_id: tuple(map(int, numbers)) for user_id, *numbers in found}
    loads = [MemberLoad(name, *counts.get(user_id, (0, 0, 0, 0))) for user_id, name in people.items()]
    return tuple(sorted(loads, key=lambda each: (-each.unvoted, -each.panels, each.name)))
