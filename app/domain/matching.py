"""Which criterion of one edition is which of another: by its code, or by the codes that it says it had before."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from app.domain.framework import Criterion, Framework

Matches = Mapping[str, tuple[str, ...]]
"""Each criterion's code in the newer edition -> its codes in the older one: none where it is new, several where merged."""


def matches(old: Framework, new: Framework) -> Matches:
    """What each criterion of `new` was in `old`.

    `was` decides where it names codes of `old`; otherwise the same code is the same criterion.
    """
    known = {criterion.code for criterion in old.criteria}
    return {criterion.code: _origins(criterion, known) for criterion in new.criteria}


def _origins(criterion: Criterion, known: set[str]) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(code for code in criterion.was if code in known))
    return named or ((criterion.code,) if criterion.code in known else ())


def matches_along(editions: Sequence[Framework]) -> Matches:
    """What each criterion of the last of these editions was in the first, step by step through those between.

    So a criterion that took a new code twice is still found. `editions` are in their order, at least one.
    """
    found: Matches = {criterion.code: (criterion.code,) for criterion in editions[0].criteria}
    for old, new in pairwise(editions):
        step = matches(old, new)
        found = {code: _through(found, origins) for code, origins in step.items()}
    return found


def _through(before: Matches, codes: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(origin for code in codes for origin in before[code]))


def successors(found: Matches) -> dict[str, tuple[str, ...]]:
    """The other way round: an old code -> the new codes that it lives on in; several where it was split."""
    onward: dict[str, tuple[str, ...]] = {}
    for new_code, origins in found.items():
        for origin in origins:
            onward[origin] = (*onward.get(origin, ()), new_code)
    return onward
