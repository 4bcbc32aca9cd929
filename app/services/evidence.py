"""What a provider does with its evidence library: add, bring a new version, put away, stand evidence behind an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.evidence import AlreadyInLibrary, Contents, checked
from app.models import Application, AttachedEvidence, EvidenceItem, EvidenceVersion, Organisation
from app.queries.frameworks import framework_of
from app.services.answers import editable_application
from app.services.transactions import locked, record, transaction
from app.services.uploads import KeptFile, Upload, keep_upload


@dataclass(frozen=True)
class NewEvidence:
    """What somebody brings. Without a title, a document is called after its file."""

    kind: str
    title: str
    contents: Contents
    upload: Upload | None = None

    @property
    def called(self) -> str:
        return self.title.strip() or (self.upload.filename.rpartition(".")[0] if self.upload else "")


@dataclass(frozen=True)
class Behind:
    """The criterion behind which evidence is put; `asked_code` names what it answers of what is asked for, or is empty."""

    application_id: int
    code: str
    asked_code: str = ""


def add_evidence(
    organisation_id: int,
    new: NewEvidence,
    *,
    storage: Storage,
    actor: Actor,
    now: datetime,
    today: date,
    behind: Behind | None = None,
) -> int:
    """Add a piece of evidence to the library, put it behind a criterion where `behind` says so, and return its id.

    Raises NotFound, NotAllowed, Invalid (also for a file that cannot be taken), AlreadyInLibrary, StorageFull, Conflict.
    """
    require(actor, Action.ADD_EVIDENCE, Subject(organisation_id=organisation_id))
    contents = checked(new.kind, new.called, new.contents, has_file=new.upload is not None, today=today)
    kept = keep_upload(new.upload, storage)
    with transaction() as session:
        item = make_item(session, organisation_id, new.kind, new.called, contents, kept, actor, now)
        if behind is not None:
            application = editable_application(session, behind.application_id, Action.ANSWER, actor)
            put_behind(session, application, item, behind, actor, now)
        return item.id


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
    """A new piece in the library with its first version and audit row. Raises AlreadyInLibrary."""
    digest = _digest(contents, kept)
    _refuse_twin(session, organisation_id, digest)
    item = EvidenceItem(
        organisation_id=organisation_id, title=title, kind=kind, created_at=now, created_by_id=actor.user_id
    )
    session.add(item)
    session.flush()
    session.add(_version(item.id, 1, contents, kept, digest, actor, now))
    record(session, actor, "evidence.added", item, now, organisation_id=organisation_id, title=title, sha256=digest)
    return item


def _digest(contents: Contents, kept: KeptFile | None) -> str:
    return kept.sha256 if kept else sha256((contents.url or contents.text).encode()).hexdigest()


def _version(
    item_id: int, number: int, contents: Contents, kept: KeptFile | None, digest: str, actor: Actor, now: datetime
) -> EvidenceVersion:
    return EvidenceVersion(
        item_id=item_id,
        number=number,
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


def _refuse_twin(session: Session, organisation_id: int, digest: str) -> None:
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


def add_version(item_id: int, new: NewEvidence, *, storage: Storage, actor: Actor, now: datetime, today: date) -> int:
    """Bring a newer version of a piece of evidence; the older ones stay. Returns the version's number.

    Applications that are not handed in yet follow to the new version, the others stay with theirs. Raises NotFound,
    NotAllowed, Invalid, AlreadyInLibrary, StorageFull.
    """
    kind, organisation_id = _kind_of(item_id, actor)
    contents = checked(kind, new.called or "-", new.contents, has_file=new.upload is not None, today=today)
    kept = keep_upload(new.upload, storage)
    with transaction() as session:
        item = locked(session, EvidenceItem, item_id)
        digest = _digest(contents, kept)
        _refuse_twin(session, organisation_id, digest)
        latest = session.scalar(select(func.max(EvidenceVersion.number)).where(EvidenceVersion.item_id == item.id))
        number = (latest or 0) + 1
        if new.title.strip():
            item.title = new.title.strip()
        item.archived_at = None
        session.add(_version(item.id, number, contents, kept, digest, actor, now))
        record(
            session,
            actor,
            "evidence.version-added",
            item,
            now,
            organisation_id=organisation_id,
            title=item.title,
            number=number,
            sha256=digest,
        )
        return number


def _kind_of(item_id: int, actor: Actor) -> tuple[str, int]:
    with transaction() as session:
        item = own_item(session, item_id, actor)
        return item.kind, item.organisation_id


def own_item(session: Session, item_id: int, actor: Actor) -> EvidenceItem:
    """A piece of evidence of the actor's own organisation, held. Raises NotFound, NotAllowed."""
    item = locked(session, EvidenceItem, item_id)
    require(actor, Action.ADD_EVIDENCE, Subject(organisation_id=item.organisation_id))
    return item


