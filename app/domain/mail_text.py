"""The text of a message as it is read: paragraphs, lists, headings and links, with names in any script kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

APART, TOGETHER = "\u2068", "\u2069"
"""Unicode's FIRST STRONG ISOLATE and its end: what stands between them turns nothing around it."""
_TURNS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_SENTENCE_END = re.compile(r"[.?] (?=\S)")
ITEM, INDENT, RULE = "- ", "  ", re.compile(r"-{3,}")
LONGEST_GIST = 300


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a block. `address` is where they lead, if anywhere; `apart` is a name in another script."""

    words: str
    address: str = ""
    apart: bool = False


BREAK = Piece("\n")
"""Ends a line within an item of a list."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph ("p"), a heading ("h2") or a list ("ul"): its lines, each in pieces."""

    kind: str
    lines: tuple[tuple[Piece, ...], ...]


class Finished(str):
    """Words that stood in a message before, with their names kept apart already."""

    __slots__ = ()


def kept_apart(value: str) -> str:
    """`value` as it may stand in a message: without signs that turn the text, and a line in Arabic or Hebrew by itself."""
    if isinstance(value, Finished):
        return value
    cleaned = _UNSEEN.sub(" ", _TURNS.sub("", value))
    if not _RIGHT_TO_LEFT.search(cleaned):
        return cleaned
    return "\n".join(
        f"{APART}{line}{TOGETHER}" if _RIGHT_TO_LEFT.search(line) else line for line in cleaned.split("\n")
    )


def blocks(text: str, ours: str) -> tuple[Block, ...]:
    """`text` in blocks. A line of hyphens makes the line above it a heading, lines that begin with "- " are a list.

    Lines beneath an item that are indented belong to it. An address alone on the line after words that end with a colon,
    or beneath an item, makes the last sentence of those words the link. Only addresses that begin with `ours`, the product's own, become
    links: nobody's words lead out of a message.
    """
    found: list[Block] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip("\n")):
        found += _of_paragraph([line.rstrip() for line in paragraph.split("\n") if line.strip()], ours)
    return tuple(found)


def _of_paragraph(lines: list[str], ours: str) -> Iterator[Block]:
    if len(lines) > 1 and RULE.fullmatch(lines[1].strip()):
        yield Block("h2", (_pieces(lines[0].strip(), ours),))
        lines = lines[2:]
    run: list[str] = []
    for line in lines:
        if run and _listed(run) != (line.startswith(ITEM) or (_listed(run) and line.startswith(INDENT))):
            yield _block(run, ours)
            run = []
        run.append(line)
    if run:
        yield _block(run, ours)


def _listed(run: list[str]) -> bool:
    return run[0].startswith(ITEM)


def _block(run: list[str], ours: str) -> Block:
    if not _listed(run):
        return Block("p", _lines([line.strip() for line in run], ours))
    items: list[list[str]] = []
    for line in run:
        if line.startswith(ITEM):
            items.append([line.removeprefix(ITEM).strip()])
        else:
            items[-1].append(line.strip())
    return Block("ul", tuple(_item(lines, ours) for lines in items))


def _lines(lines: list[str], ours: str) -> tuple[tuple[Piece, ...], ...]:
    found: list[tuple[Piece, ...]] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if before.endswith(":") and _alone(line, ours) and not any(piece.address for piece in found[-1]):
            found[-1] = _announced(before[:-1], line)
        else:
            found.append(_pieces(line, ours))
    return tuple(found)


def _announced(words: str, address: str) -> tuple[Piece, ...]:
    """`words` whose last sentence leads to `address`: what a link says should be short."""
    ends = (end.end() for end in _SENTENCE_END.finditer(words))
    last = max((end for end in ends if words.count(APART, 0, end) == words.count(TOGETHER, 0, end)), default=0)
    return (*_names(words[:last]), *_linked(words[last:], address))


def _item(lines: list[str], ours: str) -> tuple[Piece, ...]:
    address = next((line for line in lines[1:] if _alone(line, ours)), "")
    pieces = _linked(lines[0], address) if address else _pieces(lines[0], ours)
    for line in lines[1:]:
        if line != address:
            pieces = (*pieces, BREAK, *_pieces(line, ours))
    return pieces


def _alone(line: str, ours: str) -> bool:
    found = _ADDRESS.fullmatch(line)
    return found is not None and _is_ours(found[0], ours)


def _linked(words: str, address: str) -> tuple[Piece, ...]:
    return tuple(replace(piece, address=address) for piece in _names(words))


def _pieces(line: str, ours: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    at = 0
    for match in _ADDRESS.finditer(line):
        address = match[0].rstrip(".,;:)")
        if _is_ours(address, ours):
            found += [*_names(line[at : match.start()]), Piece(address, address)]
            at = match.start() + len(address)
    return (*found, *_names(line[at:]))


def _is_ours(address: str, ours: str) -> bool:
    return address == ours or address.startswith((f"{ours}/", f"{ours}?"))


def _names(words: str) -> Iterator[Piece]:
    """`words` with what is kept apart as pieces of their own."""
    for number, part in enumerate(re.split(f"{APART}([^{TOGETHER}]*){TOGETHER}", words)):
        if part:
            yield Piece(part, apart=number % 2 == 1)


def gist(text: str, ours: str) -> tuple[str, str]:
    """What a message says in short, for a list of several, and where it leads.

    The first paragraph after the greeting, with what it announces where it ends with a colon; and the first address.
    """
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip())]
    said = ""
    for paragraph in paragraphs[1:]:
        if not paragraph.startswith(ours):
            said = f"{said} {paragraph}".strip()
            if not said.endswith(":"):
                break
    found = re.search(rf"{re.escape(ours)}\S*", text)
    address = found[0].rstrip(".,;:)") if found else ""
    said = said.replace(address, "").strip() if address else said
    return (said if len(said) <= LONGEST_GIST else _cut(said)), address


def _cut(said: str) -> str:
    """The beginning of it in whole words; a name that is cut through is closed."""
    short = said[: LONGEST_GIST - 2].rsplit(" ", 1)[0] + "…"
    return short + TOGETHER if short.count(APART) > short.count(TOGETHER) else short
