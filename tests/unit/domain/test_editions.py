"""Which edition follows which, what the next is called, and why one cannot be published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.editions import Standing, highest, is_higher, lower_and_open, raised, why_not

OURS, THEIRS = 1, 2
IN_ORDER = [
    "draft-2",
    "9",
    "10",
    "2026",
    "2027-beta",
    "2027-beta.2",
    "2027.1",
    "2027.2",
    "2027.10",
    "2027.10.1",
    "2028",
]
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", fullmatch=True)


def standing(*editions: str, scheme_id: int = OURS, open: bool = True) -> list[Standing]:
    return [Standing(number, scheme_id, edition, open) for number, edition in enumerate(editions, 1)]


def test_numbers_within_a_name_count_as_numbers():
    for index, lower in enumerate(IN_ORDER):
        for higher in IN_ORDER[index + 1 :]:
            assert is_higher(higher, lower), f"{lower} < {higher}"
            assert not is_higher(lower, higher), f"{lower} < {higher}"


@pytest.mark.parametrize(("one", "other"), [("2027", "2027."), ("v2", "V-2"), ("2027", "2027"), ("007", "7")])
def test_names_that_differ_in_signs_alone_are_neither_higher_nor_lower(one, other):
    assert not is_higher(one, other)
    assert not is_higher(other, one)


@pytest.mark.parametrize(
    ("edition", "following"),
    [
        ("2026", "2027"),
        ("1.9", "1.10"),
        ("2026-09", "2026-10"),
        ("99", "100"),
        ("2026b", "2027b"),
        ("first", "first-2"),
    ],
)
def test_the_next_edition_is_named_after_the_one_before(edition, following):
    assert raised(edition) == following


@given(NAMES)
def test_the_next_edition_is_always_higher(edition):
    assert is_higher(raised(edition), edition)


@given(st.lists(NAMES, min_size=1, max_size=6))
def test_nothing_is_higher_than_the_highest(editions):
    assert not any(is_higher(each, highest(editions)) for each in editions)


def test_the_first_edition_of_a_framework_may_have_any_name():
    assert why_not("1", OURS, []) == ""


def test_only_an_edition_above_every_published_one_may_follow_open_or_not():
    published = standing("2025", "2027", open=False)
    assert why_not("2028", OURS, published) == ""
    assert "Call it 2028." in why_not("2026", OURS, published)
    assert "an edition never changes" in why_not("2027", OURS, published)


def test_the_code_of_another_scheme_is_refused_however_high_the_edition():
    assert "Another scheme" in why_not("2099", OURS, standing("2026", scheme_id=THEIRS))


def test_an_edition_takes_the_place_of_the_lower_ones_that_take_applications():
    published = [Standing(1, OURS, "9", True), Standing(2, OURS, "10", True), Standing(3, OURS, "8", False)]
    assert [each.edition for each in lower_and_open("11", published)] == ["10", "9"]
    assert lower_and_open("9", published) == ()
