"""Which criteria of an edition are linked to which elsewhere, for anyone."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from app.domain.access import Role
from app.queries import crosswalks
from tests import factories
from tests.integration.provider.linked import MEETS, source


@pytest.fixture
def first(app):
    links = {
        MEETS: 'maps_to: [{to: "second-mark:GOV.1.1", extent: full}, "second-mark:SAFE", "far-away:1.2", "second-mark:X"]'
    }
    return factories.edition(source=source("first-mark", links), code="first-mark", title="First Mark")


@pytest.fixture
def second(app):
    text = source("second-mark").replace("Trustees meet\n", '"=1+1"\n')
    return factories.edition(source=text, code="second-mark", title="Second Mark")


def rows(client, edition):
    page = client.get(f"/standards/{edition.code}/{edition.edition}/crosswalk.csv")
    assert page.mimetype == "text/csv" and "attachment" in page.headers["Content-Disposition"]
    return list(csv.DictReader(StringIO(page.text)))


def test_links_are_shown_on_both_sides_with_their_direction(client, first, second):
    ours, theirs = (
        " ".join(client.get(f"/standards/{each.code}/2026/crosswalk").text.split()) for each in (first, second)
    )
    assert "Second Mark 2026: 2 links" in ours and "First Mark 2026: 2 links" in theirs
    assert "(all of this part)" in ours
    found = [
        (row["code"], row["other_code"], row["answers_other"], row["answered_by_other"]) for row in rows(client, first)
    ]
    assert found == [
        ("GOV.1.1", "GOV.1.1", "full", "partial"),
        ("GOV.1.1", "SAFE", "partial", "partial"),
        ("GOV.1.1", "1.2", "partial", ""),
    ]
    back = [
        (row["code"], row["other_code"], row["answers_other"], row["answered_by_other"]) for row in rows(client, second)
    ]
    assert back == [("GOV.1.1", "GOV.1.1", "partial", "full"), ("SAFE", "GOV.1.1", "partial", "partial")]


def test_no_cell_of_the_table_can_become_a_formula(client, first, second):
    assert rows(client, first)[0]["other_title"] == "'=1+1"


def test_a_link_that_leads_nowhere_is_told_to_the_schemes_office_alone(client, client_for, first, second):
    page = "/standards/first-mark/2026/crosswalk"
    words = "second-mark:X is neither a criterion nor a part"
    assert words not in client.get(page).text and "far-away" in client.get(page).text
    assert words in client_for(factories.officer(first.scheme, Role.MANAGER)).get(page).text
    assert words not in client_for(factories.officer(second.scheme, Role.MANAGER)).get(page).text


def test_a_framework_without_links_says_so_and_an_unknown_edition_is_not_found(client, second):
    assert "No framework says yet" in client.get("/standards/second-mark/2026/crosswalk").text
    assert client.get("/standards/second-mark/1999/crosswalk").status_code == 404
    assert client.get("/standards/second-mark/1999/crosswalk.csv").status_code == 404


def test_many_links_are_shown_page_by_page_and_all_of_them_in_the_table(client, first, second, monkeypatch):
    monkeypatch.setattr(crosswalks, "PER_PAGE", 1)
    address = "/standards/first-mark/2026/crosswalk"
    shown = [
        client.get(address, query_string={"page": number}).text.count('data-label="Answering the first')
        for number in range(1, 5)
    ]
    assert shown == [1, 1, 1, 1]
    assert "far-away" in client.get(address, query_string={"page": "99999999999999999999"}).text
    assert len(rows(client, first)) == 3
