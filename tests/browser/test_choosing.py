"""A commissioner's Friday in a browser: search, shortlist without an account, compare, keep, share, lock, take the PDF."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.models import RegisterEntry
from tests import factories as make
from tests.browser.checks import check_page, check_width
from tests.browser.conftest import DESK, PHONE


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def three(app):
    """The names of three providers that a search for "zephyr" finds."""
    edition = make.edition()
    names = ("Zephyr Bay Friends", "Zephyr Fell Circle", "Zephyr Lune Visitors")
    for name in names:
        if make.db.session.query(RegisterEntry.id).filter_by(name=name).first() is None:
            award = make.award(make.application(make.organisation(name=name), edition), holder_name=name)
            highest = make.db.session.query(make.db.func.max(RegisterEntry.revision)).scalar() or 0
            slug = name.lower().replace(" ", "-")
            make.register_entry(award, slug=slug, name=name, revision=highest + 1)
    return names


def tick_all(page, names):
    page.goto("/register?q=zephyr")
    for name in names:
        page.get_by_role("checkbox", name=f"Shortlist {name}").check()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_from_a_search_to_the_procurement_file(site, new_page, three, width):
    page = new_page(width)
    tick_all(page, three)
    expect(page.get_by_text("3 providers are on your shortlist.")).to_be_visible()
    check_page(page, "choosing-search")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("columnheader", name=three[2])).to_be_visible()
    check_page(page, "choosing-compare")
    page.go_back()
    page.get_by_role("button", name="See shortlist").click()
    page.get_by_label(f"Your note on {three[0]}").fill("Ring on Monday.")
    check_page(page, "choosing-shortlist")
    page.goto("/register")
    page.goto("/shortlist")  # the browser kept both the list and the note
    expect(page.get_by_label(f"Your note on {three[0]}")).to_have_value("Ring on Monday.")
    page.context.add_cookies([site.cookie_of(make.user(name="Ada Commissioner"))])
    page.goto("/shortlist")
    page.get_by_role("button", name="Keep it on your account").click()
    expect(page.get_by_label(f"Your note on {three[0]}")).to_have_value("Ring on Monday.")
    page.get_by_label("Name of the new list").fill("Befriending, winter")
    check_page(page, "choosing-keep")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_text("3 providers are on the list now.")).to_be_visible()
    check_page(page, "choosing-list")
    address = page.url.partition("?")[0]
    share(page, new_page, three, width)
    page.goto(address)
    lock(page)
    page.goto("/shortlist")  # what moved into the account left the browser
    expect(page.get_by_text("Nothing is on it yet")).to_be_visible()


def share(page, new_page, names, width):
    page.get_by_role("link", name="Share by a link").click()
    check_page(page, "choosing-share")
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#made-link").inner_text()
    reader = new_page(width)
    reader.goto(link)
    expect(reader.get_by_role("link", name=names[0])).to_be_visible()
    assert "Ring on Monday." not in reader.content()
    check_page(reader, "choosing-shared")


def lock(page):
    page.get_by_role("button", name="Lock as of a day").click()
    page.get_by_label("Why you chose as you did").fill("Nearest to the need.")
    check_page(page, "choosing-lock")
    page.get_by_role("button", name="Lock the list").click()
    expect(page.get_by_text("Nearest to the need.")).to_be_visible()
    check_page(page, "choosing-snapshot")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    fingerprint = re.search(r"[0-9a-f]{64}", page.content()).group()
    page.get_by_role("link", name="Check a file").click()
    page.get_by_label("Or its text").fill(fingerprint)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("Unchanged.")).to_be_visible()
    check_page(page, "choosing-checked")


def test_by_keyboard_alone(page, three):
    page.goto("/register?q=zephyr")
    box = page.get_by_role("checkbox", name=f"Shortlist {three[0]}")
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 provider is on your shortlist.")).to_be_visible()
    page.get_by_role("button", name="Compare").focus()
    page.keyboard.press("Enter")
    table = page.get_by_role("region", name=re.compile("As the register stood"))
    table.focus()
    expect(table).to_be_focused()


def test_without_script_what_is_ticked_is_compared_and_shortlisted(new_page, three):
    page = new_page(PHONE, script=False)
    tick_all(page, three)
    page.get_by_role("button", name="Compare").click()
    for name in three:
        expect(page.get_by_role("columnheader", name=name)).to_have_count(1)
    check_width(page, "choosing-compare-plain")
    page.get_by_role("link", name=f"Remove {three[1]}").click()
    expect(page.get_by_role("columnheader", name=three[1])).to_have_count(0)
    page.get_by_role("link", name="Put them on a shortlist").click()
    page.get_by_role("link", name=f"Remove {three[2]}").click()
    page.get_by_role("link", name="Put it back").click()
    expect(page.get_by_role("link", name=three[2], exact=True)).to_be_visible()
