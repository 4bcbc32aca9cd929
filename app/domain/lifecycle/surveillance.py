"""The life of one regular look at an award, from the day it opens to the manager's word on it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class SurveillanceStatus(StrEnum):
    """Where one surveillance of an award stands. `planned` is never stored: the award's dates say it."""

    PLANNED = "planned"
    OPEN = "open"
    OVERDUE = "overdue"
    RETURNED = "returned"
    FOLLOW_UP = "follow-up"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


class SurveillanceMove(StrEnum):
    """What can happen to a surveillance."""

    RETURN = "return"
    FALL_DUE = "call overdue"
    ASK_MORE = "ask more about"
    ACCEPT = "accept"
    DROP = "drop"


_S, _SM = SurveillanceStatus, SurveillanceMove
SURVEILLANCE_MOVES: Mapping[tuple[SurveillanceStatus, SurveillanceMove], SurveillanceStatus] = {
    (_S.OPEN, _SM.RETURN): _S.RETURNED,
    (_S.OPEN, _SM.FALL_DUE): _S.OVERDUE,
    (_S.OVERDUE, _SM.RETURN): _S.RETURNED,
    (_S.FOLLOW_UP, _SM.RETURN): _S.RETURNED,
    (_S.FOLLOW_UP, _SM.FALL_DUE): _S.OVERDUE,
    (_S.RETURNED, _SM.ASK_MORE): _S.FOLLOW_UP,
    (_S.RETURNED, _SM.ACCEPT): _S.ACCEPTED,
    **{(state, _SM.DROP): _S.DROPPED for state in (_S.OPEN, _S.OVERDUE, _S.RETURNED, _S.FOLLOW_UP)},
}

NOT_RETURNED = frozenset({_S.OPEN, _S.OVERDUE, _S.FOLLOW_UP})
"""The states in which the provider has something to do."""

SURVEILLANCE = Life(
    noun="surveillance",
    states=SurveillanceStatus,
    kinds=SurveillanceMove,
    begins=frozenset({_S.OPEN}),
    moves=SURVEILLANCE_MOVES,
    steps={
        _SM.RETURN: Step(
            (Action.RETURN_SURVEILLANCE,),
            "A lead says what has changed since and confirms that it is true.",
            ("surveillance_returned",),
        ),
        _SM.FALL_DUE: Step((), "Its day has passed without a return.", ("surveillance_overdue",), also_clock=True),
        _SM.ASK_MORE: Step((Action.CHANGE_AWARD,), "What is missing, and a new day.", ("surveillance_follow_up",)),
        _SM.ACCEPT: Step((Action.CHANGE_AWARD,), "The return was read.", ("surveillance_accepted",)),
        _SM.DROP: Step((), "The award has ended.", also_clock=True),
    },
    says={
        _S.PLANNED: "Its day is known and it is not open yet.",
        _S.OPEN: "The provider has been asked for its yearly return.",
        _S.OVERDUE: "Its day has passed and no return has come.",
        _S.RETURNED: "The return has come and waits to be read.",
        _S.FOLLOW_UP: "The scheme asked for more, by a new day.",
        _S.ACCEPTED: "The scheme has read the return and accepts it.",
        _S.DROPPED: "The award ended before it was settled.",
    },
    never_stored=frozenset({_S.PLANNED}),
)
