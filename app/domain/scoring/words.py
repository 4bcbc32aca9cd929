"""Conditions, marks and shares in words, as explanations say them."""

from collections.abc import Mapping
from fractions import Fraction

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
from app.domain.framework import Framework, Scale
from app.domain.rules import decide
from app.domain.scoring.parts import Number
from app.domain.scoring.rating import rating_title
from app.domain.wording import counted, joined, number, percent

NUMBERS = {
    Comparator.AT_LEAST: "at least {}",
    Comparator.AT_MOST: "at most {}",
    Comparator.ABOVE: "more than {}",
    Comparator.BELOW: "less than {}",
}
RATINGS = {
    Comparator.AT_LEAST: "{} or above",
    Comparator.AT_MOST: "{} or below",
    Comparator.ABOVE: "above {}",
    Comparator.BELOW: "below {}",
}
ITSELF = {
    Measure.SHARE: "a share of {}",
    Measure.POINTS: "{} points",
    Measure.LOWEST: "its lowest criterion at {}",
    Measure.HIGHEST: "its highest criterion at {}",
    Measure.AGAINST: "{} points against it",
}


def condition_words(when: When, framework: Framework, facts: Mapping[str, object]) -> str:
    """A condition as part of a sentence, such as "at least 2 of the standards GOV and CARE at Silver or above"."""
    match when:
        case Stands():
            return _stands(when, framework)
        case Itself(measure=measure, comparator=comparator, value=value):
            return ITSELF[measure].format(_edge(measure, comparator, value, framework))
        case Found(grade=grade, least=least, within=within):
            inside = f" in {joined(within)}" if within else ""
            title = framework.clauses.findings.grade(grade).title
            return f"{counted(least, 'finding')} or more{inside} of “{title}” or graver"
        case OfFacts(rule=rule):
            verdict = decide(rule, framework.facts, facts)
            return joined(verdict.because) or f"it is known: {joined(verdict.missing)}"
        case AllWhen(whens=whens):
            return joined(condition_words(each, framework, facts) for each in whens)
        case AnyWhen(whens=whens):
            return joined((condition_words(each, framework, facts) for each in whens), "or")


def measured(value: Number | None, *, in_marks: bool) -> str:
    """A share as a percentage, or marks as points; "nothing" where there is none."""
    if value is None:
        return "nothing"
    if not in_marks:
        return percent(Fraction(value))
    return f"{number(value)} {'point' if abs(value) == 1 else 'points'}"


def _stands(when: Stands, framework: Framework) -> str:
    one = when.kind.replace("-", " ")
    kind = framework_plural(one)
    judged = _judged_on(when, framework)
    if judged is not None:
        stands = f"at {RATINGS[when.comparator].format(judged.label_of(int(when.value)))}"
    else:
        verb = "scored" if when.measure is Measure.SCORE else "at"
        stands = f"{verb} {_edge(when.measure, when.comparator, when.value, framework)}"
    among = f" among {joined(when.within)}" if when.within else ""
    if when.quantifier is Quantifier.ANY:
        return f"any {one}{among} {stands}"
    if when.quantifier is Quantifier.ALL:
        return f"every {one}{among} {stands}"
    if when.least_share is not None:
        return f"at least {percent(when.least_share)} of the {kind}{among} {stands}"
    return f"at least {when.least:,} {one if when.least == 1 else kind}{among} {stands}"


def _judged_on(when: Stands, framework: Framework) -> Scale | None:
    """The scale of words on which all that is looked at is judged; None where it is scored in numbers."""
    if when.measure is not Measure.SCORE:
        return None
    scales = {criterion.scale.code: criterion.scale for criterion in framework.within(when.within)}
    only = next(iter(scales.values())) if len(scales) == 1 else None
    return only if only and not only.counts else None


def _edge(measure: Measure, comparator: Comparator, value: Fraction, framework: Framework) -> str:
    if measure is Measure.RATING:
        return RATINGS[comparator].format(rating_title(framework, int(value)))
    said = number(value) if measure in (Measure.SCORE, Measure.POINTS, Measure.AGAINST) else percent(value)
    return NUMBERS[comparator].format(said)


def framework_plural(name: str) -> str:
    """What several of a name of the tree are called in a sentence."""
    if name.endswith("criterion"):
        return f"{name.removesuffix('criterion')}criteria"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"
