"""How a framework comes from scores to an award, in sentences: the sum, the ratings, the levels, the limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from app.domain.framework import Band, Level, Limit, Method, RateBy, Rater, Way
from app.domain.judging import Excluded
from app.domain.wording import joined, number, percent
from app.frameworks.when_in_words import when_in_words

if TYPE_CHECKING:
    from app.frameworks.in_words import InWords

METHODS = {
    Method.MEAN: "is the average of what is directly below it",
    Method.SHARE_OF_MAXIMUM: "is the points earned below it, out of those that could be earned",
    Method.SUM: "is the points earned below it, added up",
    Method.LOWEST: "stands as low as the lowest that is directly below it",
    Method.HIGHEST: "stands as high as the highest that is directly below it",
    Method.ALL_OF: "is met when everything directly below it is met",
    Method.DISTANCE: "is how far the points below it stand above or below what is expected, added up",
}
ROUNDED = {
    "half-up": "to the nearest {}, halves up",
    "half-even": "to the nearest {}, halves to the even one",
    "down": "down to the next {}",
    "up": "up to the next {}",
}
RATED = {
    RateBy.LOWEST: "the lowest rating of what is directly below it",
    RateBy.HIGHEST: "the highest rating of what is directly below it",
    RateBy.BEST_FIT: "the rating in the middle of those directly below it, the lower one of two",
    RateBy.LEVELS: "the highest rating for which all that is asked at it, and at every lower one, is met",
}
EXCLUDED = {
    Excluded.LEAVES: "What does not apply counts neither for nor against you.",
    Excluded.FULL: "What does not apply counts as if it earned all its points.",
    Excluded.NOTHING: "What does not apply counts as if it earned no points.",
}


def level_rules(words: InWords, level: Level) -> str:
    """What a level needs, without a full stop."""
    needs = [_edges(words, level)] if level.cut_off is not None else []
    if level.needs is not None:
        needs.append(f"given when {when_in_words(words, level.needs)}")
    elif not needs:
        needs.append("given by the rules of the outcome" if words.framework.outcome.rater else "all that it requires")
    said = "; ".join(needs)
    return said[:1].upper() + said[1:]


def _edges(words: InWords, level: Level) -> str:
    following = next((each for each in words.framework.levels if each.rank == level.rank + 1), None)
    start, end = level.cut_off or Fraction(0), following.cut_off if following else None
    marks = words.framework.outcome.in_marks
    if end is None or end <= start:
        return f"{_amount(start, marks)} or more"
    return f"from {_amount(start, marks)} to below {_amount(end, marks)}"


def _amount(value: Fraction, marks: bool) -> str:
    return f"{number(value)} points" if marks else percent(value)


def outcome_in_words(words: InWords) -> Iterator[str]:
    """How scores become a level, a paragraph each."""
    framework, rules = words.framework, words.framework.outcome
    counted = any(criterion.scale.counts for criterion in framework.criteria)
    for stage in rules.stages if counted else ():  # words are judged and never added up
        name = "The whole" if stage.of == "whole" else f"Each {stage.of.replace('-', ' ')}"
        yield from _way(words, name, stage.way)
    yield from _ratings(words)
    if rules.rounding:
        how = ROUNDED.get(rules.rounding.mode, rules.rounding.mode + " to {}").format(percent(rules.rounding.to))
        yield f"The whole is rounded {how}."
    if rules.bands:
        yield f"The bands: {_bands(words, rules.bands, rules.in_marks)}. Reaching the figure is enough."
    if rules.rater:
        yield from _rater(words, "The outcome", rules.rater)
    if len(framework.levels) > 1:
        yield "A level is reached only when every level below it is reached too."
    if any(criterion.required for criterion in framework.criteria):
        yield "A criterion that must be met holds a level back while it is below the point that it must reach."
    yield EXCLUDED[rules.not_applicable]
    yield from (_limit(words, limit) for limit in rules.limits)


def _way(words: InWords, name: str, way: Way) -> Iterator[str]:
    if way.method is Method.ONE:
        yield f"{name} starts from {way.base}."
    elif way.method is Method.AT_LEAST:
        enough = percent(way.least_share) if way.least_share is not None else number(way.least)
        yield f"{name} is met when at least {enough} of what is directly below it is met."
    else:
        yield f"{name} {METHODS[way.method]}."
    for each in way.add:
        moved = f"{percent(abs(each.by))} is {'added' if each.by > 0 else 'taken away'}"
        yield f"{name}: {moved} when {when_in_words(words, each.when)}. {words.say(each.because)}".rstrip()
    if way.add:
        yield f"{name} is then kept from {percent(way.low)} to {percent(way.high)}."


def _ratings(words: InWords) -> Iterator[str]:
    """How parts of the tree are rated, and those that are summed up or rated in a way of their own."""
    for kind, rater in words.framework.outcome.rates.items():
        yield from _rater(words, f"Each {kind.replace('-', ' ')}", rater)
    for node in words.framework.nodes:
        name = f"{node.code} {words.say(node.title)}"
        if node.way:
            yield from _way(words, name, node.way)
        if node.rate:
            yield from _rater(words, name, node.rate)


def _rater(words: InWords, name: str, rater: Rater) -> Iterator[str]:
    if rater.by is RateBy.BANDS:
        yield f"{name} is rated {_bands(words, rater.bands, rater.in_marks)}."
    elif rater.by is RateBy.TABLE:
        yield f"{name} is rated by the first of these that holds. {_table(words, rater)}"
    else:
        yield f"{name} gets {RATED[rater.by]}."
    yield from (f"{name}: {_limit(words, limit)}" for limit in rater.limits)


def _table(words: InWords, rater: Rater) -> str:
    rows = []
    for row in rater.rows:
        title = words.say(row.title) or _rating(words, row.rating)
        rows.append(f"{title} when {when_in_words(words, row.when)}." if row.when else f"Otherwise {title}.")
    return " ".join(rows)


def _bands(words: InWords, bands: Sequence[Band], marks: bool) -> str:
    titles = {rating.code: rating.title for rating in words.framework.ratings}
    return joined(f"{words.say(titles.get(band.code, band.title))} from {_amount(band.start, marks)}" for band in bands)


def _rating(words: InWords, code: str | None) -> str:
    """The name of a rating, a level or the band of no award."""
    found = [each.title for each in (*words.framework.ratings, *words.framework.levels) if each.code == code]
    if found:
        return words.say(found[0])
    return words.say(words.framework.outcome.none) or "no award"


def _limit(words: InWords, limit: Limit) -> str:
    most = percent(limit.cap) if limit.cap is not None else _rating(words, limit.at_most)
    return f"No better than {most} when {when_in_words(words, limit.when)}. {words.say(limit.because)}".rstrip()
