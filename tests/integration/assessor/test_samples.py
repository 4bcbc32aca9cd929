"""How much an assessor has to look at stands on the page of the case."""

from __future__ import annotations

from app.extensions import db
from app.services import assessments
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import assign, submitted_case

SAMPLED = make.SMALL_FRAMEWORK.replace(
    "assessment: {assessors: 1,", "assessment: {assessors: 1, samples: {people: {of: staff, share: 25%, at_least: 2}},"
)


def test_the_case_says_how_many_to_look_at_of_those_that_the_provider_has(client_for):
    case = submitted_case(SAMPLED)
    assessment_id = assign(case)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    browser = client_for(case.assessor)
    assert "Look at all 2 people." in browser.get(f"/assessments/{assessment_id}").text
    case.application.facts = {"staff": 13}
    db.session.commit()
    page = browser.get(f"/assessments/{assessment_id}").text
    assert "How much to look at" in page
    assert "Look at 4 of 13 people." in page
