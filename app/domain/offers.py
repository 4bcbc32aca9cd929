"""What a provider says of its own services: whom it can take on, and how long people wait. Dated, and stale after a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(days=92)
"""How long what was said about capacity counts. After it, the page says that it may be out of date."""


class Taking(StrEnum):
    """Whether a service takes people on. Also the codes of the register's facet "availability"."""

    NOW = "now"
    WAITING_LIST = "waiting-list"
    FULL = "full"


TAKING_WORDS = {
    Taking.NOW: "Taking people on now",
    Taking.WAITING_LIST: "Has a waiting list",
    Taking.FULL: "Taking nobody on at present",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One service as the provider described it on `said_on`.

    `capacity` is how many people it can serve at a time, `free` how many places are open, `weeks` how long people wait
    now; None where it is not said. `how` are the provider's words about how to be referred.
    """

    service: str
    taking: Taking
    said_on: date
    capacity: int | None = None
    free: int | None = None
    weeks: int | None = None
    how: str = ""

    @property
    def fresh_until(self) -> date:
        """The last day on which it counts."""
        return self.said_on + STALE_AFTER

    def stale(self, today: date) -> bool:
        return today > self.fresh_until
