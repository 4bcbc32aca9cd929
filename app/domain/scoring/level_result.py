"""How one level came out, with every reason in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from app.domain.framework import Limit
from app.domain.scoring.parts import Number
from app.domain.scoring.words import measured
from app.domain.wording import counted


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
