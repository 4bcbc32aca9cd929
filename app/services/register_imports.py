"""What managers do with a list that they bring in: start it, say what its columns mean, decide, bring in, stop, undo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, check_length
from app.domain.lifecycle.list_import import UNDO_WITHIN, ImportMove, ImportState
from app.domain.list_import import Column, Outcome
from app.models import FrameworkEdition, RegisterImport, RegisterImportRow, Scheme
from app.queries.frameworks import framework_of
from app.queries.register_imports import another_manager, brought_in_rows, counted, waiting_rows
from app.services.casework import user_id
from app.services.transactions import locked, record, transaction

LONGEST_BASIS = 1_000
ANOTHER = "Somebody else has to bring it in: another manager of the scheme looks at the list that you prepared, and confirms it."


@dataclass(frozen=True)
class Asked:
    """What a manager says of a list: on which decisions it rests, under which edition, and what rows without a word mean."""

    edition_id: int | None
    basis: str
    level: str = ""
    granted_on: date | None = None
    expires_on: date | None = None


def start_import(
    scheme_code: str, file_name: str, file_key: str, asked: Asked, *, actor: Actor, now: datetime, today: date
) -> int:
    """Have a stored file read. Returns the list's id. Raises NotFound, NotAllowed, Invalid."""
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == scheme_code)).first()
        if scheme is None:
            raise NotFound("There is no such page, or it is not open to you.")
        require(actor, Action.IMPORT_REGISTER, Subject(scheme_id=scheme.id))
        edition = _checked(session, scheme.id, asked, today)
        listed = RegisterImport(
            scheme_id=scheme.id,
            edition_id=edition.id,
            file_name=file_name[:200],
            file_key=file_key,
            basis=asked.basis.strip(),
            level=asked.level,
            granted_on=asked.granted_on,
            expires_on=asked.expires_on,
            state=ImportState.READING,
            state_at=now,
            started_at=now,
            started_by_id=user_id(actor),
        )
        session.add(listed)
        session.flush()
        _note(session, actor, "list.started", listed, now, file=file_name, key=file_key)
        return listed.id


def read_again(
    import_id: int,
    version: int,
    asked: Asked,
    mapping: Mapping[Column, str],
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """Say anew what the columns mean, and have the file read again. What was decided about single rows is asked again."""
    with _changing(import_id, version, actor) as (session, listed):
        edition = _checked(session, listed.scheme_id, asked, today)
        wrong = [header for header in mapping.values() if header not in listed.headers]
        if wrong:
            raise Invalid({"mapping": f"The file has no column “{wrong[0][:60]}”."})
        if listed.headers and not mapping.get(Column.NAME):
            raise Invalid({"name": "Say which column holds the provider’s name."})
        before = dict(listed.mapping)
        listed.edition_id, listed.basis = edition.id, asked.basis.strip()
        listed.level, listed.granted_on, listed.expires_on = asked.level, asked.granted_on, asked.expires_on
        listed.mapping = {column.value: header for column, header in mapping.items()}
        listed.make(ImportMove.READ_AGAIN, now)
        session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == listed.id))
        _note(session, actor, "list.read-again", listed, now, before=before, after=listed.mapping)


def decide_row(import_id: int, row_id: int, choice: str, *, actor: Actor, now: datetime) -> None:
    """Say what one row is: "new", "leave", or the id of one of the organisations that it may be. Raises Invalid, Conflict."""
    with transaction() as session:
        listed = _open(session, import_id, actor)
        if listed.state is not ImportState.READY:
            raise Conflict("The list is being brought in, or was. Rows can be decided only before.")
        row = locked(session, RegisterImportRow, row_id)
        if row.import_id != listed.id:
            raise NotFound("There is no such page, or it is not open to you.")
        allowed = {"new", "leave", *(str(each["id"]) for each in row.candidates)}
        if row.outcome is Outcome.PERHAPS and choice not in allowed:
            raise Invalid({"choice": "Choose what this row is."})
        if row.outcome in (Outcome.NEW, Outcome.KNOWN) and choice not in ("", "leave"):
            raise Invalid({"choice": "This row can only be brought in or left out."})
        if row.outcome in (Outcome.WRONG, Outcome.STANDING, Outcome.TWICE):
            raise Invalid({"choice": "This row cannot be brought in. Mend the file and choose it again."})
        before, row.choice = row.choice, choice
        listed.version += 1
        _note(session, actor, "list.row-decided", listed, now, line=row.line, before=before, after=choice)


