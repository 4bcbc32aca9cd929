"""The life of one assessor's work on a case."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class AssessmentStatus(StrEnum):
    """Where one assessor's work on a case stands."""

    ASSIGNED = "assigned"
    DECLINED = "declined"
    OPEN = "open"
    HANDED_IN = "handed-in"
    REMOVED = "removed"


class AssessmentMove(StrEnum):
    """What can happen to an assessment."""

    DECLARE_NO_CONFLICT = "start"
    DECLARE_CONFLICT = "decline"
    TURN_DOWN = "turn down"
    HAND_IN = "hand in"
    REOPEN = "reopen"
    REMOVE = "remove"
    ASSIGN_AGAIN = "assign again"


_S, _SM = AssessmentStatus, AssessmentMove
ASSESSMENT_MOVES: Mapping[tuple[AssessmentStatus, AssessmentMove], AssessmentStatus] = {
    (_S.ASSIGNED, _SM.DECLARE_NO_CONFLICT): _S.OPEN,
    (_S.ASSIGNED, _SM.DECLARE_CONFLICT): _S.DECLINED,
    (_S.ASSIGNED, _SM.TURN_DOWN): _S.REMOVED,
    (_S.ASSIGNED, _SM.REMOVE): _S.REMOVED,
    (_S.OPEN, _SM.DECLARE_CONFLICT): _S.DECLINED,
    (_S.OPEN, _SM.HAND_IN): _S.HANDED_IN,
    (_S.OPEN, _SM.REMOVE): _S.REMOVED,
    (_S.HANDED_IN, _SM.REOPEN): _S.OPEN,
    (_S.HANDED_IN, _SM.DECLARE_CONFLICT): _S.DECLINED,
    (_S.REMOVED, _SM.ASSIGN_AGAIN): _S.ASSIGNED,
}

ASSESSMENT = Life(
    noun="assessment",
    states=AssessmentStatus,
    kinds=AssessmentMove,
    begins=frozenset({_S.ASSIGNED}),
    moves=ASSESSMENT_MOVES,
    steps={
        _SM.DECLARE_NO_CONFLICT: Step((Action.DECLARE_INTERESTS,), "The assessor declares that nothing bars them."),
        _SM.DECLARE_CONFLICT: Step(
            (Action.DECLARE_INTERESTS,),
            "The assessor says what the interest is, at any time until the decision. The case closes to them for good, and "
            "what they scored does not count.",
            ("assessor_declined",),
        ),
        _SM.TURN_DOWN: Step(
            (Action.DECLARE_INTERESTS,), "A reason other than a conflict of interest.", ("assessor_turned_down",)
        ),
        _SM.HAND_IN: Step(
            (Action.ASSESS,),
            "Every asked criterion has a score with its reason, no request waits for a reply, and a recommendation is "
            "written.",
            ("assessment_handed_in",),
        ),
        _SM.REOPEN: Step(
            (Action.MANAGE_CASE,), "A note and a date, before a panel is called.", ("assessment_reopened",)
        ),
        _SM.REMOVE: Step((Action.MANAGE_CASE,), "A reason. What was scored stays on record.", ("assessment_removed",)),
        _SM.ASSIGN_AGAIN: Step((Action.MANAGE_CASE,), "Nothing bars the assessor today.", ("assessment_assigned",)),
    },
    says={
        _S.ASSIGNED: "Asked. Nothing of the case is shown before a declaration of interests.",
        _S.DECLINED: "Stood aside because of a conflict of interest, which is kept.",
        _S.OPEN: "Reads, asks and scores.",
        _S.HANDED_IN: "Scores and recommendation are handed in and do not change.",
        _S.REMOVED: "Turned the case down or was taken off it.",
    },
)
