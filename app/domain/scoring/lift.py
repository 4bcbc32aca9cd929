"""What is the least that lifts an outcome to the next level: one raised score where that is enough, else what lacks."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from app.domain.framework import Criterion, Level, Limit
from app.domain.scoring.limits import rests_on_facts_alone
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.totals import totals
from app.domain.scoring.verdict import Standing, stand, stand_all
from app.domain.wording import counted, joined, percent

NAMED_AT_MOST = 6


def least_lift(sheet: Sheet) -> tuple[str, ...]:
    """Sentences about the lowest level that is not reached; empty when every level is."""
    standing = next((each for each in stand_all(sheet) if not each.met), None)
    if standing is None:
        return ()
    title = str(standing.level.title)
    if standing.totals.share is None:
        return (f"{title} needs scores: nothing that counts there has one yet.",)
    fixed = [limit for limit in standing.barred_by if rests_on_facts_alone(limit.when)]
    if fixed:
        return tuple(f"No score can reach {title} while this holds: {limit.because}" for limit in fixed)
    return (*_not_scored(sheet, standing.level), *_by_scores(sheet, standing))


def single_lifts(sheet: Sheet, standing: Standing) -> dict[str, int]:
    """Criterion code -> the lowest point of it that, changed alone, meets the level. Exact: each is scored anew."""
    lifts: dict[str, int] = {}
    if len(standing.knocked_out) > 1:
        return lifts
    for criterion in _that_count(sheet, standing):
        if standing.knocked_out and criterion.code not in standing.knocked_out:
            continue
        higher = [value for value in criterion.scale.values if value > standing.points[criterion.code]]
        if not higher or not _meets(sheet, standing, {criterion.code: higher[-1]}):
            continue
        lifts[criterion.code] = next(value for value in higher if _meets(sheet, standing, {criterion.code: value}))
    return lifts


def _by_scores(sheet: Sheet, standing: Standing) -> tuple[str, ...]:
    title = str(standing.level.title)
    lifts = single_lifts(sheet, standing)
    if lifts:
        return tuple(_offer(title, point, codes) for point, codes in _by_point(lifts).items())
    best = {criterion.code: criterion.scale.maximum for criterion in _that_count(sheet, standing)}
    if not _meets(sheet, standing, best):
        return (f"No score can reach {title} with the criteria that apply.",)
    return _what_lacks(sheet, standing)


def _what_lacks(sheet: Sheet, standing: Standing) -> tuple[str, ...]:
    """No single score is enough: the knock-outs, the limits, and how far the share is off once those are put right."""
    title, needed = str(standing.level.title), _required_points(sheet, standing)
    sentences = [
        f"{title} needs at least {needed[code]} in {code}, which has {standing.points[code]}." for code in needed
    ]
    after = stand(sheet, standing.level, {**standing.points, **needed})
    share = after.totals.share
    if share is not None and share < standing.level.cut_off:
        points = _points_up(standing.level.cut_off - share)
        then = " after that" if needed else ""
        sentences.append(f"{title} needs {points} more percentage points in all{then}, from {percent(share)}.")
    sentences += [_limit_sentence(title, limit) for limit in after.barred_by]
    return tuple(sentences)


def _points_up(gap: Fraction) -> str:
    """A gap in percentage points, rounded up to hundredths: what is said to be enough must be enough."""
    return percent(Fraction(ceil(gap * 10000), 10000)).rstrip("%")


def _limit_sentence(title: str, limit: Limit) -> str:
    return f"{title} needs this to be put right: {limit.because}"


def _required_points(sheet: Sheet, standing: Standing) -> dict[str, int]:
    """The lowest point of each knocked-out criterion's scale that its requirement allows."""
    points = {}
    for code in standing.knocked_out:
        criterion = sheet.framework.criterion(code)
        required = criterion.required[standing.level.code]
        points[code] = next(value for value in criterion.scale.values if value >= required)
    return points


def _meets(sheet: Sheet, standing: Standing, changes: Mapping[str, int]) -> bool:
    points = {**standing.points, **changes}
    summed = totals(sheet.framework, points)
    if summed.share is None or summed.share < standing.level.cut_off:  # the quick answer, before limits are looked at
        return False
    return stand(sheet, standing.level, points, summed).met


def _that_count(sheet: Sheet, standing: Standing) -> list[Criterion]:
    return [criterion for criterion in sheet.criteria if criterion.code in standing.points]


def _by_point(lifts: Mapping[str, int]) -> dict[int, list[str]]:
    grouped: dict[int, list[str]] = {}
    for code, point in lifts.items():
        grouped.setdefault(point, []).append(code)
    return dict(sorted(grouped.items()))


def _offer(title: str, point: int, codes: list[str]) -> str:
    named = codes[:NAMED_AT_MOST]
    if len(codes) > NAMED_AT_MOST:
        named.append(f"one of {len(codes) - NAMED_AT_MOST:,} others")
    return f"{title} needs {point} in {joined(named, 'or')}."


def _not_scored(sheet: Sheet, level: Level) -> tuple[str, ...]:
    missing = [code for code in sheet.missing if sheet.framework.rank_of(code) <= level.rank]
    if not missing:
        return ()
    return (f"{counted(len(missing), 'criterion has', 'criteria have')} no score yet, so this may change.",)
