"""Writers of tables in the formats of open data. Each takes rows in batches and holds no more than one of them."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TextIO

from app.domain.open_data.columns import Column, Kind, Table, Value
from app.domain.open_data.records import Row, in_json, in_utc

CHUNK = 1024 * 1024
PACKING = 5
"""Of gzip's levels 1 to 9: a little larger than the smallest, in half the time."""


class Writer(Protocol):
    """Takes a table's rows in batches."""

    rows: int

    def write(self, rows: Sequence[Row]) -> None:
        """Add these rows, in the order of the table's columns."""

    def close(self) -> None:
        """Bring everything to the disk."""


class CsvWriter:
    """RFC 4180 in UTF-8, with a header; nothing where a value is not said."""

    def __init__(self, file: TextIO, table: Table) -> None:
        self.rows = 0
        self._file = file
        self._writer = csv.writer(self._file)
        self._writer.writerow(table.names)
        kinds = [column.kind for column in table.columns]
        # Python writes these in its own way.
        self._special = [n for n, kind in enumerate(kinds) if kind in {Kind.YES_NO, Kind.MOMENT}]

    @classmethod
    def at(cls, path: Path, table: Table) -> CsvWriter:
        """One that writes a new file."""
        return cls(path.open("w", encoding="utf-8", newline=""), table)

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.writerows(map(self._worded, rows) if self._special else rows)
        self.rows += len(rows)

    def _worded(self, row: Row) -> list[Value]:
        cells = list(row)
        for position in self._special:
            cells[position] = in_csv(cells[position])
        return cells

    def close(self) -> None:
        self._file.close()


def in_csv(value: Value) -> Value:
    """A yes or no, or a moment, as it stands in a CSV file; anything else as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return in_utc(value) if hasattr(value, "hour") else value  # type: ignore[arg-type]


class JsonLinesWriter:
    """One object on each line."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._file = path.open("w", encoding="utf-8", newline="\n")

    def write(self, objects: Iterable[Mapping[str, object]]) -> None:
        for each in objects:
            self._file.write(as_line(each))
            self.rows += 1

    def close(self) -> None:
        self._file.close()


def as_line(value: Mapping[str, object]) -> str:
    """An object as a line of JSON Lines."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def row_object(table: Table, row: Row) -> dict[str, object]:
    """A row as an object; what is not said is left out."""
    return {name: in_json(value) for name, value in zip(table.names, row, strict=True) if value is not None}


class ParquetWriter:
    """Parquet with zstd. Each batch of rows becomes a row group."""

    def __init__(self, path: Path, table: Table) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = {
            Kind.TEXT: pa.string(),
            Kind.LINK: pa.string(),
            Kind.WHOLE: pa.int64(),
            Kind.YES_NO: pa.bool_(),
            Kind.DAY: pa.date32(),
            Kind.MOMENT: pa.timestamp("us", tz="UTC"),
        }
        self.rows = 0
        self._pa = pa
        self._schema = pa.schema(
            [
                pa.field(column.name, kinds[column.kind], not column.required, {"description": column.words})
                for column in table.columns
            ],
            {"title": table.title, "description": table.words},
        )
        self._file = pq.ParquetWriter(path, self._schema, compression="zstd")

    def write(self, rows: Sequence[Row]) -> None:
        if not rows:
            return
        columns = zip(*rows, strict=True)
        arrays = [self._pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        self._file.write_batch(self._pa.record_batch(arrays, schema=self._schema))
        self.rows += len(rows)

    def close(self) -> None:
        self._file.close()


class SqliteFile:
    """All tables in one database with their keys and checks, what the columns mean, and facts about the whole."""

    def __init__(self, path: Path, tables: Sequence[Table]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 8192;")
        self._tables = {table.name: table for table in tables}
        for table in tables:
            self._connection.execute(_create(table))
        self._connection.execute("BEGIN")

    def write(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows of a table."""
        marks = ", ".join("?" * len(self._tables[table].columns))
        self._connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', map(_for_sqlite, rows))  # noqa: S608

    def close(self, about: Mapping[str, object]) -> None:
        """Add the indexes, the words about the columns and `about`, and bring everything to the disk."""
        run = self._connection.execute
        for table in self._tables.values():
            for column in table.key[1:] or [each.column for each in table.refers]:
                run(f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")')
        run("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        self._connection.executemany(
            "INSERT INTO about VALUES (?, ?)", [(key, str(said)) for key, said in about.items()]
        )
        run("CREATE TABLE columns (of_table TEXT, name TEXT, title TEXT, words TEXT, PRIMARY KEY (of_table, name))")
        told = [
            (table.name, each.name, each.title, each.words) for table in self._tables.values() for each in table.columns
        ]
        self._connection.executemany("INSERT INTO columns VALUES (?, ?, ?, ?)", told)
        run("COMMIT")
        run("PRAGMA optimize")
        self._connection.close()

    def abandon(self) -> None:
        self._connection.close()


def _for_sqlite(row: Row) -> list[Any]:
    return [in_json(value) if hasattr(value, "year") else value for value in row]


def _create(table: Table) -> str:
    """The statement that makes a table; names and codes are our own."""
    parts = [_declared(column) for column in table.columns]
    parts.append(f"PRIMARY KEY ({', '.join(table.key)})")
    parts += [f"FOREIGN KEY ({each.column}) REFERENCES {each.table} ({each.of_column})" for each in table.refers]
    without = " WITHOUT ROWID" if len(table.key) > 1 else ""
    return f"CREATE TABLE {table.name} ({', '.join(parts)}){without}"


def _declared(column: Column) -> str:
    whole = column.kind in {Kind.WHOLE, Kind.YES_NO}
    words = [f'"{column.name}"', "INTEGER" if whole else "TEXT"]
    if column.required:
        words.append("NOT NULL")
    if column.unique:
        words.append("UNIQUE")
    if column.codes:
        codes = ", ".join(f"'{code}'" for code in column.codes)
        words.append(f'CHECK ("{column.name}" IN ({codes}))')
    if column.kind is Kind.YES_NO:
        words.append(f'CHECK ("{column.name}" IN (0, 1))')
    return " ".join(words)


def _packer(raw: BinaryIO) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=PACKING, mtime=0)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        total = sha256()
        while chunk := file.read(CHUNK):
            total.update(chunk)
    return total.hexdigest()


def pack(path: Path) -> int:
    """Write the file's twin in gzip beside it. The same content gives the same bytes. Returns how many."""
    twin = path.with_name(path.name + ".gz")
    with path.open("rb") as file, twin.open("wb") as raw, _packer(raw) as packed:
        shutil.copyfileobj(file, packed, CHUNK)
    return twin.stat().st_size
