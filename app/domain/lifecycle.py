"""The states of a case and of an award, and the only moves between them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from app.domain.errors import IllegalMove


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_ASSESSMENT = "in-assessment"
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
    REASSESS = "assess again"
    CALL_PANEL = "call a panel for"
    AWARD = "award"
    REFUSE = "refuse"
    DEFER = "defer"
    WITHDRAW = "withdraw"


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
    HAND_IN = "hand in"
    REOPEN = "reopen"
    REMOVE = "remove"
    ASSIGN_AGAIN = "assign again"


class AwardStatus(StrEnum):
    """Where an award stands. `expired` is never stored: the calendar decides it, see `status_on`."""

    AWARDED = "awarded"
    CONDITIONAL = "conditional"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SURRENDERED = "surrendered"
    EXPIRED = "expired"


class AwardMove(StrEnum):
    """What can happen to an award."""

    MEET_CONDITIONS = "accept the conditions of"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REINSTATE_WITH_CONDITIONS = "reinstate with conditions"
    WITHDRAW = "withdraw"
    SURRENDER = "surrender"


_A, _AM = ApplicationStatus, ApplicationMove
APPLICATION_MOVES: Mapping[tuple[ApplicationStatus, ApplicationMove], ApplicationStatus] = {
    (_A.DRAFT, _AM.SUBMIT): _A.SUBMITTED,
    (_A.DRAFT, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.SUBMITTED, _AM.SEND_BACK): _A.DRAFT,
    (_A.SUBMITTED, _AM.START_ASSESSMENT): _A.IN_ASSESSMENT,
    (_A.SUBMITTED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.IN_ASSESSMENT, _AM.HAND_IN): _A.ASSESSED,
    (_A.IN_ASSESSMENT, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.ASSESSED, _AM.REASSESS): _A.IN_ASSESSMENT,
    (_A.ASSESSED, _AM.CALL_PANEL): _A.WITH_PANEL,
    (_A.ASSESSED, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.WITH_PANEL, _AM.AWARD): _A.AWARDED,
    (_A.WITH_PANEL, _AM.REFUSE): _A.REFUSED,
    (_A.WITH_PANEL, _AM.DEFER): _A.DEFERRED,
    (_A.WITH_PANEL, _AM.WITHDRAW): _A.WITHDRAWN,
    (_A.DEFERRED, _AM.SUBMIT): _A.SUBMITTED,
    (_A.DEFERRED, _AM.WITHDRAW): _A.WITHDRAWN,
}

_S, _SM = AssessmentStatus, AssessmentMove
ASSESSMENT_MOVES: Mapping[tuple[AssessmentStatus, AssessmentMove], AssessmentStatus] = {
    (_S.ASSIGNED, _SM.DECLARE_NO_CONFLICT): _S.OPEN,
    (_S.ASSIGNED, _SM.DECLARE_CONFLICT): _S.DECLINED,
    (_S.ASSIGNED, _SM.REMOVE): _S.REMOVED,
    (_S.OPEN, _SM.DECLARE_CONFLICT): _S.DECLINED,
    (_S.OPEN, _SM.HAND_IN): _S.HANDED_IN,
    (_S.OPEN, _SM.REMOVE): _S.REMOVED,
    (_S.HANDED_IN, _SM.REOPEN): _S.OPEN,
    (_S.REMOVED, _SM.ASSIGN_AGAIN): _S.ASSIGNED,
}

_W, _WM = AwardStatus, AwardMove
AWARD_MOVES: Mapping[tuple[AwardStatus, AwardMove], AwardStatus] = {
    (_W.AWARDED, _WM.SUSPEND): _W.SUSPENDED,
    (_W.AWARDED, _WM.WITHDRAW): _W.WITHDRAWN,
    (_W.AWARDED, _WM.SURRENDER): _W.SURRENDERED,
    (_W.CONDITIONAL, _WM.MEET_CONDITIONS): _W.AWARDED,
    (_W.CONDITIONAL, _WM.SUSPEND): _W.SUSPENDED,
    (_W.CONDITIONAL, _WM.WITHDRAW): _W.WITHDRAWN,
    (_W.CONDITIONAL, _WM.SURRENDER): _W.SURRENDERED,
    (_W.SUSPENDED, _WM.REINSTATE): _W.AWARDED,
    (_W.SUSPENDED, _WM.REINSTATE_WITH_CONDITIONS): _W.CONDITIONAL,
    (_W.SUSPENDED, _WM.WITHDRAW): _W.WITHDRAWN,
    (_W.SUSPENDED, _WM.SURRENDER): _W.SURRENDERED,
}

EDITABLE = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.DEFERRED})
"""The states in which the provider may change answers."""

ENDED = frozenset({ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN})
"""The states in which a provider may start another application for the same framework."""

CURRENT = frozenset({AwardStatus.AWARDED, AwardStatus.CONDITIONAL})
"""The states in which a holder may call itself approved."""

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


def after(moves: Mapping[tuple[S, M], S], status: S, move: M, noun: str) -> S:
    """The status that `move` leads to. Raises IllegalMove, naming the `noun` ("application"), where there is none."""
    try:
        return moves[status, move]
    except KeyError:
        words = status.value.replace("-", " ")
        raise IllegalMove(f"You cannot {move.value} this {noun} now: it is {words}.") from None


def status_on(status: AwardStatus, expires_on: date, today: date) -> AwardStatus:
    """What an award's status is on a day: the last day of validity still counts.

    An award that was withdrawn or surrendered stays so after its expiry: that is the truer word.
    """
    if status in {AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED} or today <= expires_on:
        return status
    return AwardStatus.EXPIRED
