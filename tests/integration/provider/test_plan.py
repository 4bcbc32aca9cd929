"""The improvement plan through its pages: adding, changing, two people at once, what it exports, whom it reminds."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import func, select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.plan import ActionMove, ActionState, Wanted
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Assessment, Decision, EvidenceItem, Membership, Notice, Panel, PlanAction, PlanFeed, Score
from app.queries.to_do.plan import things
from app.services import answers, plan
from app.services.plan_reminders import remind_of_actions
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"<(title|desc)\b.*?</\1>", " ", page, flags=re.S)).split())


def actions() -> list[PlanAction]:
    db.session.expire_all()
    return list(db.session.scalars(select(PlanAction).order_by(PlanAction.id)))


def told() -> list[tuple[int, str, str]]:
    """Whom a day's e-mail tells what: (person, template, subject)."""
    found = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(each.user_id, each.template, each.subject) for each in found]


def typed(**values: str) -> dict[str, str]:
    """What the form of an action sends."""
    plain = {"title": "Renew the fire policy", "notes": "", "owner": "", "owner_name": "", "version": "1"}
    return {**plain, "due_on-day": "", "due_on-month": "", "due_on-year": "", **values}


def on(day: date) -> dict[str, str]:
    return {"due_on-day": str(day.day), "due_on-month": str(day.month), "due_on-year": str(day.year)}


@pytest.fixture
def mate(provider):
    return make.member(provider, Role.CONTRIBUTOR, name="Rose Hall")


@pytest.fixture
def planned(provider, lead, clock):
    """`planned("Title", due_on=..)`: an action in the plan, added by the lead now. Returns its id."""

    def add(title: str, **values: object) -> int:
        [action_id] = plan.add_actions(provider.id, [Wanted(title, **values)], actor=make.actor(lead), now=clock())
        return action_id

    return add


def test_an_action_is_added_with_owner_and_date_and_its_owner_is_told(browser, provider, mate, client_for):
    address = f"/organisations/{provider.id}/plan/new"
    sent = typed(owner=str(mate.id), notes="Ask the fire service.", **on(date(2027, 3, 31)))
    assert browser.post(address, data=sent).status_code == 302
    page = words(browser.get(f"/organisations/{provider.id}/plan").text)
    assert "Renew the fire policy Rose Hall 31 Mar 2027 Open" in page
    assert [(user, template) for user, template, _ in told()] == [(mate.id, "plan_given")]
    assert "Ask the fire service." in client_for(mate).get(f"/plan/actions/{actions()[0].id}").text


def test_what_cannot_be_right_is_said_at_its_field_and_nothing_typed_is_lost(browser, provider):
    sent = typed(
        title="", notes="Long thought out.", **{"due_on-day": "31", "due_on-month": "2", "due_on-year": "2027"}
    )
    response = browser.post(f"/organisations/{provider.id}/plan/new", data=sent)
    assert response.status_code == 422
    assert "must be a real date" in response.text
    assert "Long thought out." in response.text
    again = browser.post(f"/organisations/{provider.id}/plan/new", data=typed(title=" ", notes="Long thought out."))
    assert "Say what is to be done." in again.text
    assert actions() == []


def test_somebody_of_another_organisation_can_own_nothing_here(browser, provider):
    stranger = make.member(make.organisation())
    response = browser.post(f"/organisations/{provider.id}/plan/new", data=typed(owner=str(stranger.id)))
    assert response.status_code == 422
    assert "does not work for your organisation" in response.text


def test_the_same_action_sent_twice_is_there_once(browser, provider):
    for _ in range(2):
        browser.post(f"/organisations/{provider.id}/plan/new", data=typed())
    assert len(actions()) == 1


def test_two_people_who_edit_at_once_see_both_and_lose_no_word(browser, mate, client_for, planned):
    action_id = planned("Renew the fire policy")
    other = client_for(mate)
    assert other.post(f"/plan/actions/{action_id}", data=typed(title="Renew both policies")).status_code == 302
    mine = browser.post(f"/plan/actions/{action_id}", data=typed(notes="Call Tom first."))
    assert mine.status_code == 409
    assert "Renew both policies" in words(mine.text)
    assert "Call Tom first." in mine.text
    version = re.search(r'name="version" value="(\d+)"', mine.text)[1]
    assert (
        browser.post(f"/plan/actions/{action_id}", data=typed(notes="Call Tom first.", version=version)).status_code
        == 302
    )
    [row] = actions()
    assert (row.title, row.notes, row.version) == ("Renew the fire policy", "Call Tom first.", 3)


