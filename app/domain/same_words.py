"""Words that mean the same to the register's search: how a group of them is written, and how long it may be."""

from __future__ import annotations

import re

from app.domain.errors import Invalid

LONGEST = 60  # characters of a word or phrase
LONGEST_PHRASE = 6  # words of a phrase
MOST = 12  # words and phrases of a group

_apart = re.compile(r"[\n\r,;=]+")
_quotes = str.maketrans("", "", '"“”')


def words_in(text: str) -> tuple[str, ...]:
    """What somebody wrote, one on each line or with "=", a comma or a semicolon between, each once, in their order."""
    found = (" ".join(each.translate(_quotes).split()) for each in _apart.split(text))
    once: dict[str, str] = {}
    for each in found:
        if each:
            once.setdefault(each.casefold(), each)
    return tuple(once.values())


def check_words(words: tuple[str, ...]) -> None:
    """Refuse a group that is too small or too large. Raises Invalid on `words`."""
    if len(words) < 2:
        raise Invalid({"words": "Write at least two words or phrases, each on a line of its own."})
    if len(words) > MOST:
        raise Invalid({"words": f"A group has {MOST} words or phrases at most. This one has {len(words):,}."})
    for each in words:
        if len(each) > LONGEST:
            raise Invalid(
                {
                    "words": f"Keep each under {LONGEST} characters. “{each[:30]}…” has {len(each):,}. Is each on its own line?"
                }
            )
        if len(each.split()) > LONGEST_PHRASE:
            raise Invalid({"words": f"Keep each to {LONGEST_PHRASE} words at most. “{each}” has {len(each.split())}."})
