"""Looking as another role of one's scheme: begun, every page that was seen, and ended. Nothing else is written meanwhile."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.domain.access import Actor, Role, looking_as
from app.domain.errors import NotFound
from app.models import Scheme
from app.services.transactions import record, transaction

LONGEST_PATH = 500


def begin_looking(scheme_code: str, role: Role, *, actor: Actor, now: datetime) -> int:
    """Begin to look as `role`. Returns the scheme's id. Raises NotFound, NotAllowed."""
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == scheme_code)).first()
        if scheme is None:
            raise NotFound("There is no such page, or it is not open to you.")
        looking_as(actor, scheme.id, role)
        record(session, actor, "looking.began", scheme, now, scheme_id=scheme.id, role=role.value)
        return scheme.id


def note_seen(path: str, *, actor: Actor, seen_as: Actor, now: datetime) -> None:
    """Note that `actor` saw the page at `path` as `seen_as`, who is the same person looking as a role."""
    assert seen_as.viewing is not None  # only pages seen so are noted
    viewing = seen_as.viewing
    with transaction() as session:
        scheme = session.get_one(Scheme, viewing.scheme_id)
        record(
            session,
            actor,
            "looking.saw",
            scheme,
            now,
            scheme_id=scheme.id,
            role=viewing.role.value,
            path=path[:LONGEST_PATH],
        )


def end_looking(seen_as: Actor, *, actor: Actor, now: datetime) -> None:
    """Stop looking as a role."""
    if seen_as.viewing is None:
        return
    viewing = seen_as.viewing
    with transaction() as session:
        scheme = session.get_one(Scheme, viewing.scheme_id)
        record(session, actor, "looking.ended", scheme, now, scheme_id=scheme.id, role=viewing.role.value)
