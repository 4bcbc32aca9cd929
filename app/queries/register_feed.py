"""The register's changes as feed readers get them: of the whole, of one provider, and of all that somebody watches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

from sqlalchemy import Select, func, select

from app.domain.errors import NotFound
from app.domain.lifecycle import AwardStatus, status_on
from app.domain.uk_time import spoken
from app.extensions import db
from app.models import RegisterEntry, RegisterEvent, Scheme, Team, User, Watch, WatchFeed
from app.queries.register_rows import EntryRow, entry_row

PAGE = 100
"""Events in one archived page. Pages are cut by number, so that one that is full never changes."""
MOST_OF_ONE = 100
MOST_WATCHED = 200
LONGEST_TOKEN = 100
GONE = "This feed is not there any more. Take it out of your reader, or make a new address on your page of watches."


@dataclass(frozen=True)
class Change:
    """One change of one provider's entry. `name` is what its permanent id ends with."""

    name: str
    at: datetime
    kind: str
    words: str
    provider: str
    slug: str
    scheme: str
    number: str


@dataclass(frozen=True)
class ChangesFeed:
    """Changes, the newest first. `archive` is the page's number, or None for what is newest; `before` and `after` lead on."""

    changes: tuple[Change, ...]
    title: str = ""
    archive: int | None = None
    before: int | None = None
    after: int | None = None


def newest_changes() -> ChangesFeed:
    """What is not archived yet and the last full page, 1 to 200 changes. Two statements."""
    newest = db.session.scalar(select(func.max(RegisterEvent.id))) or 0
    full = newest // PAGE  # pages 1 to `full` have all their numbers
    first = max(full - 1, 0) * PAGE
    rows = db.session.execute(_events().where(RegisterEvent.id > first).order_by(RegisterEvent.id.desc()))
    return ChangesFeed(_changes(rows.all()), before=full - 1 if full > 1 else None)


def archived_changes(number: int) -> ChangesFeed:
    """A full page of changes, which is the same for ever; the newest changes in place of the page that still fills.

    Raises NotFound for any other. Two statements.
    """
    newest = db.session.scalar(select(func.max(RegisterEvent.id))) or 0
    full = newest // PAGE
    if number == full + 1:
        return newest_changes()
    if not 1 <= number <= full:
        raise NotFound("There is no such page of changes. Begin at the newest and follow its links.")
    within = RegisterEvent.id.between((number - 1) * PAGE + 1, number * PAGE)
    rows = db.session.execute(_events().where(within).order_by(RegisterEvent.id.desc()))
    return ChangesFeed(
        _changes(rows.all()),
        archive=number,
        before=number - 1 if number > 1 else None,
        after=number + 1 if number < full else None,
    )


def changes_of(slug: str, today: date) -> ChangesFeed:
    """The latest changes of one provider, with the end of its award once that has come. Raises NotFound. Two statements."""
    entry = db.session.scalars(select(RegisterEntry).where(RegisterEntry.slug == slug)).first()
    if entry is None:
        raise NotFound("There is no provider at this address. Search the register for its name.")
    rows = db.session.execute(
        _events().where(RegisterEvent.entry_id == entry.id).order_by(RegisterEvent.id.desc()).limit(MOST_OF_ONE)
    ).all()
    return ChangesFeed(_with_ends(rows, [entry], today), title=entry.name)


def watched_changes(token: str, today: date) -> ChangesFeed:
    """The latest changes of all that the private address' owner watches. Raises NotFound. Four statements."""
    hashed = sha256(token[:LONGEST_TOKEN].encode()).hexdigest()
    feed = db.session.scalars(
        select(WatchFeed)
        .outerjoin(User, User.id == WatchFeed.owner_id)
        .where(WatchFeed.token_hash == hashed, WatchFeed.ended_at.is_(None), User.closed_at.is_(None))
    ).first()
    if feed is None:
        raise NotFound(GONE)
    own = Watch.team_id == feed.team_id if feed.team_id else Watch.owner_id == feed.owner_id
    ids = select(Watch.entry_id).where(own, Watch.removed_at.is_(None))
    entries = db.session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(ids))).all()
    rows = db.session.execute(
        _events().where(RegisterEvent.entry_id.in_(ids)).order_by(RegisterEvent.id.desc()).limit(MOST_WATCHED)
    ).all()
    team = db.session.get(Team, feed.team_id) if feed.team_id else None
    return ChangesFeed(_with_ends(rows, entries, today), title=team.name if team else "")


def _events() -> Select[Any]:
    return (
        select(RegisterEvent, RegisterEntry.name, RegisterEntry.slug, Scheme.title)
        .join(RegisterEntry, RegisterEntry.id == RegisterEvent.entry_id)
        .join(Scheme, Scheme.id == RegisterEntry.scheme_id)
    )


def _changes(rows: Sequence[Any]) -> tuple[Change, ...]:
    return tuple(
        Change(f"event/{event.id}", event.at, event.kind, event.words, name, slug, scheme, event.number)
        for event, name, slug, scheme in rows
    )


def _with_ends(rows: Sequence[Any], entries: Sequence[RegisterEntry], today: date) -> tuple[Change, ...]:
    """The changes, and among them those that the calendar made: no event is written when an award runs out."""
    titles = {slug: scheme for _, _, slug, scheme in rows}
    numbers = {event.entry_id: event.number for event, *_ in reversed(rows)}
    ended = [entry for entry in entries if status_on(entry.status, entry.expires_on, today) is AwardStatus.EXPIRED]
    ends = [
        Change(
            name=f"entry/{entry.id}/ran-out/{entry.expires_on.isoformat()}",
            at=datetime.combine(entry.expires_on, time(23, 59, 59), UTC),
            kind="expired",
            words=f"The award ran out on {spoken(entry.expires_on)}.",
            provider=entry.name,
            slug=entry.slug,
            scheme=titles.get(entry.slug, ""),
            number=numbers.get(entry.id, ""),
        )
        for entry in ended
    ]
    return tuple(sorted((*_changes(rows), *ends), key=lambda change: change.at, reverse=True))


def rows_of(ids: Sequence[int], today: date) -> tuple[tuple[int, EntryRow, datetime, date], ...]:
    """Entries as rows with their ids, when they last changed, and their days of grant, in the order of `ids`. One statement."""
    found = db.session.execute(
        select(RegisterEntry, Scheme)
        .join(Scheme, Scheme.id == RegisterEntry.scheme_id)
        .where(RegisterEntry.id.in_(ids))
    )
    by_id = {entry.id: (entry, scheme) for entry, scheme in found}
    return tuple(
        (
            each,
            entry_row(by_id[each][0], None, by_id[each][1], today),
            by_id[each][0].updated_at,
            by_id[each][0].granted_on,
        )
        for each in ids
        if each in by_id
    )
