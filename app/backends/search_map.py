"""Entries on a map: how many there are in each of its squares, counted in arrays however many there are."""

from __future__ import annotations

import numpy as np

from app.backends.search_columns import NOWHERE, Columns
from app.backends.search_day import first_by
from app.backends.search_store import Numbers
from app.backends.searching import Box, Mapped, Square


def mapped(positions: Numbers, columns: Columns, lots: Numbers, box: Box, most: int) -> Mapped:
    """Squares and the first `most` by lot, of entries at these positions."""
    easts, norths = columns["east"][positions], columns["north"][positions]
    placed = int(np.count_nonzero(easts != NOWHERE))
    inside = (easts >= box.west) & (easts <= box.east) & (norths >= box.south) & (norths <= box.north)
    positions, easts, norths = positions[inside], easts[inside], norths[inside]
    if not len(positions):
        return Mapped(placed)
    rows = int(box.north // box.side) + 2  # one more than there are, so that no two squares have the same number
    keys = (easts // box.side).astype(np.int64) * rows + (norths // box.side).astype(np.int64)
    lowest = int(keys.min())
    keys -= lowest
    counts = np.bincount(keys)
    known = np.flatnonzero(counts)
    sums = [np.bincount(keys, each)[known] for each in (easts, norths)]
    ids = columns["entry"][positions]
    first = np.full(len(counts), np.iinfo(np.int64).max)
    np.minimum.at(first, keys, ids)
    order = np.lexsort((first[known], -counts[known]))
    squares = [
        Square(
            int(counts[known[n]]), sums[0][n] / counts[known[n]], sums[1][n] / counts[known[n]], int(first[known[n]])
        )
        for n in order.tolist()
    ]
    number = np.zeros(len(counts), np.int64)
    number[known[order]] = np.arange(len(order))
    drawn = first_by(np.arange(len(positions)), (lots[positions].astype(np.int64) << 31) | ids, most)
    return Mapped(placed, tuple(squares), tuple((int(ids[n]), int(number[keys[n]])) for n in drawn))


def nowhere(positions: Numbers, columns: Columns) -> int:
    """How many of these say not where they are."""
    return int(np.count_nonzero(columns["east"][positions] == NOWHERE))
