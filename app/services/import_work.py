"""What a worker does with lists that are brought in: reads them, makes awards of their rows, or takes these back.

Each step goes in small transactions, so that nobody waits long for their turn, and goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, or_, select

from app.backends.list_files import read_list
from app.backends.postcodes import Places
from app.backends.storage import Storage
from app.domain.errors import DomainError, Invalid
from app.domain.lifecycle.list_import import AT_WORK, ImportMove, ImportState
from app.domain.list_import import ABOUT, Column, Outcome, Row, Terms, guess, plain, read_row
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import RegisterImport, RegisterImportRow
from app.queries.list_terms import terms_for
from app.services.import_applying import apply_batch, take_back_batch
from app.services.list_matching import Match, match_rows
from app.services.many_rows import add_many
from app.services.transactions import locked, transaction

READ_AT_ONCE = 1_000
ABANDONED_AFTER = timedelta(minutes=2)
"""A list at which nobody has worked for so long is taken up by whoever looks next."""


@dataclass(frozen=True)
class Tools:
    """What the work needs from outside."""

    storage: Storage
    places: Places


def work_on_lists(tools: Tools, now: datetime) -> bool:
    """Do one piece of what is to be done with a list: read it whole, or bring in or take back one batch of its rows.

    Returns whether there was anything to do. What cannot be done leaves its reason on the list.
    """
    import_id = _claim(now)
    if import_id is None:
        return False
    try:
        _work(import_id, tools, now)
    except DomainError as error:
        _fail(import_id, error.message, now)
    except Exception:
        _fail(import_id, "Something went wrong while it was read. Nothing of it is on the register.", now)
        raise
    return True


def _claim(now: datetime) -> int | None:
    with transaction() as session:
        free = or_(RegisterImport.worked_at.is_(None), RegisterImport.worked_at < now - ABANDONED_AFTER)
        listed = session.scalars(
            select(RegisterImport)
            .where(RegisterImport.state.in_(AT_WORK), free)
            .order_by(RegisterImport.state_at, RegisterImport.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).first()
        if listed is None:
            return None
        listed.worked_at = now
        return listed.id


def _work(import_id: int, tools: Tools, now: datetime) -> None:
    state = db.session.get_one(RegisterImport, import_id).state
    today = uk_day(now)
    if state is ImportState.READING:
        _read(import_id, tools, now, today)
    elif state is ImportState.APPLYING:
        apply_batch(import_id, now, today)
    else:
        take_back_batch(import_id, now, today)


def _fail(import_id: int, sentence: str, now: datetime) -> None:
    """Only reading can fail as a whole; a batch of the other steps is tried again by the next who looks."""
    with transaction() as session:
        listed = locked(session, RegisterImport, import_id)
        if listed.state is ImportState.READING:
            listed.make(ImportMove.FAIL, now)
            listed.problem = sentence
            session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == import_id))


def _read(import_id: int, tools: Tools, now: datetime, today: date) -> None:
    listed = db.session.get_one(RegisterImport, import_id)
    with tools.storage.open(listed.file_key) as file:
        found = read_list(file, listed.file_name)
        mapping = {Column(key): value for key, value in listed.mapping.items()} or guess(found.headers)
        if Column.NAME not in mapping:
            raise Invalid({"file": f"No column says the {ABOUT[Column.NAME].title.lower()}. Name one of them “Name”."})
        terms = terms_for(listed, tools.places, today)
        _begin(import_id, found.kind.value, found.headers, mapping)
        seen: dict[tuple[str, ...], int] = {}
        while batch := list(islice(found.rows, READ_AT_ONCE)):
            _keep(import_id, listed.scheme_id, batch, mapping, terms, seen, now)
    with transaction() as session:
        listed = locked(session, RegisterImport, import_id)
        if listed.state is ImportState.READING:
            total = listed.done
            listed.make(ImportMove.HAVE_READ, now)
            listed.total = listed.done = total


def _begin(import_id: int, kind: str, headers: tuple[str, ...], mapping: Mapping[Column, str]) -> None:
    with transaction() as session:
        session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == import_id))
        listed = locked(session, RegisterImport, import_id)
        listed.kind, listed.headers, listed.problem = kind, list(headers), ""
        listed.mapping = {column.value: header for column, header in mapping.items()}
        listed.done = 0


def _keep(
    import_id: int,
    scheme_id: int,
    batch: list[tuple[int, dict[str, str]]],
    mapping: Mapping[Column, str],
    terms: Terms,
    seen: dict[tuple[str, ...], int],
    now: datetime,
) -> None:
    rows = [read_row(cells, mapping, terms) for _, cells in batch]
    matches = match_rows(
        db.session(), scheme_id, rows, terms.today
    )  # before anybody has to wait: looked at again later
    with transaction() as session:
        listed = locked(session, RegisterImport, import_id)
        if listed.state is not ImportState.READING:  # it was discarded meanwhile
            raise Invalid({"file": "The list was discarded."})
        found = [
            _row(import_id, line, cells, row, _once(row, line, match, seen))
            for (line, cells), row, match in zip(batch, rows, matches, strict=True)
        ]
        add_many(session, RegisterImportRow, found)
        listed.done += len(batch)
        listed.worked_at = now


def _once(row: Row, line: int, match: Match, seen: dict[tuple[str, ...], int]) -> Match:
    """The match, unless an earlier row of the file is the same provider."""
    if match.outcome is Outcome.WRONG:
        return match
    keys = list(_keys(row))
    earlier = next((seen[key] for key in keys if key in seen), None)
    if earlier is not None:
        return Match(Outcome.TWICE, notes=[f"Line {earlier} is the same provider."])
    seen.update(dict.fromkeys(keys, line))
    return match


def _keys(row: Row) -> Iterator[tuple[str, ...]]:
    for column in (Column.CHARITY, Column.COMPANY, Column.CQC):
        if row.values.get(column):
            yield column.value, str(row.values[column])
    yield "name", plain(str(row.values[Column.NAME])), str(row.values.get(Column.POSTCODE, ""))


def _row(import_id: int, line: int, cells: dict[str, str], row: Row, match: Match) -> dict[str, Any]:
    values = {
        str(column): value.isoformat() if isinstance(value, date) else value for column, value in row.values.items()
    }
    if row.place:
        values |= {"easting": row.place.easting, "northing": row.place.northing, "area_code": row.place.area_code}
    problems = {str(column): sentence for column, sentence in row.problems.items()}
    if match.problem:
        problems["row"] = match.problem
    return {
        "import_id": import_id,
        "line": line,
        "cells": cells,
        "read": values,
        "problems": problems,
        "notes": [*row.notes, *match.notes],
        "candidates": match.candidates,
        "outcome": match.outcome,
        "organisation_id": match.organisation_id,
    }
