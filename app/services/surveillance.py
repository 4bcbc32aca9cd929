"""The yearly return: its holder writes and sends it, the scheme accepts it or asks for more."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.lifecycle import NOT_RETURNED, SurveillanceMove
from app.domain.yearly_return import YearlyReturn
from app.models import Application, Award, Surveillance
from app.queries.award_facts import SETTLED
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of
from app.queries.surveillance import again_asked, seen_as
from app.services.award_warnings import tell_holder, tell_office
from app.services.casework import check_day, record_on, user_id
from app.services.transactions import locked, transaction

LONGEST = 4_000
CHANGED = (
    "A colleague has changed this return meanwhile. What you wrote is below and is not saved. Compare it with theirs."
)


def save_return(award_id: int, number: int, given: YearlyReturn, *, actor: Actor, now: datetime) -> None:
    """Keep what is written so far. Raises NotFound, NotAllowed, Invalid, Conflict where it changed or is not theirs now."""
    with transaction() as session:
        look, award = _writing(session, award_id, number, given, actor)
        _write(look, award, given)
        record_on(session, actor, "surveillance.saved", award, award.application, now, return_number=str(number))


def send_return(award_id: int, number: int, given: YearlyReturn, *, actor: Actor, now: datetime) -> None:
    """Send the return, as a lead. Raises as `save_return`, and Invalid by field where something is missing."""
    with transaction() as session:
        look, award = _writing(session, award_id, number, given, actor)
        given.check([each.code for each in again_asked(framework_of(award.edition), award, number)])
        _write(look, award, given)
        look.make(SurveillanceMove.RETURN)
        look.returned_at, look.returned_by_id = now, user_id(actor)
        record_on(session, actor, "surveillance.returned", award, award.application, now, return_number=str(number))
        tell_office(session, award, "surveillance_returned", now, return_number=number)


def accept_return(award_id: int, number: int, note: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Accept what was sent, with a word to the provider if there is one. Raises NotFound, NotAllowed, IllegalMove."""
    check_length(note, LONGEST, "note")
    with transaction() as session:
        look, award = _judging(session, award_id, number, actor, today)
        look.make(SurveillanceMove.ACCEPT)
        _settle(look, note, actor, now)
        record_on(
            session,
            actor,
            "surveillance.accepted",
            award,
            award.application,
            now,
            return_number=str(number),
            reason=note.strip(),
        )
        tell_holder(session, award, "surveillance_accepted", now, reason=note.strip())


def ask_more(
    award_id: int, number: int, note: str, due_on: date | None, *, actor: Actor, now: datetime, today: date
) -> None:
    """Ask for more by a day. Raises as `accept_return`, and Invalid (`note`, `due_on`)."""
    if not note.strip():
        raise Invalid({"note": "Say what is missing. The provider will read it."})
    check_length(note, LONGEST, "note")
    check_day(due_on, today, "due_on")
    with transaction() as session:
        look, award = _judging(session, award_id, number, actor, today)
        look.make(SurveillanceMove.ASK_MORE)
        _settle(look, note, actor, now)
        before, look.due_on = look.due_on, due_on or look.due_on
        record_on(
            session,
            actor,
            "surveillance.follow-up",
            award,
            award.application,
            now,
            return_number=str(number),
            reason=note.strip(),
            before=before.isoformat(),
            due_on=look.due_on.isoformat(),
        )
        values = {"reason": note.strip(), "due_on": look.due_on, "return_number": number}
        tell_holder(session, award, "surveillance_follow_up", now, **values)


def _held(session: Session, award_id: int, number: int) -> tuple[Surveillance, Award]:
    found = session.scalars(
        select(Surveillance).where(Surveillance.award_id == award_id, Surveillance.number == number)
    ).first()
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    locked(session, Application, found.award.application_id)
    award = locked(session, Award, award_id)
    return locked(session, Surveillance, found.id), award


def _writing(
    session: Session, award_id: int, number: int, given: YearlyReturn, actor: Actor
) -> tuple[Surveillance, Award]:
    look, award = _held(session, award_id, number)
    require(actor, Action.RETURN_SURVEILLANCE, Subject(organisation_id=award.organisation_id))
    if look.status not in NOT_RETURNED:
        raise Conflict(
            "This return is settled." if look.status in SETTLED else "This return is sent: the scheme reads it now."
        )
    if given.seen and given.seen != seen_as(look):
        raise Conflict(CHANGED)
    return look, award


def _write(look: Surveillance, award: Award, given: YearlyReturn) -> None:
    codes = [each.code for each in again_asked(framework_of(award.edition), award, look.number)]
    look.said, look.again = given.kept(codes)


def _judging(session: Session, award_id: int, number: int, actor: Actor, today: date) -> tuple[Surveillance, Award]:
    look, award = _held(session, award_id, number)
    require(actor, Action.CHANGE_AWARD, subject_of(session, award.application, today))
    return look, award


def _settle(look: Surveillance, note: str, actor: Actor, now: datetime) -> None:
    look.note, look.settled_at, look.settled_by_id = note.strip(), now, user_id(actor)
