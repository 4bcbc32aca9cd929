"""What scoring hands back: an outcome that can say, as data and as sentences, what gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from app.domain.framework import Framework, Limit, Method
from app.domain.scoring.explained import Explained, explained
from app.domain.scoring.parts import COUNTED, NodeTotal, Number, Part, Totals
from app.domain.scoring.rating import rating_title
from app.domain.scoring.sheet import Passported, Sheet
from app.domain.scoring.words import condition_words, measured
from app.domain.wording import counted, joined, number, percent

WAYS = {
    Method.LOWEST: "The lowest of {}.",
    Method.HIGHEST: "The highest of {}.",
    Method.MEAN: "The average of {}.",
}


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What one node of the tree got, from the criteria of the highest level looked at."""

    total: NodeTotal
    framework: Framework = field(repr=False, compare=False)
    facts: Mapping[str, object] = field(repr=False, compare=False)

    @property
    def code(self) -> str:
        return self.total.node.code

    @property
    def title(self) -> str:
        return str(self.total.node.title)

    @property
    def share(self) -> Fraction | None:
        """0 to 1; None where nothing below earns marks, or where the framework sums nothing up."""
        return self.total.share if self.framework.outcome.sums else None

    @property
    def rating(self) -> str:
        """The code of its rating; "" where it has none."""
        rank = self.total.rating
        return self.framework.ratings[rank].code if rank is not None and rank >= 0 else ""

    @property
    def rating_title(self) -> str:
        """Its rating in words; "" where it is not rated."""
        return rating_title(self.framework, self.total.rating)

    @property
    def from_words(self) -> str:
        """Where it comes from, such as "7 of 9 points."; then which rule rated it, and what held it down or was added."""
        return " ".join(sentence for sentence in (self.sum_words, self._rating_words, *self._held_words) if sentence)

    @property
    def because(self) -> str:
        """The same for a reader who sees the rating beside it, and the points where the outcome is in points."""
        sum_words = "" if self.total.share is None or self.told_as_sum else self.sum_words
        rating_words = self._rating_words if self.total.row else ""
        return " ".join(sentence for sentence in (sum_words, rating_words, *self._held_words) if sentence)

    @property
    def told_as_sum(self) -> bool:
        """Whether points, or how many are met, say what it got: a share would say nothing."""
        return self.framework.outcome.in_marks or self.total.method in COUNTED

    @property
    def sum_words(self) -> str:
        """What it is summed up from; "" where it is rated or judged in words, or where nothing is summed up."""
        total = self.total
        if total.share is not None and not self.framework.outcome.sums:
            return ""
        if total.share is None:
            judged = any(not criterion.scale.counts for criterion in total.node.all_criteria)
            return "" if judged or total.rating is not None else "Nothing here counts."
        return _way_words(total)

    @property
    def _rating_words(self) -> str:
        if self.total.rating is None:
            return ""
        row = self.total.row
        if row is None:
            return f"Rated {self.rating_title}."
        why = condition_words(row.when, self.framework, self.facts) if row.when else "no other rule holds"
        return f"Rated {self.rating_title}: {why}."

    @property
    def _held_words(self) -> tuple[str, ...]:
        return (*(f"Held down: {limit.because}" for limit in self.total.limits), *self.total.added)


def met_words(parts: Sequence[Part]) -> str:
    weighing = [part for part in parts if part.weight]
    return f"{sum(part.met for part in weighing):,} of {len(weighing):,} met"


def _way_words(total: NodeTotal) -> str:
    method = total.method
    parts = [part for part in total.parts if part.weight and (part.possible or method in COUNTED)]
    if method in WAYS and len(parts) == 1:
        return "Only one share below counts."
    if method in WAYS:
        return WAYS[method].format(counted(len(parts), "share below", "shares below"))
    if method in COUNTED:
        return f"{met_words(parts)}."
    if method is Method.DISTANCE:
        return f"{measured(total.marks, in_marks=True)} above or below what is expected."
    if method is Method.ONE:
        return f"Starts from {total.way.base}."
    earned = sum(part.weight * part.earned for part in parts)
    possible = sum(part.weight * part.possible for part in parts)
    return f"{number(earned)} of {number(possible)} points."


