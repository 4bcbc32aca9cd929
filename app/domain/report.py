"""What an assessment report is made of: numbered paragraphs in reading order, some written, some made from the scores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

LONGEST_PARAGRAPH = 20_000
LONGEST_COMMENT = 5_000
CHECK_DAYS = 10
"""Working days that a provider has for its check where the scheme names no other number."""
WARN_DAYS = 2
"""Days before the last one on which the provider is reminded."""


class Part(StrEnum):
    """What a paragraph is: words that the lead assessor writes, or a part made anew from the case's data."""

    WORDS = "words"
    DATES = "people and dates"
    SCORES = "scores by standard"
    EXPLANATION = "explanation"
    FINDINGS = "findings"
    AGREEMENT = "agreement"
    STRENGTHS = "strengths"
    GAPS = "gaps"
    RECOMMENDATION = "recommendation"


BEGUN = frozenset({Part.STRENGTHS, Part.GAPS, Part.RECOMMENDATION})
"""Parts whose first words come from the case and are the lead assessor's to edit from then on."""
MADE = frozenset(Part) - BEGUN - {Part.WORDS}
"""Parts that are made anew from the case's data whenever the report is, so that no figure in them can be typed."""

PART_SAYS: Mapping[Part, str] = {
    Part.DATES: "Who assessed, and the days that matter",
    Part.SCORES: "A table of what each standard got",
    Part.EXPLANATION: "Why the outcome is what it is, level by level",
    Part.FINDINGS: "A table of the findings, with their dates",
    Part.AGREEMENT: "How far the assessors agreed, where there were several",
    Part.STRENGTHS: "What was scored highest, with the assessor's reasons: a beginning for the lead assessor to edit",
    Part.GAPS: "What was scored lowest, with the assessor's reasons: a beginning for the lead assessor to edit",
    Part.RECOMMENDATION: "What the assessors recommend and why: a beginning for the lead assessor to edit",
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, the heads of its columns, its rows. The first cell of a row names it."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """What a part says. `text` holds paragraphs parted by empty lines; lines that begin with "- " are a list."""

    text: str = ""
    grid: Grid | None = None

    @property
    def empty(self) -> bool:
        return not self.text.strip() and self.grid is None


@dataclass(frozen=True, slots=True)
class Passage:
    """One numbered paragraph. `number` stays the same in every version; `heading` opens a section, or is empty."""

    number: int
    part: Part
    heading: str
    content: Content


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of a text that belong together: a paragraph of one line, or the items of a list."""

    lines: tuple[str, ...]
    listed: bool = False


def runs(text: str) -> tuple[Run, ...]:
    """A text as paragraphs and lists. A line break inside a paragraph is kept as a paragraph of its own."""
    found: list[Run] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        if not line.startswith("- "):
            found.append(Run((line,)))
        elif found and found[-1].listed:
            found[-1] = Run((*found[-1].lines, line[2:].strip()), listed=True)
        else:
            found.append(Run((line[2:].strip(),), listed=True))
    return tuple(found)


def grid_data(grid: Grid | None) -> dict[str, Any] | None:
    """A table as JSON holds it."""
    if grid is None:
        return None
    return {"caption": grid.caption, "heads": list(grid.heads), "rows": [list(row) for row in grid.rows]}


def grid_from(data: Mapping[str, Any] | None) -> Grid | None:
    """A table out of what `grid_data` gave."""
    if data is None:
        return None
    return Grid(str(data["caption"]), tuple(data["heads"]), tuple(tuple(row) for row in data["rows"]))


def passages_data(passages: Iterable[Passage]) -> list[dict[str, Any]]:
    """Paragraphs as JSON holds them."""
    return [
        {
            "number": each.number,
            "part": each.part.value,
            "heading": each.heading,
            "text": each.content.text,
            "grid": grid_data(each.content.grid),
        }
        for each in passages
    ]


def passages_from(data: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
    """Paragraphs out of what `passages_data` gave."""
    return tuple(
        Passage(
            int(each["number"]), Part(each["part"]), each["heading"], Content(each["text"], grid_from(each["grid"]))
        )
        for each in data
    )


def fingerprint(title: str, passages: Iterable[Passage]) -> str:
    """SHA-256, in hex, of a title and paragraphs: two versions have the same one only where they say the same."""
    said = {"title": title, "paragraphs": passages_data(passages)}
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def plain(passage: Passage) -> str:
    """All words of a paragraph as one text, its table row by row: what two versions are compared by."""
    lines = [passage.content.text.strip()]
    if passage.content.grid is not None:
        lines += ["; ".join(row) for row in passage.content.grid.rows]
    return "\n".join(line for line in lines if line)
