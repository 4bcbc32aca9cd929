"""Which themes a comment touches, by the words in it: exact, and no more than that."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ANY_ENDING = "*"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side; the last may stand for any ending."""

    words: tuple[str, ...]
    open_ended: bool = False

    def stands_at(self, place: int, text: Sequence[str]) -> bool:
        size = len(self.words)
        here = tuple(text[place : place + size])
        if not self.open_ended:
            return here == self.words
        return len(here) == size and here[:-1] == self.words[:-1] and here[-1].startswith(self.words[-1])


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme and the phrases that tell it."""

    code: str
    phrases: tuple[Phrase, ...]


def phrase(words: Sequence[str], *, open_ended: bool = False) -> Phrase:
    """A phrase of words that were brought into the form in which texts are searched."""
    return Phrase(tuple(words), open_ended)


def themes_of(text: Sequence[str], themes: Iterable[Theme]) -> tuple[str, ...]:
    """The codes of the themes of which a phrase stands in `text`, in their own order. `text`: words, one by one."""
    return tuple(
        theme.code
        for theme in themes
        if any(each.stands_at(place, text) for each in theme.phrases for place in range(len(text)))
    )
