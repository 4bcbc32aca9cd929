"""The same register for Datasette: its entries in a SQLite file with full text, set up as its own documentation advises."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select

from app.backends.search_words import stems_of
from app.backends.searching import FIELDS
from app.domain.lifecycle import AwardStatus, status_on
from app.extensions import db
from app.models import RegisterEntry, Scheme
from app.queries.register_documents import ROWS, document_of
from bench.running import Running, free_port

BATCH = 5_000
SCHEMA = """
CREATE TABLE provider (id INTEGER PRIMARY KEY, slug TEXT, name TEXT, services TEXT, summary TEXT, description TEXT,
  level TEXT, scheme TEXT, status TEXT, size TEXT, area TEXT, postcode TEXT, easting INTEGER, northing INTEGER,
  granted_on TEXT, expires_on TEXT);
CREATE VIRTUAL TABLE provider_fts USING fts5(name, services, summary, description, content='');
"""
INDEXES = """
CREATE INDEX provider_level ON provider(level);
CREATE INDEX provider_scheme ON provider(scheme);
CREATE INDEX provider_status ON provider(status);
CREATE INDEX provider_size ON provider(size);
CREATE UNIQUE INDEX provider_slug ON provider(slug);
INSERT INTO provider_fts(provider_fts) VALUES ('optimize');
ANALYZE;
"""
SETTINGS = {
    "suggest_facets": "off",
    "facet_time_limit_ms": "60000",
    "sql_time_limit_ms": "120000",
    "num_sql_threads": "4",
    "cache_size_kb": "200000",
    "default_cache_ttl": "0",
}


def export(path: Path, today) -> int:
    """Write every entry to `path`. The full text holds our own stems, so that both find the same. Returns how many."""
    part = path.with_suffix(".part")  # so that a broken run leaves no half of it
    part.unlink(missing_ok=True)
    file = sqlite3.connect(part)
    file.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    count = 0
    with db.engine.connect() as connection:
        named = connection.execute(
            select(RegisterEntry.__table__, Scheme.code.label("scheme_code")).join(Scheme).order_by(RegisterEntry.id),
            execution_options={"yield_per": BATCH},
        )
        documents = connection.execute(ROWS.order_by(RegisterEntry.id), execution_options={"yield_per": BATCH})
        for rows, sources in zip(named.partitions(), documents.partitions(), strict=True):
            texts = [document_of(source).texts for source in sources]
            file.executemany(f"INSERT INTO provider VALUES ({','.join('?' * 16)})", map(_row, rows, texts, [today] * len(rows)))  # fmt: skip
            stemmed = [(row.id, *(" ".join(stems_of(text[each])) for each in FIELDS)) for row, text in zip(rows, texts, strict=True)]  # fmt: skip
            file.executemany(
                "INSERT INTO provider_fts (rowid, name, services, summary, description) VALUES (?,?,?,?,?)", stemmed
            )
            count += len(rows)
    file.executescript(INDEXES)
    file.commit()
    file.close()
    part.replace(path)
    return count


def _row(row, texts, today) -> tuple[object, ...]:
    return (
        row.id,
        row.slug,
        row.name,
        texts["services"],
        row.summary,
        row.description,
        row.level,
        row.scheme_code,
        status_on(AwardStatus(row.status), row.expires_on, today).value,
        row.size,
        row.area_code,
        row.postcode,
        row.easting,
        row.northing,
        row.granted_on.isoformat(),
        row.expires_on.isoformat(),
    )


@contextmanager
def datasette(file: Path) -> Iterator[Running]:
    """Datasette on that file: immutable and with its counts known, suggested facets off, limits raised."""
    command = [sys.executable, "-m", "datasette"]
    counts = file.with_suffix(".counts.json")
    os.spawnv(os.P_WAIT, sys.executable, [*command, "inspect", str(file), "--inspect-file", str(counts)])
    metadata = file.with_suffix(".metadata.json")
    table = {"fts_table": "provider_fts", "fts_pk": "id"}
    metadata.write_text(json.dumps({"databases": {file.stem: {"tables": {"provider": table}}}}))
    port = free_port()
    command += ["serve", "-i", str(file), "--inspect-file", str(counts), "-m", str(metadata), "-p", str(port)]
    for name, value in SETTINGS.items():
        command += ["--setting", name, value]
    running = Running(command, dict(os.environ), port, "/-/versions.json")
    try:
        yield running
    finally:
        running.stop()
