"""Evidence that needs a look: what has run out or soon does, and links that lead nowhere any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.access import Action, Actor, Subject, may
from app.domain.to_do import Kind, ToDo
from app.queries.library import SOON, ItemRow, expiring, with_dead_links

MOST = 20


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """What `actor` may put right, soonest first; at most 40. Two statements."""
    own = [each for each in organisation_ids if may(actor, Action.ADD_EVIDENCE, Subject(organisation_id=each))]
    if not own:
        return []
    found = [_runs_out(organisation_id, row, today) for organisation_id, row in expiring(own, today + SOON, MOST)]
    found += [_dead(organisation_id, row) for organisation_id, row in with_dead_links(own, today, MOST)]
    return found


def _runs_out(organisation_id: int, row: ItemRow, today: date) -> ToDo:
    late = row.expires_on is not None and row.expires_on < today
    what = f"Bring a newer version of “{row.title}”"
    return ToDo(
        Kind.EVIDENCE,
        what,
        _path(organisation_id, row),
        due_on=row.expires_on,
        when="It has run out" if late else "It runs out",
        organisation_id=organisation_id,
    )


def _dead(organisation_id: int, row: ItemRow) -> ToDo:
    return ToDo(
        Kind.EVIDENCE,
        f"Put right the link “{row.title}”",
        _path(organisation_id, row),
        when="The page cannot be reached",
        organisation_id=organisation_id,
    )


def _path(organisation_id: int, row: ItemRow) -> str:
    return f"/organisations/{organisation_id}/evidence/{row.item_id}"
