"""Providers side by side, the shortlist of a browser, and files of both and of a search."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from app.domain.lifecycle import AwardStatus
from app.queries.lists import SERVICES, title
from tests.conftest import NOON
from tests.html_audit import Page, words

TODAY = NOON.date()


def said(days_ago, **values):
    offer = {"service": "befriending", "taking": "now", "said_on": (TODAY - timedelta(days=days_ago)).isoformat()}
    return [{**offer, "capacity": None, "free": None, "weeks": None, "how": "", **values}]


def lines(html):
    """Each line of the comparison: (heading, cells)."""
    page = Page(html)
    table = next(page.all("table"))
    rows = [[words(cell) for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
    return {row[0]: row[1:] for row in rows if len(row) > 1}


def sheet(answer):
    book = load_workbook(BytesIO(answer.get_data()))
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def table(answer):
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(StringIO(text)))


def test_what_is_not_the_same_for_all_is_marked_in_words(client, entry):
    one = entry(name="Bay Friends", published={"size": "small", "languages": ["en"]})
    two = entry(name="Fell Friends", published={"size": "micro", "languages": ["en"]})
    found = lines(client.get(f"/compare?p={one.slug}&p={two.slug}").text)
    assert found["Size Differs"] == ["Small: £10,000 to £100,000", "Micro: under £10,000 a year"]
    assert "Languages" in found and "Languages Differs" not in found
    only = lines(client.get(f"/compare?p={one.slug}&p={two.slug}&only=differences").text)
    assert "Size Differs" in only and "Languages" not in only


def test_the_order_of_a_list_makes_no_difference(client, entry):
    one = entry(name="Bay Friends", published={"client_groups": ["older-people", "carers"]})
    two = entry(name="Fell Friends", published={"client_groups": ["carers", "older-people"]})
    assert "Who it is for" in lines(client.get(f"/compare?p={one.slug}&p={two.slug}").text)


def test_capacity_is_dated_and_says_when_it_is_old(client, entry):
    fresh = entry(name="Fresh", published={"offers": said(3, free=2, weeks=0)})
    stale = entry(name="Stale", published={"offers": said(100, free=2, weeks=0)})
    silent = entry(name="Silent")
    found = lines(client.get(f"/compare?p={fresh.slug}&p={stale.slug}&p={silent.slug}").text)
    cells = found[f"{title(SERVICES, 'befriending')} Differs"]
    assert "2 places free" in cells[0] and "No wait" in cells[0] and "out of date" not in cells[0]
    assert "May be out of date" in cells[1]
    assert cells[2] == "Offered. Nothing said about capacity"


def test_who_is_not_approved_any_more_can_be_compared_and_is_told_so(client, entry):
    gone = entry(name="Gone", award={"status": AwardStatus.SUSPENDED})
    assert "Not approved now" in lines(client.get(f"/compare?p={gone.slug}").text)["Status today"][0]


def test_more_than_six_and_unknown_names_are_told(client, entry):
    slugs = [entry(name=f"Provider {letter}").slug for letter in "abcdefgh"]
    page = client.get("/compare?" + "&".join(f"p={slug}" for slug in ["nobody-here", *slugs])).text
    assert "3 more were left out" in page and "nobody-here" in page
    assert "You can compare 6 at a time" in page


def test_a_provider_is_added_by_the_address_of_its_page_or_by_its_name(client, entry):
    one, two = entry(name="Bay Friends"), entry(name="Harbour Trust")
    by_address = client.get(f"/compare?p={one.slug}&add=https://example.org/register/{two.slug}")
    assert by_address.location == f"/compare?p={one.slug}&p={two.slug}"
    assert client.get(f"/compare?p={one.slug}&add=harb").location == by_address.location
    assert "Nothing on the register is called" in client.get(f"/compare?p={one.slug}&add=zzzz").text


def test_a_comparison_takes_no_more_statements_for_six_than_for_two(client, entry, count_statements):
    slugs = [entry(name=f"Provider {letter}").slug for letter in "abcdef"]
    taken = []
    for count in (6, 2, 6):  # the first reads the standards, which are kept
        with count_statements() as statements:
            client.get("/compare?" + "&".join(f"p={slug}" for slug in slugs[:count]))
        taken.append(len(statements))
    assert taken[1] == taken[2]


def test_a_comparison_as_a_file_says_the_same_in_each_form(client, entry):
    one, two = entry(name="=cmd|' /C calc'!A0"), entry(name="Fell Friends", published={"size": "micro"})
    query = f"p={one.slug}&p={two.slug}"
    rows = sheet(client.get(f"/compare.xlsx?{query}"))
    assert ["Size", "Differs", "Not said", "Micro: under £10,000 a year"] in rows
    text = table(client.get(f"/compare.csv?{query}"))
    assert text[0][2] == "'=cmd|' /C calc'!A0"
    assert ["Size", "Differs", "Not said", "Micro: under £10,000 a year"] in text
    assert client.get(f"/compare.pdf?{query}").data.startswith(b"%PDF")


def test_a_formula_in_a_workbook_stays_a_text(client, entry):
    bad = entry(name="=1+1")
    book = load_workbook(BytesIO(client.get(f"/compare.xlsx?p={bad.slug}").get_data()))
    cell = book.active["C1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_shortlist_of_the_browser_shows_who_is_not_approved_now_first(client, entry):
    one, gone = entry(name="Bay Friends"), entry(name="Gone", award={"status": AwardStatus.SUSPENDED})
    page = client.get(f"/shortlist?p={one.slug}&p={gone.slug}").text
    assert page.index("Not approved now") < page.index("Bay Friends</a></h2>")
    assert "Nothing is on it yet" in client.get("/shortlist").text


def test_what_was_taken_off_can_be_put_back_without_a_script(client, entry):
    one, two = entry(name="Bay Friends"), entry(name="Fell Friends")
    page = client.get(f"/shortlist?p={one.slug}&removed={two.slug}").text
    assert "Fell Friends is off the list" in page
    assert f'href="/shortlist?p={one.slug}&amp;p={two.slug}"' in page


def test_a_shortlist_is_taken_away_with_its_notes(client, entry):
    one = entry(name="Bay Friends")
    sent = {"p": [one.slug], f"note-{one.slug}": "=HYPERLINK(1)", "ending": "csv"}
    heads, row = table(client.post("/shortlist/file", data=sent))
    assert dict(zip(heads, row, strict=True))["Note"] == "'=HYPERLINK(1)"
    assert client.post("/shortlist/file", data=sent | {"ending": "pdf"}).data.startswith(b"%PDF")


def test_a_search_is_taken_away_as_it_was_asked(client, entry):
    entry(name="Bay Friends", services=["befriending"])
    entry(name="Day Centre", services=["day-services"])
    for ending, read in (("csv", table), ("xlsx", sheet)):
        rows = read(client.get(f"/register/export.{ending}?service=befriending"))
        assert [row[0] for row in rows] == ["Name", "Bay Friends"], ending


def test_a_place_that_is_not_found_gives_no_file_that_leaves_it_out(client, entry):
    entry(name="Bay Friends")
    answer = client.get("/register/export.csv?near=ZZ99+9ZZ")
    assert answer.status_code == 422
    assert "Nothing was downloaded" in answer.text


@pytest.mark.parametrize("asked", ["level=gilt", "scheme=nobody", "q=%2A%2A%2A"])
@pytest.mark.parametrize("file", ["export.csv", "export.xlsx", "search.atom"])
def test_what_the_search_page_refuses_gives_no_file_of_anything_else(client, entry, file, asked):
    entry(name="Bay Friends")
    answer = client.get(f"/register/{file}?{asked}")
    assert answer.status_code in (400, 422)
    assert "We know no" in answer.text or "no word to look for" in answer.text
