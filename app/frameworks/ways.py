"""How a stage or a node sums up: `score:` as a word, or a word with its keys."""

from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.framework import Method, Modifier
from app.domain.framework import Way as SumWay
from app.frameworks import fields as f
from app.frameworks.header import refer
from app.frameworks.problems import Path, Problems, listed, suggestion
from app.frameworks.schemas import AtLeastShape, ModifierShape, StartFromShape, shaped
from app.frameworks.whens import OF_THE_WHOLE, Spot, Way, WhenReader

WORDS = tuple(method.value for method in Method if method not in (Method.AT_LEAST, Method.ONE))
KEYED = ("at_least", "start_from")


def read_way(data: Any, path: Path, reader: WhenReader, spot: Spot = OF_THE_WHOLE) -> SumWay | None:
    """The way; `spot` is the stage or node that it belongs to."""
    if isinstance(data, str):
        if data in WORDS:
            return SumWay(Method(data))
        reader.problems.add(path, f"`{data}` is not known here{suggestion(data, WORDS)}")
        return None
    if isinstance(data, dict) and "at_least" in data:
        return _at_least(shaped(AtLeastShape, data, path, reader.problems), path, reader.problems)
    if isinstance(data, dict) and "start_from" in data:
        return _start_from(data, path, reader, spot)
    reader.problems.add(path, f"expected {listed(WORDS)}, or {{at_least: 3}}, or {{start_from: mean, add: [...]}}")
    return None


def _at_least(valid: dict[str, Any], path: Path, problems: Problems) -> SumWay | None:
    if "at_least" not in valid:
        return None
    try:
        if valid["at_least"].endswith("%"):
            return SumWay(Method.AT_LEAST, least_share=f.unit_share(valid["at_least"]))
        return SumWay(Method.AT_LEAST, least=f.whole(1)(valid["at_least"]))
    except ValidationError as error:
        problems.add((*path, "at_least"), str(error.messages[0]))
        return None


def _start_from(data: dict[str, Any], path: Path, reader: WhenReader, spot: Spot) -> SumWay | None:
    before = len(reader.problems.found)
    valid = shaped(StartFromShape, data, path, reader.problems)
    start = valid.get("start_from", "")
    method, base = (Method(start), "") if start in WORDS else (Method.ONE, start)
    if base:
        refer(
            "way of summing up, node or criterion",
            base,
            [*WORDS, *reader.tree.paths],
            (*path, "start_from"),
            reader.problems,
        )
    if method in (Method.SUM, Method.DISTANCE):
        reader.problems.add(
            (*path, "start_from"), "modifiers move a share, so this cannot start from points; write mean"
        )
    low, high = _between(valid.get("between"), (*path, "between"), reader.problems)
    entries = data.get("add")
    if not isinstance(entries, list) or not entries:
        reader.problems.add(path, "`add` is missing: a list of what is added, each with `when`, `by` and `because`")
        return None
    add = [_modifier(entry, (*path, "add", index), reader, spot) for index, entry in enumerate(entries)]
    if len(reader.problems.found) > before:
        return None
    return SumWay(method, base=base, add=tuple(each for each in add if each), low=low, high=high)


def _between(data: Any, path: Path, problems: Problems) -> tuple[Fraction, Fraction]:
    if data is None:
        return Fraction(0), Fraction(1)
    try:
        low, high = (f.unit_share(each) for each in data)
    except (ValidationError, ValueError, TypeError):
        problems.add(path, "expected the least and the greatest share, such as [0%, 100%]")
        return Fraction(0), Fraction(1)
    if low >= high:
        problems.add(path, "the second must be greater than the first")
    return low, high


def _modifier(entry: Any, path: Path, reader: WhenReader, spot: Spot) -> Modifier | None:
    valid = shaped(ModifierShape, entry, path, reader.problems)
    if not {"when", "by", "because"} <= valid.keys():
        return None
    by = valid["by"]
    if not by:
        reader.problems.add((*path, "by"), "this adds nothing; write how much, such as 5% or -5%")
    when = reader.read(valid["when"], (*path, "when"), Way.HIGH if by > 0 else Way.LOW, spot)
    return Modifier(when, by, valid["because"]) if when else None
