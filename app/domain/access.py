"""Who may do what: the one table that decides. Roles, actors and subjects are in app.domain.roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain import parts_in_a_case as part
from app.domain.actions import Action
from app.domain.errors import NotAllowed, NotFound
from app.domain.looking import MAY_LOOK_AS, ONLY_LOOKING, READS, looking_as
from app.domain.roles import (
    GIVEN_TO_ADVISERS,
    NOBODY,
    NOWHERE,
    ORGANISATION_ROLES,
    RIGHTS_OF_MEMBERS,
    SCHEME_ROLES,
    Actor,
    Right,
    Role,
    Subject,
    Viewing,
    roles_at,
)

__all__ = [
    "GIVEN_TO_ADVISERS",
    "MAY_LOOK_AS",
    "NOBODY",
    "NOWHERE",
    "ONLY_LOOKING",
    "ORGANISATION_ROLES",
    "READS",
    "RIGHTS_OF_MEMBERS",
    "RULES",
    "SCHEME_ROLES",
    "Action",
    "Actor",
    "Right",
    "Role",
    "Rule",
    "Subject",
    "Viewing",
    "looking_as",
    "may",
    "may_somewhere",
    "require",
    "roles_at",
]

Condition = Callable[[Actor, Subject], bool]


@dataclass(frozen=True)
class Rule:
    """Any of `roles`, held at the subject's organisation or scheme, and the condition. No roles: anyone signed in.

    Who helps from outside needs the `right`, given by the organisation; without one the rule is closed to them.
    """

    roles: frozenset[Role] = frozenset()
    when: Condition = lambda actor, subject: True
    or_when: Condition = lambda actor, subject: False
    public: bool = False
    because: str = "Your role does not let you do this."
    right: Right | None = None


_PROVIDER = frozenset({Role.LEAD, Role.CONTRIBUTOR})
_LEAD = frozenset({Role.LEAD})
_ASSESSOR = frozenset({Role.ASSESSOR})
_PANEL = frozenset({Role.PANEL_MEMBER})
_MANAGER = frozenset({Role.MANAGER})
_OFFICE = frozenset({Role.MANAGER, Role.AUDITOR})
_JUDGES = _ASSESSOR | _PANEL | _MANAGER
_UNDECLARED = "This case is open to you only while you are assigned to it and have declared no conflict of interest."
_NOT_OWN_CASE = (
    "You belong to this organisation, or assess it with others whose work you must not see before all have handed in, so its "
    "case is closed to you."
)
_NOT_SITTING = (
    "This case is open to panel members who were called, did not assess it, do not belong to the organisation and "
    "declared no conflict."
)
_NOT_TO_REPORT = "A report is made by the case's assessors and by managers with no tie to the organisation."
_NOT_TO_EXPORT = "You belong to this organisation or have an interest in it, so somebody else must export its case."
_NOT_TO_VERIFY = "Findings are verified by the case's assessors and by managers with no tie to the organisation."
_INVOLVED = (
    "This is open to people of the scheme who had no part in the assessment or the decision, have no tie to the organisation "
    "and were appointed to it."
)

_TAKEN_AWAY = (
    "This organisation no longer lets you help here. Nothing that you saved is lost: it belongs to them. "
    "If you think this is a mistake, ask one of its leads."
)
_NOT_GIVEN = "You help this organisation, but it did not give you the right to do this. Ask one of its leads."

RULES: Mapping[Action, Rule] = {
    Action.USE_PUBLIC_SITE: Rule(public=True),
    Action.USE_ACCOUNT: Rule(),
    Action.USE_LISTS: Rule(),
    Action.KEEP_LIST: Rule(
        when=part.keeping, because="This belongs to somebody else, or to a team that you are not in."
    ),
    Action.MAKE_OPEN_DATA: Rule(_MANAGER, because="Only managers of a scheme can ask for an export."),
    Action.START_ORGANISATION: Rule(),
    Action.SEE_ORGANISATION: Rule(_PROVIDER, right=Right.SEE),
    Action.SEE_PEOPLE: Rule(_PROVIDER, because="Only the organisation's own people see who works there."),
    Action.LET_ADVISE: Rule(_LEAD, because="Only a lead of the organisation lets others help. Ask one of them."),
    Action.ADVISE: Rule(frozenset({Role.ADVISER}), right=Right.SEE),
    Action.MANAGE_SITES: Rule(_PROVIDER, right=Right.PROFILE),
    Action.MANAGE_MEMBERS: Rule(_LEAD, because="Only a lead of the consortium can do this. Ask one of them."),
    Action.EDIT_ORGANISATION: Rule(_PROVIDER, right=Right.PROFILE),
    Action.INVITE_COLLEAGUE: Rule(_LEAD, because="Only a lead of the organisation can do this. Ask one of them."),
    Action.LEAVE_ORGANISATION: Rule(_PROVIDER),
    Action.HAND_OVER_LEAD: Rule(_LEAD, because="Only a lead of the organisation can hand the lead over."),
    Action.ASK_TO_LEAD: Rule(frozenset({Role.CONTRIBUTOR}), because="You lead the organisation already."),
    Action.ANSWER_LEAD_REQUEST: Rule(_LEAD, because="Only a lead of the organisation can do this. Ask one of them."),
    Action.DECIDE_ON_LEAD: Rule(
        _MANAGER,
        when=part.not_tied,
        because="You belong to this organisation or have an interest in it, so another manager must decide who leads it.",
    ),
    Action.SEE_LIBRARY: Rule(_PROVIDER, right=Right.EVIDENCE, because=_NOT_GIVEN),
    Action.ADD_EVIDENCE: Rule(_PROVIDER, right=Right.EVIDENCE),
    Action.START_APPLICATION: Rule(_LEAD, because="Only a lead of the organisation can do this. Ask one of them."),
    Action.SEE_APPLICATION: Rule(_PROVIDER, right=Right.SEE),
    Action.ANSWER: Rule(_PROVIDER, right=Right.ANSWER),
    Action.COMMENT: Rule(_PROVIDER, right=Right.ANSWER),
    Action.ANSWER_PART: Rule(
        _PROVIDER, right=Right.PART, when=part.own_part, because="Another member of the consortium answers this part."
    ),
    Action.SUBMIT: Rule(_LEAD, because="Only a lead of the organisation can declare and submit. Ask one of them."),
    Action.WITHDRAW_APPLICATION: Rule(_LEAD, because="Only a lead of the organisation can withdraw an application."),
    Action.ANSWER_QUESTION: Rule(_PROVIDER, right=Right.REPLY),
    Action.SEE_PLAN: Rule(_PROVIDER, right=Right.PLAN),
    Action.EDIT_PLAN: Rule(_PROVIDER, right=Right.PLAN),
    Action.SEE_ASSESSMENTS: Rule(_ASSESSOR),
    Action.DECLARE_INTERESTS: Rule(_ASSESSOR, when=part.assigned, because="This case is not assigned to you."),
    Action.ASSESS: Rule(_ASSESSOR, when=part.assessing, because=_UNDECLARED),
    Action.SEE_PANELS: Rule(_PANEL),
    Action.DECLARE_FOR_PANEL: Rule(_PANEL, when=part.seated, because="You are not called to this panel."),
    Action.SEE_PANEL_CASE: Rule(_PANEL, when=part.sitting, because=_NOT_SITTING),
    Action.VOTE: Rule(_PANEL, when=part.sitting, because=_NOT_SITTING),
    Action.DECIDE: Rule(_PANEL, when=part.chairing, because="Only the chair of this panel records its decision."),
    Action.SEE_PIPELINE: Rule(_OFFICE),
    Action.SEE_CASE: Rule(_OFFICE, when=part.not_own, because=_NOT_OWN_CASE),
    Action.MANAGE_CASE: Rule(
        _MANAGER,
        when=part.not_tied,
        because="You belong to this organisation or have an interest in it, so another manager must manage its case.",
    ),
    Action.MANAGE_PEOPLE: Rule(_MANAGER),
    Action.CALL_MEETING: Rule(_MANAGER, because="Only a manager of the scheme calls meetings of its panel."),
    Action.IMPORT_REGISTER: Rule(_MANAGER, because="Only managers of the scheme bring a list into the register."),
    Action.EDIT_SEARCH_WORDS: Rule(_MANAGER, because="Only managers of a scheme change the words of the search."),
    Action.CHANGE_AWARD: Rule(
        _MANAGER,
        when=part.not_judged,
        because="You belong to this organisation, have an interest in it or assessed its case, so another manager must "
        "decide on its award.",
    ),
    Action.SEE_AUDIT: Rule(_OFFICE),
    Action.EXPORT_CASE: Rule(_OFFICE, when=part.not_tied, because=_NOT_TO_EXPORT),
    Action.FRAMEWORKS_SEE: Rule(_OFFICE),
    Action.FRAMEWORK_EDIT: Rule(_MANAGER, because="Only a manager of the scheme can change its frameworks."),
    Action.FRAMEWORK_PUBLISH: Rule(_MANAGER, because="Only a manager of the scheme can publish or retire an edition."),
    Action.SEE_FEEDBACK: Rule(_PROVIDER, right=Right.FEEDBACK),
    Action.ASK_FOR_FEEDBACK: Rule(_PROVIDER, right=Right.FEEDBACK),
    Action.SEE_CONCERNS: Rule(_MANAGER, part.not_tied, because="This is open to other managers of the scheme."),
    Action.HANDLE_CONCERN: Rule(_MANAGER, part.not_tied, because="This is open to other managers of the scheme."),
    Action.KEEP_INTERESTS: Rule(SCHEME_ROLES),
    Action.SEE_INTERESTS: Rule(_OFFICE),
    Action.RAISE_FINDING: Rule(_ASSESSOR, when=part.assessing, because=_UNDECLARED),
    Action.SEE_FINDINGS: Rule(_PROVIDER, right=Right.SEE),
    Action.ANSWER_FINDING: Rule(_PROVIDER, right=Right.REPLY),
    Action.VERIFY_FINDING: Rule(_MANAGER | _ASSESSOR, when=part.verifies, because=_NOT_TO_VERIFY),
    Action.CHECK_REPORT: Rule(_PROVIDER, right=Right.REPLY),
    Action.HANDLE_REPORT: Rule(_MANAGER | _ASSESSOR, when=part.makes_the_report, because=_NOT_TO_REPORT),
    Action.SEE_REPORT: Rule(
        _PROVIDER | _OFFICE | _JUDGES, when=part.reads_the_report, right=Right.REPLY, because=_UNDECLARED
    ),
    Action.ANSWER_CONDITION: Rule(_PROVIDER, right=Right.REPLY),
    Action.SURRENDER_AWARD: Rule(_LEAD, because="Only a lead of the organisation can give its award up."),
    Action.RETURN_SURVEILLANCE: Rule(
        _LEAD, because="Only a lead of the organisation writes and sends its yearly return."
    ),
    Action.SPOT_CHECK: Rule(_ASSESSOR, when=part.spot_checking, because="This spot check is not given to you."),
    Action.LODGE_APPEAL: Rule(_LEAD, because="Only a lead of the organisation can appeal. Ask one of them."),
    Action.SEE_APPEALS: Rule(_OFFICE, when=part.uninvolved, because=_INVOLVED),
    Action.HANDLE_APPEAL: Rule(_MANAGER, when=part.uninvolved, because=_INVOLVED),
    Action.DECIDE_APPEAL: Rule(_JUDGES, when=part.reviewing, because=_INVOLVED),
    Action.SEE_COMPLAINTS: Rule(_OFFICE, when=part.uninvolved, because=_INVOLVED),
    Action.HANDLE_COMPLAINT: Rule(_MANAGER, when=part.uninvolved, because=_INVOLVED),
    Action.DECIDE_COMPLAINT: Rule(_JUDGES, when=part.reviewing, because=_INVOLVED),
    Action.SEE_REVIEWS: Rule(_JUDGES),
    Action.DECLARE_FOR_REVIEW: Rule(_JUDGES, when=part.appointed, because=_INVOLVED),
    Action.SEE_PASSPORTS: Rule(_PROVIDER, right=Right.EVIDENCE, because=_NOT_GIVEN),
    Action.ADD_PASSPORT: Rule(_PROVIDER, right=Right.EVIDENCE, because=_NOT_GIVEN),
    Action.SEE_CHECKS: Rule(
        _OFFICE, when=part.not_own, because="You belong to this organisation: others check for it."
    ),
    Action.VERIFY_PASSPORT: Rule(
        _MANAGER,
        when=part.not_tied,
        because="You belong to this organisation or have an interest in it, so another manager must check this.",
    ),
    Action.MAKE_PACK: Rule(_PROVIDER, right=Right.PACK),
    Action.SHARE_PACK: Rule(_LEAD, because="Only a lead of the organisation can share a pack. Ask one of them."),
    Action.ANSWER_NEED: Rule(_PROVIDER, because="Only people of the organisation itself answer for it."),
    Action.HIDE_NEED: Rule(_MANAGER, because="Only a manager of a scheme can hide what breaks the rules."),
    Action.SEE_EVIDENCE: Rule(
        _PROVIDER | _OFFICE,
        when=part.let_read_evidence,
        right=Right.EVIDENCE,
        or_when=part.reads_the_case,
        because=_UNDECLARED,
    ),
}


def may(actor: Actor, action: Action, subject: Subject = NOWHERE) -> bool:
    """Whether `actor` may do `action` to `subject`."""
    if actor.viewing is not None and action not in READS:
        return False
    rule = RULES[action]
    if rule.public:
        return True
    if not actor.signed_in:
        return False
    if not rule.roles:
        return rule.when(actor, subject)
    if rule.or_when(actor, subject):
        return True
    held = bool(roles_at(actor, subject) & rule.roles) or _given(actor, rule, subject)
    return held and rule.when(actor, subject)


def _given(actor: Actor, rule: Rule, subject: Subject) -> bool:
    """Whether the subject's organisation gave `actor` the right that the rule names."""
    if rule.right is None or subject.organisation_id is None:
        return False
    return rule.right in actor.helps.get(subject.organisation_id, frozenset())


