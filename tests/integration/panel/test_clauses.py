"""What a panel may grant beside what the scores give: levels that build on others, gates before an award, its outcomes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.backends.storage import MemoryStorage
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import Incomplete, Invalid
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.extensions import db
from app.models import Award, MailMessage
from app.services.decisions import Decided, record_decision
from app.services.granting import Issue
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import REFUSE, SILVER, TODAY, assess, call, declare, submitted_case, vote

BRONZE = Ballot(Verdict.AWARD, "bronze")
LEVELS = "  - {code: bronze, title: Bronze}\n  - {code: silver, title: Silver}\n"
FACT = "facts:\n  cleared: {kind: yes-no, title: Our checks are clear}\n"
GATE = """
gates:
  - {code: clearance, title: Clearance, before: award, facts: {cleared: true}, because: We check first.}
"""
BUILT = LEVELS.replace("Silver}", "Silver, after: {level: bronze, held: 12 months}}").replace(
    "Bronze}", "Bronze, once: true}"
)


def called(source):
    """A panel that has declared, on a case whose scores reach silver."""
    case = submitted_case(source)
    assess(case)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    return case, panel_id


def held(case, **values):
    """An award that the provider was granted before, under the same framework."""
    before = make.application(case.provider, case.application.edition, status=ApplicationStatus.AWARDED)
    return make.award(
        before, **{"level": "bronze", "granted_on": date(2025, 11, 16), "expires_on": date(2028, 11, 15), **values}
    )


def decide(app, case, panel_id, ballot=SILVER):
    return record_decision(
        panel_id,
        Decided(ballot, "It meets the standard.", "The panel weighed more than the scores."),
        issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
        storage=MemoryStorage(),
        actor=make.actor(case.sitters[1]),
        now=NOON,
        today=TODAY,
    )


def test_a_level_is_offered_and_granted_only_after_the_one_before_it(app, client_for):
    case, panel_id = called(make.SMALL_FRAMEWORK.replace(LEVELS, BUILT))
    page = client_for(case.sitters[0]).get(f"/panels/{panel_id}/vote").text
    assert "Silver comes after Bronze held for 12 months, and Bronze is not held now." in page
    assert 'value="silver"' not in page
    assert 'value="bronze"' in page
    with pytest.raises(Invalid, match="Silver comes after Bronze"):
        vote(panel_id, case.sitters[0], SILVER)
    held(case)
    page = client_for(case.sitters[0]).get(f"/panels/{panel_id}/vote").text
    assert 'value="silver"' in page
    assert "Bronze is given only once, and was given on 16 Nov 2025." in page
    for member in case.sitters:
        vote(panel_id, member, SILVER)
    assert decide(app, case, panel_id)
    assert db.session.query(Award).filter_by(level="silver").count() == 1


def test_what_was_open_at_the_vote_is_asked_again_at_the_decision(app, client_for):
    case, panel_id = called(make.SMALL_FRAMEWORK.replace(LEVELS, BUILT))
    award = held(case)
    for member in case.sitters:
        vote(panel_id, member, SILVER)
    award.status, award.status_on = AwardStatus.WITHDRAWN, TODAY
    db.session.commit()
    warned = client_for(case.sitters[1]).get(f"/panels/{panel_id}/decision").text
    assert "This cannot be recorded now. Silver comes after Bronze held for 12 months" in warned
    with pytest.raises(Incomplete, match=r"Bronze is not held now\. Members can change their votes\."):
        decide(app, case, panel_id)
    assert case.application.status is ApplicationStatus.WITH_PANEL
    assert db.session.query(Award).count() == 1


def test_a_gate_before_the_award_stops_every_level_until_the_scheme_has_established_its_fact(app, client_for):
    case, panel_id = called(make.SMALL_FRAMEWORK.replace("facts:\n", FACT) + GATE)
    page = client_for(case.sitters[0]).get(f"/panels/{panel_id}/vote").text
    assert "We check first. We do not know yet: our checks are clear." in page
    with pytest.raises(Invalid, match="We check first"):
        vote(panel_id, case.sitters[0], BRONZE)
    vote(panel_id, case.sitters[0], REFUSE)
    facts = client_for(case.manager).get(f"{case.url}/facts").text
    assert "Our checks are clear" in facts
    case.application.facts = {**case.application.facts, "cleared": True}
    db.session.commit()
    for member in case.sitters:
        vote(panel_id, member, SILVER)
    assert decide(app, case, panel_id)


def test_a_panel_decides_only_what_its_scheme_lets_it(client_for):
    terms = "panel: {quorum: 2, lay_members: 0, outcomes: [award, refuse], chair_votes: never}"
    case, panel_id = called(make.SMALL_FRAMEWORK.replace("panel: {quorum: 2, lay_members: 0}", terms))
    lay, chair, _ = case.sitters
    page = client_for(chair).get(f"/panels/{panel_id}/vote").text
    assert 'value="refuse"' in page
    assert 'value="defer"' not in page
    assert "the chair's vote is not counted" in page
    refused = client_for(lay).post(f"/panels/{panel_id}/vote", data={"outcome": "defer", "reason": "Later."})
    assert refused.status_code == 422
    assert "A panel of this scheme cannot decide that." in refused.text
    assert "Later." in refused.text


@pytest.mark.parametrize(
    ("clause", "there", "gone"),
    [
        ("", ["100% in all", "Seen for GOV.1.1.", "The assessor found"], []),
        ("publication: {reasons: never}", ["100% in all", "The assessor found"], ["Seen for GOV.1.1."]),
        ("publication: {criterion_scores: scheme}", ["The scores give: Silver."], ["100% in all", "Seen for", "The assessor found"]),
        ("publication: {share: scheme, node_scores: scheme, criterion_scores: scheme}", ["The scores give: Silver."], ["100%", "Seen for"]),
    ],
)  # fmt: skip
def test_a_provider_is_told_the_panels_reasons_and_of_the_scores_what_the_scheme_opens(
    app, client_for, clause, there, gone
):
    case, panel_id = called(f"{make.SMALL_FRAMEWORK}{clause}\n")
    for member in case.sitters:
        vote(panel_id, member, REFUSE)
    assert decide(app, case, panel_id, REFUSE)
    page = client_for(case.lead).get(f"/applications/{case.application_id}/result").text
    letter = (
        db.session.scalars(
            select(MailMessage).where(MailMessage.recipient == case.lead.email).order_by(MailMessage.id.desc())
        )
        .first()
        .text
    )
    assert "It meets the standard." in page
    assert "It meets the standard." in letter
    assert [words for words in there if words not in page] == []
    assert [words for words in gone if words in page or words in letter] == []
