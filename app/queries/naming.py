"""Which provider somebody means who types its name, its address here, or a part of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select

from app.backends.searching import Query, Sort
from app.domain.choosing import is_slug, tidy_slugs
from app.extensions import db
from app.models import RegisterEntry
from app.queries.register_index import current_index

MOST_MEANT = 8


@dataclass(frozen=True)
class Meant:
    """A provider that may be meant."""

    slug: str
    name: str
    summary: str


def meant_by(text: str, today: date) -> tuple[Meant, ...]:
    """Those that `text` may mean, the likeliest first, at most eight: one alone where it is an address. Two statements."""
    slugs, _ = tidy_slugs([text], 1)
    if slugs and is_slug(slugs[0]):
        exact = _rows(RegisterEntry.slug == slugs[0])
        if exact:
            return exact
    found = current_index().search(Query(words=text[:200], prefix=True, sort=Sort.RELEVANCE, limit=MOST_MEANT), today)
    ids = [entry_id for entry_id, _ in found.page]
    rows = {row.id: row for row in db.session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(ids)))}
    return tuple(Meant(rows[key].slug, rows[key].name, rows[key].summary) for key in ids if key in rows)


def _rows(condition: ColumnElement[bool]) -> tuple[Meant, ...]:
    return tuple(
        Meant(row.slug, row.name, row.summary)
        for row in db.session.scalars(select(RegisterEntry).where(condition).limit(1))
    )
