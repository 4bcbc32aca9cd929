"""What one node of the tree got, and where it comes from in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from app.domain.framework import Framework, Method
from app.domain.scoring.parts import COUNTED, NodeTotal, Part
from app.domain.scoring.rating import rating_title
from app.domain.scoring.words import condition_words, measured
from app.domain.wording import counted, number

WAYS = {
    Method.LOWEST: "The lowest of the {}.",
    Method.HIGHEST: "The highest of the {}.",
    Method.MEAN: "The average of the {}.",
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
        return "Only one of its parts counts."
    if method in WAYS:
        return WAYS[method].format(counted(len(parts), "part that counts", "parts that count"))
    if method in COUNTED:
        return f"{met_words(parts)}."
    if method is Method.DISTANCE:
        return f"{measured(total.marks, in_marks=True)} above or below what is expected."
    if method is Method.ONE:
        return f"Starts from {total.way.base}."
    earned = sum(part.weight * part.earned for part in parts)
    possible = sum(part.weight * part.possible for part in parts)
    return f"{number(earned)} of {number(possible)} points."
