"""Loading the schemes and framework editions that stand under standards/."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY
from app.domain.errors import Conflict, NotFound
from app.frameworks import Scheme as SchemeFile
from app.frameworks import digest, load_scheme, read
from app.models import FrameworkEdition, Scheme
from app.services.transactions import record, transaction

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
        if stored.open:
            stored.open = False
            record(session, NOBODY, "edition.closed", stored, now, scheme_id=stored.scheme_id, name=f"{code}/{edition}")


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
    return {
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
