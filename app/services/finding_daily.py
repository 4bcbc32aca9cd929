"""The regular work on findings: providers are warned ahead of the last day, and what is overdue has its consequence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY
from app.domain.clauses import Grade, Overdue
from app.domain.corrective import LATE_IN, NOTHING_HANGS_ON_IT, OVERDUE_TOLD, WARN_AHEAD, grade_of, warning_due
from app.domain.lifecycle import CURRENT, STANDING, status_on
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.domain.wording import counted, dated
from app.models import Application, Award, Finding
from app.queries.frameworks import framework_of
from app.services.award_rules import BY_RULE, suspend_by_rule, withdraw_by_rule
from app.services.award_warnings import may_lose
from app.services.casework import edition_words
from app.services.finding_steps import due_words, held_finding, mail_provider, record_finding, say
from app.services.findings import newest_award
from app.services.telling import officers_of, tell
from app.services.transactions import transaction

BATCH = 200
SUSPENDED, WITHDRAWN = "The award is suspended.", "The award is withdrawn."


def do_overdue_findings(now: datetime) -> int:
    """Warn of every finding that reached a stage before its last day, and let what is overdue have its consequence.

    Each warning is given once, and so is the consequence, in one transaction for each finding; so running it again does
    nothing, and after days off it looks at where things stand. Returns how many findings it did something about.
    """
    today = uk_day(now)
    done = after = 0
    while True:
        with transaction() as session:
            ids = session.scalars(
                select(Finding.id)
                .join(Application, Application.id == Finding.application_id)
                .where(
                    Application.status.not_in(NOTHING_HANGS_ON_IT),
                    Finding.id > after,
                    Finding.status.in_(LATE_IN),
                    Finding.due_on <= today + timedelta(days=max(WARN_AHEAD)),
                    # What is overdue, told and acted on is done with: it waits for people.
                    Finding.acted_on.is_(None),
                )
                .order_by(Finding.id)
                .limit(BATCH)
            ).all()
        done += sum(_look_at(finding_id, today, now) for finding_id in ids)
        if len(ids) < BATCH:
            return done
        after = ids[-1]


def _look_at(finding_id: int, today: date, now: datetime) -> bool:
    with transaction() as session:
        finding = session.get_one(Finding, finding_id)
        if _stage(finding, today) is None and _threatened(session, finding, today) is None:
            return False
        finding, application = held_finding(session, finding_id)
        award = _threatened(session, finding, today)
        acted = _act(session, finding, application, award, today, now) if award else ""
        stage = _stage(finding, today)
        if stage is not None:
            _warn(session, finding, application, stage, acted, award, now)
        if acted or stage == OVERDUE_TOLD:
            _tell_managers(session, finding, application, acted, now)
        return bool(acted) or stage is not None


def _stage(finding: Finding, today: date) -> int | None:
    """The warning that is due, from the day on which the provider was last told how it stands."""
    if finding.due_on is None or finding.status not in LATE_IN:
        return None
    return warning_due(finding.due_on, uk_day(finding.status_at), finding.warned, today)


def _threatened(session: Session, finding: Finding, today: date) -> Award | None:
    """The award that being overdue would touch, or touches; None where there is none, nothing follows, or it has followed."""
    grade = _grade(finding)
    if grade.overdue is None or finding.acted_on or finding.due_on is None or finding.status not in LATE_IN:
        return None
    award = finding.award or newest_award(session, finding.application)
    loses = CURRENT if grade.overdue is Overdue.SUSPEND else STANDING
    if award is None or status_on(award.status, award.expires_on, today) not in loses:
        return None
    return award


def _grade(finding: Finding) -> Grade:
    return grade_of(framework_of(finding.application.edition), finding.grade)


def _act(session: Session, finding: Finding, application: Application, award: Award, today: date, now: datetime) -> str:
    """Suspend or withdraw the award as the framework says, no sooner than sixty days after its holder was warned of that.

    Returns a sentence that says what was done, "" where nothing was.
    """
    if finding.due_on is None:
        return ""
    title, day = finding.title.rstrip("."), dated(finding.due_on)
    withdraws = _grade(finding).overdue is Overdue.WITHDRAW
    ahead = f"The finding “{title}” is to be put right by {day}."
    cause = f"finding:{finding.id}"
    if not may_lose(session, award, cause, finding.due_on, ahead, now, today, withdrawal=withdraws):
        return ""
    by_rule, said = (withdraw_by_rule, WITHDRAWN) if withdraws else (suspend_by_rule, SUSPENDED)
    reason = f"The finding “{title}” was to be put right by {day} and was not."
    if not by_rule(session, award, reason, "A finding was not put right in time.", now, today):
        return ""
    finding.acted_on, finding.award_id = today, award.id
    say(session, finding, BY_RULE, "act", f"{reason} {said}", now)
    record_finding(
        session, BY_RULE, "finding.acted", finding, application, now, reason=reason, number=award.number, what=said
    )
    return said


def _warn(
    session: Session,
    finding: Finding,
    application: Application,
    stage: int,
    acted: str,
    award: Award | None,
    now: datetime,
) -> None:
    """Keep that the stage was reached, and write to the provider unless another letter says it today."""
    finding.warned = stage
    say(session, finding, NOBODY, "warn", _stage_words(stage), now)
    due_on = due_words(finding.due_on)
    record_finding(session, NOBODY, "finding.warned", finding, application, now, stage=stage, due_on=due_on)
    if acted or (stage == max(WARN_AHEAD) and award is not None):
        return  # the letter of the suspension or withdrawal says why, and so does the one that warns of it
    overdue = _grade(finding).overdue
    values = {
        "days": stage,
        "suspends": overdue is Overdue.SUSPEND,
        "withdraws": overdue is Overdue.WITHDRAW,
    }
    template = "finding_overdue" if stage == OVERDUE_TOLD else "finding_due"
    mail_provider(session, finding, application, template, now, topic=Topic.DECISIONS, **values)


def _stage_words(stage: int) -> str:
    if stage == OVERDUE_TOLD:
        return "It is overdue."
    return f"{counted(stage, 'day')} before the last day." if stage else "On the last day."


def _tell_managers(session: Session, finding: Finding, application: Application, acted: str, now: datetime) -> None:
    tell(
        session,
        officers_of(session, application.scheme_id),
        "finding_late_at_provider",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        scheme=application.edition.scheme.code,
        application_id=application.id,
        finding_id=finding.id,
        title=finding.title,
        due_on=finding.due_on,
        acted=acted,
    )
