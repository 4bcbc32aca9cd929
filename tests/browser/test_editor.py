"""The editor of a framework's text, the preview and the sandbox, as a scheme manager uses them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.models import FrameworkDraft
from tests import factories as make
from tests.browser.checks import check_page, check_width
from tests.browser.conftest import DESK, PHONE, WIDTHS

SAID = ".ts-mistakes__said"


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def scheme(app):
    return make.scheme()


@pytest.fixture
def manager(scheme):
    return make.officer(scheme, Role.MANAGER)


@pytest.fixture
def draft(scheme) -> FrameworkDraft:
    return make.framework_draft(scheme)


def stored(draft: FrameworkDraft) -> str:
    make.db.session.rollback()  # what was read before is not read again
    return make.db.session.get(FrameworkDraft, draft.id).source


def at_the_text(new_page, draft: FrameworkDraft, manager, width: int = DESK) -> Page:
    page = new_page(width, user=manager)
    page.goto(f"/frameworks/drafts/{draft.id}")
    expect(page.locator(SAID)).to_have_text("The text has no mistakes.")
    return page


def editor(page: Page):
    return page.get_by_role("textbox", name="Text of the edition")


def write_after(page: Page, draft: FrameworkDraft, words: str, new: str) -> None:
    """Put the cursor at the end of the line that holds `words` and type."""
    line = next(number for number, line in enumerate(draft.source.split("\n"), 1) if words in line)
    page.evaluate(f"location.hash = '#L{line}'")
    expect(page.locator(".cm-activeLine")).to_contain_text(words)
    page.keyboard.press("End")
    page.keyboard.type(new)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(re.compile(r"^Saved\. ")).wait_for()


def test_a_mistake_is_told_beside_its_line_and_mended_and_the_text_saved(new_page, draft, manager):
    page = at_the_text(new_page, draft, manager)
    write_after(page, draft, "award: {valid", "\nretenion: {drafts: 1 year}")
    expect(page.locator(SAID)).to_have_text("The text has 1 mistake.")
    row = page.locator(".ts-mistakes__list li")
    expect(row).to_contain_text("retenion is not known here; did you mean retention?")
    assert page.locator(".cm-lint-marker-error").count() == 1
    assert page.locator(".cm-lintRange-error").inner_text() == "retenion"
    check_page(page, "editor-mistake")
    row.get_by_role("button").click()
    for _ in "reten":
        page.keyboard.press("ArrowRight")
    page.keyboard.type("t")
    expect(page.locator(SAID)).to_have_text("The text has no mistakes.")
    assert "retention" not in stored(draft)
    save(page)
    assert "\nretention: {drafts: 1 year}\n" in stored(draft)


def test_f8_goes_to_the_next_mistake_and_ctrl_s_saves_where_one_stands(new_page, draft, manager):
    page = at_the_text(new_page, draft, manager)
    write_after(page, draft, "award: {valid", "\npannel: {quorum: 3}")
    expect(page.locator(SAID)).to_have_text("The text has 1 mistake.")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    expect(page.locator(".cm-activeLine")).to_have_text("pannel: {quorum: 3}")
    page.keyboard.press("Control+s")
    page.get_by_text("Saved. The text has 1 mistake.").wait_for()
    assert "pannel" in stored(draft)
    expect(page.locator(".cm-activeLine")).to_have_text("pannel: {quorum: 3}")
    expect(editor(page)).to_be_focused()


def test_what_may_be_written_is_offered_with_what_it_is_for(new_page, draft, manager):
    page = at_the_text(new_page, draft, manager)
    write_after(page, draft, "award: {valid", "\nfin")
    option = page.get_by_role("option", name=re.compile("findings"))
    expect(option).to_contain_text("Grades of findings, and what each does to an award.")
    check_page(page, "editor-completion")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-activeLine")).to_have_text("findings:")


def test_a_code_is_offered_where_it_is_referred_to(new_page, draft, manager):
    page = at_the_text(new_page, draft, manager)
    write_after(page, draft, "title: Trustees meet", "\nlev")
    page.get_by_role("option", name=re.compile("^level")).click()  # the key leads on to its values
    page.get_by_role("option", name=re.compile("silver")).click()
    expect(page.locator(".cm-activeLine")).to_have_text(re.compile(r"^\s+level: silver$"))


def test_the_keyboard_is_not_caught_in_the_editor(new_page, draft, manager):
    page = at_the_text(new_page, draft, manager)
    editor(page).focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
    described = editor(page).get_attribute("aria-describedby").split()
    assert any("leaves the editor" in page.locator(f"[id='{each}']").inner_text() for each in described)


def test_leaving_with_unsaved_words_is_asked_about_and_the_words_are_offered_again(new_page, draft, manager):
    page = at_the_text(new_page, draft, manager)
    write_after(page, draft, "title: Trustees meet", " often")
    asked = []

    def leave(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto("/register")
    assert asked == ["beforeunload"]
    page.goto(f"/frameworks/drafts/{draft.id}")
    expect(page.locator(".cm-line", has_text="Trustees meet often")).to_have_count(0)
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".cm-line", has_text="Trustees meet often")).to_have_count(1)
    save(page)
    assert "Trustees meet often" in stored(draft)
    expect(page.get_by_text("was not saved")).to_have_count(0)


def test_a_text_that_a_colleague_forestalled_is_kept_until_it_is_saved(new_page, app, draft, manager):
    page = at_the_text(new_page, draft, manager)
    row = make.db.session.get(FrameworkDraft, draft.id)
    row.source, row.version = row.source.replace("title: Safety", "title: Staying safe", 1), row.version + 1
    make.save(row)
    write_after(page, draft, "title: Trustees meet", " often")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("The text as it stands now")).to_contain_text("Staying safe")
    page.locator(".cm-content").click()  # a browser asks nobody who has not touched the page
    asked = []

    def leave(dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.goto(f"/frameworks/drafts/{draft.id}")
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator(".cm-line", has_text="Trustees meet often")).to_have_count(1)
    assert "often" not in stored(draft)


def test_without_script_the_text_is_saved_and_its_mistakes_are_shown(new_page, draft, manager):
    page = new_page(script=False, user=manager)
    page.goto(f"/frameworks/drafts/{draft.id}")
    text = page.get_by_label("Text of the edition")
    text.fill(text.input_value().replace("title: Safety", "titel: Safety", 1))
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved. The text has 2 mistakes.").wait_for()
    assert "titel: Safety" in stored(draft)
    expect(page.locator("[data-problems] li").first).to_contain_text("`title` is missing".replace("`", ""))
    check_width(page, "editor-no-script")


def test_scores_are_tried_on_a_draft_with_the_explanation_at_the_side(new_page, draft, manager):
    page = new_page(user=manager)
    page.goto(f"/frameworks/drafts/{draft.id}")
    page.get_by_role("link", name="Try scores").click()
    page.get_by_role("button", name="All at the best").click()
    outcome = page.get_by_role("region", name="What these scores give")
    expect(outcome).to_contain_text("The outcome is Silver, with 100% in all.")
    page.get_by_label("GOV.1.1").select_option("0")
    expect(outcome).to_contain_text("Bronze needs 1 in GOV.1.1, which has 0.")
    expect(page.get_by_role("status").filter(has_text="No level is reached")).to_have_count(1)
    assert "GOV.1.1:0" in page.url
    page.reload()
    expect(page.get_by_label("GOV.1.1")).to_have_value("0")
    check_page(page, "sandbox")


def test_facts_change_what_is_asked_while_one_tries(new_page, draft, manager):
    page = new_page(user=manager)
    page.goto(f"/frameworks/drafts/{draft.id}/sandbox")
    page.get_by_text("What is the organisation like?").click()
    page.get_by_label("How many people do you employ?").fill("0")
    expect(page.locator("[data-trial-row='SAFE.1.2']")).to_contain_text("Not asked because")
    expect(page.locator("[data-trial-asked]")).to_have_text("3")
    page.get_by_label("How many people do you employ?").fill("none")
    expect(page.get_by_role("alert")).to_contain_text("Enter a whole number, such as 3.")


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_beside_the_draft(new_page, draft, manager, width):
    page = at_the_text(new_page, draft, manager, width)
    check_page(page, "editor")
    for view in ("preview", "preview/GOV.1.1", "sandbox"):
        page.goto(f"/frameworks/drafts/{draft.id}/{view}")
        check_page(page)


def test_on_a_phone_the_outcome_stays_in_sight(new_page, draft, manager):
    page = new_page(PHONE, user=manager)
    page.goto(f"/frameworks/drafts/{draft.id}/sandbox")
    page.get_by_role("button", name="All at the best").click()
    now = page.get_by_role("link", name="Silver Why")
    expect(now).to_be_in_viewport()
    page.get_by_label("SAFE.1.1").select_option("0")
    page.get_by_role("link", name=re.compile("Not yet")).click()
    expect(page.get_by_text("needs 2 in SAFE.1.1").first).to_be_in_viewport()
