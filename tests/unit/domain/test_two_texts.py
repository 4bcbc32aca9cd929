"""Where two texts differ: nothing that differs is left out, and nothing that is the same is named."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.two_texts import MOST_COMPARED, Difference, differences

LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


def test_each_place_is_named_with_its_line_in_both_texts():
    assert differences("a\nb\nc\nd", "a\nB\nc\nd\ne") == (
        Difference(2, ("b",), 2, ("B",)),
        Difference(5, (), 5, ("e",)),
    )


@given(LINES, LINES)
def test_putting_every_difference_in_its_place_turns_one_text_into_the_other(one, other):
    lines = one.split("\n")
    for each in reversed(differences(one, other)):
        assert tuple(lines[each.one_line - 1 : each.one_line - 1 + len(each.one)]) == each.one
        lines[each.one_line - 1 : each.one_line - 1 + len(each.one)] = each.other
    assert "\n".join(lines) == other


@given(LINES)
def test_a_text_differs_nowhere_from_itself(text):
    assert differences(text, text) == ()


def test_what_is_too_much_to_compare_is_one_place():
    count = MOST_COMPARED + 1
    one = "\n".join(["same", *(f"a{n}" for n in range(count)), "same"])
    other = "\n".join(["same", *(f"b{n}" for n in range(count)), "same"])
    (only,) = differences(one, other)
    assert (only.one_line, only.other_line, len(only.one), len(only.other)) == (2, 2, count, count)
