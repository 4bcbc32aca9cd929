"""Entries on a map, counted by PostgreSQL: the twin of app.backends.search_map."""

# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, text

from app.backends.postgres_query import Sql
from app.backends.searching import AREA, Box, Mapped, Square


def mapped(connection: Connection, sql: Sql, where: str, today: date, shown: tuple[Box, int]) -> Mapped:
    """Squares and the first by lot, of entries `where` the condition holds. `shown` is the map, and how many to draw."""
    box, most = shown
    placed = text(f"SELECT count(*) FROM register_search.entry WHERE {where} AND easting IS NOT NULL")
    count = connection.execute(placed, sql.values).scalar_one()
    side, west, east, south, north = map(sql.bind, (box.side, box.west, box.east, box.south, box.north))
    square = f"floor(easting / CAST({side} AS float8)), floor(northing / CAST({side} AS float8))"
    inside = (
        f"FROM register_search.entry WHERE {where} AND easting BETWEEN CAST({west} AS float8) AND CAST({east} AS float8)"
        f" AND northing BETWEEN CAST({south} AS float8) AND CAST({north} AS float8)"
    )
    middle = "count(*), avg(easting::float8), avg(northing::float8), min(entry_id)"
    squares = connection.execute(text(f"SELECT {square}, {middle} {inside} GROUP BY 1, 2"), sql.values).all()
    squares = sorted(squares, key=lambda row: (-row[2], row[5]))
    number = {(row[0], row[1]): place for place, row in enumerate(squares)}
    drawn = text(f"SELECT entry_id, {square} {inside} ORDER BY {sql.lot(today)}, entry_id LIMIT {int(most)}")
    rows = connection.execute(drawn, sql.values).all()
    return Mapped(
        count, tuple(Square(*row[2:]) for row in squares), tuple((row[0], number[row[1], row[2]]) for row in rows)
    )


def without_place(connection: Connection, sql: Sql, where: str, councils: Sequence[str]) -> Mapping[str, int]:
    """How many without a place work in each of these councils."""
    codes = sql.bind([f"{AREA}:{code}" for code in councils])
    wanted = f"CAST({codes} AS text[])"
    statement = (
        f"SELECT code, count(*) FROM register_search.entry, unnest(codes) code WHERE {where} AND easting IS NULL"
        f" AND codes && {wanted} AND code = ANY({wanted}) GROUP BY code"
    )
    rows = connection.execute(text(statement), sql.values)
    return {code.partition(":")[2]: count for code, count in rows}
