"""Words as the register's search sees them: folded, without accents and apostrophes, and their stems."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from zlib import crc32

from Stemmer import Stemmer

from app.backends.search_welsh import unmutated

STOP_WORDS = frozenset(
    "a an and are as at be by for from has have i in is it its me my of on or our that the their this to us was we who will "
    "with you your i'r a'r o'r yr y yn ar".replace("'", "").split()
)
LONGEST_WORD = 40
SHORTEST_SPELT = 3  # letters of a word that may have been meant by another

_accents = re.compile("[\\u0300-\\u036f]+")
_words = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_FROM_EVERY_TYPEWRITER = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "–": "-", "“": " ", "”": " ", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d"}  # fmt: skip
_odd = re.compile(f"[{''.join(_FROM_EVERY_TYPEWRITER)}]")


def folded(text: str) -> str:
    """A text in lower case, without accents: "Café" and "cafe", "Tŷ" and "ty" are one."""
    text = text.lower()
    if text.isascii():
        return text
    text = _odd.sub(lambda found: _FROM_EVERY_TYPEWRITER[found[0]], text)
    if text.isascii():
        return text
    apart = _accents.sub("", unicodedata.normalize("NFKD", text))
    if apart.isascii():
        return apart.lower()
    for letter in set(apart):
        if unicodedata.combining(letter):
            apart = apart.replace(letter, "")
    return apart.lower()


def all_words(text: str) -> list[str]:
    """Every word of a text, folded. "Alzheimer's" is "alzheimer", "O'Brien" is "obrien"."""
    plain = folded(text)
    found = _words.findall(plain)
    if "'" in plain:
        found = [word.removesuffix("'s").replace("'", "") for word in found]
    return [word[:LONGEST_WORD] for word in found]


def words_of(text: str) -> list[str]:
    """The words of a text, folded, without those that say nothing."""
    return [word for word in all_words(text) if word not in STOP_WORDS]


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word, English or Welsh. A stemmer of its own for each call: it keeps state while it works."""
    if word.isdigit():
        return word
    result: str = Stemmer("english").stemWord(unmutated(word))
    return result


@lru_cache(maxsize=100_000)
def mark_of(stemmed: str) -> int:
    """A number of 32 bits that stands for a stem, the same in every process."""
    return crc32(stemmed.encode())


def stems_of(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(text))


def has_letters_alone(word: str) -> bool:
    """Whether a word may be a slip for another, or meant by one: what has digits is a number of somebody else's."""
    return len(word) >= SHORTEST_SPELT and word.isalpha()
