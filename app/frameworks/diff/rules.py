"""How scales, levels and the rules of the outcome differ between two editions."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.conditions import AllWhen, AnyWhen, OfFacts, When
from app.domain.errors import DomainError
from app.domain.framework import Band, Framework, Level, Limit, OutcomeRules, Rounding, Stage
from app.domain.judging import Row, Way
from app.domain.scales import Point, Scale, Span
from app.domain.scoring.words import condition_words, measured
from app.domain.wording import joined, percent
from app.frameworks.diff.change import Change, Kind, Scene
from app.frameworks.diff.criteria import level_title
from app.frameworks.diff.engine import Teller, Telling, reordered, wording
from app.frameworks.diff.words import in_words, quoted


def _points(telling: Telling, scene: Scene, before: tuple[Point, ...], after: tuple[Point, ...]) -> Iterator[Change]:
    """The points of a scale: which there are, what they are called, what they mean."""
    olds, news = {each.value: each for each in before}, {each.value: each for each in after}
    if olds.keys() != news.keys():
        was, now = ", ".join(map(str, olds)), ", ".join(map(str, news))
        yield scene.told(f"{scene.name} has the points {now or 'none'} instead of {was or 'none'}.")
    for value in news:
        if value in olds and olds[value] != news[value]:
            yield from telling.things(scene.of(f"{scene.name}, point {value}"), olds[value], news[value])


def _label(telling: Telling, scene: Scene, before: Any, after: Any) -> Iterator[Change]:
    """What a point is called is part of the scale and no mere wording: it is what people choose."""
    for change in wording(scene, "the label", before, after):
        yield scene.told(change.sentence, change.before, change.after, Kind.SCALE, change.language)


def _not_applicable(telling: Telling, scene: Scene, before: Any, after: Any) -> Iterator[Change]:
    sentence = f"{scene.name}: not applicable is allowed {RULES[after]}; before, {RULES[before]}."
    yield scene.told(sentence, kind=Kind.SCALE)


RULES = {
    "never": "to nobody",
    "by-rule": "only where a rule about the provider says so",
    "with-reason": "to whoever gives a reason",
}


def _span(telling: Telling, scene: Scene, before: Span | None, after: Span | None) -> Iterator[Change]:
    yield scene.told(f"{scene.name} runs {_range(after)} instead of {_range(before)}.", kind=Kind.SCALE)


def _range(span: Span | None) -> str:
    if span is None:
        return "over named points"
    return f"from {span.low}{span.unit} to {span.high}{span.unit} in steps of {span.step}"


def _cut_off(telling: Telling, scene: Scene, before: Fraction | None, after: Fraction | None) -> Iterator[Change]:
    was, now = edge(before, marks=telling.old.outcome.in_marks), edge(after, marks=telling.new.outcome.in_marks)
    if before is None or after is None:
        sentence = f"{scene.name} {f'needs {now}' if now else 'needs no sum any more'}; before, {f'it needed {was}' if was else 'no sum decided'}."
    else:
        sentence = f"{scene.name} starts at {now} instead of {was}."
    yield scene.told(sentence, kind=Kind.CUT_OFF)


def _start(telling: Telling, scene: Scene, before: Fraction, after: Fraction) -> Iterator[Change]:
    marks = before > 1 or after > 1
    sentence = f"{scene.name} starts at {edge(after, marks=marks)} instead of {edge(before, marks=marks)}."
    yield scene.told(sentence, kind=Kind.CUT_OFF)


def edge(value: Fraction | None, *, marks: bool) -> str:
    """Where a level or a band begins: a share, or points. Empty where no sum decides."""
    return "" if value is None else measured(value, in_marks=marks)


def _title(telling: Telling, scene: Scene, before: Any, after: Any) -> Iterator[Change]:
    for change in wording(scene, "the title", before, after):
        sentence = f"{quoted(before)} is now called {quoted(after)}." if not change.language else change.sentence
        yield scene.told(sentence, change.before, change.after, language=change.language)


def _rank(telling: Telling, scene: Scene, before: int, after: int) -> Iterator[Change]:
    """Only where no other change explains it: no level added, none taken away, none in another place."""
    yield scene.told(f"{scene.name} is level {after + 1} from below instead of {before + 1}.")


def levels(telling: Telling, scene: Scene, before: tuple[Level, ...], after: tuple[Level, ...]) -> Iterator[Change]:
    olds, news = {each.code: each for each in before}, {each.code: each for each in after}
    same = list(olds) == list(news)
    for code, level in news.items():
        if code not in olds:
            since = edge(level.cut_off, marks=telling.new.outcome.in_marks)
            yield scene.told(f"{level.title} is a new level{f', from {since}' if since else ''}.")
        else:
            about = scene.of(str(level.title))
            yield from telling.things(about, olds[code], level, () if same else ("rank",))
    for code, level in olds.items():
        if code not in news:
            since = edge(level.cut_off, marks=telling.old.outcome.in_marks)
            yield scene.told(f"The level {level.title} is gone.{f' It started at {since}.' if since else ''}")
    yield from reordered(scene, "the levels", list(olds), list(news))


def _bands(
    telling: Telling, scene: Scene, before: tuple[Band, ...], after: tuple[Band, ...]
) -> Sequence[Change] | None:
    """None where nothing differs but edges and names that the levels of the same name tell."""
    told = list(_each_band(telling, scene.of("Bands", Kind.CUT_OFF), before, after))
    return told or ([] if _apart_from_levels(telling, before, after) else None)


def _each_band(telling: Telling, scene: Scene, before: tuple[Band, ...], after: tuple[Band, ...]) -> Iterator[Change]:
    olds, news = {each.code: each for each in before}, {each.code: each for each in after}
    for code, band in news.items():
        about = scene.of(f"The band {quoted(band.title)}")
        if code not in olds and not _only_in(telling.new, telling.old, band):
            yield about.told(f"{about.name} is new, from {edge(band.start, marks=telling.new.outcome.in_marks)}.")
        elif code in olds:
            yield from telling.things(about, olds[code], band, _told_by_level(telling, olds[code], band))
    for code, band in olds.items():
        if code not in news and not _only_in(telling.old, telling.new, band):
            since = edge(band.start, marks=telling.old.outcome.in_marks)
            yield scene.told(f"The band {quoted(band.title)} from {since} is gone.")
    yield from reordered(scene, "the bands", list(olds), list(news))


def _only_in(here: Framework, there: Framework, band: Band) -> bool:
    """Whether the band is that of a level which only one of the editions has, so that the level tells of both."""
    own = any(level.code == band.level and level.cut_off == band.start for level in here.levels)
    return own and all(level.code != band.level for level in there.levels)


def _told_by_level(telling: Telling, old: Band, new: Band) -> tuple[str, ...]:
    """The fields of a band in which it says what its level says, before and after."""
    was = next((level for level in telling.old.levels if level.code == old.level), None)
    now = next((level for level in telling.new.levels if level.code == new.level), None)
    if was is None or now is None:
        return ()
    edge = ("start",) if (was.cut_off, now.cut_off) == (old.start, new.start) else ()
    return (*edge, *(("title",) if (was.title, now.title) == (old.title, new.title) else ()))


def _apart_from_levels(telling: Telling, before: tuple[Band, ...], after: tuple[Band, ...]) -> bool:
    """Whether some difference of the bands is none of a level: then it must be told, whatever it is."""
    codes = [{each.code for each in side} for side in (before, after)]
    if len(codes[0]) < len(before) or len(codes[1]) < len(after):
        return True
    return not any(each.level for each in (*before, *after))


def _stages(telling: Telling, scene: Scene, before: tuple[Stage, ...], after: tuple[Stage, ...]) -> Iterator[Change]:
    if [each.of for each in before] != [each.of for each in after]:
        was, now = (" → ".join(["criterion", *(each.of for each in side)]) for side in (before, after))
        yield scene.told(f"Scores are summed up {now} instead of {was}.", kind=Kind.METHOD)
    olds = {each.of: each for each in before}
    for stage in after:
        if stage.of in olds and olds[stage.of] != stage:
            yield from telling.things(scene.of(f"Summing up each {stage.of}", Kind.METHOD), olds[stage.of], stage)


def _way(telling: Telling, scene: Scene, before: Way, after: Way) -> Iterator[Change]:
    """How a stage sums up is told as the stage's own."""
    yield from telling.things(scene, before, after)


