"""How far evidence given once covers every other published framework."""

from __future__ import annotations

import re

import pytest

from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from tests import factories
from tests.integration.provider.linked import answered, evidenced, source


def table(page: str, name: str) -> list[str]:
    """The cells of a framework's row in the first table, without markup."""
    row = next(part for part in page.split("<tr") if f">{name}</a>" in part)
    return [" ".join(re.sub("<[^>]*>", " ", cell).split()) for cell in re.findall("<td.*?</td>", row, re.S)]


@pytest.fixture
def page_of(browser, provider):
    return lambda: browser.get(f"/organisations/{provider.id}/coverage").text


def test_what_was_answered_with_its_evidence_counts_in_every_framework_that_is_linked(page_of, first, second):
    answered(first, "GOV.1.1")
    assert "You have not answered anything with its evidence yet." in page_of()
    evidenced(first, "GOV.1.1")
    answered(first, "GOV.1.2", reason="")
    page = page_of()
    assert "1 criterion of First Mark 2026" in page
    assert table(page, "Second Mark 2026")[:3] == ["1", "2", "1"]
    assert table(page, "First Mark 2026")[:3] == ["0", "0", "4"] and "1 of 4 answered in its own application" in page
    answered(first, "SAFE.1.1")
    answered(first, "SAFE.1.2", reason="")
    assert table(page_of(), "Second Mark 2026")[:3] == ["1", "2", "1"]


def test_what_would_not_be_asked_of_the_organisation_is_left_out(page_of, provider, first, second):
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    provider.facts = {"staff": 0}
    db.session.commit()
    page = page_of()
    assert table(page, "Second Mark 2026")[:3] == ["1", "1", "1"]
    assert "1 criterion would not be asked of you." in page


def test_each_framework_says_what_can_be_done_there(page_of, first, second):
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    closed = factories.edition(source=source("third-mark"), code="third-mark", title="Third Mark", open=False)
    page = page_of()
    assert f"/applications/{second.id}/proposals" in page
    assert f"/frameworks/{first.edition_id}" in page
    assert f"/frameworks/{closed.id}" not in page and "It takes no applications here." in page


def test_a_newer_edition_is_covered_by_what_was_answered_under_the_one_before(page_of, first):
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    newer = source("first-mark").replace('edition: "2026"', 'edition: "2027"')
    factories.edition(source=newer, code="first-mark", edition="2027", title="First Mark")
    page = page_of()
    assert table(page, "First Mark 2027")[:3] == ["1", "0", "3"]
    assert "First Mark 2026</a>" not in page


def test_a_page_of_many_answers_takes_the_same_statements_as_one_of_few(browser, provider, first, count_statements):
    url = f"/organisations/{provider.id}/coverage"
    answered(first, "GOV.1.1")
    evidenced(first, "GOV.1.1")
    browser.get(url)
    with count_statements() as few:
        browser.get(url)
    for number in range(4):
        more = factories.application(provider, first.edition, status=ApplicationStatus.WITHDRAWN)
        answered(more, "GOV.1.1", f"Words {number}")
        evidenced(more, "GOV.1.1", f"Piece {number}")
    with count_statements() as many:
        browser.get(url)
    assert len(many) == len(few)
