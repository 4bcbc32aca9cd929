"""Figures over the whole register, kept by part: read in full once, and then again only for parts in which an entry changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Integer, literal_column, or_, select

from app.extensions import db
from app.models import RegisterEntry
from app.queries.kept import State, keeps, register_state

Value = TypeVar("Value")
MOST_ANEW = 50
"""Changed parts, beyond which all are read again: that is one walk, and these would be as many."""


class KeptParts(Generic[Value]):
    """A value for each part of the register: entries whose `column`, divided by `size`, is the part's number.

    `read` gives the values of the parts that a condition leaves, by number; a part without entries has none.
    """

    def __init__(
        self, column: Any, size: int, read: Callable[[ColumnElement[bool]], Mapping[int, Value]], first: int = 0
    ) -> None:
        self.size = size
        self._column, self._read, self._first = column, read, first
        self._held: WeakKeyDictionary[Engine, tuple[State, dict[int, Value]]] = WeakKeyDictionary()
        self._lock = Lock()
        keeps(self)

    @property
    def number(self) -> ColumnElement[int]:
        """The number of an entry's part, for the statement that reads them.

        Figures in words of SQL and not as parameters: PostgreSQL would not know the same twice, to group by it.
        """
        first, size = (literal_column(str(figure), Integer) for figure in (self._first, self.size))
        return (self._column - first) // size

    def within(self, part: int) -> ColumnElement[bool]:
        """Whether an entry is in that part."""
        begin = part * self.size + self._first
        return self._column.between(begin, begin + self.size - 1)

    def get(self) -> Mapping[int, Value]:
        """The value of each part as the register is now, in the order of the parts."""
        state = register_state()
        with self._lock:
            held = self._held.get(db.engine)
            if held is None or held[0] != state:
                held = (state, self._anew(held, state))
                self._held[db.engine] = held
            return held[1]

    def forget(self) -> None:
        """Read everything anew from now on."""
        with self._lock:
            self._held.clear()

    def _anew(self, held: tuple[State, dict[int, Value]] | None, state: State) -> dict[int, Value]:
        whole = self._column.is_not(None)
        if held is None or held[0][0] > state[0]:
            return dict(sorted(self._read(whole).items()))
        (revision, _), known = held
        asked = select(self.number).where(RegisterEntry.revision > revision).distinct().limit(MOST_ANEW + 1)
        changed = db.session.scalars(asked).all()
        if len(changed) > MOST_ANEW:
            return dict(sorted(self._read(whole).items()))
        kept = {part: value for part, value in known.items() if part not in changed}
        if changed:
            kept |= self._read(or_(*map(self.within, changed)))
        return dict(sorted(kept.items()))
