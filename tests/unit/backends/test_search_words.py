"""Words, phrases and other words, before any index looks at them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from app.backends.search_draw import Draw
from app.backends.search_query import MOST_UNITS, Way, parse
from app.backends.search_synonyms import Synonyms
from app.backends.search_words import stem, words_of

SYNONYMS = Synonyms.of(
    "service",
    [("dementia-support", "Dementia support", ["memory café"]), ("home-care", "Home care", ["gofal cartref"])],
    [("dementia", "memory loss", "Alzheimer's"), ("BSL", "sign language", "deaf")],
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Café", "cafes"),
        ("Alzheimer’s", "alzheimer"),
        ("O'Brien", "OBrien"),
        ("ngofal", "gofal"),
        ("ofal", "gofal"),
        ("Nghymru", "Cymru"),
        ("gyfeillio", "cyfeillio"),
        ("Tŷ", "ty"),
        ("befriending", "befriends"),
        ("مُسِنّ", "مسن"),
    ],
)
def test_two_spellings_of_a_word_are_one(one, other):
    assert [stem(word) for word in words_of(one)] == [stem(word) for word in words_of(other)]


@pytest.mark.parametrize("word", ["NHS", "thai", "day", "number", "mother", "nurse"])
def test_an_english_word_is_not_taken_for_a_changed_welsh_one(word):
    assert words_of(word) == [word.lower()]
    assert stem(word.lower())[:2] == word.lower()[:2]


def test_a_phrase_in_quotes_is_its_words_side_by_side_and_nothing_else():
    parsed = parse('"memory loss" group', SYNONYMS)
    assert [unit.ways for unit in parsed.units] == [((Way(("memori", "loss"), True)),), (Way(("group",)),)]
    assert not parsed.units[0].codes


def test_other_words_are_looked_for_beside_those_typed():
    unit = parse("memory loss", SYNONYMS).units[0]
    assert unit.ways[0] == Way(("memori", "loss"))
    assert Way(("dementia",)) in unit.ways
    assert parse("memory cafe", SYNONYMS).units[0].codes == {"dementia-support"}
    assert parse("memory cafe", SYNONYMS).also == ("Dementia support",)
    assert parse("ngofal cartref", SYNONYMS).units[0].codes == {"home-care"}


def test_only_a_last_word_that_is_not_finished_may_be_carried_on():
    assert parse("home bef", prefix=True).units[-1].beginning == "bef"
    for text in ("home bef ", '"home bef"', "home b", "home bef"):
        assert not parse(text, prefix=text != "home bef").units[-1].beginning


@pytest.mark.parametrize("text", ['"' * 10_000, "(" * 9_000, "* " * 5_000, "the of and", "💚" * 3_000, "", " "])
def test_what_has_no_words_asks_for_everything(text):
    assert parse(text, SYNONYMS).units == ()


def test_of_a_very_long_query_only_the_beginning_is_looked_for():
    assert len(parse(" ".join(f"word{number}" for number in range(2_000)), SYNONYMS).units) == MOST_UNITS
    assert len(parse("x" * 10_000).units[0].ways[0].stems[0]) <= 40


def test_the_lots_of_a_day_are_those_that_anyone_can_work_out():
    draw = Draw.of(date(2026, 11, 16))
    for number in (1, 77, 999_999):
        x = (number * draw.a + draw.b) % 2147483647
        assert draw.lots(number) == ((x ^ (x >> 15)) * draw.c) % 2147483647
    assert draw.lots(np.array([1, 77], np.int64)).tolist() == [draw.lots(1), draw.lots(77)]


def test_over_the_year_everybody_is_first_about_as_often():
    first = [min(range(10), key=Draw.of(date.fromordinal(740_000 + day)).lots) for day in range(1_000)]
    assert all(60 < first.count(entry) < 145 for entry in range(10))
