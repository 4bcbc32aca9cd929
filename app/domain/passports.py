"""Passports: awards held elsewhere that answer our criteria, until they end or are revoked, and never a day longer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from app.domain.framework import Framework, Passport, Scale
from app.domain.scoring.sheet import Passported
from app.domain.terms import AwardTerms
from app.domain.wording import dated


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """An award of another scheme. `criterion` names the one part of it that is held, None for the award as a whole.

    `ends_on` is the last day on which it is valid, None where it has no end. `title` is how people call it. `key` tells
    two that are alike apart, for those who keep them.
    """

    scheme: str
    level: str | None = None
    criterion: str | None = None
    ends_on: date | None = None
    revoked: bool = False
    title: str = ""
    key: str = ""

    def valid_on(self, day: date) -> bool:
        return not self.revoked and (self.ends_on is None or day <= self.ends_on)

    def __str__(self) -> str:
        return self.title or " ".join(part for part in (self.scheme, self.level, self.criterion) if part)


@dataclass(frozen=True, slots=True)
class Answering:
    """A criterion's score by passport, and what is held that gives it."""

    score: Passported
    held: HeldElsewhere


def answering(framework: Framework, held: Sequence[HeldElsewhere], today: date) -> dict[str, Answering]:
    """Criterion's code -> what answers it today; no entry where nothing does.

    Of several the one that is worth most counts, and of equals the one that lasts longest.
    """
    valid = [each for each in held if each.valid_on(today)]
    found: dict[str, Answering] = {}
    for criterion in framework.criteria if valid else ():
        for passport in criterion.passports:
            for each in valid:
                if _answers(each, passport):
                    found[criterion.code] = _longer(criterion.scale, found.get(criterion.code), _as(passport, each))
    return found


def standing_passports(framework: Framework, held: Sequence[HeldElsewhere], today: date) -> dict[str, Passported]:
    """The same with the scores alone."""
    return {code: each.score for code, each in answering(framework, held, today).items()}


@lru_cache(maxsize=64)
def named(framework: Framework) -> tuple[Passport, ...]:
    """What answers any criterion of a framework, each once, whatever it counts as, in reading order."""
    every = (each for criterion in framework.criteria for each in criterion.passports)
    return tuple(dict.fromkeys(Passport(each.scheme, each.level, each.criterion) for each in every))


def satisfied(framework: Framework, held: HeldElsewhere) -> tuple[str, ...]:
    """The codes of the criteria that name what is held, in reading order, whether or not it is valid."""
    return tuple(
        criterion.code for criterion in framework.criteria if any(_answers(held, each) for each in criterion.passports)
    )


def fallen_open(
    framework: Framework, used: Mapping[str, Passported], held: Sequence[HeldElsewhere], today: date
) -> dict[str, str]:
    """Criterion's code -> a sentence, for each that a passport answered and that none answers so well today.

    So a revocation elsewhere is felt at once in every criterion that rests on it.
    """
    standing = standing_passports(framework, held, today)
    sentences = {code: fallen_open_on(framework, code, score, standing, today) for code, score in used.items()}
    return {code: sentence for code, sentence in sentences.items() if sentence}


def fallen_open_on(
    framework: Framework, code: str, used: Passported, standing: Mapping[str, Passported], today: date
) -> str:
    """The sentence for one criterion; empty where it is answered as well by what is standing today."""
    now = standing.get(code)
    if now is None:
        return f"{code} has to be answered again: {_ended(used, today)}"
    scale = framework.criterion(code).scale
    if scale.better(_worth(scale, used), _worth(scale, now)):
        said = scale.said(_worth(scale, now))
        return f"{code} has to be looked at again: {now.by}, which answers it now, is worth only {said}."
    return ""


def earliest_end(passports: Iterable[Passported]) -> date | None:
    """The last day on which all of them stand; None where none of them ends."""
    return min((each.until for each in passports if each.until is not None), default=None)


def last_day(terms: AwardTerms, level: str | None, granted_on: date, used: Iterable[Passported] = ()) -> date:
    """The last day of an award granted at that level, which may rest on passports.

    It is the day before the anniversary, or earlier where the terms let an award end with its passports.
    """
    full = terms.for_level(level).valid.add_to(granted_on) - timedelta(days=1)
    end = earliest_end(used) if terms.ends_with_passports else None
    return full if end is None else min(full, end)


def _answers(held: HeldElsewhere, passport: Passport) -> bool:
    """Whether what is held is what the passport names. A part of an award is never taken for the whole of it."""
    return (
        held.scheme == passport.scheme and held.criterion == passport.criterion and passport.level in (None, held.level)
    )


def _as(passport: Passport, held: HeldElsewhere) -> Answering:
    return Answering(Passported(str(held), held.ends_on, passport.counts_as), held)


def _longer(scale: Scale, one: Answering | None, other: Answering) -> Answering:
    if one is None or scale.better(_worth(scale, other.score), _worth(scale, one.score)):
        return other
    if _worth(scale, one.score) != _worth(scale, other.score) or one.score.until is None:
        return one
    return other if other.score.until is None or other.score.until > one.score.until else one


def _worth(scale: Scale, passport: Passported) -> int:
    return scale.best if passport.point is None else passport.point


def _ended(passport: Passported, today: date) -> str:
    if passport.until is not None and passport.until < today:
        return f"{passport.by} ended on {dated(passport.until)}."
    return f"{passport.by} no longer stands."
