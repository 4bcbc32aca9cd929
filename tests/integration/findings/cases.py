"""A framework with findings of three grades, and a case under it that was assessed: for tests of findings."""

from __future__ import annotations

from app.domain.corrective import Given, PlanOffer
from app.domain.lifecycle import FindingMove
from app.extensions import db
from app.models import Assessment, Finding
from app.services.assessments import GivenScore, declare_interests, record_score
from app.services.finding_answers import offer_plan, say_put_right
from app.services.finding_checks import Check, check_finding
from app.services.findings import raise_finding
from app.services.recommendations import Recommendation, hand_in
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, TODAY, Case, assign

MINOR = Given("GOV.1.1", "minor", "Minutes are not signed", "None of the four sets of minutes is signed.")


def opened(case: Case) -> int:
    """Assigned and declared. Returns the assessment's id."""
    assessment_id = assign(case)
    declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    return assessment_id


def found_by_hand(case: Case, assessment_id: int, given: Given = MINOR, **values: object) -> int:
    """Its assessor writes a finding down. Returns its id."""
    return raise_finding(
        assessment_id, given, actor=make.actor(case.assessor), **{"now": NOON, "today": TODAY, **values}
    )


def scored_and_in(case: Case, assessment_id: int, points: dict[str, int] | None = None, now=NOON) -> None:
    """Scored with 3 everywhere but for `points`, and handed in."""
    actor = make.actor(case.assessor)
    for code in CODES:
        version = next(
            (each.version for each in db.session.get(Assessment, assessment_id).scores if each.criterion_code == code),
            0,
        )
        given = GivenScore((points or {}).get(code, 3), False, f"Seen for {code}.", version)
        record_score(assessment_id, code, given, actor=actor, now=now)
    hand_in(assessment_id, Recommendation("award", "silver", "A sound organisation."), actor=actor, now=now)


def assessed_with(case: Case, given: Given = MINOR, points: dict[str, int] | None = None) -> int:
    """The case is assessed, and the provider told of one finding. Returns its id."""
    assessment_id = opened(case)
    finding_id = found_by_hand(case, assessment_id, given)
    scored_and_in(case, assessment_id, points)
    return finding_id


def finding(finding_id: int) -> Finding:
    return db.session.get(Finding, finding_id)


def plan(case: Case, finding_id: int, now=NOON, by_on=TODAY) -> None:
    """The provider's lead offers a plan."""
    offer = PlanOffer("Nobody was asked to.", "The chair signs at the meeting.", "Chair", by_on)
    version = finding(finding_id).version
    offer_plan(finding_id, offer, version=version, actor=make.actor(case.lead), now=now, today=now.date())


def put_right(case: Case, finding_id: int, storage, now=NOON, **values: object) -> None:
    version = finding(finding_id).version
    values = {"version": version, "storage": storage, "actor": make.actor(case.lead), **values}
    say_put_right(finding_id, "All four are signed now.", now=now, today=now.date(), **values)


def check(
    case: Case, finding_id: int, move: FindingMove, words: str = "Seen.", who=None, now=NOON, same_as=None
) -> None:
    """Somebody of the scheme, its manager unless `who`, answers."""
    actor = make.actor(who or case.manager)
    version = finding(finding_id).version
    check_finding(finding_id, Check(move, words, same_as), version=version, actor=actor, now=now, today=now.date())
