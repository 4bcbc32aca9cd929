"""How wide words are, near enough to wrap and cut them before anything draws them."""

from __future__ import annotations

NARROW = frozenset("iljtfrI.,:;'|!()[] -·’“”")
BROAD = frozenset("mwMW@%—…")
MORE = "…"


def wide(text: str, size: float) -> float:
    """How wide `text` is at most, in the unit of `size`, in a plain typeface for reading."""
    return size * sum(0.36 if each in NARROW else 0.92 if each in BROAD else _width(each) for each in text)


def _width(character: str) -> float:
    if ord(character) > 0x2E80:
        return 1.0  # signs of East Asia are as wide as they are high
    return 0.7 if character.isupper() else 0.59


def cut(text: str, size: float, room: float) -> str:
    """`text`, its end left out openly where it is wider than `room`."""
    if wide(text, size) <= room:
        return text
    while text and wide(text + MORE, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}{MORE}" if text.strip() else ""


def wrapped(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """`text` on at most `most` lines no wider than `room`. A word that is too wide is parted; what is too much is cut."""
    lines: list[str] = []
    for word in _words(text, size, room):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and wide(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        return (*lines[: most - 1], cut(rest if wide(rest, size) > room else rest + MORE, size, room))
    return tuple(lines) or ("",)


def _words(text: str, size: float, room: float) -> list[str]:
    found: list[str] = []
    for word in text.split():
        while wide(word, size) > room and len(word) > 1:
            fits = next((count for count in range(len(word), 1, -1) if wide(word[:count] + "-", size) <= room), 1)
            found.append(f"{word[:fits]}-")
            word = word[fits:]
        found.append(word)
    return found
