"""The outcome part of a file: stages, rounding and bands, and whether every band can be met."""

from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from marshmallow import ValidationError

from app.domain.framework import Band, Method, OutcomeRules, Rounding, Stage
from app.domain.wording import Text, percent
from app.frameworks.header import Names, refer
from app.frameworks.limits import read_limits
from app.frameworks.problems import Path, Problems, listed, suggestion
from app.frameworks.schemas import METHODS, BandShape, OutcomeShape, RoundingShape, shaped
from app.frameworks.tree import TreeReader

WHOLE = "whole"


def read_outcome(data: Any, tree: TreeReader, problems: Problems) -> OutcomeRules | None:
    """The rules; None where stages or bands cannot be read."""
    valid = shaped(OutcomeShape, data, ("outcome",), problems)
    names = tree.names
    stages = _stages(valid, names, problems)
    rounding = _rounding(valid["rounding"], problems) if "rounding" in valid else None
    bands = _bands(valid["bands"], names, problems) if "bands" in valid else ()
    if "bands" in valid and isinstance(valid["bands"], list) and len(bands) == len(valid["bands"]):
        _check_bands(bands, rounding, names, problems)
        _check_first_band(bands, tree, problems)
    no_award = [band.code for band in bands if band.level is None]
    limits = read_limits(valid.get("limits"), tree, no_award, problems)
    return OutcomeRules(stages, bands, rounding, limits) if stages and bands else None


def _stages(valid: dict[str, Any], names: Names, problems: Problems) -> tuple[Stage, ...]:
    path: Path = ("outcome", "of")
    if "of" not in valid or not names.tree:
        return ()
    steps = [step.strip() for step in valid["of"].replace("→", "->").split("->")]
    if steps[-1] != WHOLE:
        problems.add(path, "the stages must end with `whole`, such as criterion -> whole")
        return ()
    known = [*reversed(names.tree_names), WHOLE]
    if not all(refer("name in the tree", step, known, path, problems) for step in steps):
        return ()
    places = [known.index(step) for step in steps]
    if places != sorted(set(places)):
        problems.add(path, f"the stages must go up the tree, in this order: {' -> '.join(known)}")
        return ()
    summed = steps[1:] if steps[0] == known[0] else steps
    return _methods(valid.get("score"), summed, problems)


def _methods(score: Any, summed: list[str], problems: Problems) -> tuple[Stage, ...]:
    path: Path = ("outcome", "score")
    if score is None:
        return ()
    if isinstance(score, str):
        method = _method(score, path, problems)
        return tuple(Stage(name, method) for name in summed) if method else ()
    if not isinstance(score, dict):
        problems.add(path, f"expected {listed(Method)}, or one of them for each stage")
        return ()
    return _methods_by_stage(score, summed, path, problems)


def _methods_by_stage(score: dict[str, Any], summed: list[str], path: Path, problems: Problems) -> tuple[Stage, ...]:
    for name in score:
        if name not in summed:
            problems.add_at_key((*path, name), f"`{name}` is no stage of `of`{suggestion(name, summed)}")
    for name in summed:
        if name not in score:
            problems.add(path, f"`{name}` is missing: say how this stage sums up what is below it")
    methods = [(name, _method(score[name], (*path, name), problems)) for name in summed if name in score]
    stages = tuple(Stage(name, method) for name, method in methods if method)
    return stages if len(stages) == len(summed) else ()


def _method(value: Any, path: Path, problems: Problems) -> Method | None:
    try:
        return Method(METHODS(value))
    except ValidationError as error:
        problems.add(path, str(error.messages[0]))
        return None


def _rounding(data: Any, problems: Problems) -> Rounding | None:
    path: Path = ("outcome", "rounding")
    if data == "none" or data is None:
        return None
    if isinstance(data, str):
        problems.add(path, f"expected none, or {{mode: half-up, to: 1%}}, not `{data}`")
        return None
    valid = shaped(RoundingShape, data, path, problems)
    if "to" not in valid or "mode" not in valid:
        return None
    if not 0 < valid["to"] <= 1 or (1 / valid["to"]).denominator != 1:
        problems.add((*path, "to"), "expected a step that divides 100% evenly, such as 1%, 5% or 0.1%")
        return None
    return Rounding(valid["mode"], valid["to"])


def _bands(data: Any, names: Names, problems: Problems) -> tuple[Band, ...]:
    path: Path = ("outcome", "bands")
    if not isinstance(data, list) or not data:
        problems.add(path, "expected a list of bands, lowest first, such as - {from: 60%, is: bronze}")
        return ()
    bands: list[Band] = []
    for index, entry in enumerate(data):
        here = (*path, index)
        valid = shaped(BandShape, entry, here, problems)
        if "start" not in valid or "code" not in valid:
            continue
        band = _band(valid, names)
        if band.level is None and bands:
            refer("level", band.code, names.levels, (*here, "is"), problems)
        if any(band.code == other.code for other in bands):
            problems.add((*here, "is"), f"`{band.code}` has two bands")
        if bands and band.start <= bands[-1].start:
            edges = f"{percent(bands[-1].start)} and {percent(band.start)}"
            problems.add((*here, "from"), f"bands overlap: edges must rise, but follow as {edges}")
        if band.start > 1:
            problems.add((*here, "from"), f"nothing reaches {percent(band.start)}: a share is at most 100%")
        bands.append(band)
    return tuple(bands)


def _band(valid: dict[str, Any], names: Names) -> Band:
    code = valid["code"]
    if code in names.levels:
        title = valid.get("title") or names.levels[code].get("title", Text.plain(code))
        return Band(valid["start"], code, title, code)
    title = valid.get("title") or Text.plain(code.replace("-", " ").capitalize())
    return Band(valid["start"], code, title, None)


def _check_bands(bands: tuple[Band, ...], rounding: Rounding | None, names: Names, problems: Problems) -> None:
    path: Path = ("outcome", "bands")
    if not bands:
        return
    banded = [band.level for band in bands if band.level]
    for code in names.levels:
        if code not in banded:
            problems.add(path, f"the level `{code}` has no band, so nothing can reach it")
    ranks = [names.rank(level) for level in banded]
    if ranks != sorted(ranks):
        problems.add(path, f"bands must follow the levels from the lowest: {' '.join(names.levels)}")
    for index, (band, above) in enumerate(pairwise(bands)):
        if rounding and ceil(band.start / rounding.to) * rounding.to >= above.start > band.start:
            message = f"no share rounded to {percent(rounding.to)} falls from {percent(band.start)} to below {percent(above.start)}"
            problems.add((*path, index, "from"), message)


def _check_first_band(bands: tuple[Band, ...], tree: TreeReader, problems: Problems) -> None:
    if not bands or not tree.criteria:
        return
    lowest = min(Fraction(each.scale.values[0], each.scale.maximum) for each in tree.criteria)
    if bands[0].start > lowest:
        message = f"bands leave a hole: shares from {percent(lowest)} to below {percent(bands[0].start)} have no band"
        problems.add(("outcome", "bands", 0, "from"), message)
