"""The pages of findings, on the side of the provider, the assessor and the scheme's office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.corrective import Given
from app.domain.findings import FindingSource
from app.domain.lifecycle import ApplicationStatus, FindingMove, FindingStatus
from app.extensions import db
from app.models import Finding
from app.queries.to_do import things_to_do
from app.services.findings import raise_after_award
from tests import factories as make
from tests.conftest import NOON
from tests.finding_framework import WITH_FINDINGS
from tests.integration.casework import TODAY, Case, submitted_case
from tests.integration.findings.cases import (
    assessed_with,
    check,
    finding,
    opened,
    plan,
)


@pytest.fixture
def case(app) -> Case:
    return submitted_case(WITH_FINDINGS)


def test_an_assessor_writes_a_finding_down_beside_the_score_and_words_it_otherwise(case, client_for):
    assessment_id = opened(case)
    browser = client_for(case.assessor)
    page = browser.get(f"/assessments/{assessment_id}/criteria/GOV.1.1").text
    address = f"/assessments/{assessment_id}/findings/new?where=GOV.1.1"
    assert address.replace("&", "&amp;") in page
    wrong = browser.post(address, data={"place": "GOV.1.1", "title": "Minutes are not signed", "words": ""})
    assert wrong.status_code == 422 and "Choose how grave it is." in wrong.text
    assert 'value="Minutes are not signed"' in wrong.text, "what was typed is kept"
    given = {"place": "GOV.1.1", "grade": "minor", "title": "Minutes are not signed", "words": "None is."}
    assert browser.post(address, data=given).location == f"/assessments/{assessment_id}/criteria/GOV.1.1"
    found = db.session.scalars(select(Finding)).one()
    assert "Minutes are not signed" in browser.get(f"/assessments/{assessment_id}/criteria/GOV.1.1").text
    changed = {**given, "grade": "major", "version": "1"}
    browser.post(f"/assessments/{assessment_id}/findings/{found.id}", data=changed)
    assert finding(found.id).grade == "major"
    stale = browser.post(
        f"/assessments/{assessment_id}/findings/{found.id}", data={**given, "words": "Mine."} | {"version": "1"}
    )
    assert stale.status_code == 409 and "Mine." in stale.text
    browser.post(
        f"/assessments/{assessment_id}/findings/{found.id}", data={**given, "then": "take-back", "version": "2"}
    )
    assert finding(found.id).status is FindingStatus.TAKEN_BACK


def test_a_provider_reads_what_follows_offers_a_plan_and_says_what_is_put_right(case, client_for):
    finding_id = assessed_with(case)
    browser = client_for(case.lead)
    assert "1 finding has to be put right" in browser.get(f"/applications/{case.application_id}").text
    listed = browser.get(f"/applications/{case.application_id}/findings").text
    assert f'href="/findings/{finding_id}"' in listed and "16 May 2027" in listed
    page = browser.get(f"/findings/{finding_id}").text
    for said in (
        "None of the four sets",
        "Decisions need a record.",
        "no level above Bronze",
        "the award is suspended",
    ):
        assert said in page
    assert case.assessor.name not in page, "the scheme speaks with one voice"
    offer = {"cause": "Nobody asked.", "action": "The chair signs.", "owner": "Chair", "version": "2"}
    day = {"by_on-day": "1", "by_on-month": "1", "by_on-year": "2030"}
    late = browser.post(f"/findings/{finding_id}/plan", data={**offer, **day})
    assert late.status_code == 422 and "ask the scheme for more time" in late.text and "The chair signs." in late.text
    browser.post(f"/findings/{finding_id}/plan", data={**offer, **day, "by_on-year": "2027"})
    assert "Plan offered" in browser.get(f"/findings/{finding_id}").text
    empty = browser.post(f"/findings/{finding_id}/put-right", data={"words": "", "kind": "document", "version": "3"})
    assert empty.status_code == 422
    sent = {"words": "All are signed.", "kind": "statement", "text": "Signed by the chair.", "title": "Minutes"}
    answer = browser.post(f"/findings/{finding_id}/put-right", data={**sent, "version": "3"})
    assert answer.location == f"/findings/{finding_id}"
    assert finding(finding_id).status is FindingStatus.PUT_RIGHT
    assert "No time runs for you meanwhile" in browser.get(f"/findings/{finding_id}").text


def test_what_was_typed_stays_when_the_scheme_closed_the_finding_meanwhile(case, client_for):
    finding_id = assessed_with(case)
    check(case, finding_id, FindingMove.VERIFY, "Seen on the visit.")
    sent = {"words": "All are signed.", "kind": "document", "version": "2"}
    answer = client_for(case.lead).post(f"/findings/{finding_id}/put-right", data=sent)
    assert answer.status_code == 409 and "All are signed." in answer.text


def test_the_office_finds_it_in_the_list_decides_and_reads_who_said_what(case, client_for):
    finding_id = assessed_with(case)
    plan(case, finding_id)
    browser = client_for(case.manager)
    listed = browser.get(f"/schemes/{case.scheme.code}/findings?state=waiting&grade=minor").text
    address = f"{case.url}/findings/{finding_id}/check"
    assert address in listed and case.provider.name in listed
    assert "No finding is like this." in browser.get(f"/schemes/{case.scheme.code}/findings?state=closed").text
    assert address in browser.get(case.url).text
    nothing = browser.post(address, data={"words": "Good.", "version": "3"})
    assert nothing.status_code == 422 and "Choose what you decide." in nothing.text
    browser.post(address, data={"move": "return-plan", "words": "Say who checks.", "version": "3"})
    page = browser.get(address).text
    assert "Say who checks." in page and case.manager.name in page and case.assessor.name in page
    assert client_for(case.auditor).get(f"{case.url}/findings/{finding_id}").text.count("Decide this") == 0
    assert client_for(case.assessor).get(address).status_code == 200


def test_a_manager_gives_more_time_and_adds_what_surveillance_found(app, client_for):
    case = submitted_case(WITH_FINDINGS, status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    browser = client_for(case.manager)
    assert f"{case.url}/findings/new" in browser.get(case.url).text
    said = {"place": "whole", "grade": "minor", "title": "No stand-in", "words": "Nobody is named."}
    unsaid = browser.post(f"{case.url}/findings/new", data=said)
    assert unsaid.status_code == 422 and "Say where it was found." in unsaid.text
    browser.post(f"{case.url}/findings/new", data={**said, "source": "surveillance"})
    found = db.session.scalars(select(Finding)).one()
    assert found.status is FindingStatus.OPEN and found.source is FindingSource.SURVEILLANCE
    address = f"{case.url}/findings/{found.id}/more-time"
    early = {"due_on-day": "1", "due_on-month": "1", "due_on-year": "2027", "reason": "Illness.", "version": "2"}
    assert browser.post(address, data=early).status_code == 422
    browser.post(address, data={**early, "due_on-year": "2028"})
    assert finding(found.id).due_on.year == 2028


def test_the_list_asks_as_few_statements_for_many_findings_as_for_one(app, client_for, count_statements):
    case = submitted_case(WITH_FINDINGS, status=ApplicationStatus.AWARDED)
    make.award(case.application)
    who = {"actor": make.actor(case.manager), "now": NOON, "today": TODAY}
    pages = (f"/schemes/{case.scheme.code}/findings", case.url, f"/applications/{case.application_id}/findings")
    counts = []
    for number in (1, 7):
        for each in range(number):
            given = Given("GOV.1.1", "minor", f"Number {number}.{each}", "Not signed.")
            raise_after_award(case.application_id, given, FindingSource.SURVEILLANCE, **who)
        for page in pages:
            browser = client_for(case.lead if page.startswith("/applications") else case.manager)
            browser.get(page)
            with count_statements() as statements:
                assert browser.get(page).status_code == 200
            counts.append(len(statements))
    assert counts[:3] == counts[3:]


def test_each_side_has_its_turn_on_its_list_of_things_to_do(case):
    finding_id = assessed_with(case)
    lead, assessor, manager = (make.actor(each) for each in (case.lead, case.assessor, case.manager))

    def paths(actor) -> set[str]:
        db.session.rollback()
        return {each.path for each in things_to_do(actor, TODAY) if "finding" in each.path}

    assert paths(lead) == {f"/findings/{finding_id}"} and paths(assessor) == set()
    plan(case, finding_id, by_on=TODAY + timedelta(days=30))
    assert paths(lead) == set()
    assert paths(assessor) == {f"{case.url}/findings/{finding_id}/check"}
    assert paths(manager) == {f"/schemes/{case.scheme.code}/findings?state=waiting"}
    check(case, finding_id, FindingMove.ACCEPT_PLAN, "")
    assert paths(lead) == {f"/findings/{finding_id}"}


def test_whoever_has_no_part_in_a_case_finds_no_finding(case, client_for):
    finding_id = assessed_with(case)
    stranger = client_for(make.member(make.organisation()))
    assert stranger.get(f"/findings/{finding_id}").status_code == 404
    assert stranger.get(f"/applications/{case.application_id}/findings").status_code == 404
    panel = client_for(make.officer(case.scheme, Role.PANEL_MEMBER))
    assert panel.get(f"{case.url}/findings/{finding_id}/check").status_code in {403, 404}
