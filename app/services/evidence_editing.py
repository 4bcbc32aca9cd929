"""Putting right what a piece of evidence is called, what kind it is, its dates and what its kind asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Invalid
from app.domain.evidence import ChangedMeanwhile, Contents, checked, fingerprint, kinds_for
from app.models import EvidenceItem, EvidenceVersion
from app.services.evidence_items import (
    add_row,
    newest_version,
    own_changeable_item,
    record_version,
    rename,
    was_handed_in,
)
from app.services.transactions import locked, record, transaction
from app.services.uploads import KeptFile


@dataclass(frozen=True)
class Edit:
    """What a piece should say. `began_from` is the fingerprint of what the page showed; address and words stay."""

    title: str
    kind: str
    contents: Contents
    began_from: str


def edit_evidence(item_id: int, edit: Edit, *, actor: Actor, now: datetime, today: date) -> int:
    """Change title, kind, dates and details. Returns the number of the version that now counts.

    A version that somebody outside the organisation may have seen stays as it was, and a new one with the same file, link
    or words takes its place. Raises NotFound, NotAllowed, Invalid, ChangedMeanwhile, Conflict for what was collected here.
    """
    with transaction() as session:
        item = own_changeable_item(session, item_id, actor)
        version = locked(session, EvidenceVersion, newest_version(session, item.id).id)
        before = Contents(version.url, version.text, version.issued_on, version.expires_on, version.details)
        if fingerprint(version.number, item.title, item.kind, before) != edit.began_from:
            raise ChangedMeanwhile(
                "A colleague saved this meanwhile. What they saved is shown beside what you entered."
            )
        contents = _checked(version, item.kind, edit, today)
        if (item.title, item.kind, before) == (edit.title.strip(), edit.kind, contents):
            return version.number
        return _save(session, item, version, edit, contents, actor, now)


def _checked(version: EvidenceVersion, kind: str, edit: Edit, today: date) -> Contents:
    has_file = bool(version.storage_key)
    possible = kinds_for(kind, has_file=has_file, has_url=bool(version.url), has_text=bool(version.text))
    if edit.kind not in possible:
        raise Invalid({"kind": "Choose one of the kinds shown."})
    given = replace(edit.contents, url=version.url, text=version.text)
    tidy = checked(edit.kind, edit.title or "", given, has_file=has_file, today=today)
    return replace(tidy, url=version.url, text=version.text)


def _save(
    session: Session,
    item: EvidenceItem,
    version: EvidenceVersion,
    edit: Edit,
    contents: Contents,
    actor: Actor,
    now: datetime,
) -> int:
    was = {"title": item.title, "kind": item.kind}
    seen = was_handed_in(session, version)
    rename(session, item, edit.title.strip(), edit.kind)
    changed = (was["kind"], version.issued_on, version.expires_on, version.details) != (
        edit.kind,
        contents.issued_on,
        contents.expires_on,
        dict(contents.details),
    )
    if seen and changed:
        version = add_row(session, item, contents, _same_file(version), version.sha256, actor, now)
        record_version(session, actor, item, version, now)
    elif not seen:
        version.title, version.kind, version.details = item.title, item.kind, dict(contents.details)
        version.issued_on, version.expires_on = contents.issued_on, contents.expires_on
    record(
        session,
        actor,
        "evidence.edited",
        item,
        now,
        organisation_id=item.organisation_id,
        title=item.title,
        kind=item.kind,
        was=was,
    )
    return version.number


def _same_file(version: EvidenceVersion) -> KeptFile | None:
    """The file of a version for the next one; it takes no further room."""
    if not version.storage_key:
        return None
    return KeptFile(version.filename, version.media_type, version.size, version.sha256, version.storage_key)
