"""What a column of a table is: its name, kind, words and limits. Every format and every description is made from this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Value = str | int | bool | date | datetime | None
"""What a cell may hold. An empty text is None: a value that is not said."""


class Kind(StrEnum):
    """The kind of a column's values."""

    TEXT = "text"
    WHOLE = "whole"  # a whole number
    YES_NO = "yes-no"
    DAY = "day"
    MOMENT = "moment"  # aware, UTC
    LINK = "link"  # a full web address


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `codes` are the only values that occur; `least` is the smallest whole number."""

    name: str
    kind: Kind
    title: str
    words: str
    required: bool = False
    unique: bool = False
    codes: tuple[str, ...] = ()
    pattern: str = ""
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """That `column` of a table holds a value of `of_column` in the table `table`."""

    column: str
    table: str
    of_column: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `key` are the columns that tell its rows apart; rows stand in the order in which they were published."""

    name: str
    title: str
    words: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[Reference, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def position(self, name: str) -> int:
        """Where a column stands, from 0. Raises ValueError."""
        return self.names.index(name)
