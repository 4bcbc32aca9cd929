"""Words as they are spelt: what is left out as nothing like a word never was like it, however it was written down."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from rapidfuzz.distance import OSA

from app.backends.search_lexicon import LETTERS, Lexicon, letters_of, written_words
from app.backends.search_query import parse
from app.backends.search_spelling import Spelling, likeliest
from app.backends.search_store import Sections
from app.backends.search_words import has_letters_alone

RANDOM = Random(7)
NEAR = "befriending", "counselling", "eisteddfod", "mississippi", "مساعدة", "café"


def slipped(word: str) -> str:
    """A word with a letter left out, put in, changed, or swapped with the next."""
    place, letter = RANDOM.randrange(len(word) - 1), RANDOM.choice(LETTERS + "é")
    before, here, after = word[:place], word[place], word[place + 1 :]
    return RANDOM.choice((before + after, before + letter + here + after, before + letter + after,
                          before + after[0] + here + after[1:]))  # fmt: skip


def some_words() -> dict[str, int]:
    words = {slipped(slipped(word)) for word in NEAR for _ in range(80)} | {slipped(word) for word in NEAR * 30}
    words |= {"".join(RANDOM.choices(LETTERS, k=RANDOM.randint(2, 12))) for _ in range(400)} | {"sc123456", "7000123"}
    return {word: RANDOM.choice((1, 2, 40, 900)) for word in sorted(words)}


COUNTS = some_words()


def lexicon(written: int) -> Lexicon:
    """With so many of the words written down, and the others put since."""
    before, since = list(COUNTS)[:written], list(COUNTS)[written:]
    known = Lexicon(Sections({}, written_words(before, [COUNTS[word] for word in before])))
    for word in since:
        known.add([word] * COUNTS[word])
    return known


@pytest.fixture(scope="module", params=[0, 300, len(COUNTS)], ids=["all put", "some put", "all written"])
def known(request) -> Lexicon:
    return lexicon(request.param)


@pytest.mark.parametrize("at_least", [1, 30])
@pytest.mark.parametrize("slips", [1, 2])
@pytest.mark.parametrize("word", [*NEAR, slipped("befriending"), slipped("counselling"), "qqqqqqqq"])
def test_every_word_within_so_many_slips_is_looked_at(known, word, slips, at_least):
    near = {
        each
        for each, count in COUNTS.items()
        if count >= at_least and has_letters_alone(each) and OSA.distance(each, word) <= slips
    }
    found = known.like(word, slips, at_least)
    assert near <= set(found) and all(COUNTS[each] >= at_least for each in found)


@pytest.mark.parametrize("word", NEAR)
def test_one_slip_changes_at_most_two_bits_of_what_tells_a_words_letters(word):
    for _ in range(200):
        other = slipped(word)
        assert (letters_of(word) ^ letters_of(other)).bit_count() <= 2 * OSA.distance(word, other)


def test_the_letters_of_many_words_are_told_as_those_of_each():
    written = written_words(list(COUNTS), list(COUNTS.values()))
    spelt = [list(COUNTS)[place] for place in written["word.spelt"].tolist()]
    assert sorted(spelt) == sorted(filter(has_letters_alone, COUNTS))
    assert written["word.letters"].tolist() == [letters_of(word) for word in spelt]
    assert np.array_equal(np.sort(np.array(list(map(len, spelt)))), list(map(len, spelt)))


def test_words_are_counted_and_carried_on_alike_however_they_came(known):
    assert [known.count(word) for word in COUNTS] == list(COUNTS.values())
    assert known.count("nowhere") == 0
    for letters in ("b", "be", "mis", "é", "7"):
        begun = sorted((word for word in COUNTS if word.startswith(letters)), key=lambda word: (-COUNTS[word], word))
        assert known.beginning(letters, 5) == begun[:5]


class Few:
    """Words to be meant, and how often each was asked for."""

    def __init__(self, **counts: int) -> None:
        self.counts, self.asked = counts, 0

    def knows(self, stemmed: str) -> bool:
        return stemmed in self.counts

    def count(self, word: str) -> int:
        return self.counts.get(word, 0)

    def like(self, word: str, slips: int, at_least: int) -> list[str]:
        self.asked += 1
        return [each for each, count in self.counts.items() if count >= at_least]


@pytest.mark.parametrize(
    ("typed", "counts", "meant"),
    [
        ("gardne", {"garden": 1, "warden": 900}, "garden"),
        ("gardem", {"yardem": 900, "garden": 2, "gardel": 2}, "gardel"),
        ("ardent", {"zrdent": 9, "rdent": 1}, "rdent"),
        ("zarden", {"garden": 3, "warden": 4}, "warden"),
        ("7000124", {"7000123": 3}, None),
        ("sc12346", {"sc12345": 3}, None),
        ("cat", {"car": 3}, None),
    ],
)
def test_who_begins_alike_is_likelier_then_who_is_nearer_then_who_is_commoner(typed, counts, meant):
    assert likeliest(typed, Few(**counts)) == meant


def test_what_a_word_was_taken_for_is_looked_for_once():
    known, kept = Few(garden=1), {}
    first = [Spelling(known, kept).mended(parse("gardne")) for _ in range(3)]
    assert first == ["garden"] * 3 and known.asked == 1
