"""How parts and the whole are rated: bands, tables, the ratings below, and the limits that hold a rating down."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.framework import Limit, RateBy, Rater, Row
from app.domain.wording import NO_TEXT, Text
from app.frameworks import fields as f
from app.frameworks.bands import check_edges, read_bands
from app.frameworks.header import refer
from app.frameworks.problems import Path, Problems, suggestion
from app.frameworks.schemas import LimitShape, RaterShape, RowShape, shaped
from app.frameworks.whens import OF_THE_WHOLE, Spot, Way, WhenReader

BELOW = tuple(by.value for by in RateBy if by not in (RateBy.BANDS, RateBy.TABLE))

ROW_NEEDS = {
    "is": "the level or rating that this rule gives",
    "when": "what must hold; only `otherwise` stands without it",
}


def read_rater(
    data: Any, path: Path, reader: WhenReader, spot: Spot = OF_THE_WHOLE, *, in_marks: bool = False
) -> Rater | None:
    """How a node is rated, as a word or with its keys. `in_marks`: its sum is in points."""
    problems = reader.problems
    if isinstance(data, str):
        if data in BELOW:
            _check_levels(RateBy(data), reader, path)
            return Rater(RateBy(data))
        problems.add(path, f"`{data}` is not known here{suggestion(data, BELOW)}")
        return None
    before = len(problems.found)
    valid = shaped(RaterShape, data, path, problems)
    found = [key for key in ("bands", "table", "by") if key in valid]
    if isinstance(data, dict) and len(found) != 1:
        problems.add(path, "expected just one of `bands`, `table` or `by`: what rates this")
    bands = rows = ()
    if "bands" in valid:
        bands = read_bands(valid["bands"], (*path, "bands"), _titles(reader.ratings), problems, in_marks=in_marks)
        check_edges(bands, None, (*path, "bands"), problems)
    if "table" in valid:
        rows = read_table(valid["table"], (*path, "table"), reader, list(reader.ratings), spot)
        _check_words(rows, reader.ratings, (*path, "table"), problems)
    below = [each.code for each in bands if each.code not in reader.ratings]
    below += [row.rating for row in rows if row.rating not in reader.ratings]
    held = Held(list(reader.ratings), below, "rating", in_marks and bool(bands))
    limits = read_limits(valid.get("limits"), (*path, "limits"), reader, held, spot)
    if len(problems.found) > before:
        return None
    by = RateBy(valid["by"]) if "by" in valid else RateBy.BANDS if bands else RateBy.TABLE
    _check_levels(by, reader, (*path, "by"))
    return Rater(by, bands, rows, limits, in_marks)


def _check_levels(by: RateBy, reader: WhenReader, path: Path) -> None:
    """`levels` rates with levels, so each of them has to be a rating."""
    missing = [code for code in reader.tree.names.levels if code not in reader.ratings]
    if by is RateBy.LEVELS and missing:
        reader.problems.add(path, f"`levels` gives levels, and `{missing[0]}` is none of the `ratings`; add it there")


def _check_words(rows: tuple[Row, ...], ratings: tuple[str, ...], path: Path, problems: Problems) -> None:
    """One word may stand for less than the lowest rating. A second one, or one that is nearly a rating, is a slip."""
    allowed = ""
    for index, row in enumerate(rows):
        if not ratings or row.rating in ratings or row.rating == allowed:
            continue
        near = suggestion(row.rating, ratings)
        if allowed or "did you mean" in near:
            key = "is" if row.when else "otherwise"
            problems.add((*path, index, key), f"there is no rating `{row.rating}`{near}")
        allowed = allowed or row.rating


def _titles(ratings: tuple[str, ...]) -> dict[str, Text]:
    return {code: NO_TEXT for code in ratings}


@dataclass(frozen=True, slots=True)
class Held:
    """What limits may name: `known` are levels or ratings, as `kind` says; those in `none` stand for none of them.

    `in_marks`: what they hold down is judged in points, so that no percentage holds it.
    """

    known: list[str]
    none: list[str]
    kind: str = "level"
    in_marks: bool = False


def read_limits(data: Any, path: Path, reader: WhenReader, held: Held, spot: Spot = OF_THE_WHOLE) -> tuple[Limit, ...]:
    """The limits on what is `held`."""
    if data is None:
        return ()
    if not isinstance(data, list):
        reader.problems.add(path, "expected a list of limits, each with `when`, `at_most` and `because`")
        return ()
    limits = [_limit(entry, (*path, index), reader, held, spot) for index, entry in enumerate(data)]
    return tuple(limit for limit in limits if limit)


def _limit(entry: Any, path: Path, reader: WhenReader, held: Held, spot: Spot) -> Limit | None:
    valid = shaped(LimitShape, entry, path, reader.problems)
    when = reader.read(valid["when"], (*path, "when"), Way.LOW, spot) if "when" in valid else None
    at_most = valid.get("at_most")
    if at_most is None:
        return None
    here, known = (*path, "at_most"), held.known
    cap = _cap(at_most, here, reader.problems, in_marks=held.in_marks)
    if cap is None:
        if not refer(held.kind, at_most, [*held.none, *known], here, reader.problems):
            return None
        if known and at_most == known[-1]:
            reader.problems.add(here, f"`{at_most}` is the highest {held.kind}, so this limits nothing")
    if when is None or "because" not in valid:
        return None
    return Limit(when, at_most if at_most in known else None, valid["because"], cap)


def _cap(at_most: str, path: Path, problems: Problems, *, in_marks: bool) -> Fraction | None:
    if not at_most.endswith("%"):
        return None
    if in_marks:
        problems.add(path, "points decide here, which a percentage does not hold down; name a level or rating")
    try:
        cap = f.unit_share(at_most)
    except ValidationError as error:
        problems.add(path, str(error.messages[0]))
        return Fraction(0)
    if cap == 1:
        problems.add(path, "nothing is above 100%, so this limits nothing; write less, or leave the limit out")
    return cap


def read_table(
    data: Any, path: Path, reader: WhenReader, known: list[str], spot: Spot = OF_THE_WHOLE
) -> tuple[Row, ...]:
    """The rows of a table of rules; empty with problems noted where it leaves a hole or a better score could lower it."""
    if not isinstance(data, list) or not data:
        reader.problems.add(
            path, "expected a list of rules, such as - {is: good, when: ...}, the last - {otherwise: ...}"
        )
        return ()
    before = len(reader.problems.found)
    rows = [_row(entry, (*path, index), reader, spot) for index, entry in enumerate(data)]
    good = [row for row in rows if row]
    for index, row in enumerate(good[:-1]):
        if row.when is None and len(good) == len(rows):
            reader.problems.add(
                (*path, index + 1), "nothing comes here: the rule before it always holds; write `otherwise` last"
            )
            break
    if len(good) == len(rows) and all(row.when is not None for row in good):
        reader.problems.add(
            path, "the rules leave a hole; end with what holds otherwise: - {otherwise: " + good[-1].rating + "}"
        )
    if len(reader.problems.found) == before:
        _check_order(good, path, reader, known)
    return tuple(good) if len(reader.problems.found) == before else ()


def _row(entry: Any, path: Path, reader: WhenReader, spot: Spot) -> Row | None:
    valid = shaped(RowShape, entry, path, reader.problems)
    if "otherwise" in valid:
        if "code" in valid or "when" in valid:
            reader.problems.add(path, "`otherwise` stands alone: it says what holds where no rule before it does")
        return Row(valid["otherwise"], None, valid.get("title", NO_TEXT))
    if not isinstance(entry, dict):
        return None
    for name, what in ROW_NEEDS.items():
        if name not in entry:
            reader.problems.add(path, f"`{name}` is missing: {what}")
    when = reader.when(valid["when"], (*path, "when"), spot) if "when" in valid else None
    if when is not None and reader.way(when) is Way.BOTH:
        reader.problems.add(
            (*path, "when"), "a rule may ask for high scores or for low ones, not for both; make two rules of it"
        )
        return None
    return Row(valid["code"], when, valid.get("title", NO_TEXT)) if when and "code" in valid else None


def _check_order(rows: list[Row], path: Path, reader: WhenReader, known: list[str]) -> None:
    """A better score may only lead from a row to a better one.

    A row that asks for low scores may stop holding, so what follows it must be as good; a row that asks for high scores may
    start to hold, so nothing after it may be better.
    """
    ranks = [known.index(row.rating) if row.rating in known else -1 for row in rows]
    for index, row in enumerate(rows[:-1]):
        way = reader.way(row.when) if row.when else Way.NEITHER
        after = ranks[index + 1 :]
        if way is Way.HIGH and any(rank > ranks[index] for rank in after):
            message = f"a better score could lower the outcome: `{row.rating}` asks for high scores, and a better one follows; write the best first"
            reader.problems.add((*path, index), message)
        if way is Way.LOW and any(rank < ranks[index] for rank in after):
            message = f"a better score could lower the outcome: `{row.rating}` asks for low scores, and a worse one follows; write the worst first"
            reader.problems.add((*path, index), message)
