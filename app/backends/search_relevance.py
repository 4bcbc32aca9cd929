"""What comes first by its words: a word counts the more, the rarer it is and the more telling the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from pyroaring import BitMap

from app.backends.search_terms import Tiers
from app.backends.searching import FIELDS

TIER_WEIGHT = (8.0, 4.0, 2.0, 1.0)
RANKED_UNITS = 3  # beyond the three rarest, words must be there but do not rank


def by_relevance(matched: BitMap, units: Sequence[tuple[Tiers, int]], named: BitMap) -> Iterator[BitMap]:
    """The matched entries in groups of equal relevance, the best first. `units` are their tiers and how many have them.

    Whoever is `named` exactly so comes before everybody.
    """
    exactly = matched & named
    if exactly:
        yield exactly
        matched = matched - exactly
    rarest = sorted(units, key=lambda unit: unit[1])[:RANKED_UNITS]
    if not rarest:
        yield matched
        return
    steps = tuple(round(32 / (1 + count) ** 0.5, 6) for _, count in rarest)
    yield from _groups(matched, [tiers for tiers, _ in rarest], _combinations(steps))


@lru_cache(maxsize=256)
def _combinations(rarity: tuple[float, ...]) -> list[tuple[int, ...]]:
    """For each ranked unit the tier in which it stands: every combination, the best first."""
    weighed = product(*([(-rare * weight) for weight in TIER_WEIGHT] for rare in rarity))
    scores = list(map(sum, weighed))
    tiers = list(product(range(len(FIELDS)), repeat=len(rarity)))
    return [tiers[place] for place in sorted(range(len(tiers)), key=scores.__getitem__)]


def _groups(matched: BitMap, units: Sequence[Tiers], combinations: Sequence[tuple[int, ...]]) -> Iterator[BitMap]:
    """The entries of each combination. What two combinations begin with in common is worked out once."""
    begun: dict[tuple[int, ...], BitMap] = {(): matched}

    def having(tiers: tuple[int, ...]) -> BitMap:
        known = begun.get(tiers)
        if known is None:
            before = having(tiers[:-1])
            known = begun[tiers] = before & units[len(tiers) - 1][tiers[-1]] if before else before
        return known

    for tiers in combinations:
        group = having(tiers)
        if group:
            yield group