def archive_evidence(item_id: int, archived: bool, *, actor: Actor, now: datetime) -> None:
    """Put a piece of evidence away so that it is no longer offered, or bring it back. Where it is used, it stays.

    Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        item = own_item(session, item_id, actor)
        if (item.archived_at is not None) == archived:
            return
        item.archived_at = now if archived else None
        action = "evidence.archived" if archived else "evidence.unarchived"
        record(session, actor, action, item, now, organisation_id=item.organisation_id, title=item.title)


def attach_evidence(item_id: int, behind: Behind, *, actor: Actor, now: datetime) -> None:
    """Put a piece of the library behind a criterion. Doing so twice changes nothing.

    Raises NotFound, NotAllowed, Invalid, Conflict once the application can no longer be changed.
    """
    with transaction() as session:
        application = editable_application(session, behind.application_id, Action.ANSWER, actor)
        item = own_item(session, item_id, actor)
        put_behind(session, application, item, behind, actor, now)


def put_behind(
    session: Session,
    application: Application,
    item: EvidenceItem,
    behind: Behind,
    actor: Actor,
    now: datetime,
    *,
    version_id: int | None = None,
) -> None:
    """The row that stands `item` behind a criterion, with its audit row. `version_id` pins a version at once.

    A piece that stands there already keeps the version that was handed in, until the application is handed in again:
    that is what was scored, and what assessors and panel read of a deferred case meanwhile.
    """
    if item.organisation_id != application.organisation_id:
        raise NotFound("There is no such evidence in your library.")
    criterion = framework_of(application.edition).criterion(behind.code)
    if behind.asked_code and behind.asked_code not in {ask.code for ask in criterion.evidence}:
        raise Invalid({"asked_code": "Choose what this evidence shows, from the list."})
    attached = session.scalars(
        select(AttachedEvidence).where(
            AttachedEvidence.application_id == application.id,
            AttachedEvidence.criterion_code == behind.code,
            AttachedEvidence.item_id == item.id,
        )
    ).first()
    shows = behind.asked_code or (attached.asked_code if attached else "")
    pinned = version_id or (attached.version_id if attached else None)
    if attached is not None and (attached.asked_code, attached.version_id) == (shows, pinned):
        return
    if attached is None:
        attached = AttachedEvidence(
            application_id=application.id,
            criterion_code=behind.code,
            item_id=item.id,
            attached_at=now,
            attached_by_id=actor.user_id,
        )
        session.add(attached)
    attached.asked_code, attached.version_id = shows, pinned
    _record_attachment(session, actor, "evidence.attached", attached, application, now)


def detach_evidence(attached_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a piece of evidence away from a criterion; it stays in the library. Doing so twice changes nothing.

    Raises NotAllowed, NotFound, Conflict once the application can no longer be changed.
    """
    with transaction() as session:
        attached = session.get(AttachedEvidence, attached_id)
        if attached is None:
            return
        application = editable_application(session, attached.application_id, Action.ANSWER, actor)
        _record_attachment(session, actor, "evidence.detached", attached, application, now)
        session.delete(attached)


def _record_attachment(
    session: Session,
    actor: Actor,
    action: str,
    attached: AttachedEvidence,
    application: Application,
    now: datetime,
) -> None:
    session.flush()
    record(
        session,
        actor,
        action,
        attached,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        criterion=attached.criterion_code,
        item=attached.item_id,
        version=attached.version_id,
        shows=attached.asked_code,
    )


def newest_version_id(session: Session, item_id: int) -> int:
    """The id of the newest version of a piece of evidence. Raises Conflict where there is none."""
    found = session.scalars(
        select(EvidenceVersion.id)
        .where(EvidenceVersion.item_id == item_id)
        .order_by(EvidenceVersion.number.desc())
        .limit(1)
    ).first()
    if found is None:
        raise Conflict("This evidence has no contents.")
    return found
