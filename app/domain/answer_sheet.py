"""Answers that were filled in offline: how a cell is understood, and what bringing them back would change.

Three states meet in every row: the answer as it was downloaded, as the file has it now, and as it stands online. What the
file does not change is left alone; what both changed is a conflict that a person decides.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from app.domain.answer_words import quoted, understood, written
from app.domain.errors import Invalid
from app.domain.framework import Criterion
from app.domain.self_assessment import NO_CLAIM, Claim


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as it came back. The cells are named as people find them: Answers!D14.

    `trouble` are (cell, sentence) of what could not be read, such as a formula.
    """

    code: str
    answer: str
    reason: str
    code_cell: str
    answer_cell: str
    reason_cell: str
    trouble: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Base:
    """An answer as it was when the file was downloaded: its version, and the fingerprint of what it said."""

    version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A whole file as it came back. `strays` are (cell, sentence) of what stands in it and answers nothing."""

    rows: tuple[SheetRow, ...]
    bases: Mapping[str, Base]
    strays: tuple[tuple[str, str], ...] = ()

    def as_data(self) -> dict[str, Any]:
        """The file in plain lists and texts, as it can be kept."""
        return {
            "rows": [list(astuple(row)) for row in self.rows],
            "bases": {code: [base.version, base.fingerprint] for code, base in self.bases.items()},
            "strays": [list(stray) for stray in self.strays],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> AnswerFile:
        """What `as_data` made."""
        return cls(
            tuple(_row(row) for row in data.get("rows", ())),
            {code: Base(*base) for code, base in data.get("bases", {}).items()},
            _pairs(data.get("strays", ())),
        )


def _row(data: Sequence[Any]) -> SheetRow:
    code, answer, reason, code_cell, answer_cell, reason_cell, trouble = data
    return SheetRow(code, answer, reason, code_cell, answer_cell, reason_cell, _pairs(trouble))


def _pairs(data: Iterable[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((cell, sentence) for cell, sentence in data)


@dataclass(frozen=True, slots=True)
class Standing:
    """An answer as it stands online. `version` is 0 where there is none."""

    claim: Claim = NO_CLAIM
    version: int = 0


NOTHING = Standing()


class Kind(StrEnum):
    """What a row would do."""

    CHANGE = "change"
    CONFLICT = "conflict"
    PROBLEM = "problem"
    CHANGED_ONLINE = "changed-online"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class CellChange:
    """One cell that would change an answer, and what stands there before and after. `column` is answer or reason."""

    cell: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row beside the answer that it is about. `problems` are (cell, sentence); with any of them nothing is changed."""

    kind: Kind
    criterion: Criterion
    mine: Claim
    online: Standing
    answer_cell: str
    reason_cell: str
    problems: tuple[tuple[str, str], ...] = ()

    @property
    def empties(self) -> bool:
        """Whether it would take away an answer that there is."""
        return self.kind in {Kind.CHANGE, Kind.CONFLICT} and self.mine == NO_CLAIM and self.online.claim != NO_CLAIM

    @property
    def cells(self) -> tuple[CellChange, ...]:
        """The cells that differ from what stands online."""
        was, now = self.online.claim, self.mine
        answers = written(self.criterion, was), written(self.criterion, now)
        both = (
            CellChange(self.answer_cell, "answer", *answers),
            CellChange(self.reason_cell, "reason", was.reason, now.reason),
        )
        return tuple(each for each in both if each.before != each.after)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a file would do, in the order of its rows. `strays` are (cell, sentence) of what answers nothing."""

    lines: tuple[Line, ...]
    strays: tuple[tuple[str, str], ...]

    def of(self, kind: Kind) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.kind is kind)

    @property
    def token(self) -> str:
        """Known by it: what would be changed, from what to what. Whoever agrees to it agrees to no other plan."""
        weighed = [
            (line.criterion.code, line.kind.value, line.online.version, fingerprint(line.mine))
            for line in self.lines
            if line.kind in {Kind.CHANGE, Kind.CONFLICT}
        ]
        return sha256(json.dumps(weighed).encode()).hexdigest()[:32]


def fingerprint(claim: Claim) -> str:
    """What tells one claim from another, without saying it."""
    said = json.dumps([claim.point, claim.not_applicable, claim.reason])
    return sha256(said.encode()).hexdigest()[:24]


def plan(
    file: AnswerFile,
    every: Iterable[Criterion],
    asked: Sequence[Criterion],
    standing: Mapping[str, Standing],
    in_parts: Collection[str] = (),
) -> Plan:
    """What `file` would do to the answers in `standing`.

    `every` holds all criteria of the edition, `asked` those that a file can answer, `in_parts` the codes of those that
    sites or members answer each for themselves.
    """
    known = {criterion.code for criterion in every}
    by_code = {criterion.code: criterion for criterion in asked}
    lines: list[Line] = []
    strays = list(file.strays)
    seen: dict[str, str] = {}
    for row in file.rows:
        stray = _stray(row, known, by_code, in_parts, seen)
        if stray:
            strays.append((row.code_cell, stray))
        else:
            lines.append(_line(row, by_code[row.code], file.bases.get(row.code), standing.get(row.code, NOTHING)))
        seen.setdefault(row.code, row.answer_cell)
    return Plan(tuple(lines), tuple(strays))


def _stray(
    row: SheetRow, known: set[str], asked: Mapping[str, Criterion], in_parts: Collection[str], seen: Mapping[str, str]
) -> str:
    """Why a row answers nothing; empty where it does answer something."""
    if row.code in seen:
        return f"{row.code} stands twice in the file. The answer in {seen[row.code]} is the one that was read."
    if row.code not in known:
        return f"“{quoted(row.code)}” is not a criterion of this edition."
    if row.code in in_parts:
        return f"{row.code} is answered in parts, by each for themselves. Answer it online."
    if row.code not in asked:
        return f"{row.code} is not asked of your organisation, so there is nothing to answer."
    return ""


def _line(row: SheetRow, criterion: Criterion, base: Base | None, online: Standing) -> Line:
    problems = list(row.trouble)
    mine = NO_CLAIM
    if not problems:
        try:
            mine = understood(criterion, row.answer, row.reason)
        except Invalid as refusal:
            cells = {"answer": row.answer_cell, "reason": row.reason_cell}
            problems = [(cells[name], sentence) for name, sentence in refusal.errors.items()]
    kind = Kind.PROBLEM if problems else _kind(mine, base, online)
    return Line(kind, criterion, mine, online, row.answer_cell, row.reason_cell, tuple(problems))


def _kind(mine: Claim, base: Base | None, online: Standing) -> Kind:
    if mine == online.claim:
        return Kind.SAME
    if base is None:
        # It was not in the file as downloaded: nobody knows what its answer was made from.
        return Kind.CHANGE if online.version == 0 else Kind.CONFLICT
    if fingerprint(mine) == base.fingerprint:
        return Kind.CHANGED_ONLINE
    return Kind.CHANGE if base.version == online.version else Kind.CONFLICT


class Keep(StrEnum):
    """What a person decides on a conflict."""

    MINE = "mine"
    THEIRS = "theirs"


def settled(found: Plan, kept: Mapping[str, str]) -> tuple[Line, ...]:
    """The lines to be written, `kept` mapping the code of each conflict to a Keep. Raises Invalid on a code without one."""
    open_ones = [
        line.criterion.code for line in found.of(Kind.CONFLICT) if kept.get(line.criterion.code) not in set(Keep)
    ]
    if open_ones:
        raise Invalid({code: f"Choose which answer to {code} to keep." for code in open_ones})
    return tuple(
        line
        for line in found.lines
        if line.kind is Kind.CHANGE or (line.kind is Kind.CONFLICT and kept[line.criterion.code] == Keep.MINE)
    )
