"""What is worked out over the whole register and kept in this worker until the register changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from sqlalchemy import Engine, func, select

from app.extensions import db
from app.models import RegisterEntry

State = tuple[int, int]
Value = TypeVar("Value")


def register_state() -> State:
    """What changes with every change of the register: its highest revision and number. One statement, from two indexes."""
    revision, last = db.session.execute(
        select(
            select(func.max(RegisterEntry.revision)).scalar_subquery(),
            select(func.max(RegisterEntry.id)).scalar_subquery(),
        )
    ).one()
    return revision or 0, last or 0


class _Keeper(Protocol):
    def forget(self) -> None: ...


_keepers: WeakSet[_Keeper] = WeakSet()


def keeps(keeper: _Keeper) -> None:
    """Have it forget what it keeps with all others."""
    _keepers.add(keeper)


def forget_all() -> None:
    """Work everything out anew: for when the tables were emptied, or brought back from elsewhere with revisions used twice."""
    for keeper in _keepers:
        keeper.forget()


class Kept(Generic[Value]):
    """The latest values by key, at most `most`, each with the state that it was worked out in.

    One thread works at a value while others wait for it: what takes a second at a million entries is done once.
    """

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._held: WeakKeyDictionary[Engine, OrderedDict[Hashable, tuple[Hashable, Value]]] = WeakKeyDictionary()
        self._lock = Lock()
        keeps(self)

    def get(self, key: Hashable, state: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key` as of `state`; made where it is not held."""
        with self._lock:
            held = self._held.setdefault(db.engine, OrderedDict())
            found = held.get(key)
            if found is None or found[0] != state:
                found = (state, make())
                held[key] = found
            held.move_to_end(key)
            while len(held) > self._most:
                held.popitem(last=False)
            return found[1]

    def peek(self, key: Hashable) -> tuple[Value, Hashable] | None:
        """What is held for `key` and the state that it was worked out in, however old."""
        with self._lock:
            found = self._held.get(db.engine, OrderedDict()).get(key)
        return (found[1], found[0]) if found else None

    def forget(self) -> None:
        """Make everything anew from now on."""
        with self._lock:
            self._held.clear()
