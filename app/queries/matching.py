"""Which entries of the register fit a question now: for saved searches, their feeds, and needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import func, select

from app.backends.postcodes import Places
from app.backends.searching import Query, Sort
from app.extensions import db
from app.models import RegisterEntry
from app.queries.register import Search, query_of
from app.queries.register_index import current_index


def asked_of(search: Search, places: Places) -> Query:
    """What an index is asked for a search, whatever page of it."""
    query, _, _ = query_of(search, places)
    return query


def matching_ids(query: Query, today: date) -> Sequence[int]:
    """The ids of all entries that fit, in order."""
    return current_index().matching(query, today)


def newest_ids(search: Search, places: Places, today: date, most: int) -> list[int]:
    """The ids of those that fit, the latest approved first."""
    query = replace(asked_of(search, places), sort=Sort.NEWEST, offset=0, limit=most)
    return [entry_id for entry_id, _ in current_index().search(query, today).page]


def register_revision() -> int:
    """The number of the register's latest change."""
    return db.session.scalar(select(func.max(RegisterEntry.revision))) or 0
