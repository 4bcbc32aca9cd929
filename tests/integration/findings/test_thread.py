"""A finding from the assessor's note to its closure, between the two sides, and what hangs on it meanwhile."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.domain.findings import FindingSource
from app.domain.lifecycle import FindingMove, FindingStatus
from app.edge.backends import storage
from app.extensions import db
from app.models import Finding
from app.queries.findings import findings_of
from app.queries.gates import levels_barred
from app.queries.outcomes import case_outcome
from tests.finding_framework import WITH_FINDINGS
from tests.integration.casework import TODAY, submitted_case
from tests.integration.findings.cases import (
    MINOR,
    assessed_with,
    check,
    finding,
    found_by_hand,
    opened,
    plan,
    put_right,
    scored_and_in,
)


def test_a_finding_goes_from_the_assessors_note_to_its_closure(app):
    case = submitted_case(WITH_FINDINGS)
    assessment_id = opened(case)
    finding_id = found_by_hand(case, assessment_id)
    assert finding(finding_id).status is FindingStatus.RAISED and finding(finding_id).due_on is None
    scored_and_in(case, assessment_id)
    assert finding(finding_id).status is FindingStatus.OPEN
    assert finding(finding_id).due_on == date(2027, 5, 16), "six months from the day on which the provider was told"
    plan(case, finding_id)
    check(case, finding_id, FindingMove.RETURN_PLAN, "Say who checks.")
    plan(case, finding_id)
    check(case, finding_id, FindingMove.ACCEPT_PLAN, "", who=case.assessor)
    put_right(case, finding_id, storage())
    check(case, finding_id, FindingMove.VERIFY, "I saw the signed minutes.", who=case.assessor)
    assert finding(finding_id).status is FindingStatus.CLOSED
    [row] = findings_of(db.session(), case.application, TODAY)
    assert (row.grade_title, row.status_words, row.closed_on) == ("Minor finding", "Closed", TODAY)
    assert row.plan == "The chair signs at the meeting."


def test_what_is_open_holds_the_award_down_and_what_is_closed_does_not(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    assert case_outcome(db.session(), case.application, TODAY).level == "bronze"
    assert set(levels_barred(db.session(), case.application, TODAY)) == {"silver"}
    check(case, finding_id, FindingMove.VERIFY, "Seen on the visit.")
    assert case_outcome(db.session(), case.application, TODAY).level == "silver"
    assert levels_barred(db.session(), case.application, TODAY) == {}


def test_scores_raise_findings_and_several_become_a_graver_one_once(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case, MINOR, {"GOV.1.2": 1})
    found = {each.source: each for each in db.session.scalars(select(Finding))}
    assert set(found) == {FindingSource.BY_HAND, FindingSource.SCORE, FindingSource.ESCALATION}
    graver = found[FindingSource.ESCALATION]
    assert (graver.place, graver.grade) == ("GOV", "major")
    assert {finding(finding_id).escalated_into_id, found[FindingSource.SCORE].escalated_into_id} == {graver.id}
    assert case_outcome(db.session(), case.application, TODAY).level is None
    for each in found.values():
        check(case, each.id, FindingMove.VERIFY, "Seen.")
    assert levels_barred(db.session(), case.application, TODAY) == {}
