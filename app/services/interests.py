"""A person's register of interests: put down, corrected, ended, confirmed each year; struck out by a manager."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, may_somewhere, require
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, check_length
from app.domain.impartiality import name_key
from app.domain.interests import LONGEST_NATURE, NOTICED, Given, check
from app.models import Interest, InterestRegister, Organisation, SchemePost, User
from app.services.casework import user_id
from app.services.transactions import locked, record, transaction

NOT_THERE = "There is no such page, or it is not open to you."
NO_POST = "Only people who hold a post in a scheme keep a register of interests."
MOST_OPEN = 200
MOST_NAMES = 500


def add_interest(given: Given, *, actor: Actor, now: datetime, today: date) -> int:
    """Put an interest on one's register. Returns its id. Raises NotAllowed, Invalid, Conflict with too many of them."""
    _keeps_one(actor)
    check(given, today)
    with transaction() as session:
        person = _person(session, actor)
        own = select(func.count(Interest.id)).where(Interest.user_id == person.id, Interest.closed_at.is_(None))
        if (session.scalar(own) or 0) >= MOST_OPEN:
            raise Conflict(f"A register holds {MOST_OPEN} interests at most. Ask the scheme what to do.")
        interest = _row(session, person, given, now)
        session.add(interest)
        session.flush()
        _record(session, actor, "interest.added", interest, now, after=_words(interest))
        return interest.id


def correct_interest(interest_id: int, given: Given, because: str, *, actor: Actor, now: datetime, today: date) -> int:
    """Put down anew what was put down wrongly. The earlier entry stays on record. Returns the new one's id.

    The organisation stays the same: an entry under a wrong name is struck out by a manager. Raises NotFound, NotAllowed,
    Invalid (`because` and as `add_interest`), Conflict where it was changed meanwhile.
    """
    _keeps_one(actor)
    check(given, today)
    _check_because(because, "Say what was wrong. The scheme reads it.")
    with transaction() as session:
        before = _own(session, interest_id, actor)
        after = _row(session, _person(session, actor), given, now)
        after.organisation_id, after.organisation_name = before.organisation_id, before.organisation_name
        after.name_key, after.replaces_id = before.name_key, before.id
        session.add(after)
        _close(before, because, actor, now)
        session.flush()
        words = {"before": _words(before), "after": _words(after), "reason": because.strip()}
        _record(session, actor, "interest.corrected", after, now, **words)
        return after.id


def end_interest(interest_id: int, until_on: date | None, *, actor: Actor, now: datetime, today: date) -> None:
    """Say that an interest is over. It stays on record, and bars until the scheme's bar has passed.

    Raises NotFound, NotAllowed, Invalid (`until_on`), Conflict where it has ended already.
    """
    _keeps_one(actor)
    if until_on is None or until_on > today:
        raise Invalid({"until_on": "Enter the last day of the interest: today or earlier."})
    with transaction() as session:
        interest = _own(session, interest_id, actor)
        if interest.ended_at is not None:
            raise Conflict("This interest has ended already.")
        if interest.since_on and until_on < interest.since_on:
            raise Invalid({"until_on": "It cannot end before it begins."})
        interest.ended_at = _noon(until_on)
        _record(session, actor, "interest.ended", interest, now, before="lasts", after=str(until_on))


def confirm_register(*, nothing: bool, actor: Actor, now: datetime) -> None:
    """Confirm that one's register is complete; `nothing` says that there is none to put down.

    Raises NotAllowed, and Invalid (`nothing`) where it says none and there is one.
    """
    _keeps_one(actor)
    with transaction() as session:
        person = _person(session, actor)
        lasting = session.scalar(
            select(func.count(Interest.id)).where(
                Interest.user_id == person.id, Interest.closed_at.is_(None), Interest.ended_at.is_(None)
            )
        )
        if nothing and lasting:
            raise Invalid({"nothing": "Your register has interests that last. End them first, or confirm them."})
        register = register_of(session, person.id, now)
        before = str(register.confirmed_at or "")
        register.confirmed_at, register.has_none = now, nothing
        _record(session, actor, "interests.confirmed", register, now, before=before, none=nothing, lasting=lasting or 0)


