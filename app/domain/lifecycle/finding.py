"""The life of a finding, from an assessor's note to its verified closure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class FindingStatus(StrEnum):
    """Where a finding stands."""

    RAISED = "raised"
    OPEN = "open"
    PLAN_OFFERED = "plan-offered"
    PLANNED = "planned"
    PUT_RIGHT = "put-right"
    CLOSED = "closed"
    TAKEN_BACK = "taken-back"


class FindingMove(StrEnum):
    """What can happen to a finding."""

    TELL = "tell the provider of"
    OFFER_PLAN = "offer a plan for"
    ACCEPT_PLAN = "accept the plan for"
    RETURN_PLAN = "return the plan for"
    OFFER_EVIDENCE = "offer evidence on"
    RETURN_EVIDENCE = "return the evidence on"
    VERIFY = "verify"
    REOPEN = "reopen"
    TAKE_BACK = "take back"


_F, _FM = FindingStatus, FindingMove
FINDING_MOVES: Mapping[tuple[FindingStatus, FindingMove], FindingStatus] = {
    (_F.RAISED, _FM.TELL): _F.OPEN,
    (_F.RAISED, _FM.TAKE_BACK): _F.TAKEN_BACK,
    (_F.OPEN, _FM.OFFER_PLAN): _F.PLAN_OFFERED,
    (_F.OPEN, _FM.OFFER_EVIDENCE): _F.PUT_RIGHT,
    (_F.OPEN, _FM.VERIFY): _F.CLOSED,
    (_F.OPEN, _FM.TAKE_BACK): _F.TAKEN_BACK,
    (_F.PLAN_OFFERED, _FM.OFFER_PLAN): _F.PLAN_OFFERED,
    (_F.PLAN_OFFERED, _FM.ACCEPT_PLAN): _F.PLANNED,
    (_F.PLAN_OFFERED, _FM.RETURN_PLAN): _F.OPEN,
    (_F.PLAN_OFFERED, _FM.OFFER_EVIDENCE): _F.PUT_RIGHT,
    (_F.PLAN_OFFERED, _FM.VERIFY): _F.CLOSED,
    (_F.PLAN_OFFERED, _FM.TAKE_BACK): _F.TAKEN_BACK,
    (_F.PLANNED, _FM.OFFER_PLAN): _F.PLAN_OFFERED,
    (_F.PLANNED, _FM.OFFER_EVIDENCE): _F.PUT_RIGHT,
    (_F.PLANNED, _FM.VERIFY): _F.CLOSED,
    (_F.PLANNED, _FM.TAKE_BACK): _F.TAKEN_BACK,
    (_F.PUT_RIGHT, _FM.RETURN_EVIDENCE): _F.OPEN,
    (_F.PUT_RIGHT, _FM.VERIFY): _F.CLOSED,
    (_F.PUT_RIGHT, _FM.TAKE_BACK): _F.TAKEN_BACK,
    (_F.CLOSED, _FM.REOPEN): _F.OPEN,
}

STILL_OPEN = frozenset({_F.OPEN, _F.PLAN_OFFERED, _F.PLANNED, _F.PUT_RIGHT})
"""The states in which a finding that the provider knows of is not closed, and so may hold an award down."""

FINDING = Life(
    noun="finding",
    states=FindingStatus,
    kinds=FindingMove,
    begins=frozenset({_F.RAISED, _F.OPEN}),
    moves=FINDING_MOVES,
    steps={
        _FM.TELL: Step(
            (Action.ASSESS, Action.MANAGE_CASE),
            "The case is assessed, or the finding comes from surveillance or a complaint; and the scheme tells its "
            "providers of findings.",
            ("finding_raised",),
        ),
        _FM.OFFER_PLAN: Step(
            (Action.ANSWER_FINDING,),
            "What will be done, why it happened, by whom and until when.",
            ("finding_plan_offered",),
        ),
        _FM.ACCEPT_PLAN: Step(
            (Action.VERIFY_FINDING,), "The plan would put it right in time.", ("finding_plan_accepted",)
        ),
        _FM.RETURN_PLAN: Step((Action.VERIFY_FINDING,), "What the plan lacks.", ("finding_plan_returned",)),
        _FM.OFFER_EVIDENCE: Step(
            (Action.ANSWER_FINDING,), "What was done, with evidence where there is any.", ("finding_put_right",)
        ),
        _FM.RETURN_EVIDENCE: Step((Action.VERIFY_FINDING,), "What is still missing.", ("finding_returned",)),
        _FM.VERIFY: Step(
            (Action.VERIFY_FINDING,),
            "How it was seen that it is put right, with or without evidence from the provider.",
            ("finding_closed",),
        ),
        _FM.REOPEN: Step((Action.VERIFY_FINDING,), "What was found again.", ("finding_raised",)),
        _FM.TAKE_BACK: Step((Action.VERIFY_FINDING,), "Why it was no finding.", ("finding_taken_back",)),
    },
    says={
        _F.RAISED: "An assessor has written it down. The provider does not see it yet.",
        _F.OPEN: "The provider knows of it and has to put it right.",
        _F.PLAN_OFFERED: "The provider has said how and by when it will be put right.",
        _F.PLANNED: "The scheme has accepted the plan.",
        _F.PUT_RIGHT: "The provider says that it is put right. It waits to be verified.",
        _F.CLOSED: "Somebody of the scheme has seen that it is put right.",
        _F.TAKEN_BACK: "It was no finding.",
    },
)
