"""What an assessment report says on paper, whatever kind of file it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.report import Grid, Passage
from app.domain.wording import dated


@dataclass(frozen=True, slots=True)
class Remark:
    """What the provider said on one paragraph of one version, and what the assessors answered. `shown` names the evidence."""

    version: int
    number: int
    text: str
    shown: tuple[str, ...]
    verdict: str
    answer: str

    @property
    def heading(self) -> str:
        return f"On paragraph {self.number} of version {self.version}"


@dataclass(frozen=True)
class ReportDocument:
    """A version of a report. `signed_by` is empty for a draft. `check` tells in a sentence how the provider's check ended."""

    title: str
    provider: str
    awarding_body: str
    framework: str
    colour: str
    version: int
    made_on: date
    passages: tuple[Passage, ...]
    check: str = ""
    remarks: tuple[Remark, ...] = ()
    signed_by: str = ""
    signed_on: date | None = None
    fingerprint: str = ""

    @property
    def standing(self) -> str:
        """Whether it is a draft or signed, in words."""
        if self.signed_on is None:
            return f"Draft for checking, version {self.version}, {dated(self.made_on)}"
        return f"Signed report, version {self.version}, {dated(self.signed_on)}"

    @property
    def signature(self) -> str:
        """The sentence above which a report is signed; empty for a draft."""
        if self.signed_on is None:
            return ""
        return (
            f"I led this assessment. This report says what it found. {self.signed_by}, lead assessor, "
            f"{dated(self.signed_on)}."
        )


def column_shares(grid: Grid) -> tuple[float, ...]:
    """The part of the room, together 1, for each column of a table: more for those that say more, enough for a short word."""
    said = [max([len(head), *(min(len(row[place]), 90) for row in grid.rows)]) for place, head in enumerate(grid.heads)]
    weights = [max(each, 6) ** 0.6 for each in said]
    least = 0.13
    return tuple(least + (1 - least * len(weights)) * weight / sum(weights) for weight in weights)
