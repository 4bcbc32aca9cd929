"""What permission depends on, read for one case: see app.domain.access.Subject."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.access import Subject
from app.domain.blind import all_in, is_blind
from app.domain.errors import NotFound
from app.domain.impartiality import still_bars
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.models import Application, Assessment, Panel, PanelSeat, Score
from app.queries.frameworks import framework_of
from app.queries.ties import ties_to

TAKING = frozenset({AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN})
MOST_BLIND = 200


def seen_by_scheme(application: Application) -> bool:
    """Whether the scheme may know of it: not of a draft, nor of one that was withdrawn without ever being handed in."""
    if application.status is ApplicationStatus.WITHDRAWN:
        return application.submitted_at is not None
    return application.status is not ApplicationStatus.DRAFT


def is_seen_by_scheme() -> ColumnElement[bool]:
    """The same as a condition on Application."""
    kept_back = (Application.status == ApplicationStatus.WITHDRAWN) & Application.submitted_at.is_(None)
    return (Application.status != ApplicationStatus.DRAFT) & ~kept_back


def application_or_not_found(session: Session, application_id: int) -> Application:
    """The application. Raises NotFound."""
    application = session.get(Application, application_id)
    if application is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return application


def subject_of(session: Session, application: Application, today: date | None = None) -> Subject:
    """The Subject of one application: a fixed number of statements, whatever its size.

    `today` decides which ties have run out. Without it each one ever declared still bars from managing the case, and
    those that last close it to whoever assesses it or sits on its panel.
    """
    assessments = session.execute(
        select(Assessment.assessor_id, Assessment.status).where(Assessment.application_id == application.id)
    ).all()
    scored = session.scalars(
        select(Assessment.assessor_id)
        .join(Score, Score.assessment_id == Assessment.id)
        .where(Assessment.application_id == application.id)
        .distinct()
    ).all()
    panel = session.scalars(
        select(Panel).where(Panel.application_id == application.id).order_by(Panel.id.desc()).limit(1)
    ).first()
    seats = [] if panel is None else session.scalars(select(PanelSeat).where(PanelSeat.panel_id == panel.id)).all()
    taking = TAKING
    reading = {AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN}
    tied, barred = _tied(session, application, today)
    return Subject(
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        assigned=frozenset(who for who, status in assessments if status in taking),
        assessing=frozenset(who for who, status in assessments if status in reading),
        assessed=frozenset(scored),
        seated=frozenset(seat.user_id for seat in seats if not seat.conflicted),
        sitting=frozenset(seat.user_id for seat in seats if seat.declared_at and not seat.conflicted),
        chair=panel.chair_id if panel else None,
        tied=tied,
        barred=barred,
        blind=_blind(
            application, [status for _, status in assessments], {who for who, s in assessments if s in taking}
        ),
        submitted=seen_by_scheme(application),
    )


def _blind(application: Application, statuses: list[AssessmentStatus], taking: set[int]) -> frozenset[int]:
    """Those who assess it, while the framework keeps their work from each other."""
    terms = framework_of(application.edition).assessment
    if not is_blind(terms) or all_in(statuses, terms.assessors):
        return frozenset()
    return frozenset(taking)


def blind_cases(session: Session, user_id: int | None) -> tuple[int, ...]:
    """The applications that somebody assesses blind, others' work on which they must not see yet. Bounded."""
    own = session.scalars(
        select(Application)
        .join(Assessment, Assessment.application_id == Application.id)
        .where(
            Assessment.assessor_id == user_id,
            Assessment.status.in_(TAKING),
            Application.status.in_((ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT)),
        )
        .order_by(Application.id)
        .limit(MOST_BLIND)
    )
    kept = [application for application in own if is_blind(framework_of(application.edition).assessment)]
    return tuple(each.id for each in kept if user_id in subject_of(session, each).blind)


def _tied(session: Session, application: Application, today: date | None) -> tuple[frozenset[int], frozenset[int]]:
    """Who has a tie that bars, and who one that closes the case to them. They differ only where no day is said."""
    ties = ties_to(session, application.organisation)
    if today is None or not ties:
        return frozenset(ties), frozenset(who for who, own in ties.items() if any(tie.ended_on is None for tie in own))
    bar = framework_of(application.edition).assessment.conflict_bar
    barred = frozenset(who for who, own in ties.items() if any(still_bars(tie, bar, today) for tie in own))
    return barred, barred
