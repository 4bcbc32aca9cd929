"""Audit rows go to the end of the chain, one transaction after another, as the last thing that each does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.domain.audit_chain import GENESIS, Content, facts_of, hash_of_content, hash_of_row, next_hash
from app.extensions import Base
from app.models import AuditRow

_OWED = "audit rows owed"
_TURN = 0x70756368  # any number that nothing else takes turns by
_TABLE = Base.metadata.tables[AuditRow.__tablename__]


@dataclass(frozen=True, slots=True)
class Owed:
    """An audit row that is still to be written; as AuditRow has it, without its place in the chain."""

    at: datetime
    actor_id: int | None
    actor_name: str
    action: str
    subject: str
    subject_id: int | None
    organisation_id: int | None
    scheme_id: int | None
    application_id: int | None
    detail: dict[str, Any]


def owe(session: Session, row: Owed) -> None:
    """Remember a row that the transaction has to write. Its place in the chain is known only at the end."""
    session.info.setdefault(_OWED, []).append(row)


def append_owed(session: Session) -> None:
    """Write the rows that this transaction owes, in their order, each with its hash.

    Who appends holds everybody else back until the commit, so nothing is locked after it: two could wait for each other.
    Nobody looks at them again in this transaction, so no object is kept of them.
    """
    owed: list[Owed] = session.info.pop(_OWED, [])
    if not owed:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":  # on SQLite the transaction holds the one right to write
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    last = session.scalars(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first() or GENESIS
    rows = []
    for each in owed:
        row = _chained(each, last)
        last = row["hash"]
        rows.append(row)
    session.execute(insert(_TABLE), rows)


def _chained(row: Owed, previous: str) -> dict[str, Any]:
    """The row's columns, with its hashes; the next goes on from `hash`."""
    salt = secrets.token_hex(16)
    content = hash_of_content(Content(salt, row.actor_name, row.detail))
    facts = facts_of(
        row.at,
        row.action,
        row.subject,
        row.subject_id,
        row.actor_id,
        organisation_id=row.organisation_id,
        scheme_id=row.scheme_id,
        application_id=row.application_id,
    )
    columns = {name: getattr(row, name) for name in Owed.__slots__}
    return {
        **columns,
        "salt": salt,
        "content_sha256": content,
        "hash": next_hash(previous, hash_of_row(facts, content)),
    }