def test_an_action_is_started_done_undone_and_dropped_with_a_reason(browser, provider, planned):
    action_id = planned("Renew the fire policy")
    for verb, state in (("start", "in-progress"), ("finish", "done"), ("finish", "done"), ("reopen", "in-progress")):
        assert browser.post(f"/plan/actions/{action_id}/{verb}").status_code == 302
        assert actions()[0].state == state
    assert "Say why it is dropped." in browser.post(f"/plan/actions/{action_id}/drop", data={"reason": ""}).text
    browser.post(f"/plan/actions/{action_id}/drop", data={"reason": "The hall was sold."})
    page = words(browser.get(f"/plan/actions/{action_id}").text)
    assert "Why it was dropped The hall was sold." in page
    history = [entry for entry in ("Dropped", "Opened again", "Done", "Started", "Added") if entry in page]
    assert len(history) == 5
    assert "Nothing is left to do here." in browser.get(f"/organisations/{provider.id}/plan").text


def test_the_list_is_narrowed_by_state_owner_and_standard_with_what_is_late_first(
    browser, provider, lead, mate, draft, planned, clock
):
    planned("No date")
    planned("Later", due_on=TODAY + timedelta(days=40), owner_id=mate.id)
    planned("Late", due_on=TODAY - timedelta(days=1), owner_name="Tom Trustee")
    planned("Mine", owner_id=lead.id, due_on=TODAY, application_id=draft.id, criterion_code="GOV.1.1")
    address = f"/organisations/{provider.id}/plan"

    def shown(query: str = "") -> list[str]:
        page = browser.get(address + query).text
        return re.findall(r'href="/plan/actions/\d+">([^<]+)</a>', page)

    assert shown() == ["Late", "Mine", "Later", "No date"]
    assert shown("?state=late") == ["Late"]
    assert shown("?owner=me") == ["Mine"]
    assert shown("?owner=nobody") == ["No date"]
    assert shown(f"?owner={mate.id}") == ["Later"]
    assert shown("?owner==Tom Trustee") == ["Late"]
    assert shown("?part=Governance") == ["Mine"]
    assert shown("?state=nonsense&sort=nonsense&page=99&owner=%F0%9F%98%80") == shown()
    assert "GOV.1.1, Small Mark 2026" in browser.get(address).text


def test_a_plan_of_two_thousand_actions_is_paged_and_takes_as_many_statements_as_an_empty_one(
    browser, provider, lead, count_statements
):
    address = f"/organisations/{provider.id}/plan"

    def sent() -> int:
        browser.get(address)
        with count_statements() as statements:
            assert browser.get(address).status_code == 200
        return len(statements)

    few = sent()
    values = {"organisation_id": provider.id, "source": "free", "state": ActionState.OPEN, "criterion_code": ""}
    stamps = {"created_at": NOON, "created_by_id": lead.id, "updated_at": NOON, "updated_by_id": lead.id}
    db.session.add_all(PlanAction(title=f"Action {place:04}", **values, **stamps) for place in range(2000))
    db.session.commit()
    assert sent() == few
    page = browser.get(address + "?page=50").text
    assert "Action 1999" in page
    assert "Action 0000" not in page


def test_what_is_missing_becomes_actions_after_it_was_looked_through(browser, provider, lead, draft, clock):
    answers.record_answer(draft.id, "GOV.1.2", Claim(1, reason="Some do."), 0, actor=make.actor(lead), now=clock())
    address = f"/applications/{draft.id}/plan"
    page = browser.get(address).text
    keys = dict.fromkeys(re.findall(r'name="pick" type="checkbox" value="([^"]+)"', page))
    assert "answer:GOV.1.1" in keys
    assert any(key.startswith("raise:GOV.1.2") for key in keys)
    assert 'value="answer:GOV.1.1" checked' in browser.get(f"{address}?pick=gap:GOV.1.1").text
    assert "/plan?pick=gap:GOV.1.1" in browser.get(f"/applications/{draft.id}/readiness").text
    nothing = browser.post(address, data={})
    assert nothing.status_code == 422
    assert "Tick at least one thing" in nothing.text
    chosen = {"pick": ["answer:GOV.1.1", "answer:SAFE.1.1"]}
    preview = browser.post(address, data=chosen)
    assert "Answer GOV.1.1 Trustees meet" in preview.text
    assert actions() == []
    add = {**chosen, "then": "add", "title-answer:GOV.1.1": "Find the minutes", "owner": str(lead.id), **on(TODAY)}
    assert browser.post(address, data=add).status_code == 302
    assert [(row.title, row.criterion_code, row.source, row.part) for row in actions()] == [
        ("Find the minutes", "GOV.1.1", "gap", "Governance"),
        ("Answer SAFE.1.1 Safeguarding policy", "SAFE.1.1", "gap", "Safety"),
    ]
    assert "In the plan" in browser.get(address).text


