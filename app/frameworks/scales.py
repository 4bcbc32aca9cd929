"""The scales of a file: named points, a range of numbers, or words that are judged."""

from dataclasses import replace
from typing import Any

from marshmallow import ValidationError

from app.domain.framework import NotApplicableRule, Point, Scale, ScaleKind, Span
from app.domain.wording import NO_TEXT, Text
from app.frameworks import fields as f
from app.frameworks.problems import Path, Problems, suggestion
from app.frameworks.schemas import PointShape, RangeShape, ScaleShape, shaped

KINDS = ("points", "range", "words")
MOST_STEPS = 1000


def read_scale(code: str, data: Any, path: Path, problems: Problems) -> Scale | None:
    before = len(problems.found)
    valid = shaped(ScaleShape, data, path, problems)
    kinds = [key for key in KINDS if key in valid]
    if len(kinds) != 1 and isinstance(data, dict):
        together = f"{' and '.join(f'`{kind}`' for kind in kinds)} stand here together"
        message = together if kinds else "`points` is missing"
        problems.add(path, f"{message}: say `points`, a `range` of numbers, or `words` that are judged")
    span = _span(valid["range"], (*path, "range"), problems) if "range" in valid else None
    points = _points(valid["points"], (*path, "points"), problems) if "points" in valid else ()
    if "words" in valid:
        points = _words(valid["words"], (*path, "words"), problems)
    if len(problems.found) > before:
        return None
    scale = Scale(
        code,
        points,
        valid.get("not_applicable", NotApplicableRule.NEVER),
        valid.get("title", NO_TEXT),
        ScaleKind(kinds[0]),
        span,
        valid.get("better") == "lower",
        NotApplicableRule(valid.get("not_rated", NotApplicableRule.NEVER)),
    )
    return _with_met(scale, valid, path, problems)


def _with_met(scale: Scale, valid: dict[str, Any], path: Path, problems: Problems) -> Scale | None:
    if valid.get("better") == "lower" and scale.kind is ScaleKind.WORDS:
        problems.add_at_key((*path, "better"), "words are written from the worst to the best, so leave `better` out")
        return None
    if "met_from" not in valid:
        return scale
    value = point_on(scale, valid["met_from"], (*path, "met_from"), problems)
    if value is None:
        return None
    if value == scale.worst:
        problems.add((*path, "met_from"), "this is the worst point, so everything would be met; name a better one")
        return None
    return replace(scale, met_from=value)


def point_on(scale: Scale, asked: Any, path: Path, problems: Problems) -> int | None:
    """The point that a file means; a problem where it is not on the scale."""
    value = scale.value_of(asked) if isinstance(asked, str) else None
    if value is not None:
        return value
    if scale.kind is ScaleKind.WORDS:
        words = [point.code for point in scale.points]
        problems.add(path, f"`{asked}` is not on the scale {scale.code}{suggestion(str(asked), words)}")
    elif scale.span:
        span = f"{scale.span.low} to {scale.span.high}"
        steps = f" in steps of {scale.span.step}" if scale.span.step > 1 else ""
        problems.add(path, f"`{asked}` is not on the scale {scale.code}, which runs from {span}{steps}")
    else:
        values = ", ".join(str(value) for value in scale.values)
        problems.add(path, f"`{asked}` is not on the scale {scale.code}, whose points are {values}")
    return None


def _span(data: Any, path: Path, problems: Problems) -> Span | None:
    before = len(problems.found)
    valid = shaped(RangeShape, data, path, problems)
    if len(problems.found) > before:
        return None
    span = Span(valid["low"], valid["high"], valid.get("step", 1), valid.get("unit", ""))
    if span.high <= span.low:
        problems.add((*path, "to"), f"the range must end above {span.low}, where it starts")
    elif (span.high - span.low) % span.step:
        problems.add((*path, "step"), f"steps of {span.step} do not lead from {span.low} to {span.high}")
    elif (span.high - span.low) // span.step > MOST_STEPS:
        problems.add(path, f"this range has over {MOST_STEPS:,} points; take larger steps")
    return span


def _points(data: Any, path: Path, problems: Problems) -> tuple[Point, ...]:
    if not isinstance(data, dict) or len(data) < 2:
        problems.add(path, "expected at least two points, such as {0: No, 1: Yes}")
        return ()
    points: list[Point] = []
    for key, entry in data.items():
        here = (*path, key)
        if not f.DIGITS.fullmatch(key):
            problems.add_at_key(here, f"expected a whole number of 0 or more as the point, not `{key}`")
            continue
        if points and int(key) <= points[-1].value:
            problems.add_at_key(here, f"the point {key} does not rise above {points[-1].value}; write the lowest first")
        points.append(_point(int(key), entry, here, problems))
    return tuple(points)


def _words(data: Any, path: Path, problems: Problems) -> tuple[Point, ...]:
    if not isinstance(data, dict) or len(data) < 2:
        problems.add(path, "expected at least two words, the worst first, such as {not-met: Not met, met: Met}")
        return ()
    points = []
    for value, (key, entry) in enumerate(data.items()):
        if not f.CODE.fullmatch(key):
            problems.add_at_key((*path, key), f"`{key}` is no code: use letters, digits, . - or _")
        points.append(_point(value, entry, (*path, key), problems, key))
    return tuple(points)


def _point(value: int, entry: Any, path: Path, problems: Problems, code: str = "") -> Point:
    if isinstance(entry, dict) and not all(f.LANGUAGE.fullmatch(key) for key in entry):
        valid = shaped(PointShape, entry, path, problems)
        return Point(value, valid.get("label", NO_TEXT), valid.get("anchor", NO_TEXT), code, valid.get("finding", ""))
    return Point(value, read_words(entry, path, problems), code=code)


def read_words(entry: Any, path: Path, problems: Problems) -> Text:
    """A text in one or more languages at `path`."""
    try:
        return f.words(entry)
    except ValidationError as error:
        for place, messages in (
            error.messages_dict.items() if isinstance(error.messages, dict) else [("", error.messages)]
        ):
            for message in messages:
                problems.add((*path, place) if place else path, message)
        return NO_TEXT
