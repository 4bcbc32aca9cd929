"""One case with everything that belongs to it, as files that can be checked without this service: see docs/audit.md.

Which rows belong to a case is read from the tables themselves, by following who refers to whom from the application on:
a table that is added later is in the bundle without anybody thinking of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Table, or_, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.audit_chain import GENESIS, hash_of_row
from app.extensions import Base, db
from app.models import Application, AuditRow, AuditSeal, EvidenceVersion, FrameworkEdition, Organisation, Scheme, User
from app.queries import bundle_check
from app.queries.audit_chain import end_of_chain, row_facts, rows_in_order
from app.queries.subjects import application_or_not_found, subject_of

FORMAT = "touchstone-case/1"
MOST_ROWS = 200_000
"""Of one table; a case has some thousands at the most."""
BESIDE = frozenset({"user", "organisation", "scheme", "framework_edition", "framework_draft", "audit_row"})
"""What a case refers to but does not own. The first four have files of their own, and so has the trail."""
PRIVATE = frozenset(
    {
        "answer_sheet",
        "appeal_draft",
        "assessor_note",
        "audit_seal",
        "comment",
        "handed_over",
        "own_answer",
        "pack_result",
        "panel_note",
        "plan_action",
        "plan_evidence",
        "proposal",
        "readiness_snapshot",
    }
)
"""What nobody but a provider, an assessor or a panel may read, and what is only a draft: no bundle holds it."""
SECRET = frozenset({"token_hash", "follow_key"})
FILE_KEYS = ("certificate_key", "docx_key", "letter_key", "minutes_key", "pdf_key", "storage_key")


@dataclass(frozen=True)
class BundleFile:
    """A file of the bundle: its bytes, or where it is in the store under its own hash."""

    name: str
    sha256: str
    content: bytes | None = None


@dataclass(frozen=True)
class CaseBundle:
    """All files of one case, the manifest first. `called` names it for people."""

    called: str
    files: tuple[BundleFile, ...]


def case_bundle(application_id: int, *, actor: Actor, now: datetime, today: date) -> CaseBundle:
    """The bundle of a case. A statement for each table, and one for each 2,000 rows of the trail since the case began.

    Raises NotFound, NotAllowed.
    """
    session = db.session()
    application = application_or_not_found(session, application_id)
    require(actor, Action.EXPORT_CASE, subject_of(session, application, today))
    tables = _rows_of_case(session, application.id)
    trail, proofs = _trail(session, application)
    versions = _versions(session, tables)
    made = {
        "case.json": _json(_about(session, application)),
        "framework.yaml": session.get_one(FrameworkEdition, application.edition_id).source.encode(),
        "people.json": _json(_people(session, tables)),
        "evidence_version.json": _json(versions),
        "trail.jsonl": b"".join(_line(row) for row in trail),
        "proofs.json": _json(proofs),
        **{f"rows/{name}.json": _json(rows) for name, rows in tables.items() if rows},
        "check.py": Path(bundle_check.__file__).read_bytes(),
        "READ-ME.txt": READ_ME.encode(),
    }
    files = [BundleFile(name, sha256(content).hexdigest(), content) for name, content in made.items()]
    files += [BundleFile(f"files/{key}", key) for key in sorted(_keys([*tables.values(), versions]))]
    manifest = {
        "format": FORMAT,
        "case": application.id,
        "made_at": now.astimezone(UTC).isoformat(),
        "made_by": actor.name,
        "files": {each.name: each.sha256 for each in files},
    }
    first = _json(manifest)
    sums = "".join(f"{each.sha256}  {each.name}\n" for each in files).encode()
    return CaseBundle(
        called=application.organisation.name,
        files=(
            BundleFile("manifest.json", sha256(first).hexdigest(), first),
            BundleFile("SHA256SUMS", sha256(sums).hexdigest(), sums),
            *files,
        ),
    )


def tables_of_case() -> dict[str, tuple[tuple[str, str], ...]]:
    """Name of each table that a case owns -> the (column, table) pairs by which its rows belong to it, nearest first."""
    found: dict[str, tuple[tuple[str, str], ...]] = {Application.__tablename__: ()}
    added = {Application.__tablename__}
    while added:
        nearer, added = added, set()
        for name, table in Base.metadata.tables.items():
            if name in found or name in BESIDE or name in PRIVATE:
                continue
            ways = tuple((key.parent.name, key.column.table.name) for key in table.foreign_keys)
            if owned := tuple(sorted(way for way in ways if way[1] in nearer)):
                found[name] = owned
                added.add(name)
    return found


def _rows_of_case(session: Session, application_id: int) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {}
    ids: dict[str, list[Any]] = {}
    for name, ways in tables_of_case().items():
        table = Base.metadata.tables[name]
        found = session.execute(_belonging(table, ways, ids, application_id)).mappings().all()
        rows[name] = [{key: value for key, value in row.items() if key not in SECRET} for row in found]
        ids[name] = [row["id"] for row in found] if "id" in table.c else []
    return rows


def _belonging(
    table: Table, ways: tuple[tuple[str, str], ...], ids: Mapping[str, list[Any]], application_id: int
) -> Select[Any]:
    if not ways:
        return select(table).where(table.c.id == application_id)
    order = [column for column in table.primary_key.columns]
    return (
        select(table)
        .where(or_(*(table.c[column].in_(ids[owner]) for column, owner in ways)))
        .order_by(*order)
        .limit(MOST_ROWS)
    )


def _about(session: Session, application: Application) -> dict[str, Any]:
    organisation = session.get_one(Organisation, application.organisation_id)
    scheme = session.get_one(Scheme, application.scheme_id)
    edition = session.get_one(FrameworkEdition, application.edition_id)
    return {
        "organisation": _plain(organisation),
        "scheme": _plain(scheme),
        "edition": {"code": edition.code, "edition": edition.edition, "title": edition.title, "sha256": edition.sha256},
        "left out": sorted(PRIVATE),
    }


def _plain(row: Base) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _people(session: Session, tables: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The names of the accounts that the rows refer to, so that a number can be read."""
    ids: set[int] = set()
    for name, rows in tables.items():
        keys = Base.metadata.tables[name].foreign_keys
        columns = [key.parent.name for key in keys if key.column.table.name == User.__tablename__]
        ids.update(row[column] for row in rows for column in columns if row.get(column))
    found = session.execute(select(User.id, User.name).where(User.id.in_(ids)).order_by(User.id)).all()
    return [{"id": user_id, "name": name} for user_id, name in found]


