"""What a life is: the states of a thing, the only moves between them, and what each move needs and sets off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from app.domain.actions import Action
from app.domain.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of move, in words. `by` is the permission it takes, several where any of them does; none: the clock alone.

    `also_clock` tells that the clock may make it too. `needs` is a sentence, `sends` names templates of e-mails.
    """

    by: tuple[Action, ...]
    needs: str
    sends: tuple[str, ...] = ()
    also_clock: bool = False


@dataclass(frozen=True, slots=True)
class Life(Generic[S, M]):
    """The whole life of one kind of thing. `says` explains each state; `begins` are those in which one starts.

    `never_stored` are states that the calendar decides and no row holds.
    """

    noun: str
    states: type[S]
    kinds: type[M]
    begins: frozenset[S]
    moves: Mapping[tuple[S, M], S]
    steps: Mapping[M, Step]
    says: Mapping[S, str]
    never_stored: frozenset[S] = frozenset()

    def ends(self) -> frozenset[S]:
        """The states that nothing leads out of."""
        return frozenset(self.states) - frozenset(state for state, _ in self.moves)

    def after(self, status: S, move: M) -> S:
        """The status that `move` leads to. Raises IllegalMove."""
        return after(self.moves, status, move, self.noun)

    def open_to(self, status: S) -> tuple[M, ...]:
        """The moves that are possible in `status`, in the order in which they are declared."""
        return tuple(move for move in self.kinds if (status, move) in self.moves)


def after(moves: Mapping[tuple[S, M], S], status: S, move: M, noun: str) -> S:
    """The status that `move` leads to. Raises IllegalMove, naming the `noun` ("application"), where there is none."""
    try:
        return moves[status, move]
    except KeyError:
        words = status.value.replace("-", " ")
        raise IllegalMove(f"You cannot {move.value} this {noun} now: it is {words}.") from None
