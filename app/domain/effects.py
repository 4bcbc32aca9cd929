"""What another edition would make of a case: its outcome today, its outcome then, and who would gain or lose by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.carrying import Carrying
from app.domain.errors import DomainError
from app.domain.framework import Framework
from app.domain.scoring import Outcome, Score, outcome_so_far


class Verdict(StrEnum):
    """What becomes of a case. `UNKNOWN` where the other edition cannot score it at all."""

    LOSES = "loses"
    GAINS = "gains"
    KEEPS = "keeps"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a case would get, from the scores that can be taken over alone.

    `before` and `after` are the titles of what it gets; `to_score` counts criteria that no score can be taken over for,
    `again` those whose score is taken over though they have changed. `why` says in sentences what decides where the case
    would lose or gain.
    """

    verdict: Verdict
    before: str
    after: str
    to_score: int
    again: int
    why: tuple[str, ...] = ()


def effect(way: Carrying, scores: Mapping[str, Score], facts: Mapping[str, object], target: str | None) -> Effect:
    """The effect of moving one case along `way`. `scores` and `target` are those of the edition that it stands under.

    Criteria without a score are left aside in both outcomes, so that a case never loses by what nobody has scored yet.
    """
    before = judged(way.old, scores, facts, target)
    over = way.scores(scores)
    levels = {level.code for level in way.new.levels}
    try:
        after = judged(way.new, over, facts, target if target in levels else None)
    except DomainError as refusal:
        return Effect(Verdict.UNKNOWN, before.band, "", 0, 0, (str(refusal),))
    return Effect(
        verdict=_verdict(way, before, after),
        before=before.band,
        after=after.band,
        to_score=len(after.missing),
        again=sum(code in way.changed for code in over),
        why=_why(way, before, after),
    )


def judged(
    framework: Framework, scores: Mapping[str, Score], facts: Mapping[str, object], target: str | None
) -> Outcome:
    """The one place where cases are scored for a dry run."""
    return outcome_so_far(framework, scores, facts, target=target)


def _verdict(way: Carrying, before: Outcome, after: Outcome) -> Verdict:
    was, now = _rank(way, before.level), _rank(way, after.level)
    if was == now:
        return Verdict.KEEPS
    return Verdict.GAINS if now > was else Verdict.LOSES


def _rank(way: Carrying, level: str | None) -> int:
    """A level's place: that in the later edition, where it has the level; -1 for none."""
    ranks = {each.code: each.rank for each in (*way.old.levels, *way.new.levels)}
    return -1 if level is None else ranks[level]


def _why(way: Carrying, before: Outcome, after: Outcome) -> tuple[str, ...]:
    """What decides the difference: why the level is missed then, or what reaches it."""
    verdict = _verdict(way, before, after)
    if verdict is Verdict.LOSES:
        missed = after.next_level
        return missed.sentences if missed else ()
    if verdict is Verdict.GAINS:
        return tuple(s for level in after.levels if level.code == after.level for s in level.sentences)
    return ()