def _versions(session: Session, tables: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The versions of evidence that any row of the case names."""
    ids: set[int] = set()
    for name, rows in tables.items():
        keys = Base.metadata.tables[name].foreign_keys
        columns = [key.parent.name for key in keys if key.column.table.name == EvidenceVersion.__tablename__]
        ids.update(row[column] for row in rows for column in columns if row.get(column))
    found = session.scalars(select(EvidenceVersion).where(EvidenceVersion.id.in_(ids)).order_by(EvidenceVersion.id))
    return [_plain(version) for version in found]


def _keys(tables: list[list[dict[str, Any]]]) -> set[str]:
    return {str(row[column]) for rows in tables for row in rows for column in FILE_KEYS if row.get(column)}


def _trail(session: Session, application: Application) -> tuple[list[AuditRow], list[dict[str, Any]]]:
    """The case's audit rows, and for each stretch of the trail with any of them what proves them against its seal."""
    ids = list(
        session.scalars(
            select(AuditRow.id)
            .where(AuditRow.application_id == application.id, AuditRow.scheme_id == application.scheme_id)
            .order_by(AuditRow.id)
            .limit(MOST_ROWS)
        )
    )
    seals = [(seal.row_id, str(seal.day)) for seal in session.scalars(select(AuditSeal).order_by(AuditSeal.row_id))]
    end = end_of_chain(session)
    ends = [*seals, *([(end.row_id, "")] if end and (not seals or seals[-1][0] < end.row_id) else [])]
    wanted, trail, proofs, after = set(ids), [], [], 0
    for to, day in ends:
        here = [row_id for row_id in ids if after < row_id <= to]
        if here:
            proof, rows = _proof(session, here[0], to, wanted)
            proofs.append({"sealed on": day, **proof})
            trail += rows
        after = to
    return trail, proofs


def _proof(session: Session, first: int, to: int, wanted: set[int]) -> tuple[dict[str, Any], list[AuditRow]]:
    """What proves the case's rows from `first` to the seal at `to`: the hash before, and each row's own up to the seal."""
    before = session.scalars(
        select(AuditRow.hash).where(AuditRow.id < first).order_by(AuditRow.id.desc()).limit(1)
    ).first()
    hashes, places, rows, last = [], {}, [], before or GENESIS
    for row in rows_in_order(session, first - 1, to):
        if row.id in wanted:
            places[str(row.id)] = len(hashes)
            rows.append(row)
        hashes.append(hash_of_row(row_facts(row), row.content_sha256))
        last = row.hash
    return {"row": to, "hash": last, "before": before or GENESIS, "row_hashes": hashes, "rows_of_case": places}, rows


def _line(row: AuditRow) -> bytes:
    said = {
        "id": row.id,
        "facts": row_facts(row),
        "content_sha256": row.content_sha256,
        "hash": row.hash,
        "content": {"salt": row.salt, "actor_name": row.actor_name, "detail": row.detail} if row.salt else None,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, default=_as_text).encode() + b"\n"


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date) else str(value)


READ_ME = """\
This is one case of a scheme, as the service kept it: answers, evidence, scores, findings, reports, votes, decisions, awards
and appeals, and every entry of the audit trail about it.

TO CHECK IT WITHOUT THE SERVICE

1. That no file was changed since the bundle was made:      sha256sum --check SHA256SUMS
2. That the trail is whole, and fits the published seals:   python3 check.py
   check.py needs nothing but Python 3.8 or newer. Read it first: it is short.
3. check.py prints the seals that it comes to. Compare them with the ones that the service published on the page /seals,
   or better with a copy that you kept. If they are the same, no entry of this case was changed, added or taken away
   between the day it was written and the day of the seal.

WHAT IS IN IT

manifest.json     what this is, when and for whom it was made, and the SHA-256 of every file
case.json         the organisation, the scheme and the edition; and which kinds of rows are left out, as they are private
framework.yaml    the edition that the case is pinned to, as published
rows/             the rows of each table, as they were when the bundle was made
evidence_version.json, files/
                  the evidence in the versions that were seen, certificates, letters, reports and minutes, each file named
                  by its SHA-256
people.json       names of the accounts that rows refer to
trail.jsonl       what was done, by whom, when, from what to what and why: an entry a line
proofs.json       what ties these entries to the seals
"""
