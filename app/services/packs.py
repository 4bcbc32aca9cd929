"""Making a pre-qualification pack: what it is called, what it says, what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.pack import LONGEST_WORDS, Part, checked_name
from app.models import Award, Organisation, Pack, PackPiece, PackResult, PackShare
from app.queries.packs import MOST_PACKS
from app.services.transactions import locked, record, transaction

NOT_THERE = "There is no such page, or it is not open to you."
FULL = f"An organisation can have {MOST_PACKS} packs. Delete one that you no longer need first."


def gone() -> NotFound:
    """What is said where a piece was taken out meanwhile."""
    return NotFound("That piece is not in the pack any more.")


@dataclass(frozen=True)
class Description:
    """What a pack is called and says: `words` to its readers, `parts` of the profile, whether openers give their names."""

    name: str
    words: str
    parts: tuple[str, ...]
    asks_name: bool


class PackChanged(Conflict):
    """A colleague changed the pack after the page was made. Nothing was overwritten."""


def make_pack(organisation_id: int, name: str, *, actor: Actor, now: datetime) -> int:
    """Begin a pack that says all the profile does, with every standing award. Returns its id.

    Raises NotFound, NotAllowed, Invalid.
    """
    require(actor, Action.MAKE_PACK, Subject(organisation_id=organisation_id))
    name = checked_name(name)
    with transaction() as session:
        locked(session, Organisation, organisation_id)
        pack = _new(session, organisation_id, name, actor, now)
        awards = select(Award.application_id).where(Award.organisation_id == organisation_id)
        newest = session.scalars(awards.order_by(Award.id.desc()).limit(1)).first()
        if newest is not None:
            pack.results.append(PackResult(application_id=newest))
        record(session, actor, "pack.made", pack, now, organisation_id=organisation_id, name=name)
        return pack.id


def _new(session: Session, organisation_id: int, name: str, actor: Actor, now: datetime) -> Pack:
    """Raises Invalid where there are too many, or one of that name."""
    names = session.scalars(
        select(Pack.name).where(Pack.organisation_id == organisation_id, Pack.deleted_at.is_(None)).limit(MOST_PACKS)
    ).all()
    if len(names) >= MOST_PACKS:
        raise Invalid({"name": FULL})
    if name.casefold() in {each.casefold() for each in names}:
        raise Invalid({"name": "There is a pack of that name already. Choose another name."})
    pack = Pack(
        organisation_id=organisation_id,
        name=name,
        parts=[str(part) for part in Part],
        notes={},
        created_at=now,
        created_by_id=actor.user_id or 0,
        updated_at=now,
    )
    session.add(pack)
    session.flush()
    return pack


def own(session: Session, organisation_id: int, pack_id: int, actor: Actor, action: Action) -> Pack:
    """The pack, held, for a change by its own people. Raises NotFound, NotAllowed."""
    require(actor, action, Subject(organisation_id=organisation_id))
    pack = locked(session, Pack, pack_id)
    if pack.organisation_id != organisation_id or pack.deleted_at is not None:
        raise NotFound(NOT_THERE)
    return pack


def describe_pack(
    organisation_id: int, pack_id: int, said: Description, version: int, *, actor: Actor, now: datetime
) -> None:
    """Change what a pack is called and says. Raises NotFound, NotAllowed, Invalid, PackChanged."""
    name, words = checked_name(said.name), said.words.replace("\r\n", "\n").strip()
    check_length(words, LONGEST_WORDS, "words")
    parts = [str(part) for part in Part if part.value in said.parts]
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        if (pack.name, pack.words, pack.parts, pack.asks_name) == (name, words, parts, said.asks_name):
            return
        if pack.version != version:
            raise PackChanged("A colleague changed this pack while you were writing. What you typed is still here.")
        _check_free(session, pack, name)
        before = {"name": pack.name, "parts": pack.parts, "asks_name": pack.asks_name}
        pack.name, pack.words, pack.parts, pack.asks_name = name, words, parts, said.asks_name
        pack.version += 1
        note(session, pack, "pack.described", actor, now, before=before, after={"name": name, "parts": parts})


def _check_free(session: Session, pack: Pack, name: str) -> None:
    same = select(Pack.id).where(
        Pack.organisation_id == pack.organisation_id,
        Pack.deleted_at.is_(None),
        Pack.id != pack.id,
        func.lower(Pack.name) == name.lower(),
    )
    if session.scalars(same.limit(1)).first() is not None:
        raise Invalid({"name": "There is a pack of that name already. Choose another name."})


def note(session: Session, pack: Pack, action: str, actor: Actor, now: datetime, **detail: Any) -> None:
    pack.updated_at = now
    record(session, actor, action, pack, now, organisation_id=pack.organisation_id, **detail)


def copy_pack(organisation_id: int, pack_id: int, name: str, *, actor: Actor, now: datetime) -> int:
    """A second pack with the same in it, and with no codes. Returns its id. Raises NotFound, NotAllowed, Invalid."""
    name = checked_name(name)
    with transaction() as session:
        source = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        locked(session, Organisation, organisation_id)
        pack = _new(session, organisation_id, name, actor, now)
        pack.words, pack.parts, pack.notes = source.words, list(source.parts), dict(source.notes)
        pack.asks_name = source.asks_name
        pack.pieces = [
            PackPiece(slot=each.slot, item_id=each.item_id, cover=each.cover, label=each.label)
            for each in source.pieces
        ]
        pack.results = [
            PackResult(
                application_id=each.application_id,
                standards=each.standards,
                scores=each.scores,
                reasons=each.reasons,
            )
            for each in source.results
        ]
        record(session, actor, "pack.copied", pack, now, organisation_id=organisation_id, name=name, of=source.name)
        return pack.id


def delete_pack(organisation_id: int, pack_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Take a pack away. Its codes end at once. Raises NotFound, NotAllowed; a pack that is shared is a lead's to delete."""
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        shares = session.scalars(
            select(PackShare).where(PackShare.pack_id == pack.id, PackShare.ended_at.is_(None))
        ).all()
        if any(share.ends_on >= today for share in shares):
            require(actor, Action.SHARE_PACK, Subject(organisation_id=organisation_id))
        for share in shares:
            share.ended_at, share.ended_by_id = now, actor.user_id
        pack.deleted_at = now
        note(session, pack, "pack.deleted", actor, now, name=pack.name, codes=len(shares))
