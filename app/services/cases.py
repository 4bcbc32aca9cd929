"""What a scheme manager does with a case before the panel: assign, take off, assess again, send back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.lifecycle import (
    ApplicationMove,
    ApplicationStatus,
    AssessmentMove,
    AssessmentStatus,
)
from app.domain.topics import Topic
from app.models import Application, Assessment
from app.queries.candidates import Candidate, assessor_candidates
from app.services.casework import check_day, edition_words, mail_leads, managed, record_on, user_id
from app.services.closing import close_assessing
from app.services.telling import by_id, tell
from app.services.transactions import locked, transaction

LONGEST = 5_000
ASSIGNABLE = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT})


def assign_assessor(
    application_id: int, assessor_id: int, due_on: date, *, actor: Actor, now: datetime, today: date
) -> None:
    """Ask an assessor to take the case by `due_on`. A conflict of interest bars, whatever the page offered.

    Raises NotFound, NotAllowed, Invalid (`assessor`, `due_on`), Conflict where the case takes no assessor now.
    """
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        if application.status not in ASSIGNABLE:
            raise Conflict("This case takes no assessor now. Load it again to see where it stands.")
        check_day(due_on, today, "due_on")
        chosen = _eligible(assessor_candidates(session, application, today), assessor_id)
        assessment = _assignment(session, application, chosen.user_id, actor, now)
        assessment.due_on = due_on
        record_on(session, actor, "assessment.assigned", assessment, application, now, assessor=chosen.name)
        tell(
            session,
            by_id(session, [chosen.user_id]),
            "assessment_assigned",
            now,
            topic=Topic.CASES,
            provider=application.organisation.name,
            framework=edition_words(application),
            due_on=due_on,
            assessment_id=assessment.id,
        )


def _eligible(candidates: tuple[Candidate, ...], assessor_id: int) -> Candidate:
    chosen = next((each for each in candidates if each.user_id == assessor_id), None)
    if chosen is None:
        raise Invalid({"assessor": "Choose an assessor of this scheme."})
    if chosen.bar:
        raise Invalid({"assessor": f"{chosen.name} cannot take this case. {chosen.bar}"})
    return chosen


def _assignment(
    session: Session, application: Application, assessor_id: int, actor: Actor, now: datetime
) -> Assessment:
    """A new assessment, or that of an assessor who was taken off, who then declares anew."""
    assessment = session.scalars(
        select(Assessment).where(Assessment.application_id == application.id, Assessment.assessor_id == assessor_id)
    ).first()
    if assessment is None:
        assessment = Assessment(
            application_id=application.id, assessor_id=assessor_id, status=AssessmentStatus.ASSIGNED
        )
        session.add(assessment)
    else:
        assessment.make(AssessmentMove.ASSIGN_AGAIN)
        assessment.declared_at, assessment.declaration = None, ""
    assessment.assigned_at = now
    assessment.assigned_by_id = user_id(actor)
    session.flush()
    return assessment


def remove_assessor(assessment_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take an assessor off the case; what they scored stays on record. Raises NotFound, NotAllowed, Invalid, IllegalMove.

    If enough others have handed in and nobody is left working, the case is assessed; but not by what was handed in
    before the application was last submitted: somebody has to look at what came back from a deferral.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why. The assessor will read it."})
    with transaction() as session:
        assessment, application = _assessment(session, assessment_id, actor, now.date())
        assessment.make(AssessmentMove.REMOVE)
        close_assessing(session, application, actor, now)
        name = assessment.assessor.name
        record_on(session, actor, "assessment.removed", assessment, application, now, assessor=name, reason=reason)
        _mail_assessor(session, assessment, "assessment_removed", now, reason=reason.strip())


def reopen_assessment(assessment_id: int, note: str, due_on: date, *, actor: Actor, now: datetime, today: date) -> None:
    """Hand an assessment back to its assessor: before the panel, or when a deferred case has come back.

    Raises NotFound, NotAllowed, Invalid (`note`, `due_on`), IllegalMove.
    """
    if not note.strip():
        raise Invalid({"note": "Say what needs another look. The assessor will read it."})
    with transaction() as session:
        assessment, application = _assessment(session, assessment_id, actor, today)
        check_day(due_on, today, "due_on")
        assessment.make(AssessmentMove.REOPEN)
        if application.status is ApplicationStatus.SUBMITTED:
            application.make(ApplicationMove.START_ASSESSMENT, now)
        elif application.status is not ApplicationStatus.IN_ASSESSMENT:
            application.make(ApplicationMove.REASSESS, now)
        assessment.due_on, assessment.handed_in_at = due_on, None
        name = assessment.assessor.name
        record_on(session, actor, "assessment.reopened", assessment, application, now, assessor=name, note=note)
        _mail_assessor(session, assessment, "assessment_reopened", now, note=note.strip(), due_on=due_on)


def _assessment(session: Session, assessment_id: int, actor: Actor, today: date) -> tuple[Assessment, Application]:
    """The assessment and its application, both held. The case is locked first, as every use-case of it does."""
    found = session.get(Assessment, assessment_id)
    application = managed(session, found.application_id if found else 0, actor, today)
    return locked(session, Assessment, assessment_id), application


def _mail_assessor(session: Session, assessment: Assessment, template: str, now: datetime, **values: Any) -> None:
    application = assessment.application
    tell(
        session,
        [assessment.assessor],
        template,
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        assessment_id=assessment.id,
        **values,
    )


def send_back(application_id: int, note: str, *, actor: Actor, now: datetime) -> None:
    """Give an application back to its provider to change and submit again. Assessors not yet started are taken off.

    Raises NotFound, NotAllowed, Invalid, IllegalMove once the assessment has begun.
    """
    if not note.strip():
        raise Invalid({"note": "Say what the provider has to change. They will read it."})
    check_length(note, LONGEST, "note")
    with transaction() as session:
        application = managed(session, application_id, actor, now.date())
        application.make(ApplicationMove.SEND_BACK, now)
        application.note = note.strip()
        for assessment in session.scalars(
            select(Assessment).where(
                Assessment.application_id == application.id, Assessment.status == AssessmentStatus.ASSIGNED
            )
        ):
            assessment.make(AssessmentMove.REMOVE)
        record_on(session, actor, "application.sent-back", application, application, now, note=application.note)
        mail_leads(session, application, "application_sent_back", now, topic=Topic.REQUESTS, note=application.note)
