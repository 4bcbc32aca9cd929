"""What is kept of a self-assessment's readiness on a day, and what changed between two such days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from app.domain.readiness import Readiness

A_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Part:
    """One branch at the top, as it was."""

    code: str
    name: str
    value: Fraction
    said: str
    as_needed: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Readiness on a day. `now` is what it pointed to, `aimed` the level aimed at, both in words; `said` the whole in words."""

    on: date
    now: str
    aimed: str
    value: Fraction
    said: str
    answered: int
    asked: int
    parts: tuple[Part, ...]
    submitted: bool = False


def snapshot_of(readiness: Readiness, on: date, *, submitted: bool = False) -> Snapshot:
    """What is kept of `readiness`."""
    parts = tuple(Part(each.code, each.name, each.value, each.said, each.as_needed) for each in readiness.top)
    said = ", ".join(filter(None, (readiness.now, readiness.in_all)))
    return Snapshot(
        on=on,
        now=readiness.now,
        aimed=readiness.aimed_title,
        value=readiness.value,
        said=said,
        answered=readiness.answered,
        asked=readiness.asked,
        parts=parts,
        submitted=submitted,
    )


def as_data(snapshot: Snapshot) -> dict[str, Any]:
    """Its figures in strings and numbers; shares as fractions, exact."""
    return {
        "now": snapshot.now,
        "aimed": snapshot.aimed,
        "value": str(snapshot.value),
        "said": snapshot.said,
        "answered": snapshot.answered,
        "asked": snapshot.asked,
        "parts": [
            {"code": part.code, "name": part.name, "value": str(part.value), "said": part.said, "met": part.as_needed}
            for part in snapshot.parts
        ],
    }


def from_data(on: date, data: Mapping[str, Any], *, submitted: bool = False) -> Snapshot:
    """The snapshot that `as_data` gave."""
    parts = tuple(
        Part(part["code"], part["name"], Fraction(part["value"]), part["said"], part["met"]) for part in data["parts"]
    )
    figures = {key: data[key] for key in ("now", "aimed", "said", "answered", "asked")}
    return Snapshot(on=on, value=Fraction(data["value"]), parts=parts, submitted=submitted, **figures)


@dataclass(frozen=True, slots=True)
class PartChange:
    """One branch then and now, in words; `before` is "" where it was not asked then."""

    name: str
    before: str
    after: str
    rose: bool
    fell: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since an earlier snapshot. `sentences` say it of the whole; `parts` are the branches that differ."""

    since: Snapshot
    sentences: tuple[str, ...]
    parts: tuple[PartChange, ...]

    @property
    def none(self) -> bool:
        return not self.sentences and not self.parts


def change(before: Snapshot, after: Snapshot) -> Change:
    """What changed from one to the other."""
    earlier = {part.code: part for part in before.parts}
    parts = tuple(
        _part_change(earlier.get(part.code), part)
        for part in after.parts
        if part.code not in earlier or (earlier[part.code].value, earlier[part.code].said) != (part.value, part.said)
    )
    return Change(before, tuple(_sentences(before, after)), parts)


def _part_change(before: Part | None, after: Part) -> PartChange:
    value = before.value if before else Fraction(0)
    return PartChange(
        after.name, before.said if before else "", after.said, rose=after.value > value, fell=after.value < value
    )


def _sentences(before: Snapshot, after: Snapshot) -> list[str]:
    said: list[str] = []
    if before.said != after.said:
        said.append(f"It stood at {before.said} and stands at {after.said}.")
    if (before.answered, before.asked) != (after.answered, after.asked):
        said.append(
            f"{before.answered:,} of {before.asked:,} criteria were answered. Now {after.answered:,} of {after.asked:,} are."
        )
    if before.aimed != after.aimed:
        said.append(f"The aim was {before.aimed} then, and is {after.aimed} now.")
    return said


def compared_with(snapshots: Sequence[Snapshot], today: date) -> dict[str, Snapshot]:
    """The snapshots that today is held against, by why: the last one before today, and the last that is a month old.

    `snapshots` in the order of days. One that would be named twice is named once, as the last time.
    """
    past = [each for each in snapshots if each.on < today]
    found: dict[str, Snapshot] = {}
    if past:
        found["last"] = past[-1]
    monthly = [each for each in past if each.on <= today - A_MONTH]
    if monthly and monthly[-1] is not past[-1]:
        found["month"] = monthly[-1]
    return found
