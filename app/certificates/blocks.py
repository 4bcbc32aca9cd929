"""What a booklet holds, as plain values: blocks in reading order, each with its look. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cut(StrEnum):
    """Which cut of the booklet's typeface."""

    PLAIN = "plain"
    STRONG = "strong"
    ITALIC = "italic"
    DISPLAY = "display"


INK, QUIET_INK, BRAND = "#1d1a1c", "#575055", "brand"


@dataclass(frozen=True, slots=True)
class Look:
    """How a block is set. `before` is the space above it; `colour` is #rrggbb or the scheme's own, BRAND."""

    cut: Cut
    size: float
    leading: float
    before: float = 0.0
    colour: str = INK


TITLE = Look(Cut.DISPLAY, 30, 36, 14, BRAND)
SUBTITLE = Look(Cut.DISPLAY, 16, 21, 10)
CHAPTER = Look(Cut.DISPLAY, 20, 25, 0, BRAND)
SECTION = Look(Cut.DISPLAY, 14.5, 19, 18, BRAND)
CRITERION = Look(Cut.STRONG, 12, 16, 20)
ASKED = Look(Cut.STRONG, 10.5, 14.5, 4)
LABEL = Look(Cut.STRONG, 9, 12, 8, BRAND)
BODY = Look(Cut.PLAIN, 10, 14, 4)
CLOSE = Look(Cut.PLAIN, 10, 14, 1.5)
SMALL = Look(Cut.PLAIN, 9, 12.5, 4, QUIET_INK)
CHOICE = Look(Cut.PLAIN, 9.5, 13, 3)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a line of a list, or room to write.

    `tag` is its role for readers that do not see: H1 to H6, P, or LI. `language` is set where it is not the booklet's.
    `key` names it as a place to go to, and `level` its depth in the contents and bookmarks, None where it stands in
    neither. `mark` is a bullet, `tick` a box to tick; `rules` is the number of lines to write on. `keep` holds it on the
    page of what follows.
    """

    text: str
    look: Look = BODY
    tag: str = "P"
    language: str = ""
    key: str = ""
    level: int | None = None
    listed: bool = False
    mark: str = ""
    tick: bool = False
    rules: int = 0
    url: str = ""
    keep: bool = False
    new_page: bool = False


@dataclass(frozen=True)
class Booklet:
    """A whole booklet: its front page, then what follows the contents. `foot` stands at the foot of every page."""

    title: str
    subject: str
    author: str
    language: str
    foot: str
    colour: str
    front: tuple[Block, ...]
    blocks: tuple[Block, ...]
    contents_title: str = "Contents"
