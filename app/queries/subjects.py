"""What permission depends on, read for one case: see app.domain.access.Subject."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, select
from sqlalchemy.orm import Session

from app.domain.access import Actor, Subject
from app.domain.blind import all_in, is_blind
from app.domain.errors import NotFound
from app.domain.impartiality import still_bars
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Finding, Panel, PanelSeat, Score
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
    those that last close it to whoever assesses it or sits on its panel; so do those that barred on the day on which they
    declared none.
    """
    assessments = session.execute(
        select(Assessment.assessor_id, Assessment.status, Assessment.declared_at).where(
            Assessment.application_id == application.id
        )
    ).all()
    judged = session.scalars(who_judged(application.id)).all()
    panel = session.scalars(
        select(Panel).where(Panel.application_id == application.id).order_by(Panel.id.desc()).limit(1)
    ).first()
    seats = [] if panel is None else session.scalars(select(PanelSeat).where(PanelSeat.panel_id == panel.id)).all()
    taking = TAKING
    reading = {AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN}
    let_in = {who: declared_at for who, _, declared_at in assessments if declared_at}
    let_in |= {seat.user_id: seat.declared_at for seat in seats if seat.declared_at}
    tied, barred = _tied(session, application, today, let_in)
    return Subject(
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        assigned=frozenset(who for who, status, _ in assessments if status in taking),
        assessing=frozenset(who for who, status, _ in assessments if status in reading),
        assessed=frozenset(judged),
        seated=frozenset(seat.user_id for seat in seats if not seat.conflicted),
        sitting=frozenset(seat.user_id for seat in seats if seat.declared_at and not seat.conflicted),
        chair=panel.chair_id if panel else None,
        tied=tied,
        barred=barred,
        blind=_blind(
            application, [status for _, status, _ in assessments], {who for who, s, _ in assessments if s in taking}
        ),
        submitted=seen_by_scheme(application),
    )


def who_judged(application_id: int) -> CompoundSelect[Any]:
    """Whoever scored the case, or wrote a finding down as its assessor, whether or not they still assess it. One statement."""
    own = Assessment.application_id == application_id
    scored = select(Assessment.assessor_id).join(Score, Score.assessment_id == Assessment.id).where(own)
    found = select(Assessment.assessor_id).join(Finding, Finding.assessment_id == Assessment.id).where(own)
    return scored.union(found)


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


def is_open_to(session: Session, actor: Actor) -> ColumnElement[bool]:
    """As a condition on Application: neither an organisation's that the actor belongs to or helps, nor assessed blind by them.

    Of any other case a list of the office keeps back who assesses it, how far they are and by when. One statement, and
    those of a Subject for each case that the actor assesses blind.
    """
    own, blind = sorted(actor.judges_none_of), blind_cases(session, actor.user_id)
    return Application.organisation_id.not_in(own) & Application.id.not_in(blind)


def _tied(
    session: Session, application: Application, today: date | None, let_in: Mapping[int, datetime]
) -> tuple[frozenset[int], frozenset[int]]:
    """Who has a tie that bars, and who one that closes the case to them. They differ only where no day is said.

    `let_in` is when somebody declared that nothing bars them: a tie that did so even then has come to light since.
    """
    ties = ties_to(session, application.organisation)
    if not ties:
        return frozenset(), frozenset()
    bar = framework_of(application.edition).assessment.conflict_bar
    if today is not None:
        barred = frozenset(who for who, own in ties.items() if any(still_bars(tie, bar, today) for tie in own))
        return barred, barred
    days = {who: uk_day(at) for who, at in let_in.items()}
    shut = {
        who
        for who, own in ties.items()
        if any(tie.ended_on is None or (who in days and still_bars(tie, bar, days[who])) for tie in own)
    }
    return frozenset(ties), frozenset(shut)