@dataclass(frozen=True, slots=True)
class LevelResult:
    """How one level came out. `met` is on its own criteria; `reached` also asks that every lower level is reached.

    `knocked_out` are the criteria below the point that the level requires, with the point needed (`needs`) and held
    (`has`), both as sentences name them. `measure` is what was held against `cut_off`, a share or marks. `decided_by`
    are the words of the row of a table that decided, `decided` what it gave, `overruled` whether that is less than this
    level, and `wanted` what the rules ask for it; `unmet` is what the level needs and does not find. Where what is met is
    counted and nothing is added up, `counted_met` says how many are, and `count_wanted` how many must be.
    """

    code: str
    title: str
    reached: bool
    met: bool
    share: Fraction | None
    cut_off: Fraction | None
    counted: int
    knocked_out: tuple[str, ...]
    barred_by: tuple[Limit, ...]
    missing: tuple[str, ...]
    needs: Mapping[str, str] = field(default_factory=dict)
    has: Mapping[str, str] = field(default_factory=dict)
    measure: Number | None = None
    in_marks: bool = False
    decided_by: str = ""
    decided: str = ""
    overruled: bool = False
    wanted: str = ""
    unmet: tuple[str, ...] = ()
    counted_met: str = ""
    count_wanted: str = ""

    @property
    def short(self) -> bool:
        if self.cut_off is None:
            return not self.counted
        return self.measure is None or self.measure < self.cut_off

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why the level is reached or not, every reason in a sentence of its own."""
        if not self.counted or (self.cut_off is not None and self.measure is None):
            return (f"{self.title} cannot be rated: nothing that counts there is scored.",)
        if self.reached:
            return (f"{self.title} is reached: {self._reached_by}.",)
        reasons = [self._short_words] if self.short else []
        if self.overruled:
            reasons.append(self._overruled_words)
        reasons += [f"{self.title} needs {each}." for each in self.unmet]
        reasons += [f"{self.title} needs {self.needs[c]} in {c}, which has {self.has[c]}." for c in self.knocked_out]
        barred = "Would also hold it down" if reasons else f"{self.title} is barred"
        reasons += [f"{barred}: {limit.because}" for limit in self.barred_by]
        return tuple(reasons) or (f"{self.title} needs the level below it first.",)

    @property
    def _overruled_words(self) -> str:
        given = f"The rules give {self.decided}{f': {self.decided_by}' if self.decided_by else ''}"
        wanted = f" {self.title} needs {self.wanted}." if self.wanted else ""
        return f"{self.title} is not reached. {given}.{wanted}"

    @property
    def _over(self) -> str:
        return counted(self.counted, "criterion", "criteria")

    @property
    def _reached_by(self) -> str:
        if self.counted_met:
            return self.counted_met
        if self.cut_off is not None:
            return f"{self._said(self.measure)} over {self._over}, and it needs {self._said(self.cut_off)}"
        return self.decided_by or f"over {self._over}"

    @property
    def _short_words(self) -> str:
        if self.counted_met:
            return f"{self.title} needs {self.count_wanted}, and {self.counted_met}."
        what = "sum" if self.in_marks else "share"
        has = self._said(self.measure)
        return f"{self.title} needs {self._said(self.cut_off)}, and the {what} over {self._over} is {has}."

    def _said(self, value: Number | None) -> str:
        return measured(value, in_marks=self.in_marks)


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
            "share": _share_data(self.share),
            "marks": None if self.marks is None else str(self.marks),
            "complete": self.complete,
            "missing": list(self.missing),
            "not_rated": list(self.sheet.not_rated),
            "not_applicable": list(self.sheet.not_applicable),
            "passported": {code: _passport_words(code, each) for code, each in self.sheet.passported.items()},
            "whole": {"way": self.totals.way.method.value, "parts": _parts_data(self.totals.parts)},
            "nodes": [_node_data(node) for node in self.nodes.values()],
            "levels": [_level_data(level) for level in self.levels],
            "limits": [str(limit.because) for limit in self.limits_bit],
            "limits_waiting": [str(limit.because) for limit in self.limits_waiting],
            "explanation": list(self.explanation),
            "least_lift": list(self.least_lift),
        }


def _passport_words(code: str, passport: Passported) -> str:
    until = f" until {passport.until.day} {passport.until:%B %Y}" if passport.until else ""
    return f"{code} is answered by {passport.by}{until}."


def _node_data(node: NodeResult) -> dict[str, Any]:
    total = node.total
    return {
        "code": node.code,
        "title": node.title,
        "share": _share_data(node.share),
        "marks": None if total.marks is None else str(total.marks),
        "rating": node.rating or None,
        "way": total.method.value,
        "parts": _parts_data(total.parts),
        "limits": [str(limit.because) for limit in total.limits],
        "added": list(total.added),
        "from": node.from_words,
    }


def _parts_data(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """Each part with its exact numbers, from which the share above it can be worked out again."""
    return [
        {
            "code": part.code,
            "weight": str(part.weight),
            "earned": str(part.earned),
            "possible": str(part.possible),
            "met": part.met,
        }
        for part in parts
    ]


def _level_data(level: LevelResult) -> dict[str, Any]:
    return {
        "code": level.code,
        "title": level.title,
        "reached": level.reached,
        "share": _share_data(level.share),
        "cut_off": _share_data(level.cut_off),
        "in_marks": level.in_marks,
        "decided_by": level.decided_by,
        "unmet": list(level.unmet),
        "knocked_out": list(level.knocked_out),
        "barred_by": [str(limit.because) for limit in level.barred_by],
        "sentences": list(level.sentences),
    }


def _share_data(share: Fraction | None) -> dict[str, str] | None:
    return None if share is None else {"exact": str(share), "percent": percent(share)}
