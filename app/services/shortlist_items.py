"""What stands on a shortlist: putting providers there, writing beside them, moving them, taking them off and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.choosing import LONGEST_NOTE, MOST_ON_A_LIST, Verdict, checked_words
from app.domain.errors import Invalid, NotFound
from app.domain.lifecycle import status_on
from app.domain.uk_time import uk_day
from app.models import RegisterEntry, Shortlist, ShortlistItem
from app.services.shortlists import Described, ListChanged, new_list, note, own_list
from app.services.transactions import locked, transaction

TOO_MANY = f"A list holds {MOST_ON_A_LIST} providers. Take some off, or begin another list."
NOT_THERE = "This provider is not on the list any more."


@dataclass(frozen=True)
class Added:
    """What came of putting providers on a list: how many are new on it, and how many were there already."""

    list_id: int
    new: int
    already: int


def add_to_list(
    list_id: int | None,
    beginning: Described | None,
    team_id: int | None,
    chosen: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
) -> Added:
    """Put providers, slug to note, on a list: one that is there, or else a new one described by `beginning`.

    A note that stands there already is kept, the new one beneath it. Raises NotFound, Invalid.
    """
    notes = {slug: checked_words(words, LONGEST_NOTE, f"note-{slug}") for slug, words in chosen.items()}
    with transaction() as session:
        if list_id is not None:
            shortlist = own_list(session, list_id, actor)
        elif beginning is not None:
            shortlist = new_list(session, beginning.checked(), team_id, actor, now)
        else:
            raise Invalid({"list": "Choose a list, or begin a new one."})
        added = _put(session, shortlist, notes, actor, now)
        if added:
            note(session, shortlist, "shortlist.added", actor, now, count=added)
        return Added(shortlist.id, added, len(notes) - added)


def _put(session: Session, shortlist: Shortlist, notes: Mapping[str, str], actor: Actor, now: datetime) -> int:
    entries = {
        entry.slug: entry for entry in session.scalars(select(RegisterEntry).where(RegisterEntry.slug.in_(notes)))
    }
    if not entries:
        raise Invalid({"list": "None of these is on the register."})
    there = {item.entry_id: item for item in shortlist.items}
    standing = sum(item.removed_at is None for item in there.values())
    place = max((item.position for item in there.values()), default=0)
    added = 0
    for slug in (slug for slug in notes if slug in entries):
        entry, words = entries[slug], notes[slug]
        item = there.get(entry.id)
        if item is None:
            item = _new_item(shortlist, entry, actor, now)
        elif item.removed_at is None:
            _write_beneath(item, words)
            continue
        place, added = place + 1, added + 1
        item.position, item.removed_at = place, None
        _write_beneath(item, words)
    if standing + added > MOST_ON_A_LIST:
        raise Invalid({"list": TOO_MANY})
    return added


def _new_item(shortlist: Shortlist, entry: RegisterEntry, actor: Actor, now: datetime) -> ShortlistItem:
    item = ShortlistItem(
        entry_id=entry.id,
        position=0,
        note="",
        verdict=Verdict.OPEN,
        status_then=status_on(entry.status, entry.expires_on, uk_day(now)),
        added_at=now,
        added_by_id=actor.user_id or 0,
        version=1,
    )
    shortlist.items.append(item)
    return item


def _write_beneath(item: ShortlistItem, words: str) -> None:
    if not words or words in item.note:
        return
    together = f"{item.note}\n{words}".strip()
    if len(together) <= LONGEST_NOTE:
        item.note = together
        item.version = (item.version or 1) + 1


def _item(session: Session, list_id: int, item_id: int, actor: Actor) -> tuple[Shortlist, ShortlistItem]:
    shortlist = own_list(session, list_id, actor)
    item = locked(session, ShortlistItem, item_id)
    if item.shortlist_id != shortlist.id:
        raise NotFound(NOT_THERE)
    return shortlist, item


def write_item(
    list_id: int, item_id: int, words: str, verdict: str, version: int, *, actor: Actor, now: datetime
) -> None:
    """Write beside a provider, and say what became of it. Raises NotFound, Invalid, ListChanged."""
    words = checked_words(words, LONGEST_NOTE, "note")
    if verdict not in set(Verdict):
        raise Invalid({"verdict": "Choose what became of it."})
    with transaction() as session:
        shortlist, item = _item(session, list_id, item_id, actor)
        if (item.note, item.verdict) == (words, verdict):
            return
        if item.version != version:
            raise ListChanged("Somebody wrote here while you did. Their words stand above yours: put both together.")
        item.note, item.verdict = words, Verdict(verdict)
        item.version += 1
        note(session, shortlist, "shortlist.written", actor, now, entry=item.entry_id)


def take_off(list_id: int, item_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a provider off. Its note is kept, for `put_back`. Raises NotFound."""
    with transaction() as session:
        shortlist, item = _item(session, list_id, item_id, actor)
        if item.removed_at is None:
            item.removed_at = now
            note(session, shortlist, "shortlist.removed", actor, now, entry=item.entry_id)


def put_back(list_id: int, item_id: int, *, actor: Actor, now: datetime) -> None:
    """Put a provider back where it stood. Raises NotFound, and Invalid where the list is full by now."""
    with transaction() as session:
        shortlist, item = _item(session, list_id, item_id, actor)
        if item.removed_at is None:
            return
        if sum(each.removed_at is None for each in shortlist.items) >= MOST_ON_A_LIST:
            raise Invalid({"list": TOO_MANY})
        item.removed_at = None
        note(session, shortlist, "shortlist.restored-provider", actor, now, entry=item.entry_id)


def move_item(list_id: int, item_id: int, up: bool, *, actor: Actor, now: datetime) -> None:
    """Change places with the one above, or below. Nothing happens at the end of the list. Raises NotFound."""
    with transaction() as session:
        shortlist, item = _item(session, list_id, item_id, actor)
        standing = [each for each in shortlist.items if each.removed_at is None]
        if item not in standing:
            raise NotFound(NOT_THERE)
        other = standing.index(item) + (-1 if up else 1)
        if 0 <= other < len(standing):
            item.position, standing[other].position = standing[other].position, item.position
            note(session, shortlist, "shortlist.moved", actor, now, entry=item.entry_id)
