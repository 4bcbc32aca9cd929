"""Conditions over scores as a handbook reads them out: what has to stand how, with the words of one language."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.conditions import (
    AllWhen,
    AnyWhen,
    Comparator,
    Found,
    Itself,
    Measure,
    OfFacts,
    Quantifier,
    Stands,
    When,
)
from app.domain.framework import Scale, ScaleKind
from app.domain.scoring.words import framework_plural
from app.domain.wording import counted, joined, number, percent

if TYPE_CHECKING:
    from app.frameworks.in_words import InWords

NUMBERS = {
    Comparator.AT_LEAST: "{} or more",
    Comparator.AT_MOST: "{} or less",
    Comparator.ABOVE: "more than {}",
    Comparator.BELOW: "less than {}",
    Comparator.IS: "{}",
}
RATINGS = {
    Comparator.AT_LEAST: "{} or above",
    Comparator.AT_MOST: "{} or below",
    Comparator.ABOVE: "above {}",
    Comparator.BELOW: "below {}",
    Comparator.IS: "{}",
}
MEASURES = {
    Measure.SCORE: "scored {}",
    Measure.SHARE: "at {}",
    Measure.POINTS: "with {}",
    Measure.RATING: "rated {}",
    Measure.LOWEST: "with its lowest criterion at {}",
    Measure.HIGHEST: "with its highest criterion at {}",
}
ITSELF = {
    Measure.SCORE: "its score is {}",
    Measure.SHARE: "its share is {}",
    Measure.POINTS: "it has {}",
    Measure.RATING: "it is rated {}",
    Measure.LOWEST: "its lowest criterion is at {}",
    Measure.HIGHEST: "its highest criterion is at {}",
    Measure.AGAINST: "{} stand against it",
}


def when_in_words(words: InWords, when: When) -> str:
    """A condition as part of a sentence: "at least 2 standards among GOV are rated Silver or above"."""
    match when:
        case Stands():
            return _stands(words, when)
        case Itself(measure=measure):
            return ITSELF[measure].format(_edge(words, measure, when.comparator, when.value))
        case Found(grade=grade, least=least, within=within):
            found = f"{counted(least, 'finding')} or more{_among(within)}"
            return f"there {'is' if least == 1 else 'are'} {found} of the grade {grade} or graver"
        case OfFacts(rule=rule):
            return words.rule(rule)
        case AllWhen(whens=whens):
            return joined(when_in_words(words, each) for each in whens)
        case AnyWhen(whens=whens):
            return joined((when_in_words(words, each) for each in whens), "or")


def _among(within: tuple[str, ...]) -> str:
    return f" among {joined(within)}" if within else ""


def _stands(words: InWords, when: Stands) -> str:
    one = when.kind.replace("-", " ")
    many = framework_plural(one)
    stands = MEASURES[when.measure].format(_edge(words, when.measure, when.comparator, when.value, when.within))
    among = _among(when.within)
    if when.quantifier is Quantifier.ANY:
        return f"any {one}{among} is {stands}"
    if when.quantifier is Quantifier.ALL:
        return f"every {one}{among} is {stands}"
    if when.least_share is not None:
        return f"at least {percent(when.least_share)} of the {many}{among} are {stands}"
    return f"at least {counted(when.least, one, many)}{among} {'is' if when.least == 1 else 'are'} {stands}"


def _edge(
    words: InWords, measure: Measure, comparator: Comparator, value: Fraction, within: tuple[str, ...] = ()
) -> str:
    if measure is Measure.RATING:
        return RATINGS[comparator].format(_rating(words, int(value)))
    if measure in (Measure.POINTS, Measure.AGAINST):
        return NUMBERS[comparator].format(f"{number(value)} points")
    judged = _judged(words, within) if measure is Measure.SCORE else None
    if judged:
        return RATINGS[comparator].format(words.point(judged, int(value)))
    if comparator is Comparator.AT_MOST and not value:
        comparator = Comparator.IS  # nothing stands lower than 0
    return NUMBERS[comparator].format(number(value) if measure is Measure.SCORE else percent(value))


def _judged(words: InWords, within: tuple[str, ...]) -> Scale | None:
    """The scale of words on which all that is looked at is judged; None where it is scored in numbers."""
    scales = {criterion.scale.code: criterion.scale for criterion in words.framework.within(within)}
    only = next(iter(scales.values())) if len(scales) == 1 else None
    return only if only and only.kind is ScaleKind.WORDS else None


def _rating(words: InWords, rank: int) -> str:
    found = [rating for rating in words.framework.ratings if rating.rank == rank]
    return words.say(found[0].title) if found else "no rating"
