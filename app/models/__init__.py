"""The tables. A row knows its own facts and moves; it never queries and never commits."""

from app.models.answer_sheet import AnswerSheet
from app.models.api_key import ApiKey
from app.models.appeal import (
    Appeal,
    AppealDraft,
    AppealEvidence,
    Complaint,
    ComplaintPerson,
    ComplaintStep,
    Reviewer,
)
from app.models.application import Answer, Application, AttachedEvidence
from app.models.asking import ProviderRequest, QuestionEvidence, QuestionNotice, RequestExtension
from app.models.assessment import Assessment, Question, Score
from app.models.assessor import AssessorNote, AssessorPhrase, EvidenceOpening
from app.models.award import Award, RegisterEntry, RegisterEvent
from app.models.award_life import AwardNotice, CertificateVersion, SpotCheck, SpotDraw, Surveillance
from app.models.colleagues import Comment, HandedOver
from app.models.condition import AwardCondition, ConditionEvidence
from app.models.draft import FrameworkDraft
from app.models.evidence import EvidenceNotice, LinkCheck
from app.models.finding import CorrectivePlan, Finding, FindingEvidence, FindingStep
from app.models.helping import AdviserGrant, ConsortiumMember
from app.models.lead_request import LeadRequest
from app.models.meeting import MeetingMember, PanelMeeting, PanelNote
from app.models.messages import MailSetting, MessagePreference, Notice, RegularRun
from app.models.need import Need, NeedAnswer, NeedChange, NeedFacet, NeedTold
from app.models.offer import ServiceOffer
from app.models.organisation import EvidenceItem, EvidenceVersion, Organisation
from app.models.pack import Pack, PackOpening, PackPiece, PackResult, PackShare
from app.models.panel import Decision, Panel, PanelSeat
from app.models.parts import AnswerPart, Site
from app.models.passport import OwnAnswer, Passport, PassportCheck, PassportUse
from app.models.people import (
    Competence,
    Interest,
    InterestRegister,
    Invitation,
    Membership,
    SchemePost,
    SignInAttempt,
    User,
)
from app.models.plan import PlanAction, PlanEvidence, PlanFeed
from app.models.population import Population
from app.models.proposal import Proposal
from app.models.readiness import ReadinessSnapshot
from app.models.reconciling import AgreedScore, Dissent, ScoreSettlement
from app.models.records import AuditRow, AuditSeal, MailMessage
from app.models.register_import import RegisterImport, RegisterImportRow
from app.models.report import (
    Report,
    ReportCheck,
    ReportComment,
    ReportCommentEvidence,
    ReportParagraph,
    ReportTemplate,
    ReportVersion,
)
from app.models.saved_filter import SavedFilter
from app.models.scheme import FrameworkEdition, Scheme
from app.models.search_words import RegisterChange, SearchWords
from app.models.shortlist import LockedList, Shortlist, ShortlistItem, ShortlistShare
from app.models.team import Team, TeamInvitation, TeamMember
from app.models.two_step import Authenticator, Passkey, RecoveryCode, SignIn, SpentChallenge
from app.models.visit import Citation, Visit, VisitDraw, VisitGoer, VisitNote, VisitProposal, VisitSite
from app.models.voice import (
    Standing,
    StepKind,
    VoiceAnswer,
    VoiceConcern,
    VoiceConcernScheme,
    VoiceConcernStep,
    VoiceInvite,
    VoiceRound,
    VoiceSnapshot,
)
from app.models.watching import (
    AlertCursor,
    ExpiryNotice,
    MailWatch,
    SavedSearch,
    SearchNews,
    Watch,
    WatchFeed,
)

__all__ = [
    "AdviserGrant",
    "AgreedScore",
    "AlertCursor",
    "Answer",
    "AnswerPart",
    "AnswerSheet",
    "ApiKey",
    "Appeal",
    "AppealDraft",
    "AppealEvidence",
    "Application",
    "Assessment",
    "AssessorNote",
    "AssessorPhrase",
    "AttachedEvidence",
    "AuditRow",
    "AuditSeal",
    "Authenticator",
    "Award",
    "AwardCondition",
    "AwardNotice",
    "CertificateVersion",
    "Citation",
    "Comment",
    "Competence",
    "Complaint",
    "ComplaintPerson",
    "ComplaintStep",
    "ConditionEvidence",
    "ConsortiumMember",
    "CorrectivePlan",
    "Decision",
    "Dissent",
    "EvidenceItem",
    "EvidenceNotice",
    "EvidenceOpening",
    "EvidenceVersion",
    "ExpiryNotice",
    "Finding",
    "FindingEvidence",
    "FindingStep",
    "FrameworkDraft",
    "FrameworkEdition",
    "HandedOver",
    "Interest",
    "InterestRegister",
    "Invitation",
    "LeadRequest",
    "LinkCheck",
    "LockedList",
    "MailMessage",
    "MailSetting",
    "MailWatch",
    "MeetingMember",
    "Membership",
    "MessagePreference",
    "Need",
    "NeedAnswer",
    "NeedChange",
    "NeedFacet",
    "NeedTold",
    "Notice",
    "Organisation",
    "OwnAnswer",
    "Pack",
    "PackOpening",
    "PackPiece",
    "PackResult",
    "PackShare",
    "Panel",
    "PanelMeeting",
    "PanelNote",
    "PanelSeat",
    "Passkey",
    "Passport",
    "PassportCheck",
    "PassportUse",
    "PlanAction",
    "PlanEvidence",
    "PlanFeed",
    "Population",
    "Proposal",
    "ProviderRequest",
    "Question",
    "QuestionEvidence",
    "QuestionNotice",
    "ReadinessSnapshot",
    "RecoveryCode",
    "RegisterChange",
    "RegisterEntry",
    "RegisterEvent",
    "RegisterImport",
    "RegisterImportRow",
    "RegularRun",
    "Report",
    "ReportCheck",
    "ReportComment",
    "ReportCommentEvidence",
    "ReportParagraph",
    "ReportTemplate",
    "ReportVersion",
    "RequestExtension",
    "Reviewer",
    "SavedFilter",
    "SavedSearch",
    "Scheme",
    "SchemePost",
    "Score",
    "ScoreSettlement",
    "SearchNews",
    "SearchWords",
    "ServiceOffer",
    "Shortlist",
    "ShortlistItem",
    "ShortlistShare",
    "SignIn",
    "SignInAttempt",
    "Site",
    "SpentChallenge",
    "SpotCheck",
    "SpotDraw",
    "Standing",
    "StepKind",
    "Surveillance",
    "Team",
    "TeamInvitation",
    "TeamMember",
    "User",
    "Visit",
    "VisitDraw",
    "VisitGoer",
    "VisitNote",
    "VisitProposal",
    "VisitSite",
    "VoiceAnswer",
    "VoiceConcern",
    "VoiceConcernScheme",
    "VoiceConcernStep",
    "VoiceInvite",
    "VoiceRound",
    "VoiceSnapshot",
    "Watch",
    "WatchFeed",
]
