"""Small statements that many requests begin with, run on a plain connection: past the session and its transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select
from sqlalchemy.engine import Engine

from app.extensions import db


class PlainQuery:
    """A statement that is compiled once for each engine, and then costs what the database takes for it.

    Its parameters and columns must be such as drivers take and give themselves: text and whole numbers. It sees what is
    committed, and not what this request's own session is about to write.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._compiled: tuple[Engine | None, str, dict[str, Any], list[str] | None] = (None, "", {}, None)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row for these parameters; None where there is none."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        """Every row for these parameters: for statements that bound their rows themselves."""
        engine = db.engine
        if self._compiled[0] is not engine:
            compiled = self._statement.compile(dialect=engine.dialect)
            self._compiled = (engine, compiled.string, dict(compiled.params), compiled.positiontup)
        _, text, constants, order = self._compiled
        named = {**constants, **values}
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(text, named if order is None else [named[name] for name in order])
            found: list[tuple[Any, ...]] = cursor.fetchall()
            cursor.close()
        finally:
            connection.close()
        return found
