"""The life of a panel, up to its vote, of the decision that comes of it, and of each condition that the decision sets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class PanelStatus(StrEnum):
    """Where a panel on one case stands."""

    CALLED = "called"
    VOTE_CLOSED = "vote-closed"
    DECIDED = "decided"
    STOOD_DOWN = "stood-down"


class PanelMove(StrEnum):
    """What can happen to a panel."""

    CLOSE_VOTE = "close the vote of"
    REOPEN_VOTE = "open the vote again of"
    DECIDE = "record the decision of"
    STAND_DOWN = "stand down"


_P, _PM = PanelStatus, PanelMove
PANEL_MOVES: Mapping[tuple[PanelStatus, PanelMove], PanelStatus] = {
    (_P.CALLED, _PM.CLOSE_VOTE): _P.VOTE_CLOSED,
    (_P.CALLED, _PM.DECIDE): _P.DECIDED,
    (_P.CALLED, _PM.STAND_DOWN): _P.STOOD_DOWN,
    (_P.VOTE_CLOSED, _PM.REOPEN_VOTE): _P.CALLED,
    (_P.VOTE_CLOSED, _PM.DECIDE): _P.DECIDED,
    (_P.VOTE_CLOSED, _PM.STAND_DOWN): _P.STOOD_DOWN,
}

PANEL = Life(
    noun="panel",
    states=PanelStatus,
    kinds=PanelMove,
    begins=frozenset({_P.CALLED}),
    moves=PANEL_MOVES,
    steps={
        _PM.CLOSE_VOTE: Step((Action.DECIDE,), "The quorum has voted, lay members among it."),
        _PM.REOPEN_VOTE: Step((Action.DECIDE,), "A reason, before anything is recorded.", ("panel_vote_reopened",)),
        _PM.DECIDE: Step(
            (Action.DECIDE,),
            "A quorum, a majority, reasons, and a rationale for any departure from what the scores give.",
            ("award_granted", "application_refused", "application_deferred"),
        ),
        _PM.STAND_DOWN: Step(
            (Action.WITHDRAW_APPLICATION, Action.DECLARE_INTERESTS),
            "The provider took the application back, or an assessor of the case declared a conflict of interest.",
            ("application_withdrawn", "panel_stood_down"),
        ),
    },
    says={
        _P.CALLED: "Members declare, read, discuss and vote.",
        _P.VOTE_CLOSED: "The chair has closed the vote. No vote changes.",
        _P.DECIDED: "The decision is recorded.",
        _P.STOOD_DOWN: "It ended without a decision.",
    },
)


class DecisionStatus(StrEnum):
    """Where a recorded decision stands."""

    RECORDED = "recorded"
    SIGNED = "signed"
    APPEALED = "appealed"
    UPHELD = "upheld"
    SET_ASIDE = "set-aside"


class DecisionMove(StrEnum):
    """What can happen to a decision. What it says never changes."""

    SIGN = "sign the minutes of"
    APPEAL = "appeal against"
    GIVE_UP_APPEAL = "give up the appeal against"
    UPHOLD = "uphold"
    SET_ASIDE = "set aside"


_D, _DM = DecisionStatus, DecisionMove
DECISION_MOVES: Mapping[tuple[DecisionStatus, DecisionMove], DecisionStatus] = {
    (_D.RECORDED, _DM.SIGN): _D.SIGNED,
    (_D.APPEALED, _DM.SIGN): _D.APPEALED,
    (_D.RECORDED, _DM.APPEAL): _D.APPEALED,
    (_D.SIGNED, _DM.APPEAL): _D.APPEALED,
    (_D.APPEALED, _DM.GIVE_UP_APPEAL): _D.UPHELD,
    (_D.APPEALED, _DM.UPHOLD): _D.UPHELD,
    (_D.APPEALED, _DM.SET_ASIDE): _D.SET_ASIDE,
}

DECISION = Life(
    noun="decision",
    states=DecisionStatus,
    kinds=DecisionMove,
    begins=frozenset({_D.RECORDED}),
    moves=DECISION_MOVES,
    steps={
        _DM.SIGN: Step((Action.DECIDE,), "The chair has read the minutes."),
        _DM.APPEAL: Step(
            (Action.LODGE_APPEAL,), "Grounds, within the days that the letter names.", ("appeal_received",)
        ),
        _DM.GIVE_UP_APPEAL: Step(
            (Action.LODGE_APPEAL, Action.HANDLE_APPEAL),
            "A lead of the provider takes the appeal back, or it is not admitted.",
            ("appeal_withdrawn", "appeal_not_admitted"),
        ),
        _DM.UPHOLD: Step(
            (Action.DECIDE_APPEAL,),
            "Reasons, by people with no part in the assessment or the decision.",
            ("appeal_decided",),
        ),
        _DM.SET_ASIDE: Step(
            (Action.DECIDE_APPEAL,),
            "Reasons, by people with no part in the assessment or the decision. The case is decided anew.",
            ("appeal_decided",),
        ),
    },
    says={
        _D.RECORDED: "The chair has recorded it, and the provider has its letter.",
        _D.SIGNED: "The chair has signed the minutes.",
        _D.APPEALED: "The provider has appealed. It stands meanwhile.",
        _D.UPHELD: "An appeal against it has ended, and it stands.",
        _D.SET_ASIDE: "It no longer stands: an appeal was upheld.",
    },
)


class ConditionStatus(StrEnum):
    """Where one condition of an award stands. `overdue` is never stored: the calendar decides it."""

    OPEN = "open"
    OFFERED = "offered"
    MET = "met"
    OVERDUE = "overdue"


class ConditionMove(StrEnum):
    """What can happen to a condition. What it says never changes."""

    OFFER = "offer evidence on"
    RETURN = "return the evidence on"
    ACCEPT = "accept"


_C, _CM = ConditionStatus, ConditionMove
CONDITION_MOVES: Mapping[tuple[ConditionStatus, ConditionMove], ConditionStatus] = {
    (_C.OPEN, _CM.OFFER): _C.OFFERED,
    (_C.OPEN, _CM.ACCEPT): _C.MET,
    (_C.OFFERED, _CM.OFFER): _C.OFFERED,
    (_C.OFFERED, _CM.RETURN): _C.OPEN,
    (_C.OFFERED, _CM.ACCEPT): _C.MET,
}

CONDITION = Life(
    noun="condition",
    states=ConditionStatus,
    kinds=ConditionMove,
    begins=frozenset({_C.OPEN}),
    moves=CONDITION_MOVES,
    steps={
        _CM.OFFER: Step(
            (Action.ANSWER_CONDITION,), "What was done, in words or with a piece of evidence.", ("condition_offered",)
        ),
        _CM.RETURN: Step((Action.CHANGE_AWARD,), "What is missing, in words.", ("condition_returned",)),
        _CM.ACCEPT: Step((Action.CHANGE_AWARD,), "It was looked at and is met.", ("condition_accepted",)),
    },
    says={
        _C.OPEN: "The provider has to meet it by its day.",
        _C.OFFERED: "The provider says that it is met. The scheme looks at it.",
        _C.MET: "The scheme has accepted that it is met.",
        _C.OVERDUE: "Its day has passed and it is not accepted. The calendar says so.",
    },
    never_stored=frozenset({_C.OVERDUE}),
)


def condition_on(status: ConditionStatus, due_on: date, today: date) -> ConditionStatus:
    """Where a condition stands on a day: its last day still counts, and what was offered in time is not overdue."""
    return _C.OVERDUE if status is _C.OPEN and today > due_on else status
