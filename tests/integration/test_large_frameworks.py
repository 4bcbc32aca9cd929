"""Pages of large frameworks: as many statements as for small ones, and one part of a long list at a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from app.domain.access import Role
from app.models import User
from bench import big_case
from tests import factories as make
from tests.conftest import NOON


@dataclass(frozen=True)
class Made:
    """A framework with its cases and who works on them. `pages` are addresses, each with who reads it."""

    case: big_case.Cases
    lead: User
    assessor: User
    pages: list[tuple[str, User | None]]


@pytest.fixture
def made(app):
    """`made(10)`: a framework of ten criteria with its cases."""
    scheme, provider = make.scheme(), make.organisation(facts=big_case.FACTS)
    lead, assessor = make.member(provider), make.officer(scheme, Role.ASSESSOR)
    members = [make.officer(scheme, Role.PANEL_MEMBER) for _ in range(2)]
    people = big_case.People(scheme.id, provider.id, lead.id, assessor.id, tuple(each.id for each in members))

    def of(criteria: int) -> Made:
        case = big_case.make(criteria, people, NOON, f"mark-of-{criteria}")
        code, start = case.codes[2], f"/standards/{case.framework}/{case.edition}"
        public = ("/standards", start, f"{start}?staff=0&level=silver", f"{start}/A1", f"{start}/{code}")
        provider_pages = ("", "/missing", "/readiness", "/submit", f"/criteria/{code}")
        pages = [
            *((address, None) for address in public),
            *((f"/applications/{case.draft}{each}", lead) for each in provider_pages),
            *((f"/assessments/{case.assessment}{each}", assessor) for each in ("", f"/criteria/{code}", "/hand-in")),
            *((f"/panels/{case.panel}{each}", members[0]) for each in ("", "/areas/A1", "/vote")),
        ]
        return Made(case, lead, assessor, pages)

    return of


def test_pages_send_as_many_statements_for_1500_criteria_as_for_ten(made, client, client_for, count_statements):
    def sent(address: str, reader: object) -> list[str]:
        browser = client_for(reader) if reader else client
        assert browser.get(address).status_code == 200  # the edition is read from its source the first time
        with count_statements() as statements:
            browser.get(address)
        return statements

    for (small, reader), (large, _) in zip(made(10).pages, made(1500).pages, strict=True):
        assert len(sent(large, reader)) == len(sent(small, reader)) > 0, large


def test_a_long_application_shows_the_part_to_go_on_with_and_any_other_at_its_link(made, client_for):
    found = made(1200)
    case, browser = found.case, client_for(found.lead)
    page = browser.get(f"/applications/{case.draft}").text
    assert "A1.1.1.1 " in page
    assert "A2.1.1.1 " not in page
    other = re.search(rf'href="(/applications/{case.draft}\?part=A2#part-A2)"', page)
    assert other
    page = browser.get(other[1]).text
    assert "A2.1.1.1 " in page
    assert "A1.1.1.1 " not in page.split('id="part-A1"')[1]
    assert len(re.findall(r'<span class="ts-branch__count">', page)) == 8
    missing = browser.get(f"/applications/{case.draft}/missing").text
    shown = int(re.search(r"And (\d+) more, which are shown", missing)[1])
    assert shown > 0


def test_a_long_case_shows_its_assessor_the_part_to_go_on_with_and_any_other_at_its_link(made, client_for):
    found = made(400)
    case, browser = found.case, client_for(found.assessor)
    page = browser.get(f"/assessments/{case.assessment}").text
    assert "A1.1.1.2 " in page
    assert "A3.1.1.1 " not in page
    other = re.search(
        rf'href="(/assessments/{case.assessment}\?part=A3#part-A3)">[^<]*</a> <span[^>]*>(\d+) of (\d+) scored', page
    )
    assert other
    assert 0 < int(other[2]) < int(other[3]) <= 100
    assert "A3.1.1.1 " in browser.get(other[1]).text
