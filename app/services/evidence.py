"""What a provider does with its evidence library: add, bring a new version, put away, stand evidence behind an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Invalid, NotFound
from app.domain.evidence import Contents, checked, digest_of
from app.models import Application, AttachedEvidence, EvidenceItem
from app.queries.frameworks import framework_of
from app.services.answers import editable_application
from app.services.evidence_items import (
    add_row,
    bytes_used,
    make_item,
    newest_version,
    own_changeable_item,
    own_item,
    record_version,
    refuse_too_much,
    refuse_twin,
    rename,
)
from app.services.transactions import record, transaction
from app.services.uploads import Upload, keep_upload


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
    kept = keep_upload(new.upload, storage, _bytes_used(organisation_id) if new.upload else 0)
    with transaction() as session:
        item = make_item(session, organisation_id, new.kind, new.called, contents, kept, actor, now)
        if behind is not None:
            application = editable_application(session, behind.application_id, Action.ANSWER, actor)
            put_behind(session, application, item, behind, actor, now)
        return item.id


def add_version(item_id: int, new: NewEvidence, *, storage: Storage, actor: Actor, now: datetime, today: date) -> int:
    """Bring a newer version of a piece of evidence; the older ones stay. Returns the version's number.

    Applications that are not handed in yet follow to the new version, the others stay with theirs. Raises NotFound,
    NotAllowed, Invalid, AlreadyInLibrary, StorageFull, Conflict for what was collected here.
    """
    kind, organisation_id, used = _before_a_version(item_id, actor)
    contents = checked(kind, new.called or "-", new.contents, has_file=new.upload is not None, today=today)
    kept = keep_upload(new.upload, storage, used)
    with transaction() as session:
        item = own_changeable_item(session, item_id, actor)
        digest = kept.sha256 if kept else digest_of(kind, contents)
        refuse_twin(session, organisation_id, digest)
        refuse_too_much(session, organisation_id, kept)
        rename(session, item, new.title.strip() or item.title, item.kind)
        item.archived_at = None
        version = add_row(session, item, contents, kept, digest, actor, now)
        record_version(session, actor, item, version, now)
        return version.number


def _before_a_version(item_id: int, actor: Actor) -> tuple[str, int, int]:
    """(kind, organisation's id, bytes that its library holds), before a file is read or kept."""
    with transaction() as session:
        item = own_changeable_item(session, item_id, actor)
        return item.kind, item.organisation_id, bytes_used(session, item.organisation_id)


def _bytes_used(organisation_id: int) -> int:
    with transaction() as session:
        return bytes_used(session, organisation_id)


def archive_evidence(item_id: int, archived: bool, *, actor: Actor, now: datetime) -> None:
    """Put a piece of evidence away so that it is no longer offered, or bring it back. Where it is used, it stays.

    Raises NotFound, NotAllowed, Conflict for what was collected here.
    """
    with transaction() as session:
        item = own_changeable_item(session, item_id, actor)
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
        if attached.version is not None:
            attached.version.handed_in = True  # whoever assessed it goes on finding what was seen
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
    return newest_version(session, item_id).id
