"""Ratings of branches and the decision over the whole, as functions of sheets being worked out."""

from collections.abc import Callable, Iterable, Sequence

from app.domain.conditions import When
from app.domain.framework import Framework, RateBy, Rater
from app.domain.scoring.branches import Branch, Tree, excluded_point
from app.domain.scoring.compiled import Condition, Ranks, Rate, Working
from app.domain.scoring.compiled_conditions import compile_when
from app.domain.scoring.holding import rating_of_criterion
from app.domain.scoring.rating import level_of_rating, rating_of_level

Rows = list[tuple[int, Condition | None]]


def compile_raters(tree: Tree) -> dict[int, Rate]:
    """How each branch that is rated comes to its rating, by the id of the branch."""
    framework = tree.framework
    raters = {}
    for branch in tree.by_code.values():
        rater = framework.rater_of(branch.node) if branch.node else None
        if rater:
            raters[id(branch)] = _compile_rater(rater, tree, branch)
    return raters


def compile_decision(tree: Tree) -> Callable[[Working], list[int]]:
    """The rank of the level that the table or the ratings below give the whole, -1 for no award."""
    framework = tree.framework
    rater = framework.outcome.rater
    assert rater is not None
    levels = {level.code: level.rank for level in framework.levels}
    if rater.by is RateBy.TABLE:
        rows = [(levels.get(row.rating, -1), _row(row.when, tree, tree.whole)) for row in rater.rows]
        return lambda working: _first(rows, working)
    rate = _compile_rater(rater, tree, tree.whole)
    known = {rank: level_of_rating(framework, rank) for rank in (None, -1, *(each.rank for each in framework.ratings))}
    return lambda working: [known[rank] for rank in rate(working)]


def _row(when: When | None, tree: Tree, branch: Branch) -> Condition | None:
    return None if when is None else compile_when(when, tree, branch)


def _first(rows: Rows, working: Working) -> list[int]:
    """For each sheet the rank of the first row that holds."""
    columns = [[True] * len(working.rows) if holds is None else holds(working) for _, holds in rows]
    ranks = [rank for rank, _ in rows]
    found = zip(*columns, strict=True)
    return [next((rank for rank, truth in zip(ranks, row, strict=True) if truth), -1) for row in found]


def _compile_rater(rater: Rater, tree: Tree, branch: Branch) -> Rate:
    framework = tree.framework
    plain = _compile_plain(rater, tree, branch)
    if not rater.limits:
        return plain
    limits = [
        (framework.rating_rank(limit.at_most or ""), compile_when(limit.when, tree, branch)) for limit in rater.limits
    ]

    def rate(working: Working) -> Ranks:
        ranks = plain(working)
        for at_most, holds in limits:
            rows = zip(ranks, holds(working), strict=True)
            ranks = [min(rank, at_most) if rank is not None and held else rank for rank, held in rows]
        return ranks

    return rate


def _compile_plain(rater: Rater, tree: Tree, branch: Branch) -> Rate:
    match rater.by:
        case RateBy.BANDS:
            return lambda working: _by_bands(rater, tree.framework, branch, working)
        case RateBy.TABLE:
            rows = [(tree.framework.rating_rank(row.rating), _row(row.when, tree, branch)) for row in rater.rows]
            return lambda working: _where_counting(branch, working, _first(rows, working))
        case RateBy.LEVELS:
            return lambda working: [_staged(branch, working, states) for states in working.rows]
        case by:
            return lambda working: [_of_ranks(by, row) for row in _ranks_below(tree, branch, working)]


def _where_counting(branch: Branch, working: Working, ranks: list[int]) -> Ranks:
    return [rank if counts else None for rank, counts in zip(ranks, working.counts(branch), strict=True)]


def _by_bands(rater: Rater, framework: Framework, branch: Branch, working: Working) -> Ranks:
    measure = working.marks_of(branch) if rater.in_marks else working.share(branch)
    ranks: Ranks = [None if each is None else -1 for each in measure]
    for band in rater.bands:
        rank = framework.rating_rank(band.code)
        ranks = [
            rank if reached else known
            for known, reached in zip(ranks, working.reaches(measure, band.start), strict=True)
        ]
    return ranks


def _staged(branch: Branch, working: Working, states: Sequence[int]) -> int | None:
    tree = working.tree
    met = [(tree.ranks[place], tree.met[place][states[place]]) for place in working.points(branch.below)]
    counting = [(rank, each) for rank, each in met if each is not None]
    if not counting:
        return None
    failed = [rank for rank, each in counting if not each]
    if failed:
        return rating_of_level(tree.framework, min(failed) - 1)
    everywhere = working.points(tree.whole.below)
    highest = max(tree.ranks[place] for place in everywhere if tree.counting[place][states[place]])
    return rating_of_level(tree.framework, highest)


def _of_ranks(by: RateBy, found: Iterable[int | None]) -> int | None:
    ranks = sorted(rank for rank in found if rank is not None)
    if not ranks:
        return None
    if by is RateBy.LOWEST:
        return ranks[0]
    return ranks[-1] if by is RateBy.HIGHEST else ranks[(len(ranks) - 1) // 2]


def _ranks_below(tree: Tree, branch: Branch, working: Working) -> list[tuple[int | None, ...]]:
    """For each sheet the ratings of what stands directly below."""
    columns = _columns_below(tree, branch, working)
    return list(zip(*columns, strict=True)) if columns else [()] * len(working.rows)


def _columns_below(tree: Tree, branch: Branch, working: Working) -> list[Ranks]:
    columns = []
    for place in working.points(branch.direct):
        ranks = _ratings_by_state(tree, place)
        columns.append([ranks[states[place]] for states in working.rows])
    for inner in branch.inner:
        columns += [working.rating(inner)] if id(inner) in working.raters else _columns_below(tree, inner, working)
    return columns


def _ratings_by_state(tree: Tree, place: int) -> tuple[int | None, ...]:
    criterion = tree.criteria[place]
    ranks = (rating_of_criterion(tree.framework, criterion, value) for value in criterion.scale.values)
    excluded = excluded_point(criterion.scale, tree.framework.outcome.not_applicable)
    out = None if excluded is None else rating_of_criterion(tree.framework, criterion, excluded)
    return (None, out, None, *ranks)
