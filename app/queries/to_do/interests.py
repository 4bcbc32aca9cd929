"""What waits for somebody who holds a post in a scheme: their register of interests, once a year."""

from __future__ import annotations

from datetime import date

from app.domain.access import Action, Actor, may_somewhere
from app.domain.interests import Standing
from app.domain.to_do import Kind, ToDo
from app.queries.interests import register_state


def things(actor: Actor, today: date) -> list[ToDo]:
    """To confirm the register, from the day on which it is due. One statement."""
    if not actor.signed_in or not may_somewhere(actor, Action.KEEP_INTERESTS):
        return []
    state = register_state(actor.user_id or 0, today)
    if state.standing is Standing.CONFIRMED or state.due_on is None:
        return []
    words = "Confirm your register of interests"
    return [ToDo(Kind.INTERESTS, words, "/my/interests", due_on=state.bars_after)]
