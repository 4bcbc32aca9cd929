"""The life of an assessment report, from the first words to the lead assessor's name beneath it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from app.domain.actions import Action
from app.domain.lifecycle.life import Life, Step


class ReportStatus(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    WITH_PROVIDER = "with-provider"
    ANSWERED = "answered"
    FINAL = "final"
    SIGNED = "signed"


class ReportMove(StrEnum):
    """What can happen to a report."""

    SEND = "send"
    TAKE_BACK = "take back"
    COMMENT = "hand in comments on"
    FIND_NO_MISTAKES = "find no mistakes in"
    LAPSE = "end the check of"
    FINISH = "finish"
    GO_ON = "go on writing"
    SIGN = "sign"


_R, _RM = ReportStatus, ReportMove
REPORT_MOVES: Mapping[tuple[ReportStatus, ReportMove], ReportStatus] = {
    (_R.DRAFT, _RM.SEND): _R.WITH_PROVIDER,
    (_R.WITH_PROVIDER, _RM.TAKE_BACK): _R.DRAFT,
    (_R.WITH_PROVIDER, _RM.COMMENT): _R.ANSWERED,
    (_R.WITH_PROVIDER, _RM.FIND_NO_MISTAKES): _R.ANSWERED,
    (_R.WITH_PROVIDER, _RM.LAPSE): _R.ANSWERED,
    (_R.ANSWERED, _RM.SEND): _R.WITH_PROVIDER,
    (_R.ANSWERED, _RM.FINISH): _R.FINAL,
    (_R.FINAL, _RM.GO_ON): _R.ANSWERED,
    (_R.FINAL, _RM.SIGN): _R.SIGNED,
}

WRITABLE = frozenset({_R.DRAFT, _R.ANSWERED})
"""The states in which the lead assessor may change its words."""

REPORT = Life(
    noun="report",
    states=ReportStatus,
    kinds=ReportMove,
    begins=frozenset({_R.DRAFT}),
    moves=REPORT_MOVES,
    steps={
        _RM.SEND: Step(
            (Action.HANDLE_REPORT,),
            "The case is assessed, every comment of an earlier check has its answer, and the provider has the scheme's "
            "number of working days.",
            ("report_to_check",),
        ),
        _RM.TAKE_BACK: Step(
            (Action.HANDLE_REPORT,),
            "Why it is taken back. What the provider wrote so far is kept.",
            ("report_taken_back",),
        ),
        _RM.COMMENT: Step((Action.CHECK_REPORT,), "At least one comment on a paragraph.", ("report_checked",)),
        _RM.FIND_NO_MISTAKES: Step((Action.CHECK_REPORT,), "No comment is written.", ("report_checked",)),
        _RM.LAPSE: Step(
            (),
            "The last day to check has passed. Comments that were written count; without any it is read without comments.",
            ("report_checked", "report_check_over"),
            also_clock=True,
        ),
        _RM.FINISH: Step((Action.HANDLE_REPORT,), "Every comment of the provider has its answer. The words are fixed."),
        _RM.GO_ON: Step((Action.HANDLE_REPORT,), "It is not signed yet."),
        _RM.SIGN: Step(
            (Action.ASSESS,),
            "The lead assessor puts their name to it, on the scores and facts as they stand.",
            ("report_signed",),
        ),
    },
    says={
        _R.DRAFT: "The lead assessor writes. The provider does not see it.",
        _R.WITH_PROVIDER: "The provider checks one version of it for mistakes of fact.",
        _R.ANSWERED: "The check is over. The assessors answer each comment and change what was wrong.",
        _R.FINAL: "The words are fixed. It waits for the lead assessor's signature.",
        _R.SIGNED: "Signed by the lead assessor, and never changed. The panel reads it with the provider's comments and their "
        "answers. Where the case is scored again, another report follows.",
    },
)
