"""The yearly return: a lead writes and sends it, the office accepts it or asks for more, and nobody else sees a draft."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, IllegalMove
from app.domain.lifecycle import ApplicationStatus, SurveillanceStatus
from app.domain.yearly_return import PARTS, YearlyReturn
from app.extensions import db
from app.models import AuditRow, Award, Surveillance
from app.services import surveillance
from app.services.award_work import look_after_awards
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, submitted_case
from tests.told import told

AGAIN = make.SMALL_FRAMEWORK.replace(
    "restore_within: 6 months}",
    "restore_within: 6 months, reassess: {every: 24 months, criteria: [SAFE.1]}, carry_results: 3 years}",
)
OPENED = datetime(2026, 11, 16, 6, 0, tzinfo=UTC)


@pytest.fixture
def case(app):
    """An award whose first return has been asked for today."""
    case = submitted_case(AGAIN, status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application, granted_on=date(2025, 12, 1), status_on=date(2025, 12, 1)))
    assert look_after_awards(OPENED) == 1
    return case


def the_award() -> Award:
    return db.session.scalars(select(Award)).one()


def look() -> Surveillance:
    db.session.expire_all()
    return db.session.scalars(select(Surveillance).order_by(Surveillance.number.desc())).first()


def url() -> str:
    return f"/awards/{the_award().id}/returns/{look().number}"


def filled(**more: str) -> dict[str, str]:
    return {**{f"part-{part.code}": "Nothing" for part in PARTS}, "confirmed": "y", "send": "1", **more}


def test_a_lead_saves_comes_back_and_sends_and_the_office_reads_it(case, client_for):
    lead, office = client_for(case.lead), client_for(case.manager)
    assert f"/awards/{the_award().id}/returns/1" in told(case.lead)[-1].text
    assert lead.post(url(), data={"part-people": "A new chair.", "save": "1"}).status_code == 302
    assert "A new chair." in lead.get(url()).text
    office_url = f"/schemes/{case.scheme.code}{url()}"
    assert "A new chair." not in office.get(office_url).text, "a draft is the provider's own"
    short = lead.post(url(), data={"part-people": "A new chair.", "send": "1"})
    assert short.status_code == 422
    assert "Complaints: write what has changed" in short.text and "Confirm that this is true" in short.text
    assert "A new chair." in short.text
    assert lead.post(url(), data=filled(**{"part-people": "A new chair."})).status_code == 302
    assert look().status is SurveillanceStatus.RETURNED
    assert told(case.manager)[-1].subject == f"{case.provider.name} has sent its yearly return"
    page = office.get(office_url)
    assert "A new chair." in page.text and case.lead.name in page.text
    assert office.post(office_url, data={"accept": "1", "note": "Thank you."}).status_code == 302
    assert look().status is SurveillanceStatus.ACCEPTED
    assert "Thank you." in told(case.lead)[-1].text
    comes = lead.get(f"/awards/{the_award().id}").text
    assert "Next yearly return is due" in comes and "1 Dec 2027" in comes
    actions = db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions[-4:] == [f"surveillance.{verb}" for verb in ("opened", "saved", "returned", "accepted")]


def test_the_office_asks_for_more_by_a_day_and_the_words_are_still_there(case, client_for):
    actor = make.actor(case.lead)
    given = YearlyReturn({part.code: "Nothing" for part in PARTS}, confirmed=True)
    surveillance.send_return(the_award().id, 1, given, actor=actor, now=NOON)
    office, page_url = client_for(case.manager), f"/schemes/{case.scheme.code}{url()}"
    refused = office.post(page_url, data={"more": "1", "note": "", "due_on-day": "1"})
    assert refused.status_code == 422 and "must include a month" in refused.text
    due = TODAY + timedelta(days=14)
    data = {
        "more": "1",
        "note": "How many complaints?",
        "due_on-day": due.day,
        "due_on-month": due.month,
        "due_on-year": due.year,
    }
    assert office.post(page_url, data=data).status_code == 302
    assert (look().status, look().due_on) == (SurveillanceStatus.FOLLOW_UP, due)
    page = client_for(case.lead).get(url())
    assert "How many complaints?" in page.text and "Nothing</textarea>" in page.text
    look_after_awards(OPENED + timedelta(days=15))
    assert look().status is SurveillanceStatus.OVERDUE


def test_two_leads_who_write_at_once_lose_nothing(case):
    other = make.member(case.provider)
    seen = surveillance.seen_as(look())
    surveillance.save_return(
        the_award().id, 1, YearlyReturn({"people": "A new chair."}, seen=seen), actor=make.actor(other), now=NOON
    )
    with pytest.raises(Conflict, match="colleague has changed"):
        surveillance.save_return(
            the_award().id, 1, YearlyReturn({"people": "No change."}, seen=seen), actor=make.actor(case.lead), now=NOON
        )
    assert look().said["people"] == "A new chair."


def test_a_contributor_reads_it_and_an_auditor_and_the_assessor_of_the_case_judge_nothing(case, client_for):
    colleague = client_for(make.member(case.provider, Role.CONTRIBUTOR))
    assert "A lead of your organisation writes" in colleague.get(url()).text
    assert "<textarea" not in colleague.get(url()).text
    given = YearlyReturn({part.code: "Nothing" for part in PARTS}, confirmed=True)
    surveillance.send_return(the_award().id, 1, given, actor=make.actor(case.lead), now=NOON)
    page_url = f"/schemes/{case.scheme.code}{url()}"
    assert "<textarea" not in client_for(case.auditor).get(page_url).text
    assert client_for(case.auditor).post(page_url, data={"accept": "1"}).status_code == 403
    accept = {"actor": make.actor(case.manager), "now": NOON, "today": TODAY}
    surveillance.accept_return(the_award().id, 1, "", **accept)
    with pytest.raises(IllegalMove):
        surveillance.accept_return(the_award().id, 1, "", **accept)


def test_what_is_scored_again_every_two_years_is_asked_in_the_second_return_and_not_in_the_first(case, client_for):
    assert "again-SAFE.1.1" not in client_for(case.lead).get(url()).text
    look_after_awards(datetime(2027, 10, 2, 6, 0, tzinfo=UTC))
    assert look().number == 2
    lead = client_for(case.lead)
    assert 'name="again-SAFE.1.1"' in lead.get(url()).text
    assert "SAFE.1.1: say how it stands today" in lead.post(url(), data=filled()).text
    data = filled(**{"again-SAFE.1.1": "As it was.", "again-SAFE.1.2": "Checked in May."})
    assert lead.post(url(), data=data).status_code == 302
    assert look().again == {"SAFE.1.1": "As it was.", "SAFE.1.2": "Checked in May."}
