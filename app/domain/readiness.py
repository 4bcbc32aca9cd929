"""How ready a self-assessment is: how far each standard is on the way to the level aimed at, and what that level asks of it.

Nothing is guessed for what is not answered: it counts as the lowest point until it is. So a figure here only rises while
answers are added, and once all are there it is the share that the framework itself works out.

Where branches are judged by shares, the share is their figure, and the aim the highest of what the level asks: of the branch
itself (a condition, a limit or a band of the framework), of criteria in it (required points), and of the whole (its cut-off:
where every branch would stand if all stood alike). Where words are judged, parts are counted or criteria belong to stages,
no share would tell how near it is. Then the figure is how much of what is needed is there: each criterion counts in full
where it stands as high as it would if all stood alike and the level were just reached, and in part where it is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.domain.framework import Framework, Node
from app.domain.scoring import Outcome
from app.domain.self_assessment import Gap


class Figure(StrEnum):
    """What the figure of a branch is."""

    SHARE = "share"  # of the points that can be had
    THERE = "there"  # how much of what the level aimed at needs is there


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one branch of the framework is. `value` and `aim` are shares from 0 to 1; `aim` is None where none is known.

    `said` and `aim_said` are the same as the framework would say them, `figured` as a short figure. `alone` is the
    highest level that it would reach if the whole stood as it does, "" where shares do not tell. `short` are the criteria below a point that the level
    requires, as answered or for want of an answer. `answered` of `asked` criteria have a whole answer; `lacking` is the
    number of things that must be there before it can be submitted. `opens` says whether branches stand below it.
    """

    code: str
    title: str
    depth: int
    figure: Figure
    value: Fraction
    said: str
    figured: str
    aim: Fraction | None
    aim_said: str
    alone: str
    short: tuple[str, ...]
    answered: int
    asked: int
    lacking: int
    opens: bool

    @property
    def as_needed(self) -> bool:
        """Whether it has what the level aimed at needs of it."""
        return not self.short and (self.aim is None or self.value >= self.aim)

    @property
    def name(self) -> str:
        """Its code with its title, where the code is one that people use."""
        return f"{self.code} {self.title}" if self.code != self.code.lower() else self.title


@dataclass(frozen=True, slots=True)
class Readiness:
    """The whole, as if what is not answered had the lowest point.

    `level` is the code of the level that it would reach, None for none; `now` what that is called, `in_all` the share or
    points of the whole, "" where nothing is added up. `aimed` and `aimed_title` are the level aimed at. `value` is how far
    the whole is on a course from 0 to 1: its share, else how much of what is needed is there.
    """

    level: str | None
    now: str
    in_all: str
    aimed: str
    aimed_title: str
    value: Fraction
    standings: tuple[Standing, ...]
    answered: int
    asked: int
    reached: bool

    @property
    def complete(self) -> bool:
        return self.answered == self.asked

    @property
    def top(self) -> tuple[Standing, ...]:
        """The branches at the top alone."""
        return tuple(each for each in self.standings if not each.depth)


@dataclass(frozen=True, slots=True)
class Progressed:
    """What is known of a self-assessment beside its outcome: the criteria that are answered, and what is missing."""

    finished: frozenset[str]
    gaps: Sequence[Gap] = ()


def readiness(outcome: Outcome, target: str | None, progressed: Progressed, opened: str | None = None) -> Readiness:
    """How far a self-assessment is. `outcome` is of its claims so far; `target` the level aimed at, the highest if None.

    Branches at the top come back, and those directly below the one whose code is `opened`.
    """
    from app.domain.readiness_look import Look  # what looks imports what it is shown as

    sheet = outcome.sheet
    level = sheet.framework.level(target) if target else sheet.framework.levels[sheet.top]
    look = Look.at(outcome, level, progressed)
    ended = look.ended
    codes = frozenset(each.code for each in sheet.criteria)
    return Readiness(
        level=ended.level,
        now=ended.band if ended.rated else "Not rated",
        in_all=ended.in_all if ended.rated else "",
        aimed=level.code,
        aimed_title=str(level.title),
        value=look.whole(),
        standings=tuple(look.standing(node, depth) for node, depth in _shown(sheet.framework, codes, opened)),
        answered=len(codes & progressed.finished),
        asked=len(codes),
        reached=ended.level is not None and sheet.framework.level(ended.level).rank >= level.rank,
    )


def _shown(framework: Framework, asked: frozenset[str], opened: str | None) -> Iterator[tuple[Node, int]]:
    """The top branches in which anything is asked, each with its depth; below the opened one its children."""
    for root in framework.roots:
        if not any(each.code in asked for each in root.all_criteria):
            continue
        yield root, 0
        if root.code == opened:
            below = (node for node in root.children if any(each.code in asked for each in node.all_criteria))
            yield from ((node, 1) for node in below)
