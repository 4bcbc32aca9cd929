"""Who may do what: the table is whole, and each rule holds at one's own place only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.access import (
    GIVEN_TO_ADVISERS,
    NOBODY,
    ORGANISATION_ROLES,
    RIGHTS_OF_MEMBERS,
    RULES,
    SCHEME_ROLES,
    Action,
    Actor,
    Right,
    Role,
    Subject,
    may,
    may_somewhere,
    require,
)
from app.domain.errors import NotAllowed, NotFound

ME, OURS, THEIRS, SCHEME, OTHER_SCHEME, MEMBER = 7, 1, 2, 10, 20, 3
HERE = Subject(organisation_id=OURS, scheme_id=SCHEME, member_id=MEMBER)
GIVEN = {Role.ADVISER: frozenset(GIVEN_TO_ADVISERS), Role.MEMBER: RIGHTS_OF_MEMBERS}
OPEN_TO_ALL = {action for action in Action if RULES[action].public}
OWN = {Action.KEEP_LIST}  # what belongs to a person or a team, whatever else they are
ANYONE_SIGNED_IN = {action for action in Action if not RULES[action].public and not RULES[action].roles} - OWN


def holding(role: Role, organisation: int = OURS, scheme: int = SCHEME) -> Actor:
    if role in ORGANISATION_ROLES:
        return Actor(user_id=ME, organisations={organisation: role})
    if role in GIVEN:
        members = {organisation: frozenset({MEMBER})} if role is Role.MEMBER else {}
        return Actor(user_id=ME, helps={organisation: GIVEN[role]}, acts_for=members)
    return Actor(user_id=ME, schemes={scheme: frozenset({role})})


# A case of another organisation in the scheme, in which the person is assigned, declared, called and chairs.
INVOLVED = replace(
    HERE,
    assigned=frozenset({ME}),
    assessing=frozenset({ME}),
    seated=frozenset({ME}),
    sitting=frozenset({ME}),
    reviewing=frozenset({ME}),
    spot_checking=frozenset({ME}),
    chair=ME,
    owner_id=ME,
)
EVERY_PAIR = [(action, role) for action in Action for role in Role]


def test_every_action_has_a_rule_and_every_rule_an_action():
    assert set(RULES) == set(Action)


def test_the_public_site_and_nothing_else_is_open_to_nobody():
    assert {action for action in Action if may(NOBODY, action, INVOLVED)} == {Action.USE_PUBLIC_SITE} == OPEN_TO_ALL
    assert {action for action in Action if may_somewhere(NOBODY, action)} == OPEN_TO_ALL


@pytest.mark.parametrize(("action", "role"), EVERY_PAIR)
def test_a_role_counts_at_its_own_place_and_only_where_the_table_says(action, role):
    """The same person at the same case, with the role here, at another organisation, and in another scheme."""
    expected = action in OPEN_TO_ALL | ANYONE_SIGNED_IN | OWN or role in RULES[action].roles
    expected = expected or RULES[action].right in GIVEN.get(role, ())
    if action is Action.SEE_EVIDENCE and role not in GIVEN:
        expected = True  # INVOLVED reads the case, each of its roles for a reason of its own
    assert may(holding(role), action, INVOLVED) is expected
    elsewhere = holding(role, organisation=THEIRS, scheme=OTHER_SCHEME)
    assert may(elsewhere, action, HERE) is (action in OPEN_TO_ALL | ANYONE_SIGNED_IN - {Action.KEEP_LIST})


@pytest.mark.parametrize(("action", "role"), EVERY_PAIR)
def test_a_view_never_turns_away_whom_the_case_would_let_in(action, role):
    if may(holding(role), action, INVOLVED):
        assert may_somewhere(holding(role), action)


@pytest.mark.parametrize("role", sorted(SCHEME_ROLES))
def test_a_draft_belongs_to_the_provider_alone(role):
    draft = replace(INVOLVED, submitted=False)
    seen = {action for action in Action if RULES[action].roles and may(holding(role), action, draft)}
    assert seen == set()


@pytest.mark.parametrize("action", [Action.VOTE, Action.DECIDE, Action.SEE_PANEL_CASE, Action.DECLARE_FOR_PANEL])
def test_nobody_decides_on_a_case_that_they_assessed(action):
    member = holding(Role.PANEL_MEMBER)
    assert may(member, action, INVOLVED)
    with pytest.raises(NotAllowed):
        require(member, action, replace(INVOLVED, assessed=frozenset({ME})))


@pytest.mark.parametrize(
    ("action", "role", "missing"),
    [
        (Action.DECLARE_INTERESTS, Role.ASSESSOR, "assigned"),
        (Action.ASSESS, Role.ASSESSOR, "assessing"),
        (Action.DECLARE_FOR_PANEL, Role.PANEL_MEMBER, "seated"),
        (Action.SEE_PANEL_CASE, Role.PANEL_MEMBER, "sitting"),
        (Action.VOTE, Role.PANEL_MEMBER, "sitting"),
        (Action.DECIDE, Role.PANEL_MEMBER, "sitting"),
        (Action.DECIDE, Role.PANEL_MEMBER, "chair"),
    ],
)
def test_a_case_opens_only_to_who_is_called_to_it_and_has_declared(action, role, missing):
    without = replace(INVOLVED, **{missing: None if missing == "chair" else frozenset({ME + 1})})
    assert not may(holding(role), action, without)


@pytest.mark.parametrize("action", [Action.SEE_CASE, Action.MANAGE_CASE, Action.CHANGE_AWARD])
def test_nobody_manages_the_case_of_their_own_organisation(action):
    torn = Actor(user_id=ME, organisations={OURS: Role.LEAD}, schemes={SCHEME: frozenset({Role.MANAGER})})
    assert may(torn, action, replace(HERE, organisation_id=THEIRS))
    with pytest.raises(NotAllowed, match="You belong to this organisation"):
        require(torn, action, HERE)


@pytest.mark.parametrize("action", [Action.MANAGE_CASE, Action.CHANGE_AWARD])
def test_a_manager_with_an_interest_reads_the_case_and_changes_nothing(action):
    tied = replace(HERE, tied=frozenset({ME}))
    assert may(holding(Role.MANAGER), Action.SEE_CASE, tied)
    assert may(holding(Role.MANAGER), action, replace(HERE, tied=frozenset({ME + 1})))
    with pytest.raises(NotAllowed, match="another manager must"):
        require(holding(Role.MANAGER), action, tied)


def test_a_list_is_open_to_its_owner_and_to_nobody_else_who_is_signed_in():
    assert may(holding(Role.LEAD), Action.KEEP_LIST, Subject(owner_id=ME))
    assert not may(holding(Role.LEAD), Action.KEEP_LIST, Subject(owner_id=ME + 1))
    assert may(Actor(user_id=ME, teams=frozenset({5})), Action.KEEP_LIST, Subject(team_id=5))
    assert not may(Actor(user_id=ME, teams=frozenset({6})), Action.KEEP_LIST, Subject(team_id=5, owner_id=ME))


def test_an_auditor_reads_and_changes_nothing():
    may_do = {action for action in Action if may(holding(Role.AUDITOR), action, HERE)} - OPEN_TO_ALL - ANYONE_SIGNED_IN
    seen = {Action.SEE_PIPELINE, Action.SEE_CASE, Action.SEE_AUDIT, Action.SEE_EVIDENCE, Action.FRAMEWORKS_SEE}
    seen |= {Action.SEE_CHECKS, Action.SEE_INTERESTS, Action.SEE_APPEALS, Action.SEE_COMPLAINTS, Action.SEE_REPORT}
    seen |= {Action.SEE_CHECKS, Action.SEE_INTERESTS, Action.EXPORT_CASE, Action.SEE_APPEALS, Action.SEE_COMPLAINTS}
    seen |= {Action.KEEP_INTERESTS}  # their own
    assert may_do == seen


def test_what_only_leads_do_is_refused_to_contributors_with_a_reason():
    leads_only = {action for action in Action if RULES[action].roles == {Role.LEAD}}
    assert leads_only >= {
        Action.INVITE_COLLEAGUE,
        Action.LET_ADVISE,
        Action.MANAGE_MEMBERS,
        Action.START_APPLICATION,
        Action.SUBMIT,
        Action.WITHDRAW_APPLICATION,
    }
    for action in leads_only:
        with pytest.raises(NotAllowed, match=r"lead of"):
            require(holding(Role.CONTRIBUTOR), action, HERE)


def test_a_refusal_tells_a_stranger_nothing():
    for role in Role:
        stranger = holding(role, organisation=THEIRS, scheme=OTHER_SCHEME)
        with pytest.raises(NotFound):
            require(stranger, Action.SUBMIT, HERE)


def test_evidence_is_closed_to_an_assessor_before_the_declaration():
    assert not may(holding(Role.ASSESSOR), Action.SEE_EVIDENCE, replace(HERE, assigned=frozenset({ME})))


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (Action.ASSESS, Role.ASSESSOR),
        (Action.SEE_PANEL_CASE, Role.PANEL_MEMBER),
        (Action.VOTE, Role.PANEL_MEMBER),
        (Action.DECIDE, Role.PANEL_MEMBER),
    ],
)
def test_who_joins_the_organisation_after_declaring_no_longer_judges_it(action, role):
    joined = Actor(user_id=ME, organisations={OURS: Role.CONTRIBUTOR}, schemes={SCHEME: frozenset({role})})
    assert not may(joined, action, INVOLVED)
    assert may(joined, action, replace(INVOLVED, organisation_id=THEIRS))


@pytest.mark.parametrize("role", sorted(SCHEME_ROLES - {Role.MANAGER, Role.AUDITOR}))
def test_evidence_closes_with_the_role_that_opened_it(role):
    assert may(holding(role), Action.SEE_EVIDENCE, INVOLVED)
    assert not may(holding(role, scheme=OTHER_SCHEME), Action.SEE_EVIDENCE, INVOLVED)


@pytest.mark.parametrize("office", [Role.MANAGER, Role.AUDITOR])
def test_an_office_opens_no_evidence_that_the_organisation_kept_from_its_adviser(office):
    def helping(*rights: Right) -> Actor:
        return Actor(user_id=ME, schemes={SCHEME: frozenset({office})}, helps={OURS: frozenset(rights)})

    assert not may(helping(Right.SEE), Action.SEE_EVIDENCE, HERE)
    assert may(helping(Right.SEE, Right.EVIDENCE), Action.SEE_EVIDENCE, HERE)
    assert may(holding(office), Action.SEE_EVIDENCE, HERE)


def test_a_manager_who_assessed_a_case_does_not_decide_on_its_award():
    both = Actor(user_id=ME, schemes={SCHEME: frozenset({Role.MANAGER, Role.ASSESSOR})})
    assert may(both, Action.CHANGE_AWARD, HERE)
    with pytest.raises(NotAllowed, match="assessed its case"):
        require(both, Action.CHANGE_AWARD, replace(HERE, assessed=frozenset({ME})))


@pytest.mark.parametrize("given", sorted(Right))
def test_an_adviser_does_exactly_what_each_organisation_lets_them(given):
    adviser = Actor(user_id=ME, helps={OURS: frozenset({given})}, acts_for={OURS: frozenset({MEMBER})})
    open_to_them = {action for action in Action if RULES[action].roles and may(adviser, action, HERE)}
    assert open_to_them == {action for action in Action if RULES[action].right is given}
    assert not any(may(adviser, action, replace(HERE, organisation_id=THEIRS)) for action in open_to_them)


@pytest.mark.parametrize(
    "action",
    [
        Action.SUBMIT,
        Action.WITHDRAW_APPLICATION,
        Action.START_APPLICATION,
        Action.INVITE_COLLEAGUE,
        Action.LET_ADVISE,
        Action.MANAGE_MEMBERS,
        Action.SEE_PEOPLE,
    ],
)
def test_no_right_lets_somebody_from_outside_speak_for_the_organisation(action):
    assert RULES[action].right is None
    with pytest.raises(NotAllowed):
        require(Actor(user_id=ME, helps={OURS: frozenset(Right)}), action, HERE)


def test_a_right_that_was_taken_away_is_told_as_such_and_to_nobody_else():
    with pytest.raises(NotAllowed, match="no longer lets you help"):
        require(Actor(user_id=ME, formerly=frozenset({OURS})), Action.ANSWER, HERE)
    with pytest.raises(NotFound):
        require(Actor(user_id=ME, formerly=frozenset({THEIRS})), Action.ANSWER, HERE)


def test_a_member_of_a_consortium_answers_its_own_part_alone():
    theirs = Actor(user_id=ME, helps={OURS: RIGHTS_OF_MEMBERS}, acts_for={OURS: frozenset({MEMBER + 1})})
    with pytest.raises(NotAllowed, match="Another member"):
        require(theirs, Action.ANSWER_PART, HERE)
    assert not may(theirs, Action.ANSWER, HERE)
    assert may(Actor(user_id=ME, organisations={OURS: Role.CONTRIBUTOR}), Action.ANSWER_PART, HERE)


@pytest.mark.parametrize("action", [Action.SEE_CASE, Action.MANAGE_CASE, Action.CHANGE_AWARD, Action.ASSESS])
def test_who_advises_an_organisation_never_judges_it(action):
    posts = {SCHEME: frozenset({Role.MANAGER, Role.ASSESSOR})}
    helper = Actor(user_id=ME, helps={OURS: frozenset({Right.SEE})}, schemes=posts)
    assert may(replace(helper, helps={}), action, INVOLVED if action is Action.ASSESS else HERE)
    assert not may(helper, action, INVOLVED)


@pytest.mark.parametrize("action", [Action.HANDLE_REPORT, Action.SEE_REPORT])
def test_a_report_is_closed_to_who_assesses_the_case_blind(action):
    assert may(holding(Role.ASSESSOR), action, INVOLVED)
    assert not may(holding(Role.ASSESSOR), action, replace(INVOLVED, blind=frozenset({ME})))
