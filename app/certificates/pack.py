"""A pre-qualification pack on paper: what its page says, on the day, with the fingerprint of every document."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.certificates.blocks import (
    ASKED,
    BODY,
    BRAND,
    CLOSE,
    SECTION,
    SMALL,
    SUBTITLE,
    TITLE,
    Block,
    Booklet,
    Cut,
    Look,
)

HEADING = Look(Cut.DISPLAY, 22, 27, 8, BRAND)
BULLET = "•"


class Kind(StrEnum):
    """How a line is set."""

    BODY = "body"
    ITEM = "item"  # the name of a thing, that the lines after it are about
    SMALL = "small"
    BULLET = "bullet"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. A `url` makes it a link."""

    text: str
    kind: Kind = Kind.BODY
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands beneath it."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PackFacts:
    """All that a printed pack, or another list of what was chosen, says; the same facts give the same bytes.

    `day` is in words, and `what` says what the paper is.
    """

    organisation: str
    pack: str
    day: str
    sections: tuple[Section, ...]
    colour: str = "#4b2142"
    what: str = "Pre-qualification pack"


LOOKS = {
    Kind.BODY: (CLOSE, "P", ""),
    Kind.ITEM: (ASKED, "P", ""),
    Kind.SMALL: (SMALL, "P", ""),
    Kind.BULLET: (CLOSE, "LI", BULLET),
    Kind.WARNING: (ASKED, "P", ""),
}


def pack_pdf(facts: PackFacts, font_dir: Path) -> bytes:
    """The pack as a PDF of A4 pages. The same facts give the same bytes.

    Raises Unprintable where the typefaces lack a letter of it: a name with question marks in it would be of no use.
    FileNotFoundError where the fonts are missing.
    """
    from app.certificates.press import printed

    book = booklet(facts)
    _check_letters(book, font_dir)
    return printed(book, font_dir)


def _check_letters(book: Booklet, font_dir: Path) -> None:
    from app.certificates.lettering import SERIF, UNPRINTABLE, nearest, register_faces, tidy
    from app.certificates.typesetting import Unprintable

    register_faces(font_dir)
    letters = {each for block in book.front for each in tidy(block.text) if unicodedata.category(each)[0] in "LM"}
    lost = sorted(each for each in letters if nearest(each, SERIF) == UNPRINTABLE)
    if lost:
        raise Unprintable(f"The typefaces lack letters of this pack, such as {''.join(lost[:5])}.")


def pack_text(facts: PackFacts) -> bytes:
    """The same as plain text, in every script: for names that the typefaces cannot print."""
    lines = [facts.organisation, f"{facts.what}: {facts.pack}", f"As it stood on {facts.day}", ""]
    for section in facts.sections:
        lines += [section.title.upper(), ""]
        for line in section.lines:
            mark = {Kind.BULLET: "- ", Kind.SMALL: "  "}.get(line.kind, "")
            lines.append(mark + line.text + (f" <{line.url}>" if line.url and line.url not in line.text else ""))
        lines.append("")
    return "\n".join(lines).encode()


def booklet(facts: PackFacts) -> Booklet:
    """The pack's contents before they are printed. It is short, so that it needs no list of contents."""
    return Booklet(
        title=f"{facts.organisation}: {facts.what[0].lower()}{facts.what[1:]}",
        subject=f"{facts.pack}, as it stood on {facts.day}",
        author=facts.organisation,
        language="en-GB",
        foot=f"{facts.organisation} · {facts.day}",
        colour=facts.colour,
        front=tuple(_blocks(facts)),
        blocks=(),
    )


def _blocks(facts: PackFacts) -> Iterator[Block]:
    look = TITLE if len(facts.organisation) < 40 else HEADING
    yield Block(facts.organisation, look, tag="H1")
    yield Block(facts.what, SUBTITLE)
    yield Block(f"{facts.pack}. As it stood on {facts.day}.", BODY)
    for number, section in enumerate(facts.sections, 1):
        place = {"key": f"section {number}", "level": 0}
        yield Block(section.title, SECTION, tag="H2", keep=True, **place)  # type: ignore[arg-type]
        for line, after in zip(section.lines, (*section.lines[1:], None), strict=True):
            yield _block(line, after)


def _block(line: Line, after: Line | None) -> Block:
    style, tag, mark = LOOKS[line.kind]
    keeps = line.kind is Kind.ITEM and after is not None and after.kind is not Kind.ITEM
    return Block(line.text, style, tag=tag, mark=mark, url=line.url, keep=keeps)
