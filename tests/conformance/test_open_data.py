"""Exports of a live register against the validators of those who wrote the standards, run as their users run them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.domain.lifecycle import AwardStatus
from app.services.open_data import OpenDataTerms, make_open_data
from tests import factories as make
from tests.conftest import NOON

SHAPES = Path(__file__).parent / "shapes"
BIN = Path(sys.executable).parent
TODAY = date(2026, 11, 16)
NAMES = (
    "Bay Befrienders",
    "Café “Cŵl”\nTwo lines, one name",
    "الرعاية المجتمعية",
    "=SUM(A1)",
    "O'Brien & Daughters; Ltd",
)


def run(name: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One of the validators, in `folder`."""
    return subprocess.run(
        [str(BIN / name), *words], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def export(app, tmp_path, monkeypatch):
    """A register with every status, odd names, capacity fresh and stale, and an address that is private."""
    monkeypatch.setitem(app.config, "OPEN_DATA_DIR", str(tmp_path))
    for number, status in enumerate(each for each in AwardStatus if each is not AwardStatus.EXPIRED):
        holder = make.organisation(name=NAMES[number % len(NAMES)], postcode="" if number == 2 else "LA1 1HT")
        award = make.award(make.application(holder, make.edition()), status=status)
        said = (TODAY - timedelta(days=40 * number)).isoformat()
        offer = {
            "service": "befriending",
            "taking": "now",
            "said_on": said,
            "capacity": 9,
            "free": 1,
            "weeks": 2,
            "how": "",
        }
        make.register_entry(
            award,
            offers=[offer],
            languages=["en", "cy"],
            access=["step-free"],
            size="small",
            identifiers={"charity": "GB-CHC-1111111"},
            expires_on=TODAY - timedelta(days=1) if number == 0 else award.expires_on,
        )
    return make_open_data(OpenDataTerms(tmp_path, 3, app.config["BASE_URL"], "OGL-UK-3.0"), NOON)


def test_the_data_package_is_valid_to_frictionless_with_every_row_key_and_hash(export):
    done = run("frictionless", "validate", "datapackage.json", "--json", folder=export.folder)
    report = json.loads(done.stdout)
    assert report["valid"], [task["errors"] for task in report["tasks"] if task["errors"]][:3]
    assert {task["name"] for task in report["tasks"]} == {each["name"] for each in export.package["resources"]}


def test_frictionless_finds_a_row_that_was_changed_after_it_was_published(export):
    path = export.folder / "services.csv"
    path.write_text(path.read_text().replace("befriending", "befriendinG", 1))
    assert not json.loads(run("frictionless", "validate", "datapackage.json", "--json", folder=export.folder).stdout)[
        "valid"
    ]


def test_every_csv_file_is_valid_csv_on_the_web_by_itself_and_together(export):
    files = [*sorted(path.name for path in export.folder.glob("*.csv")), "csv-metadata.json"]
    assert len(files) == 10
    answers = {name: run("csvwvalidate", name, folder=export.folder) for name in files}
    wrong = {
        name: done.stdout + done.stderr for name, done in answers.items() if done.returncode or "OK" not in done.stdout
    }
    assert wrong == {}


def test_the_catalogue_has_the_shape_that_dcat_ap_asks_for(client, export, tmp_path):
    (tmp_path / "catalog.jsonld").write_bytes(client.get("/open-data/catalog.jsonld").data)
    words = ("-s", str(SHAPES / "dcat.ttl"), "-df", "json-ld", "catalog.jsonld")
    done = run("pyshacl", *words, folder=tmp_path)
    assert "Conforms: True" in done.stdout, done.stdout + done.stderr
    graph = json.loads((tmp_path / "catalog.jsonld").read_text())
    graph["@graph"] = [each for each in graph["@graph"] if each["@type"] != "foaf:Agent"]
    (tmp_path / "catalog.jsonld").write_text(json.dumps(graph))
    assert "Conforms: False" in run("pyshacl", *words, folder=tmp_path).stdout, "a catalogue without a publisher"


def test_parquet_and_sqlite_hold_what_the_package_says(export):
    import pyarrow.parquet as pq

    rows = {each["name"]: each["rows"] for each in export.package["resources"] if each["format"] == "csv"}
    with closing(sqlite3.connect(export.folder / "register.sqlite")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        for path in export.folder.glob("*.parquet"):
            table = pq.read_table(path)
            table.validate(full=True)
            (stored,) = connection.execute(f"SELECT count(*) FROM {path.stem}").fetchone()
            assert table.num_rows == stored == rows[path.stem]


def test_site_maps_keep_to_their_protocol(client, export):
    from lxml import etree

    schema = etree.XMLSchema(etree.parse(SHAPES / "sitemap.xsd"))
    index = client.get("/sitemap.xml").data
    schema.assertValid(etree.fromstring(index))
    parts = [each.text.partition("127.0.0.1:8000")[2] for each in etree.fromstring(index).iter("{*}loc")]
    assert len(parts) >= 2
    for part in parts:
        schema.assertValid(etree.fromstring(client.get(part).data))
