"""Papers of a decision: the letter that the provider gets, kept by its hash."""

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
from app.extensions import db
from app.models import Decision
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
