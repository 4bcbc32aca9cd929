"""Audit rows go to the end of the chain, one transaction after another, as the last thing that each does."""

from __future__ import annotations

import secrets

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from app.domain.audit_chain import GENESIS, Content, hash_of_content, hash_of_row, next_hash
from app.extensions import Base
from app.models import AuditRow
from app.queries.audit_chain import row_facts

MANY = 50
_OWED = "audit rows owed"
_COLUMNS = tuple(column.key for column in AuditRow.__table__.columns if column.key != "id")
_TURN = 0x70756368  # any number that nothing else takes turns by


def owe(session: Session, row: AuditRow) -> None:
    """Remember a row that the transaction has to write. Its place in the chain is known only at the end."""
    session.info.setdefault(_OWED, []).append(row)


def append_owed(session: Session) -> None:
    """Write the rows that this transaction owes, in their order, each with its hash.

    Who appends holds everybody else back until the commit, so nothing is locked after it: two could wait for each other.
    """
    owed: list[AuditRow] = session.info.pop(_OWED, [])
    if not owed:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":  # on SQLite the transaction holds the one right to write
        session.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
    last = session.scalars(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first() or GENESIS
    for row in owed:
        last = _chain(row, last)
    if len(owed) > MANY:  # nobody looks at one of hundreds again in this transaction: no object is kept of it
        session.execute(
            insert(Base.metadata.tables[AuditRow.__tablename__]),
            [{name: getattr(row, name) for name in _COLUMNS} for row in owed],
        )
        return
    session.add_all(owed)
    session.flush()


def _chain(row: AuditRow, previous: str) -> str:
    """Give the row its hashes. Returns the one that the next goes on from."""
    row.salt = secrets.token_hex(16)
    row.content_sha256 = hash_of_content(Content(row.salt, row.actor_name, row.detail))
    row.hash = next_hash(previous, hash_of_row(row_facts(row), row.content_sha256))
    return row.hash
