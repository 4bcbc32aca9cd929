"""Looking as another role of one's scheme: read-only on every view, noted page by page, and never as another person."""

from __future__ import annotations

import pytest
from flask import url_for

from app.domain.access import MAY_LOOK_AS, READS, Action, Role, Subject, looking_as, may, require
from app.domain.errors import NotAllowed
from app.domain.roles import Actor
from app.extensions import Base, db
from app.models import AuditRow
from app.services.transactions import record, transaction
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import assess, submitted_case
from tests.integration.everything import afresh, argument
from tests.integration.test_permission_matrix import views

READING = ("looking.began", "looking.saw", "looking.ended")


def looks(browser, scheme, role: Role):
    """The browser of somebody of the office who now looks as `role`."""
    assert browser.post(f"/schemes/{scheme.code}/look", data={"role": role.value}).status_code == 302
    return browser


def everything_kept() -> dict[str, int]:
    """How many rows each table has, apart from the audit trail and what seals it."""
    tables = [table for table in Base.metadata.sorted_tables if not table.name.startswith("audit")]
    return {table.name: db.session.scalar(db.select(db.func.count()).select_from(table)) for table in tables}


def test_nothing_can_be_posted_to_any_view_while_one_looks(app, client_for):
    side, _ = afresh()
    browser = looks(client_for(side.people[Role.MANAGER]), side.scheme, Role.AUDITOR)
    before, problems = everything_kept(), []
    for view in views(app):
        if view.method != "POST" or view.name in {"scheme.stop_looking_as", "account.sign_out"}:
            continue
        with app.test_request_context():
            address = url_for(view.name, **view.parameters(side))
        answer = browser.post(address)
        if answer.status_code not in {403, 404, 405}:
            problems.append(f"{view}: {answer.status}")
    assert not problems, "\n".join(problems)
    db.session.rollback()
    assert everything_kept() == before
    actions = db.session.scalars(db.select(AuditRow.action).where(AuditRow.action.not_in(READING))).all()
    assert not [each for each in actions if each.startswith("looking")]


def test_every_page_that_is_seen_says_so_and_is_noted(app, client_for):
    side, _ = afresh()
    browser = looks(client_for(side.people[Role.MANAGER]), side.scheme, Role.AUDITOR)
    before, shown, problems = everything_kept(), 0, []
    for view in views(app):
        if view.method != "GET" or not view.name.startswith("scheme."):
            continue
        with app.test_request_context():
            address = url_for(view.name, **{name: argument(view.name, name, side) for name in view.rule.arguments})
        answer = browser.get(address)
        if answer.status_code >= 500:
            problems.append(f"{view}: {answer.status}")
        if answer.status_code == 200:
            shown += 1
            noted = db.session.scalars(db.select(AuditRow).order_by(AuditRow.id.desc())).first()
            if (noted.action, noted.detail["path"]) != ("looking.saw", address):
                problems.append(f"{view} was not noted")
            if answer.mimetype == "text/html" and "You look as: Auditor." not in answer.get_data(as_text=True):
                problems.append(f"{view} does not say how it is seen")
    assert not problems, "\n".join(problems)
    assert shown > 8
    db.session.rollback()
    assert everything_kept() == before


def test_a_role_shows_its_own_pages_and_nobody_elses_work(app, client_for):
    case = submitted_case()
    assessment_id = assess(case)
    browser = looks(client_for(case.manager), case.scheme, Role.ASSESSOR)
    assert browser.get("/assessments").status_code == 200
    for path in (f"/assessments/{assessment_id}", case.url, f"/schemes/{case.scheme.code}", "/account"):
        assert browser.get(path).status_code in {403, 404}, path
    assert browser.post("/stop-looking").status_code == 302
    assert browser.get(case.url).status_code == 200
    noted = db.session.scalars(db.select(AuditRow).where(AuditRow.action.in_(READING)).order_by(AuditRow.id)).all()
    assert [noted[0].action, noted[-1].action] == ["looking.began", "looking.ended"]
    assert {row.actor_id for row in noted} == {case.manager.id} and {row.scheme_id for row in noted} == {case.scheme.id}


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.PANEL_MEMBER, Role.LEAD])
def test_only_the_office_looks_and_only_as_roles_that_see_no_more(app, client_for, role):
    case = submitted_case()
    for person in (case.assessor, case.sitters[0], case.lead):
        answer = client_for(person).post(f"/schemes/{case.scheme.code}/look", data={"role": role.value})
        assert answer.status_code in {403, 404}
    assert Role.MANAGER not in MAY_LOOK_AS[Role.AUDITOR]
    as_auditor = client_for(case.auditor).post(f"/schemes/{case.scheme.code}/look", data={"role": "manager"})
    assert as_auditor.status_code == 422


def test_the_case_of_ones_own_organisation_stays_closed():
    actor = Actor(7, organisations={3: Role.LEAD}, schemes={1: frozenset({Role.MANAGER})})
    seen = looking_as(actor, 1, Role.AUDITOR)
    assert may(seen, Action.SEE_CASE, Subject(organisation_id=4, scheme_id=1))
    assert not may(seen, Action.SEE_CASE, Subject(organisation_id=3, scheme_id=1))
    assert 3 in seen.judges_none_of and seen.user_id == 7


@pytest.mark.parametrize("action", [each for each in Action if each not in READS])
def test_whoever_looks_is_refused_every_action_that_is_not_reading(action):
    seen = looking_as(Actor(7, schemes={1: frozenset({Role.MANAGER})}), 1, Role.ASSESSOR)
    with pytest.raises(NotAllowed, match="Stop looking"):
        require(seen, action, Subject(scheme_id=1, assigned=frozenset({7}), assessing=frozenset({7})))


def test_no_use_case_writes_for_whoever_looks(app):
    case = submitted_case()
    seen = looking_as(make.actor(case.manager), case.scheme.id, Role.AUDITOR)
    with pytest.raises(NotAllowed), transaction() as session:
        record(session, seen, "filter.kept", case.scheme, NOON, scheme_id=case.scheme.id)
