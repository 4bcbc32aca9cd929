"""Meetings of a panel: several cases on one agenda, who leaves for which, and the invitation in people's calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import select

from app.backends.mail import message_of
from app.backends.tokens import Tokens
from app.domain.errors import Conflict, Invalid
from app.domain.lifecycle import ApplicationStatus
from app.domain.meetings import MeetingPlan
from app.extensions import db
from app.models import Application, Interest, MailMessage, Panel, PanelMeeting, PanelSeat
from app.services import meetings, voting
from app.services.mail_sending import Post, letter_of
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import SILVER, TODAY, assess, declare, submitted_case, vote

SUMMER = datetime(2027, 4, 12, 13, 0, tzinfo=UTC)  # 14:00 in the United Kingdom


@pytest.fixture
def cases(app):
    """Two assessed cases of one scheme; the second is of another provider."""
    first = submitted_case()
    assess(first)
    other = make.organisation(name="Lantern House", facts={"staff": 2})
    lead = make.member(other)
    application = make.application(
        other, first.application.edition, status=ApplicationStatus.ASSESSED, facts={"staff": 2}, submitted_at=NOON
    )
    return first, application.id, lead


def plan(case, starts_at=SUMMER, **values) -> MeetingPlan:
    members = tuple(each.id for each in case.sitters)
    standing = {"place": "Town hall", "link": "https://meet.example.org/panel", "members": members, "chair": members[1]}
    return MeetingPlan(starts_at=starts_at, minutes_long=90, **{**standing, **values})


def called(cases, **values) -> int:
    case, other, _ = cases
    return meetings.call_meeting(
        case.scheme.code,
        plan(case, **values),
        [case.application_id, other],
        actor=make.actor(case.manager),
        now=NOON,
        today=TODAY,
    )


def agenda_of(meeting_id) -> list[int]:
    db.session.expire_all()
    order = select(Panel.application_id).where(Panel.meeting_id == meeting_id).order_by(Panel.position)
    return list(db.session.scalars(order))


def test_a_manager_calls_a_meeting_in_the_browser_and_puts_its_agenda_in_order(cases, client_for):
    case, other, _ = cases
    manager = client_for(case.manager)
    form = {
        "day-day": "12",
        "day-month": "4",
        "day-year": "2027",
        "time": "14:00",
        "minutes_long": "90",
        "place": "Town hall",
        "members": [each.id for each in case.sitters],
        "chair": case.sitters[1].id,
    }
    address = f"/schemes/{case.scheme.code}/meetings"
    nothing = manager.post(f"{address}/new", data=form)
    assert "Choose the cases" in nothing.text and "Town hall" in nothing.text
    sent = manager.post(f"{address}/new", data={**form, "cases": [case.application_id, other]})
    assert sent.status_code == 302
    meeting = db.session.scalars(select(PanelMeeting)).one()
    assert meeting.starts_at == SUMMER
    page = manager.get(sent.location).text
    assert page.index(case.provider.name) < page.index("Lantern House")
    first = db.session.scalars(select(Panel.id).where(Panel.application_id == case.application_id)).one()
    manager.post(f"{sent.location}/cases/{first}/later")
    assert agenda_of(meeting.id) == [other, case.application_id]
    manager.post(f"{sent.location}/cases/{first}/off")
    assert agenda_of(meeting.id) == [other]
    assert manager.post(f"{sent.location}/cases", data={"cases": case.application_id}).status_code == 302
    assert agenda_of(meeting.id) == [other, case.application_id]
    assert "Town hall" in manager.get(address).text
    assert client_for(case.auditor).post(f"{sent.location}/cancel").status_code == 403


def test_who_must_leave_for_a_case_is_seen_before_and_gets_no_seat_on_it(cases, client_for):
    case, other, _ = cases
    chair = case.sitters[1]
    organisation = db.session.get(Application, other).organisation_id
    make.save(Interest(user_id=chair.id, organisation_id=organisation, nature="Was a trustee", declared_at=NOON))
    meeting_id = called(cases)
    panel = db.session.scalars(select(Panel).where(Panel.application_id == other)).one()
    assert chair.id not in {seat.user_id for seat in panel.seats}
    assert panel.chair_id != chair.id
    own = client_for(chair).get(f"/panels/meetings/{meeting_id}").text
    assert f"{chair.name} (may not sit on it)" in own
    assert f'/panels/{panel.id}"' not in own
    assert client_for(chair).get(f"/panels/{panel.id}").status_code == 404
    pdf = client_for(case.sitters[0]).get(f"/panels/meetings/{meeting_id}/agenda.pdf").data
    words = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())
    assert "2. Lantern House" in words and f"Out of the room for this case: {chair.name}" in words
    assert "12 Apr 2027, 14:00 to 15:30" in words


def test_a_case_on_which_too_few_may_decide_is_refused_with_the_number(cases):
    case, _, _ = cases
    with pytest.raises(Invalid, match="it takes 2"):
        called(cases, members=(case.sitters[1].id,))
    assert db.session.scalars(select(PanelMeeting)).all() == []
    assert case.application.status is ApplicationStatus.ASSESSED


def test_the_invitation_goes_with_the_message_and_a_newer_one_replaces_it(cases):
    case, _, _ = cases
    meeting_id = called(cases)
    later = plan(case, starts_at=SUMMER + timedelta(days=7), members=tuple(each.id for each in case.sitters[:2]))
    meetings.change_meeting(meeting_id, later, actor=make.actor(case.manager), now=NOON, today=TODAY)
    mail = db.session.scalars(
        select(MailMessage).where(MailMessage.recipient == case.sitters[1].email, MailMessage.calendar != "")
    ).all()
    post = Post(mail=None, base_url="https://touchstone.test", tokens=Tokens("a key for tests alone, long enough"))
    message = message_of(letter_of(mail[0], post, NOON), "panel@touchstone.test")
    part = next(each for each in message.walk() if each.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    first, second = (Calendar.from_ical(each.calendar).walk("VEVENT")[0] for each in mail)
    assert first["DTSTART"].dt == SUMMER and second["DTSTART"].dt == SUMMER + timedelta(days=7)
    assert first["UID"] == second["UID"] and second["SEQUENCE"] > first["SEQUENCE"]
    assert f"https://touchstone.test/panels/meetings/{meeting_id}" in part.get_content().replace("\r\n ", "")
    gone = db.session.scalars(
        select(MailMessage).where(MailMessage.recipient == case.sitters[2].email).order_by(MailMessage.id.desc())
    ).first()
    assert "METHOD:CANCEL" in gone.calendar
    assert case.sitters[2].id not in set(db.session.scalars(select(PanelSeat.user_id)))


def test_who_has_declared_stays_a_member_of_the_meeting(cases):
    case, _, _ = cases
    meeting_id = called(cases)
    panel = db.session.scalars(select(Panel).where(Panel.application_id == case.application_id)).one()
    declare(panel.id, case.sitters[2])
    fewer = plan(case, members=tuple(each.id for each in case.sitters[:2]))
    with pytest.raises(Invalid, match="has declared"):
        meetings.change_meeting(meeting_id, fewer, actor=make.actor(case.manager), now=NOON, today=TODAY)


def test_the_vote_of_a_meeting_closes_only_once_it_is_recorded_who_is_there(cases, client_for):
    case, _, _ = cases
    meeting_id = called(cases)
    panel = db.session.scalars(select(Panel).where(Panel.application_id == case.application_id)).one()
    declare(panel.id, *case.sitters)
    for member in case.sitters:
        vote(panel.id, member, SILVER)
    chair = client_for(case.sitters[1])
    assert "Record first who is there" in chair.get(f"/panels/{panel.id}/close").text
    there = [each.id for each in case.sitters[:2]]
    recorded = chair.post(f"/panels/meetings/{meeting_id}/presence", data={"present": there}, follow_redirects=True)
    assert "Recorded for" in recorded.text
    voting.close_vote(panel.id, actor=make.actor(case.sitters[1]), now=NOON)
    seats = {seat.user_id: seat.present for seat in db.session.get(Panel, panel.id).seats}
    assert seats == {case.sitters[0].id: True, case.sitters[1].id: True, case.sitters[2].id: False}


def test_a_meeting_that_is_called_off_lets_its_cases_go_and_changes_no_more(cases):
    case, other, _ = cases
    meeting_id, manager = called(cases), make.actor(case.manager)
    meetings.cancel_meeting(meeting_id, actor=manager, now=NOON)
    assert agenda_of(meeting_id) == []
    with pytest.raises(Conflict, match="called off"):
        meetings.add_case(meeting_id, other, actor=manager, now=NOON, today=TODAY)
    again = meetings.call_meeting(
        case.scheme.code, plan(case), [other, case.application_id], actor=manager, now=NOON, today=TODAY
    )
    assert agenda_of(again) == [other, case.application_id]
