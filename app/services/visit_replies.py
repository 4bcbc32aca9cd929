"""What a provider does with a planned visit: confirm it, or propose another time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.topics import Topic
from app.domain.visits import ProposalState, VisitMove, VisitStatus
from app.models import Application, Visit, VisitProposal
from app.queries.self_assessments import own_subject
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

LONGEST = 5_000


def confirm_visit(visit_id: int, version: int, *, actor: Actor, now: datetime) -> None:
    """Say that the visit suits, as it is planned in `version`. Raises NotFound, NotAllowed, Conflict, IllegalMove."""
    with transaction() as session:
        visit, application = _planned(session, visit_id, actor)
        if visit.status is VisitStatus.CONFIRMED:
            return
        if visit.version != version:
            raise Conflict("The assessor has changed this plan meanwhile. Look at it again.")
        visit.make(VisitMove.CONFIRM)
        visit.updated_at = now
        visit.version += 1
        _record(session, actor, "visit.confirmed", visit, application, now)
        _tell_goers(session, visit, application, "visit_confirmed", now)


def propose_time(
    visit_id: int, starts_at: datetime, ends_at: datetime, words: str, *, actor: Actor, now: datetime
) -> None:
    """Propose another time. One proposal waits at a time. Raises NotFound, NotAllowed, Conflict, Invalid."""
    if starts_at <= now:
        raise Invalid({"on": "Choose a time to come."})
    if ends_at <= starts_at:
        raise Invalid({"until": "It must end after it begins."})
    check_length(words, LONGEST, "words")
    with transaction() as session:
        visit, application = _planned(session, visit_id, actor)
        if visit.status not in {VisitStatus.PLANNED, VisitStatus.CONFIRMED}:
            raise Conflict("This visit is over or cancelled.")
        waiting = select(VisitProposal.id).where(
            VisitProposal.visit_id == visit.id, VisitProposal.state == ProposalState.OPEN
        )
        if session.scalars(waiting).first():
            raise Conflict("Another time has been proposed already. Wait for the assessor's answer.")
        session.add(
            VisitProposal(
                visit_id=visit.id,
                starts_at=starts_at,
                ends_at=ends_at,
                words=words.strip(),
                state=ProposalState.OPEN,
                by_id=actor.user_id,
                at=now,
            )
        )
        after = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        _record(session, actor, "visit.time-proposed", visit, application, now, after=after)
        _tell_goers(session, visit, application, "visit_time_proposed", now, proposed_at=starts_at, words=words.strip())


def _planned(session: Session, visit_id: int, actor: Actor) -> tuple[Visit, Application]:
    found = session.get(Visit, visit_id)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = locked(session, Application, found.application_id)
    require(actor, Action.ANSWER_QUESTION, own_subject(application))
    return locked(session, Visit, visit_id), application


def _record(
    session: Session, actor: Actor, action: str, visit: Visit, application: Application, now: datetime, **detail: object
) -> None:
    record(
        session,
        actor,
        action,
        visit,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        **detail,
    )


def _tell_goers(
    session: Session, visit: Visit, application: Application, template: str, now: datetime, **values: object
) -> None:
    tell(
        session,
        visit.goers,
        template,
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        starts_at=visit.starts_at,
        path=f"/assessments/visits/{visit.id}",
        **values,
    )
