"""Registers of interests: one's own, and those of a scheme's people as its office sees them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.errors import NotAllowed, NotFound
from app.domain.impartiality import Register
from app.domain.interests import KIND_WORDS, NOTICED, WHOSE_WORDS, Standing, standing
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Interest, InterestRegister, SchemePost, User
from app.queries.schemes import SchemeRow, office_scheme

MOST_ENTRIES = 500
MOST_PEOPLE = 500


@dataclass(frozen=True)
class InterestRow:
    """One entry. `changeable` says whether its person may end or correct it; `closed` why it no longer counts."""

    interest_id: int
    organisation: str
    kind: str
    kind_words: str
    whose: str
    whose_words: str
    nature: str
    since_on: date | None
    until_on: date | None
    declared_on: date
    noticed: bool
    changeable: bool
    closed: str
    closed_on: date | None


@dataclass(frozen=True)
class RegisterState:
    """How somebody's register stands today. `due_on` is None where they were never asked for it."""

    confirmed_on: date | None
    has_none: bool
    due_on: date | None
    bars_after: date | None
    standing: Standing


@dataclass(frozen=True)
class MyRegister:
    """One's own register: what lasts, what is over, and what no longer counts."""

    state: RegisterState
    lasting: tuple[InterestRow, ...]
    over: tuple[InterestRow, ...]
    closed: tuple[InterestRow, ...]


@dataclass(frozen=True)
class PersonRow:
    """One of a scheme's people with how their register stands."""

    user_id: int
    name: str
    roles: tuple[Role, ...]
    state: RegisterState
    lasting: int


@dataclass(frozen=True)
class RegistersPage:
    """The registers of a scheme's people, overdue ones first."""

    scheme: SchemeRow
    people: tuple[PersonRow, ...]
    overdue: int


@dataclass(frozen=True)
class PersonPage:
    """One person's register as the office sees it. `strikes` tells whether the reader may strike an entry out."""

    scheme: SchemeRow
    user_id: int
    name: str
    roles: tuple[Role, ...]
    register: MyRegister
    strikes: bool


def my_register(actor: Actor, today: date) -> MyRegister:
    """The actor's own register. Two statements. Raises NotAllowed to those who hold no post in a scheme."""
    if not may_somewhere(actor, Action.KEEP_INTERESTS):
        raise NotAllowed("Only people who hold a post in a scheme keep a register of interests.")
    return _register(actor.user_id or 0, today)


def register_state(user_id: int, today: date) -> RegisterState:
    """How one person's register stands. One statement."""
    return _states([user_id], today)[user_id]


def own_interest(interest_id: int, actor: Actor, today: date) -> InterestRow:
    """One entry of the actor's own that they may change. Raises NotFound, NotAllowed."""
    register = my_register(actor, today)
    rows = (*register.lasting, *register.over)
    found = next((row for row in rows if row.interest_id == interest_id and row.changeable), None)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return found


def registers_page(code: str, actor: Actor, today: date) -> RegistersPage:
    """The registers of everybody who holds a post in the scheme. A fixed number of statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_INTERESTS)
    roles, people = _people(scheme.scheme_id)
    states = _states(list(roles), today)
    lasting = _lasting(list(roles))
    rows = [
        PersonRow(person.id, person.name, tuple(sorted(roles[person.id])), states[person.id], lasting[person.id])
        for person in people
    ]
    order = (Standing.OVERDUE, Standing.DUE, Standing.CONFIRMED)
    rows.sort(key=lambda row: (order.index(row.state.standing), row.name))
    return RegistersPage(scheme, tuple(rows), sum(row.state.standing is Standing.OVERDUE for row in rows))


def person_page(code: str, user_id: int, actor: Actor, today: date) -> PersonPage:
    """One person's register. A fixed number of statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_INTERESTS)
    roles, people = _people(scheme.scheme_id)
    person = next((each for each in people if each.id == user_id), None)
    if person is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return PersonPage(
        scheme=scheme,
        user_id=user_id,
        name=person.name,
        roles=tuple(sorted(roles[user_id])),
        register=_register(user_id, today),
        strikes=scheme.manages and user_id != actor.user_id,
    )


def _register(user_id: int, today: date) -> MyRegister:
    found = db.session.scalars(
        select(Interest)
        .where(Interest.user_id == user_id)
        .options(joinedload(Interest.organisation))
        .order_by(Interest.declared_at.desc(), Interest.id.desc())
        .limit(MOST_ENTRIES)
    ).all()
    rows = [_row(each) for each in found]
    return MyRegister(
        state=_states([user_id], today)[user_id],
        lasting=tuple(row for row in rows if row.closed_on is None and row.until_on is None),
        over=tuple(row for row in rows if row.closed_on is None and row.until_on is not None),
        closed=tuple(row for row in rows if row.closed_on is not None),
    )


def _row(interest: Interest) -> InterestRow:
    known = interest.organisation.name if interest.organisation else ""
    return InterestRow(
        interest_id=interest.id,
        organisation=known or interest.organisation_name,
        kind=interest.kind.value,
        kind_words=KIND_WORDS[interest.kind],
        whose=interest.whose.value,
        whose_words=WHOSE_WORDS[interest.whose],
        nature=interest.nature,
        since_on=interest.since_on,
        until_on=_day(interest.ended_at),
        declared_on=uk_day(interest.declared_at),
        noticed=interest.noticed,
        changeable=interest.closed_at is None and not (interest.noticed and interest.kind in NOTICED),
        closed=interest.closed_because,
        closed_on=_day(interest.closed_at),
    )


def _people(scheme_id: int) -> tuple[dict[int, set[Role]], list[User]]:
    rows = db.session.execute(
        select(User, SchemePost.role)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme_id, User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(MOST_PEOPLE)
    ).all()
    roles: dict[int, set[Role]] = defaultdict(set)
    for user, role in rows:
        roles[user.id].add(role)
    return roles, list({user.id: user for user, _ in rows}.values())


def _states(ids: Sequence[int], today: date) -> dict[int, RegisterState]:
    rows = db.session.scalars(select(InterestRegister).where(InterestRegister.user_id.in_(ids))).all()
    kept = {row.user_id: row for row in rows}
    return {user_id: _state(kept.get(user_id), today) for user_id in ids}


def _state(row: InterestRegister | None, today: date) -> RegisterState:
    if row is None:
        return RegisterState(None, False, None, None, Standing.DUE)
    register = Register(row.asked_on, _day(row.confirmed_at))
    return RegisterState(
        register.confirmed_on, row.has_none, register.due_on, register.bars_after, standing(register, today)
    )


def _lasting(ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = defaultdict(int)
    for user_id in db.session.scalars(
        select(Interest.user_id).where(
            Interest.user_id.in_(ids), Interest.closed_at.is_(None), Interest.ended_at.is_(None)
        )
    ):
        found[user_id] += 1
    return found


def _day(at: datetime | None) -> date | None:
    return uk_day(at) if at else None
