"""The findings of a case: as rows, as the rules take them, and what they bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.corrective import (
    FOR_THE_PROVIDER,
    NOTHING_HANGS_ON_IT,
    SOURCE_WORDS,
    asks_nothing,
    grade_of,
    is_overdue,
    place_order,
    place_title,
    status_words,
)
from app.domain.findings import NOTHING_RECORDED, FindingSource, Found, Recorded, holds
from app.domain.framework import Framework
from app.domain.lifecycle import FINDING_MOVES, ApplicationStatus, AssessmentStatus, FindingMove, FindingStatus
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, CorrectivePlan, Finding, FindingStep
from app.queries.frameworks import framework_of

MOST = 500
DECIDED = frozenset({ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.DEFERRED})
GONE = frozenset({FindingStatus.CLOSED, FindingStatus.TAKEN_BACK})
_MOVES = frozenset(FindingMove)


@dataclass(frozen=True)
class FindingRow:
    """One finding. `where` is the code of a criterion or node, or "whole"; the titles and `status_words` are for people.

    `rank` is 0 for the lightest grade. `plan` is what the provider last offered to do, empty where nothing. `told_on` is
    None while the provider does not know of it. `overdue` is as of the day that the rows were asked for.
    """

    id: int
    where: str
    where_title: str
    grade: str
    grade_title: str
    title: str
    words: str
    status: FindingStatus
    status_words: str
    found_on: date
    due_on: date | None
    overdue: bool
    plan: str
    plan_by_on: date | None
    closed_on: date | None
    rank: int
    source: FindingSource
    source_words: str
    raised_by: str
    told_on: date | None
    acted_on: date | None
    assessment_id: int | None
    version: int


def findings_of(session: Session, application: Application, today: date | None = None) -> tuple[FindingRow, ...]:
    """The findings of a case but those taken back, gravest first, then in the framework's order. Two statements.

    Without `today` one is overdue only where that has had its consequence already.
    """
    return rows_of(session, application, today, counts(), Finding.status != FindingStatus.TAKEN_BACK)


def counts() -> ColumnElement[bool]:
    """That a Finding counts: not where an assessor wrote it down who was taken off before anybody was told of it."""
    off = select(Assessment.id).where(
        Assessment.id == Finding.assessment_id,
        Assessment.status.in_((AssessmentStatus.REMOVED, AssessmentStatus.DECLINED)),
    )
    return (Finding.status != FindingStatus.RAISED) | ~off.exists()


def rows_of(
    session: Session, application: Application, today: date | None, *conditions: ColumnElement[bool]
) -> tuple[FindingRow, ...]:
    """The findings of a case that meet these conditions, in the same order. Two statements."""
    found = session.scalars(
        select(Finding).where(Finding.application_id == application.id, *conditions).order_by(Finding.id).limit(MOST)
    ).all()
    framework = framework_of(application.edition)
    plans = newest_plans(session, [each.id for each in found])
    rows = (finding_row(framework, each, plans.get(each.id), today) for each in found)
    return in_order(framework, rows)


def in_order(framework: Framework, rows: Iterable[FindingRow]) -> tuple[FindingRow, ...]:
    """Gravest first, then in the framework's order, then as they were written down."""
    order = place_order(framework)
    return tuple(sorted(rows, key=lambda row: (-row.rank, order.get(row.where, len(order)), row.id)))


def newest_plans(session: Session, finding_ids: list[int]) -> Mapping[int, CorrectivePlan]:
    """The plan offered last, by finding. One statement, none where nothing is asked for."""
    if not finding_ids:
        return {}
    plans = session.scalars(
        select(CorrectivePlan).where(CorrectivePlan.finding_id.in_(finding_ids)).order_by(CorrectivePlan.number)
    )
    return {plan.finding_id: plan for plan in plans}


def finding_row(framework: Framework, finding: Finding, plan: CorrectivePlan | None, today: date | None) -> FindingRow:
    grade = grade_of(framework, finding.grade)
    late = is_overdue(finding.status, finding.due_on, today) if today else finding.acted_on is not None
    return FindingRow(
        id=finding.id,
        where=finding.place,
        where_title=place_title(framework, finding.place),
        grade=finding.grade,
        grade_title=str(grade.title),
        title=finding.title,
        words=finding.words,
        status=finding.status,
        status_words=status_words(finding.status, grade),
        found_on=finding.found_on,
        due_on=finding.due_on,
        overdue=late and finding.status not in GONE,
        plan=plan.action if plan else "",
        plan_by_on=plan.by_on if plan else None,
        closed_on=uk_day(finding.status_at) if finding.status is FindingStatus.CLOSED else None,
        rank=grade.rank,
        source=finding.source,
        source_words=SOURCE_WORDS[finding.source],
        raised_by=finding.raised_by,
        told_on=uk_day(finding.told_at) if finding.told_at else None,
        acted_on=finding.acted_on,
        assessment_id=finding.assessment_id,
        version=finding.version,
    )


