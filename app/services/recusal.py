"""Declaring a conflict of interest half-way, or turning a case down: assessors, panel members and managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Invalid, check_length
from app.domain.impartiality import TieKind, Whose
from app.domain.lifecycle import AssessmentMove
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Assessment
from app.queries.subjects import subject_of
from app.services.assessing import check_own, held, record_on_assessment
from app.services.case_managers import managers_of
from app.services.casework import edition_words, managed, record_on, user_id
from app.services.closing import close_assessing
from app.services.leading import settle_lead
from app.services.sitting import own_seat, undecided_panel
from app.services.standing_aside import leave_panel, stand_aside
from app.services.telling import tell
from app.services.tie_keeping import keep_tie
from app.services.transactions import transaction

LONGEST = 5_000


@dataclass(frozen=True)
class Found:
    """A conflict that somebody has found: of which kind, whose it is, and in their words what it is."""

    words: str
    kind: TieKind = TieKind.OTHER
    whose: Whose = Whose.OWN

    def check(self) -> None:
        """Raises Invalid (`words`)."""
        if not self.words.strip():
            raise Invalid({"words": "Say what the interest is, so that the scheme can record it."})
        check_length(self.words, LONGEST, "words")


def stop_assessing(assessment_id: int, found: Found, *, actor: Actor, now: datetime) -> None:
    """Declare a conflict after having declared none. The case closes at once; scores stay on record and do not count.

    Possible until the case is decided. Where all scores were in, the case is assessed again, and a panel stands down.
    Raises NotFound, NotAllowed, Invalid, IllegalMove, Conflict once it is decided.
    """
    found.check()
    with transaction() as session:
        assessment, application = held(session, assessment_id)
        require(actor, Action.DECLARE_INTERESTS, subject_of(session, application, uk_day(now)))
        check_own(assessment, actor)
        before = assessment.status.value
        stand_aside(session, assessment, application, found.words, actor, now, kind=found.kind, whose=found.whose)
        record_on_assessment(
            session, actor, "assessment.declined", assessment, now, before=before, reason=found.words.strip()
        )


def stop_sitting(panel_id: int, found: Found, *, actor: Actor, now: datetime) -> None:
    """Declare a conflict after having taken one's seat, voted or not. The case closes at once and a vote does not count.

    Raises NotFound, NotAllowed, Invalid, Conflict once the panel has decided.
    """
    found.check()
    with transaction() as session:
        panel, application = undecided_panel(session, panel_id, actor, Action.DECLARE_FOR_PANEL)
        seat = own_seat(session, panel, actor)
        leave_panel(session, panel, seat, found.words, now, kind=found.kind, whose=found.whose)
        record_on(
            session,
            actor,
            "panel.stood-aside",
            panel,
            application,
            now,
            voted=seat.vote,
            chaired=panel.chair_id == seat.user_id,
            reason=found.words.strip(),
        )


def stop_managing(application_id: int, found: Found, *, actor: Actor, now: datetime, today: date) -> int:
    """Declare an interest in the organisation of a case that one manages: other managers take it over.

    Returns how many managers are left who may manage it. Raises NotFound, NotAllowed, Invalid.
    """
    found.check()
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        keep_tie(
            session,
            user_id(actor),
            application.organisation_id,
            found.words,
            now,
            kind=found.kind,
            whose=found.whose,
        )
        record_on(session, actor, "case.manager-stood-aside", application, application, now, reason=found.words.strip())
        session.flush()
        others = managers_of(session, application, today)
        tell(
            session,
            others,
            "manager_stood_aside",
            now,
            topic=Topic.CASES,
            manager=actor.name,
            provider=application.organisation.name,
            scheme=application.edition.scheme.code,
            application_id=application.id,
            words=found.words.strip(),
        )
        return len(others)


def turn_down(assessment_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Refuse a case for a reason other than a conflict of interest, before having seen it.

    Raises NotFound, NotAllowed, Invalid (`reason`), IllegalMove once the case is open to the assessor.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why, so that the scheme knows whom to ask instead."})
    check_length(reason, LONGEST, "reason")
    with transaction() as session:
        assessment, application = held(session, assessment_id)
        require(actor, Action.DECLARE_INTERESTS, subject_of(session, application, uk_day(now)))
        check_own(assessment, actor)
        assessment.make(AssessmentMove.TURN_DOWN)
        assessment.turned_down = reason.strip()
        settle_lead(session, application.id)
        close_assessing(session, application, actor, now)
        record_on_assessment(session, actor, "assessment.turned-down", assessment, now, reason=assessment.turned_down)
        _tell_of_refusal(session, assessment, application, now)


def _tell_of_refusal(session: Session, assessment: Assessment, application: Application, now: datetime) -> None:
    tell(
        session,
        managers_of(session, application, uk_day(now), assessment.assigned_by_id),
        "assessor_turned_down",
        now,
        topic=Topic.CASES,
        assessor=assessment.assessor.name,
        provider=application.organisation.name,
        framework=edition_words(application),
        words=assessment.turned_down,
        scheme=application.edition.scheme.code,
        application_id=application.id,
    )
