"""Blocks laid out on pages of A4: where each line stands, what stays together, on which page a place is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.certificates.blocks import Block
from app.certificates.typesetting import Typesetting

WIDE, HIGH = 595.28, 841.89
LEFT, RIGHT, TOP, FOOT = 62.0, WIDE - 62.0, HIGH - 74.0, 66.0
ROOM = RIGHT - LEFT
HANG = 16.0
RULE = 22.0
FEWEST_RULES = 3
ALONE = 2
"""Fewer lines of a paragraph than this stand alone neither at the foot of a page nor at the head of one."""


@dataclass(frozen=True, slots=True)
class Part:
    """As much of one block as stands on one page. `place` is the block's number, `y` the baseline of the first line.

    `rules` are the heights of the lines to write on.
    """

    place: int
    block: Block
    lines: tuple[str, ...]
    y: float
    first: bool = True
    rules: tuple[float, ...] = ()


@dataclass(slots=True)
class Page:
    """One page. `chapter` is the heading that is in force where it begins or that begins on it first."""

    parts: list[Part] = field(default_factory=list)
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class _Set:
    block: Block
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """Without the space above."""
        if self.block.rules:
            return self.block.rules * RULE
        return len(self.lines) * self.block.look.leading

    @property
    def least(self) -> float:
        """What must fit on a page for the block to begin there."""
        if self.block.rules:
            return min(self.block.rules, FEWEST_RULES) * RULE
        fewest = len(self.lines) if len(self.lines) < 2 * ALONE else ALONE
        return self.block.look.before + fewest * self.block.look.leading


class Layout:
    """Sets blocks one after the other. `pages` are what came of it, `page_of` the page of each block's key, from 0."""

    def __init__(self, typesetting: Typesetting) -> None:
        self._type = typesetting
        self.pages: list[Page] = []
        self.page_of: dict[str, int] = {}
        self._y = 0.0
        self._chapter = ""

    def lay(self, blocks: Sequence[Block]) -> None:
        """Set all of `blocks`, the first on a page of its own."""
        sets = [_Set(block, self._lines(block)) for block in blocks]
        needs = _needs(sets)
        for place, (each, need) in enumerate(zip(sets, needs, strict=True)):
            if not place or each.block.new_page or self._y - need < FOOT:
                self._turn()
            self._enter(each.block)
            if each.block.rules:
                self._rule(place, each)
            else:
                self._set(place, each)

    def _lines(self, block: Block) -> tuple[str, ...]:
        hang = HANG if block.mark or block.tick else 0.0
        return tuple(self._type.lines(block.text, block.look, ROOM - hang))

    def _turn(self) -> None:
        self.pages.append(Page(chapter=self._chapter))
        self._y = TOP

    def _enter(self, block: Block) -> None:
        if block.key:
            self.page_of[block.key] = len(self.pages) - 1
        if block.level == 0:
            self._chapter = block.text
            if not self.pages[-1].parts:
                self.pages[-1].chapter = block.text

    def _set(self, place: int, each: _Set) -> None:
        page, look, lines, first = self.pages[-1], each.block.look, each.lines, True
        if page.parts:
            self._y -= look.before
        while lines:
            fits = _fitting(len(lines), int((self._y - FOOT) // look.leading), fresh=not self.pages[-1].parts)
            if fits:
                part = Part(place, each.block, lines[:fits], self._y - look.size, first)
                self.pages[-1].parts.append(part)
                self._y -= fits * look.leading
                lines, first = lines[fits:], False
            if lines:
                self._turn()

    def _rule(self, place: int, each: _Set) -> None:
        """Room to write: as many lines as the page has room for, no fewer than a few."""
        count = min(each.block.rules, max(FEWEST_RULES, int((self._y - FOOT) // RULE)))
        heights = tuple(self._y - RULE * number for number in range(1, count + 1))
        self.pages[-1].parts.append(Part(place, each.block, (), self._y, rules=heights))
        self._y -= count * RULE


def _fitting(wanted: int, room: int, fresh: bool) -> int:
    """How many of `wanted` lines to set where there is room for `room`. `fresh`: nothing stands on the page yet."""
    if wanted <= room:
        return wanted
    if fresh:
        return max(1, room)
    room = min(room, wanted - ALONE)
    return room if room >= ALONE else 0


def _needs(sets: Sequence[_Set]) -> list[float]:
    """The room that each block needs to begin on a page: its own least, or all of it and its follower's where it keeps."""
    needs: list[float] = []
    following = 0.0
    for each in reversed(sets):
        whole = each.block.look.before + each.height
        following = whole + following if each.block.keep else each.least
        needs.append(min(following, (TOP - FOOT) * 0.8))
    return needs[::-1]
