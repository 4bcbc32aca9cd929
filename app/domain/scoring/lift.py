"""What is the least that lifts an outcome to the next level: one raised score where that is enough, else the least set."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from app.domain.framework import Criterion, Level, Limit, Scale
from app.domain.scoring.holding import rests_on_facts_alone
from app.domain.scoring.parts import COUNTED
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.totals import totals
from app.domain.scoring.verdict import Standing, stand, stand_all
from app.domain.scoring.words import measured
from app.domain.wording import counted, joined, number, percent

NAMED_AT_MOST = 6
TRIED_ONE_BY_ONE = 200
TRIED_AT_MOST = 60_000  # tries times the criteria that each of them sums up
SET_AT_MOST = 12


def least_lift(sheet: Sheet) -> tuple[str, ...]:
    """Sentences about the lowest level that is not reached; empty when every level is."""
    standing = next((each for each in stand_all(sheet) if not each.met), None)
    if standing is None:
        return ()
    title = str(standing.level.title)
    if not standing.points or (standing.level.cut_off is not None and standing.measure is None):
        return (f"{title} needs scores: nothing that counts there has one yet.",)
    fixed = [limit for limit in standing.barred_by if rests_on_facts_alone(limit.when)]
    if fixed:
        return tuple(f"No score can reach {title} while this holds: {limit.because}" for limit in fixed)
    return (*_not_scored(sheet, standing.level), *_by_scores(sheet, standing))


def single_lifts(sheet: Sheet, standing: Standing) -> dict[str, int]:
    """Criterion code -> the lowest point of it that, changed alone, meets the level. Exact: each is scored anew."""
    lifts: dict[str, int] = {}
    candidates = _improvable(sheet, standing)
    if len(standing.knocked_out) > 1 or _too_many(sheet, candidates):
        return lifts
    for criterion in candidates:
        if standing.knocked_out and criterion.code not in standing.knocked_out:
            continue
        better = _better_points(criterion, standing)
        if _meets(sheet, standing, {criterion.code: better[-1]}):
            lifts[criterion.code] = next(point for point in better if _meets(sheet, standing, {criterion.code: point}))
    return lifts


def least_set(sheet: Sheet, standing: Standing) -> dict[str, int]:
    """Criterion code -> point: raised together they meet the level, and none of them can be left out or be lower.

    Empty where no scores can meet it. It takes the smallest stretch of the criteria, those first that are knocked out or
    furthest from their best, and then gives back all that is not needed. A better score never lowers an outcome, which is
    why a stretch that meets the level still does when it grows.
    """
    ordered = _furthest_first(sheet, standing)
    low, high = 0, len(ordered)
    if not high or not _meets(sheet, standing, _at_best(ordered)):
        return {}
    while high - low > 1:
        middle = (low + high) // 2
        if _meets(sheet, standing, _at_best(ordered[:middle])):
            high = middle
        else:
            low = middle
    return _given_back(sheet, standing, ordered[:high])


def _given_back(sheet: Sheet, standing: Standing, raised: list[Criterion]) -> dict[str, int]:
    changes = _at_best(raised)
    if _too_many(sheet, raised):
        return changes
    for criterion in raised:
        kept = changes.pop(criterion.code)
        if _meets(sheet, standing, changes):
            continue
        better = [point for point in _better_points(criterion, standing) if point != kept]
        enough = (point for point in better if _meets(sheet, standing, {**changes, criterion.code: point}))
        changes[criterion.code] = next(enough, kept)
    return changes


def _too_many(sheet: Sheet, tried: list[Criterion]) -> bool:
    """Whether trying each of them would keep a page waiting."""
    return len(tried) > TRIED_ONE_BY_ONE or len(tried) * len(sheet.criteria) > TRIED_AT_MOST


def _at_best(criteria: list[Criterion]) -> dict[str, int]:
    return {criterion.code: criterion.scale.best for criterion in criteria}


def _furthest_first(sheet: Sheet, standing: Standing) -> list[Criterion]:
    def key(criterion: Criterion) -> tuple[bool, Fraction]:
        scale = criterion.scale
        gap = Fraction(scale.maximum - scale.earned(standing.points[criterion.code]), scale.maximum)
        return criterion.code in standing.knocked_out, gap * criterion.weight

    return sorted(_improvable(sheet, standing), key=key, reverse=True)


def _improvable(sheet: Sheet, standing: Standing) -> list[Criterion]:
    """The criteria that count at the level and are not at their best. What is passported stays as it is."""
    return [
        criterion
        for criterion in sheet.criteria
        if criterion.code in standing.points
        and criterion.code not in sheet.passported
        and criterion.code not in sheet.not_applicable
        and standing.points[criterion.code] != criterion.scale.best
    ]


def _better_points(criterion: Criterion, standing: Standing) -> list[int]:
    """The points above the one it has, the least first."""
    has, scale = standing.points[criterion.code], criterion.scale
    return [point for point in scale.from_worst if scale.better(point, has)]


def _by_scores(sheet: Sheet, standing: Standing) -> tuple[str, ...]:
    title = str(standing.level.title)
    lifts = single_lifts(sheet, standing)
    if lifts:
        return tuple(_offer(sheet, title, point, codes) for point, codes in _by_point(sheet, lifts).items())
    needed = _required_points(sheet, standing)
    if needed and _meets(sheet, standing, needed):
        return _what_lacks(sheet, standing)
    together = least_set(sheet, standing)
    if not together:
        return (_without_a_way(sheet, standing),)
    return (*_what_lacks(sheet, standing), *_one_way(sheet, together))


def _without_a_way(sheet: Sheet, standing: Standing) -> str:
    """What the scores that there are cannot do: what is open is needed too, or what holds all of them down."""
    title, rank_of = str(standing.level.title), sheet.framework.rank_of
    best = _at_best(_improvable(sheet, standing))
    still_open = [each for each in sheet.criteria if each.code in (*sheet.not_rated, *sheet.missing)]
    still_open = [each for each in still_open if rank_of(each.code) <= standing.level.rank]
    if still_open and _meets(sheet, standing, best | _at_best(still_open)):
        codes = [each.code for each in still_open[:NAMED_AT_MOST]]
        rated = f"a rating of {codes[0]}" if len(still_open) == 1 else f"ratings among those open: {joined(codes)}"
        enough = _meets(sheet, standing, _at_best(still_open))
        return f"{title} needs {rated}{'' if enough else ', and better scores beside'}."
    caps = [limit for limit in standing.totals.limits if rests_on_facts_alone(limit.when)]
    if caps:
        return f"No score can reach {title} while this holds: {caps[0].because}"
    return f"No score can reach {title} with the criteria that apply."


def _one_way(sheet: Sheet, together: Mapping[str, int]) -> tuple[str, ...]:
    if len(together) > SET_AT_MOST:
        return (f"The least found that is enough raises {counted(len(together), 'criterion', 'criteria')}.",)
    points = [f"{sheet.framework.criterion(code).scale.said(point)} in {code}" for code, point in together.items()]
    return (f"One way to get there, none of which can be left out: {joined(points)}.",)


def _what_lacks(sheet: Sheet, standing: Standing) -> tuple[str, ...]:
    """No single score is enough: the knock-outs, the limits, and how far the sum is off once those are put right."""
    title, needed = str(standing.level.title), _required_points(sheet, standing)
    scales = {code: sheet.framework.criterion(code).scale for code in needed}
    sentences = [
        f"{title} needs {_at_least(scales[code], needed[code])} in {code}, which has {scales[code].said(standing.points[code])}."
        for code in needed
    ]
    after = stand(sheet, standing.level, {**standing.points, **needed})
    counts_only = after.totals.way.method in COUNTED
    if after.short and not counts_only and after.measure is not None and standing.level.cut_off is not None:
        then = " after that" if needed else ""
        sentences.append(f"{title} needs {_gap(after)} more {_unit(after)} in all{then}, from {_said(after)}.")
    sentences += [_limit_sentence(title, limit) for limit in after.barred_by]
    return tuple(sentences)


def _at_least(scale: Scale, point: int) -> str:
    return f"at {'most' if scale.lower_is_better else 'least'} {scale.said(point)}"


def _gap(standing: Standing) -> str:
    """What is missing, rounded up to hundredths: what is said to be enough must be enough."""
    gap = Fraction(standing.level.cut_off or 0) - Fraction(standing.measure or 0)
    if standing.totals.in_marks:
        return number(Fraction(ceil(gap * 100), 100))
    return percent(Fraction(ceil(gap * 10000), 10000)).rstrip("%")


def _unit(standing: Standing) -> str:
    return "points" if standing.totals.in_marks else "percentage points"


def _said(standing: Standing) -> str:
    return measured(standing.measure, in_marks=standing.totals.in_marks)


def _limit_sentence(title: str, limit: Limit) -> str:
    return f"{title} needs this to be put right: {limit.because}"


def _required_points(sheet: Sheet, standing: Standing) -> dict[str, int]:
    """The least point of each knocked-out criterion's scale that its requirement allows."""
    points = {}
    for code in standing.knocked_out:
        criterion = sheet.framework.criterion(code)
        required, scale = criterion.required[standing.level.code], criterion.scale
        if code in standing.points:
            points[code] = next(point for point in scale.from_worst if scale.reaches(point, required))
    return points


