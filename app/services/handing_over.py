"""Handing criteria to a colleague, with a last day for them, and what becomes of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.colleagues import check_handing_over
from app.domain.errors import Invalid, NotFound
from app.domain.topics import Topic
from app.models import Application, HandedOver, Membership, User
from app.queries.self_assessments import SelfAssessment, own_subject, self_assessment_of
from app.services.answers import editable_application
from app.services.telling import tell
from app.services.transactions import locked, record, transaction


@dataclass(frozen=True)
class Handing:
    """What is handed over: the criteria by their codes, to whom (a user's id), by when, with what words."""

    codes: tuple[str, ...]
    to_id: int | None
    due_on: date | None = None
    note: str = ""


def hand_over(application_id: int, handing: Handing, *, actor: Actor, now: datetime, today: date) -> str:
    """Hand criteria to a colleague, who is told once. Returns the colleague's name.

    What somebody else held goes over; what the colleague holds already by the same day is left as it is. Raises
    NotFound, NotAllowed, Invalid, Conflict once the application can no longer be changed.
    """
    check_handing_over(len(handing.codes), handing.to_id, handing.due_on, handing.note, today)
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        colleague = _colleague(session, application.organisation_id, handing.to_id)
        work = self_assessment_of(session, application, today=today)
        codes = _asked(work, handing.codes)
        held = _held(session, application_id)
        given = [code for code in codes if not _same(held.get(code), handing)]
        for code in given:
            _give(session, application, work, held.get(code), code, handing, actor, now)
        if given and colleague.id != actor.user_id:
            _tell(session, application, work, colleague, given, handing, actor, now)
        return colleague.name


def _colleague(session: Session, organisation_id: int, user_id: int | None) -> User:
    found = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.id == user_id, User.closed_at.is_(None))
    ).first()
    if found is None:
        raise Invalid({"to": "That person does not work for your organisation here. Choose somebody from the list."})
    return found


def _asked(work: SelfAssessment, codes: Sequence[str]) -> list[str]:
    """Those of `codes` that are asked, in reading order. Raises Invalid where none is."""
    wanted = set(codes)
    found = [each.criterion.code for each in work.applying if each.criterion.code in wanted]
    if not found:
        raise Invalid({"codes": "None of these criteria is asked of your organisation now. Choose others."})
    return found


def _held(session: Session, application_id: int) -> dict[str, HandedOver]:
    found = session.scalars(
        select(HandedOver).where(
            HandedOver.application_id == application_id,
            HandedOver.done_at.is_(None),
            HandedOver.taken_back_at.is_(None),
        )
    )
    return {row.criterion_code: row for row in found}


def _same(held: HandedOver | None, handing: Handing) -> bool:
    if held is None:
        return False
    return (held.to_id, held.due_on, held.note) == (handing.to_id, handing.due_on, handing.note.strip())


def _give(
    session: Session,
    application: Application,
    work: SelfAssessment,
    held: HandedOver | None,
    code: str,
    handing: Handing,
    actor: Actor,
    now: datetime,
) -> None:
    if held is not None:
        held.taken_back_at = now
    row = HandedOver(
        application_id=application.id,
        criterion_code=code,
        to_id=handing.to_id or 0,
        by_id=actor.user_id or 0,
        given_at=now,
        due_on=handing.due_on,
        note=handing.note.strip(),
        whole=work.finished(code) and code not in work.blocked,
    )
    session.add(row)
    _record(session, "criterion.handed-over", application, row, actor, now)


def _tell(
    session: Session,
    application: Application,
    work: SelfAssessment,
    colleague: User,
    codes: list[str],
    handing: Handing,
    actor: Actor,
    now: datetime,
) -> None:
    headings = [f"{code} {work.framework.criterion(code).heading}" for code in codes]
    tell(
        session,
        [colleague],
        "criteria_handed_over",
        now,
        topic=Topic.COLLEAGUES,
        provider=application.organisation.name,
        who=actor.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        application_id=application.id,
        codes=codes,
        headings=headings,
        due_on=handing.due_on,
        note=handing.note.strip(),
    )


def say_done(handed_id: int, *, actor: Actor, now: datetime) -> None:
    """Say that what was handed over is done. Anybody who may answer can. Twice changes nothing. Raises NotFound, NotAllowed."""
    with transaction() as session:
        application, row = _row(session, handed_id, actor)
        if row.done_at is None and row.taken_back_at is None:
            row.done_at = now
            _record(session, "criterion.done", application, row, actor, now)


def take_over(handed_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back what was handed over. Twice changes nothing. Raises NotFound, NotAllowed."""
    with transaction() as session:
        application, row = _row(session, handed_id, actor)
        if row.done_at is None and row.taken_back_at is None:
            row.taken_back_at = now
            _record(session, "criterion.taken-back", application, row, actor, now)


def _row(session: Session, handed_id: int, actor: Actor) -> tuple[Application, HandedOver]:
    row = session.get(HandedOver, handed_id)
    if row is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = session.get_one(Application, row.application_id)
    require(actor, Action.ANSWER, own_subject(application))
    return application, locked(session, HandedOver, handed_id)


def _record(
    session: Session, action: str, application: Application, row: HandedOver, actor: Actor, now: datetime
) -> None:
    # Without the scheme and the case: who does what among colleagues is the provider's own.
    record(
        session,
        actor,
        action,
        row,
        now,
        organisation_id=application.organisation_id,
        application=application.id,
        criterion=row.criterion_code,
        to=row.to_id,
    )
