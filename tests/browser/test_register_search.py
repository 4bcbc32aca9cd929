"""Looking for a provider as a commissioner does: typing, narrowing, ordering, the map; at a desk, on a phone, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.conftest import DESK, PHONE, WIDTHS

NEAR_LANCASTER = ((347_700, 461_800), (348_400, 460_700), (346_000, 463_000))


@pytest.fixture(scope="module")
def register(site):
    """Twelve befrienders of as many councils in the north-west, and one advocate in Lancaster."""
    with site.instance.app.app_context():
        edition = make.edition()
        councils = [f"E07000{number}" for number in range(117, 129)]
        for number, council in enumerate(councils):
            east, north = NEAR_LANCASTER[number % 3]
            holder = make.organisation(
                name=f"Lune Befrienders {number}", areas=[council], area_code=council, easting=east, northing=north
            )
            make.register_entry(make.award(make.application(holder, edition)))
        holder = make.organisation(name="Speak Up Lancaster", services=["advocacy"], client_groups=["carers"])
        make.register_entry(make.award(make.application(holder, edition)))
    return edition


def results(page):
    return page.locator(".ts-list--found h3")


def test_what_is_typed_is_suggested_and_chosen_by_keyboard(register, page):
    page.goto("/register")
    field = page.get_by_role("combobox", name="What help, or whose name")
    field.press_sequentially("advoc")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    check_page(page)
    field.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("advoc")
    field.press("ArrowDown")
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(results(page)).to_have_text(["Speak Up Lancaster"])
    assert "miles" not in page.url  # a field that says nothing is not in the address


def test_a_place_is_suggested_too_and_a_misspelt_one_mended(register, page):
    page.goto("/register?near=Lancster")
    expect(page.get_by_text("We do not know the place “Lancster”.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Lancaster", exact=True).click()
    expect(page.get_by_text("within 20 miles of Lancaster")).to_be_visible()
    field = page.get_by_role("combobox", name="Postcode, town or area")
    field.fill("")
    field.press_sequentially("morec")
    page.get_by_role("option", name="Morecambe").first.click()
    assert field.input_value().startswith("Morecambe")


@pytest.mark.parametrize("width", WIDTHS)
def test_results_are_narrowed_ordered_and_widened_again(register, new_page, width):
    page = new_page(width)
    page.goto("/register")
    if width == PHONE:
        page.get_by_text("Filters", exact=True).click()
    page.get_by_role("checkbox", name="Advocacy").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(results(page)).to_have_text(["Speak Up Lancaster"])
    page.get_by_role("link", name="Remove: Advocacy").click()
    page.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("b[aria-current]", has_text="Name")).to_be_visible()
    names = [name.split()[0] for name in results(page).all_inner_texts()]
    assert names == sorted(names)
    assert "Lune" in names
    check_page(page)
    page.goto("/register?service=advocacy&group=older-people")
    expect(page.get_by_text("No provider fits all of this.")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Remove the filter “Who it is for”").click()
    expect(results(page)).to_have_count(1)


def test_all_choices_of_a_filter_come_in_its_place_and_are_found_by_typing(register, page):
    page.goto("/register")
    group = page.get_by_role("group", name="Council area")
    group.get_by_role("link").click()
    finder = group.get_by_role("searchbox")
    expect(finder).to_be_focused()
    finder.fill("wyr")
    expect(group.get_by_role("checkbox")).to_have_count(1)
    check_page(page)
    group.get_by_role("checkbox", name="Wyre").check()
    page.get_by_role("button", name="Apply filters").click()
    expect(results(page)).to_have_count(1)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_map_is_walked_by_keyboard_down_to_a_provider(register, new_page, width):
    page = new_page(width)
    page.goto("/register")
    page.get_by_role("link", name="Map", exact=True).click()
    check_page(page)
    for _ in range(2):
        spot = page.locator("a.ts-spot").last
        spot.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="Whole country")).to_be_visible()
    check_page(page)
    row = page.locator("[data-of-spot]").first
    row.get_by_role("link").focus()
    expect(page.locator(".ts-spot--lit")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Approved providers on a map")


def test_search_filter_and_map_work_without_script(register, new_page):
    page = new_page(DESK, script=False)
    page.goto("/register")
    page.get_by_label("What help, or whose name").fill("speak")
    page.get_by_role("button", name="Search").click()
    expect(results(page)).to_have_text(["Speak Up Lancaster"])
    assert page.url.endswith("/register?q=speak")
    page.goto("/register")
    page.get_by_role("group", name="Council area").get_by_role("link").click()
    page.get_by_role("checkbox", name="Wyre").check()
    page.get_by_role("button", name="Show results").click()
    expect(results(page)).to_have_count(1)
    page.goto("/register/map")
    page.locator("a.ts-spot").last.click()
    expect(page.get_by_role("link", name="Zoom out")).to_be_visible()
