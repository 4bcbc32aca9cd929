"""What a market of services is like: cover, capacity against need, and how far it hangs on few providers. Exact.

Worked examples are in docs/market.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from app.domain.offers import Offer, Taking

MONTHS = (3, 6, 12)
"""Within how many months awards that expire are counted."""

CONCENTRATED, HIGHLY = Fraction(1, 10), Fraction(1, 5)
"""Indexes from which competition authorities speak of a concentrated, and of a highly concentrated market.

Source: Competition Commission and Office of Fair Trading, Merger Assessment Guidelines (2010), 5.3.9: 1,000 and 2,000 of
10,000. They are for companies that compete; here they only say where to look closer.
"""

Capacities = Mapping[int, int]
"""How many providers there are of each capacity in places. Whoever has none, or said nothing, is not among them."""


def herfindahl(capacities: Capacities) -> Fraction | None:
    """The Herfindahl-Hirschman index: the sum of the squares of the shares, from 1/n (all alike) to 1 (one provider).

    None where no capacity is known.
    """
    total = places(capacities)
    return Fraction(sum(size * size * number for size, number in capacities.items()), total * total) if total else None


def largest_share(capacities: Capacities) -> Fraction | None:
    """The share of the provider with the most places; None where no capacity is known."""
    total = places(capacities)
    return Fraction(max(capacities), total) if total else None


def make_half(capacities: Capacities) -> int:
    """The least number of providers that have at least half of the places together."""
    need, held, count = Fraction(places(capacities), 2), 0, 0
    for size in sorted(capacities, reverse=True):
        for _ in range(capacities[size]):
            if held >= need:
                return count
            held, count = held + size, count + 1
    return count


def places(capacities: Capacities) -> int:
    """All places together."""
    return sum(size * number for size, number in capacities.items())


def per_thousand(count: int, people: int | None) -> Fraction | None:
    """Places for each 1,000 people; None where it is not known how many people there are, or there are none."""
    return Fraction(count * 1000, people) if people else None


def concentration_words(index: Fraction | None) -> str:
    """What an index says, in words; "" where there is none."""
    if index is None:
        return ""
    if index == 1:
        return "One provider"
    if index > HIGHLY:
        return "Hangs on few"
    return "Somewhat concentrated" if index > CONCENTRATED else "Spread over many"


@dataclass(slots=True)
class Tally:
    """What there is of one service in one place: providers whose approval holds on the day, and what they said.

    `room` take people on now, `waiting` have a waiting list; `said` told a capacity that still counts. `ending` are how
    many awards end within the months of MONTHS, one within another.
    """

    providers: int = 0
    room: int = 0
    waiting: int = 0
    said: int = 0
    free: int = 0
    capacities: Counter[int] = field(default_factory=Counter)
    ending: list[int] = field(default_factory=lambda: [0] * len(MONTHS))

    def add(self, offer: Offer | None, within: int | None) -> None:
        """Count one provider, with what it said if that is fresh; its award ends within MONTHS[`within`], or later."""
        self.providers += 1
        if within is not None:
            for position in range(within, len(MONTHS)):
                self.ending[position] += 1
        if offer is None:
            return
        self.room += offer.taking is Taking.NOW
        self.waiting += offer.taking is Taking.WAITING_LIST
        self.free += offer.free or 0
        if offer.capacity:
            self.said += 1
            self.capacities[offer.capacity] += 1

    @property
    def places(self) -> int:
        return places(self.capacities)

    @property
    def index(self) -> Fraction | None:
        return herfindahl(self.capacities)

    @property
    def largest(self) -> Fraction | None:
        return largest_share(self.capacities)

    @property
    def half(self) -> int:
        return make_half(self.capacities)

    @property
    def left(self) -> int:
        """How many providers would be left in a year if no award were renewed."""
        return self.providers - self.ending[-1]


def ends_within(expires_on: date, limits: tuple[date, ...]) -> int | None:
    """The position of the first limit by which an award ends; None where it ends after all of them."""
    return next((position for position, limit in enumerate(limits) if expires_on <= limit), None)


def month_limits(today: date) -> tuple[date, ...]:
    """The days that lie MONTHS after today; the last of a month where it is shorter."""
    return tuple(_after(today, months) for months in MONTHS)


def _after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(f"{day} has no day {months} months later.")
