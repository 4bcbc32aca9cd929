"""The findings that nobody writes by hand: those of scores, and what several become together. No use-case of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.clauses import WHOLE, Audience
from app.domain.corrective import LONGEST_TITLE, Given, place_title
from app.domain.findings import FindingSource, Found, found
from app.domain.framework import Framework
from app.domain.lifecycle import STILL_OPEN, FindingMove, FindingStatus
from app.domain.publication import Part, may_see
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Finding, Score
from app.queries.findings import raised_in, standing_in
from app.queries.frameworks import framework_of
from app.queries.outcomes import Counted, counted
from app.services.finding_steps import MOST_FINDINGS, moved, open_finding

SCORED_BETTER = "It was scored again, and the score is no such finding any more."
SCORED_AGAIN = "It was scored again after this was closed, and the score is the same finding again."


def make_findings(session: Session, application: Application, actor: Actor, now: datetime) -> list[Finding]:
    """Make rows of what the scores of an assessed case raise, and of what findings become by rule.

    What was made when the case was assessed before is kept: closed where the score has risen, reopened where it was scored
    as badly again since. The case is held. Returns those that were reopened.
    """
    framework = framework_of(application.edition)
    found_now = counted(session, application, uk_day(now))
    if found_now is None or not framework.clauses.findings.grades:
        return []
    points = found_now.outcome.sheet.points
    reopened = _follow(
        session, application, {(each.where, each.grade) for each in found(framework, points)}, actor, now
    )
    session.flush()
    recorded = raised_in(session, application)
    there = {(each.where, each.grade) for each in standing_in(session, application).raised}
    for each in found(framework, points, recorded.raised, recorded.settled):
        if each not in recorded.raised and (each.made_of or (each.where, each.grade) not in there):
            _make(session, application, found_now, each, actor, now)
    return reopened


def escalate(session: Session, application: Application, actor: Actor, now: datetime) -> list[Finding]:
    """Make what the open findings of a case have become together since. The case is held. Returns the new ones, untold."""
    framework = framework_of(application.edition)
    standing = standing_in(session, application)
    there = set(standing.raised)
    new = [each for each in found(framework, {}, standing.raised, standing.settled) if each not in there]
    return [_become(session, application, each, actor, now) for each in new]


def _make(
    session: Session, application: Application, found_now: Counted, each: Found, actor: Actor, now: datetime
) -> None:
    if each.made_of:
        _become(session, application, each, actor, now)
        return
    given = _of_score(framework_of(application.edition), found_now, each)
    open_finding(session, application, given, FindingSource.SCORE, actor, now)


def _become(session: Session, application: Application, each: Found, actor: Actor, now: datetime) -> Finding:
    framework = framework_of(application.edition)
    given, source = _together(framework, each), FindingSource.ESCALATION
    finding = open_finding(session, application, given, source, actor, now, made_of=each.made_of)
    for part in _parts(session, application, framework, finding):
        part.escalated_into_id = finding.id
    return finding


def _together(framework: Framework, each: Found) -> Given:
    title = f"Several findings in {place_title(framework, each.where)}"
    return Given(each.where, each.grade, title[:LONGEST_TITLE], each.because)


def _of_score(framework: Framework, found_now: Counted, each: Found) -> Given:
    """Worded from the criterion and its score, with the assessor's reason where the scheme tells those."""
    _, _, said = each.because.partition(": it has ")
    title = f"{framework.criterion(each.where).heading}: {said.rstrip('.')}"
    score = found_now.scores.get(each.where)
    told = may_see(framework.clauses.publication, Part.REASONS, Audience.PROVIDER)
    reason = score.reason if score is not None and told else ""
    return Given(each.where, each.grade, title[:LONGEST_TITLE], reason or each.because)


def _parts(session: Session, application: Application, framework: Framework, whole: Finding) -> list[Finding]:
    """The open findings that became this one: as grave as it asks, in its place."""
    rank = framework.clauses.findings.rank
    codes = () if whole.place == WHOLE else (whole.place,)
    inside = {each.code for each in framework.within(codes)} | {each.code for each in framework.nodes_within(codes)}
    if whole.place == WHOLE:
        inside.add(WHOLE)
    return [
        each
        for each in _of(session, application)
        if each.id != whole.id
        and each.place in inside
        and each.status in STILL_OPEN | {FindingStatus.RAISED}
        and rank(whole.made_of) <= rank(each.grade) < rank(whole.grade)
    ]


def _of(session: Session, application: Application) -> list[Finding]:
    return list(
        session.scalars(
            select(Finding).where(Finding.application_id == application.id).order_by(Finding.id).limit(MOST_FINDINGS)
        )
    )


def _follow(
    session: Session, application: Application, now_found: set[tuple[str, str]], actor: Actor, now: datetime
) -> list[Finding]:
    """Bring what scores made before to what they say now. Returns the reopened ones."""
    made = [each for each in _of(session, application) if each.source is FindingSource.SCORE]
    scored_at = _scored_at(session, application) if made else {}
    reopened = []
    for finding in made:
        still = (finding.place, finding.grade) in now_found
        if finding.status in STILL_OPEN and not still:
            moved(session, finding, application, actor, FindingMove.VERIFY, SCORED_BETTER, now, event="closed")
        elif finding.status is FindingStatus.RAISED and not still:
            moved(session, finding, application, actor, FindingMove.TAKE_BACK, SCORED_BETTER, now, event="taken-back")
        elif finding.status is FindingStatus.CLOSED and still and _scored_since(finding, scored_at):
            moved(session, finding, application, actor, FindingMove.REOPEN, SCORED_AGAIN, now, event="reopened")
            reopened.append(finding)
    return reopened


def _scored_since(finding: Finding, scored_at: Mapping[str, datetime]) -> bool:
    return scored_at.get(finding.place, finding.status_at) > finding.status_at


def _scored_at(session: Session, application: Application) -> Mapping[str, datetime]:
    """When each criterion of a case was last scored."""
    rows = session.execute(
        select(Score.criterion_code, func.max(Score.updated_at))
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(Assessment.application_id == application.id)
        .group_by(Score.criterion_code)
    )
    return {code: at for code, at in rows}
