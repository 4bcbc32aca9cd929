"""How alike two names of organisations are, whatever people add to them or mistype."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

_LEGAL_FORMS = re.compile(
    r"\b(?:charitable incorporated organisation|community interest company|community benefit society"
    r"|company limited by guarantee|limited by guarantee|limited|ltd|cio|scio|cic|plc|llp|clg|inc"
    r"|registered charity|charity no|charity number)\b"
)
_LEFT_OUT = frozenset({"the", "of", "and", "for", "a", "in"})


def plain(name: str) -> str:
    """A name in lower case without accents, punctuation, legal form, and small words: "The Friends of Bay Ltd" is "friends bay".

    A name that is nothing else keeps its words.
    """
    text = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    text = re.sub(r"['’.]", "", text)
    text = " ".join("".join(letter if letter.isalnum() else " " for letter in text).split())
    bare = [word for word in _LEGAL_FORMS.sub(" ", text).split() if word not in _LEFT_OUT]
    return " ".join(bare) or text


def likeness(asked: str, name: str) -> float:
    """0 to 100: the same words in any order, with typing errors counted by the letter. Both are `plain` already."""
    if not asked or not name:
        return 0.0
    whole = fuzz.ratio(asked, name)
    sorted_words = fuzz.token_sort_ratio(asked, name)
    closed_up = fuzz.ratio(asked.replace(" ", ""), name.replace(" ", ""))
    return float(max(whole, sorted_words, closed_up))
