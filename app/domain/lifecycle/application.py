"""The life of an application, from the first answer to what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_ASSESSMENT = "in-assessment"
    RECONCILING = "reconciling"
    ASSESSED = "assessed"
    WITH_PANEL = "with-panel"
    AWARDED = "awarded"
    REFUSED = "refused"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"


class ApplicationMove(StrEnum):
    """What can happen to an application."""

    SUBMIT = "submit"
    SEND_BACK = "send back"
    START_ASSESSMENT = "start the assessment of"
    HAND_IN = "hand in the recommendation for"
    MEET = "bring the assessors together over"
    SETTLE = "settle the scores of"
    REASSESS = "assess again"
    DISCOUNT = "take scores out of"
    CALL_PANEL = "call a panel for"
    AWARD = "award"
    REFUSE = "refuse"
    DEFER = "defer"
    WITHDRAW = "withdraw"
    DECIDE_AGAIN = "decide again on"


_A, _AM = ApplicationStatus, ApplicationMove
APPLICATION_MOVES: Mapping[tuple[ApplicationStatus, ApplicationMove], ApplicationStatus] = {
    (_A.DRAFT, _AM.SUBMIT): _A.SUBMITTED,
    (_A.DRAFT, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.SUBMITTED, _AM.SEND_BACK): _A.DRAFT,
    (_A.SUBMITTED, _AM.START_ASSESSMENT): _A.IN_ASSESSMENT,
    (_A.SUBMITTED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.IN_ASSESSMENT, _AM.HAND_IN): _A.ASSESSED,
    (_A.IN_ASSESSMENT, _AM.MEET): _A.RECONCILING,
    (_A.IN_ASSESSMENT, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.RECONCILING, _AM.SETTLE): _A.ASSESSED,
    (_A.RECONCILING, _AM.REASSESS): _A.IN_ASSESSMENT,
    (_A.RECONCILING, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.ASSESSED, _AM.REASSESS): _A.IN_ASSESSMENT,
    (_A.ASSESSED, _AM.CALL_PANEL): _A.WITH_PANEL,
    (_A.ASSESSED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.RECONCILING, _AM.DISCOUNT): _A.IN_ASSESSMENT,
    (_A.ASSESSED, _AM.DISCOUNT): _A.IN_ASSESSMENT,
    (_A.WITH_PANEL, _AM.DISCOUNT): _A.IN_ASSESSMENT,
    (_A.WITH_PANEL, _AM.AWARD): _A.AWARDED,
    (_A.WITH_PANEL, _AM.REFUSE): _A.REFUSED,
    (_A.WITH_PANEL, _AM.DEFER): _A.DEFERRED,
    (_A.WITH_PANEL, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.DEFERRED, _AM.SUBMIT): _A.SUBMITTED,
    (_A.DEFERRED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.REFUSED, _AM.DECIDE_AGAIN): _A.ASSESSED,
    (_A.AWARDED, _AM.DECIDE_AGAIN): _A.ASSESSED,
    (_A.DEFERRED, _AM.DECIDE_AGAIN): _A.ASSESSED,
}

APPLICATION = Life(
    noun="application",
    states=ApplicationStatus,
    kinds=ApplicationMove,
    begins=frozenset({_A.DRAFT}),
    moves=APPLICATION_MOVES,
    steps={
        _AM.SUBMIT: Step(
            (Action.SUBMIT,),
            "Every asked criterion is answered, the gates before assessment are passed, and a lead declares it true.",
            ("application_received", "application_submitted"),
        ),
        _AM.SEND_BACK: Step((Action.MANAGE_CASE,), "A note that the provider reads.", ("application_sent_back",)),
        _AM.START_ASSESSMENT: Step(
            (Action.DECLARE_INTERESTS, Action.MANAGE_CASE),
            "The first assessor declares that no conflict of interest bars.",
        ),
        _AM.HAND_IN: Step(
            (Action.ASSESS, Action.MANAGE_CASE),
            "As many assessors as the framework asks have handed in, nobody is still working, and nothing has to be "
            "reconciled.",
            ("assessment_handed_in",),
        ),
        _AM.MEET: Step(
            (Action.ASSESS, Action.MANAGE_CASE),
            "As for handing in, where scores differ and the framework does not send them to the panel as they are.",
            ("assessment_handed_in", "scores_differ"),
        ),
        _AM.SETTLE: Step(
            (Action.ASSESS,),
            "The lead assessor has recorded an agreed score with its reason wherever the scores differ, and when and how "
            "the assessors met where the framework asks for that.",
            ("scores_settled",),
        ),
        _AM.REASSESS: Step(
            (Action.MANAGE_CASE,), "A note that the assessor reads, and a date.", ("assessment_reopened",)
        ),
        _AM.DISCOUNT: Step(
            (Action.DECLARE_INTERESTS,),
            "An assessor whose scores are in declares a conflict of interest before the decision, so that they do not count. "
            "A panel that was called stands down.",
            ("assessor_declined", "panel_stood_down"),
        ),
        _AM.CALL_PANEL: Step(
            (Action.MANAGE_CASE,),
            "Enough members for the quorum, lay members among them, nobody barred; the report is not with the provider, and "
            "signed where the scheme asks for one.",
            ("panel_called",),
        ),
        _AM.AWARD: Step(
            (Action.DECIDE,),
            "A quorate panel carried it, the assessment is finished, no gate stands before the level, and reasons are "
            "recorded; also a rationale where it departs from what the scores give.",
            ("award_granted",),
        ),
        _AM.REFUSE: Step(
            (Action.DECIDE,), "A quorate panel carried it; reasons are recorded.", ("application_refused",)
        ),
        _AM.DEFER: Step(
            (Action.DECIDE,), "A quorate panel carried it; reasons are recorded.", ("application_deferred",)
        ),
        _AM.WITHDRAW: Step((Action.WITHDRAW_APPLICATION,), "A lead confirms.", ("application_withdrawn",)),
        _AM.DECIDE_AGAIN: Step(
            (Action.DECIDE_APPEAL,), "An appeal is upheld: people with no part in the first decision decide anew."
        ),
    },
    says={
        _A.DRAFT: "The provider answers and attaches evidence. Nobody of the scheme sees it.",
        _A.SUBMITTED: "Handed in. Answers and evidence stand as they are; the scheme looks for assessors.",
        _A.IN_ASSESSMENT: "Assessors read and score.",
        _A.RECONCILING: "Assessors differ. Wherever they do, the lead assessor records an agreed score, after they have met "
        "where the framework asks for that.",
        _A.ASSESSED: "All scores and recommendations are in. It waits for a panel.",
        _A.WITH_PANEL: "A panel is called.",
        _A.AWARDED: "The panel granted an award. What becomes of the award is told below.",
        _A.REFUSED: "The panel refused. The provider may appeal.",
        _A.DEFERRED: "The panel asked for more. The provider may change answers and submit again.",
        _A.WITHDRAWN: "The provider took it back.",
    },
)

EDITABLE = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.DEFERRED})
"""The states in which the provider may change answers."""

ENDED = frozenset({ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN})
"""The states in which a provider may start another application for the same framework."""