def may_somewhere(actor: Actor, action: Action) -> bool:
    """Whether the roles that `actor` holds anywhere could let them do `action`: what a view asks before it looks."""
    if actor.viewing is not None and action not in READS:
        return False
    rule = RULES[action]
    if rule.public:
        return True
    if not actor.signed_in:
        return False
    if action is Action.SEE_EVIDENCE:
        return bool(actor.roles)
    if rule.right is not None and (actor.helps or actor.formerly):
        return True  # the organisation that is asked for says what was given, or that it was taken away
    return not rule.roles or bool(actor.roles & rule.roles)


def require(actor: Actor, action: Action, subject: Subject = NOWHERE) -> None:
    """Refuse what `actor` may not do.

    Raises NotFound to those who have nothing to do with the subject, so that guessing an address tells them nothing,
    and NotAllowed, saying why, to those who do.
    """
    if may(actor, action, subject):
        return
    if actor.viewing is not None and action not in READS:
        raise NotAllowed(ONLY_LOOKING)
    if roles_at(actor, subject):
        beside = subject.organisation_id in actor.helps and RULES[action].because == Rule.because
        raise NotAllowed(_NOT_GIVEN if beside else RULES[action].because)
    if subject.organisation_id in actor.formerly:
        raise NotAllowed(_TAKEN_AWAY)
    raise NotFound("There is no such page, or it is not open to you.")
