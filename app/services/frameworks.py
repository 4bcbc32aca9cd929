"""Published editions: loading those that stand under standards/, retiring one, taking applications under it again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY, Action, Actor, Subject, require
from app.domain.errors import Conflict, NotFound
from app.domain.framework import Framework
from app.frameworks import Scheme as SchemeFile
from app.frameworks import digest, load_scheme, read
from app.models import FrameworkEdition, Scheme
from app.services.transactions import locked, record, transaction

NOT_EDITIONS = frozenset({"scheme.yaml", "cases.yaml"})


@dataclass(frozen=True)
class Loaded:
    """What a load did: editions that are new, and those that stood there already, as "code/edition"."""

    new: tuple[str, ...]
    unchanged: tuple[str, ...]


def load_standards(folder: Path, *, now: datetime) -> Loaded:
    """Store every scheme and edition under `folder`. An edition once stored never changes.

    Raises FrameworkInvalid for a file with mistakes, and Conflict for an edition whose file differs from what was
    stored; then nothing of this load is saved.
    """
    new: list[str] = []
    unchanged: list[str] = []
    with transaction() as session:
        hold_editions(session)
        for path in sorted(folder.glob("*/scheme.yaml")):
            said = load_scheme(path)
            scheme = _store_scheme(session, said, now)
            for file in sorted(path.parent.glob("*.yaml")):
                if file.name not in NOT_EDITIONS:
                    name, is_new = _store_edition(
                        session, scheme, file, now, takes_applications=said.takes_applications
                    )
                    (new if is_new else unchanged).append(name)
    return Loaded(tuple(new), tuple(unchanged))


def close_edition(code: str, edition: str, *, now: datetime) -> None:
    """Take no new applications under an edition, from whoever runs the installation; those begun go on. Raises NotFound."""
    with transaction() as session:
        stored = session.scalars(
            select(FrameworkEdition).where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
        ).first()
        if stored is None:
            raise NotFound(f"There is no edition {code}/{edition}.")
        _retire(session, stored, NOBODY, now)


def retire_edition(edition_id: int, *, actor: Actor, now: datetime) -> None:
    """Take no new applications under an edition. Those begun, and what was awarded under it, go on; its pages stay.

    Doing so twice changes nothing. Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        _retire(session, _own_edition(session, edition_id, actor), actor, now)


def reopen_edition(edition_id: int, *, actor: Actor, now: datetime) -> None:
    """Take applications under an edition again. Doing so twice changes nothing. Raises NotFound, NotAllowed."""
    with transaction() as session:
        edition = _own_edition(session, edition_id, actor)
        if edition.open:
            return
        edition.open, edition.retired_at = True, None
        _record(session, actor, "edition.reopened", edition, now)


def _own_edition(session: Session, edition_id: int, actor: Actor) -> FrameworkEdition:
    edition = locked(session, FrameworkEdition, edition_id)
    require(actor, Action.FRAMEWORK_PUBLISH, Subject(scheme_id=edition.scheme_id))
    return edition


def _retire(session: Session, edition: FrameworkEdition, actor: Actor, now: datetime, because: str = "") -> None:
    """An edition that was only ever to be read is retired as well, once somebody says so."""
    if not edition.open and edition.retired_at is not None:
        return
    edition.open, edition.retired_at = False, now
    _record(session, actor, "edition.retired", edition, now, because)


def _record(
    session: Session, actor: Actor, action: str, edition: FrameworkEdition, now: datetime, because: str = ""
) -> None:
    """The audit row of something done to an edition; its note says which, and why where there is a reason."""
    session.flush()
    called = f"{edition.title} {edition.edition}"
    record(
        session,
        actor,
        action,
        edition,
        now,
        scheme_id=edition.scheme_id,
        name=f"{edition.code}/{edition.edition}",
        sha256=edition.sha256,
        note=f"{called}. {because}" if because else called,
    )


