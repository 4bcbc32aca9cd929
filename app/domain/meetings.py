"""A meeting of a panel: whether what was entered is whole, and the order of its agenda."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.domain.errors import Invalid

MOST_CASES = 30
LONGEST_PLACE, LONGEST_LINK = 300, 500
LEAST_MINUTES, MOST_MINUTES = 15, 12 * 60


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """When and where people meet. `members` are ids of people, `chair` one of them; `link` is for those who join online."""

    starts_at: datetime | None
    minutes_long: int | None
    place: str
    link: str
    members: tuple[int, ...]
    chair: int | None


def check_meeting(plan: MeetingPlan, known: Collection[int], now: datetime) -> None:
    """Raises Invalid with every mistake by its field. `known` are the ids of the scheme's panel members."""
    errors = _check_time(plan, now) | _check_place(plan)
    if not plan.members or not set(plan.members) <= set(known):
        errors["members"] = "Choose panel members of this scheme."
    if plan.chair not in plan.members:
        errors["chair"] = "Choose one of the members as chair."
    if errors:
        raise Invalid(errors)


def _check_time(plan: MeetingPlan, now: datetime) -> dict[str, str]:
    errors = {}
    if plan.starts_at is None or plan.starts_at <= now:
        errors["day"] = "Enter a day and a time that are still to come."
    if plan.minutes_long is None or not LEAST_MINUTES <= plan.minutes_long <= MOST_MINUTES:
        errors["minutes_long"] = f"Enter how many minutes it takes, from {LEAST_MINUTES} to {MOST_MINUTES}."
    return errors


def _check_place(plan: MeetingPlan) -> dict[str, str]:
    errors = {}
    if not plan.place.strip() and not plan.link.strip():
        errors["place"] = "Say where it is, or give a link for those who join online."
    if len(plan.place) > LONGEST_PLACE:
        errors["place"] = f"Keep the place under {LONGEST_PLACE} characters."
    if plan.link.strip() and not _is_link(plan.link.strip()):
        errors["link"] = "Enter a link that begins with https://."
    return errors


def _is_link(link: str) -> bool:
    return len(link) <= LONGEST_LINK and urlsplit(link).scheme in ("https", "http") and bool(urlsplit(link).netloc)


def ends_at(starts_at: datetime, minutes_long: int) -> datetime:
    return starts_at + timedelta(minutes=minutes_long)


def moved(order: Sequence[int], which: int, up: bool) -> list[int]:
    """The agenda with one of its items a place earlier or later; unchanged at its end."""
    items = list(order)
    here = items.index(which)
    there = here + (-1 if up else 1)
    if 0 <= there < len(items):
        items[here], items[there] = items[there], items[here]
    return items
