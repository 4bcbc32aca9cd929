"""Results of an earlier assessment in a later one: which still count with their own date, which are scored again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.framework import Framework
from app.domain.wording import dated


@dataclass(frozen=True, slots=True)
class Dated:
    """The point of one criterion, with the day on which it was scored: it keeps that day however often it is carried."""

    point: int
    scored_on: date


@dataclass(frozen=True, slots=True)
class Carried:
    """`still` count as they are; `again` maps the others to a sentence that says why they are scored again."""

    still: Mapping[str, Dated]
    again: Mapping[str, str]


def carried(framework: Framework, results: Mapping[str, Dated], today: date) -> Carried:
    """Which results of earlier assessments count today. Without `carry_results` in the award's terms none does.

    A result counts through the day on which its time is up. Those of criteria that the edition no longer has are left out.
    """
    terms = framework.award
    again: dict[str, str] = {}
    still: dict[str, Dated] = {}
    sooner = terms.reassess
    often = {each.code for each in framework.within(sooner.criteria)} if sooner else set()
    for criterion in framework.criteria:
        code = criterion.code
        result = results.get(code)
        if result is None:
            again[code] = f"{code} has no result yet."
        elif terms.carry_results is None:
            again[code] = f"{code} is scored in every assessment."
        elif sooner and code in often and sooner.every.add_to(result.scored_on) < today:
            again[code] = f"{code} is scored every {sooner.every}, and was last scored on {dated(result.scored_on)}."
        elif terms.carry_results.add_to(result.scored_on) < today:
            again[code] = (
                f"{code} was scored on {dated(result.scored_on)}, and results count for {terms.carry_results}."
            )
        else:
            still[code] = result
    return Carried(still, again)
