"""The rows of an evidence library: how a piece and its versions are made, corrected, and kept from being there twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict
from app.domain.evidence import AlreadyInLibrary, Contents, check_room, digest_of
from app.models import AttachedEvidence, EvidenceItem, EvidenceVersion, Organisation
from app.services.transactions import locked, record
from app.services.uploads import KeptFile

COLLECTED = "This was collected here from the people you support. Nobody can change it or put it away."


def make_item(
    session: Session,
    organisation_id: int,
    kind: str,
    title: str,
    contents: Contents,
    kept: KeptFile | None,
    actor: Actor,
    now: datetime,
) -> EvidenceItem:
    """A new piece in the library with its first version and audit row. Raises AlreadyInLibrary, Invalid where it is full."""
    digest = kept.sha256 if kept else digest_of(kind, contents)
    refuse_twin(session, organisation_id, digest)
    refuse_too_much(session, organisation_id, kept)
    item = EvidenceItem(
        organisation_id=organisation_id, title=title, kind=kind, created_at=now, created_by_id=actor.user_id
    )
    session.add(item)
    session.flush()
    add_row(session, item, contents, kept, digest, actor, now)
    record(session, actor, "evidence.added", item, now, organisation_id=organisation_id, title=title, sha256=digest)
    return item


def add_row(
    session: Session,
    item: EvidenceItem,
    contents: Contents,
    kept: KeptFile | None,
    digest: str,
    actor: Actor,
    now: datetime,
) -> EvidenceVersion:
    """The next version of a piece, under the title and kind that the piece has now."""
    latest = session.scalar(select(func.max(EvidenceVersion.number)).where(EvidenceVersion.item_id == item.id))
    version = EvidenceVersion(
        item_id=item.id,
        number=(latest or 0) + 1,
        title=item.title,
        kind=item.kind,
        details=dict(contents.details),
        filename=kept.filename if kept else "",
        media_type=kept.media_type if kept else "",
        size=kept.size if kept else 0,
        storage_key=kept.storage_key if kept else "",
        sha256=digest,
        url=contents.url,
        text=contents.text,
        issued_on=contents.issued_on,
        expires_on=contents.expires_on,
        added_at=now,
        added_by_id=actor.user_id,
    )
    session.add(version)
    return version


def rename(session: Session, item: EvidenceItem, title: str, kind: str) -> None:
    """Give a piece another title and kind. Versions keep those under which they were brought."""
    session.execute(
        update(EvidenceVersion)
        .where(EvidenceVersion.item_id == item.id, EvidenceVersion.title.is_(None))
        .values(title=item.title, kind=item.kind)
    )
    item.title, item.kind = title, kind


def record_version(session: Session, actor: Actor, item: EvidenceItem, version: EvidenceVersion, now: datetime) -> None:
    """The audit row of a newer version."""
    record(
        session,
        actor,
        "evidence.version-added",
        item,
        now,
        organisation_id=item.organisation_id,
        title=item.title,
        number=version.number,
        sha256=version.sha256,
    )


def refuse_twin(session: Session, organisation_id: int, digest: str) -> None:
    """Raises AlreadyInLibrary. The library is held from here on, so that the same file sent twice at once is one item."""
    locked(session, Organisation, organisation_id)
    twin = session.scalars(
        select(EvidenceItem)
        .join(EvidenceVersion, EvidenceVersion.item_id == EvidenceItem.id)
        .where(EvidenceVersion.sha256 == digest, EvidenceItem.organisation_id == organisation_id)
        .order_by(EvidenceItem.id)
        .limit(1)
    ).first()
    if twin is not None:
        raise AlreadyInLibrary(twin.id, twin.title, archived=twin.archived_at is not None)


def refuse_too_much(session: Session, organisation_id: int, kept: KeptFile | None) -> None:
    """Raises Invalid on `file` where the library, which is held, has no room for it."""
    if kept is not None and kept.library:
        check_room(bytes_used(session, organisation_id), kept.size, kept.library)


def bytes_used(session: Session, organisation_id: int) -> int:
    """How many bytes the versions of a library hold. A file that two versions share counts for each."""
    found = session.scalar(
        select(func.coalesce(func.sum(EvidenceVersion.size), 0))
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(EvidenceItem.organisation_id == organisation_id)
    )
    return int(found or 0)


def own_item(session: Session, item_id: int, actor: Actor) -> EvidenceItem:
    """A piece of evidence of the actor's own organisation, held. Raises NotFound, NotAllowed."""
    item = locked(session, EvidenceItem, item_id)
    require(actor, Action.ADD_EVIDENCE, Subject(organisation_id=item.organisation_id))
    return item


def own_changeable_item(session: Session, item_id: int, actor: Actor) -> EvidenceItem:
    """The same, for whoever would change it. Raises Conflict too, for what was collected here from service users."""
    item = own_item(session, item_id, actor)
    if item.collected:
        raise Conflict(COLLECTED)
    return item


def newest_version(session: Session, item_id: int) -> EvidenceVersion:
    """The newest version of a piece of evidence. Raises Conflict where there is none."""
    found = session.scalars(
        select(EvidenceVersion)
        .where(EvidenceVersion.item_id == item_id)
        .order_by(EvidenceVersion.number.desc())
        .limit(1)
    ).first()
    if found is None:
        raise Conflict("This evidence has no contents.")
    return found


def was_handed_in(session: Session, version: EvidenceVersion) -> bool:
    """Whether somebody outside the organisation may have seen the version: from then on it never changes."""
    pinned = select(AttachedEvidence.id).where(AttachedEvidence.version_id == version.id).limit(1)
    return version.handed_in or session.scalar(pinned) is not None
