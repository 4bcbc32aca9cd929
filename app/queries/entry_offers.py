"""Services on a provider's page: what each takes on, as the provider said it, and whether that still counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.offers import TAKING_WORDS, Offer, Taking
from app.domain.wording import counted
from app.queries.lists import SERVICES, title


@dataclass(frozen=True)
class ServiceLine:
    """One service that the award covers. `offer` is None where nothing was said; `stale` ones are shown as such."""

    code: str
    title: str
    offer: Offer | None = None
    stale: bool = False

    @property
    def taking(self) -> str:
        return TAKING_WORDS[self.offer.taking] if self.offer else ""

    @property
    def room(self) -> str:
        """ "3 of 40 places free", as much of it as was said."""
        if self.offer is None:
            return ""
        free, capacity = self.offer.free, self.offer.capacity
        if free is not None and capacity is not None:
            return f"{free:,} of {counted(capacity, 'place')} free"
        if free is not None:
            return f"{counted(free, 'place')} free"
        return f"{counted(capacity, 'place')} in all" if capacity is not None else ""

    @property
    def wait(self) -> str:
        if self.offer is None or self.offer.weeks is None:
            return ""
        return f"About {counted(self.offer.weeks, 'week')}" if self.offer.weeks else "No wait"


def offers_of(stored: Sequence[Mapping[str, Any]]) -> dict[str, Offer]:
    """What an entry publishes of capacity, by service."""
    return {each["service"]: _offer(each) for each in stored}


def service_lines(services: Sequence[str], stored: Sequence[Mapping[str, Any]], today: date) -> tuple[ServiceLine, ...]:
    """The services of an entry in the order of their titles. What was said of any other is left out."""
    said = offers_of(stored)
    lines = [
        ServiceLine(code, title(SERVICES, code), said.get(code), code in said and said[code].stale(today))
        for code in services
    ]
    return tuple(sorted(lines, key=lambda line: line.title.casefold()))


def _offer(stored: Mapping[str, Any]) -> Offer:
    return Offer(
        service=stored["service"],
        taking=Taking(stored["taking"]),
        said_on=date.fromisoformat(stored["said_on"]),
        capacity=stored.get("capacity"),
        free=stored.get("free"),
        weeks=stored.get("weeks"),
        how=stored.get("how") or "",
    )
