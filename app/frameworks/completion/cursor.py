"""Where a cursor stands in a text that may be broken or unfinished: the path of keys above it, by indentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

ITEM = "[]"
MOST_FLOW_LINES = 60
MOST_FLOW_SIGNS = 20_000
# Space before the colon belongs to the key's match: told apart by the pattern, a long line of spaces would never end.
KEY = re.compile(r"""("[^"]*"\s*|'[^']*'\s*|[^\s\[\]{},"'#&*!|>%@`-][^:#]*|-[^\s:#][^:#]*):(?=\s|$)""")
DASH = re.compile(r"-(?:\s+|$)")


@dataclass(frozen=True)
class Cursor:
    """A place to write at. `path` are the keys above it from the top down, "[]" for an item of a list.

    `typed` is what stands there up to the cursor, `start` the column (from 1) where that begins. `after_key` says that
    it is the value on the line of its key, `flow` that braces or brackets are open. `beside` are the keys that the same
    group has already.
    """

    path: tuple[str, ...]
    typed: str
    start: int
    after_key: bool = False
    flow: bool = False
    beside: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Line:
    """One line taken apart: columns (from 0) of its dashes, the column where what follows begins, its key and value."""

    dashes: tuple[int, ...]
    column: int
    key: str | None
    value: str
    value_at: int

    @property
    def empty(self) -> bool:
        return not self.dashes and self.key is None and not self.value


def cursor_at(lines: Sequence[str], row: int, column: int) -> Cursor | None:
    """The place at `row` and `column`, both from 0; None inside a long text, a comment or quotes."""
    before = lines[row][:column]
    flow_from = _flow_start(lines, row, before)
    if flow_from is not None:
        return _in_flow(lines, flow_from, row, before)
    here = take_apart(before)
    if here.value.startswith(("#", '"', "'", "|", ">", "{", "[", "&", "*")):
        return None
    above = _above(lines, row, here)
    if above is None:
        return None
    if here.key is not None:
        return Cursor((*above, here.key), here.value, here.value_at + 1, after_key=True)
    beside = _beside(lines, row, here)
    return Cursor(above, here.value, here.column + 1, beside=beside)


NOTHING = Line((), 0, None, "", 0)


def take_apart(line: str, deepest: int = 1_000) -> Line:
    """The dashes, key and value of a line of block YAML; nothing of a line that is deeper in than `deepest`."""
    place = len(line) - len(line.lstrip(" "))
    if place > deepest:
        return NOTHING
    dashes = []
    while match := DASH.match(line, place):
        dashes.append(place)
        place = match.end()
    rest = line[place:]
    if rest.startswith("#"):
        return Line((), place, None, "#", place)
    match = KEY.match(rest)
    if not match:
        return Line(tuple(dashes), place, None, rest.rstrip(), place)
    value = rest[match.end() :]
    value_at = place + match.end() + len(value) - len(value.lstrip())
    return Line(tuple(dashes), place, match[1].rstrip().strip("\"'"), value.strip(), value_at)


def _above(lines: Sequence[str], row: int, here: Line) -> tuple[str, ...] | None:
    """The keys above the group in which `here` stands; None inside a long text."""
    path: list[str] = [ITEM] * len(here.dashes)
    limit = here.dashes[0] if here.dashes else here.column
    in_item = bool(here.dashes)
    for number in range(row - 1, -1, -1):
        if limit == 0 and not in_item:
            break
        line = take_apart(lines[number], limit)
        if line.empty or line.value == "#":
            continue
        if line.key is not None and (line.column < limit or (in_item and line.column == limit)):
            if _holds_text(line.value):
                return None
            path.append(line.key)
            limit, in_item = line.column, False
        for dash in reversed(line.dashes):
            if dash < limit:
                path.append(ITEM)
                limit, in_item = dash, True
    return tuple(reversed(path))


def _holds_text(value: str) -> bool:
    """Whether what stands deeper below belongs to a text: a long one, or the next line of a plain one."""
    return bool(value) and not value.startswith(("#", "&", "!"))


