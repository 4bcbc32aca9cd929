"""What goes into a locked list: everything that the register says of its providers, with where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.choosing import VERDICT_WORDS
from app.domain.locked_lists import FORMAT, Event, on_the_day, what_is_known
from app.models import Award, RegisterEntry, RegisterEvent, Shortlist, ShortlistItem
from app.queries.chosen_providers import Provider, providers_by_id
from app.queries.register_rows import STATUS_TITLES
from app.queries.side_by_side import Line, side_by_side

MOST_EVENTS = 20_000
MOST_WITH_SCORES = 50


@dataclass(frozen=True)
class Said:
    """What whoever locks a list says in the file."""

    on_behalf: str
    reasons: str
    criteria: str
    with_notes: bool


@dataclass(frozen=True)
class Moment:
    """When a list is locked, and as of which day; `address` is the page that will show it."""

    now: datetime
    today: date
    as_of: date
    site: str
    address: str


def content_of(session: Session, shortlist: Shortlist, said: Said, moment: Moment) -> dict[str, Any]:
    """The whole file as plain data. A fixed number of statements, and a few more for each provider with open scores."""
    items = [item for item in shortlist.items if item.removed_at is None]
    ids = [item.entry_id for item in items]
    events = _events(session, ids)
    providers = providers_by_id(ids, moment.today, with_scores=len(ids) <= MOST_WITH_SCORES, session=session)
    ends = _ends(session, events)
    return {
        "format": FORMAT,
        "page": moment.address,
        "site": moment.site,
        "list": {"name": shortlist.name, "purpose": shortlist.purpose},
        "as_of": moment.as_of.isoformat(),
        "made_at": moment.now.isoformat(timespec="seconds"),
        "on_behalf_of": said.on_behalf,
        "reasons": said.reasons,
        "search": said.criteria,
        "register_revision": session.scalar(select(func.max(RegisterEntry.revision))) or 0,
        "remarks": _remarks(len(ids), moment),
        "providers": [
            _provider(item, providers[item.entry_id], events[item.entry_id], ends, said, moment) for item in items
        ],
    }


def _remarks(count: int, moment: Moment) -> list[str]:
    remarks = ["The last day of an award is the one that its certificate says when this was made."]
    if moment.as_of < moment.today:
        remarks.append(
            "This was made after the day that it is about. The status of each provider on that day follows from the "
            "register's log, which nobody can change. What else is known of that day is said beside each provider."
        )
    if count > MOST_WITH_SCORES:
        remarks.append(f"Scores are left out of lists with more than {MOST_WITH_SCORES} providers.")
    return remarks


def _events(session: Session, ids: Sequence[int]) -> Mapping[int, list[Event]]:
    rows = session.scalars(
        select(RegisterEvent).where(RegisterEvent.entry_id.in_(ids)).order_by(RegisterEvent.id).limit(MOST_EVENTS)
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for row in rows:
        found[row.entry_id].append(Event(row.id, row.at, row.kind, row.words, row.number, row.level_title, row.status))
    return found


def _ends(session: Session, events: Mapping[int, list[Event]]) -> dict[str, date]:
    numbers = {event.number for each in events.values() for event in each}
    rows = session.execute(select(Award.number, Award.expires_on).where(Award.number.in_(numbers)))
    return {number: ends for number, ends in rows}


def _provider(
    item: ShortlistItem,
    provider: Provider,
    events: Sequence[Event],
    ends: Mapping[str, date],
    said: Said,
    moment: Moment,
) -> dict[str, Any]:
    of_the_day, sentence = what_is_known(events, provider.updated_at, moment.as_of, moment.today)
    return {
        "name": provider.name,
        "page": f"{moment.site}/register/{provider.slug}",
        "decision": VERDICT_WORDS[item.verdict] if said.with_notes else "",
        "note": item.note if said.with_notes else "",
        "on_the_day": _day(events, ends, moment.as_of),
        "facts_are_of_the_day": of_the_day,
        "facts_are": sentence,
        "facts": [_fact(line) for line in side_by_side([provider])],
        "codes": _codes(provider),
        "entry": {"revision": provider.revision, "updated_at": provider.updated_at.isoformat(timespec="seconds")},
        "history": [_told(event) for event in events],
    }


def _day(events: Sequence[Event], ends: Mapping[str, date], day: date) -> dict[str, Any]:
    found = on_the_day(events, ends, day)
    if found is None:
        return {"known": False, "status": "", "words": "The register's log has nothing about it so early."}
    return {
        "known": True,
        "status": found.status.value,
        "words": STATUS_TITLES[found.status],
        "level": found.event.level,
        "certificate": found.event.number,
        "event": found.event.event_id,
    }


def _fact(line: Line) -> dict[str, Any]:
    says = [f"{piece.text} ({piece.flag})" if piece.flag else piece.text for piece in line.cells[0]]
    return {"group": line.group, "about": line.title, "says": says}


def _codes(provider: Provider) -> dict[str, Any]:
    """The same for programs."""
    return {
        "status": provider.entry.standing.status.value,
        "level": provider.entry.level,
        "scheme": provider.scheme_code,
        "certificate": provider.number,
        "granted_on": provider.granted_on.isoformat(),
        "expires_on": provider.entry.expires_on.isoformat(),
        "services": list(provider.service_codes),
        "identifiers": dict(provider.identifiers),
        "offers": [
            {"service": each.service, "says": each.words, "free": each.free, "capacity": each.capacity}
            | {"weeks": each.weeks, "said_on": each.said_on.isoformat(), "stale": each.stale}
            for each in provider.offers
        ],
    }


def _told(event: Event) -> dict[str, Any]:
    return {
        "event": event.event_id,
        "at": event.at.isoformat(timespec="seconds"),
        "kind": event.kind,
        "words": event.words,
        "certificate": event.number,
        "status": event.status.value,
    }
