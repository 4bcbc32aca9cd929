"""From the totals to the level: cut-offs, knock-outs and limits, level by level from the lowest."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.framework import Framework, Level, Limit
from app.domain.scoring.limits import bites
from app.domain.scoring.result import LevelResult, NodeResult, Outcome
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.totals import Totals, totals


@dataclass(frozen=True, slots=True)
class Standing:
    """How one level stands on its own criteria, before asking whether the levels below are reached."""

    level: Level
    points: Mapping[str, int]
    totals: Totals
    knocked_out: tuple[str, ...]
    barred_by: tuple[Limit, ...]

    @property
    def short(self) -> bool:
        """Whether the share misses the cut-off. Nothing that counts is short too: nothing is never enough."""
        return self.totals.share is None or self.totals.share < self.level.cut_off

    @property
    def met(self) -> bool:
        return not (self.short or self.knocked_out or self.barred_by)


def judge(sheet: Sheet) -> Outcome:
    """The outcome of what is on the sheet."""
    standings = stand_all(sheet)
    results: list[LevelResult] = []
    for standing in standings:
        reached = standing.met and (not results or results[-1].reached)
        results.append(_level_result(standing, sheet, reached))
    reached_levels = [result for result in results if result.reached]
    top = standings[-1].totals
    return Outcome(
        level=reached_levels[-1].code if reached_levels else None,
        band=_band_title(sheet.framework, reached_levels, top),
        share=top.share,
        exact_share=top.exact,
        nodes={code: NodeResult(total) for code, total in top.nodes.items()},
        levels=tuple(results),
        limits_bit=tuple(dict.fromkeys(limit for standing in standings for limit in standing.barred_by)),
        missing=sheet.missing,
        scored=len(sheet.points),
        sheet=sheet,
    )


def stand_all(sheet: Sheet) -> list[Standing]:
    """Each level looked at, lowest first. Levels over the same criteria share one sum."""
    standings: list[Standing] = []
    for level in sheet.framework.levels[: sheet.top + 1]:
        rank_of = sheet.framework.rank_of
        points = {code: point for code, point in sheet.points.items() if rank_of(code) <= level.rank}
        same = bool(standings) and len(standings[-1].points) == len(points)
        summed = standings[-1].totals if same else totals(sheet.framework, points)
        standings.append(stand(sheet, level, points, summed))
    return standings


def stand(sheet: Sheet, level: Level, points: Mapping[str, int], summed: Totals | None = None) -> Standing:
    """How `level` stands with `points`, the points of its own criteria."""
    framework = sheet.framework
    summed = summed or totals(framework, points)
    knocked_out = tuple(
        criterion.code
        for criterion in sheet.criteria
        if level.code in criterion.required
        and criterion.code in points
        and points[criterion.code] < criterion.required[level.code]
    )
    barred_by = tuple(
        limit
        for limit in framework.outcome.limits
        if _caps_below(framework, limit, level) and bites(limit.when, framework, points, summed, sheet.facts)
    )
    return Standing(level, points, summed, knocked_out, barred_by)


def _caps_below(framework: Framework, limit: Limit, level: Level) -> bool:
    return limit.at_most is None or framework.level(limit.at_most).rank < level.rank


def _level_result(standing: Standing, sheet: Sheet, reached: bool) -> LevelResult:
    level = standing.level
    missing = tuple(code for code in sheet.missing if sheet.framework.rank_of(code) <= level.rank)
    return LevelResult(
        code=level.code,
        title=str(level.title),
        reached=reached,
        met=standing.met,
        share=standing.totals.share,
        cut_off=level.cut_off,
        counted=len(standing.points),
        knocked_out=standing.knocked_out,
        barred_by=standing.barred_by,
        missing=missing,
        needs={code: sheet.framework.criterion(code).required[level.code] for code in standing.knocked_out},
        has={code: standing.points[code] for code in standing.knocked_out},
    )


def _band_title(framework: Framework, reached: list[LevelResult], top: Totals) -> str:
    if reached:
        return reached[-1].title
    if top.share is None:
        return "Not rated"
    no_award = [band for band in framework.outcome.bands if band.level is None]
    return str(no_award[0].title) if no_award else "Not yet"