def strike_interest(interest_id: int, scheme_id: int, because: str, *, actor: Actor, now: datetime) -> None:
    """As a manager, strike out an entry that is wrong. It stays on record and bars no more.

    Raises NotFound, NotAllowed for one's own, Invalid (`reason`), Conflict for what the system knows by itself.
    """
    require(actor, Action.MANAGE_PEOPLE, Subject(scheme_id=scheme_id))
    _check_because(because, "Say why it is struck out. It stays on record with this reason.", "reason")
    with transaction() as session:
        interest = locked(session, Interest, interest_id)
        holds = session.scalar(
            select(func.count(SchemePost.id)).where(
                SchemePost.user_id == interest.user_id, SchemePost.scheme_id == scheme_id
            )
        )
        if not holds:
            raise NotFound(NOT_THERE)
        if interest.user_id == actor.user_id:
            raise NotAllowed("Another manager has to look at your own register.")
        if interest.noticed and interest.kind in NOTICED:
            raise Conflict("The system keeps this by itself, from work or advice here. It cannot be struck out.")
        if interest.closed_at is not None:
            raise Conflict("This entry no longer counts. Load the page again.")
        _close(interest, because, actor, now)
        _record(session, actor, "interest.struck-out", interest, now, before=_words(interest), reason=because.strip())


def register_of(session: Session, person_id: int, now: datetime) -> InterestRegister:
    """The person's register, begun today where there was none."""
    found = session.scalars(select(InterestRegister).where(InterestRegister.user_id == person_id)).first()
    if found is None:
        found = InterestRegister(user_id=person_id, asked_on=now.date(), has_none=False)
        session.add(found)
        session.flush()
    return found


def _keeps_one(actor: Actor) -> None:
    if not may_somewhere(actor, Action.KEEP_INTERESTS):
        raise NotAllowed(NO_POST)


def _check_because(because: str, missing: str, field: str = "because") -> None:
    if not because.strip():
        raise Invalid({field: missing})
    check_length(because, LONGEST_NATURE, field)


def _person(session: Session, actor: Actor) -> User:
    """The person, held, so that two windows take turns."""
    return locked(session, User, user_id(actor))


def _own(session: Session, interest_id: int, actor: Actor) -> Interest:
    interest = locked(session, Interest, interest_id)
    if interest.user_id != actor.user_id:
        raise NotFound(NOT_THERE)
    if interest.noticed and interest.kind in NOTICED:
        raise NotAllowed("The system keeps this by itself, from your work or advice here. It changes with that.")
    if interest.closed_at is not None:
        raise Conflict("This entry was changed in another window. Load the page again.")
    return interest


def _row(session: Session, person: User, given: Given, now: datetime) -> Interest:
    name = " ".join(given.organisation.split())
    known = _known(session, name)
    return Interest(
        user_id=person.id,
        organisation_id=known,
        organisation_name=name,
        name_key=name_key(name) if known is None else "",
        kind=given.kind,
        whose=given.whose,
        nature=given.nature.strip(),
        since_on=given.since_on,
        ended_at=_noon(given.until_on) if given.until_on else None,
        declared_at=now,
    )


def _known(session: Session, name: str) -> int | None:
    """The organisation here that alone has this name, however it is spelled."""
    key = name_key(name)
    word = max(key.split(), key=len, default="")
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(func.lower(Organisation.name).contains(word, autoescape=True))
        .order_by(Organisation.id)
        .limit(MOST_NAMES)
    )
    found = [organisation_id for organisation_id, known in rows if name_key(known) == key]
    return found[0] if len(found) == 1 else None


def _close(interest: Interest, because: str, actor: Actor, now: datetime) -> None:
    interest.closed_at, interest.closed_because, interest.closed_by_id = now, because.strip(), actor.user_id


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _words(interest: Interest) -> dict[str, str]:
    return {
        "organisation": interest.organisation_name or str(interest.organisation_id),
        "kind": interest.kind.value,
        "whose": interest.whose.value,
        "nature": interest.nature,
        "since": str(interest.since_on or ""),
        "until": str(interest.ended_at.date() if interest.ended_at else ""),
    }


def _record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Interest | InterestRegister,
    now: datetime,
    **detail: Any,
) -> None:
    """One audit row for each scheme in which the person holds a post, since each of them reads it. None for a provider."""
    schemes = select(SchemePost.scheme_id).where(SchemePost.user_id == subject.user_id).distinct()
    for scheme_id in sorted(session.scalars(schemes)):
        record(session, actor, action, subject, now, scheme_id=scheme_id, **detail)