def test_conditions_and_what_the_assessor_found_become_actions(browser, provider, lead):
    edition = make.edition()
    case = make.application(provider, edition, started_by=lead, status=ApplicationStatus.AWARDED, facts={"staff": 3})
    assessor = make.user()
    answers_of = {"GOV.1.1": (3, 1), "GOV.1.2": (2, 2), "SAFE.1.1": (2, 2), "SAFE.1.2": (3, 3)}
    from app.models import Answer

    for code, (said, _) in answers_of.items():
        stamps = {"updated_at": NOON, "updated_by_id": lead.id}
        db.session.add(Answer(application_id=case.id, criterion_code=code, point=said, reason="We do.", **stamps))
    work = make.save(
        Assessment(
            application_id=case.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.HANDED_IN,
            assigned_at=NOON,
            assigned_by_id=assessor.id,
            handed_in_at=NOON,
        )
    )
    for code, (_, found) in answers_of.items():
        why = f"Seen in {code}."
        db.session.add(Score(assessment_id=work.id, criterion_code=code, point=found, reason=why, updated_at=NOON))
    panel = make.save(Panel(application_id=case.id, chair_id=assessor.id, called_at=NOON, called_by_id=assessor.id))
    conditions = "Train all trustees.\n- Write the minutes within a week."
    make.save(
        Decision(
            panel_id=panel.id,
            application_id=case.id,
            outcome="award-with-conditions",
            level="silver",
            reasons="Good.",
            conditions=conditions,
            conditions_due_on=date(2027, 5, 1),
            tally={},
            decided_at=NOON,
            decided_by_id=assessor.id,
        )
    )
    page = words(browser.get(f"/applications/{case.id}/plan").text)
    assert "Train all trustees." in page
    assert "Write the minutes within a week." in page
    assert "Improve GOV.1.1 Trustees meet" in page
    assert "You said “3 Embedded and reviewed”, the assessor found “1 Started”. Seen in GOV.1.1." in page
    assert "Improve GOV.1.2" not in page
    assert "Raise GOV.1.1 Trustees meet to “3 Embedded and reviewed”" in page
    add = {"pick": ["condition:2", "score:GOV.1.1"], "then": "add"}
    browser.post(f"/applications/{case.id}/plan", data=add)
    assert [(row.title, row.source, row.due_on) for row in actions()] == [
        ("Write the minutes within a week", "condition", date(2027, 5, 1)),
        ("Improve GOV.1.1 Trustees meet", "score", None),
    ]


def test_evidence_of_what_was_done_is_shown_with_an_action(browser, provider, lead, planned):
    action_id = planned("Renew the fire policy")
    made = {"kind": "document", "created_at": NOON, "created_by_id": lead.id}
    item = make.save(EvidenceItem(organisation_id=provider.id, title="Fire policy", **made))
    theirs = make.save(EvidenceItem(organisation_id=make.organisation().id, title="Theirs", **made))
    address = f"/plan/actions/{action_id}"
    assert browser.post(f"{address}/evidence", data={"item": item.id}).status_code == 302
    assert browser.post(f"{address}/evidence", data={"item": theirs.id}).status_code == 404
    page = browser.get(address).text
    assert f'href="/organisations/{provider.id}/evidence/{item.id}"' in page
    browser.post(f"{address}/evidence", data={"item": item.id, "then": "take-off"})
    assert "None yet." in browser.get(address).text


# --- What it exports


def calendar_of(data: bytes) -> tuple[Calendar, list]:
    calendar = Calendar.from_ical(data)
    return calendar, list(calendar.walk("VEVENT"))


