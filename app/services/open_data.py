"""Making the register's open data: every table in every format, in one pass over the register."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from app.backends.exports import DESCRIPTOR, Export, Exports
from app.backends.open_files import (
    CsvWriter,
    JsonLinesWriter,
    ParquetWriter,
    SqliteFile,
    Writer,
    digest_of,
    pack,
    row_object,
)
from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.open_data import FLAT, LICENCES, TABLES, About, File, Table, csvw_group, csvw_table, data_package
from app.domain.open_data.records import LISTS, Record, Row, as_object, flat_row
from app.domain.uk_time import uk_day
from app.models import Scheme
from app.queries.open_data import Counts, Reading, publisher, reading, register_counts
from app.services.transactions import record, transaction

MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}
PACKED = frozenset({"csv", "jsonl"})
ENTRIES, EVENTS = TABLES[0], TABLES[-1]
IN_LINES = (ENTRIES, EVENTS)


@dataclass(frozen=True)
class OpenDataTerms:
    """Where exports are kept and for how many days, the service's address, and the licence's code."""

    folder: Path
    keep_days: int
    base_url: str
    licence: str

    @property
    def exports(self) -> Exports:
        return Exports(self.folder)


def make_open_data(terms: OpenDataTerms, now: datetime, *, again: bool = False) -> Export:
    """Export the register as of today, put the export into its place whole, and forget those that are too old.

    Where there is one of today in which nothing has changed since, that is kept, unless `again`.
    """
    today = uk_day(now)
    exports = terms.exports
    with exports.making():
        exports.answered()
        latest = exports.latest()
        if latest is None or again or not is_current(latest, today, register_counts()):
            with exports.unfinished(today) as folder, reading(today, terms.base_url) as register:
                _Making(folder, register, terms, now).run()
            latest = exports.latest()
        exports.forget(today, terms.keep_days)
    if latest is None:
        raise RuntimeError("The export that was made is not there.")
    return latest


def ask_for_open_data(terms: OpenDataTerms, *, actor: Actor, now: datetime) -> None:
    """A manager wants an export of this moment: the worker makes it next. Raises NotAllowed."""
    with transaction() as session:
        manages = [scheme_id for scheme_id, roles in sorted(actor.schemes.items()) if Role.MANAGER in roles]
        scheme_id = manages[0] if manages else None
        require(actor, Action.MAKE_OPEN_DATA, Subject(scheme_id=scheme_id))
        scheme = session.get_one(Scheme, scheme_id)
        record(session, actor, "open-data.asked", scheme, now, scheme_id=scheme.id)
    terms.exports.ask()


def is_current(export: Export, today: date, counts: Counts) -> bool:
    """Whether an export is of today and nothing has changed since."""
    package = export.package
    return export.day == today and (package["revision"], package["last_event"]) == (counts.revision, counts.last_event)


class _Making:
    """One export while it is made."""

    def __init__(self, folder: Path, register: Reading, terms: OpenDataTerms, now: datetime) -> None:
        self.folder, self.register = folder, register
        counts, who = register.counts(), publisher()
        self.about = About(
            day=uk_day(now),
            made_at=now,
            revision=counts.revision,
            last_event=counts.last_event,
            publisher=who.name,
            publisher_url=who.url or terms.base_url,
            licence=LICENCES[terms.licence],
            base_url=terms.base_url,
        )

    def run(self) -> None:
        with ExitStack() as stack:
            writers = _Writers(self.folder, stack)
            for records in self.register.records():
                writers.write_records(records)
            for events in self.register.events():
                writers.write_events(events)
            writers.close(self._facts())
        files = [self._file(name, form, table, writers) for name, form, table in _planned()]
        self._describe(files)

    def _facts(self) -> Mapping[str, object]:
        about = self.about
        return {
            "as_of": about.day.isoformat(),
            "made_at": about.made_at.isoformat(),
            "revision": about.revision,
            "last_event": about.last_event,
            "publisher": about.publisher,
            "licence": about.licence.title,
            "licence_url": about.licence.url,
            "source": f"{about.base_url}/open-data",
        }

    def _file(self, name: str, form: str, table: Table | None, writers: _Writers) -> File:
        path = self.folder / name
        return File(
            name=name,
            title=table.title if table else "All tables in one database",
            format=form,
            media_type=MEDIA[form],
            size=path.stat().st_size,
            sha256=digest_of(path),
            rows=writers.rows(table) if table else None,
            table=table.name if table else "",
            packed=pack(path) if form in PACKED else 0,
        )

    def _describe(self, files: Sequence[File]) -> None:
        for table in (FLAT, *TABLES):
            self._write(f"{table.name}.csv-metadata.json", csvw_table(table, self.about))
        self._write("csv-metadata.json", csvw_group(TABLES, self.about))
        sums = "".join(f"{file.sha256}  {file.name}\n" for file in files)
        (self.folder / "sha256sums.txt").write_text(sums, "utf-8")
        self._write(DESCRIPTOR, data_package(self.about, files, (FLAT, *TABLES)))

    def _write(self, name: str, value: Mapping[str, Any]) -> None:
        (self.folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _planned() -> list[tuple[str, str, Table | None]]:
    """(file, format, table) of every file with data."""
    return [
        *((f"{table.name}.csv", "csv", table) for table in (FLAT, *TABLES)),
        *((f"{table.name}.jsonl", "jsonl", table) for table in IN_LINES),
        *((f"{table.name}.parquet", "parquet", table) for table in TABLES),
        ("register.sqlite", "sqlite", None),
    ]


class _Writers:
    """Every file of an export while it is written, in `folder`. They are closed with `stack`."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._csv = {table.name: CsvWriter.at(folder / f"{table.name}.csv", table) for table in (FLAT, *TABLES)}
        self._parquet = {table.name: ParquetWriter(folder / f"{table.name}.parquet", table) for table in TABLES}
        self._lines = {table.name: JsonLinesWriter(folder / f"{table.name}.jsonl") for table in IN_LINES}
        self._sqlite = SqliteFile(folder / "register.sqlite", TABLES)
        stack.callback(self._sqlite.abandon)
        closing: list[Writer | JsonLinesWriter] = [*self._csv.values(), *self._parquet.values(), *self._lines.values()]
        for writer in closing:
            stack.callback(writer.close)

    def write_records(self, records: Sequence[Record]) -> None:
        self._csv[FLAT.name].write([flat_row(record) for record in records])
        self._lines[ENTRIES.name].write(as_object(record) for record in records)
        self._write(ENTRIES, [record.entry for record in records])
        for table in LISTS:
            self._write(table, [row for record in records for row in record.lists[table.name]])

    def write_events(self, events: Sequence[Row]) -> None:
        self._lines[EVENTS.name].write(row_object(EVENTS, event) for event in events)
        self._write(EVENTS, events)

    def _write(self, table: Table, rows: Sequence[Row]) -> None:
        self._csv[table.name].write(rows)
        self._parquet[table.name].write(rows)
        self._sqlite.write(table.name, rows)

    def rows(self, table: Table) -> int:
        return self._csv[table.name].rows

    def close(self, facts: Mapping[str, object]) -> None:
        """Finish the database; the other files are closed with the stack."""
        self._sqlite.close(facts)
