"""What scoring hands back: an outcome that can say, as data and as sentences, what gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from app.domain.framework import Limit, Method
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.totals import NodeTotal
from app.domain.wording import counted, number, percent


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What one node of the tree got, from the criteria of the highest level looked at."""

    total: NodeTotal

    @property
    def code(self) -> str:
        return self.total.node.code

    @property
    def title(self) -> str:
        return str(self.total.node.title)

    @property
    def share(self) -> Fraction | None:
        """0 to 1; None where nothing below counts."""
        return self.total.share

    @property
    def from_words(self) -> str:
        """Where the share comes from, such as "7 of 9 points"."""
        total = self.total
        if total.share is None:
            return "Nothing here counts."
        if total.method is Method.MEAN:
            return f"The average of {counted(len(total.parts), 'share')} below."
        earned = sum(part.weight * part.earned for part in total.parts)
        possible = sum(part.weight * part.possible for part in total.parts)
        return f"{number(earned)} of {number(possible)} points."


@dataclass(frozen=True, slots=True)
class LevelResult:
    """How one level came out. `met` is on its own criteria; `reached` also asks that every lower level is reached.

    `knocked_out` are the criteria below the point that the level requires, with the point needed (`needs`) and held
    (`has`).
    """

    code: str
    title: str
    reached: bool
    met: bool
    share: Fraction | None
    cut_off: Fraction
    counted: int
    knocked_out: tuple[str, ...]
    barred_by: tuple[Limit, ...]
    missing: tuple[str, ...]
    needs: Mapping[str, int] = field(default_factory=dict)
    has: Mapping[str, int] = field(default_factory=dict)

    @property
    def short(self) -> bool:
        return self.share is None or self.share < self.cut_off

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why the level is reached or not, every reason in a sentence of its own."""
        if self.share is None:
            return (f"{self.title} cannot be rated: nothing that counts there is scored.",)
        share, edge = percent(self.share), percent(self.cut_off)
        over = counted(self.counted, "criterion", "criteria")
        if self.reached:
            return (f"{self.title} is reached: {share} over {over}, and it needs {edge}.",)
        reasons = [f"{self.title} needs {edge}, and the share over {over} is {share}."] if self.short else []
        reasons += [f"{self.title} needs {self.needs[c]} in {c}, which has {self.has[c]}." for c in self.knocked_out]
        reasons += [f"{self.title} is barred: {limit.because}" for limit in self.barred_by]
        return tuple(reasons) or (f"{self.title} needs the level below it first.",)


@dataclass(frozen=True)
class Outcome:
    """The outcome of an assessment.

    `level` is the highest level reached, None for no award; `band` its title, or that of the band of no award, or "Not
    rated". `share` is what was judged over the criteria of the highest level looked at, `exact_share` the same before
    rounding; None where nothing counts. `limits_bit` held down at least one level.
    """

    level: str | None
    band: str
    share: Fraction | None
    exact_share: Fraction | None
    nodes: Mapping[str, NodeResult]
    levels: tuple[LevelResult, ...]
    limits_bit: tuple[Limit, ...]
    missing: tuple[str, ...]
    scored: int
    sheet: Sheet = field(repr=False, compare=False)

    @property
    def complete(self) -> bool:
        return not self.missing

    @property
    def rated(self) -> bool:
        return self.share is not None

    @property
    def next_level(self) -> LevelResult | None:
        """The lowest level that is not reached; None when all are."""
        return next((level for level in self.levels if not level.reached), None)

    @cached_property
    def explanation(self) -> tuple[str, ...]:
        """The outcome in plain sentences: what it is, then what decided each level."""
        return (self._headline, *(sentence for level in self.levels for sentence in level.sentences))

    @property
    def _headline(self) -> str:
        if not self.rated:
            return "Nothing is scored yet." if self.missing else "Not rated: no criterion applies."
        share = percent(self.share or Fraction(0))
        if self.complete:
            outcome = f"The outcome is {self.band}" if self.level else f"No level is reached ({self.band})"
            return f"{outcome}, with {share} in all."
        total = self.scored + len(self.missing)
        so_far = f"with {self.scored:,} of {counted(total, 'criterion', 'criteria')} scored"
        return f"So far, {so_far}, the scores point to {self.band}, with {share} in all."

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
            "share": _share_data(self.share),
            "complete": self.complete,
            "missing": list(self.missing),
            "nodes": [
                {"code": node.code, "title": node.title, "share": _share_data(node.share), "from": node.from_words}
                for node in self.nodes.values()
            ],
            "levels": [_level_data(level) for level in self.levels],
            "limits": [str(limit.because) for limit in self.limits_bit],
            "explanation": list(self.explanation),
            "least_lift": list(self.least_lift),
        }


def _level_data(level: LevelResult) -> dict[str, Any]:
    return {
        "code": level.code,
        "title": level.title,
        "reached": level.reached,
        "share": _share_data(level.share),
        "cut_off": _share_data(level.cut_off),
        "knocked_out": list(level.knocked_out),
        "barred_by": [str(limit.because) for limit in level.barred_by],
        "sentences": list(level.sentences),
    }


def _share_data(share: Fraction | None) -> dict[str, str] | None:
    return None if share is None else {"exact": str(share), "percent": percent(share)}
