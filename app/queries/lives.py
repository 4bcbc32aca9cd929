"""The lives of cases and awards as rows to be read: who makes which move, what it needs and what it sends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.access import RULES, Role
from app.domain.lifecycle import LIVES, Life, Step
from app.domain.wording import joined

ROLE_WORDS: Mapping[Role, str] = {
    Role.LEAD: "a lead of the provider",
    Role.CONTRIBUTOR: "the provider's people",
    Role.ASSESSOR: "an assessor",
    Role.PANEL_MEMBER: "a panel member",
    Role.MANAGER: "a scheme manager",
    Role.AUDITOR: "an auditor",
}
CLOCK = "the clock"
TITLES: Mapping[str, str] = {
    "application": "An application",
    "assessment": "One assessor's work",
    "finding": "A finding",
    "report": "A report",
    "panel": "A panel",
    "decision": "A decision",
    "award": "An award",
    "condition": "A condition of an award",
    "surveillance": "A yearly look at an award",
    "appeal": "An appeal",
    "complaint": "A complaint",
}


@dataclass(frozen=True)
class StateRow:
    """A state and what it means. `how` says that one begins or ends there, or that only the calendar says it."""

    name: str
    says: str
    how: str


@dataclass(frozen=True)
class MoveRow:
    """A move: from which states to which, by whom, what it needs, and which messages go out."""

    move: str
    ways: tuple[tuple[str, str], ...]
    who: str
    needs: str
    sends: tuple[str, ...]


@dataclass(frozen=True)
class LifeOnPage:
    """One life. `picture` is the file that shows it, `pairs` how many pairs of state and move there are, possible or not."""

    noun: str
    title: str
    picture: str
    states: tuple[StateRow, ...]
    moves: tuple[MoveRow, ...]
    pairs: int
    possible: int


def lives() -> tuple[LifeOnPage, ...]:
    """Every life, in the order in which a case meets them."""
    return tuple(_on_page(life) for life in LIVES)


def picture_of(life: Life[Any, Any]) -> str:
    """The name of the picture's file."""
    return f"life-{life.noun.replace(' ', '-')}.svg"


def words(value: str) -> str:
    """A state as people say it."""
    return value.replace("-", " ")


def move_words(value: str) -> str:
    """A move by itself: "change the scope" of what is changed "of"."""
    return re.sub(r" (of|for|on|to|over|against)$", "", words(value))


def _on_page(life: Life[Any, Any]) -> LifeOnPage:
    return LifeOnPage(
        noun=life.noun,
        title=TITLES.get(life.noun, f"A {life.noun}"),
        picture=picture_of(life),
        states=tuple(StateRow(words(state.value), life.says[state], _how(life, state)) for state in life.states),
        moves=tuple(_move(life, move) for move in life.kinds),
        pairs=len(life.states) * len(life.kinds),
        possible=len(life.moves),
    )


def _how(life: Life[Any, Any], state: Any) -> str:
    if state in life.never_stored:
        return "By the calendar"
    if state in life.begins:
        return "Begins here"
    return "Ends here" if state in life.ends() else ""


def _move(life: Life[Any, Any], move: Any) -> MoveRow:
    step = life.steps[move]
    ways = tuple((words(at.value), words(to.value)) for (at, kind), to in life.moves.items() if kind is move)
    return MoveRow(
        move_words(move.value), ways, _who(step), step.needs, tuple(name.replace("_", " ") for name in step.sends)
    )


def _who(step: Step) -> str:
    roles = frozenset().union(*(RULES[action].roles for action in step.by))
    said = [ROLE_WORDS[role] for role in Role if role in roles and role in ROLE_WORDS]
    if {Role.LEAD, Role.CONTRIBUTOR} <= roles:
        said.remove(ROLE_WORDS[Role.LEAD])
    return joined([*said, *([CLOCK] if step.also_clock or not step.by else [])], "or")