def confirm_import(import_id: int, version: int, *, actor: Actor, now: datetime) -> None:
    """Let the rows that can be brought in become awards. Another manager than who started it does, where there is one."""
    with _changing(import_id, version, actor) as (session, listed):
        if listed.started_by_id == actor.user_id and another_manager(session, listed):
            raise NotAllowed(ANOTHER)
        listed.make(ImportMove.CONFIRM, now)
        listed.to_do = counted(session, waiting_rows(import_id))
        listed.confirmed_at, listed.confirmed_by_id = now, user_id(actor)
        _note(session, actor, "list.confirmed", listed, now, file=listed.file_name, key=listed.file_key)


def stop_import(import_id: int, *, actor: Actor, now: datetime) -> None:
    """Bring no more rows in. What was brought in stands, and can be undone."""
    with transaction() as session:
        listed = _open(session, import_id, actor)
        done = listed.done
        listed.make(ImportMove.STOP, now)
        listed.done = done
        _note(session, actor, "list.stopped", listed, now, done=done)


def discard_import(import_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget a list of which nothing was brought in, with its rows."""
    with transaction() as session:
        listed = _open(session, import_id, actor)
        listed.make(ImportMove.DISCARD, now)
        session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == listed.id))
        _note(session, actor, "list.discarded", listed, now, file=listed.file_name)


def undo_import(import_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take back every award of the list to which nothing has happened since. Raises Invalid (`reason`), Conflict."""
    check_length(reason, LONGEST_BASIS, "reason")
    if not reason.strip():
        raise Invalid({"reason": "Say why it is undone. The register shows it."})
    with transaction() as session:
        listed = _open(session, import_id, actor)
        if listed.confirmed_at and now - listed.confirmed_at > UNDO_WITHIN:
            raise Conflict(f"A list can be undone within {UNDO_WITHIN.days} days. Change single awards from here on.")
        listed.make(ImportMove.UNDO, now)
        listed.to_do = counted(session, brought_in_rows(import_id))
        listed.reason = reason.strip()
        _note(session, actor, "list.undone", listed, now, reason=listed.reason)


def _open(session: Session, import_id: int, actor: Actor) -> RegisterImport:
    listed = locked(session, RegisterImport, import_id)
    require(actor, Action.IMPORT_REGISTER, Subject(scheme_id=listed.scheme_id))
    return listed


@contextmanager
def _changing(import_id: int, version: int, actor: Actor) -> Iterator[tuple[Session, RegisterImport]]:
    """A transaction on a list that nobody has changed since the page was made. Raises Conflict."""
    with transaction() as session:
        listed = _open(session, import_id, actor)
        if listed.version != version:
            raise Conflict("The list has changed since you opened this page. Look at it again, then go on.")
        yield session, listed


def _checked(session: Session, scheme_id: int, asked: Asked, today: date) -> FrameworkEdition:
    errors: dict[str, str] = {}
    edition = session.get(FrameworkEdition, asked.edition_id) if asked.edition_id else None
    if edition is None or edition.scheme_id != scheme_id:
        raise Invalid({"edition": "Choose the edition under which these awards were made."})
    if not asked.basis.strip():
        errors["basis"] = "Say who decided on these awards, when and by which rules. The register shows it."
    elif len(asked.basis) > LONGEST_BASIS:
        errors["basis"] = f"Keep this under {LONGEST_BASIS:,} characters."
    if asked.level and asked.level not in {level.code for level in framework_of(edition).levels}:
        errors["level"] = "The edition has no such level."
    if asked.granted_on and asked.granted_on > today:
        errors["granted_on"] = "Enter a day that is not in the future."
    if asked.granted_on and asked.expires_on and asked.expires_on < asked.granted_on:
        errors["expires_on"] = "Enter a day after the one on which they were granted."
    if errors:
        raise Invalid(errors)
    return edition


def _note(session: Session, actor: Actor, action: str, listed: RegisterImport, now: datetime, **detail: Any) -> None:
    record(session, actor, action, listed, now, scheme_id=listed.scheme_id, **detail)