def _rounding(telling: Telling, scene: Scene, before: Rounding | None, after: Rounding | None) -> Iterator[Change]:
    sentence = f"The result is {_rounded(after)}; before, it was {_rounded(before)}."
    yield scene.told(sentence, kind=Kind.ROUNDING)


def _rounded(rounding: Rounding | None) -> str:
    return f"rounded {in_words(rounding.mode)} to {percent(rounding.to)}" if rounding else "not rounded"


def _limits(telling: Telling, scene: Scene, before: tuple[Limit, ...], after: tuple[Limit, ...]) -> Iterator[Change]:
    """Limits carry no code: the same sentence of reason makes two of them the same limit."""
    scene = scene.of("Limits", Kind.LIMITS)
    olds, news = [each for each in before if each not in after], [each for each in after if each not in before]
    for limit in news:
        twin = next((each for each in olds if each.because == limit.because), None)
        twin = twin or next((each for each in olds if each.when == limit.when), None)
        if twin is None:
            said = f"A limit is new: {_held(telling.new, limit)}. {limit.because}"
            yield scene.told(said, "", condition(telling.new, limit.when))
            continue
        olds.remove(twin)
        yield from telling.things(scene.of(f"The limit {quoted(limit.because)}"), twin, limit)
    for limit in olds:
        said = f"A limit is gone: {_held(telling.old, limit)}. {limit.because}"
        yield scene.told(said, condition(telling.old, limit.when), "")
    was, now = [str(each.because) for each in before], [str(each.because) for each in after]
    yield from reordered(scene, "the limits", was, now)


