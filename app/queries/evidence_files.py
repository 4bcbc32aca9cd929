"""What goes into a zip of evidence: the whole library, or what stands behind one application."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.domain.access import Action, Actor, require
from app.domain.lifecycle import EDITABLE
from app.extensions import db
from app.models import Application, AttachedEvidence, EvidenceItem, EvidenceVersion, FrameworkEdition
from app.queries.organisations import own_organisation
from app.queries.self_assessments import AS_BROUGHT, own_application, own_subject
from app.queries.subjects import seen_by_scheme

MOST = 20_000


@dataclass(frozen=True)
class Piece:
    """One version of a piece. `used` says behind what it stands, each as "GOV.1.1 of Community Care Mark 2026"."""

    item_id: int
    version_id: int
    number: int
    title: str
    kind: str
    collected: bool
    archived: bool
    filename: str
    size: int
    sha256: str
    storage_key: str
    url: str
    text: str
    details: Mapping[str, Any]
    issued_on: date | None
    expires_on: date | None
    added_at: datetime
    used: tuple[str, ...]


@dataclass(frozen=True)
class Bundle:
    """Pieces to be sent together. `called` names whose they are, or of which application."""

    called: str
    pieces: tuple[Piece, ...]


def library_files(organisation_id: int, actor: Actor) -> Bundle:
    """The newest version of every piece, archived ones too. Three statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_LIBRARY)
    found = (
        _pieces(EvidenceItem.title, EvidenceItem.kind)
        .where(EvidenceItem.organisation_id == organisation.id, EvidenceVersion.number == _last())
        .order_by(EvidenceItem.id)
        .limit(MOST)
    )
    return Bundle(organisation.name, _read(found, _uses(organisation.id)))


def application_files(application_id: int, actor: Actor) -> Bundle:
    """What stands behind one application: as it was handed in, or would be now. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    require(actor, Action.SEE_LIBRARY, own_subject(application))
    newest = application.status in EDITABLE or not seen_by_scheme(application)
    counts = EvidenceVersion.number == _last() if newest else EvidenceVersion.id == AttachedEvidence.version_id
    named = (EvidenceItem.title, EvidenceItem.kind) if newest else AS_BROUGHT
    attached = (
        select(EvidenceVersion.id)
        .join(AttachedEvidence, AttachedEvidence.item_id == EvidenceVersion.item_id)
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(AttachedEvidence.application_id == application.id, counts)
    )
    found = _pieces(*named).where(EvidenceVersion.id.in_(attached)).order_by(EvidenceItem.id).limit(MOST)
    uses = _uses(application.organisation_id, application.id)
    called = f"{application.organisation.name}, {application.edition.title} {application.edition.edition}"
    return Bundle(called, _read(found, uses))


def _last() -> Any:
    newer = select(func.max(EvidenceVersion.number)).where(EvidenceVersion.item_id == EvidenceItem.id)
    return newer.correlate(EvidenceItem).scalar_subquery()


def _pieces(title: Any, kind: Any) -> Select[Any]:
    return select(EvidenceVersion, EvidenceItem.collected, EvidenceItem.archived_at, title, kind).join(
        EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id
    )


def _uses(organisation_id: int, application_id: int | None = None) -> Mapping[int, tuple[str, ...]]:
    """Behind what each piece stands, by its id. One statement."""
    statement = (
        select(
            AttachedEvidence.item_id, AttachedEvidence.criterion_code, FrameworkEdition.title, FrameworkEdition.edition
        )
        .join(Application, Application.id == AttachedEvidence.application_id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(Application.organisation_id == organisation_id)
        .order_by(AttachedEvidence.id)
    )
    if application_id is not None:
        statement = statement.where(Application.id == application_id)
    found: dict[int, list[str]] = defaultdict(list)
    for item_id, code, title, edition in db.session.execute(statement):
        found[item_id].append(f"{code} of {title} {edition}")
    return {item_id: tuple(uses) for item_id, uses in found.items()}


def _read(statement: Select[Any], uses: Mapping[int, tuple[str, ...]]) -> tuple[Piece, ...]:
    return tuple(_piece(*row, uses) for row in db.session.execute(statement))


def _piece(
    version: EvidenceVersion,
    collected: bool,
    archived_at: datetime | None,
    title: str,
    kind: str,
    uses: Mapping[int, Iterable[str]],
) -> Piece:
    return Piece(
        item_id=version.item_id,
        version_id=version.id,
        number=version.number,
        title=title,
        kind=kind,
        collected=collected,
        archived=archived_at is not None,
        filename=version.filename,
        size=version.size,
        sha256=version.sha256,
        storage_key=version.storage_key,
        url=version.url,
        text=version.text,
        details=version.details,
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        added_at=version.added_at,
        used=tuple(uses.get(version.item_id, ())),
    )
