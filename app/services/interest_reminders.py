"""Asking everybody who holds a post in a scheme for their register of interests, and again each year."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.impartiality import Register
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import InterestRegister, SchemePost, User
from app.services.telling import tell
from app.services.transactions import transaction

AGAIN_AFTER = timedelta(days=14)
LONGEST_ASKED = timedelta(days=90)
"""How long after its day a register is asked for by e-mail. Later the things to do and the scheme's list say it still."""
BATCH = 200


def ask_for_interests(now: datetime) -> int:
    """Ask each person for whom it is due, and every fortnight until they confirm. Returns how many were asked.

    Somebody new in a scheme is asked on the day after. Running it twice on a day asks nobody twice.
    """
    today = uk_day(now)
    asked = after = 0
    while True:
        with transaction() as session:
            people = _holders(session, after)
            registers = _registers(session, people)
            for person in people:
                asked += _ask(session, person, registers.get(person.id), today, now)
                after = person.id
        if len(people) < BATCH:
            return asked


def _holders(session: Session, after: int) -> list[User]:
    holds = select(SchemePost.user_id)
    return list(
        session.scalars(
            select(User)
            .where(User.id > after, User.id.in_(holds), User.closed_at.is_(None))
            .order_by(User.id)
            .limit(BATCH)
        )
    )


def _registers(session: Session, people: list[User]) -> dict[int, InterestRegister]:
    rows = session.scalars(
        select(InterestRegister).where(InterestRegister.user_id.in_([person.id for person in people])).with_for_update()
    )
    return {row.user_id: row for row in rows}


def _ask(session: Session, person: User, register: InterestRegister | None, today: date, now: datetime) -> int:
    if register is None:
        register = InterestRegister(user_id=person.id, asked_on=today, has_none=False)
        session.add(register)
    confirmed = uk_day(register.confirmed_at) if register.confirmed_at else None
    facts = Register(register.asked_on, confirmed)
    if not _is_due(facts, register.reminded_on, today):
        return 0
    register.reminded_on = today
    tell(
        session,
        [person],
        "interests_due",
        now,
        topic=Topic.CASES,
        first=confirmed is None,
        due_on=facts.due_on,
        bars_after=facts.bars_after,
    )
    return 1


def _is_due(register: Register, reminded_on: date | None, today: date) -> bool:
    if not register.due_on <= today <= register.due_on + LONGEST_ASKED:
        return False
    return reminded_on is None or reminded_on < register.due_on or today >= reminded_on + AGAIN_AFTER
