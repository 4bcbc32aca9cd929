"""The typeface of a booklet: chosen by its letters, measured once a word, honest about letters that it lacks."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable

from reportlab.pdfbase import pdfmetrics

from app.certificates.blocks import Cut, Look
from app.certificates.lettering import BOLD, ITALIC, SANS, SEMIBOLD, SERIF, UNPRINTABLE, lacks, nearest, tidy, unbroken
from app.domain.errors import DomainError
from app.domain.wording import counted

SANS_FACES = {Cut.PLAIN: SANS, Cut.STRONG: BOLD, Cut.ITALIC: ITALIC, Cut.DISPLAY: SEMIBOLD}
SERIF_FACES = {Cut.PLAIN: SERIF, Cut.STRONG: SEMIBOLD, Cut.ITALIC: ITALIC, Cut.DISPLAY: SEMIBOLD}
MOST_LACKING = 50
"""Of so many letters at most one may be missing from the typefaces. A text with more could not be read."""


class Unprintable(DomainError):
    """The typefaces have no letters for this text; the sentence says so."""


class Typesetting:
    """Faces for all of a booklet's `texts`: one family for the whole, so that no line looks like a stranger.

    The sans is easier to read and has few letters beyond western Europe's; where one is missing all is set in the serif.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        letters: Counter[str] = Counter()
        for text in texts:
            letters.update(tidy(text))
        plain = all(lacks(letter, SERIF) for letter in letters if lacks(letter, SANS))
        self._faces = SANS_FACES if plain else SERIF_FACES
        self._swaps = {face: _swaps(letters, face) for face in self._faces.values()}
        self._widths: dict[tuple[str, str], float] = {}
        self.lost = _check_readable(letters, self._swaps[self._faces[Cut.PLAIN]])

    def face(self, look: Look) -> str:
        return self._faces[look.cut]

    @property
    def plain_face(self) -> str:
        return self._faces[Cut.PLAIN]

    def width(self, text: str, face: str, size: float) -> float:
        """How wide `text`, as `printed` gives it, is in points."""
        found = self._widths.get((text, face))
        if found is None:
            found = self._widths[text, face] = float(pdfmetrics.stringWidth(text, face, 1))
        return found * size

    def printed(self, text: str, face: str) -> str:
        """The text as it prints in `face`, on one line."""
        return tidy(text).translate(self._swaps[face])

    def lines(self, text: str, look: Look, room: float) -> list[str]:
        """`text` in lines no wider than `room`. A word that is wider on its own is cut."""
        face = self.face(look)
        space = self.width(" ", face, look.size)
        lines: list[str] = []
        used = room + 1
        for word in self._words(self.printed(text, face), face, look.size, room):
            width = self.width(word, face, look.size)
            if used + space + width <= room:
                lines[-1] += f" {word}"
                used += space + width
            else:
                lines.append(word)
                used = width
        return lines

    def _words(self, text: str, face: str, size: float, room: float) -> Iterable[str]:
        for word in unbroken(text):
            while self.width(word, face, size) > room:
                fits = max(1, self._fitting(word, face, size, room))
                yield word[:fits]
                word = word[fits:]
            yield word

    def shortened(self, text: str, look: Look, room: float) -> str:
        """`text` on one line, its end left out openly where it is wider than `room`."""
        face = self.face(look)
        text = self.printed(text, face)
        if self.width(text, face, look.size) <= room:
            return text
        fits = self._fitting(text, face, look.size, room - self.width("…", face, look.size))
        return f"{text[:fits].rstrip()}…"

    def _fitting(self, text: str, face: str, size: float, room: float) -> int:
        """How many of the first characters of `text` are no wider than `room`."""
        used = 0.0
        for count, character in enumerate(text):
            used += self.width(character, face, size)
            if used > room:
                return count
        return len(text)


def _swaps(letters: Iterable[str], face: str) -> dict[int, str]:
    """What is printed for each letter that the face lacks."""
    return {ord(letter): nearest(letter, face) for letter in letters if lacks(letter, face)}


def _check_readable(letters: Counter[str], swaps: dict[int, str]) -> int:
    """How many letters and signs are printed as a question mark. Raises Unprintable where the text would be lost."""
    lost = {letter: count for letter, count in letters.items() if swaps.get(ord(letter)) == UNPRINTABLE}
    written = sum(count for letter, count in letters.items() if unicodedata.category(letter)[0] in "LM")
    missing = sum(count for letter, count in lost.items() if unicodedata.category(letter)[0] in "LM")
    if missing * MOST_LACKING > written:
        shown = "".join(sorted(lost, key=lambda letter: -lost[letter])[:5])
        raise Unprintable(
            f"The printed handbook cannot be made in this language: its typefaces lack {counted(missing, 'letter')} of "
            f"{written:,}, such as {shown}. The spreadsheet and the pages have them all."
        )
    return sum(lost.values())