def hold_editions(session: Session) -> None:
    """Let nobody else publish until this transaction ends: two who publish at once take turns, whatever their scheme.

    A framework's code may be used by one scheme only, which no constraint of the table can say.
    """
    session.execute(select(Scheme.id).order_by(Scheme.id).with_for_update(key_share=True)).all()


def put_in_force(
    session: Session, scheme_id: int, framework: Framework, source: str, actor: Actor, now: datetime
) -> FrameworkEdition:
    """The row of a new edition, which takes applications, with its audit row."""
    edition = FrameworkEdition(
        scheme_id=scheme_id,
        code=framework.code,
        edition=framework.edition,
        title=str(framework.title)[:200],
        sha256=digest(source),
        source=source,
        loaded_at=now,
        published_by_id=actor.user_id,
        open=True,
    )
    session.add(edition)
    _record(session, actor, "edition.published", edition, now)
    return edition


def retire_lower(session: Session, edition_ids: Iterable[int], by: str, actor: Actor, now: datetime) -> None:
    """Retire those of the editions that still take applications, since edition `by` takes their place."""
    ids = list(edition_ids)
    lower = select(FrameworkEdition).where(FrameworkEdition.id.in_(ids), FrameworkEdition.open.is_(True))
    for edition in session.scalars(lower.order_by(FrameworkEdition.id).with_for_update(key_share=True)).all():
        _retire(session, edition, actor, now, because=f"Edition {by} took its place.")


def _store_scheme(session: Session, file: SchemeFile, now: datetime) -> Scheme:
    scheme = session.scalars(select(Scheme).where(Scheme.code == file.code)).first()
    title, details = str(file.title), _details(file)
    if scheme is None:
        scheme = Scheme(code=file.code, title=title, details=details)
        session.add(scheme)
        record(session, NOBODY, "scheme.loaded", scheme, now, code=file.code)
    elif (scheme.title, scheme.details) != (title, details):
        scheme.title, scheme.details = title, details
        record(session, NOBODY, "scheme.changed", scheme, now, scheme_id=scheme.id, code=file.code)
    return scheme


def _details(file: SchemeFile) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if file.appeals:
        said["appeals"] = dict(file.appeals)
    if file.complaints:
        said["complaints"] = dict(file.complaints)
    if file.votes_named is not None:
        said["minutes"] = {"votes": "named" if file.votes_named else "counted"}
    if file.report:
        said["report"] = dict(file.report)
    return {
        **said,
        "awarding_body": str(file.awarding_body),
        "contact": file.contact,
        "website": file.website,
        "brand": {"colour": file.colour, "accent": file.accent},
        "about": str(file.about),
        "invented": file.invented,
        # CCM for community-care-mark: what its certificates' numbers begin with
        "prefix": "".join(word[0] for word in file.code.split("-")).upper()[:4],
    }


def _store_edition(
    session: Session, scheme: Scheme, path: Path, now: datetime, *, takes_applications: bool
) -> tuple[str, bool]:
    source = path.read_text("utf-8")
    framework = read(source, str(path))
    name = f"{framework.code}/{framework.edition}"
    stored = session.scalars(
        select(FrameworkEdition).where(
            FrameworkEdition.code == framework.code, FrameworkEdition.edition == framework.edition
        )
    ).first()
    if stored is not None:
        if stored.sha256 != digest(source):
            raise Conflict(
                f"{path}: {name} was loaded before with other content, and an edition never changes. "
                "Give the changed file a new edition name."
            )
        return name, False
    edition = FrameworkEdition(
        scheme_id=scheme.id,
        code=framework.code,
        edition=framework.edition,
        title=str(framework.title),
        sha256=digest(source),
        source=source,
        loaded_at=now,
        open=takes_applications,
    )
    session.add(edition)
    record(session, NOBODY, "edition.loaded", edition, now, scheme_id=scheme.id, name=name, sha256=edition.sha256)
    return name, True
