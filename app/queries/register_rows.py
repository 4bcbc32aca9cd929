"""What an award is on a day, in words, and one entry of the register as a row."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.backends.postcodes import area_names
from app.domain.lifecycle import CURRENT, AwardStatus, status_on
from app.domain.offers import STALE_AFTER, TAKING_WORDS, Taking
from app.queries.lists import SERVICES, title

STANDING = (AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL, AwardStatus.SUSPENDED)
ENDED = (AwardStatus.EXPIRED, AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED, AwardStatus.REPLACED)
STATUS_TITLES = {
    AwardStatus.AWARDED: "Approved",
    AwardStatus.CONDITIONAL: "Approved with conditions",
    AwardStatus.PROVISIONAL: "Provisionally approved",
    AwardStatus.SUSPENDED: "Suspended",
    AwardStatus.EXPIRED: "Expired",
    AwardStatus.WITHDRAWN: "Withdrawn",
    AwardStatus.SURRENDERED: "Given up",
    AwardStatus.REPLACED: "Replaced by a newer award",
    AwardStatus.VOID: "Entered by mistake",
}


SENTENCES = {
    AwardStatus.AWARDED: "Approved until",
    AwardStatus.CONDITIONAL: "Approved with conditions until",
    AwardStatus.PROVISIONAL: "Provisionally approved until",
    AwardStatus.SUSPENDED: "Suspended since",
    AwardStatus.EXPIRED: "Expired on",
    AwardStatus.WITHDRAWN: "Withdrawn on",
    AwardStatus.SURRENDERED: "Given up on",
    AwardStatus.REPLACED: "Replaced by a newer award on",
    AwardStatus.VOID: "Entered by mistake, and taken back on",
}
"""What is said of each status, before a day: of the award's end for those of DATED_BY_END, else of the change."""
DATED_BY_END = (AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL, AwardStatus.EXPIRED)


@dataclass(frozen=True)
class Standing:
    """What an award is on a day: its status, the sentence about it, and whether the holder may call itself approved."""

    status: AwardStatus
    words: str
    on: date

    @property
    def approved(self) -> bool:
        return self.status in CURRENT


@dataclass(frozen=True)
class EntryRow:
    """One result. `made` holds what is made of it, such as its text in an answer, for as long as the row itself is kept."""

    slug: str
    name: str
    summary: str
    level: str
    level_title: str
    level_colour: str
    standing: Standing
    services: tuple[str, ...]
    areas: tuple[str, ...]
    miles: float | None
    brand: Mapping[str, str]
    scheme: str
    expires_on: date
    room: Room | None = None
    made: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def at(self, miles: float | None) -> EntryRow:
        """The same at this distance. A copy of what is held: to build it field by field would take most of a search."""
        row = object.__new__(EntryRow)
        row.__dict__.update(self.__dict__, miles=miles)
        return row


@dataclass(frozen=True, slots=True)
class Room:
    """What a provider last said of room for new people: the words, the day, and whether that is too long ago to count.

    `service` is the title of the service that it was said of.
    """

    words: str
    service: str
    said_on: date
    stale: bool


def room_of(offers: Sequence[Mapping[str, str]], services: frozenset[str], today: date) -> Room | None:
    """The best of what is said of `services`, or of any where none is given: what still counts, then the most room."""
    order = list(Taking)
    said = [
        (today > date.fromisoformat(each["said_on"]) + STALE_AFTER, order.index(Taking(each["taking"])), each)
        for each in offers
        if not services or each["service"] in services
    ]
    if not said:
        return None
    stale, taking, offer = min(said, key=lambda each: each[:2])
    words = TAKING_WORDS[order[taking]]
    return Room(words, title(SERVICES, offer["service"]), date.fromisoformat(offer["said_on"]), stale)


def entry_row(
    entry: Any,
    miles: float | None,
    scheme: Any,
    today: date,
    services: frozenset[str] = frozenset(),
) -> EntryRow:
    """One result. `entry` and `scheme` have the fields of RegisterEntry and Scheme that are named below.

    `services` are those that were asked for: their room is what counts.
    """
    return EntryRow(
        slug=entry.slug,
        name=entry.name,
        summary=entry.summary,
        level=entry.level,
        level_title=entry.level_title,
        level_colour=entry.level_colour,
        standing=standing(entry.status, entry.status_on, entry.expires_on, today),
        services=tuple(title(SERVICES, code) for code in entry.services),
        areas=tuple(area_names().get(code, code) for code in entry.areas or [entry.area_code]),
        miles=miles,
        brand=scheme.details.get("brand") or {},
        scheme=scheme.title,
        expires_on=entry.expires_on,
        room=room_of(entry.offers, services, today),
    )


def standing(stored: AwardStatus, since: date, expires_on: date, today: date) -> Standing:
    """What an award is on a day, in words."""
    status = status_on(stored, expires_on, today)
    day = _day(expires_on if status in DATED_BY_END else since)
    return Standing(status, f"{SENTENCES[status]} {day}", today)


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"
