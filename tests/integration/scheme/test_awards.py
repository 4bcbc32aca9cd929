"""What becomes of an award: each change with its register entry, its audit row and its letter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, IllegalMove, NotAllowed
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.extensions import db
from app.models import AuditRow, Award, MailMessage, RegisterEntry, RegisterEvent
from app.services import awards
from app.services.awards import Change
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, submitted_case

WHY = Change("Safeguarding records are missing.", "Suspended while the scheme looks into a concern.")


@pytest.fixture
def case(app):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    return case


def the_award():
    return db.session.scalars(select(Award)).one()


def do(case, use_case, change=WHY, today=TODAY):
    use_case(the_award().id, change, actor=make.actor(case.manager), now=NOON, today=today)
    db.session.expire_all()


def test_a_suspension_is_on_the_register_in_the_trail_and_in_the_letter_at_once(case, client_for):
    office = client_for(case.manager)
    page = office.get(f"{case.url}/award/suspend")
    assert "temporarily not valid" in page.text
    answer = office.post(f"{case.url}/award/suspend", data={"reason": WHY.reason, "public": WHY.public})
    assert answer.status_code == 302
    assert the_award().status is AwardStatus.SUSPENDED
    assert the_award().status_reason == WHY.public
    entry = db.session.scalars(select(RegisterEntry)).one()
    assert (entry.status, entry.status_on) == (AwardStatus.SUSPENDED, TODAY)
    event = db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id.desc()).limit(1)).one()
    assert (event.kind, event.words) == ("suspended", WHY.public)
    assert WHY.reason not in event.words
    letter = db.session.scalars(select(MailMessage)).one()
    assert letter.recipient == case.lead.email
    assert WHY.reason in letter.text
    assert db.session.scalars(select(AuditRow)).one().action == "award.suspended"
    assert "Reinstate the award" in office.get(case.url).text


def test_a_suspension_without_a_reason_comes_back_with_what_was_typed(case, client_for):
    data = {"reason": " ", "public": "The public sentence."}
    page = client_for(case.manager).post(f"{case.url}/award/suspend", data=data)
    assert page.status_code == 422
    assert "Write the reason." in page.text
    assert "The public sentence." in page.text
    assert the_award().status is AwardStatus.AWARDED


def test_a_suspended_award_comes_back_as_it_was(case):
    do(case, awards.suspend)
    do(case, awards.reinstate)
    assert the_award().status is AwardStatus.AWARDED


def test_conditions_survive_a_suspension_and_end_when_they_are_accepted(case):
    award = the_award()
    award.status, award.conditions, award.conditions_due_on = AwardStatus.CONDITIONAL, "A drill.", date(2027, 3, 1)
    db.session.commit()
    do(case, awards.suspend)
    do(case, awards.reinstate)
    assert the_award().status is AwardStatus.CONDITIONAL
    do(case, awards.accept_conditions, Change("", ""))
    assert the_award().status is AwardStatus.AWARDED
    assert the_award().conditions_due_on is None
    with pytest.raises(Conflict, match="Manager Morgan changed this award on 16 Nov 2026"):
        do(case, awards.accept_conditions, Change("", ""))


def test_a_withdrawn_award_never_comes_back(case, client_for):
    do(case, awards.withdraw)
    assert db.session.scalars(select(RegisterEntry)).one().status is AwardStatus.WITHDRAWN
    for use_case in (awards.reinstate, awards.suspend, awards.surrender):
        with pytest.raises(IllegalMove):
            do(case, use_case)
    page = client_for(case.manager).get(f"{case.url}/award/reinstate")
    assert "cannot be done now" in page.text


def test_an_award_that_has_run_out_changes_no_more(case):
    with pytest.raises(Conflict, match="expired"):
        do(case, awards.suspend, today=the_award().expires_on + timedelta(days=1))
    do(case, awards.suspend, today=the_award().expires_on)
    assert the_award().status is AwardStatus.SUSPENDED


def test_a_provider_can_give_its_award_up(case):
    do(case, awards.surrender, Change("", ""))
    assert the_award().status is AwardStatus.SURRENDERED
    assert the_award().status_reason == "Award given up by the provider."


def test_an_auditor_changes_no_award(case, client_for):
    auditor = client_for(case.auditor)
    assert "Suspend the award" not in auditor.get(case.url).text
    assert auditor.post(f"{case.url}/award/suspend", data={"reason": "x"}).status_code == 403
    with pytest.raises(NotAllowed):
        awards.suspend(the_award().id, WHY, actor=make.actor(case.auditor), now=NOON, today=TODAY)
