"""What joins people to an organisation: interests, advice, and work for the consortium around it. Read for many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.impartiality import Tie, TieKind, name_key, reaching
from app.domain.uk_time import uk_day
from app.models import AdviserGrant, ConsortiumMember, Interest, Membership, Organisation

MOST = 5_000
MOST_NEAR = 500
Ties = dict[int, list[Tie]]  # by the id of the person


def ties_to(session: Session, organisation: Organisation, ids: Collection[int] | None = None) -> Ties:
    """The ties of these people, or of everybody, to an organisation and to those it is joined with. Five statements at most.

    Membership of the organisation itself is not among them: an actor carries that.
    """
    near = _near(session, organisation.id)
    found: Ties = defaultdict(list)
    for user_id, tie in _interests(session, organisation, near, ids):
        found[user_id].append(tie)
    for user_id, tie in _advice(session, organisation.id, ids):
        found[user_id].append(tie)
    for user_id, tie in _work_nearby(session, near, ids) if near else ():
        found[user_id].append(tie)
    return found


def _near(session: Session, organisation_id: int) -> dict[int, str]:
    """The organisations joined with this one through a consortium today, and in words how. Two statements at most."""
    own = select(ConsortiumMember.consortium_id).where(
        ConsortiumMember.member_id == organisation_id, ConsortiumMember.left_at.is_(None)
    )
    rows = session.execute(
        select(ConsortiumMember.consortium_id, ConsortiumMember.member_id)
        .where(
            ConsortiumMember.left_at.is_(None),
            ConsortiumMember.consortium_id.in_(own) | (ConsortiumMember.consortium_id == organisation_id),
        )
        .order_by(ConsortiumMember.id)
        .limit(MOST_NEAR)
    ).all()
    how = {consortium: "the consortium that it belongs to" for consortium, _ in rows}
    how |= {
        member: "one of its members" if consortium == organisation_id else "a member of the same consortium"
        for consortium, member in rows
    }
    how.pop(organisation_id, None)
    if not how:
        return {}
    names = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(how)))
    return {found: f"{name}, {how[found]}" for found, name in names}


def _interests(
    session: Session, organisation: Organisation, near: dict[int, str], ids: Collection[int] | None
) -> list[tuple[int, Tie]]:
    """Interests here and nearby, and those in an organisation that is only named, by a name that is this one's."""
    named = Interest.organisation_id.is_(None) & (Interest.name_key == name_key(organisation.name))
    rows = session.scalars(
        _of(
            select(Interest).where(
                Interest.closed_at.is_(None), Interest.organisation_id.in_([organisation.id, *near]) | named
            ),
            Interest.user_id,
            ids,
        ).order_by(Interest.id)
    )
    found = []
    for row in rows:
        tie: Tie | None = Tie(row.nature, _day(row.ended_at), row.kind, row.whose)
        if tie is not None and row.organisation_id in near:
            tie = reaching(tie, near[row.organisation_id or 0])
        if tie is not None:
            found.append((row.user_id, tie))
    return found


def _advice(session: Session, organisation_id: int, ids: Collection[int] | None) -> list[tuple[int, Tie]]:
    """Rights to help from outside, given now or once: until they were ended, or ran out."""
    rows = session.execute(
        _of(
            select(AdviserGrant.user_id, AdviserGrant.ended_at, AdviserGrant.ends_on).where(
                AdviserGrant.organisation_id == organisation_id
            ),
            AdviserGrant.user_id,
            ids,
        )
    )
    words = "Advises the organisation from outside."
    return [
        (user_id, Tie(words, min((day for day in (_day(ended_at), ends_on) if day), default=None), TieKind.ADVISES))
        for user_id, ended_at, ends_on in rows
    ]


def _work_nearby(session: Session, near: dict[int, str], ids: Collection[int] | None) -> list[tuple[int, Tie]]:
    rows = session.execute(
        _of(
            select(Membership.user_id, Membership.organisation_id).where(Membership.organisation_id.in_(near)),
            Membership.user_id,
            ids,
        )
    )
    return [(user_id, Tie("Works there.", kind=TieKind.WORKS, through=near[where])) for user_id, where in rows]


def _of(query: Select[Any], column: Any, ids: Collection[int] | None) -> Select[Any]:
    return (query if ids is None else query.where(column.in_(ids))).limit(MOST)


def _day(at: datetime | None) -> date | None:
    return uk_day(at) if at else None
