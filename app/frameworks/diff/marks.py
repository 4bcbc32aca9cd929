"""Two texts as one, with what was taken out and what was put in, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 4_000
"""Beyond that, finding the words that stayed takes longer than anybody reads."""
LEAST_ALIKE = 0.4
"""Below that, two texts are told one after the other: what they share is chance."""


class Mark(StrEnum):
    SAME = "same"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row with their spaces, and what became of them."""

    mark: Mark
    words: str


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """The text after, with the words that went out and came in marked. Taken together, OUT and SAME are the text before."""
    olds, news = WORD.findall(before), WORD.findall(after)
    if not before or not after or len(olds) + len(news) > MOST_WORDS:
        return tuple(_whole(before, after))
    matcher = SequenceMatcher(None, olds, news, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return tuple(_whole(before, after))
    return tuple(_pieces(matcher, olds, news))


def _whole(before: str, after: str) -> Iterator[Piece]:
    if before == after:
        yield Piece(Mark.SAME, after)
        return
    if before:
        yield Piece(Mark.OUT, before)
    if after:
        yield Piece(Mark.IN, after)


def _pieces(matcher: "SequenceMatcher[str]", olds: list[str], news: list[str]) -> Iterator[Piece]:
    for same, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if same == "equal":
            yield Piece(Mark.SAME, "".join(news[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Piece(Mark.OUT, "".join(olds[old_from:old_to]))
        if new_to > new_from:
            yield Piece(Mark.IN, "".join(news[new_from:new_to]))
