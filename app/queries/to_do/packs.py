"""What pre-qualification packs ask of their people: codes that end soon, and documents that ran out in a pack in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, exists, func, select

from app.domain.access import Action, Actor, Subject, may
from app.domain.pack import ENDS_SOON
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import EvidenceItem, EvidenceVersion, Pack, PackPiece, PackShare
from app.queries.packs import is_open_on

MOST = 50


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """Two statements, whatever the number of organisations and packs. Codes are for those who may make new ones."""
    makers = [each for each in organisation_ids if may(actor, Action.MAKE_PACK, Subject(organisation_id=each))]
    sharers = [each for each in makers if may(actor, Action.SHARE_PACK, Subject(organisation_id=each))]
    return [*_ending(sharers, today), *_run_out(makers, today)]


def _ending(organisation_ids: Sequence[int], today: date) -> list[ToDo]:
    found = db.session.execute(
        select(Pack.id, Pack.organisation_id, Pack.name, PackShare.recipient, PackShare.ends_on)
        .join(PackShare, PackShare.pack_id == Pack.id)
        .where(Pack.organisation_id.in_(organisation_ids), Pack.deleted_at.is_(None), is_open_on(today))
        .where(PackShare.ends_on <= today + ENDS_SOON)
        .order_by(PackShare.ends_on, PackShare.id)
        .limit(MOST)
    ).all()
    return [
        ToDo(
            kind=Kind.SHARING,
            what=f"Make a new code for the pack “{name}” if {recipient or 'its reader'} still needs it",
            path=f"/organisations/{organisation_id}/packs/{pack_id}#codes",
            due_on=ends_on,
            organisation_id=organisation_id,
        )
        for pack_id, organisation_id, name, recipient, ends_on in found
    ]


def _run_out(organisation_ids: Sequence[int], today: date) -> list[ToDo]:
    newest = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == PackPiece.item_id)
        .correlate(PackPiece)
        .scalar_subquery()
    )
    shared = exists().where((PackShare.pack_id == Pack.id) & is_open_on(today)).correlate(Pack)
    found = db.session.execute(
        select(Pack.id, Pack.organisation_id, Pack.name, func.count(), func.min(EvidenceVersion.expires_on))
        .join(PackPiece, PackPiece.pack_id == Pack.id)
        .join(EvidenceItem, EvidenceItem.id == PackPiece.item_id)
        .join(EvidenceVersion, and_(EvidenceVersion.item_id == PackPiece.item_id, EvidenceVersion.number == newest))
        .where(Pack.organisation_id.in_(organisation_ids), Pack.deleted_at.is_(None), shared)
        .where(EvidenceVersion.expires_on < today, EvidenceItem.archived_at.is_(None))
        .group_by(Pack.id, Pack.organisation_id, Pack.name)
        .order_by(func.min(EvidenceVersion.expires_on), Pack.id)
        .limit(MOST)
    ).all()
    return [
        ToDo(
            kind=Kind.SHARING,
            what=f"Replace what has run out in the pack “{name}”",
            path=f"/organisations/{organisation_id}/packs/{pack_id}",
            due_on=since,
            when=f"{count} of its documents" if count > 1 else "",
            organisation_id=organisation_id,
        )
        for pack_id, organisation_id, name, count, since in found
    ]
