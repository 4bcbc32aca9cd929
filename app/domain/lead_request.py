"""How the lead of an organisation passes from one person to another: the states of a request, and the only moves.

A lead hands over, a colleague asks because no lead can be reached, or somebody from outside does because nobody is left.
The leads are always asked first. Only their silence lets the scheme or the operator decide, and then a lead who comes
back can object, which undoes it until it is settled.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.lifecycle import after

SILENCE = timedelta(days=14)
"""How long the leads have to answer before anybody else may decide."""
OBJECTION = timedelta(days=7)
"""How long after the lead was granted an earlier lead may object."""
OPEN_FOR = timedelta(days=60)
"""How long a request or an objection that nobody deals with stays open."""
OFFERED_FOR = timedelta(days=14)
"""How long a lead's own offer to hand over stays open."""
WORDS_LONGEST = 2000


class RequestKind(StrEnum):
    """Who began it, and why."""

    HAND_OVER = "hand-over"  # a lead offers it to a colleague
    TAKE_OVER = "take-over"  # a contributor asks
    LET_IN = "let-in"  # somebody who is not here yet asks


class RequestStatus(StrEnum):
    """Where it stands."""

    OPEN = "open"
    AGREED = "agreed"  # by who was asked: the colleague, or a lead
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    GRANTED = "granted"  # by the scheme or the operator: a lead may object
    OBJECTED = "objected"  # undone until it is settled
    SETTLED = "settled"  # the lead has passed for good


class RequestMove(StrEnum):
    """What can happen to it."""

    AGREE = "agree to"
    REFUSE = "refuse"
    WITHDRAW = "take back"
    GRANT = "grant"
    OBJECT = "object to"
    UPHOLD = "uphold"
    SETTLE = "settle"
    EXPIRE = "let run out"


_S, _M = RequestStatus, RequestMove
REQUEST_MOVES: Mapping[tuple[RequestStatus, RequestMove], RequestStatus] = {
    (_S.OPEN, _M.AGREE): _S.AGREED,
    (_S.OPEN, _M.REFUSE): _S.REFUSED,
    (_S.OPEN, _M.WITHDRAW): _S.WITHDRAWN,
    (_S.OPEN, _M.GRANT): _S.GRANTED,
    (_S.OPEN, _M.EXPIRE): _S.EXPIRED,
    (_S.GRANTED, _M.OBJECT): _S.OBJECTED,
    (_S.GRANTED, _M.SETTLE): _S.SETTLED,
    (_S.OBJECTED, _M.UPHOLD): _S.SETTLED,
    (_S.OBJECTED, _M.REFUSE): _S.REFUSED,
    (_S.OBJECTED, _M.EXPIRE): _S.EXPIRED,
}
ALIVE = frozenset({_S.OPEN, _S.GRANTED, _S.OBJECTED})
"""The states in which something can still happen."""


def request_after(status: RequestStatus, move: RequestMove) -> RequestStatus:
    """The status that `move` leads to. Raises IllegalMove."""
    return after(REQUEST_MOVES, status, move, "request")


def runs_out_at(kind: RequestKind, asked_at: datetime) -> datetime:
    """When an open request ends if nobody does anything."""
    return asked_at + (OFFERED_FOR if kind is RequestKind.HAND_OVER else OPEN_FOR)


def status_at(status: RequestStatus, since: datetime, ends_at: datetime, now: datetime) -> RequestStatus:
    """What a stored status is by the clock. `since`: when it came to stand so; `ends_at`: when an open one runs out.

    So nothing depends on when the day's work is done.
    """
    if status is _S.OPEN and now >= ends_at:
        return _S.EXPIRED
    if status is _S.GRANTED and now >= since + OBJECTION:
        return _S.SETTLED
    if status is _S.OBJECTED and now >= since + OPEN_FOR:
        return _S.EXPIRED
    return status


def others_decide_from(kind: RequestKind, asked_at: datetime, has_leads: bool) -> datetime | None:
    """From when the scheme or the operator may decide; None for a hand-over, which is between two people alone.

    Where there is no lead whose answer could be awaited, at once.
    """
    if kind is RequestKind.HAND_OVER:
        return None
    return asked_at + SILENCE if has_leads else asked_at
