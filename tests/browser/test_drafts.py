"""The life of an edition in a browser without script, at the width of a phone: begun, mended, published, followed, retired."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from tests import factories as make
from tests.browser.conftest import PHONE


@pytest.fixture
def scheme(site):
    with site.instance.app.app_context():
        yield make.scheme(title="Tide Mark")
        make.db.session.remove()


@pytest.fixture
def page(new_page, scheme) -> Page:
    """A manager's phone whose browser runs no script."""
    return new_page(PHONE, script=False, user=make.officer(scheme, Role.MANAGER))


def save(page: Page, before: str, after: str) -> None:
    text = page.get_by_label("Text of the edition")
    assert before in text.input_value()
    text.fill(text.input_value().replace(before, after))
    page.get_by_role("button", name="Save").click()


def test_an_edition_is_begun_mended_published_followed_and_retired_without_script(page, scheme):
    page.goto("/frameworks")
    page.get_by_role("button", name="Begin a draft").click()
    page.get_by_role("button", name="Begin with the starter").click()
    save(page, "scale: fulfilment", "scale: fulfilmnet")
    expect(page.get_by_role("status")).to_contain_text("The text has 2 mistakes.")
    page.get_by_role("link", name="Publish").click()
    expect(page.locator("main")).to_contain_text("It cannot be published yet: the text has 2 mistakes.")
    page.get_by_role("link", name="See them beside the text").click()
    expect(page.get_by_role("listitem").filter(has_text="did you mean")).to_have_count(2)
    save(page, "fulfilmnet", "fulfilment")
    expect(page.get_by_role("status")).to_contain_text("The text has no mistakes.")

    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish edition").click()
    expect(page.get_by_role("status")).to_contain_text("is published.")
    page.get_by_role("button", name="Copy to a draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tide Mark 2027")
    page.get_by_role("link", name="Publish").click()
    expect(page.locator("main")).to_contain_text("Edition 2026 is retired: it takes no new applications.")
    page.get_by_role("button", name="Publish edition 2027").click()
    expect(page.get_by_role("row", name="Tide Mark 2026")).to_contain_text("Retired")

    page.get_by_role("row", name="Tide Mark 2027").get_by_role("link", name="Retire").click()
    expect(page.locator("main")).to_contain_text("so nobody could apply")
    page.get_by_role("button", name="Retire edition 2027").click()
    expect(page.get_by_role("row", name="Tide Mark 2027")).to_contain_text("Retired")
    page.goto(f"/standards/{scheme.code}/2027")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tide Mark")
