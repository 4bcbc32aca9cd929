"""The end of a vote: the chair closes it while members vote, opens it again, and records who is there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, Incomplete, Invalid
from app.domain.lifecycle import PanelStatus
from app.extensions import db
from app.models import AuditRow, Panel, PanelSeat
from app.queries.deciding import decision_page
from app.services import voting
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import REFUSE, SILVER, TODAY, assess, call, declare, submitted_case, vote, voted_case
from tests.told import told

WITH_LAY = make.SMALL_FRAMEWORK.replace("quorum: 2, lay_members: 0", "quorum: 2, lay_members: 1")


def seat_of(panel_id, user) -> PanelSeat:
    db.session.expire_all()
    return db.session.scalars(
        select(PanelSeat).where(PanelSeat.panel_id == panel_id, PanelSeat.user_id == user.id)
    ).one()


def test_a_vote_at_the_moment_of_closing_is_counted_or_its_member_is_told(app):
    """The two race many times: whatever order they come in, no vote is lost in silence and none slips in afterwards."""
    case, panel = voted_case()
    panel_id, member, chair = panel.id, make.actor(case.sitters[0]), make.actor(case.sitters[1])
    seen = set()
    db.session.remove()
    for _ in range(12):
        together = Barrier(2)

        def cast(together=together):
            with app.app_context():
                together.wait(timeout=30)
                try:
                    voting.vote(panel_id, REFUSE, "I changed my mind.", actor=member, now=NOON, today=TODAY)
                except Conflict as error:
                    return "told" if "not counted" in error.message else error.message
                finally:
                    db.session.remove()
            return "counted"

        def close(together=together):
            with app.app_context():
                together.wait(timeout=30)
                try:
                    voting.close_vote(panel_id, actor=chair, now=NOON)
                finally:
                    db.session.remove()

        with ThreadPoolExecutor(2) as pool:
            casting, closing = pool.submit(cast), pool.submit(close)
            said, _ = casting.result(), closing.result()
        seat = seat_of(panel_id, case.sitters[0])
        assert (seat.vote == "refuse") is (said == "counted")
        tally = db.session.scalars(
            select(AuditRow).where(AuditRow.action == "panel.vote-closed").order_by(AuditRow.id.desc())
        ).first()
        assert tally.detail["tally"].get("Refuse", 0) == (1 if said == "counted" else 0)
        seen.add(said)
        voting.reopen_vote(panel_id, "Once more.", actor=chair, now=NOON)
        voting.vote(panel_id, SILVER, "Back again.", actor=member, now=NOON, today=TODAY)
    assert seen <= {"counted", "told"}


def test_a_member_who_votes_too_late_keeps_what_they_typed(app, client_for):
    case, panel = voted_case()
    browser = client_for(case.sitters[0])
    assert "Change your vote" in browser.get(f"/panels/{panel.id}").text
    voting.close_vote(panel.id, actor=make.actor(case.sitters[1]), now=NOON)
    data = {"outcome": "refuse", "reason": "Too late, but these are my words."}
    answer = browser.post(f"/panels/{panel.id}/vote", data=data)
    assert answer.status_code == 422
    assert "was not counted" in answer.text
    assert "Too late, but these are my words." in answer.text
    assert seat_of(panel.id, case.sitters[0]).vote == "award"
    assert "closed the vote" in browser.get(f"/panels/{panel.id}/vote").text


def test_only_a_quorum_of_those_who_are_there_closes_the_vote(app, client_for):
    case, panel = voted_case(source=WITH_LAY)
    lay, chair, _ = case.sitters
    there = [case.sitters[1].id, case.sitters[2].id]
    browser = client_for(chair)
    browser.post(f"/panels/{panel.id}/presence", data={"present": there})
    page = browser.get(f"/panels/{panel.id}/close").text
    assert "The quorum is not met" in page
    assert "Not at the meeting: the vote does not count" in page
    refused = browser.post(f"/panels/{panel.id}/close")
    assert refused.status_code == 409
    assert "The vote is still open." in refused.text
    with pytest.raises(Incomplete, match="quorum is not met"):
        voting.close_vote(panel.id, actor=make.actor(chair), now=NOON)
    browser.post(f"/panels/{panel.id}/presence", data={"present": [lay.id, *there]})
    closed = browser.post(f"/panels/{panel.id}/close", follow_redirects=True)
    assert "The vote is closed." in closed.text


def test_a_conflict_found_after_the_vote_was_closed_takes_the_quorum_away(app, client_for):
    case, panel = voted_case(source=WITH_LAY)
    lay, chair, _ = case.sitters
    voting.close_vote(panel.id, actor=make.actor(chair), now=NOON)
    seat_of(panel.id, lay).conflicted = True
    db.session.commit()
    page = decision_page(panel.id, make.actor(chair), TODAY)
    assert page.count.lay_present == 0 and not page.count.quorate
    browser = client_for(chair)
    data = {"outcome": "award", "level": "silver", "reasons": "Reasons.", "step": "confirm"}
    assert "The panel cannot decide yet" in browser.post(f"/panels/{panel.id}/decision", data=data).text
    reopened = browser.post(
        f"/panels/{panel.id}/reopen", data={"reason": "Lee has stood aside."}, follow_redirects=True
    )
    assert "The vote is open again" in reopened.text
    assert "Lee has stood aside." in told(case.sitters[2])[-1].text
    assert db.session.get(Panel, panel.id).status is PanelStatus.CALLED


def test_opening_a_vote_again_takes_a_reason_and_the_chair(app):
    case, panel = voted_case()
    chair = make.actor(case.sitters[1])
    voting.close_vote(panel.id, actor=chair, now=NOON)
    with pytest.raises(Conflict):
        voting.close_vote(panel.id, actor=chair, now=NOON)
    with pytest.raises(Invalid):
        voting.reopen_vote(panel.id, "  ", actor=chair, now=NOON)


def test_the_chair_sees_votes_after_voting_or_closing_and_not_before(app, client_for):
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    vote(panel_id, case.sitters[0], REFUSE)
    vote(panel_id, case.sitters[2], REFUSE)
    chair = client_for(case.sitters[1])
    before = chair.get(f"/panels/{panel_id}/decision").text
    assert "Refuse" not in before
    assert "once you have voted yourself" in before
    voting.close_vote(panel_id, actor=make.actor(case.sitters[1]), now=NOON)
    assert "Refuse" in chair.get(f"/panels/{panel_id}/decision").text