def test_the_calendar_is_read_back_as_it_was_planned(browser, provider, lead, planned, clock):
    title = "Renew; the policy, with „Ŵyn“ and جمعية\\n"
    first = planned(title, due_on=date(2027, 3, 28), owner_id=lead.id, notes="Line one\nline two, and; more\\")
    planned("No date")
    response = browser.get(f"/organisations/{provider.id}/plan.ics")
    assert response.mimetype == "text/calendar"
    calendar, [event] = calendar_of(response.data)
    assert (calendar["version"], str(calendar["method"])) == ("2.0", "PUBLISH")
    assert str(event["summary"]) == title
    assert "Line one\nline two, and; more\\" in str(event["description"])
    assert event.decoded("dtstart") == date(2027, 3, 28)
    assert event.decoded("dtend") == date(2027, 3, 29)
    assert event.decoded("dtstamp") == NOON
    assert (event["sequence"], str(event["status"])) == (0, "CONFIRMED")
    assert all(len(line) <= 75 for line in response.data.split(b"\r\n"))
    uid = str(event["uid"])
    clock.forward(days=1)
    plan.move_action(first, ActionMove.FINISH, actor=make.actor(lead), now=clock())
    _, [event] = calendar_of(browser.get(f"/organisations/{provider.id}/plan.ics").data)
    assert (str(event["uid"]), event["sequence"], str(event["summary"])) == (uid, 1, f"Done: {title}")
    plan.move_action(first, ActionMove.REOPEN, actor=make.actor(lead), now=clock())
    plan.move_action(first, ActionMove.DROP, "No more.", actor=make.actor(lead), now=clock())
    _, [event] = calendar_of(browser.get(f"/organisations/{provider.id}/plan.ics").data)
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 3)
    clock.forward(days=61)
    assert calendar_of(browser.get(f"/organisations/{provider.id}/plan.ics").data)[1] == []


def test_a_private_address_tells_a_calendar_the_plan_until_it_is_ended(
    browser, client, provider, lead, mate, planned, clock
):
    planned("Mine", due_on=TODAY, owner_id=lead.id)
    planned("Theirs", due_on=TODAY, owner_id=mate.id)
    address = f"/organisations/{provider.id}/plan/calendar"

    def make_one(whose: str) -> str:
        page = browser.post(address, data={"whose": whose}).text
        return re.search(r'value="http[^"]*?(/calendars/[^"]+\.ics)"', page)[1]

    mine = make_one("mine")
    assert [str(each["summary"]) for each in calendar_of(client.get(mine).data)[1]] == ["Mine"]
    everything = make_one("all")
    assert len(calendar_of(client.get(everything).data)[1]) == 2
    assert client.get(mine).status_code == 404  # a new address ends the one before
    token = everything.rpartition("/")[2].removesuffix(".ics")
    kept = db.session.scalars(select(PlanFeed.token_hash)).all()
    assert token not in kept
    assert all(len(each) == 64 for each in kept)
    assert token not in browser.get(address).text
    browser.post(address, data={"then": "end"})
    gone = client.get(everything)
    assert gone.status_code == 404
    assert "not there any more" in gone.text


def test_a_private_address_dies_with_the_rights_of_its_owner(client_for, client, provider, mate, planned):
    planned("Something", due_on=TODAY)
    page = client_for(mate).post(f"/organisations/{provider.id}/plan/calendar", data={"whose": "all"}).text
    address = re.search(r'value="http[^"]*?(/calendars/[^"]+\.ics)"', page)[1]
    assert client.get(address).status_code == 200
    db.session.delete(db.session.scalars(select(Membership).where(Membership.user_id == mate.id)).one())
    db.session.commit()
    assert client.get(address).status_code == 404


def test_the_spreadsheets_hold_every_action_and_no_formula(browser, provider, planned):
    planned("=HYPERLINK(1)", due_on=date(2027, 3, 31), owner_name="+Tom", notes="-1\nsecond line")
    sheet = load_workbook(BytesIO(browser.get(f"/organisations/{provider.id}/plan.xlsx").data)).active
    first = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (first["What is to be done"].value, first["What is to be done"].data_type) == ("=HYPERLINK(1)", "s")
    assert first["By"].value.date() == date(2027, 3, 31)
    assert first["State"].value == "Open"
    data = browser.get(f"/organisations/{provider.id}/plan.csv").data
    assert data.startswith("\ufeff".encode())
    [row] = csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""))
    assert (row["What is to be done"], row["Owner"], row["By"]) == ("'=HYPERLINK(1)", "'+Tom", "2027-03-31")
    assert row["Notes"] == "'-1\nsecond line"


# --- Whom it reminds


