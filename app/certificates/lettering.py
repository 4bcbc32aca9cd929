"""The certificate's typefaces: registered once a process, with a way out for characters that a face lacks."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SERIF, ITALIC, SEMIBOLD, SANS, BOLD = (
    "TouchstoneSerif",
    "TouchstoneSerifItalic",
    "TouchstoneSerifSemiBold",
    "TouchstoneSans",
    "TouchstoneSansBold",
)
FILES = {
    SERIF: "SourceSerif4_400Regular.ttf",
    ITALIC: "SourceSerif4_400Regular_Italic.ttf",
    SEMIBOLD: "SourceSerif4_600SemiBold.ttf",
    SANS: "AtkinsonHyperlegible_400Regular.ttf",
    BOLD: "AtkinsonHyperlegible_700Bold.ttf",
}
# The sans has no Welsh w and y with a circumflex, no Greek and no Cyrillic; the serif has them all.
WIDER_FACE = {SANS: SERIF, BOLD: SEMIBOLD}
# A word, or a date with all that touches it: "14 Mar 2027)" is read at one glance, on one line.
UNBROKEN = re.compile(r"\S*?\b\d{1,2} [^\W\d_]{3,9} \d{4}\b\S*|\S+")
LIKENESSES = {"\u2010": "-", "\u2011": "-", "\u2212": "\u2013", "\u02bc": "\u2019"}
UNPRINTABLE = "?"


@dataclass(frozen=True)
class Style:
    """A face, its size in points, and a colour as #rrggbb."""

    face: str
    size: float
    colour: str


@lru_cache(maxsize=4)
def register_faces(font_dir: Path) -> None:
    """Load the faces of `font_dir`. Raises FileNotFoundError, naming what is missing and what makes it."""
    missing = [name for name in FILES.values() if not (font_dir / name).is_file()]
    if missing:
        raise FileNotFoundError(f"No {', '.join(missing)} in {font_dir}. Run `make assets`.")
    for face, name in FILES.items():
        pdfmetrics.registerFont(TTFont(face, str(font_dir / name)))


def width(text: str, face: str, size: float) -> float:
    """How wide `text` prints, in points."""
    text, face = printable(text, face)
    return float(pdfmetrics.stringWidth(text, face, size))


def write(canvas: Canvas, x: float, y: float, text: str, style: Style) -> None:
    """Print one line, its baseline starting at `x`, `y`."""
    text, face = printable(text, style.face)
    canvas.setFillColor(style.colour)
    canvas.setFont(face, style.size)
    canvas.drawString(x, y, text)


def printable(text: str, face: str) -> tuple[str, str]:
    """The text and the face to print it in, so that no character comes out as an empty box.

    A line keeps one face: a single letter of another would look like a mistake in a name. What neither face has is
    printed by its plain letters, and failing that as a question mark, which a reader notices.
    """
    text = tidy(text)
    if face in WIDER_FACE and lacks(text, face):
        face = WIDER_FACE[face]
    return "".join(nearest(character, face) for character in text), face


def tidy(text: str) -> str:
    """One line of composed characters: accents joined to their letters, invisible signs gone, spaces single."""
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(character for character in composed if unicodedata.category(character) not in ("Cc", "Cf"))


def unbroken(text: str) -> list[str]:
    """The pieces of `text` between which a line may end: its words, and its dates whole."""
    return UNBROKEN.findall(text)


def lacks(text: str, face: str) -> bool:
    """Whether the face has no shape for any of these characters."""
    glyphs = _glyphs(face)
    return any(ord(character) not in glyphs for character in text)


def nearest(character: str, face: str) -> str:
    """What the face can print for a character: itself, its plain letters, or a question mark."""
    if not lacks(character, face):
        return character
    letters = [part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part)]
    for likeness in (LIKENESSES.get(character, ""), "".join(letters)):
        if likeness and not lacks(likeness, face):
            return likeness
    return "" if unicodedata.combining(character) else UNPRINTABLE


def _glyphs(face: str) -> dict[int, int]:
    glyphs: dict[int, int] = pdfmetrics.getFont(face).face.charToGlyph
    return glyphs
