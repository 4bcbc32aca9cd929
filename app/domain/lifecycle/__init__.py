"""The lives of everything that a scheme decides on: the states, and the only moves between them."""

from app.domain.lifecycle.appeal import (
    APPEAL,
    APPEAL_MOVES,
    COMPLAINT,
    COMPLAINT_MOVES,
    AppealMove,
    AppealStatus,
    ComplaintMove,
    ComplaintStatus,
)
from app.domain.lifecycle.application import (
    APPLICATION,
    APPLICATION_MOVES,
    EDITABLE,
    ENDED,
    ApplicationMove,
    ApplicationStatus,
)
from app.domain.lifecycle.assessment import ASSESSMENT, ASSESSMENT_MOVES, AssessmentMove, AssessmentStatus
from app.domain.lifecycle.award import AWARD, AWARD_MOVES, CURRENT, STANDING, AwardMove, AwardStatus, status_on
from app.domain.lifecycle.decision import (
    DECISION,
    DECISION_MOVES,
    PANEL,
    PANEL_MOVES,
    DecisionMove,
    DecisionStatus,
    PanelMove,
    PanelStatus,
)
from app.domain.lifecycle.finding import FINDING, FINDING_MOVES, STILL_OPEN, FindingMove, FindingStatus
from app.domain.lifecycle.life import Life, Step, after
from app.domain.lifecycle.report import REPORT, REPORT_MOVES, WRITABLE, ReportMove, ReportStatus
from app.domain.lifecycle.surveillance import (
    NOT_RETURNED,
    SURVEILLANCE,
    SURVEILLANCE_MOVES,
    SurveillanceMove,
    SurveillanceStatus,
)

LIVES = (APPLICATION, ASSESSMENT, FINDING, REPORT, PANEL, DECISION, AWARD, SURVEILLANCE, APPEAL, COMPLAINT)
"""In the order in which a case meets them."""

__all__ = [
    "APPEAL",
    "APPEAL_MOVES",
    "APPLICATION",
    "APPLICATION_MOVES",
    "ASSESSMENT",
    "ASSESSMENT_MOVES",
    "AWARD",
    "AWARD_MOVES",
    "COMPLAINT",
    "COMPLAINT_MOVES",
    "CURRENT",
    "DECISION",
    "DECISION_MOVES",
    "EDITABLE",
    "ENDED",
    "FINDING",
    "FINDING_MOVES",
    "LIVES",
    "NOT_RETURNED",
    "PANEL",
    "PANEL_MOVES",
    "REPORT",
    "REPORT_MOVES",
    "STANDING",
    "STILL_OPEN",
    "SURVEILLANCE",
    "SURVEILLANCE_MOVES",
    "WRITABLE",
    "AppealMove",
    "AppealStatus",
    "ApplicationMove",
    "ApplicationStatus",
    "AssessmentMove",
    "AssessmentStatus",
    "AwardMove",
    "AwardStatus",
    "ComplaintMove",
    "ComplaintStatus",
    "DecisionMove",
    "DecisionStatus",
    "FindingMove",
    "FindingStatus",
    "Life",
    "PanelMove",
    "PanelStatus",
    "ReportMove",
    "ReportStatus",
    "Step",
    "SurveillanceMove",
    "SurveillanceStatus",
    "after",
    "status_on",
]
