"""What is in a pack: pieces of the evidence library in their slots, and awards with as much of their results as is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Invalid, NotFound, check_length
from app.domain.pack import LONGEST_NOTE, MOST_COVER, Group, slot_of
from app.models import Award, EvidenceItem, Pack, PackPiece, PackResult
from app.queries.pack_contents import MOST_PIECES
from app.services.packs import NOT_THERE, gone, note, own
from app.services.transactions import transaction

LONGEST_LABEL = 80


@dataclass(frozen=True)
class Shown:
    """How much of the result behind an award a pack shows."""

    standards: bool = False
    scores: bool = False
    reasons: bool = False


def add_piece(organisation_id: int, pack_id: int, slot: str, item_id: int, *, actor: Actor, now: datetime) -> None:
    """Put a piece of the library into a slot; done twice, it is there once. Raises NotFound, NotAllowed, Invalid."""
    place = slot_of(slot)
    require(actor, Action.SEE_LIBRARY, Subject(organisation_id=organisation_id))
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        item = session.get(EvidenceItem, item_id)
        if item is None or item.organisation_id != organisation_id or item.archived_at is not None:
            raise Invalid({"item": "That piece is not in your library any more. Choose another."})
        if any(piece.slot == slot and piece.item_id == item_id for piece in pack.pieces):
            return
        if len(pack.pieces) >= MOST_PIECES:
            raise Invalid({"": f"A pack can hold {MOST_PIECES} pieces. Take one out first."})
        pack.pieces.append(PackPiece(slot=place.code, item_id=item_id))
        note(session, pack, "pack.piece-added", actor, now, slot=place.title, title=item.title)


def add_pieces(
    organisation_id: int, pack_id: int, chosen: Sequence[tuple[str, int]], *, actor: Actor, now: datetime
) -> int:
    """Put several pieces into their slots at once: (slot, id of the piece). What is there already stays once.

    Returns how many are new. Raises NotFound, NotAllowed, Invalid.
    """
    require(actor, Action.SEE_LIBRARY, Subject(organisation_id=organisation_id))
    wanted = {(slot_of(slot).code, item_id) for slot, item_id in chosen}
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        new = sorted(wanted - {(piece.slot, piece.item_id) for piece in pack.pieces})
        titles = _titles(session, organisation_id, [item_id for _, item_id in new])
        if len(pack.pieces) + len(new) > MOST_PIECES:
            raise Invalid({"": f"A pack can hold {MOST_PIECES} pieces. Take one out first."})
        for slot, item_id in new:
            pack.pieces.append(PackPiece(slot=slot, item_id=item_id))
            note(session, pack, "pack.piece-added", actor, now, slot=slot_of(slot).title, title=titles[item_id])
        return len(new)


def _titles(session: Session, organisation_id: int, item_ids: list[int]) -> dict[int, str]:
    """The titles of these pieces. Raises Invalid where one is not in the library any more."""
    found = session.execute(
        select(EvidenceItem.id, EvidenceItem.title).where(
            EvidenceItem.id.in_(item_ids),
            EvidenceItem.organisation_id == organisation_id,
            EvidenceItem.archived_at.is_(None),
        )
    ).all()
    titles = {key: title for key, title in found}
    if not set(item_ids) <= set(titles):
        raise Invalid({"item": "A piece is not in your library any more. Choose again."})
    return titles


def change_piece(
    organisation_id: int,
    pack_id: int,
    piece_id: int,
    *,
    cover: int | None,
    label: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Say what a piece covers: pounds for an insurance, a year or number for the others. Raises NotFound, NotAllowed, Invalid."""
    label = " ".join(label.split())
    check_length(label, LONGEST_LABEL, "label")
    if cover is not None and cover > MOST_COVER:
        raise Invalid({"cover": "Enter the cover in pounds, such as 5,000,000."})
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        piece = _piece(pack, piece_id)
        if slot_of(piece.slot).group is not Group.INSURANCES:
            cover = None
        if (piece.cover, piece.label) == (cover, label):
            return
        piece.cover, piece.label = cover, label
        note(session, pack, "pack.piece-changed", actor, now, slot=slot_of(piece.slot).title, cover=cover, label=label)


def remove_piece(organisation_id: int, pack_id: int, piece_id: int, *, actor: Actor, now: datetime) -> str:
    """Take a piece out of a pack; it stays in the library. Returns its slot. Raises NotFound, NotAllowed."""
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        piece = _piece(pack, piece_id)
        slot, title = piece.slot, piece.item.title
        pack.pieces.remove(piece)
        note(session, pack, "pack.piece-removed", actor, now, slot=slot_of(slot).title, title=title)
        return slot


def _piece(pack: Pack, piece_id: int) -> PackPiece:
    found = next((piece for piece in pack.pieces if piece.id == piece_id), None)
    if found is None:
        raise gone()
    return found


def explain_slot(organisation_id: int, pack_id: int, slot: str, words: str, *, actor: Actor, now: datetime) -> None:
    """Say in a sentence why nothing is in a slot. Raises NotFound, NotAllowed, Invalid."""
    place, words = slot_of(slot), " ".join(words.split())
    check_length(words, LONGEST_NOTE, "note")
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        if str(pack.notes.get(place.code, "")) == words:
            return
        others = {code: said for code, said in pack.notes.items() if code != place.code}
        pack.notes = {**others, place.code: words} if words else others
        note(session, pack, "pack.explained", actor, now, slot=place.title, note=words)


def choose_results(
    organisation_id: int, pack_id: int, chosen: Mapping[int, Shown], *, actor: Actor, now: datetime
) -> None:
    """Show these awards, by their applications, with as much of each result. Raises NotFound, NotAllowed."""
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.MAKE_PACK)
        awarded = select(Award.application_id).where(
            Award.organisation_id == organisation_id, Award.application_id.in_(list(chosen))
        )
        ours = set(session.scalars(awarded))
        if not ours.issuperset(chosen):
            raise NotFound(NOT_THERE)
        before = {row.application_id: Shown(row.standards, row.scores, row.reasons) for row in pack.results}
        if before == dict(chosen):
            return
        _set_results(pack, chosen)
        note(session, pack, "pack.results-chosen", actor, now, applications=sorted(chosen))


def _set_results(pack: Pack, chosen: Mapping[int, Shown]) -> None:
    kept = {row.application_id: row for row in pack.results if row.application_id in chosen}
    for row in [row for row in pack.results if row.application_id not in chosen]:
        pack.results.remove(row)
    for application_id, shown in chosen.items():
        row = kept.get(application_id) or PackResult(application_id=application_id)
        row.standards, row.scores = shown.standards, shown.scores
        row.reasons = shown.reasons and shown.scores
        if application_id not in kept:
            pack.results.append(row)
