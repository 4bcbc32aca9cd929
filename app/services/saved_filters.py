"""Views of a scheme's applications that a person keeps under a name: kept, and taken away."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import func, select

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Invalid, NotFound
from app.models import SavedFilter, Scheme
from app.queries.pipeline import Filters
from app.services.casework import user_id
from app.services.transactions import locked, record, transaction

LONGEST_NAME = 80
MOST = 30


def keep_filter(scheme_code: str, name: str, filters: Filters, *, actor: Actor, now: datetime) -> None:
    """Keep what the list is narrowed to under `name`, in place of what had that name before.

    Raises NotFound, NotAllowed, Invalid (`name`).
    """
    name = " ".join(name.split())
    if not name:
        raise Invalid({"name": "Give it a name, such as Late in the north."})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": f"Keep the name under {LONGEST_NAME} characters."})
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == scheme_code)).first()
        if scheme is None:
            raise NotFound("There is no such page, or it is not open to you.")
        require(actor, Action.SEE_PIPELINE, Subject(scheme_id=scheme.id))
        locked(session, Scheme, scheme.id)
        own = (SavedFilter.user_id == user_id(actor), SavedFilter.scheme_id == scheme.id)
        kept = session.scalars(select(SavedFilter).where(*own, SavedFilter.name == name)).first()
        if kept is None:
            if (session.scalar(select(func.count(SavedFilter.id)).where(*own)) or 0) >= MOST:
                raise Invalid({"name": f"You keep {MOST} views already. Take one away first."})
            kept = SavedFilter(user_id=user_id(actor), scheme_id=scheme.id, name=name, query="", saved_at=now)
            session.add(kept)
        before, kept.query, kept.saved_at = kept.query, as_query(filters), now
        record(
            session, actor, "filter.kept", kept, now, scheme_id=scheme.id, name=name, before=before, after=kept.query
        )


def drop_filter(scheme_code: str, filter_id: int, *, actor: Actor, now: datetime) -> None:
    """Take one's own view of this scheme's applications away. Raises NotFound to everybody else."""
    with transaction() as session:
        kept = locked(session, SavedFilter, filter_id)
        if kept.user_id != actor.user_id or session.get_one(Scheme, kept.scheme_id).code != scheme_code:
            raise NotFound("There is no such page, or it is not open to you.")
        record(session, actor, "filter.dropped", kept, now, scheme_id=kept.scheme_id, name=kept.name)
        session.delete(kept)


def as_query(filters: Filters) -> str:
    """The filters as the end of an address, without what narrows nothing."""
    given = {
        "state": filters.state,
        "assessor": filters.assessor or "",
        "q": filters.words,
        "late": "yes" if filters.late else "",
    }
    return urlencode({name: value for name, value in given.items() if value != ""})
