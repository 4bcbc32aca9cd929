"""Modifiers, caps and ratings: what stands above the plain sum of a node or of the whole."""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from app.domain.framework import Criterion, Framework, Limit, Node, RateBy, Rater, Row, Way
from app.domain.scoring.holding import Scope, holds, rating_of_criterion
from app.domain.scoring.parts import NodeTotal


def with_added(share: Fraction | None, way: Way, scope: Scope) -> tuple[Fraction | None, tuple[str, ...]]:
    """The share after the modifiers of its way, kept in range, and the reasons of those that were added."""
    if share is None or not way.add:
        return share, ()
    added = [each for each in way.add if holds(each.when, scope)]
    moved = share + sum((each.by for each in added), Fraction(0))
    return min(max(moved, way.low), way.high), tuple(str(each.because) for each in added)


def with_caps(
    share: Fraction | None, limits: Iterable[Limit], scope: Scope
) -> tuple[Fraction | None, tuple[Limit, ...]]:
    """The share after the limits that cap it, and those that bit."""
    if share is None:
        return share, ()
    bit = tuple(each for each in limits if each.cap is not None and each.cap < share and holds(each.when, scope))
    return min([share, *(each.cap for each in bit if each.cap is not None)]), bit


def rated(total: NodeTotal, rater: Rater | None, scope: Scope) -> NodeTotal:
    """A node's total after its modifiers, its caps and its rating. `scope` is the node's own."""
    share, added = with_added(total.share, total.way, scope)
    capped, bit = with_caps(share, rater.limits if rater else (), replace(scope, share=share))
    total = replace(total, share=capped, added=added, limits=bit)
    if rater is None:
        return total
    own = replace(scope, share=capped)
    rank, row = rate(rater, own)
    if rank is None:
        return total
    held, holding = _held_down(rank, rater, own)
    return replace(total, rating=held, row=row, limits=(*bit, *holding))


def rate(rater: Rater, scope: Scope) -> tuple[int | None, Row | None]:
    """The rank that a rater gives, None where there is nothing to rate, and the row that decided if a table did."""
    framework = scope.framework
    match rater.by:
        case RateBy.BANDS:
            measure = scope.marks if rater.in_marks else scope.share
            reached = [band for band in rater.bands if measure is not None and band.start <= measure]
            return (None if measure is None else framework.rating_rank(reached[-1].code) if reached else -1), None
        case RateBy.TABLE:
            if not scope.criteria(()):
                return None, None
            row = first_row(rater, scope)
            return (framework.rating_rank(row.rating), row) if row else (None, None)
        case RateBy.LEVELS:
            return _staged(scope), None
        case _:
            ranks = sorted(_ranks_below(scope))
            return (_of_ranks(rater.by, ranks) if ranks else None), None


def first_row(rater: Rater, scope: Scope) -> Row | None:
    """The first row of the table that holds."""
    return next((row for row in rater.rows if row.when is None or holds(row.when, scope)), None)


def _of_ranks(by: RateBy, ranks: list[int]) -> int:
    """Best fit is the middle one, the lower of two: no other rating is nearer to all of them together."""
    if by is RateBy.LOWEST:
        return ranks[0]
    return ranks[-1] if by is RateBy.HIGHEST else ranks[(len(ranks) - 1) // 2]


def _ranks_below(scope: Scope) -> list[int]:
    """The ratings of what stands directly below: rated nodes, criteria judged in words, else what is below those."""
    children = scope.node.children if scope.node else scope.framework.roots
    ranks = _ranks_of(scope, scope.node.criteria if scope.node else ())
    for child in children:
        ranks += _ranks_at(scope, child)
    return ranks


def _ranks_at(scope: Scope, node: Node) -> list[int]:
    if scope.framework.rater_of(node) is not None:
        rating = scope.nodes[node.code].rating
        return [] if rating is None else [rating]
    below = [rank for child in node.children for rank in _ranks_at(scope, child)]
    return below + _ranks_of(scope, node.criteria)


def _ranks_of(scope: Scope, criteria: Iterable[Criterion]) -> list[int]:
    counting = [each for each in criteria if each.code in scope.points]
    ranks = [rating_of_criterion(scope.framework, each, scope.points[each.code]) for each in counting]
    return [rank for rank in ranks if rank is not None]


def _staged(scope: Scope) -> int | None:
    """The highest level of which every criterion is met, with those of all levels below it; -1 where not even the lowest.

    Where a level asks nothing here, nothing here holds it back.
    """
    rank_of, criteria = scope.framework.rank_of, scope.criteria(())
    if not criteria:
        return None
    failed = [rank_of(each.code) for each in criteria if not each.scale.met(scope.points[each.code])]
    return rating_of_level(scope.framework, min(failed) - 1 if failed else max(rank_of(code) for code in scope.points))


def rating_of_level(framework: Framework, level: int) -> int:
    """The rank of the rating that is called as the level of that rank; -1 below the lowest."""
    return framework.rating_rank(framework.levels[level].code) if level >= 0 else -1


def level_of_rating(framework: Framework, rating: int | None) -> int:
    """The rank of the highest level whose rating is not above this one; -1 where there is none, or nothing is rated."""
    if rating is None:
        return -1
    return max((level.rank for level in framework.levels if framework.rating_rank(level.code) <= rating), default=-1)


def _held_down(rank: int, rater: Rater, scope: Scope) -> tuple[int, tuple[Limit, ...]]:
    """The rank after the limits, and those that held it down."""
    framework = scope.framework
    found = [
        (framework.rating_rank(limit.at_most or ""), limit)
        for limit in rater.limits
        if limit.cap is None and framework.rating_rank(limit.at_most or "") < rank and holds(limit.when, scope)
    ]
    return min([rank, *(at_most for at_most, _ in found)]), tuple(limit for _, limit in found)


def rating_title(framework: Framework, rank: int | None) -> str:
    """A rating's words; "" where there is none to give."""
    if rank is None:
        return ""
    return str(framework.ratings[rank].title) if rank >= 0 else str(framework.outcome.none or "Not yet")
