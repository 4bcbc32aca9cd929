"""The frame of every page: at both widths, by keyboard, and without script."""

from __future__ import annotations

import pytest

from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE, WIDTHS

NOWHERE = "/no-such-page"


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_the_frame(new_page, width):
    page = new_page(width)
    page.goto(NOWHERE)
    check_page(page)


@pytest.mark.parametrize("script", [True, False])
def test_the_menu_stands_open_on_a_desk_and_opens_on_a_phone(new_page, script):
    desk, phone = new_page(DESK, script), new_page(PHONE, script)
    for page in (desk, phone):
        page.goto(NOWHERE)
    assert desk.get_by_role("link", name="Sign in").is_visible()
    assert not phone.get_by_role("link", name="Sign in").is_visible()
    phone.get_by_text("Menu").click()
    assert phone.get_by_role("link", name="Sign in").is_visible()


def test_the_first_tab_skips_to_the_content(page):
    page.goto(NOWHERE)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
