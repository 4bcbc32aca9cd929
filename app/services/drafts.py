"""The next edition while it is written: begin a draft, save it, put it away, and publish it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.editions import highest, is_higher, raised, why_not
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.framework import Framework
from app.frameworks import FrameworkInvalid, digest, read
from app.frameworks.heading import heading, with_edition
from app.frameworks.positions import MOST_BYTES
from app.models import FrameworkDraft, FrameworkEdition
from app.queries.drafts import problems_in
from app.queries.editions import standing_of
from app.services.frameworks import hold_editions, put_in_force, retire_lower
from app.services.transactions import locked, record, transaction

MOST_DRAFTS = 100
NO_SUCH = "There is no such page, or it is not open to you."


class DraftChanged(Conflict):
    """A colleague saved the draft, published it or put it away after the page was made. Nothing was overwritten."""


def start_draft(scheme_id: int, source: str, *, name: str, actor: Actor, now: datetime) -> int:
    """Begin a draft with a text, mistakes and all, and return its id. `name` says where the text is from, or nothing.

    Raises NotFound, NotAllowed, and Invalid (`source`) for what is no text or is too much of it.
    """
    text = checked_text(source)
    with transaction() as session:
        require(actor, Action.FRAMEWORK_EDIT, Subject(scheme_id=scheme_id))
        return _begin(session, scheme_id, text, name, actor, now)


def copy_edition(edition_id: int, *, actor: Actor, now: datetime) -> int:
    """Begin a draft with the text of a published edition, comments and all, and return its id.

    Only the edition's own name is raised, to come after every published one. Raises NotFound, NotAllowed, Invalid.
    """
    with transaction() as session:
        edition = session.get(FrameworkEdition, edition_id)
        if edition is None:
            raise NotFound(NO_SUCH)
        require(actor, Action.FRAMEWORK_EDIT, Subject(scheme_id=edition.scheme_id))
        standing = standing_of(session, edition.code)
        top = highest(each.edition for each in standing) or edition.edition
        text = with_edition(edition.source, raised(top))
        return _begin(session, edition.scheme_id, text, f"edition {edition.edition}", actor, now)


def _begin(session: Session, scheme_id: int, text: str, name: str, actor: Actor, now: datetime) -> int:
    written = select(func.count()).where(
        FrameworkDraft.scheme_id == scheme_id,
        FrameworkDraft.edition_id.is_(None),
        FrameworkDraft.discarded_at.is_(None),
    )
    if (session.scalar(written) or 0) >= MOST_DRAFTS:
        raise Invalid({"source": f"The scheme has {MOST_DRAFTS} drafts. Discard one that is no longer needed first."})
    draft = FrameworkDraft(
        scheme_id=scheme_id,
        source=text,
        version=1,
        imported_from=name.strip()[:200],
        created_at=now,
        created_by_id=actor.user_id,
        updated_at=now,
        updated_by_id=actor.user_id,
    )
    _take_heading(draft)
    session.add(draft)
    _record(session, actor, "draft.started", draft, now)
    return draft.id


def save_draft(draft_id: int, source: str, version: int, *, actor: Actor, now: datetime) -> int:
    """Keep a draft's text, mistakes and all, and return its new version. `version` is the one that the page showed.

    Saving what stands there already changes nothing, so that a double click is harmless. Raises NotFound, NotAllowed,
    Invalid (`source`), and DraftChanged where somebody else saved, published or discarded it meanwhile.
    """
    text = checked_text(source)
    with transaction() as session:
        draft = _open_draft(session, draft_id, Action.FRAMEWORK_EDIT, actor)
        if draft.source == text:
            return draft.version
        _check_version(draft, version)
        draft.source = text
        draft.version += 1
        draft.updated_at, draft.updated_by_id = now, actor.user_id
        _take_heading(draft)
        _record(session, actor, "draft.saved", draft, now)
        return draft.version


def discard_draft(draft_id: int, *, actor: Actor, now: datetime) -> None:
    """Put a draft away; it can be brought back. Doing so twice changes nothing. Raises NotFound, NotAllowed, DraftChanged."""
    _put_away(draft_id, discarded=True, actor=actor, now=now)


def restore_draft(draft_id: int, *, actor: Actor, now: datetime) -> None:
    """Bring a discarded draft back as it was. Doing so twice changes nothing. Raises NotFound, NotAllowed, DraftChanged."""
    _put_away(draft_id, discarded=False, actor=actor, now=now)


def _put_away(draft_id: int, *, discarded: bool, actor: Actor, now: datetime) -> None:
    with transaction() as session:
        draft = _own_draft(session, draft_id, Action.FRAMEWORK_EDIT, actor)
        if draft.edition_id is not None:
            raise DraftChanged("This draft is published, so it can be neither discarded nor brought back.")
        if (draft.discarded_at is not None) == discarded:
            return
        draft.discarded_at = now if discarded else None
        _record(session, actor, "draft.discarded" if discarded else "draft.restored", draft, now)


def publish_draft(draft_id: int, version: int, *, keep_open: bool = False, actor: Actor, now: datetime) -> int:
    """Make the draft's text an edition for ever, take applications under it, and return the edition's id.

    The framework's lower editions are retired unless `keep_open`. Raises NotFound, NotAllowed, FrameworkInvalid with
    every mistake of the text, Invalid (`edition`) where the edition is not higher than every published one or the code
    is another scheme's, and DraftChanged where the draft is no longer the `version` that the page showed.
    """
    source = _source_to_publish(draft_id, version, actor)
    framework = _faultless(source)  # before anything is held: reading a large framework takes its time
    with transaction() as session:
        draft = _open_draft(session, draft_id, Action.FRAMEWORK_PUBLISH, actor)
        _check_version(draft, version)
        hold_editions(session)
        standing = standing_of(session, framework.code)
        refusal = why_not(framework.edition, draft.scheme_id, standing)
        if refusal:
            raise Invalid({"edition": refusal})
        edition = put_in_force(session, draft.scheme_id, framework, source, actor, now)
        draft.edition_id = edition.id
        if not keep_open:
            lower = [each.edition_id for each in standing if is_higher(framework.edition, each.edition)]
            retire_lower(session, lower, framework.edition, actor, now)
        return edition.id


def _source_to_publish(draft_id: int, version: int, actor: Actor) -> str:
    with transaction() as session:
        draft = _open_draft(session, draft_id, Action.FRAMEWORK_PUBLISH, actor)
        _check_version(draft, version)
        return draft.source


def _faultless(source: str) -> Framework:
    """The framework of a text without mistakes. Raises FrameworkInvalid with every one."""
    problems = problems_in(source)
    if problems:
        raise FrameworkInvalid(problems)
    return read(source, "the draft")


def as_kept(source: str) -> str:
    """A text as it is kept: line ends of one kind, without a byte order mark."""
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def checked_text(source: str) -> str:
    """A text as it is kept. Raises Invalid (`source`) for what is no text or is too much of it."""
    text = as_kept(source)
    if "\0" in text:
        raise Invalid({"source": "This is not a text. Choose the framework's file, which ends in .yaml."})
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        raise Invalid({"source": f"This is over {MOST_BYTES / 1_000_000:g} MB, which no framework needs."})
    return text


def _own_draft(session: Session, draft_id: int, action: Action, actor: Actor) -> FrameworkDraft:
    """The draft, held. Raises NotFound, NotAllowed."""
    draft = locked(session, FrameworkDraft, draft_id)
    require(actor, action, Subject(scheme_id=draft.scheme_id))
    return draft


def _open_draft(session: Session, draft_id: int, action: Action, actor: Actor) -> FrameworkDraft:
    """The draft, held, while it may change. Raises NotFound, NotAllowed, DraftChanged."""
    draft = _own_draft(session, draft_id, action, actor)
    if draft.edition_id is not None:
        raise DraftChanged("This draft was published meanwhile, and what is published never changes.")
    if draft.discarded_at is not None:
        raise DraftChanged("This draft was discarded meanwhile. Bring it back first.")
    return draft


def _check_version(draft: FrameworkDraft, version: int) -> None:
    if draft.version != version:
        who = draft.updated_by.name if draft.updated_by else "Somebody"
        raise DraftChanged(f"{who} saved this draft after you opened it. Look at both texts before you go on.")


def _take_heading(draft: FrameworkDraft) -> None:
    said = heading(draft.source)
    draft.code, draft.edition, draft.title = said.code[:80], said.edition[:40], said.title[:200]


def _record(session: Session, actor: Actor, action: str, draft: FrameworkDraft, now: datetime) -> None:
    session.flush()
    record(
        session,
        actor,
        action,
        draft,
        now,
        scheme_id=draft.scheme_id,
        version=draft.version,
        sha256=digest(draft.source),
        note=" ".join(part for part in (draft.title or draft.code, draft.edition) if part),
    )
