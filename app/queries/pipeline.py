"""The scheme's pipeline: every case that the scheme has seen, what is late first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role
from app.domain.applicability import counting
from app.domain.lifecycle import ENDED, ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import (
    Application,
    Assessment,
    FrameworkEdition,
    Organisation,
    Panel,
    SavedFilter,
    SchemePost,
    Score,
    User,
)
from app.queries.frameworks import framework_of
from app.queries.passport_uses import standing_counts
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import is_open_to, is_seen_by_scheme

PER_PAGE = 25
MOST_ASSESSORS = 300
WORKING = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)
ON_CASE = (*WORKING, AssessmentStatus.HANDED_IN)
STATUS_WORDS: Mapping[ApplicationStatus, str] = {
    ApplicationStatus.SUBMITTED: "Submitted",
    ApplicationStatus.IN_ASSESSMENT: "Being assessed",
    ApplicationStatus.RECONCILING: "Being reconciled",
    ApplicationStatus.ASSESSED: "Assessed",
    ApplicationStatus.WITH_PANEL: "With the panel",
    ApplicationStatus.DEFERRED: "Deferred",
    ApplicationStatus.AWARDED: "Awarded",
    ApplicationStatus.REFUSED: "Refused",
    ApplicationStatus.WITHDRAWN: "Withdrawn",
}
"""The states that a scheme sees, in the order of a case's life. A draft belongs to its provider alone."""
LASTING = frozenset({ApplicationStatus.IN_ASSESSMENT, ApplicationStatus.RECONCILING, ApplicationStatus.WITH_PANEL})
"""States that go on since a day; the others came about on it."""


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to. `state` is a status, "open" for all that have not ended, or "all"; `late` past their day."""

    state: str = "open"
    assessor: int | None = None
    words: str = ""
    late: bool = False

    @property
    def narrowed(self) -> bool:
        return self.assessor is not None or bool(self.words) or self.late


@dataclass(frozen=True)
class AssessorProgress:
    """One assessor on a case: `scored` of `asked` criteria."""

    name: str
    status: AssessmentStatus
    scored: int
    asked: int


@dataclass(frozen=True)
class CaseRow:
    """One case in the pipeline. `since` is when its state began; `days` how long ago. `next_step` is a key of a page.

    `closed` tells that the reader belongs to its organisation or assesses it blind: then who assesses it is kept back.
    """

    application_id: int
    provider: str
    framework: str
    target: str
    status: ApplicationStatus
    state: str
    since: datetime
    days: int
    due_on: date | None
    late: bool
    assessors: tuple[AssessorProgress, ...]
    next_step: str
    closed: bool = False

    @property
    def lasting(self) -> bool:
        return self.status in LASTING


@dataclass(frozen=True)
class PipelinePage:
    """One page of the pipeline. `counts` are (state, words, how many) over the whole scheme.

    `kept` are (id, name, end of the address) of the views that the reader keeps.
    """

    scheme: SchemeRow
    counts: tuple[tuple[str, str, int], ...]
    assessors: tuple[tuple[int, str], ...]
    rows: tuple[CaseRow, ...]
    found: int
    late: int
    page: int
    pages: int
    kept: tuple[tuple[int, str, str], ...] = ()


def pipeline(code: str, filters: Filters, page: int, *, actor: Actor, today: date) -> PipelinePage:
    """One page of cases: late ones first, then those that wait for the manager, then by due date. Eleven statements at most.

    Raises NotFound, NotAllowed.
    """
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    counts = _counts(scheme.scheme_id)
    open_ = is_open_to(db.session(), actor)
    due = case((open_, _due_on()), else_=None)
    found = _filtered(scheme.scheme_id, filters, open_)
    found = found.where(due < today) if filters.late else found
    total, late = db.session.execute(
        found.with_only_columns(func.count(), func.coalesce(func.sum(case((due < today, 1), else_=0)), 0)).order_by(
            None
        )
    ).one()
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    listed = db.session.execute(
        found.add_columns(due, open_)
        .options(joinedload(Application.organisation))
        .order_by(_urgency(due, today), due, Application.status_at, Application.id)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    return PipelinePage(
        scheme=scheme,
        counts=_in_words(counts),
        assessors=_assessors(scheme.scheme_id),
        rows=_rows(listed, today),
        found=total,
        late=late,
        page=page,
        pages=pages,
        kept=_kept(scheme.scheme_id, actor),
    )


def _kept(scheme_id: int, actor: Actor) -> tuple[tuple[int, str, str], ...]:
    found = db.session.execute(
        select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
        .where(SavedFilter.user_id == actor.user_id, SavedFilter.scheme_id == scheme_id)
        .order_by(SavedFilter.name)
    ).all()
    return tuple((filter_id, name, query) for filter_id, name, query in found)


def _counts(scheme_id: int) -> dict[ApplicationStatus, int]:
    found = db.session.execute(
        select(Application.status, func.count())
        .where(Application.scheme_id == scheme_id, is_seen_by_scheme())
        .group_by(Application.status)
    ).all()
    return {status: number for status, number in found}


def _in_words(counts: Mapping[ApplicationStatus, int]) -> tuple[tuple[str, str, int], ...]:
    open_ = sum(number for status, number in counts.items() if status not in ENDED)
    return (
        ("open", "Open", open_),
        *((status.value, words, counts.get(status, 0)) for status, words in STATUS_WORDS.items()),
        ("all", "All", sum(counts.values())),
    )


def _due_on() -> ColumnElement[Any]:
    """By when the next thing is due: the nearest assessment, or the panel's meeting; NULL where nothing is."""
    assessment = (
        select(func.min(Assessment.due_on))
        .where(Assessment.application_id == Application.id, Assessment.status.in_(WORKING))
        .correlate(Application)
        .scalar_subquery()
    )
    meeting = (
        select(Panel.meets_on)
        .where(Panel.application_id == Application.id)
        .order_by(Panel.id.desc())
        .limit(1)
        .correlate(Application)
        .scalar_subquery()
    )
    assessed = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT)
    return case(
        (Application.status.in_(assessed), assessment),
        (Application.status == ApplicationStatus.WITH_PANEL, meeting),
        else_=None,
    )


