"""Bands: from which share, or from how many points, each level or rating is given."""

from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Any

from marshmallow import ValidationError

from app.domain.framework import Band, Rounding
from app.domain.wording import Text, percent
from app.frameworks import fields as f
from app.frameworks.header import refer
from app.frameworks.problems import Path, Problems
from app.frameworks.schemas import BandShape, shaped


def read_bands(
    data: Any, path: Path, titles: dict[str, Text], problems: Problems, *, in_marks: bool, kind: str = "rating"
) -> tuple[Band, ...]:
    """Bands over the words in `titles`, which are levels or ratings, as `kind` says; the first may be a word of its own.

    `in_marks`: the edges are points of a sum, not shares.
    """
    if not isinstance(data, list) or not data:
        problems.add(path, "expected a list of bands, lowest first, such as - {from: 60%, is: bronze}")
        return ()
    bands: list[Band] = []
    for index, entry in enumerate(data):
        here = (*path, index)
        valid = shaped(BandShape, entry, here, problems)
        if "start" not in valid or "code" not in valid:
            continue
        start = _start(valid["start"], (*here, "from"), problems, in_marks=in_marks)
        if start is None:
            continue
        band = _band(valid, start, titles, kind)
        if band.code not in titles and bands:
            refer(kind, band.code, titles, (*here, "is"), problems)
        _check_next(band, bands, here, problems, kind, in_marks=in_marks)
        bands.append(band)
    return tuple(bands)


def _check_next(band: Band, before: list[Band], path: Path, problems: Problems, kind: str, *, in_marks: bool) -> None:
    if any(band.code == other.code for other in before):
        problems.add((*path, "is"), f"`{band.code}` has two bands; a {kind} begins at one edge only")
    if before and band.start <= before[-1].start:
        edges = f"{_said(before[-1].start, in_marks)} and {_said(band.start, in_marks)}"
        problems.add((*path, "from"), f"bands overlap: edges must rise, but follow as {edges}")
    if band.start > 1 and not in_marks:
        problems.add((*path, "from"), f"nothing reaches {percent(band.start)}: a share is at most 100%")


def _said(edge: Fraction, in_marks: bool) -> str:
    return f"{edge} points" if in_marks else percent(edge)


def _start(asked: str, path: Path, problems: Problems, *, in_marks: bool) -> Fraction | None:
    try:
        if in_marks:
            return f.marks(asked)
        if asked.endswith(("points", "point")):
            message = f"`{asked}` needs a sum in points: say `score: sum`, or write the edge as a percentage"
            raise ValidationError(message)
        return f.share(asked)
    except ValidationError as error:
        problems.add(path, str(error.messages[0]))
        return None


def _band(valid: dict[str, Any], start: Fraction, titles: dict[str, Text], kind: str) -> Band:
    code = valid["code"]
    fallback = titles.get(code) or Text.plain(code if code in titles else code.replace("-", " ").capitalize())
    return Band(start, code, valid.get("title") or fallback, code if kind == "level" and code in titles else None)


def check_edges(bands: tuple[Band, ...], rounding: Rounding | None, path: Path, problems: Problems) -> None:
    """No band may be lost in rounding."""
    for index, (band, above) in enumerate(pairwise(bands)):
        if rounding and ceil(band.start / rounding.to) * rounding.to >= above.start > band.start:
            message = f"no share rounded to {percent(rounding.to)} falls from {percent(band.start)} to below {percent(above.start)}"
            problems.add((*path, index, "from"), message)


def check_first_band(bands: tuple[Band, ...], lowest: Fraction, path: Path, problems: Problems) -> None:
    """No share may stand below the first band."""
    if bands and bands[0].start > lowest:
        message = f"bands leave a hole: shares from {percent(lowest)} to below {percent(bands[0].start)} have no band"
        problems.add((*path, 0, "from"), message)
