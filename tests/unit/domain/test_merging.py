"""Two people's texts brought together: nothing that either wrote is missing."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.merging import How, Merged, both, in_common, merged, merged_choice

BASE = "Trustees meet four times a year. Minutes are kept. The chair signs them."
words = st.lists(
    st.sampled_from("we meet often. Minutes are kept, signed! Why? \n \n\n the chair".split(" ")), max_size=12
)
texts = words.map(" ".join)


def counted(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text))


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        (BASE, BASE + " We meet online.", Merged(BASE + " We meet online.", How.APART)),
        (
            "Trustees meet six times a year. Minutes are kept. The chair signs them.",
            "Trustees meet four times a year. Minutes are kept. The chair signs them. They are on the website.",
            Merged(
                "Trustees meet six times a year. Minutes are kept. The chair signs them. They are on the website.",
                How.APART,
            ),
        ),
        (
            BASE.replace("four", "six"),
            BASE.replace("four", "ten"),
            Merged(
                BASE.replace("Minutes", "Trustees meet ten times a year. Minutes").replace("four", "six"), How.TOGETHER
            ),
        ),
        (BASE + " Mine.", BASE + " Theirs.", Merged(BASE + " Mine. Theirs.", How.TOGETHER)),
        (BASE.replace(" Minutes are kept.", ""), BASE, Merged(BASE.replace(" Minutes are kept.", ""), How.APART)),
    ],
)
def test_two_texts_out_of_one(mine, theirs, expected):
    assert merged(BASE, mine, theirs) == expected


def test_words_changed_in_one_sentence_are_woven_where_they_do_not_touch():
    found = merged(
        "We train every volunteer in safeguarding once a year.",
        "We train every volunteer in safeguarding twice a year.",
        "We train each volunteer in safeguarding once a year.",
    )
    assert found == Merged("We train each volunteer in safeguarding twice a year.", How.WOVEN)


def test_two_first_drafts_stand_one_after_the_other():
    assert merged("", "What I wrote.", "What Rose wrote.") == Merged("What I wrote. What Rose wrote.", How.TOGETHER)
    assert both("One\nTwo", "Three") == "One\nTwo\nThree"


@settings(max_examples=300, deadline=None)
@given(texts, texts, texts)
def test_every_word_that_either_put_in_is_there(base, mine, theirs):
    found = counted(merged(base, mine, theirs).text)
    for side in (mine, theirs):
        for word, count in (counted(side) - counted(base)).items():
            assert found[word] >= count, (word, base, mine, theirs)


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_where_one_side_changed_nothing_the_other_is_the_result(base, other):
    expected = Merged(other, How.APART)
    assert merged(base, other, base) == merged(base, base, other) == merged(base, other, other) == expected


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_where_both_stand_each_is_whole(mine, theirs):
    found = both(mine, theirs)
    assert (not mine.strip() or mine in found) and (not theirs.strip() or theirs in found)


def test_texts_as_long_as_an_answer_may_be_are_merged_at_once():
    lines = [f"Sentence number {n} says something of its own." for n in range(200)]
    mine, theirs = lines.copy(), lines.copy()
    mine[3], theirs[190] = "Mine is another sentence here.", "Theirs is another sentence there."
    found = merged("\n".join(lines), "\n".join(mine), "\n".join(theirs))
    assert found.how is How.APART and "Mine is" in found.text and "Theirs is" in found.text


def test_where_nobody_knows_what_stood_before_what_both_share_stands_once():
    mine, theirs = BASE + " Mine.", "Theirs first. " + BASE
    assert in_common(mine, theirs) == BASE
    assert merged(in_common(mine, theirs), mine, theirs).text == "Theirs first. " + BASE + " Mine."


def test_a_choice_that_one_side_changed_is_the_changed_one():
    assert [merged_choice(1, *sides) for sides in ((2, 1), (1, 2), (2, 3))] == [2, 2, 2]
