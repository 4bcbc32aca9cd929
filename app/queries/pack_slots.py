"""One slot of a pack, and what the evidence library holds for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, func, or_, select

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.errors import Invalid, NotFound
from app.domain.pack import Group, Slot, slot_of
from app.extensions import db
from app.models import EvidenceItem, EvidenceVersion
from app.queries.pack_contents import SlotRow, contents_of
from app.queries.packs import own_pack

FOUND = 12
MOST_NAMED = 200


@dataclass(frozen=True)
class FoundRow:
    """A piece of the library that could go into a slot."""

    item_id: int
    title: str
    filename: str
    expires_on: date | None
    expired: bool


@dataclass(frozen=True)
class SlotPage:
    """One slot of a pack, and what the library holds for it."""

    organisation_id: int
    organisation: str
    pack_id: int
    name: str
    slot: Slot
    row: SlotRow
    note: str
    words: str
    found: tuple[FoundRow, ...]
    total: int


def slot_page(
    organisation_id: int, pack_id: int, slot: str, actor: Actor, today: date, words: str | None = None
) -> SlotPage:
    """One slot. `words` are looked for in the library; None looks for what the slot is about. Raises NotFound, NotAllowed."""
    pack, place = own_pack(organisation_id, pack_id, actor), _place(slot)
    row = next(row for row in contents_of(pack, today).slots if row.slot == place)
    looked_for = place.search if words is None else words.strip()[:100]
    found, total = _library(organisation_id, looked_for, [piece.item_id for piece in row.pieces], today)
    if not may(actor, Action.SEE_LIBRARY, Subject(organisation_id=organisation_id)):
        found, total = (), 0
    elif words is None and not found:
        looked_for = ""
        found, total = _library(organisation_id, "", [piece.item_id for piece in row.pieces], today)
    return SlotPage(
        organisation_id=organisation_id,
        organisation=pack.organisation.name,
        pack_id=pack.id,
        name=pack.name,
        slot=place,
        row=row,
        note=str(pack.notes.get(place.code, "")),
        words=looked_for,
        found=found,
        total=total,
    )


def _place(code: str) -> Slot:
    try:
        return slot_of(code)
    except Invalid as error:
        raise NotFound(error.message) from None


def _library(organisation_id: int, words: str, without: Sequence[int], today: date) -> tuple[tuple[FoundRow, ...], int]:
    library = _newest(organisation_id).where(EvidenceItem.id.not_in(list(without)))
    for word in words.split()[:8]:
        library = library.where(
            EvidenceItem.title.icontains(word, autoescape=True)
            | EvidenceVersion.filename.icontains(word, autoescape=True)
        )
    total = db.session.scalar(select(func.count()).select_from(library.subquery())) or 0
    found = db.session.execute(library.order_by(EvidenceItem.id.desc()).limit(FOUND)).all()
    rows = tuple(_found_row(item, version, today) for item, version in found)
    return rows, total


def _newest(organisation_id: int) -> Select[tuple[EvidenceItem, EvidenceVersion]]:
    """What is in use in a library, each piece in its newest version."""
    newest = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    return (
        select(EvidenceItem, EvidenceVersion)
        .join(EvidenceVersion, and_(EvidenceVersion.item_id == EvidenceItem.id, EvidenceVersion.number == newest))
        .where(EvidenceItem.organisation_id == organisation_id, EvidenceItem.archived_at.is_(None))
    )


def _found_row(item: EvidenceItem, version: EvidenceVersion, today: date) -> FoundRow:
    return FoundRow(
        item.id,
        item.title,
        version.filename or version.url,
        version.expires_on,
        version.expires_on is not None and version.expires_on < today,
    )


@dataclass(frozen=True)
class ProposalRow:
    """A piece of the library that may belong into an empty slot. `likely` ones are ticked at first."""

    slot: Slot
    item_id: int
    title: str
    expires_on: date | None
    expired: bool
    likely: bool

    @property
    def value(self) -> str:
        return f"{self.slot.code}:{self.item_id}"


@dataclass(frozen=True)
class ProposalsPage:
    """What the library holds for the empty slots of a pack."""

    organisation_id: int
    pack_id: int
    name: str
    rows: tuple[ProposalRow, ...]


def proposals_page(organisation_id: int, pack_id: int, actor: Actor, today: date) -> ProposalsPage:
    """For each empty slot the piece whose title names it best: one that still runs before one that ran out, then the newest.

    One statement for the library. Raises NotFound, NotAllowed.
    """
    pack = own_pack(organisation_id, pack_id, actor)
    require(actor, Action.SEE_LIBRARY, Subject(organisation_id=organisation_id))
    empty = [row.slot for row in contents_of(pack, today).slots if not row.pieces and not row.note and row.slot.search]
    library = _named(organisation_id, sorted({slot.search for slot in empty}), today) if empty else ()
    found = ((slot, next((each for each in library if slot.search in each.title.casefold()), None)) for slot in empty)
    rows = tuple(
        ProposalRow(slot, piece.item_id, piece.title, piece.expires_on, piece.expired, _likely(slot, piece))
        for slot, piece in found
        if piece is not None
    )
    return ProposalsPage(organisation_id, pack.id, pack.name, rows)


def _likely(slot: Slot, piece: FoundRow) -> bool:
    """A schedule of insurance rarely says in its title what it covers, so that a person must."""
    told = slot.group is not Group.INSURANCES or slot.title.casefold() in piece.title.casefold()
    return told and not piece.expired


def _named(organisation_id: int, words: Sequence[str], today: date) -> tuple[FoundRow, ...]:
    """The pieces whose titles hold any of these words: what still runs first, then the newest."""
    named = or_(*(EvidenceItem.title.icontains(word, autoescape=True) for word in words))
    found = db.session.execute(_newest(organisation_id).where(named).order_by(EvidenceItem.id.desc()).limit(MOST_NAMED))
    rows = [_found_row(item, version, today) for item, version in found.all()]
    return tuple(sorted(rows, key=lambda row: row.expired))
