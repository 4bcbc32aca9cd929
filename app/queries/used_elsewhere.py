"""Where a piece of evidence is used outside applications: in packs, as the proof of a certificate, in the plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import literal, select, union_all

from app.domain.access import Action, Actor, Subject, may
from app.extensions import db
from app.models import EvidenceVersion, Pack, PackPiece, Passport, PlanAction, PlanEvidence

MOST = 200


class Place(StrEnum):
    """What uses the piece."""

    CERTIFICATE = "certificate"
    PACK = "pack"
    ACTION = "action"


@dataclass(frozen=True)
class ElsewhereRow:
    """One use: what it is, its name and id. `number` is the version that a certificate rests on, None elsewhere."""

    place: Place
    place_id: int
    name: str
    number: int | None


MAY_SEE = {
    Place.CERTIFICATE: Action.SEE_PASSPORTS,
    Place.PACK: Action.MAKE_PACK,
    Place.ACTION: Action.SEE_PLAN,
}


def used_elsewhere(organisation_id: int, item_id: int, actor: Actor) -> tuple[ElsewhereRow, ...]:
    """The uses that the actor may look at, by kind and age. One statement at most."""
    here = Subject(organisation_id=organisation_id)
    asked = [_STATEMENTS[place](item_id) for place, action in MAY_SEE.items() if may(actor, action, here)]
    if not asked:
        return ()
    every = union_all(*asked).subquery()
    rows = db.session.execute(select(every).order_by(every.c.place, every.c.id).limit(MOST))
    return tuple(ElsewhereRow(Place(place), key, name, number or None) for place, key, name, number in rows)


def _certificates(item_id: int):
    return (
        select(
            literal(Place.CERTIFICATE.value).label("place"),
            Passport.id.label("id"),
            Passport.title.label("name"),
            EvidenceVersion.number.label("number"),
        )
        .join(EvidenceVersion, EvidenceVersion.id == Passport.proof_id)
        .where(EvidenceVersion.item_id == item_id, Passport.withdrawn_at.is_(None))
    )


def _packs(item_id: int):
    return (
        select(
            literal(Place.PACK.value).label("place"),
            Pack.id.label("id"),
            Pack.name.label("name"),
            literal(0).label("number"),
        )
        .join(PackPiece, PackPiece.pack_id == Pack.id)
        .where(PackPiece.item_id == item_id, Pack.deleted_at.is_(None))
        .distinct()
    )


def _actions(item_id: int):
    return (
        select(
            literal(Place.ACTION.value).label("place"),
            PlanAction.id.label("id"),
            PlanAction.title.label("name"),
            literal(0).label("number"),
        )
        .join(PlanEvidence, PlanEvidence.action_id == PlanAction.id)
        .where(PlanEvidence.item_id == item_id)
    )


_STATEMENTS = {Place.CERTIFICATE: _certificates, Place.PACK: _packs, Place.ACTION: _actions}