def _meets(sheet: Sheet, standing: Standing, changes: Mapping[str, int]) -> bool:
    points, level = {**standing.points, **changes}, standing.level
    summed = totals(sheet.framework, points, sheet.facts)
    if level.cut_off is not None and (summed.measure is None or summed.measure < level.cut_off):
        return False  # the quick answer, before limits are looked at
    return stand(sheet, level, points, summed).met


def _by_point(sheet: Sheet, lifts: Mapping[str, int]) -> dict[str, list[str]]:
    """What is needed, as sentences name it -> the codes where that is enough, the least first."""
    grouped: dict[tuple[int, str], list[str]] = {}
    for code, point in lifts.items():
        grouped.setdefault((point, sheet.framework.criterion(code).scale.said(point)), []).append(code)
    return {said: codes for (_, said), codes in sorted(grouped.items())}


def _offer(sheet: Sheet, title: str, point: str, codes: list[str]) -> str:
    named = codes[:NAMED_AT_MOST]
    if len(codes) > NAMED_AT_MOST:
        named.append(f"one of {len(codes) - NAMED_AT_MOST:,} others")
    return f"{title} needs {point} in {joined(named, 'or')}."


def _not_scored(sheet: Sheet, level: Level) -> tuple[str, ...]:
    missing = [code for code in sheet.missing if sheet.framework.rank_of(code) <= level.rank]
    if not missing:
        return ()
    return (f"{counted(len(missing), 'criterion has', 'criteria have')} no score yet, so this may change.",)