def _beside(lines: Sequence[str], row: int, here: Line) -> frozenset[str]:
    """The keys of the group in which `here` stands, above and below it."""
    above = () if here.dashes else (lines[number] for number in range(row - 1, -1, -1))
    below = (lines[number] for number in range(row + 1, len(lines)))
    return frozenset([*_group(above, here.column, upwards=True), *_group(below, here.column, upwards=False)])


def _group(lines: Iterable[str], column: int, *, upwards: bool) -> Iterator[str]:
    """The keys at `column`, as far as the group reaches. Upwards it ends with the line of its list's dash."""
    for text in lines:
        line = take_apart(text, column)
        if line.empty or line.value == "#":
            continue
        outside = line.column < column or bool(line.dashes and line.dashes[0] < column)
        if line.column == column and line.key is not None and (upwards or not outside):
            yield line.key
        if outside:
            return


def _flow_start(lines: Sequence[str], row: int, before: str) -> int | None:
    """The line on which the outermost braces or brackets around the cursor were opened; None outside of any."""
    found = None
    for number in range(row, max(-1, row - MOST_FLOW_LINES), -1):
        text = before if number == row else lines[number]
        line = take_apart(text)
        if line.value.startswith(("{", "[")):
            if _scan(_between(lines, number, row, before, line.value_at)) is not None:
                found = number
            if line.key is not None or line.dashes:
                return found  # what stands above an entry of its own is closed
        elif line.key is not None and "{" not in text and "}" not in text:
            return found
    return found


def _between(lines: Sequence[str], number: int, row: int, before: str, start: int) -> str:
    """The text from `start` on line `number` up to the cursor."""
    if number == row:
        return before[start:]
    return "\n".join([lines[number][start:], *lines[number + 1 : row], before])


@dataclass
class _Frame:
    """A brace or bracket that is open, the keys in it, and the one whose value is being written."""

    opens: str
    keys: list[str] = field(default_factory=list)
    key: str | None = None


@dataclass
class _Flow:
    """Reads a text that starts with a brace or bracket, sign by sign. `word` is what stands after the last mark."""

    frames: list[_Frame] = field(default_factory=list)
    word: str = ""
    quote: str = ""
    closed: bool = False

    def take(self, sign: str) -> None:
        if self.quote:
            self.word += sign
            self.quote = "" if sign == self.quote else self.quote
        elif sign in "\"'" and not self.word.strip():
            self.quote, self.word = sign, sign
        elif sign in "{[}],":
            self._mark(sign)
        elif sign.isspace() and self._ends_a_key():
            self._begin_value()
        elif sign != "\n":
            self.word += sign

    def _mark(self, sign: str) -> None:
        self.word = ""
        if sign in "{[":
            self.frames.append(_Frame(sign))
        elif sign == ",":
            self.frames[-1].key = None
        else:
            self.frames.pop()
            self.closed = not self.frames

    def _ends_a_key(self) -> bool:
        return self.word.rstrip().endswith(":") and self.frames[-1].opens == "{" and self.frames[-1].key is None

    def _begin_value(self) -> None:
        key = self.word.strip()[:-1].strip("\"' ")
        self.frames[-1].key = key
        self.frames[-1].keys.append(key)
        self.word = ""


def _scan(text: str) -> _Flow | None:
    """What is open at the end of a text that starts with a brace or bracket; None where that is closed again or too long."""
    if len(text) > MOST_FLOW_SIGNS:
        return None
    flow = _Flow()
    for sign in text:
        flow.take(sign)
        if flow.closed:
            return None
    return flow


def _in_flow(lines: Sequence[str], number: int, row: int, before: str) -> Cursor | None:
    text = before if number == row else lines[number]
    line = take_apart(text)
    found = _scan(_between(lines, number, row, before, line.value_at))
    above = _above(lines, number, line)
    if found is None or above is None or found.quote:
        return None
    path = [*above, *([line.key] if line.key is not None else [])]
    for frame in found.frames:
        path += [ITEM] if frame.opens == "[" else [frame.key] if frame.key is not None else []
    typed, last = found.word.lstrip(), found.frames[-1]
    return Cursor(
        tuple(path),
        typed,
        len(before) - len(typed) + 1,
        after_key=last.key is not None or last.opens == "[",
        flow=True,
        beside=frozenset(last.keys),
    )