def _urgency(due: ColumnElement[Any], today: date) -> ColumnElement[int]:
    """0 for what is late, 1 for what waits for the manager, 2 for what others have in hand, 3 for what has no date."""
    unassigned = Application.status.in_((ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT)) & due.is_(None)
    waits = unassigned | (Application.status == ApplicationStatus.ASSESSED)
    return case((due < today, 0), (waits, 1), (due.is_not(None), 2), else_=3)


def _filtered(scheme_id: int, filters: Filters, open_: ColumnElement[bool]) -> Select[Any]:
    found = (
        select(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.scheme_id == scheme_id, is_seen_by_scheme())
    )
    if filters.state in {status.value for status in STATUS_WORDS}:
        found = found.where(Application.status == ApplicationStatus(filters.state))
    elif filters.state != "all":
        found = found.where(Application.status.not_in(ENDED))
    if filters.assessor is not None:
        found = found.where(
            open_,
            Application.id.in_(
                select(Assessment.application_id).where(
                    Assessment.assessor_id == filters.assessor, Assessment.status.in_(ON_CASE)
                )
            ),
        )
    for word in filters.words.split()[:10]:
        found = found.where(func.lower(Organisation.name).contains(word.lower(), autoescape=True))
    return found


def _assessors(scheme_id: int) -> tuple[tuple[int, str], ...]:
    found = db.session.execute(
        select(User.id, User.name)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme_id, SchemePost.role == Role.ASSESSOR)
        .order_by(User.name, User.id)
        .limit(MOST_ASSESSORS)
    ).all()
    return tuple((user_id, name) for user_id, name in found)


def _rows(listed: Any, today: date) -> tuple[CaseRow, ...]:
    applications = [application for application, _, _ in listed]
    # Read once for each edition: its source is long, and joining it would send it with every row.
    editions = select(FrameworkEdition).where(FrameworkEdition.id.in_({each.edition_id for each in applications}))
    by_id = {edition.id: edition for edition in db.session.scalars(editions)}
    progress = _progress(applications, by_id, today)
    return tuple(
        _row(each, by_id[each.edition_id], due, progress[each.id] if open_ else None, today)
        for each, due, open_ in listed
    )


def _progress(
    applications: list[Application], editions: Mapping[int, FrameworkEdition], today: date
) -> dict[int, tuple[AssessorProgress, ...]]:
    passported = standing_counts(db.session(), applications, today)
    asked = {
        each.id: len(counting(framework_of(editions[each.edition_id]), each.facts, each.target)) - passported[each.id]
        for each in applications
    }
    finished = (
        select(Score.assessment_id, func.count().label("scored"))
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(
            Assessment.application_id.in_(asked),
            or_(Score.point.is_not(None), Score.not_applicable.is_(True), Score.not_rated.is_(True)),
            Score.reason != "",
        )
        .group_by(Score.assessment_id)
        .subquery()
    )
    found = db.session.execute(
        select(Assessment.application_id, User.name, Assessment.status, finished.c.scored)
        .join(User, User.id == Assessment.assessor_id)
        .outerjoin(finished, finished.c.assessment_id == Assessment.id)
        .where(Assessment.application_id.in_(asked), Assessment.status.in_(ON_CASE))
        .order_by(Assessment.id)
    ).all()
    rows: dict[int, list[AssessorProgress]] = defaultdict(list)
    for application_id, name, status, scored in found:
        rows[application_id].append(AssessorProgress(name, status, scored or 0, asked[application_id]))
    return {application_id: tuple(rows[application_id]) for application_id in asked}


def _row(
    application: Application,
    edition: FrameworkEdition,
    due_on: date | None,
    assessors: tuple[AssessorProgress, ...] | None,
    today: date,
) -> CaseRow:
    """`assessors` is None where the case is closed to the reader."""
    framework = framework_of(edition)
    statuses = [each.status for each in assessors or ()]
    return CaseRow(
        application_id=application.id,
        provider=application.organisation.name,
        framework=f"{edition.title} {edition.edition}",
        target=str(framework.level(application.target).title) if application.target else "",
        status=application.status,
        state=STATUS_WORDS[application.status],
        since=application.status_at,
        days=max(0, (today - application.status_at.date()).days),
        due_on=due_on,
        late=due_on is not None and due_on < today,
        assessors=assessors or (),
        next_step="" if assessors is None else next_step(application.status, statuses, framework.assessment.assessors),
        closed=assessors is None,
    )


def next_step(status: ApplicationStatus, assessors: Sequence[AssessmentStatus], needed: int) -> str:
    """What the manager does next: "assign", "again" (a deferred case has come back), "panel", or "" while others work."""
    working = set(assessors).intersection(WORKING)
    if status is ApplicationStatus.SUBMITTED and AssessmentStatus.HANDED_IN in assessors:
        return "" if working else "again"
    if status is ApplicationStatus.IN_ASSESSMENT and len(assessors) >= needed and not working:
        return "again"  # whoever was to look at what came back was taken off
    if status in {ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT} and len(assessors) < needed:
        return "assign"
    return "panel" if status is ApplicationStatus.ASSESSED else ""
