"""What scoring hands back: an outcome that can say, as data and as sentences, what gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from app.domain.framework import Limit
from app.domain.scoring.explained import Explained, explained
from app.domain.scoring.level_result import LevelResult
from app.domain.scoring.node_result import NodeResult, met_words
from app.domain.scoring.parts import COUNTED, Number, Totals
from app.domain.scoring.plain_data import level_data, node_data, parts_data, share_data
from app.domain.scoring.sheet import Passported, Sheet
from app.domain.scoring.words import measured
from app.domain.wording import counted, joined, percent


@dataclass(frozen=True)
class Outcome:
    """The outcome of an assessment.

    `level` is the highest level reached, None for no award; `band` its title, or that of the band of no award, or "Not
    rated". `share` is what was judged over the criteria of the highest level looked at, `exact_share` the same before
    rounding; None where nothing earns marks. `marks` are the points where the framework judges by them. `limits_bit` held
    down at least one level; `limits_waiting` hold too, but only bar levels that are missed anyway.
    """

    level: str | None
    band: str
    share: Fraction | None
    exact_share: Fraction | None
    marks: Number | None
    nodes: Mapping[str, NodeResult]
    levels: tuple[LevelResult, ...]
    limits_bit: tuple[Limit, ...]
    limits_waiting: tuple[Limit, ...]
    missing: tuple[str, ...]
    scored: int
    totals: Totals = field(repr=False, compare=False)
    sheet: Sheet = field(repr=False, compare=False)

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def rated(self) -> bool:
        """Whether anything counts: a share, or a judgement in words."""
        return self.share is not None or bool(self.sheet.points)

    @property
    def limits_holding(self) -> tuple[Limit, ...]:
        """Every limit that holds, in the framework's order, whether it made a difference or not; then the findings'."""
        holding = dict.fromkeys((*self.limits_bit, *self.limits_waiting))
        order = [limit for limit in self.sheet.framework.outcome.limits if limit in holding]
        return tuple(dict.fromkeys((*order, *holding)))

    @property
    def next_level(self) -> LevelResult | None:
        """The lowest level that is not reached; None when all are."""
        return next((level for level in self.levels if not level.reached), None)

    @cached_property
    def explanation(self) -> tuple[str, ...]:
        """The outcome in plain sentences: what it is, what decided each level, and what else holds."""
        levels = (sentence for level in self.levels for sentence in level.sentences)
        return (self.headline, *levels, *self.beside)

    @cached_property
    def explained(self) -> Explained:
        """The same laid out for reading, with what lifts it and what each part got."""
        return explained(self)

    @property
    def beside(self) -> tuple[str, ...]:
        """What else holds, apart from the levels: caps on the share, modifiers, and states."""
        capped = (
            f"The share is held at {percent(limit.cap)}: {limit.because}" for limit in self.limits_bit if limit.cap
        )
        return (*capped, *self._added, *self._states)

    @property
    def _added(self) -> tuple[str, ...]:
        return tuple(f"Taken into account: {because}" for because in self.totals.added)

    @property
    def _states(self) -> tuple[str, ...]:
        """What stands in no sum as a score: what was left unrated, and what another body's award answers."""
        unrated = self.sheet.not_rated
        sentences = [f"{joined(unrated)} could not be rated and {'does' if len(unrated) == 1 else 'do'} not count."]
        passports = [_passport_words(code, each) for code, each in self.sheet.passported.items()]
        return (*(sentences if unrated else ()), *passports)

    @property
    def headline(self) -> str:
        if not self.rated:
            return "Nothing is scored yet." if self.missing else "Not rated: no criterion applies."
        in_all = f", with {self.in_all} in all" if self.in_all else ""
        if self.complete:
            outcome = f"The outcome is {self.band}" if self.level else f"No level is reached ({self.band})"
            return f"{outcome}{in_all}."
        total = self.scored + len(self.missing)
        so_far = f"with {self.scored:,} of {counted(total, 'criterion', 'criteria')} scored"
        return f"So far, {so_far}, the scores point to {self.band}{in_all}."

    @property
    def in_all(self) -> str:
        """The points or the share of the whole, or how much of it is met; "" where nothing is added up."""
        if self.marks is not None:
            return measured(self.marks, in_marks=True)
        if self.totals.way.method in COUNTED:
            return met_words(self.totals.parts)
        return "" if self.share is None else percent(self.share)

    @cached_property
    def least_lift(self) -> tuple[str, ...]:
        """The least that lifts the outcome to the next level, in sentences; empty when every level is reached."""
        from app.domain.scoring.lift import least_lift

        return least_lift(self.sheet)

    def as_data(self) -> dict[str, Any]:
        """Everything above in lists, dicts, strings, numbers and None; shares as {"exact": "3/4", "percent": "75%"}."""
        return {
            "level": self.level,
            "band": self.band,
            "share": share_data(self.share),
            "marks": None if self.marks is None else str(self.marks),
            "complete": self.complete,
            "missing": list(self.missing),
            "not_rated": list(self.sheet.not_rated),
            "not_applicable": list(self.sheet.not_applicable),
            "passported": {code: _passport_words(code, each) for code, each in self.sheet.passported.items()},
            "whole": {"way": self.totals.way.method.value, "parts": parts_data(self.totals.parts)},
            "nodes": [node_data(node) for node in self.nodes.values()],
            "levels": [level_data(level) for level in self.levels],
            "limits": [str(limit.because) for limit in self.limits_bit],
            "limits_waiting": [str(limit.because) for limit in self.limits_waiting],
            "explanation": list(self.explanation),
            "least_lift": list(self.least_lift),
        }


def _passport_words(code: str, passport: Passported) -> str:
    until = f" until {passport.until.day} {passport.until:%B %Y}" if passport.until else ""
    return f"{code} is answered by {passport.by}{until}."
