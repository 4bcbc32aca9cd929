"""What a scheme manager does with a case before the panel: assign, take off, assess again, send back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
from app.queries.frameworks import framework_of
from app.services.casework import check_day, edition_words, mail_leads, managed, record_on, user_id
from app.services.closing import close_assessing
from app.services.leading import settle_lead
from app.services.taking_over import pass_requests_on
from app.services.telling import tell
from app.services.transactions import locked, transaction

LONGEST = 5_000
ANSWER_WITHIN = timedelta(days=7)
LEFT = frozenset({AssessmentStatus.REMOVED, AssessmentStatus.DECLINED})
ASSIGNABLE = frozenset({ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT})


@dataclass(frozen=True)
class Asked:
    """Whom a manager asks to assess a case, by when they finish and by when they answer.

    `lead` is the one of them who leads; None leaves the lead where it is. `in_place_of` is the assessment of somebody who
    left the case: their requests to the provider pass on, and with `hand_over` their scores too, to begin from.
    """

    assessors: tuple[int, ...]
    due_on: date | None
    answer_by: date | None = None
    lead: int | None = None
    in_place_of: int | None = None
    hand_over: bool = False


def assign_assessor(
    application_id: int, assessor_id: int, due_on: date, *, actor: Actor, now: datetime, today: date
) -> None:
    """Ask one assessor to take the case by `due_on`. Raises as `assign_assessors`."""
    with transaction() as session:
        _assign(session, application_id, Asked((assessor_id,), due_on), actor, now, today)


def assign_assessors(application_id: int, asked: Asked, *, actor: Actor, now: datetime, today: date) -> None:
    """Ask assessors to take the case. A conflict of interest bars, whatever the page offered.

    Raises NotFound, NotAllowed, Invalid (`assessor`, `due_on`, `answer_by`, `lead`, `in_place_of`, `hand_over`), Conflict
    where the case takes no assessor now.
    """
    with transaction() as session:
        _assign(session, application_id, asked, actor, now, today)


def _assign(session: Session, application_id: int, asked: Asked, actor: Actor, now: datetime, today: date) -> None:
    application = managed(session, application_id, actor, today)
    if application.status not in ASSIGNABLE:
        raise Conflict("This case takes no assessor now. Load it again to see where it stands.")
    check_day(asked.due_on, today, "due_on")
    answer_by = _answer_by(asked, today)
    before = _left(session, application, asked)
    candidates = assessor_candidates(session, application, today)
    chosen = [_eligible(candidates, each) for each in dict.fromkeys(asked.assessors)]
    if not chosen:
        raise Invalid({"assessor": "Choose an assessor."})
    made = {each.user_id: _assignment(session, application, each.user_id, actor, now) for each in chosen}
    for assessment in made.values():
        assessment.due_on, assessment.answer_by = asked.due_on, answer_by
    lead = settle_lead(session, application.id, _lead_among(made, asked.lead))
    details = _take_place(session, before, next(iter(made.values())), asked) if before else {}
    for each in chosen:
        assessment = made[each.user_id]
        leads = assessment is lead
        record_on(
            session,
            actor,
            "assessment.assigned",
            assessment,
            application,
            now,
            assessor=each.name,
            lead=leads,
            **details,
        )
        _mail_assessor(
            session, assessment, "assessment_assigned", now, due_on=asked.due_on, answer_by=answer_by, leads=leads
        )


def _answer_by(asked: Asked, today: date) -> date:
    """The last day to answer: as asked, else a week from today and no later than the work itself is due. Raises Invalid."""
    latest = asked.due_on or today
    if asked.answer_by is None:
        return min(today + ANSWER_WITHIN, latest)
    check_day(asked.answer_by, today, "answer_by")
    if asked.answer_by > latest:
        raise Invalid({"answer_by": "Enter a date that is no later than the day by which the work is due."})
    return asked.answer_by


def _lead_among(made: Mapping[int, Assessment], lead: int | None) -> int | None:
    if lead is None:
        return None
    if lead not in made:
        raise Invalid({"lead": "Choose one of the assessors whom you ask."})
    return made[lead].id


def _left(session: Session, application: Application, asked: Asked) -> Assessment | None:
    """The assessment of whoever left and is replaced, None where nobody is. Raises Invalid."""
    if asked.in_place_of is None:
        return None
    before = session.get(Assessment, asked.in_place_of)
    if before is None or before.application_id != application.id or before.status not in LEFT:
        raise Invalid({"in_place_of": "Choose somebody who has left this case."})
    if before.assessor_id in asked.assessors or len(set(asked.assessors)) != 1:
        raise Invalid({"in_place_of": "One other assessor takes the place of the one who left."})
    if asked.hand_over and before.status is AssessmentStatus.DECLINED:
        raise Invalid({"hand_over": "They had a conflict of interest, so nobody begins from their scores."})
    if asked.hand_over and framework_of(application.edition).assessment.blind:
        raise Invalid({"hand_over": "Assessors of this framework score without seeing what others gave."})
    return before


def _take_place(session: Session, before: Assessment, newcomer: Assessment, asked: Asked) -> dict[str, Any]:
    newcomer.taken_over_from_id = before.id if asked.hand_over else None
    passed = pass_requests_on(session, before, newcomer)
    return {"in_place_of": before.assessor.name, "requests": passed, "scores_handed_over": asked.hand_over}


def choose_lead(application_id: int, assessment_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Name which of the case's assessors leads. Raises NotFound, NotAllowed, Invalid (`lead`)."""
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        before = session.scalars(
            select(Assessment).where(Assessment.application_id == application.id, Assessment.lead.is_(True))
        ).first()
        lead = settle_lead(session, application.id, assessment_id)
        if lead is None or lead.id != assessment_id:
            raise Invalid({"lead": "Choose one of those who assess this case."})
        if before is not lead:
            record_on(
                session,
                actor,
                "assessment.lead-chosen",
                lead,
                application,
                now,
                before=before.assessor.name if before else "",
                after=lead.assessor.name,
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
        assessment.declared_at, assessment.declaration, assessment.turned_down = None, "", ""
        assessment.unanswered_on, assessment.taken_over_from_id = None, None
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
        settle_lead(session, application.id)
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
        settle_lead(session, application.id)
        record_on(session, actor, "application.sent-back", application, application, now, note=application.note)
        mail_leads(session, application, "application_sent_back", now, topic=Topic.REQUESTS, note=application.note)
