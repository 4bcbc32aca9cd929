"""The visit sheet in a village hall: written on without a connection, closed, opened again, and sent when there is one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.models import Answer, Assessment, AssessorNote, Score, User
from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.conftest import PHONE
from tests.browser.line import Line
from tests.browser.walk import CODES, heading, press
from tests.conftest import NOON

FIRST, SECOND = CODES[:2]
TABLET = 820


@dataclass
class Visit:
    """One open assessment, its assessor, and the line to the product."""

    assessment: int
    assessor: User
    line: Line
    cookie: dict[str, str]

    @property
    def sheet(self) -> str:
        return f"{self.line.url}/assessments/{self.assessment}/visit-sheet"

    def score(self, code: str) -> Score | None:
        make.db.session.rollback()
        return make.db.session.query(Score).filter_by(assessment_id=self.assessment, criterion_code=code).first()

    def note(self, code: str) -> AssessorNote | None:
        make.db.session.rollback()
        return make.db.session.query(AssessorNote).filter_by(assessment_id=self.assessment, criterion_code=code).first()


@pytest.fixture
def visit(site):
    line = Line(int(site.url.rpartition(":")[2]))
    with site.instance.app.app_context():
        edition = make.edition()
        provider = make.organisation(facts={"staff": 2})
        lead = make.member(provider)
        application = make.application(
            provider, edition, status=ApplicationStatus.IN_ASSESSMENT, facts={"staff": 2}, submitted_at=NOON
        )
        for code in CODES:
            said = {"point": 2, "reason": f"We do this: {code}.", "updated_at": NOON, "updated_by_id": lead.id}
            make.save(Answer(application_id=application.id, criterion_code=code, **said))
        assessor = make.officer(edition.scheme, Role.ASSESSOR)
        assessment = make.save(
            Assessment(
                application_id=application.id,
                assessor_id=assessor.id,
                status=AssessmentStatus.OPEN,
                assigned_at=NOON,
                assigned_by_id=assessor.id,
                declared_at=NOON,
            )
        )
        yield Visit(assessment.id, assessor, line, site.cookie_of(assessor))
        make.db.session.remove()
    line.cut()


def on(page: Page, code: str):
    return page.locator(f"form[data-criterion='{code}']")


def write(page: Page, code: str, point: str, reason: str, note: str = "") -> None:
    form = on(page, code)
    form.locator(f"[name=point][value='{point}']").check()
    form.get_by_label("Why, and what shows it").fill(reason)
    if note:
        form.get_by_label("Your own notes").fill(note)


def words(page: Page):
    return page.locator("[data-sheet-words]")


def opened(new_page, visit: Visit, width: int = TABLET) -> Page:
    page = new_page(width, user=visit.assessor)
    page.goto(visit.sheet)
    expect(words(page)).to_contain_text("Everything on this sheet is saved.")
    return page


def keep(page: Page) -> None:
    press(page, "Keep this page on this device")
    expect(page.get_by_text("This page is kept on this device.")).to_be_visible()


def test_what_is_written_without_a_connection_survives_closing_the_page_and_arrives(new_page, visit):
    page = opened(new_page, visit)
    expect(page.get_by_role("button", name="Take it off this device")).to_be_hidden()
    expect(page.get_by_role("heading", name="Words that were not sent")).to_be_hidden()
    keep(page)
    expect(page.get_by_role("button", name="Keep this page on this device")).to_be_hidden()
    visit.line.cut()
    write(page, FIRST, "3", "Seen in the minute book.", "Ask again about May.")
    expect(words(page)).to_contain_text("No connection.")
    page.reload()
    expect(on(page, FIRST).get_by_label("Why, and what shows it")).to_have_value("Seen in the minute book.")
    write(page, SECOND, "1", "The new trustee had heard of no duties.")
    page.close()
    again = page.context.new_page()
    again.goto(visit.sheet)
    heading(again, "Visit sheet for")
    expect(on(again, FIRST).locator("[name=point][value='3']")).to_be_checked()
    expect(words(again)).to_contain_text(f"Kept on this device: {FIRST}, {SECOND}")
    assert visit.score(FIRST) is None
    visit.line.mend()
    press(again, "Send now")
    expect(words(again)).to_contain_text("Everything on this sheet is saved.")
    first, second = visit.score(FIRST), visit.score(SECOND)
    assert (first.point, first.reason) == (3, "Seen in the minute book.")
    assert (second.point, second.reason) == (1, "The new trustee had heard of no duties.")
    assert visit.note(FIRST).text == "Ask again about May."


def test_without_being_asked_to_the_page_is_not_kept_but_words_are(new_page, visit):
    page = opened(new_page, visit)
    visit.line.cut()
    write(page, FIRST, "2", "Heard from two volunteers.")
    expect(words(page)).to_contain_text("No connection.")
    page.close()
    visit.line.mend()
    again = page.context.new_page()
    again.goto(visit.sheet)
    expect(words(again)).to_contain_text("Everything on this sheet is saved.")
    assert visit.score(FIRST).reason == "Heard from two volunteers."
    assert again.evaluate("async () => (await caches.keys()).length") == 0


def test_what_was_changed_on_both_sides_stands_side_by_side_and_the_rest_is_sent(new_page, visit):
    page = opened(new_page, visit)
    keep(page)
    visit.line.cut()
    write(page, FIRST, "3", "Written in the hall.", "A note from the hall.")
    write(page, SECOND, "2", "Also in the hall.")
    saved = {"point": 1, "reason": "Written at the desk.", "version": 1, "updated_at": NOON}
    make.save(Score(assessment_id=visit.assessment, criterion_code=FIRST, **saved))
    visit.line.mend()
    press(page, "Send now")
    clash = page.get_by_role("alert")
    expect(clash).to_contain_text("Written in the hall.")
    expect(clash).to_contain_text("Written at the desk.")
    expect(words(page)).to_contain_text(f"Changed elsewhere too: {FIRST}")
    assert visit.score(FIRST).reason == "Written at the desk."
    assert visit.score(SECOND).reason == "Also in the hall."
    assert visit.note(FIRST).text == "A note from the hall."
    page.reload()  # nothing is lost while one thinks it over
    press(page, "Keep both, one below the other")
    page.get_by_role("alert").get_by_role("button", name="Take what was saved elsewhere").click()
    expect(words(page)).to_contain_text("Everything on this sheet is saved.")
    score = visit.score(FIRST)
    assert (score.point, score.version) == (1, 2)
    assert score.reason.replace("\r\n", "\n") == "Written in the hall.\n\nWritten at the desk."


def test_what_was_changed_elsewhere_alone_comes_to_the_sheet(new_page, visit):
    page = opened(new_page, visit)
    saved = {"point": 1, "reason": "Written at the desk.", "version": 1, "updated_at": NOON}
    make.save(Score(assessment_id=visit.assessment, criterion_code=FIRST, **saved))
    press(page, "Send now")
    expect(on(page, FIRST).get_by_label("Why, and what shows it")).to_have_value("Written at the desk.")
    expect(page.get_by_role("alert")).to_have_count(0)


ROWS_LEFT = """() => new Promise((resolve) => {
    indexedDB.open("touchstone-visits").onsuccess = ({ target }) => {
        target.result.transaction("rows").objectStore("rows").count().onsuccess = (counted) => resolve(counted.target.result);
    };
})"""


def test_a_session_that_ended_meanwhile_loses_no_word(new_page, visit):
    page = opened(new_page, visit)
    page.context.clear_cookies()
    write(page, FIRST, "2", "Written while signed out.")
    expect(words(page)).to_contain_text("You are signed out.")
    page.context.add_cookies([visit.cookie])
    page.goto(visit.sheet)
    expect(words(page)).to_contain_text("Everything on this sheet is saved.")
    assert visit.score(FIRST).reason == "Written while signed out."


def left_here(page: Page) -> list[int]:
    return page.evaluate(
        """async () => [
            (await caches.keys()).length,
            (await navigator.serviceWorker.getRegistrations()).length,
            (await indexedDB.databases()).length,
        ]"""
    )


def test_signing_out_clears_the_device_but_asks_first_while_words_are_unsent(new_page, visit):
    page = opened(new_page, visit)
    keep(page)
    assert left_here(page) == [1, 1, 1]
    page.route("**/criteria/*/autosave", lambda route: route.fulfill(status=500))
    write(page, FIRST, "3", "Not sent yet.")
    expect(on(page, FIRST)).to_contain_text("not sent yet")
    press(page, "Sign out")
    expect(page.get_by_role("alert")).to_contain_text(
        f"What you wrote on a visit sheet about {FIRST} has not been sent."
    )
    press(page, "Sign out and lose it")
    page.wait_for_url(f"{visit.line.url}/")
    assert left_here(page) == [0, 0, 0]
    assert visit.score(FIRST) is None


def test_handing_in_waits_for_words_on_the_sheet_and_clears_the_device(new_page, visit):
    page = opened(new_page, visit)
    keep(page)
    page.route("**/criteria/*/autosave", lambda route: route.fulfill(status=500))
    for code in CODES:
        write(page, code, "2", f"Seen: {code}.")
    page.goto(f"{visit.line.url}/assessments/{visit.assessment}/hand-in")
    page.get_by_label("Award", exact=True).check()
    page.get_by_label("Bronze").check()
    page.get_by_label("Why", exact=True).fill("Sound throughout.")
    press(page, "Hand in")
    expect(page.get_by_text("Words on your visit sheet have not been sent.")).to_be_visible()
    page.unroute("**/criteria/*/autosave")
    page.goto(visit.sheet)
    expect(words(page)).to_contain_text("Everything on this sheet is saved.")
    page.goto(f"{visit.line.url}/assessments/{visit.assessment}/hand-in")
    page.get_by_label("Award", exact=True).check()
    page.get_by_label("Bronze").check()
    page.get_by_label("Why", exact=True).fill("Sound throughout.")
    press(page, "Hand in")
    expect(page.get_by_text("You handed this assessment in")).to_be_visible()
    page.wait_for_function("async () => (await navigator.serviceWorker.getRegistrations()).length === 0")
    assert left_here(page)[0] == 0
    page.wait_for_function(f"async () => (await ({ROWS_LEFT})()) === 0")


@pytest.mark.parametrize("width", [PHONE, TABLET])
def test_the_sheet_fits_a_tablet_and_a_phone(new_page, visit, width):
    check_page(opened(new_page, visit, width))
