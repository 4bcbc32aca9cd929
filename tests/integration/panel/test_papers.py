"""Papers of a decision: the letter that the provider gets, and the minutes that the chair signs, kept by their hash."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.backends.storage import MemoryStorage
from app.domain.award_conditions import ConditionTerm
from app.domain.deciding import Ballot, Verdict
from app.domain.lifecycle import DecisionStatus
from app.extensions import db
from app.models import Decision
from app.services import voting
from app.services.decisions import Decided, record_decision
from app.services.granting import Issue
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import REFUSE, TODAY, voted_case
from tests.told import told

CONDITIONAL = Ballot(Verdict.AWARD_WITH_CONDITIONS, "silver")


@pytest.fixture
def storage(app):
    kept = MemoryStorage()
    app.extensions["storage"] = kept
    yield kept
    del app.extensions["storage"]


def decide(app, storage, case, panel, decided) -> Decision:
    record_decision(
        panel.id,
        decided,
        issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
        storage=storage,
        actor=make.actor(case.sitters[1]),
        now=NOON,
        today=TODAY,
    )
    db.session.expire_all()
    return db.session.scalars(select(Decision)).one()


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_a_refusal_says_why_in_the_words_of_the_rules_and_until_when_one_can_appeal(app, storage, client_for):
    low = dict.fromkeys(["GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"], 0)
    case, panel = voted_case(REFUSE, points=low)
    case.scheme.details = {**case.scheme.details, "appeals": {"within": 42}}
    db.session.commit()
    decision = decide(app, storage, case, panel, Decided(REFUSE, "Safeguarding is not in place."))
    assert decision.appeal_by == TODAY + timedelta(days=42)
    letter = client_for(case.lead).get(f"/decisions/{decision.id}/letter.pdf")
    assert letter.mimetype == "application/pdf"
    assert sha256(letter.data).hexdigest() == decision.letter_sha256
    words = words_of(letter.data)
    assert "The panel has decided not to make an award." in words
    assert "Safeguarding is not in place." in words
    assert "in SAFE.1.1" in words and "which has 0" in words
    assert "You may appeal until 28 Dec 2026." in words
    assert f"/decisions/{decision.id}/letter.pdf" in told(case.lead)[-1].text
    assert (
        f"/decisions/{decision.id}/letter.pdf" in client_for(case.lead).get(f"/applications/{case.application_id}").text
    )


def test_an_award_with_conditions_names_each_with_its_day_and_a_departure_with_its_reason(app, storage, client_for):
    case, panel = voted_case(CONDITIONAL, points={"SAFE.1.1": 1})
    conditions = (
        ConditionTerm("Hold a fire drill.", date(2027, 1, 15)),
        ConditionTerm("Train the trustees.", date(2027, 5, 1)),
    )
    decided = Decided(CONDITIONAL, "It meets the level.", "The duty was met last week.", conditions)
    decision = decide(app, storage, case, panel, decided)
    words = words_of(storage.files[decision.letter_key])
    assert "award Silver, with conditions" in words
    assert "Condition 1, by 15 Jan 2027 Hold a fire drill." in words
    assert "Condition 2, by 1 May 2027 Train the trustees." in words
    assert "The duty was met last week." in words
    assert "You may appeal until 14 Dec 2026." in words
    assert client_for(case.manager).get(f"/decisions/{decision.id}/letter.pdf").status_code == 200
    assert client_for(case.sitters[0]).get(f"/decisions/{decision.id}/letter.pdf").status_code == 200


def test_a_letter_is_closed_to_everybody_else(app, storage, client_for):
    case, panel = voted_case(REFUSE)
    decision = decide(app, storage, case, panel, Decided(REFUSE, "No.", "The panel saw otherwise."))
    stranger = make.member(make.organisation(name="Somebody else"))
    assert client_for(stranger).get(f"/decisions/{decision.id}/letter.pdf").status_code == 404
    assert client_for(case.lead).get(f"/decisions/{decision.id}/minutes.pdf").status_code == 404


def test_a_letter_that_cannot_be_stored_leaves_no_decision_behind(app, client_for):
    case, panel = voted_case(REFUSE)

    def full():
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        decide(app, MemoryStorage(before_put=full), case, panel, Decided(REFUSE, "No.", "The panel saw otherwise."))
    db.session.expire_all()
    assert db.session.scalars(select(Decision)).all() == []
    assert case.application.status.value == "with-panel"


def decided_with_dissent(app, storage, client_for):
    """Two for silver, one against who asked for the minutes; the vote was closed, opened again and closed. The decision."""
    case, panel = voted_case()
    dissenter, chair = case.sitters[2], make.actor(case.sitters[1])
    data = {"outcome": "refuse", "reason": "The fire doors were not seen.", "minuted": "y"}
    assert client_for(dissenter).post(f"/panels/{panel.id}/vote", data=data).status_code == 302
    voting.close_vote(panel.id, actor=chair, now=NOON)
    voting.reopen_vote(panel.id, "Lee had not finished.", actor=chair, now=NOON)
    voting.close_vote(panel.id, actor=chair, now=NOON)
    return (
        case,
        panel.id,
        decide(app, storage, case, panel, Decided(Ballot(Verdict.AWARD, "silver"), "It meets the level.")),
    )


def test_minutes_say_what_the_record_holds_and_never_change_once_they_are_signed(app, storage, client_for):
    case, panel_id, decision = decided_with_dissent(app, storage, client_for)
    chair, member = client_for(case.sitters[1]), client_for(case.sitters[0])
    too_soon = chair.post(f"/panels/{panel_id}/minutes/sign", data={"read": "yes"})
    assert too_soon.status_code == 409 and "Write the record of the discussion first." in too_soon.text
    chair.post(
        f"/panels/{panel_id}/discussion", data={"discussion-text": "Fire doors were weighed.", "discussion-version": 0}
    )
    assert "Draft, not signed yet" in member.get(f"/panels/{panel_id}/minutes").text
    assert "Tick that you have read" in chair.post(f"/panels/{panel_id}/minutes/sign").text
    assert member.post(f"/panels/{panel_id}/minutes/sign", data={"read": "yes"}).status_code == 403
    assert chair.post(f"/panels/{panel_id}/minutes/sign", data={"read": "yes"}).status_code == 302
    signed = chair.get(f"/decisions/{decision.id}/minutes.pdf").data
    words = words_of(signed)
    for said in (
        "Lay Lee (lay)",
        "The outcome is Silver",
        "Fire doors were weighed.",
        "Award at Silver 2",
        "Refuse 1",
        "It was opened again on 16 Nov 2026 at 12:00: Lee had not finished.",
        "Sitter Sasha asked that these reasons for voting otherwise stand here The fire doors were not seen.",
        "It meets the level.",
        "Signed by Sitter Sam, chair, on 16 Nov 2026",
    ):
        assert said in words, (said, words)
    assert "Sitter Sam: Award" not in words
    db.session.expire_all()
    kept = db.session.get(Decision, decision.id)
    assert kept.status is DecisionStatus.SIGNED
    assert sha256(signed).hexdigest() == kept.minutes_sha256
    data = {"discussion-text": "Something else.", "discussion-version": 1}
    assert chair.post(f"/panels/{panel_id}/discussion", data=data).status_code == 409
    assert chair.post(f"/panels/{panel_id}/dissent", data={"minuted": "no"}, follow_redirects=True).status_code == 200
    assert chair.post(f"/panels/{panel_id}/minutes/sign", data={"read": "yes"}).status_code == 409
    assert chair.get(f"/decisions/{decision.id}/minutes.pdf").data == signed
    assert client_for(case.auditor).get(f"/decisions/{decision.id}/minutes.pdf").status_code == 200
    assert client_for(case.lead).get(f"/decisions/{decision.id}/minutes.pdf").status_code == 404


def test_a_scheme_may_have_its_minutes_name_who_voted_how(app, storage, client_for):
    case, panel_id, _ = decided_with_dissent(app, storage, client_for)
    case.scheme.details = {**case.scheme.details, "minutes": {"votes": "named"}}
    db.session.commit()
    words = words_of(client_for(case.sitters[0]).get(f"/panels/{panel_id}/minutes.pdf").data)
    assert "Sitter Sasha: Refuse" in words and "Sitter Sam: Award at Silver" in words
