"""What the use-cases of findings share: a held finding, what is said and done about it, whom to tell. Not use-cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.corrective import STATUS_WORDS, Given, grade_of, last_day
from app.domain.errors import Conflict
from app.domain.findings import FindingSource
from app.domain.lifecycle import AssessmentStatus, FindingMove, FindingStatus
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Award, Finding, FindingStep, User
from app.queries.frameworks import framework_of
from app.services.casework import edition_words, mail_leads, record_on
from app.services.telling import by_id, officers_of, tell
from app.services.transactions import locked

MOST_FINDINGS = 500
READING = (AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN)


def held_finding(session: Session, finding_id: int) -> tuple[Finding, Application]:
    """The finding and its case, both held, the case first as every use-case of it does. Raises NotFound."""
    found = session.get(Finding, finding_id)
    application = locked(session, Application, found.application_id if found else 0)
    return locked(session, Finding, finding_id), application


def check_version(finding: Finding, version: int) -> None:
    """Raises Conflict where somebody did something about it since the page was made."""
    if finding.version != version:
        stands = STATUS_WORDS[finding.status].lower()
        raise Conflict(
            f"Somebody else has dealt with this finding meanwhile. It now stands at “{stands}”. "
            "Read what they said, then decide again. Your words are still in the form."
        )


def say(session: Session, finding: Finding, actor: Actor, move: str, words: str, now: datetime) -> FindingStep:
    """Add to the thread of a finding."""
    step = FindingStep(finding_id=finding.id, at=now, by_id=actor.user_id, by=actor.name, move=move, words=words)
    session.add(step)
    return step


def moved(
    session: Session,
    finding: Finding,
    application: Application,
    actor: Actor,
    move: FindingMove,
    words: str,
    now: datetime,
    *,
    event: str,
    **detail: Any,
) -> FindingStep:
    """Make a move, with its place in the thread and its audit row `finding.<event>`. Raises IllegalMove."""
    before = finding.status
    finding.make(move, now)
    step = say(session, finding, actor, move.value, words, now)
    changed = {"before": before.value, "after": finding.status.value, "reason": words}
    record_finding(session, actor, f"finding.{event}", finding, application, now, **changed, **detail)
    return step


def record_finding(
    session: Session,
    actor: Actor,
    action: str,
    finding: Finding,
    application: Application,
    now: datetime,
    **detail: Any,
) -> None:
    """An audit row on a finding."""
    where = {"criterion": finding.place, "grade": finding.grade, "title": finding.title}
    record_on(session, actor, action, finding, application, now, **where, **detail)


def open_finding(
    session: Session,
    application: Application,
    given: Given,
    source: FindingSource,
    actor: Actor,
    now: datetime,
    *,
    assessment: Assessment | None = None,
    award: Award | None = None,
    made_of: str = "",
) -> Finding:
    """A new finding, as yet unknown to the provider, with its audit row. What scores or rules made has nobody's name."""
    by_hand = source not in (FindingSource.SCORE, FindingSource.ESCALATION)
    finding = Finding(
        application_id=application.id,
        assessment_id=assessment.id if assessment else None,
        award_id=award.id if award else None,
        place=given.place,
        grade=given.grade,
        made_of=made_of,
        title=given.title.strip(),
        words=given.words.strip(),
        source=source,
        found_on=uk_day(now),
        raised_by_id=actor.user_id if by_hand else None,
        raised_by=actor.name if by_hand else "",
        status=FindingStatus.RAISED,
        status_at=now,
        due_on=given.due_on,
        version=1,
    )
    session.add(finding)
    session.flush()
    say(session, finding, actor, "raise", "", now)
    record_finding(session, actor, "finding.raised", finding, application, now, source=source.value)
    return finding


def tell_now(
    session: Session,
    application: Application,
    findings: Sequence[Finding],
    actor: Actor,
    now: datetime,
    *,
    again: Sequence[Finding] = (),
) -> None:
    """Tell the provider's leads of these findings, in one message; from today their time runs.

    Those `again` were reopened in this transaction: their time runs anew.
    """
    for finding in findings:
        finding.told_at = now
        due_on = restart(finding, application, uk_day(now))
        moved(session, finding, application, actor, FindingMove.TELL, "", now, event="told", due_on=due_words(due_on))
    for finding in again:
        restart(finding, application, uk_day(now))
    if told := [*findings, *again]:
        mail_of_findings(session, application, told, now)


def restart(finding: Finding, application: Application, today: date) -> date | None:
    """Let the time for a finding run from today. Returns its last day."""
    finding.due_on = last_day(framework_of(application.edition), finding.grade, today) or finding.due_on
    finding.warned = finding.acted_on = None
    return finding.due_on


def mail_of_findings(session: Session, application: Application, findings: Sequence[Finding], now: datetime) -> None:
    framework = framework_of(application.edition)
    listed = [(str(grade_of(framework, each.grade).title), each.title, each.due_on) for each in findings]
    mail_leads(session, application, "finding_raised", now, topic=Topic.REQUESTS, findings=listed, count=len(findings))


def mail_provider(
    session: Session, finding: Finding, application: Application, template: str, now: datetime, **values: Any
) -> None:
    """Tell the provider's leads of one finding."""
    mail_leads(
        session,
        application,
        template,
        now,
        topic=values.pop("topic", Topic.REQUESTS),
        finding_id=finding.id,
        title=finding.title,
        grade=str(grade_of(framework_of(application.edition), finding.grade).title),
        due_on=finding.due_on,
        **values,
    )


def mail_checkers(
    session: Session, finding: Finding, application: Application, template: str, now: datetime, **values: Any
) -> None:
    """Tell those who look at what the provider answers: whose finding it is, else the case's assessors, else managers."""
    tell(
        session,
        _checkers(session, finding, application),
        template,
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        scheme=application.edition.scheme.code,
        application_id=application.id,
        finding_id=finding.id,
        title=finding.title,
        **values,
    )


def _checkers(session: Session, finding: Finding, application: Application) -> list[User]:
    """Assessors who still hold the office, on the case; once there is an award, the scheme's managers."""
    if finding.award_id is not None:
        return officers_of(session, application.scheme_id)
    assessing = select(Assessment.assessor_id).where(
        Assessment.application_id == application.id, Assessment.status.in_(READING)
    )
    if finding.assessment_id is not None:
        assessing = assessing.where(Assessment.id == finding.assessment_id)
    office = {user.id for user in officers_of(session, application.scheme_id, Role.ASSESSOR)}
    found = [who for who in session.scalars(assessing) if who in office]
    return by_id(session, found) or officers_of(session, application.scheme_id)


def due_words(day: date | None) -> str | None:
    """A day as the audit trail keeps it."""
    return day.isoformat() if day else None
