"""Two editions side by side: for a scheme's office, and for anybody once both are published."""

from __future__ import annotations

import pytest

from app.domain.access import Role
from app.frameworks.diff.marks import Mark, marked
from tests import factories as make
from tests.unit.frameworks.editions import BEFORE, source_with

CODE = "good-neighbours"
LATER = source_with(
    ('edition: "2026"', 'edition: "2027"'),
    ("at least four times", "at least six times"),
    ("cy: Marc Cymdogion Da", "cy: Marc y Cymdogion Da"),
    ("quorum: 3", "quorum: 5"),
)


@pytest.fixture
def scheme(app):
    return make.scheme()


@pytest.fixture
def earlier(scheme):
    return make.edition(scheme, BEFORE, code=CODE, edition="2026", title="Good Neighbours Mark")


@pytest.fixture
def later(scheme, earlier):
    return make.edition(scheme, LATER, code=CODE, edition="2027", title="Good Neighbours Mark")


@pytest.fixture
def office(scheme, client_for):
    return client_for(make.officer(scheme, Role.MANAGER))


@pytest.fixture
def draft(scheme, earlier):
    return make.framework_draft(scheme, LATER, code=CODE, edition="2027", title="Good Neighbours Mark")


def test_a_draft_is_compared_with_the_highest_published_edition(office, draft):
    text = office.get(f"/frameworks/drafts/{draft.id}/compare").text
    assert "3 changes from edition 2026 to edition 2027." in text
    assert "A panel needs 5 members instead of 3." in text
    assert "Wording (2)" in text and "GOV Governance" in text


def test_words_are_marked_for_those_who_see_the_page_and_for_those_who_hear_it(office, draft):
    text = office.get(f"/frameworks/drafts/{draft.id}/compare").text
    assert '<del><span class="govuk-visually-hidden"> [taken out: </span>four<' in text
    assert '<ins><span class="govuk-visually-hidden"> [put in: </span>six<' in text
    assert '<p class="ts-marks" lang="cy">' in text


def test_published_editions_are_compared_either_way(office, earlier, later):
    forward = office.get(f"/frameworks/editions/{later.id}/compare").text
    assert "What changes since edition 2026" in forward
    back = office.get(f"/frameworks/editions/{earlier.id}/compare?since={later.id}").text
    assert "A panel needs 3 members instead of 5." in back
    assert "no other published edition" in office.get(f"/frameworks/editions/{earlier.id}/compare").text


def test_a_draft_with_mistakes_says_so_and_leads_to_them(office, scheme, earlier):
    broken = make.framework_draft(scheme, LATER.replace("scale: yes-no", "scale: yes-maybe"), code=CODE, edition="2027")
    text = office.get(f"/frameworks/drafts/{broken.id}/compare").text
    assert "so it cannot be compared yet" in text and f"/frameworks/drafts/{broken.id}" in text


def test_an_edition_of_another_framework_is_nothing_to_compare_with(office, scheme, later):
    assert office.get(f"/frameworks/editions/{later.id}/compare?since={make.edition(scheme).id}").status_code == 404


def test_anybody_reads_what_changed_since_the_edition_before_or_an_earlier_one(client, scheme, later):
    last = make.edition(scheme, source_with(('edition: "2027"', 'edition: "2028"'), ("quorum: 5", "quorum: 7"), source=LATER), code=CODE, edition="2028", title="Good Neighbours Mark")  # fmt: skip
    since_before = client.get(f"/standards/{CODE}/{last.edition}/changes").text
    assert "1 change from edition 2027 to edition 2028." in since_before
    since_first = client.get(f"/standards/{CODE}/2028/changes?since=2026").text
    assert "A panel needs 7 members instead of 3." in since_first
    assert "This is the first published edition" in client.get(f"/standards/{CODE}/2026/changes").text
    assert client.get(f"/standards/{CODE}/2026/changes?since=2027").status_code == 404
    assert client.get(f"/standards/{CODE}/2031/changes").status_code == 404


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Trustees meet four times.", "Trustees meet at least six times."),
        ("One\n\ntwo  three", "One two\n\nthree four"),
        ("Entirely this.", "Something that shares nothing with it at all."),
        ("", "New."),
        ("Gone.", ""),
        ("Same.", "Same."),
    ],
)
def test_the_marks_hold_both_texts_whole(before, after):
    pieces = marked(before, after)
    assert "".join(piece.words for piece in pieces if piece.mark is not Mark.IN) == before
    assert "".join(piece.words for piece in pieces if piece.mark is not Mark.OUT) == after
