"""From what is missing to a plan, in a browser: the picture, the choice, the calendar, at a desk and on a phone."""

from __future__ import annotations

import pytest
from icalendar import Calendar
from playwright.sync_api import expect
from pypdf import PdfReader

from app.domain.self_assessment import Claim
from app.services import answers
from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE
from tests.conftest import NOON

FOUR_AREAS = make.SMALL_FRAMEWORK.replace(
    "outcome:\n",
    """\
  - {code: VOI, title: "Voice of people who use services", criteria: [{code: VOI.1, text: People are asked., scale: fulfilment}]}
  - {code: QUA, title: Quality, criteria: [{code: QUA.1, text: Results are looked at., scale: fulfilment}]}
outcome:
""",
)


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_gaps_become_a_plan_that_a_calendar_reads(app, new_page, width):
    organisation = make.organisation(name=f"Quay Street Carers {width}", facts={"staff": 2})
    lead = make.member(organisation, name="Ann Lead")
    draft = make.application(organisation, make.edition(source=FOUR_AREAS), started_by=lead)
    for code, point in (("GOV.1.1", 3), ("SAFE.1.2", 1), ("VOI.1", 2)):
        claim = Claim(point, reason="We do this.")
        answers.record_answer(draft.id, code, claim, 0, actor=make.actor(lead), now=NOON)
    page = new_page(width, user=lead)

    page.goto(f"/applications/{draft.id}/readiness")
    picture = page.get_by_role("img", name="How far each part is on the way to Silver")
    expect(picture).to_be_visible()
    assert picture.locator("text").count() == 4
    # Words in the picture are never smaller than 12 pixels, however narrow the screen.
    assert picture.locator("tspan").first.evaluate("(line) => line.getBoundingClientRect().height") >= 12
    check_page(page, "readiness")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Report for trustees (PDF)").click()
    assert "Quay Street Carers" in PdfReader(taken.value.path()).pages[0].extract_text()

    page.get_by_role("button", name="Choose what to plan").click()
    check_page(page, "plan-suggestions")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one thing")
    page.get_by_label("Answer GOV.1.2 Trustees know their duties").check()
    page.get_by_label("Answer QUA.1").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Action 1").fill("Write the welcome pack for trustees")
    page.get_by_label("Who does it").select_option("Ann Lead")
    for part, value in (("Day", "31"), ("Month", "3"), ("Year", "2028")):
        page.get_by_label(part, exact=True).fill(value)
    check_page(page, "plan-preview")
    page.get_by_role("button", name="Add 2 actions").click()
    expect(page.get_by_role("status")).to_contain_text("2 actions are added to the plan.")
    check_page(page, "plan")

    page.get_by_role("link", name="Write the welcome pack for trustees").click()
    check_page(page, "plan-action")
    page.get_by_role("button", name="Mark as done").click()
    expect(page.get_by_role("button", name="Open it again")).to_be_visible()
    page.get_by_role("link", name="Back to the plan").click()
    page.get_by_role("link", name="Put it into your calendar").click()
    page.get_by_role("button", name="Make a private address").click()
    check_page(page, "plan-calendar")
    address = page.get_by_label("Address").input_value()
    stranger = new_page()
    answer = stranger.request.get(f"/calendars/{address.rpartition('/')[2]}")
    events = Calendar.from_ical(answer.body()).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [
        "Answer QUA.1 Results are looked at",
        "Done: Write the welcome pack for trustees",
    ]
