"""What follows when an assessor or a panel member has a conflict of interest, at whatever stage. No use-case of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict
from app.domain.impartiality import TieKind, Whose
from app.domain.lifecycle import (
    ENDED,
    ApplicationMove,
    ApplicationStatus,
    AssessmentMove,
    AssessmentStatus,
    PanelMove,
    PanelStatus,
)
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Panel, PanelSeat, Score
from app.queries.frameworks import framework_of
from app.services.case_managers import managers_of
from app.services.casework import edition_words, record_on
from app.services.closing import close_assessing
from app.services.leading import TAKING_PART, settle_lead
from app.services.telling import tell
from app.services.tie_keeping import keep_tie

DECIDED = ENDED | {ApplicationStatus.DEFERRED}
LATER = frozenset({ApplicationStatus.RECONCILING, ApplicationStatus.ASSESSED, ApplicationStatus.WITH_PANEL})
"""Where all scores are in, so that a case goes back to be assessed when some of them do not count any more."""


def stand_aside(
    session: Session,
    assessment: Assessment,
    application: Application,
    words: str,
    actor: Actor,
    now: datetime,
    *,
    kind: TieKind = TieKind.OTHER,
    whose: Whose = Whose.OWN,
    nature: str = "",
) -> None:
    """Close the case to an assessor who declares a conflict. What they scored stays on record and does not count.

    Raises IllegalMove, and Conflict once the case is decided. Both rows are held by the caller.
    """
    if application.status in DECIDED:
        raise Conflict(
            "This case is decided. Add the interest to your register, and tell the scheme: it decides what follows."
        )
    was = assessment.status
    assessment.make(AssessmentMove.DECLARE_CONFLICT)
    assessment.declared_at, assessment.declaration = now, words.strip()
    keep_tie(session, assessment.assessor_id, application.organisation_id, nature or words, now, kind=kind, whose=whose)
    settle_lead(session, application.id)
    stood_down = False
    if was is AssessmentStatus.HANDED_IN and application.status in LATER:
        stood_down = _take_back(session, application, actor, now)
    close_assessing(session, application, actor, now)
    _tell_managers(session, assessment, application, stood_down, now)


def _take_back(session: Session, application: Application, actor: Actor, now: datetime) -> bool:
    """Assess the case again, for scores that were reconciled or read no longer count. Whether a panel stood down over it."""
    waiting = select(Panel).where(
        Panel.application_id == application.id, Panel.status.in_((PanelStatus.CALLED, PanelStatus.VOTE_CLOSED))
    )
    for panel in session.scalars(waiting.with_for_update(key_share=True)).all():
        panel.make(PanelMove.STAND_DOWN)
        record_on(session, actor, "panel.stood-down", panel, application, now, reason="An assessor stood aside.")
        _tell_panel(session, panel, application, now)
    had_panel = application.status is ApplicationStatus.WITH_PANEL
    application.make(ApplicationMove.DISCOUNT, now)
    return had_panel


def _tell_panel(session: Session, panel: Panel, application: Application, now: datetime) -> None:
    seats = session.scalars(select(PanelSeat).where(PanelSeat.panel_id == panel.id, PanelSeat.conflicted.is_(False)))
    tell(
        session,
        [seat.user for seat in seats],
        "panel_stood_down",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
    )


def _tell_managers(
    session: Session, assessment: Assessment, application: Application, stood_down: bool, now: datetime
) -> None:
    tell(
        session,
        managers_of(session, application, uk_day(now), assessment.assigned_by_id),
        "assessor_declined",
        now,
        topic=Topic.CASES,
        assessor=assessment.assessor.name,
        provider=application.organisation.name,
        application_id=application.id,
        words=assessment.declaration,
        scored=_scored(session, assessment),
        stood_down=stood_down,
        replace=_too_few(session, application),
        scheme=application.edition.scheme.code,
    )


def _scored(session: Session, assessment: Assessment) -> int:
    return session.scalar(select(func.count(Score.id)).where(Score.assessment_id == assessment.id)) or 0


def _too_few(session: Session, application: Application) -> bool:
    """Whether fewer assessors are left on the case than the framework asks for."""
    left = select(func.count(Assessment.id)).where(
        Assessment.application_id == application.id, Assessment.status.in_(TAKING_PART)
    )
    return (session.scalar(left) or 0) < framework_of(application.edition).assessment.assessors


def leave_panel(
    session: Session,
    panel: Panel,
    seat: PanelSeat,
    words: str,
    now: datetime,
    *,
    kind: TieKind = TieKind.OTHER,
    whose: Whose = Whose.OWN,
) -> None:
    """Close the case to a panel member who declares a conflict. A vote of theirs stays on record and does not count."""
    application = panel.application
    seat.conflicted, seat.declared_at, seat.declaration = True, now, words.strip()
    keep_tie(session, seat.user_id, application.organisation_id, words, now, kind=kind, whose=whose)
    tell(
        session,
        managers_of(session, application, uk_day(now), panel.called_by_id),
        "panel_stood_aside",
        now,
        topic=Topic.CASES,
        member=seat.user.name,
        provider=application.organisation.name,
        words=seat.declaration,
        voted=bool(seat.vote),
        chaired=panel.chair_id == seat.user_id,
        scheme=application.edition.scheme.code,
        application_id=application.id,
    )
