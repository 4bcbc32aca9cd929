"""A question to the register's index as plain values that a row can keep, and back."""

from __future__ import annotations

from typing import Any

from app.backends.searching import Near, Query, Reach


def as_values(query: Query) -> dict[str, Any]:
    """What is asked, without the page and the order: they have no part in what fits."""
    near = query.near
    return {
        "words": query.words,
        "filters": {facet: sorted(codes) for facet, codes in sorted(query.filters.items())},
        "near": near
        and {
            "easting": near.easting,
            "northing": near.northing,
            "miles": near.miles,
            "area": near.area_code,
            "reach": near.reach.value,
        },
    }


def from_values(values: dict[str, Any]) -> Query:
    """The question that `as_values` wrote down."""
    near = values["near"]
    return Query(
        words=values["words"],
        filters={facet: frozenset(codes) for facet, codes in values["filters"].items()},
        near=near and Near(near["easting"], near["northing"], near["miles"], near["area"], Reach(near["reach"])),
    )