def _held(framework: Framework, limit: Limit) -> str:
    """What a limit still allows."""
    return f"at most {level_title(framework, limit.at_most)}" if limit.cap is None else f"at most {percent(limit.cap)}"


def _at_most(telling: Telling, scene: Scene, before: str | None, after: str | None) -> Iterator[Change]:
    now, was = level_title(telling.new, after), level_title(telling.old, before)
    yield scene.told(f"{scene.name} allows at most {now} instead of {was}.")


def _when(telling: Telling, scene: Scene, before: When | None, after: When | None) -> Iterator[Change]:
    was, now = condition(telling.old, before), condition(telling.new, after)
    yield scene.told(f"{scene.name} holds in other cases than before.", was, now)


def _needs(telling: Telling, scene: Scene, before: When | None, after: When | None) -> Iterator[Change]:
    was, now = condition(telling.old, before), condition(telling.new, after)
    yield scene.told(f"{scene.name} needs something else than before.", was, now)


def condition(framework: Framework, when: When | None) -> str:
    """A condition in words; empty where there is none."""
    match when:
        case None:
            return ""
        case OfFacts(rule=rule):
            return in_words(rule, framework.facts)
        case AllWhen(whens=whens):
            return joined(condition(framework, each) for each in whens)
        case AnyWhen(whens=whens):
            return joined((condition(framework, each) for each in whens), "or")
    try:
        return condition_words(when, framework, {})
    except (DomainError, LookupError):  # it names what the framework does not declare
        return str(when)


OUTCOME: Mapping[tuple[type, str], Teller] = {
    (Scale, "points"): _points,
    (Scale, "span"): _span,
    (Scale, "not_applicable"): _not_applicable,
    (Point, "label"): _label,
    (Level, "cut_off"): _cut_off,
    (Level, "title"): _title,
    (Level, "rank"): _rank,
    (Band, "start"): _start,
    (Band, "title"): _title,
    (OutcomeRules, "bands"): _bands,
    (OutcomeRules, "stages"): _stages,
    (OutcomeRules, "rounding"): _rounding,
    (Stage, "way"): _way,
    (OutcomeRules, "limits"): _limits,
    (Limit, "at_most"): _at_most,
    (Limit, "when"): _when,
    (Row, "when"): _when,
    (Level, "needs"): _needs,
}
