"""What a scheme says of a certificate of another body that it was asked to check: accepts, refuses, or revokes later."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, require
from app.domain.certificates_held import LONGEST_REASON, CheckMove, CheckState
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.topics import Topic
from app.domain.wording import dated
from app.models import Passport, PassportCheck, Scheme
from app.queries.passport_subjects import subject_of_check
from app.queries.resting import resting_on
from app.services.passport_news import tell_of_award
from app.services.telling import people_of, tell
from app.services.transactions import locked, record, transaction

DONE = {
    CheckMove.ACCEPT: "passport.accepted",
    CheckMove.REFUSE: "passport.refused",
    CheckMove.REVOKE: "passport.revoked",
}


def check_passport(
    scheme_id: int,
    passport_id: int,
    move: CheckMove,
    *,
    version: int,
    reason: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """Say for one scheme what comes of a certificate. Its provider is told, and where an award rests on it so is the office.

    `version` is that of the certificate which was looked at; refusing and revoking need a reason. Saying again what was
    said changes nothing. Raises NotFound, NotAllowed, Invalid, IllegalMove, and Conflict where the certificate was
    changed or taken back meanwhile, or is over.
    """
    check_length(reason, LONGEST_REASON, "reason")
    if move is not CheckMove.ACCEPT and not reason.strip():
        raise Invalid({"reason": "Say why. The provider reads it, and can bring a better one."})
    with transaction() as session:
        passport = locked(session, Passport, passport_id)
        check = _check(session, passport, scheme_id)
        require(actor, Action.VERIFY_PASSPORT, subject_of_check(session, passport, scheme_id, today))
        if _said_already(check, move):
            return
        _check_current(passport, move, version, today)
        check.make(move, now)
        check.reason, check.checked_by_id = reason.strip(), actor.user_id
        _record(session, actor, DONE[move], check, passport, now)
        _tell(session, check, passport, move, today, now)


def _check(session: Session, passport: Passport, scheme_id: int) -> PassportCheck:
    found = session.scalars(
        select(PassportCheck)
        .where(PassportCheck.passport_id == passport.id, PassportCheck.scheme_id == scheme_id)
        .with_for_update(key_share=True)
    ).first()
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return found


def _said_already(check: PassportCheck, move: CheckMove) -> bool:
    said = {CheckState.ACCEPTED: CheckMove.ACCEPT, CheckState.REFUSED: CheckMove.REFUSE}
    return {**said, CheckState.REVOKED: CheckMove.REVOKE}.get(check.state) is move


def _check_current(passport: Passport, move: CheckMove, version: int, today: date) -> None:
    if passport.withdrawn_at is not None:
        raise Conflict("The provider took this certificate back, so there is nothing to check.")
    if passport.version != version:
        raise Conflict("The provider changed this certificate while you looked at it. Read it again first.")
    if move is CheckMove.ACCEPT and passport.ends_on is not None and passport.ends_on < today:
        raise Conflict(f"This certificate ended on {dated(passport.ends_on)}, so it cannot be accepted.")


def _tell(
    session: Session, check: PassportCheck, passport: Passport, move: CheckMove, today: date, now: datetime
) -> None:
    scheme = session.get_one(Scheme, check.scheme_id)
    told = {
        "scheme": scheme.title,
        "title": passport.title,
        "provider": passport.organisation.name,
        "reason": check.reason,
    }
    leads = people_of(session, passport.organisation_id, Role.LEAD)
    address = f"/organisations/{passport.organisation_id}/held-elsewhere/{passport.id}"
    tell(session, leads, f"passport_{check.state.value}", now, topic=Topic.PASSPORTS, path=address, **told)
    if move is CheckMove.REVOKE:
        for resting in resting_on(session, passport.id, check.scheme_id, today):
            if resting.fell:
                tell_of_award(session, resting, now)


def _record(
    session: Session, actor: Actor, action: str, check: PassportCheck, passport: Passport, now: datetime, **detail: Any
) -> None:
    record(
        session,
        actor,
        action,
        passport,
        now,
        organisation_id=passport.organisation_id,
        scheme_id=check.scheme_id,
        number=passport.number,
        certificate=passport.title,
        reason=check.reason,
        **detail,
    )
