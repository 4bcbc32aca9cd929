"""What a scheme must not see: drafts, and cases of an organisation that the reader belongs to."""

from __future__ import annotations

import pytest

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus
from app.domain.self_assessment import Claim
from app.models import AdviserGrant, Membership
from app.services import answers, applications
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import submitted_case


@pytest.fixture
def case(app):
    return submitted_case()


def audit(of, browser, **arguments) -> str:
    return browser.get(f"/schemes/{of.scheme.code}/audit", query_string=arguments).text


def test_a_draft_leaves_no_trace_in_the_pipeline_or_the_audit_trail_even_once_it_is_withdrawn(case, client_for):
    secret = make.organisation(name="Quiet Refuge", facts={"staff": 2})
    lead = make.actor(make.member(secret))
    edition_id = case.application.edition_id
    draft = applications.start_application(secret.id, edition_id, "silver", actor=lead, now=NOON)
    answers.record_answer(draft, "GOV.1.1", Claim(1, False, "We have begun."), 0, actor=lead, now=NOON)
    for end in (lambda: None, lambda: applications.withdraw_application(draft, "Too early.", actor=lead, now=NOON)):
        end()
        for person in (case.manager, case.auditor):
            office = client_for(person)
            assert "Quiet Refuge" not in audit(case, office) + audit(case, office, case=draft)
            assert "Quiet Refuge" not in office.get(f"/schemes/{case.scheme.code}/pipeline?state=all").text
            assert office.get(f"/schemes/{case.scheme.code}/cases/{draft}").status_code == 404


def test_an_application_withdrawn_after_it_was_handed_in_stays_in_sight(case, client_for):
    applications.withdraw_application(case.application_id, "Merged.", actor=make.actor(case.lead), now=NOON)
    office = client_for(case.manager)
    assert case.application.status is ApplicationStatus.WITHDRAWN
    assert office.get(case.url).status_code == 200
    assert case.provider.name in audit(case, office)


def test_the_audit_trail_hides_the_case_of_the_readers_own_organisation(case, client_for):
    torn = make.officer(case.scheme, Role.AUDITOR)
    applications.withdraw_application(case.application_id, "Merged.", actor=make.actor(case.lead), now=NOON)
    assert case.provider.name in audit(case, client_for(torn))
    make.save(Membership(user_id=torn.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON))
    assert case.provider.name not in audit(case, client_for(torn)) + audit(
        case, client_for(torn), case=case.application_id
    )


def test_the_audit_trail_hides_the_case_of_an_organisation_that_the_reader_advises(case, client_for):
    torn = make.officer(case.scheme, Role.MANAGER)
    applications.withdraw_application(case.application_id, "Merged.", actor=make.actor(case.lead), now=NOON)
    make.save(AdviserGrant(organisation_id=case.provider.id, user_id=torn.id, rights=["see"], granted_at=NOON))
    assert client_for(torn).get(case.url).status_code == 403
    assert case.provider.name not in audit(case, client_for(torn)) + audit(
        case, client_for(torn), case=case.application_id
    )
