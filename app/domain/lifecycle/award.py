"""The life of an award, from its grant to its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class AwardStatus(StrEnum):
    """Where an award stands. `expired` is never stored: the calendar decides it, see `status_on`."""

    AWARDED = "awarded"
    CONDITIONAL = "conditional"
    PROVISIONAL = "provisional"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"
    REPLACED = "replaced"
    VOID = "void"
    EXPIRED = "expired"


class AwardMove(StrEnum):
    """What can happen to an award."""

    MEET_CONDITIONS = "accept the conditions of"
    CONFIRM = "confirm"
    CHANGE_SCOPE = "change the scope of"
    REDUCE = "reduce the level of"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REINSTATE_WITH_CONDITIONS = "reinstate with conditions"
    REINSTATE_AS_PROVISIONAL = "reinstate as provisional"
    WITHDRAW = "withdraw"
    SURRENDER = "surrender"
    REPLACE = "replace"
    TAKE_BACK = "take back"


_W, _WM = AwardStatus, AwardMove
CURRENT = frozenset({AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL})
"""The states in which a holder may call itself approved."""

STANDING = CURRENT | {AwardStatus.SUSPENDED}
"""The states in which an award has not ended, whether or not the holder may call itself approved."""

LEFT_OUT = frozenset({AwardStatus.VOID})
"""What never stood: no search finds it, no file or count holds it. Its address and whoever keeps a copy are told."""

AWARD_MOVES: Mapping[tuple[AwardStatus, AwardMove], AwardStatus] = {
    (_W.CONDITIONAL, _WM.MEET_CONDITIONS): _W.AWARDED,
    (_W.PROVISIONAL, _WM.CONFIRM): _W.AWARDED,
    **{(state, _WM.CHANGE_SCOPE): state for state in (_W.AWARDED, _W.CONDITIONAL, _W.PROVISIONAL)},
    **{(state, _WM.REDUCE): state for state in (_W.AWARDED, _W.CONDITIONAL, _W.SUSPENDED)},
    **{(state, _WM.SUSPEND): _W.SUSPENDED for state in (_W.AWARDED, _W.CONDITIONAL, _W.PROVISIONAL)},
    (_W.SUSPENDED, _WM.REINSTATE): _W.AWARDED,
    (_W.SUSPENDED, _WM.REINSTATE_WITH_CONDITIONS): _W.CONDITIONAL,
    (_W.SUSPENDED, _WM.REINSTATE_AS_PROVISIONAL): _W.PROVISIONAL,
    **{
        (state, move): to
        for state in (_W.AWARDED, _W.CONDITIONAL, _W.PROVISIONAL, _W.SUSPENDED)
        for move, to in (
            (_WM.WITHDRAW, _W.WITHDRAWN),
            (_WM.SURRENDER, _W.SURRENDERED),
            (_WM.REPLACE, _W.REPLACED),
            (_WM.TAKE_BACK, _W.VOID),
        )
    },
}

AWARD = Life(
    noun="award",
    states=AwardStatus,
    kinds=AwardMove,
    begins=frozenset({_W.AWARDED, _W.CONDITIONAL, _W.PROVISIONAL}),
    moves=AWARD_MOVES,
    steps={
        _WM.MEET_CONDITIONS: Step(
            (Action.CHANGE_AWARD,), "The conditions were looked at and are met.", ("award_conditions_met",)
        ),
        _WM.CONFIRM: Step((Action.CHANGE_AWARD,), "What made it provisional has been seen.", ("award_confirmed",)),
        _WM.CHANGE_SCOPE: Step(
            (Action.CHANGE_AWARD,),
            "Which services or sites are added or dropped, and why. Nothing is added that was not assessed.",
            ("award_scope_changed",),
        ),
        _WM.REDUCE: Step((Action.CHANGE_AWARD,), "A lower level, and the reason.", ("award_reduced",)),
        _WM.SUSPEND: Step(
            (Action.CHANGE_AWARD,),
            "A reason, and the last day of the suspension. By the clock: a finding, a condition or a surveillance that is "
            "overdue where the framework says so.",
            ("award_suspended",),
            also_clock=True,
        ),
        _WM.REINSTATE: Step((Action.CHANGE_AWARD,), "A reason.", ("award_reinstated",)),
        _WM.REINSTATE_WITH_CONDITIONS: Step(
            (Action.CHANGE_AWARD,), "A reason; conditions that were open are open again.", ("award_reinstated",)
        ),
        _WM.REINSTATE_AS_PROVISIONAL: Step(
            (Action.CHANGE_AWARD,), "A reason; it was provisional when it was suspended.", ("award_reinstated",)
        ),
        _WM.WITHDRAW: Step(
            (Action.CHANGE_AWARD,),
            "A reason. By the clock: a suspension whose last day has passed, or an overdue finding where the framework "
            "says so, both after warnings.",
            ("award_withdrawn",),
            also_clock=True,
        ),
        _WM.SURRENDER: Step(
            (Action.SURRENDER_AWARD, Action.CHANGE_AWARD),
            "A lead of the holder gives it up.",
            ("award_surrendered", "award_given_up"),
        ),
        _WM.TAKE_BACK: Step(
            (Action.IMPORT_REGISTER,),
            "It came with a list that was brought in by mistake, nothing else has happened to it since, and a reason.",
        ),
        _WM.REPLACE: Step((Action.DECIDE,), "The panel granted a newer award in the same scheme.", ("award_granted",)),
    },
    says={
        _W.AWARDED: "It stands.",
        _W.CONDITIONAL: "It stands, with conditions to be met by a date.",
        _W.PROVISIONAL: "It stands for a first, shorter time, until it is confirmed.",
        _W.SUSPENDED: "It is temporarily invalid. The holder may not call itself approved.",
        _W.WITHDRAWN: "The scheme took it away.",
        _W.SURRENDERED: "The holder gave it up.",
        _W.REPLACED: "A newer award of the same scheme took its place.",
        _W.VOID: "It was entered by mistake with a list that was brought in, and taken back. It never stood.",
        _W.EXPIRED: "Its last day has passed. The calendar says so; nobody has to do anything.",
    },
    never_stored=frozenset({_W.EXPIRED}),
)


def status_on(status: AwardStatus, expires_on: date, today: date) -> AwardStatus:
    """What an award's status is on a day: the last day of validity still counts.

    An award that ended before its expiry, in whichever way, keeps the word for it: that is the truer one.
    """
    if status not in STANDING or today <= expires_on:
        return status
    return AwardStatus.EXPIRED