def test_owners_are_reminded_once_each_time_and_a_second_lead_hears_what_is_late(provider, lead, mate, planned, clock):
    second = make.member(provider, Role.LEAD, name="Second Lead")
    planned("Renew the fire policy", due_on=TODAY + timedelta(days=20), owner_id=mate.id)
    db.session.execute(Notice.__table__.delete())
    db.session.commit()
    reminded = []
    for _ in range(25):
        count = remind_of_actions(clock())
        assert remind_of_actions(clock()) == 0
        if count:
            reminded.append((clock().date() - TODAY).days)
        clock.forward(days=1)
    assert reminded == [6, 17, 21]
    assert [(user, template) for user, template, _ in told()] == [
        (mate.id, "plan_reminder"),
        (mate.id, "plan_reminder"),
        (mate.id, "plan_reminder"),
        (lead.id, "plan_late_elsewhere"),
    ]
    assert second.id not in {user for user, _, _ in told()}


def test_what_nobody_of_the_organisation_owns_is_told_to_its_leads(provider, lead, mate, planned, clock):
    planned("Ask the landlord", due_on=TODAY + timedelta(days=30), owner_name="Tom Trustee")
    clock.forward(days=31)
    assert remind_of_actions(clock()) == 1
    assert [(user, template) for user, template, _ in told()] == [(lead.id, "plan_reminder")]


def test_a_new_date_begins_the_reminders_anew_and_what_is_done_is_left_alone(provider, lead, planned, clock):
    first = planned("Renew", due_on=TODAY + timedelta(days=20), owner_id=lead.id)
    second = planned("Check", due_on=TODAY + timedelta(days=20), owner_id=lead.id)
    plan.move_action(second, ActionMove.FINISH, actor=make.actor(lead), now=clock())
    clock.forward(days=18)
    assert remind_of_actions(clock()) == 1
    later = Wanted("Renew", due_on=TODAY + timedelta(days=60), owner_id=lead.id)
    plan.change_action(first, later, 1, actor=make.actor(lead), now=clock())
    clock.forward(days=20)
    assert remind_of_actions(clock()) == 0
    clock.forward(days=10)
    assert remind_of_actions(clock()) == 1


def test_ones_own_actions_and_those_of_nobody_are_things_to_do(provider, lead, mate, planned, count_statements):
    planned("Mine.", owner_id=lead.id)
    planned("Nobody's", due_on=TODAY + timedelta(days=5))
    planned("Far away", owner_id=lead.id, due_on=TODAY + timedelta(days=90))
    planned("Theirs", owner_id=mate.id, due_on=TODAY)
    with count_statements() as statements:
        found = things([provider.id], make.actor(lead), TODAY)
    assert [(each.what, each.due_on) for each in found] == [
        ("Nobody's", TODAY + timedelta(days=5)),
        ("Mine", None),
    ]
    assert found[0].when == "nobody has taken it on yet"
    assert len([each for each in statements if "plan_action" in each]) == 1


def test_a_full_plan_refuses_more_and_says_so(browser, provider, planned, monkeypatch):
    monkeypatch.setattr(plan, "MOST_ACTIONS", 1)
    planned("First")
    response = browser.post(f"/organisations/{provider.id}/plan/new", data=typed(title="Second"))
    assert response.status_code == 422
    assert "yours is full" in response.text
    assert db.session.scalar(select(func.count()).select_from(PlanAction)) == 1


def test_what_is_planned_for_an_application_stands_on_its_readiness_and_in_the_report(
    browser, provider, lead, draft, planned, clock
):
    about = {"application_id": draft.id, "criterion_code": "GOV.1.1"}
    planned("Find the minutes", due_on=TODAY - timedelta(days=1), owner_name="Tom Trustee", **about)
    planned("Ask the landlord")
    planned("Something else", application_id=make.application(provider, make.edition(), started_by=lead).id)
    page = words(browser.get(f"/applications/{draft.id}/readiness").text)
    assert "Find the minutes Tom Trustee, by 15 Nov 2026 Late" in page
    assert "Ask the landlord Nobody yet, no date" in page
    assert "Something else" not in page
    report = browser.get(f"/applications/{draft.id}/readiness.pdf")
    assert report.mimetype == "application/pdf"
    text = " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(BytesIO(report.data)).pages)
    assert "Find the minutes" in text
    assert "Tom Trustee, by 15 Nov 2026. Open, overdue." in text


def test_an_action_outlives_a_withdrawn_application_and_says_so(browser, provider, draft, planned):
    action_id = planned("Find the minutes", application_id=draft.id, criterion_code="GOV.1.1")
    browser.post(f"/applications/{draft.id}/withdraw", data={"reason": "Not this year."})
    page = words(browser.get(f"/organisations/{provider.id}/plan").text)
    assert "Find the minutes" in page and f"{draft.edition.edition}, withdrawn" in page
    assert browser.get(f"/plan/actions/{action_id}").status_code == 200
