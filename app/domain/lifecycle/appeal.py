"""The life of an appeal against a decision, and of a complaint about a holder or about the scheme."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    RECEIVED = "received"
    ADMITTED = "admitted"
    NOT_ADMITTED = "not-admitted"
    IN_REVIEW = "in-review"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly-upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class AppealMove(StrEnum):
    """What can happen to an appeal."""

    ADMIT = "admit"
    NOT_ADMIT = "turn away"
    APPOINT = "appoint reviewers to"
    UPHOLD = "uphold"
    PARTLY_UPHOLD = "uphold in part"
    DISMISS = "dismiss"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_A, _AM = AppealStatus, AppealMove
APPEAL_MOVES: Mapping[tuple[AppealStatus, AppealMove], AppealStatus] = {
    (_A.RECEIVED, _AM.ADMIT): _A.ADMITTED,
    (_A.RECEIVED, _AM.NOT_ADMIT): _A.NOT_ADMITTED,
    (_A.RECEIVED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.ADMITTED, _AM.APPOINT): _A.IN_REVIEW,
    (_A.ADMITTED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.IN_REVIEW, _AM.APPOINT): _A.IN_REVIEW,
    (_A.IN_REVIEW, _AM.UPHOLD): _A.UPHELD,
    (_A.IN_REVIEW, _AM.PARTLY_UPHOLD): _A.PARTLY_UPHELD,
    (_A.IN_REVIEW, _AM.DISMISS): _A.DISMISSED,
    (_A.IN_REVIEW, _AM.WITHDRAW): _A.WITHDRAWN,
    **{(state, _AM.CLOSE): _A.CLOSED for state in (_A.UPHELD, _A.PARTLY_UPHELD, _A.DISMISSED, _A.NOT_ADMITTED)},
}

APPEAL = Life(
    noun="appeal",
    states=AppealStatus,
    kinds=AppealMove,
    begins=frozenset({_A.RECEIVED}),
    moves=APPEAL_MOVES,
    steps={
        _AM.ADMIT: Step((Action.HANDLE_APPEAL,), "It came in time and names grounds.", ("appeal_admitted",)),
        _AM.NOT_ADMIT: Step((Action.HANDLE_APPEAL,), "The reason, which the provider reads.", ("appeal_not_admitted",)),
        _AM.APPOINT: Step(
            (Action.HANDLE_APPEAL,),
            "Reviewers with no part in the assessment or the decision, and no tie to the provider.",
            ("appeal_to_review",),
        ),
        _AM.UPHOLD: Step((Action.DECIDE_APPEAL,), "Reasons. The decision is set aside.", ("appeal_decided",)),
        _AM.PARTLY_UPHOLD: Step((Action.DECIDE_APPEAL,), "Reasons, and what changes.", ("appeal_decided",)),
        _AM.DISMISS: Step((Action.DECIDE_APPEAL,), "Reasons. The decision stands.", ("appeal_decided",)),
        _AM.WITHDRAW: Step((Action.LODGE_APPEAL,), "A lead of the provider confirms.", ("appeal_withdrawn",)),
        _AM.CLOSE: Step((Action.HANDLE_APPEAL,), "What the scheme learned from it."),
    },
    says={
        _A.RECEIVED: "It has come in, and its receipt is confirmed.",
        _A.ADMITTED: "It is in time and has grounds. Reviewers are looked for.",
        _A.NOT_ADMITTED: "It is not looked into, for a reason that was given.",
        _A.IN_REVIEW: "People with no part in the case look at it.",
        _A.UPHELD: "The provider was right. The decision is set aside.",
        _A.PARTLY_UPHELD: "The provider was right in part.",
        _A.DISMISSED: "The decision stands.",
        _A.WITHDRAWN: "The provider took it back.",
        _A.CLOSED: "What was learned is recorded.",
    },
)


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    REFERRED = "referred"
    NOT_TAKEN_UP = "not-taken-up"
    UPHELD = "upheld"
    PARTLY_UPHELD = "partly-upheld"
    NOT_UPHELD = "not-upheld"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class ComplaintMove(StrEnum):
    """What can happen to a complaint."""

    ACKNOWLEDGE = "acknowledge"
    INVESTIGATE = "appoint an investigator to"
    REFER = "refer"
    NOT_TAKE_UP = "not take up"
    UPHOLD = "uphold"
    PARTLY_UPHOLD = "uphold in part"
    NOT_UPHOLD = "not uphold"
    WITHDRAW = "withdraw"
    CLOSE = "close"


_C, _CM = ComplaintStatus, ComplaintMove
COMPLAINT_MOVES: Mapping[tuple[ComplaintStatus, ComplaintMove], ComplaintStatus] = {
    (_C.RECEIVED, _CM.ACKNOWLEDGE): _C.ACKNOWLEDGED,
    (_C.RECEIVED, _CM.REFER): _C.REFERRED,
    (_C.RECEIVED, _CM.WITHDRAW): _C.WITHDRAWN,
    (_C.ACKNOWLEDGED, _CM.INVESTIGATE): _C.INVESTIGATING,
    (_C.ACKNOWLEDGED, _CM.REFER): _C.REFERRED,
    (_C.ACKNOWLEDGED, _CM.NOT_TAKE_UP): _C.NOT_TAKEN_UP,
    (_C.ACKNOWLEDGED, _CM.WITHDRAW): _C.WITHDRAWN,
    (_C.INVESTIGATING, _CM.INVESTIGATE): _C.INVESTIGATING,
    (_C.INVESTIGATING, _CM.REFER): _C.REFERRED,
    (_C.INVESTIGATING, _CM.UPHOLD): _C.UPHELD,
    (_C.INVESTIGATING, _CM.PARTLY_UPHOLD): _C.PARTLY_UPHELD,
    (_C.INVESTIGATING, _CM.NOT_UPHOLD): _C.NOT_UPHELD,
    (_C.INVESTIGATING, _CM.WITHDRAW): _C.WITHDRAWN,
    **{
        (state, _CM.CLOSE): _C.CLOSED
        for state in (_C.UPHELD, _C.PARTLY_UPHELD, _C.NOT_UPHELD, _C.NOT_TAKEN_UP, _C.REFERRED, _C.WITHDRAWN)
    },
}

COMPLAINT = Life(
    noun="complaint",
    states=ComplaintStatus,
    kinds=ComplaintMove,
    begins=frozenset({_C.RECEIVED}),
    moves=COMPLAINT_MOVES,
    steps={
        _CM.ACKNOWLEDGE: Step(
            (Action.HANDLE_COMPLAINT,), "Somebody of the scheme has read it.", ("complaint_acknowledged",)
        ),
        _CM.INVESTIGATE: Step(
            (Action.HANDLE_COMPLAINT,),
            "An investigator with no part in what it is about, and no tie to whom it is about.",
            ("complaint_to_investigate",),
        ),
        _CM.REFER: Step((Action.HANDLE_COMPLAINT,), "Whom it goes to, and why.", ("complaint_referred",)),
        _CM.NOT_TAKE_UP: Step((Action.HANDLE_COMPLAINT,), "The reason, which is sent.", ("complaint_not_taken_up",)),
        _CM.UPHOLD: Step((Action.DECIDE_COMPLAINT,), "Reasons, and what follows.", ("complaint_decided",)),
        _CM.PARTLY_UPHOLD: Step((Action.DECIDE_COMPLAINT,), "Reasons, and what follows.", ("complaint_decided",)),
        _CM.NOT_UPHOLD: Step((Action.DECIDE_COMPLAINT,), "Reasons.", ("complaint_decided",)),
        _CM.WITHDRAW: Step((Action.HANDLE_COMPLAINT,), "Whoever complained has asked for it."),
        _CM.CLOSE: Step((Action.HANDLE_COMPLAINT,), "What the scheme learned from it."),
    },
    says={
        _C.RECEIVED: "It has come in, and somebody of the scheme has still to read it.",
        _C.ACKNOWLEDGED: "Somebody of the scheme has read it and decides who looks into it.",
        _C.INVESTIGATING: "Somebody with no part in the matter looks into it.",
        _C.REFERRED: "It belongs to another body, which has it now.",
        _C.NOT_TAKEN_UP: "It is not looked into, for a reason that was given.",
        _C.UPHELD: "It was right.",
        _C.PARTLY_UPHELD: "It was right in part.",
        _C.NOT_UPHELD: "It was looked into and not found right.",
        _C.WITHDRAWN: "Whoever complained took it back.",
        _C.CLOSED: "What was learned is recorded.",
    },
)
