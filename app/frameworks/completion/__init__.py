"""What may be written at a place of a framework file: for the editor, and robust where the file is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.frameworks.completion.cursor import Cursor, cursor_at
from app.frameworks.completion.grammar import place
from app.frameworks.completion.outline import Names, outline
from app.frameworks.completion.spots import Known, Offer

__all__ = ["Completion", "Option", "complete"]

MOST_OPTIONS = 500


@dataclass(frozen=True)
class Option:
    """`label` is what is offered, `insert` what is written for it, `about` what it is for, in plain words."""

    label: str
    insert: str
    about: str
    needed: bool = False


@dataclass(frozen=True)
class Completion:
    """Options for what begins at `column` (from 1) of the line and ends at the cursor."""

    column: int
    options: tuple[Option, ...]


NOTHING = Completion(1, ())


def complete(source: str, line: int, column: int, lists: Mapping[str, Names]) -> Completion:
    """What may be written at `line` and `column` (from 1). `lists` are the codes, with titles, of the shared lists.

    Keys that the same group has already are not offered again. Places in texts, comments and quotes offer nothing.
    """
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return NOTHING
    cursor = cursor_at(lines, line - 1, column - 1)
    if cursor is None:
        return NOTHING
    known = Known(outline(source), lists)
    spot = place(cursor.path, known)
    if spot is None:
        return NOTHING
    keys = [] if cursor.after_key else spot.keys(known)
    options = [_key(offer, cursor) for offer in keys if offer.word not in cursor.beside]
    words = spot.words(known) if cursor.after_key or not cursor.flow else []
    options += [Option(offer.word, offer.word, offer.about) for offer in words]
    return Completion(cursor.start, tuple(options[:MOST_OPTIONS]))


def _key(offer: Offer, cursor: Cursor) -> Option:
    after = ":" if offer.opens and not cursor.flow else ": "
    return Option(offer.word, offer.word + after, offer.about, offer.needed)
