"""Many entries of the register at once, for lists that are brought in: the same facts as `register.publish`, fewer statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from app.backends.postcodes import area_names
from app.domain.lifecycle import AwardStatus
from app.models import Award, RegisterEntry, RegisterEvent
from app.services.many_rows import add_many
from app.services.register import (
    LONGEST_SLUG,
    details_of,
    holder_of,
    next_revision,
    offers_of,
    slug_stem,
    standing_of,
)


def publish_many(
    session: Session, made: Sequence[tuple[Any, Any]], now: datetime, kind: str, words: Sequence[str]
) -> None:
    """Make the register say what each of these new awards is, with one event each; `words` are the public sentences.

    All are of one scheme, no organisation twice, and added already. Organisations and awards may be rows or plain facts.
    """
    known = _entries(session, [award for _, award in made])
    offers = offers_of(session, {organisation.id: award.covers.get("services", ()) for organisation, award in made})
    slugs = _slugs(session, [organisation for organisation, _ in made if organisation.id not in known])
    revision = next_revision(session)
    new: list[dict[str, Any]] = []
    for place, (organisation, award) in enumerate(made):
        facts = _facts(organisation, award) | {"offers": offers[organisation.id]}
        if organisation.id in known:
            _say(known[organisation.id], facts, revision + place, now)
        else:
            place_of = {
                "organisation_id": organisation.id,
                "scheme_id": award.scheme_id,
                "slug": slugs[organisation.id],
            }
            new.append({**place_of, **facts, "revision": revision + place, "updated_at": now})
    entry_ids = {organisation_id: entry.id for organisation_id, entry in known.items()} | _insert(session, new)
    events = [
        _event(entry_ids[organisation.id], award, now, kind, sentence)
        for (organisation, award), sentence in zip(made, words, strict=True)
    ]
    add_many(session, RegisterEvent, events)


def _insert(session: Session, entries: Sequence[dict[str, Any]]) -> dict[int, int]:
    """Add these entries without keeping an object of each. Their ids by organisation."""
    if not entries:
        return {}
    ids = add_many(session, RegisterEntry, entries)
    return {entry["organisation_id"]: entry_id for entry, entry_id in zip(entries, ids, strict=True)}


def _event(entry_id: int, award: Any, now: datetime, kind: str, words: str) -> dict[str, Any]:
    return {
        "entry_id": entry_id,
        "at": now,
        "kind": kind,
        "number": award.number,
        "level_title": award.level_title,
        "status": award.status,
        "words": words,
    }


def take_back(session: Session, awards: Sequence[Award], now: datetime, words: str) -> None:
    """Make the register say that these awards were entered by mistake, or what their holders held before them."""
    if not awards:
        return
    entries = _entries(session, awards)
    before = _held_before(session, awards)
    revision = next_revision(session)
    events: list[dict[str, Any]] = []
    for place, award in enumerate(awards):
        entry = entries[award.organisation_id]
        if entry.award_id != award.id:
            continue
        earlier = before.get(award.organisation_id, award)
        facts = standing_of(award) if earlier is award else _standing_again(session, earlier)
        _say(entry, facts, revision + place, now)
        events.append(_event(entry.id, award, now, "taken-back", words))
    add_many(session, RegisterEvent, events)


def _standing_again(session: Session, award: Award) -> dict[str, Any]:
    """What the register says of an award that it said before: its own scope, and room in no service but those."""
    organisation = award.organisation
    facts = {**holder_of(organisation, award), **standing_of(award)}
    if award.covers:
        facts |= {"services": list(award.covers["services"])}
    return facts | {"offers": offers_of(session, {organisation.id: facts["services"]})[organisation.id]}


def _facts(organisation: Any, award: Any) -> dict[str, Any]:
    services = {"services": list(award.covers["services"])} if award.covers else {}
    return {
        **details_of(organisation),
        **holder_of(organisation, award),
        **standing_of(award),
        "name": award.holder_name,
        **services,
    }


def _say(entry: RegisterEntry, facts: dict[str, Any], revision: int, now: datetime) -> None:
    for key, value in facts.items():
        setattr(entry, key, value)
    entry.revision, entry.updated_at = revision, now


def _entries(session: Session, awards: Sequence[Any]) -> dict[int, RegisterEntry]:
    """The entries that the holders have in the awards' scheme, by organisation."""
    found = session.scalars(
        select(RegisterEntry)
        .where(
            RegisterEntry.scheme_id == awards[0].scheme_id,
            RegisterEntry.organisation_id.in_([award.organisation_id for award in awards]),
        )
        .options(load_only(RegisterEntry.organisation_id, RegisterEntry.award_id))  # the rest is written, not read
    )
    return {entry.organisation_id: entry for entry in found}


def _held_before(session: Session, awards: Sequence[Award]) -> dict[int, Award]:
    """The newest award that each holder had in the scheme beside these, if it was no mistake itself."""
    found = session.scalars(  # by the organisations alone: by the scheme, all that it ever awarded would be read
        select(Award)
        .where(Award.organisation_id.in_([award.organisation_id for award in awards]), Award.status != AwardStatus.VOID)
        .order_by(Award.id)
    )
    here = {award.id for award in awards}
    return {
        award.organisation_id: award
        for award in found
        if award.scheme_id == awards[0].scheme_id and award.id not in here
    }


def _slugs(session: Session, organisations: Sequence[Any]) -> dict[int, str]:
    """An address for each: the name, with the council behind it where that is taken, else with the organisation's number."""
    stems = {each.id: slug_stem(each.name) for each in organisations}
    local = {each.id: _local(stems[each.id], each.area_code) for each in organisations}
    taken = _taken(session, {*stems.values(), *local.values()})
    slugs: dict[int, str] = {}
    for each in organisations:
        wanted = (stems[each.id], local[each.id], f"{stems[each.id]}-{each.id}")
        slugs[each.id] = next((slug for slug in wanted if slug and slug not in taken), f"{wanted[-1]}-{each.id}")
        taken.add(slugs[each.id])
    return slugs


def _local(stem: str, area_code: str) -> str:
    council = area_names().get(area_code)
    return f"{stem}-{slug_stem(council)}"[: LONGEST_SLUG + 15] if council else ""


def _taken(session: Session, slugs: Iterable[str]) -> set[str]:
    return set(session.scalars(select(RegisterEntry.slug).where(RegisterEntry.slug.in_(list(slugs)))))
