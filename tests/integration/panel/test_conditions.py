"""Conditions of an award: offered with evidence, given back, accepted one by one, and reminded of."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from app.backends.storage import MemoryStorage
from app.domain.award_conditions import ConditionTerm
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import Conflict, IllegalMove
from app.domain.lifecycle import AwardStatus, ConditionStatus
from app.extensions import db
from app.models import AuditRow, Award, AwardCondition, MailMessage, RegisterEvent
from app.services.awards import Change, accept_conditions
from app.services.condition_reminders import remind_of_conditions
from app.services.conditions import accept_condition, open_conditions, return_condition
from app.services.decisions import Decided, record_decision
from app.services.granting import Issue
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, voted_case
from tests.told import told

SILVER = Ballot(Verdict.AWARD_WITH_CONDITIONS, "silver")
DRILL = ConditionTerm("Hold a fire drill.", date(2027, 1, 15))
TRUSTEES = ConditionTerm("Train the trustees.", date(2027, 5, 1))


@pytest.fixture
def storage(app):
    kept = MemoryStorage()
    app.extensions["storage"] = kept
    yield kept
    del app.extensions["storage"]


@pytest.fixture
def case(app, storage):
    """A case that was granted silver on two conditions."""
    case, panel = voted_case(SILVER)
    record_decision(
        panel.id,
        Decided(SILVER, "It meets the level.", conditions=(DRILL, TRUSTEES)),
        issue=Issue("https://touchstone.test", Path(app.config["FONT_DIR"])),
        storage=storage,
        actor=make.actor(case.sitters[1]),
        now=NOON,
        today=TODAY,
    )
    return case


def the_award() -> Award:
    db.session.expire_all()
    return db.session.scalars(select(Award)).one()


def condition(number: int) -> AwardCondition:
    db.session.expire_all()
    return db.session.scalars(select(AwardCondition).where(AwardCondition.number == number)).one()


def test_a_condition_goes_from_the_provider_to_the_office_and_back_until_it_is_met(case, client_for):
    award, lead, manager = the_award(), client_for(case.lead), client_for(case.manager)
    page = lead.get(f"/awards/{award.id}/conditions").text
    assert "Hold a fire drill." in page and "Train the trustees." in page
    empty = lead.post(f"/awards/{award.id}/conditions/1", data={"words": ""})
    assert empty.status_code == 422 and "Say what was done" in empty.text
    data = {
        "words": "We held one on 3 December.",
        "kind": "document",
        "title": "Fire drill log",
        "file": (BytesIO(b"3 December: all out in two minutes."), "log.txt"),
    }
    sent = lead.post(f"/awards/{award.id}/conditions/1", data=data, content_type="multipart/form-data")
    assert sent.status_code == 302, sent.text
    assert "We held one on 3 December." in told(case.manager)[-1].text
    at_office = manager.get(f"{case.url}/conditions").text
    assert "We held one on 3 December." in at_office and "Fire drill log" in at_office
    version = condition(1).evidence[0].version_id
    assert manager.get(f"/evidence/{version}/view").status_code in (200, 302)
    no_words = manager.post(f"{case.url}/conditions/1", data={"step": "return", "words": ""})
    assert no_words.status_code == 422 and "Say what is missing" in no_words.text
    manager.post(f"{case.url}/conditions/1", data={"step": "return", "words": "Who took part?"})
    assert condition(1).status is ConditionStatus.OPEN
    assert "Who took part?" in told(case.lead)[-1].text
    assert "Who took part?" in lead.get(f"/awards/{award.id}/conditions").text
    same = condition(1).evidence[0].item_id
    assert lead.post(f"/awards/{award.id}/conditions/1", data={"words": "All nine.", "item": same}).status_code == 302
    assert [each.version_id for each in condition(1).evidence] == [version]
    manager.post(f"{case.url}/conditions/1", data={"step": "accept", "words": "Seen."})
    assert condition(1).accepted_by_id == case.manager.id
    before = [
        row.detail.get("before")
        for row in db.session.scalars(select(AuditRow).where(AuditRow.action == "condition.offered"))
    ]
    assert before == ["", "We held one on 3 December."]


def test_the_register_names_only_the_conditions_that_are_still_open(case):
    award, manager = the_award(), make.actor(case.manager)
    assert accept_condition(condition(1).id, "", actor=manager, now=NOON, today=TODAY) == 1
    award = the_award()
    assert (award.conditions, award.conditions_due_on) == ("Train the trustees.", TRUSTEES.due_on)
    assert [each.number for each in open_conditions(db.session(), award.id)] == [2]
    assert "condition-met" in db.session.scalars(select(RegisterEvent.kind)).all()
    assert accept_condition(condition(2).id, "", actor=manager, now=NOON, today=TODAY) == 0
    assert open_conditions(db.session(), award.id) == []
    assert the_award().status is AwardStatus.CONDITIONAL
    with pytest.raises(IllegalMove):
        accept_condition(condition(2).id, "", actor=manager, now=NOON, today=TODAY)
    with pytest.raises(IllegalMove):
        return_condition(condition(2).id, "Too late.", actor=manager, now=NOON, today=TODAY)


def test_nothing_is_asked_for_an_award_that_has_ended(case):
    award = the_award()
    award.status = AwardStatus.WITHDRAWN
    db.session.commit()
    with pytest.raises(Conflict):
        accept_condition(condition(1).id, "", actor=make.actor(case.manager), now=NOON, today=TODAY)


def test_another_organisation_and_an_auditor_change_nothing(case, client_for):
    award = the_award()
    stranger = make.member(make.organisation(name="Somebody else"))
    assert client_for(stranger).get(f"/awards/{award.id}/conditions").status_code == 404
    assert client_for(case.auditor).post(f"{case.url}/conditions/1", data={"step": "accept"}).status_code == 403
    assert condition(1).status is ConditionStatus.OPEN


def test_each_stage_is_told_once_and_days_off_are_made_up_for(case):
    """The drill is due 60 days after the decision: its letter counts as the first reminder."""

    def stages(day: date) -> int:
        return remind_of_conditions(NOON + timedelta(days=(day - TODAY).days))

    assert stages(TODAY) == 0
    assert stages(DRILL.due_on - timedelta(days=30)) == 1
    assert stages(DRILL.due_on - timedelta(days=30)) == 0
    assert stages(DRILL.due_on - timedelta(days=5)) == 1  # 14 and 7 in one, after days off
    assert "15 Jan 2027" in told(case.lead)[-1].text
    assert stages(DRILL.due_on) == 1
    assert stages(DRILL.due_on + timedelta(days=1)) == 1
    assert "overdue" in told(case.lead)[-1].subject
    assert "overdue" in told(case.manager)[-1].subject
    assert stages(DRILL.due_on + timedelta(days=2)) == 0


def test_what_is_with_the_office_is_not_reminded_of(case):
    condition(1).status = ConditionStatus.OFFERED
    db.session.commit()
    mails = len(db.session.scalars(select(MailMessage.id)).all())
    assert remind_of_conditions(NOON + timedelta(days=70)) == 0
    assert len(db.session.scalars(select(MailMessage.id)).all()) == mails


def test_who_accepts_the_conditions_as_a_whole_accepts_what_is_left(case):
    award = the_award()
    change = Change("Seen on the visit.", "")
    accept_conditions(award.id, change, actor=make.actor(case.manager), now=NOON, today=TODAY)
    assert the_award().status is AwardStatus.AWARDED
    assert open_conditions(db.session(), award.id) == []
    assert condition(2).accepted_because == "Seen on the visit."
    assert remind_of_conditions(NOON + timedelta(days=300)) == 0
