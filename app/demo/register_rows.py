"""An invented provider as rows of the tables: organisation, application, award, register entry, offers and events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.demo.register_places import Point
from app.demo.register_provider import EVENTS, Drawn
from app.domain.certificate_number import make as make_number
from app.domain.identifiers import charity_org_id, company_org_id
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.domain.uk_time import uk_day
from app.queries.lists import ORGANISATION_TYPES, items

VALID = timedelta(days=1_095)
CHARITY_NUMBERS = {"S": ("SC", 100_000), "N": ("NIC", 200_000)}
"""By the nation's letter: what a number begins with, and from where on nobody real has one."""


@dataclass(frozen=True)
class Mark:
    """A scheme's newest edition, and its levels as (code, title, colour) from the lowest up."""

    scheme_id: int
    edition_id: int
    prefix: str
    levels: tuple[tuple[str, str, str], ...]


@dataclass
class Numbers:
    """The next free id of each table, by its name, and the next serial of each scheme."""

    ids: dict[str, int]
    serials: dict[int, int]
    revision: int

    def take(self, table: str) -> int:
        number = self.ids[table]
        self.ids[table] = number + 1
        return number

    def number(self, mark: Mark, granted: date) -> str:
        serial = self.serials[mark.scheme_id]
        self.serials[mark.scheme_id] = serial + 1
        return make_number(mark.prefix, granted.year, serial)


@dataclass
class Rows:
    """Rows by table, in the order in which tables must be filled."""

    organisation: list[dict[str, Any]] = field(default_factory=list)
    application: list[dict[str, Any]] = field(default_factory=list)
    award: list[dict[str, Any]] = field(default_factory=list)
    register_entry: list[dict[str, Any]] = field(default_factory=list)
    service_offer: list[dict[str, Any]] = field(default_factory=list)
    register_event: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        yield from vars(self).items()


@dataclass(frozen=True)
class Event:
    """A change that the register's log tells of. `row` lacks only its id."""

    at: datetime
    row: dict[str, Any]


def _identifiers(kind: str, area: str, number: int) -> dict[str, str]:
    """Official numbers beyond those that anybody real has, by our field's name."""
    wanted = next(item.identifiers for item in items(ORGANISATION_TYPES) if item.code == kind)
    found = {}
    if "charity" in wanted:
        prefix, first = CHARITY_NUMBERS.get(area[0], ("", 7_000_000))
        if first + number <= 9_999_999 and not (prefix and first + number > 999_999):
            found["charity_number"] = f"{prefix}{first + number}"
    if "company" in wanted:
        found["company_number"] = f"{70_000_000 + number}"
    return found


def organisation_row(drawn: Drawn, point: Point, slug: str, number: int, at: datetime, street: str) -> dict[str, Any]:
    """The organisation's row with id `number`."""
    return {
        "id": number,
        **drawn.profile,
        "kind": drawn.kind,
        **_identifiers(drawn.kind, point.area, number),
        "website": f"https://{slug}.example.org",
        "email": f"hello@{slug}.example.org",
        "phone": f"01632 960{number % 1000:03}",
        "address": street,
        "postcode": point.spaced,
        "easting": point.easting,
        "northing": point.northing,
        "address_private": drawn.private,
        "facts": {} if drawn.income is None else {"income": drawn.income},
        "invented": True,
        "created_at": at,
        "updated_at": at,
    }


def offer_rows(drawn: Drawn, organisation: int, user: int, numbers: Numbers) -> Iterator[dict[str, Any]]:
    for offer in drawn.offers:
        yield {
            "id": numbers.take("service_offer"),
            "organisation_id": organisation,
            "said_by_id": user,
            **offer,
        }


def _published(drawn: Drawn, organisation: dict[str, Any]) -> dict[str, Any]:
    """What the register says of the provider. Of a private address nothing but the council's area."""
    hidden = drawn.private
    contact = {key: organisation[key] for key in ("website", "email", "phone", *(() if hidden else ("address",)))}
    identifiers = {}
    if "charity_number" in organisation:
        identifiers["charity"] = charity_org_id(organisation["charity_number"])
    if "company_number" in organisation:
        identifiers["company"] = company_org_id(organisation["company_number"])
    return {
        **drawn.profile,
        "kind": drawn.kind,
        "identifiers": identifiers,
        "contact": contact,
        "postcode": "" if hidden else organisation["postcode"],
        "easting": None if hidden else organisation["easting"],
        "northing": None if hidden else organisation["northing"],
        "size": drawn.size,
        "offers": [
            {
                "service": each["service"],
                "taking": each["taking"].value,
                "said_on": uk_day(each["said_at"]).isoformat(),
                **{key: each[key] for key in ("capacity", "free", "weeks", "how")},
            }
            for each in drawn.offers
        ],
        "invented": True,
    }


def award_rows(
    rows: Rows, drawn: Drawn, organisation: dict[str, Any], mark: Mark, slug: str, user: int, at: datetime,
    numbers: Numbers, now: datetime,
) -> list[Event]:  # fmt: skip
    """Add one mark that a provider holds: application, award and entry. Returns what the log says of it."""
    changed = at + drawn.after if drawn.after and at + drawn.after < now else None
    status = AwardStatus.AWARDED if drawn.status in EVENTS and changed is None else drawn.status
    granted = uk_day(at)
    level, title, colour = mark.levels[int(drawn.level * len(mark.levels))]
    standing = {
        "level": level,
        "level_title": title,
        "level_colour": colour,
        "status": status,
        "status_on": uk_day(changed or at),
        "granted_on": granted,
        "expires_on": granted + VALID,
    }
    ids = {"organisation_id": organisation["id"], "scheme_id": mark.scheme_id}
    application, award, entry = (numbers.take(each) for each in ("application", "award", "register_entry"))
    certificate = numbers.number(mark, granted)
    rows.application.append(
        {
            "id": application,
            **ids,
            "edition_id": mark.edition_id,
            "status": ApplicationStatus.AWARDED,
            "target": level,
            "facts": {},
            "started_at": at,
            "started_by_id": user,
            "status_at": at,
        }
    )
    rows.award.append(
        {
            "id": award,
            **ids,
            "application_id": application,
            "edition_id": mark.edition_id,
            "number": certificate,
            "holder_name": organisation["name"],
            "created_at": at,
            "provisional": status is AwardStatus.PROVISIONAL,
            "conditions_due_on": now.date() + timedelta(days=60) if status is AwardStatus.CONDITIONAL else None,
            "conditions": "Show that every volunteer has been trained." if status is AwardStatus.CONDITIONAL else "",
            **standing,
        }
    )
    rows.register_entry.append(
        {
            "id": entry,
            "slug": slug,
            **ids,
            "award_id": award,
            **_published(drawn, organisation),
            **standing,
            "revision": numbers.revision,
            "updated_at": changed or at,
        }
    )
    numbers.revision += 1
    first = AwardStatus.AWARDED if drawn.status in EVENTS else status
    told = {"entry_id": entry, "number": certificate, "level_title": title}
    events = [Event(at, {**told, "at": at, "kind": "awarded", "status": first, "words": f"{title} awarded."})]
    if changed:
        kind, words = EVENTS[status]
        events.append(Event(changed, {**told, "at": changed, "kind": kind, "status": status, "words": words}))
    return events
