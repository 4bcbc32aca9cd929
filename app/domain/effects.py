"""What another edition would make of cases: their outcome today, their outcome then, and who would gain or lose by it.

Many cases are looked at together, by their levels alone; what decides one of them is worked out for those that are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from app.domain.applicability import counting
from app.domain.carrying import Carrying
from app.domain.errors import DomainError
from app.domain.framework import Framework
from app.domain.scoring import Outcome, Passported, Score, Scored, outcome_so_far
from app.domain.scoring.many import Judge
from app.domain.scoring.packed import pack


class Verdict(StrEnum):
    """What becomes of a case. `UNKNOWN` where the other edition cannot score it at all."""

    LOSES = "loses"
    GAINS = "gains"
    KEEPS = "keeps"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """What counts of a case, under the edition that it stands under: its scores, its provider's facts, its level."""

    scores: Mapping[str, Score]
    facts: Mapping[str, object]
    target: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a case would get, from the scores that can be taken over alone.

    `before` and `after` are the titles of what it gets; `to_score` counts criteria that no score can be taken over for,
    `again` those whose score is taken over though they have changed. `why` says in sentences what decides where the case
    would lose or gain: see `explained`.
    """

    verdict: Verdict
    before: str
    after: str
    to_score: int
    again: int
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why a case cannot be scored."""

    why: str


Reached = str | _Refused | None
"""A level's code, None for no award, or why nothing can be said."""


def effects(way: Carrying, cases: Sequence[Case]) -> list[Effect]:
    """The effect of moving each case along `way`, without what decides it.

    Criteria without a score are left aside in both outcomes, so that a case never loses by what nobody has scored yet.
    """
    known = {level.code for level in way.new.levels}
    moved = [Case(way.scores(case.scores), case.facts, case.target if case.target in known else None) for case in cases]
    before, after = _levels(way.old, cases), _levels(way.new, moved)
    return [_effect(way, *each) for each in zip(cases, moved, before, after, strict=True)]


def explained(way: Carrying, case: Case, found: Effect) -> Effect:
    """The same effect with what decides it: why a level is missed then, or what reaches it."""
    if found.verdict not in {Verdict.LOSES, Verdict.GAINS}:
        return found
    known = {level.code for level in way.new.levels}
    before = outcome_so_far(way.old, case.scores, case.facts, target=case.target)
    kept, target = way.scores(case.scores), case.target if case.target in known else None
    after = outcome_so_far(way.new, kept, case.facts, target=target)
    return replace(found, before=before.band, after=after.band, why=_why(found.verdict, after))


def _why(verdict: Verdict, after: Outcome) -> tuple[str, ...]:
    if verdict is Verdict.LOSES:
        return after.next_level.sentences if after.next_level else ()
    return tuple(sentence for level in after.levels if level.code == after.level for sentence in level.sentences)


def _effect(way: Carrying, case: Case, moved: Case, before: Reached, after: Reached) -> Effect:
    if isinstance(before, _Refused):
        return Effect(Verdict.UNKNOWN, "", "", 0, 0, (before.why,))
    was = _title(way.old, before, case.scores)
    if isinstance(after, _Refused):
        return Effect(Verdict.UNKNOWN, was, "", 0, 0, (after.why,))
    asked = counting(way.new, case.facts, moved.target)
    return Effect(
        verdict=_verdict(way, before, after),
        before=was,
        after=_title(way.new, after, moved.scores),
        to_score=sum(criterion.code not in moved.scores for criterion in asked),
        again=sum(code in way.changed for code in moved.scores),
    )


def _levels(framework: Framework, cases: Sequence[Case]) -> list[Reached]:
    """The level that each case reaches; one by one where some of them cannot be scored."""
    places: dict[str | None, list[int]] = {}
    for place, case in enumerate(cases):
        places.setdefault(case.target, []).append(place)
    found: list[Reached] = [None] * len(cases)
    try:
        for target, group in places.items():
            sheets = [(pack(framework, cases[place].scores), cases[place].facts) for place in group]
            for place, level in zip(group, _judge(framework, target).levels(sheets), strict=True):
                found[place] = level
    except (DomainError, ValueError):  # a point off its scale, or a fact that is of another kind now
        return [_level_of(framework, case) for case in cases]
    return found


@lru_cache(maxsize=64)
def _judge(framework: Framework, target: str | None) -> Judge:
    """The rules of an edition, compiled once. Frameworks are one object for each text, and compare by that."""
    return Judge(framework, target)


def _level_of(framework: Framework, case: Case) -> Reached:
    try:
        return outcome_so_far(framework, case.scores, case.facts, target=case.target).level
    except DomainError as refusal:
        return _Refused(str(refusal))


def _title(framework: Framework, level: str | None, scores: Mapping[str, Score]) -> str:
    """What a case gets, in words: its level, the band of no award, or that nothing is rated."""
    if level is not None:
        return str(framework.level(level).title)
    if not any(isinstance(score, Scored | Passported) for score in scores.values()):
        return "Not rated"
    return next((str(band.title) for band in framework.outcome.bands if band.level is None), "Not yet")


def _verdict(way: Carrying, before: str | None, after: str | None) -> Verdict:
    was, now = _rank(way, before), _rank(way, after)
    if was == now:
        return Verdict.KEEPS
    return Verdict.GAINS if now > was else Verdict.LOSES


def _rank(way: Carrying, level: str | None) -> int:
    """A level's place: that in the later edition, where it has the level; -1 for none."""
    ranks = {each.code: each.rank for each in (*way.old.levels, *way.new.levels)}
    return -1 if level is None else ranks[level]
