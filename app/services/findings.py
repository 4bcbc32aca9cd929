"""Findings are written down by assessors and managers, made by scores and rules, and told to the provider."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.corrective import Given, told_to_provider
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.findings import FindingSource
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, FindingStatus
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Award, Finding
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of
from app.services.assessing import check_own, held
from app.services.casework import managed
from app.services.finding_made import escalate, make_findings
from app.services.finding_steps import (
    MOST_FINDINGS,
    check_version,
    due_words,
    held_finding,
    open_finding,
    record_finding,
    say,
    tell_now,
)
from app.services.transactions import transaction

AFTER_THE_AWARD = (FindingSource.SURVEILLANCE, FindingSource.COMPLAINT)


def raise_finding(assessment_id: int, given: Given, *, actor: Actor, now: datetime, today: date) -> int:
    """An assessor writes a finding down, on a criterion, a part or the whole. Returns its id; sent twice, it is one.

    The provider is told when the case is assessed. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    with transaction() as session:
        assessment, application = held(session, assessment_id)
        require(actor, Action.RAISE_FINDING, subject_of(session, application))
        check_own(assessment, actor)
        _check_assessing(assessment, application)
        given.check(framework_of(application.edition), today)
        if twin := _twin(session, assessment, given):
            return twin
        return open_finding(session, application, given, FindingSource.BY_HAND, actor, now, assessment=assessment).id


def _check_assessing(assessment: Assessment, application: Application) -> None:
    if assessment.status is not AssessmentStatus.OPEN or application.status is not ApplicationStatus.IN_ASSESSMENT:
        raise Conflict(
            "You have handed this assessment in, so nothing can be added to it. Ask the scheme to hand it back."
        )


def _twin(session: Session, assessment: Assessment, given: Given) -> int | None:
    """The same finding, sent a moment ago."""
    return session.scalars(
        select(Finding.id).where(
            Finding.assessment_id == assessment.id,
            Finding.status == FindingStatus.RAISED,
            Finding.place == given.place,
            Finding.grade == given.grade,
            Finding.title == given.title.strip(),
            Finding.words == given.words.strip(),
        )
    ).first()


def change_finding(finding_id: int, given: Given, *, version: int, actor: Actor, now: datetime, today: date) -> None:
    """Its assessor words a finding otherwise, while nobody was told of it. Raises NotFound, NotAllowed, Invalid, Conflict."""
    with transaction() as session:
        finding, application = held_finding(session, finding_id)
        require(actor, Action.RAISE_FINDING, subject_of(session, application))
        assessment = session.get(Assessment, finding.assessment_id) if finding.assessment_id else None
        if assessment is None:
            raise NotFound("There is no such page, or it is not open to you.")
        check_own(assessment, actor)
        _check_assessing(assessment, application)
        if finding.status is not FindingStatus.RAISED:
            raise Conflict("This finding was taken back or told to the provider, so its words stay as they are.")
        check_version(finding, version)
        given.check(framework_of(application.edition), today)
        _change(session, finding, application, given, actor, now)


def _change(
    session: Session, finding: Finding, application: Application, given: Given, actor: Actor, now: datetime
) -> None:
    wanted = {
        "place": given.place,
        "grade": given.grade,
        "title": given.title.strip(),
        "words": given.words.strip(),
        "due_on": given.due_on,
    }
    before = {name: getattr(finding, name) for name, value in wanted.items() if getattr(finding, name) != value}
    if not before:
        return
    for name in before:
        setattr(finding, name, wanted[name])
    finding.version += 1
    say(session, finding, actor, "change", "", now)
    record_finding(
        session,
        actor,
        "finding.changed",
        finding,
        application,
        now,
        before={name: _plain(value) for name, value in before.items()},
        after={name: _plain(wanted[name]) for name in before},
    )


def _plain(value: object) -> str | None:
    return due_words(value) if isinstance(value, date) else None if value is None else str(value)


def tell_of_findings(session: Session, application: Application, actor: Actor, now: datetime) -> int:
    """The case is assessed: make the findings that its scores raise, and tell the provider of all. Returns how many.

    Call it where the application moves to ASSESSED, in that transaction, which holds the case. Nobody is told twice, and
    nobody at all where the scheme keeps findings to itself.
    """
    session.flush()
    reopened = make_findings(session, application, actor, now)
    if not told_to_provider(framework_of(application.edition)):
        return 0
    untold = session.scalars(
        select(Finding)
        .outerjoin(Assessment, Assessment.id == Finding.assessment_id)
        .where(
            Finding.application_id == application.id,
            Finding.status == FindingStatus.RAISED,
            Finding.assessment_id.is_(None) | (Assessment.status == AssessmentStatus.HANDED_IN),
        )
        .order_by(Finding.id)
        .limit(MOST_FINDINGS)
    ).all()
    tell_now(session, application, untold, actor, now, again=reopened)
    return len(untold)


def raise_after_award(
    application_id: int, given: Given, source: FindingSource | None, *, actor: Actor, now: datetime, today: date
) -> int:
    """A manager writes down what surveillance or a complaint found about a holder, who is told at once. Returns its id.

    Raises NotFound, NotAllowed, Invalid, Conflict where the case has no award.
    """
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        award = newest_award(session, application)
        if award is None:
            raise Conflict("Nothing was awarded here. Findings of an assessment are written down by its assessors.")
        if source is None or source not in AFTER_THE_AWARD:
            raise Invalid({"source": "Say where it was found."})
        given.check(framework_of(application.edition), today)
        return add_told(session, application, given, source, actor, now, award=award).id


def add_told(
    session: Session,
    application: Application,
    given: Given,
    source: FindingSource,
    actor: Actor,
    now: datetime,
    *,
    award: Award | None = None,
    assessment: Assessment | None = None,
) -> Finding:
    """A finding of which the provider is told at once, in somebody else's transaction, which holds the case.

    With it comes what it and others have become together by rule. Where the scheme keeps findings to itself, it is written down and nobody is told. Raises Invalid.
    """
    given.check(framework_of(application.edition), uk_day(now))
    finding = open_finding(session, application, given, source, actor, now, award=award, assessment=assessment)
    graver = escalate(session, application, actor, now)
    for each in graver:
        each.award_id = finding.award_id
    if told_to_provider(framework_of(application.edition)):
        tell_now(session, application, [finding, *graver], actor, now)
    return finding


def newest_award(session: Session, application: Application) -> Award | None:
    """The award that came of a case last; None where there is none."""
    return session.scalars(
        select(Award).where(Award.application_id == application.id).order_by(Award.id.desc()).limit(1)
    ).first()
