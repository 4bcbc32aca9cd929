"""What is done to the audit trail itself: sealing it once a day, and erasing what of a row tells of a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from app.domain.audit_chain import Content, hash_of_content
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.roles import Actor
from app.domain.uk_time import uk_day
from app.models import AuditRow, AuditSeal
from app.queries.audit_chain import end_of_chain
from app.services.transactions import record, transaction


def seal_the_day(now: datetime) -> int:
    """Put on file, for everybody to read, where the trail ends today. Once a day; returns how many seals were made.

    It writes no audit row: the seal is no change of anything, and would need a seal itself.
    """
    day = uk_day(now)
    with transaction() as session:
        end = end_of_chain(session)
        if end is None or session.scalars(select(AuditSeal.id).where(AuditSeal.day == day)).first():
            return 0
        session.add(AuditSeal(day=day, row_id=end.row_id, hash=end.hash, sealed_at=now))
        return 1


def erase_content(row_id: int, reason: str, *, by: str, now: datetime) -> None:
    """Empty what a row says in words and who did it, as the law may ask. When, what and on which thing stay, and the chain holds.

    `by` names who asked the operator for it. Raises NotFound, Invalid without a reason, Conflict where it is erased
    already, and where the row is not what was written: what is wrong with it must be found out first.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why: the reason stays on record for ever."})
    with transaction() as session:
        row = session.get(AuditRow, row_id)
        if row is None:
            raise NotFound(f"There is no row {row_id}.")
        if not row.salt:
            raise Conflict(f"Row {row_id} is erased already.")
        if hash_of_content(Content(row.salt, row.actor_name, row.detail)) != row.content_sha256:
            raise Conflict(f"Row {row_id} is not what was written. Run `flask audit verify` first.")
        session.execute(update(AuditRow).where(AuditRow.id == row_id).values(salt="", actor_name="", detail={}))
        actor = Actor(name=by)
        record(session, actor, "audit.erased", row, now, scheme_id=row.scheme_id, reason=reason.strip(), row=row_id)
