"""The facets of the register: their names, the codes that each knows, and what to offer of those that were counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from heapq import nsmallest
from typing import NamedTuple

from app.backends.geography import ICB, REGION, group_names, present_code, present_groups
from app.backends.postcodes import area_names
from app.domain.lifecycle import LEFT_OUT
from app.domain.offers import TAKING_WORDS, Taking
from app.domain.size import SIZE_WORDS, SIZES
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, SERVICES, titles
from app.queries.register_rows import STATUS_TITLES

FACET_TITLES: Mapping[str, str] = {
    "service": "Service",
    "availability": "Room for new people",
    "group": "Who it is for",
    "area": "Council area",
    "region": "Region",
    "icb": "Integrated care board",
    "level": "Level",
    "status": "Status",
    "scheme": "Scheme",
    "size": "Size",
    "language": "Language",
    "access": "Access",
}
FACETS = tuple(FACET_TITLES)
OF_EDITIONS = ("level", "scheme")
"""Facets whose codes the schemes make up: the database knows them, and no list."""

ORDERED: Mapping[str, Sequence[str]] = {
    "availability": tuple(taking.value for taking in Taking),
    "status": tuple(status.value for status in STATUS_TITLES if status not in LEFT_OUT),
    "size": SIZES,
}
"""Facets whose codes have an order of their own. The others stand by their counts."""


class Choice(NamedTuple):
    """One code of a facet: how many entries there would be, and whether it is chosen."""

    code: str
    title: str
    count: int  # type: ignore[assignment]  # what a tuple calls count is of no use here
    chosen: bool


@lru_cache(maxsize=1)
def known_names() -> Mapping[str, Mapping[str, str]]:
    """The title of each code by facet, for all facets but those of OF_EDITIONS."""
    return {
        "service": titles(SERVICES),
        "group": titles(CLIENT_GROUPS),
        "area": area_names(),
        "region": group_names(REGION),
        "icb": group_names(ICB),
        "status": {status.value: words for status, words in STATUS_TITLES.items() if status not in LEFT_OUT},
        "size": SIZE_WORDS,
        "language": titles(LANGUAGES),
        "access": titles(ACCESS),
        "availability": {taking.value: words for taking, words in TAKING_WORDS.items()},
    }


def title_of(facet: str, code: str, schemes: Mapping[str, str]) -> str:
    """A code's title. `schemes` maps the codes of schemes to their titles."""
    names = schemes if facet == "scheme" else known_names().get(facet, {})
    return names.get(code) or code.replace("-", " ").capitalize()


def present_codes(facet: str, code: str) -> tuple[str, ...]:
    """The codes that stand today for one that may have ended: councils and care boards that were merged."""
    if facet == "area":
        return (present_code(code),)
    if facet == "icb":
        return present_groups(code) or (code,)
    return (code,)


@lru_cache(maxsize=len(FACETS))
def _ranks(facet: str) -> Mapping[str, int]:
    """The place of each code of a facet in the order of titles."""
    names = known_names().get(facet, {})
    return {code: place for place, code in enumerate(sorted(names, key=lambda code: names[code]))}


def _most_first(facet: str, found: Mapping[str, int], schemes: Mapping[str, str]) -> list[str]:
    """The codes by count, and by title where counts are the same."""
    ranks = _ranks(facet)
    if not found.keys() <= ranks.keys():
        return sorted(found, key=lambda code: (-found[code], title_of(facet, code, schemes)))
    codes = sorted(found, key=ranks.__getitem__)
    codes.sort(key=found.__getitem__, reverse=True)  # leaves those of one count in the order of titles
    return codes


def choices(
    facet: str,
    counts: Mapping[str, int],
    chosen: frozenset[str],
    schemes: Mapping[str, str],
    most: int | None = None,
) -> tuple[tuple[Choice, ...], int]:
    """What to offer of a facet, and how many more there are: what is chosen, and the most frequent up to `most`."""
    found = {**dict.fromkeys(chosen, 0), **{code: count for code, count in counts.items() if count or code in chosen}}
    order = ORDERED.get(facet)
    if order is not None:
        codes = [code for code in order if code in found][:most]
    elif most is None:
        codes = _most_first(facet, found, schemes)
    else:  # titles only of those that are shown: a register has hundreds of councils
        codes = nsmallest(most, found, key=lambda code: (-found[code], code))
        codes.sort(key=lambda code: (-found[code], title_of(facet, code, schemes)))
    codes += [code for code in sorted(chosen) if code not in codes]
    names = schemes if facet == "scheme" else known_names().get(facet, {})
    offered = tuple(
        Choice(code, names[code] if code in names else title_of(facet, code, schemes), found[code], code in chosen)
        for code in codes
    )
    return offered, len(found) - len(offered)
