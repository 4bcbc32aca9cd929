"""What a provider says of its own services: whom it can take on, and how long people wait. Dated, and stale after a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

STALE_AFTER = timedelta(days=92)
"""How long what was said about capacity counts. After it, the page says that it may be out of date."""
LONGEST_HOW = 500
MOST_PEOPLE, MOST_WEEKS = 100_000, 520
SOON = timedelta(days=10)
"""How long before it goes out of date its people are asked whether it is still right."""


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

    def soon_stale(self, today: date) -> bool:
        """Whether its people are asked if it is still right: shortly before it goes out of date, and ever after."""
        return today >= self.fresh_until - SOON


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody typed of one service; `taking` None says nothing about it. The rest as in Offer."""

    service: str
    taking: Taking | None = None
    capacity: int | None = None
    free: int | None = None
    weeks: int | None = None
    how: str = ""

    def faults(self) -> dict[str, str]:
        """What cannot be right, as field to sentence; empty where all is well."""
        found: dict[str, str] = {}
        if self.taking is None:
            if self._says_more:
                found["taking"] = "Choose whether it takes people on. Or empty the other boxes to say nothing about it."
            return found
        most = {"capacity": MOST_PEOPLE, "free": MOST_PEOPLE, "weeks": MOST_WEEKS}
        for name, limit in most.items():
            value = getattr(self, name)
            if value is not None and not 0 <= value <= limit:
                found[name] = f"Enter a number from 0 to {limit:,}."
        if not found:
            found |= self._at_odds()
        if len(self.how) > LONGEST_HOW:
            found["how"] = f"This may have at most {LONGEST_HOW} characters and has {len(self.how):,}. Shorten it."
        return found

    @property
    def _says_more(self) -> bool:
        return any(value is not None for value in (self.capacity, self.free, self.weeks)) or bool(self.how)

    def _at_odds(self) -> dict[str, str]:
        """Figures that contradict each other."""
        if self.free is not None and self.capacity is not None and self.free > self.capacity:
            return {"free": f"More places are free than there are: {self.free:,} of {self.capacity:,}."}
        if self.free and self.taking is not Taking.NOW:
            return {"free": "It says that places are free, but not that it takes people on now. Change one of them."}
        return {}
