"""From the totals to the level: cut-offs, tables, needs, knock-outs and limits, level by level from the lowest."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain import findings
from app.domain.conditions import Found, When
from app.domain.framework import Framework, Level, Limit, Method, RateBy, Row, Way
from app.domain.scoring.holding import Scope, holds
from app.domain.scoring.level_result import LevelResult
from app.domain.scoring.node_result import NodeResult
from app.domain.scoring.parts import COUNTED, Number, Totals
from app.domain.scoring.rating import first_row, level_of_rating, rate
from app.domain.scoring.result import Outcome
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.totals import totals
from app.domain.scoring.words import condition_words
from app.domain.wording import Text, percent


@dataclass(frozen=True, slots=True)
class Standing:
    """How one level stands on its own criteria, before asking whether the levels below are reached.

    `decided` is the rank that a table or the ratings below give, -1 for no award, None where neither decides; `row` the
    row of the table; `unmet` what the level needs and does not find.
    """

    level: Level
    points: Mapping[str, int]
    totals: Totals
    knocked_out: tuple[str, ...]
    barred_by: tuple[Limit, ...]
    decided: int | None = None
    row: Row | None = None
    unmet: tuple[When, ...] = ()

    @property
    def measure(self) -> Number | None:
        return self.totals.measure

    @property
    def short(self) -> bool:
        """Whether the sum misses the cut-off. Nothing that counts is short too: nothing is never enough."""
        if self.level.cut_off is None:
            return not self.points
        return self.measure is None or self.measure < self.level.cut_off

    @property
    def overruled(self) -> bool:
        """Whether a table or the ratings below give a lower level."""
        return self.decided is not None and self.decided < self.level.rank

    @property
    def met_but_for_limits(self) -> bool:
        return not (self.short or self.knocked_out or self.overruled or self.unmet)

    @property
    def met(self) -> bool:
        return self.met_but_for_limits and not self.barred_by


def judge(sheet: Sheet) -> Outcome:
    """The outcome of what is on the sheet."""
    standings = stand_all(sheet)
    results: list[LevelResult] = []
    for standing in standings:
        reached = standing.met and (not results or results[-1].reached)
        results.append(_level_result(standing, sheet, reached))
    reached_levels = [result for result in results if result.reached]
    top = standings[-1].totals
    bit, would = _limits(standings)
    return Outcome(
        level=reached_levels[-1].code if reached_levels else None,
        band=_band_title(sheet, reached_levels, standings),
        share=top.share if sheet.framework.outcome.sums else None,
        exact_share=top.exact if sheet.framework.outcome.sums else None,
        marks=top.marks if top.in_marks else None,
        nodes={code: NodeResult(total, sheet.framework, sheet.facts) for code, total in top.nodes.items()},
        levels=tuple(results),
        limits_bit=bit,
        limits_waiting=would,
        missing=sheet.missing,
        scored=len(sheet.criteria) - len(sheet.missing) - len(sheet.not_applicable),
        totals=top,
        sheet=sheet,
    )


def _limits(standings: list[Standing]) -> tuple[tuple[Limit, ...], tuple[Limit, ...]]:
    """The limits that held a level down, and those that hold but only bar levels that are missed anyway."""
    every = dict.fromkeys(limit for standing in standings for limit in standing.barred_by)
    bit = dict.fromkeys(limit for standing in standings if standing.met_but_for_limits for limit in standing.barred_by)
    caps = dict.fromkeys(limit for standing in standings for limit in standing.totals.limits)
    return tuple({**bit, **caps}), tuple(limit for limit in every if limit not in bit)


def stand_all(sheet: Sheet) -> list[Standing]:
    """Each level looked at, lowest first. Levels over the same criteria share one sum."""
    standings: list[Standing] = []
    rank_of = sheet.framework.rank_of
    for level in sheet.framework.levels[: sheet.top + 1]:
        points = {code: point for code, point in sheet.points.items() if rank_of(code) <= level.rank}
        same = bool(standings) and len(standings[-1].points) == len(points)
        summed = standings[-1].totals if same else totals(sheet.framework, points, sheet.facts)
        standings.append(stand(sheet, level, points, summed))
    return standings


def stand(sheet: Sheet, level: Level, points: Mapping[str, int], summed: Totals | None = None) -> Standing:
    """How `level` stands with `points`, the points of its own criteria."""
    framework = sheet.framework
    summed = summed or totals(framework, points, sheet.facts)
    recorded = sheet.recorded.at(framework, level)
    scope = Scope(framework, points, summed.nodes, sheet.facts, None, summed.share, summed.marks, recorded)
    limits = (limit for limit in framework.outcome.limits if limit.cap is None and holds(limit.when, scope))
    barred_by = tuple(
        limit for limit in (*limits, *_of_findings(framework, points, recorded)) if _caps_below(framework, limit, level)
    )
    decided, row = decide(scope) if points else (None, None)
    unmet = (level.needs,) if level.needs is not None and not holds(level.needs, scope) else ()
    return Standing(level, points, summed, _knocked_out(sheet, level, points), barred_by, decided, row, unmet)


def _of_findings(framework: Framework, points: Mapping[str, int], recorded: findings.Recorded) -> tuple[Limit, ...]:
    """What the findings that scores raise, and those on record, hold the award at, as a limit."""
    if not framework.clauses.findings.grades:
        return ()
    held = findings.holds(framework, findings.found(framework, points, recorded.raised, recorded.settled))
    return (Limit(Found(held.finding.grade), held.at_most, Text.plain(held.because)),) if held else ()


def decide(scope: Scope) -> tuple[int | None, Row | None]:
    """The rank of the level that a table or the ratings below give, -1 for no award; None where neither decides."""
    framework, rater = scope.framework, scope.framework.outcome.rater
    if rater is None:
        return None, None
    if rater.by is RateBy.TABLE:
        row = first_row(rater, scope)
        return (_level_rank(framework, row.rating) if row else -1), row
    rank, _ = rate(rater, scope)
    return level_of_rating(framework, rank), None


def _level_rank(framework: Framework, code: str) -> int:
    return next((level.rank for level in framework.levels if level.code == code), -1)


def _knocked_out(sheet: Sheet, level: Level, points: Mapping[str, int]) -> tuple[str, ...]:
    """The criteria that miss the point which the level requires, and those not rated where one is required."""
    return tuple(
        criterion.code
        for criterion in sheet.criteria
        if level.code in criterion.required
        and (
            not criterion.scale.reaches(points[criterion.code], criterion.required[level.code])
            if criterion.code in points
            else criterion.code in sheet.not_rated
        )
    )


def _caps_below(framework: Framework, limit: Limit, level: Level) -> bool:
    return limit.at_most is None or framework.level(limit.at_most).rank < level.rank


def _level_result(standing: Standing, sheet: Sheet, reached: bool) -> LevelResult:
    level, framework = standing.level, sheet.framework
    missing = tuple(code for code in sheet.missing if framework.rank_of(code) <= level.rank)
    required = {code: framework.criterion(code).required[level.code] for code in standing.knocked_out}
    scales = {code: framework.criterion(code).scale for code in standing.knocked_out}
    row = standing.row
    return LevelResult(
        code=level.code,
        title=str(level.title),
        reached=reached,
        met=standing.met,
        share=standing.totals.share if framework.outcome.sums else None,
        cut_off=level.cut_off,
        counted=len(standing.points),
        knocked_out=standing.knocked_out,
        barred_by=standing.barred_by,
        missing=missing,
        needs={code: scales[code].said(point) for code, point in required.items()},
        has={
            code: scales[code].said(standing.points[code]) if code in standing.points else "no rating"
            for code in standing.knocked_out
        },
        measure=standing.measure,
        in_marks=standing.totals.in_marks,
        decided_by=_row_words(row, sheet) if row else _decided_by(standing, sheet),
        decided=_decided_title(standing.decided, sheet),
        overruled=standing.overruled,
        wanted=_wanted(level, sheet) if standing.overruled else "",
        counted_met=_counted_met(standing.totals),
        count_wanted=_count_wanted(standing.totals.way),
        unmet=tuple(condition_words(when, framework, sheet.facts) for when in standing.unmet),
    )


def _counted_met(summed: Totals) -> str:
    """How many of the parts are met, where the whole only counts that; "" where it adds them up."""
    if summed.way.method not in COUNTED:
        return ""
    weighing = [part for part in summed.parts if part.weight]
    met = sum(part.met for part in weighing)
    return f"{met:,} of {len(weighing):,} {'is' if met == 1 else 'are'} met"


def _count_wanted(way: Way) -> str:
    if way.method is Method.AT_LEAST:
        return f"at least {way.least:,} met" if way.least_share is None else f"at least {percent(way.least_share)} met"
    return "everything met"


BY_RATINGS = {
    RateBy.LOWEST: "the lowest rating of its parts is {}",
    RateBy.HIGHEST: "the highest rating of its parts is {}",
    RateBy.BEST_FIT: "the rating that fits its parts best is {}",
    RateBy.LEVELS: "the highest level of which everything is met is {}",
}


def _decided_by(standing: Standing, sheet: Sheet) -> str:
    """What decided where no row of a table did: the ratings of the parts, or what the level needs; "" for a sum."""
    rater, needs = sheet.framework.outcome.rater, standing.level.needs
    if rater and standing.decided is not None and rater.by in BY_RATINGS:
        return BY_RATINGS[rater.by].format(_decided_title(standing.decided, sheet))
    return condition_words(needs, sheet.framework, sheet.facts) if needs and not standing.unmet else ""


def _decided_title(rank: int | None, sheet: Sheet) -> str:
    framework = sheet.framework
    if rank is None:
        return ""
    return str(framework.levels[rank].title) if rank >= 0 else str(framework.outcome.none or "no award")


def _wanted(level: Level, sheet: Sheet) -> str:
    """What the table asks for the level, or for the lowest one above it; "" where no row does."""
    rater = sheet.framework.outcome.rater
    rows = (
        [row for row in rater.rows if row.when and _level_rank(sheet.framework, row.rating) >= level.rank]
        if rater
        else []
    )
    return condition_words(rows[-1].when, sheet.framework, sheet.facts) if rows and rows[-1].when else ""


def _row_words(row: Row, sheet: Sheet) -> str:
    """The row of a table that decided, such as "every standard at Met or above"."""
    return condition_words(row.when, sheet.framework, sheet.facts) if row.when else "no other rule holds"


def _band_title(sheet: Sheet, reached: list[LevelResult], standings: list[Standing]) -> str:
    if reached:
        return reached[-1].title
    top = standings[-1]
    if not top.points or (top.totals.share is None and top.level.cut_off is not None):
        return "Not rated"
    row = standings[0].row
    if row and row.title and _level_rank(sheet.framework, row.rating) < 0:
        return str(row.title)
    return str(sheet.framework.outcome.none or "Not yet")
