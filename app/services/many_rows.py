"""Hundreds of rows of one table in one statement, without an object of each. Not a use-case: others call it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from app.extensions import Base


def add_many(session: Session, kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Add these rows, which all name the same columns. Their ids, in order.

    The ids are taken before: asking the database for each would split the rows into many statements.
    """
    if not rows:
        return []
    table = kind.metadata.tables[kind.__tablename__]
    ids = _next_ids(session, table, len(rows))
    session.execute(insert(table), [{**row, "id": row_id} for row, row_id in zip(rows, ids, strict=True)])
    return ids


def change_many(session: Session, kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Set what each of these says at the row with its `id`; they all name the same columns."""
    if not rows:
        return
    table = kind.metadata.tables[kind.__tablename__]
    columns = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in rows[0] if name != "id"}
    changed = update(table).where(table.c.id == bindparam("row_id")).values(columns)
    values = [{("row_id" if name == "id" else f"new_{name}"): value for name, value in row.items()} for row in rows]
    session.connection().execute(changed, values)


def _next_ids(session: Session, table: Table, count: int) -> list[int]:
    """Ids that nobody else takes: of the sequence, or on SQLite, where one transaction writes at a time, the next ones."""
    if session.get_bind().dialect.name == "postgresql":
        numbers = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        return list(session.scalars(numbers, {"name": table.name, "count": count}))
    first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
    return list(range(first, first + count))
