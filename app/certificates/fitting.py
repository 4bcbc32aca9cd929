"""Fitting words into the space there is: a long name grows smaller, then takes two lines; a long scope is cut openly."""

from __future__ import annotations

from app.certificates.lettering import tidy, unbroken, width

BETWEEN = " · "


def one_size(text: str, face: str, largest: float, room: float) -> float:
    """The size in points, `largest` or less, at which `text` is no wider than `room`."""
    return min(largest, room / max(width(text, face, 1), 1e-6))


def name_lines(name: str, face: str, room: float, sizes: tuple[float, float, float]) -> tuple[list[str], float]:
    """The lines of a name and their size. `sizes`: the largest, the smallest on one line, the largest on two lines.

    A name is never cut: on two lines it grows as small as it must.
    """
    largest, smallest, on_two = sizes
    size = one_size(name, face, largest, room)
    if size >= smallest:
        return [tidy(name)], size
    lines = _halves(tidy(name), face)
    return lines, min(one_size(line, face, on_two, room) for line in lines)


def _halves(text: str, face: str) -> list[str]:
    """`text` parted at the space that makes the longer line shortest, or in the middle if it has none."""
    spaces = [place for place, character in enumerate(text) if character == " "] or [len(text) // 2]
    cuts = [[text[:place].strip(), text[place:].strip()] for place in spaces]
    return min(cuts, key=lambda lines: max(width(line, face, 1) for line in lines))


def wrapped(text: str, face: str, size: float, room: float) -> list[str]:
    """`text` as lines no wider than `room`; only a word that is wider on its own sticks out."""
    lines: list[str] = []
    for word in unbroken(tidy(text)):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, face, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def scope_lines(scope: tuple[str, ...], face: str, size: float, room: float, most: int) -> list[str]:
    """The scope on at most `most` lines. What has no room is counted: the register lists it."""
    items = [tidy(item) for item in scope if tidy(item)]
    for shown in range(len(items), 0, -1):
        lines = wrapped(_listed(items, shown), face, size, room)
        if len(lines) <= most and all(width(line, face, size) <= room for line in lines):
            return lines
    return [f"{len(items)} {'entry' if len(items) == 1 else 'entries'}, listed on the register"] if items else []


def _listed(items: list[str], shown: int) -> str:
    rest = len(items) - shown
    more = f", and {rest} more, listed on the register" if rest else ""
    return BETWEEN.join(items[:shown]) + more