def raised_in(session: Session, application: Application) -> Recorded:
    """What is on record of a case's findings, as scoring takes it: of a decided case as they stood when it was decided.

    Those of scores are left to the scores, from which they follow, so that it can be said what would lift them.
    One statement, two for a decided case; none where the framework names no grades, for then nothing hangs on them.
    """
    if not framework_of(application.edition).clauses.findings.grades:
        return NOTHING_RECORDED
    found = session.scalars(
        select(Finding).where(Finding.application_id == application.id, counts()).order_by(Finding.id).limit(MOST)
    ).all()
    statuses: Mapping[int, FindingStatus] = {each.id: each.status for each in found}
    if application.status in DECIDED and found:
        statuses = _statuses_at(session, list(statuses), application.status_at)
    framework = framework_of(application.edition)
    return _recorded(framework, [(each, statuses[each.id]) for each in found if each.id in statuses])


def standing_in(session: Session, application: Application) -> Recorded:
    """Every finding that stands now, also of a case that was decided, those of scores among them. One statement."""
    framework = framework_of(application.edition)
    found = session.scalars(
        select(Finding).where(Finding.application_id == application.id, counts()).order_by(Finding.id).limit(MOST)
    ).all()
    return _recorded(framework, [(each, each.status) for each in found], of_scores=True)


def seen_in(session: Session, assessment: Assessment) -> Recorded:
    """The same as one assessor may know it: their own findings and those that the provider was told of. One statement."""
    framework = framework_of(assessment.application.edition)
    if not framework.clauses.findings.grades:
        return NOTHING_RECORDED
    found = session.scalars(
        select(Finding)
        .where(
            Finding.application_id == assessment.application_id,
            (Finding.assessment_id == assessment.id) | Finding.told_at.is_not(None),
        )
        .order_by(Finding.id)
        .limit(MOST)
    ).all()
    return _recorded(framework, [(each, each.status) for each in found])


def _statuses_at(session: Session, ids: list[int], moment: datetime) -> dict[int, FindingStatus]:
    """Where each of these findings stood then, from what was said and done about it. Those that there were not are left out."""
    stood: dict[int, FindingStatus] = {}
    steps = session.execute(
        select(FindingStep.finding_id, FindingStep.move)
        .where(FindingStep.finding_id.in_(ids), FindingStep.at <= moment)
        .order_by(FindingStep.id)
    )
    for finding_id, move in steps:
        if move in _MOVES:
            before = stood.get(finding_id, FindingStatus.RAISED)
            stood[finding_id] = FINDING_MOVES[before, FindingMove(move)]
        else:
            stood.setdefault(finding_id, FindingStatus.RAISED)
    return stood


def _recorded(framework: Framework, found: list[tuple[Finding, FindingStatus]], *, of_scores: bool = False) -> Recorded:
    """An escalation that was closed no longer counts, until another finding is made after it."""
    standing = [each for each, status in found if status not in GONE]
    newest = max((each.id for each in standing if each.source is not FindingSource.ESCALATION), default=0)
    settled = {
        (each.place, each.grade)
        for each, status in found
        if status in GONE
        and (each.source is FindingSource.SCORE or (each.source is FindingSource.ESCALATION and each.id > newest))
    }
    counting = [each for each in standing if of_scores or each.source is not FindingSource.SCORE]
    raised = tuple(Found(each.place, each.grade, because(framework, each), each.made_of) for each in counting)
    return Recorded(raised, frozenset(settled - {(each.place, each.grade) for each in standing}))


def findings_told(session: Session, application: Application) -> dict[str, int]:
    """How many findings wait for the provider, and of how many it was told in all. One statement."""
    framework = framework_of(application.edition)
    told = session.execute(
        select(Finding.status, Finding.grade)
        .where(Finding.application_id == application.id, Finding.told_at.is_not(None))
        .limit(MOST)
    ).all()
    if application.status in NOTHING_HANGS_ON_IT:
        return {"open_findings": 0, "findings": len(told)}
    waiting = sum(status in FOR_THE_PROVIDER and not asks_nothing(grade_of(framework, grade)) for status, grade in told)
    return {"open_findings": waiting, "findings": len(told)}


def because(framework: Framework, finding: Finding) -> str:
    """A finding in one sentence: the rules' own where they made it, so that it reads the same before and after."""
    if finding.source is FindingSource.ESCALATION:
        return finding.words
    title = grade_of(framework, finding.grade).title
    if finding.source is FindingSource.SCORE:
        heading = f"{framework.criterion(finding.place).heading}: "
        return f"{title} in {finding.place}: it has {finding.title.removeprefix(heading)}."
    return f"{title} in {place_title(framework, finding.place)}: {finding.title.rstrip('.')}."


def barred_by_findings(session: Session, application: Application) -> dict[str, str]:
    """Code of each level that no panel can grant while findings of the case are open -> the sentence that says so.

    At most one statement, none where no grade of the framework holds an award down.
    """
    framework = framework_of(application.edition)
    if not any(grade.holds for grade in framework.clauses.findings.grades):
        return {}
    recorded = standing_in(session, application)
    barred = {}
    for level in framework.levels:
        held = holds(framework, recorded.at(framework, level).raised)
        if held and level.rank > (framework.level(held.at_most).rank if held.at_most else -1):
            barred[level.code] = held.because
    return barred
