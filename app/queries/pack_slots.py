"""One slot of a pack, and what the evidence library holds for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select

from app.domain.access import Action, Actor, Subject, may
from app.domain.errors import Invalid, NotFound
from app.domain.pack import Slot, slot_of
from app.extensions import db
from app.models import EvidenceItem, EvidenceVersion
from app.queries.pack_contents import SlotRow, contents_of
from app.queries.packs import own_pack

FOUND = 12


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
    newest = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    library = (
        select(EvidenceItem, EvidenceVersion)
        .join(EvidenceVersion, and_(EvidenceVersion.item_id == EvidenceItem.id, EvidenceVersion.number == newest))
        .where(EvidenceItem.organisation_id == organisation_id, EvidenceItem.archived_at.is_(None))
        .where(EvidenceItem.id.not_in(list(without)))
    )
    for word in words.split()[:8]:
        library = library.where(
            EvidenceItem.title.icontains(word, autoescape=True)
            | EvidenceVersion.filename.icontains(word, autoescape=True)
        )
    total = db.session.scalar(select(func.count()).select_from(library.subquery())) or 0
    found = db.session.execute(library.order_by(EvidenceItem.id.desc()).limit(FOUND)).all()
    rows = tuple(
        FoundRow(
            item.id,
            item.title,
            version.filename or version.url,
            version.expires_on,
            version.expires_on is not None and version.expires_on < today,
        )
        for item, version in found
    )
    return rows, total
