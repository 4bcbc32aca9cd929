"""Everything that permission is asked for."""

from enum import StrEnum


class Action(StrEnum):
    """Everything that permission is asked for, as `object:verb`."""

    USE_PUBLIC_SITE = "public:use"
    USE_ACCOUNT = "account:use"
    USE_LISTS = "lists:use"
    KEEP_LIST = "list:keep"
    START_ORGANISATION = "organisation:start"

    SEE_ORGANISATION = "organisation:see"
    SEE_PEOPLE = "organisation:see-people"
    LET_ADVISE = "organisation:let-advise"
    ADVISE = "organisation:advise"
    MANAGE_SITES = "organisation:manage-sites"
    MANAGE_MEMBERS = "organisation:manage-members"
    EDIT_ORGANISATION = "organisation:edit"
    INVITE_COLLEAGUE = "organisation:invite"
    LEAVE_ORGANISATION = "organisation:leave"
    HAND_OVER_LEAD = "lead:hand-over"
    ASK_TO_LEAD = "lead:ask"
    ANSWER_LEAD_REQUEST = "lead:answer"
    DECIDE_ON_LEAD = "lead:decide"
    SEE_LIBRARY = "evidence:browse"
    ADD_EVIDENCE = "evidence:add"
    START_APPLICATION = "application:start"
    SEE_APPLICATION = "application:see"
    ANSWER = "application:answer"
    COMMENT = "application:comment"
    ANSWER_PART = "application:answer-part"
    SUBMIT = "application:submit"
    WITHDRAW_APPLICATION = "application:withdraw"
    ANSWER_QUESTION = "question:answer"
    SEE_PLAN = "plan:see"
    EDIT_PLAN = "plan:edit"

    KEEP_INTERESTS = "interests:keep"
    SEE_ASSESSMENTS = "assessments:see"
    DECLARE_INTERESTS = "assessment:declare"
    ASSESS = "assessment:score"

    SEE_PANELS = "panels:see"
    DECLARE_FOR_PANEL = "panel:declare"
    SEE_PANEL_CASE = "panel:read"
    VOTE = "panel:vote"
    DECIDE = "panel:decide"

    SEE_PIPELINE = "pipeline:see"
    SEE_CASE = "case:see"
    MANAGE_CASE = "case:manage"
    MANAGE_PEOPLE = "people:manage"
    CHANGE_AWARD = "award:change"
    IMPORT_REGISTER = "register:import"
    SEE_AUDIT = "audit:see"
    EXPORT_CASE = "case:export"
    FRAMEWORKS_SEE = "frameworks:see"
    FRAMEWORK_EDIT = "framework:edit"
    FRAMEWORK_PUBLISH = "framework:publish"

    SEE_EVIDENCE = "evidence:see"

    SEE_PASSPORTS = "passport:see"
    ADD_PASSPORT = "passport:add"
    SEE_CHECKS = "passport:see-checks"
    VERIFY_PASSPORT = "passport:verify"

    MAKE_PACK = "pack:make"
    SHARE_PACK = "pack:share"

    SEE_FEEDBACK = "feedback:see"
    ASK_FOR_FEEDBACK = "feedback:ask"
    SEE_CONCERNS = "concern:see"
    HANDLE_CONCERN = "concern:handle"

    SEE_INTERESTS = "interests:see"

    RAISE_FINDING = "finding:raise"
    SEE_FINDINGS = "finding:see"
    ANSWER_FINDING = "finding:answer"
    VERIFY_FINDING = "finding:verify"

    CHECK_REPORT = "report:check"
    HANDLE_REPORT = "report:handle"
    SEE_REPORT = "report:see"

    ANSWER_CONDITION = "condition:answer"
    CALL_MEETING = "meeting:call"

    SURRENDER_AWARD = "award:surrender"
    RETURN_SURVEILLANCE = "surveillance:return"
    SPOT_CHECK = "spot-check:do"

    LODGE_APPEAL = "appeal:lodge"
    SEE_APPEALS = "appeal:see"
    HANDLE_APPEAL = "appeal:handle"
    DECIDE_APPEAL = "appeal:decide"
    SEE_COMPLAINTS = "complaint:see"
    HANDLE_COMPLAINT = "complaint:handle"
    DECIDE_COMPLAINT = "complaint:decide"
    SEE_REVIEWS = "reviews:see"
    DECLARE_FOR_REVIEW = "review:declare"

    ANSWER_NEED = "need:answer"
    HIDE_NEED = "need:hide"
    MAKE_OPEN_DATA = "open-data:make"
