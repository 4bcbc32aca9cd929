"""Capacity and waiting times on the register that have gone out of date, or soon do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.access import Action, Actor, Subject, may
from app.domain.offers import Offer
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted, dated
from app.queries.offers import asked_again


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each organisation that should look at what it said. Two statements.

    It has no day by which to be done: what was said long ago is flagged and counts no more, and the regular work has
    told its people so.
    """
    own = [each for each in organisation_ids if may(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=each))]
    if not own:
        return []
    return [_thing(organisation_id, offers, today) for organisation_id, offers in asked_again(own, today).items()]


def _thing(organisation_id: int, offers: tuple[Offer, ...], today: date) -> ToDo:
    oldest = min(offers, key=lambda each: each.said_on)
    over = sum(each.stale(today) for each in offers)
    said = f"Last said on {dated(oldest.said_on)}"
    return ToDo(
        Kind.CAPACITY,
        "Say whether your capacity and waiting times are still right",
        f"/organisations/{organisation_id}/capacity",
        when=f"{said}, out of date for {counted(over, 'service')}" if over else said,
        organisation_id=organisation_id,
    )
