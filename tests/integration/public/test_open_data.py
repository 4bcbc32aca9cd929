"""The register as open data: true on the day, nothing private in it, whole or not there, in pages since a change."""

from __future__ import annotations

import csv
import gzip
import json
import os
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from urllib.parse import urlsplit

import pytest

from app.backends.exports import Exports
from app.domain.access import Role
from app.domain.lifecycle import AwardStatus
from app.domain.open_data import LICENCES, TABLES
from app.edge.open_data import export_if_wanted, regular_works
from app.extensions import db
from app.models import AuditRow, Organisation, RegisterEvent
from app.services.daily import run_regular
from app.services.open_data import OpenDataTerms, make_open_data
from app.services.register import republish_details
from app.services.transactions import transaction
from config import OPEN_LICENCES
from tests import factories as make
from tests.conftest import NOON

TODAY = date(2026, 11, 16)


@pytest.fixture
def terms(app, tmp_path, monkeypatch) -> OpenDataTerms:
    monkeypatch.setitem(app.config, "OPEN_DATA_DIR", str(tmp_path / "open-data"))
    return OpenDataTerms(tmp_path / "open-data", 3, app.config["BASE_URL"], "OGL-UK-3.0")


def listed(**values):
    """An entry on the register. What is said of the organisation goes to it, the rest to its award."""
    about_award = {key: values.pop(key) for key in ("status", "expires_on", "number") if key in values}
    about_entry = {key: values.pop(key) for key in ("contact", "offers", "identifiers", "invented") if key in values}
    holder = make.organisation(**values)
    return make.register_entry(make.award(make.application(holder, make.edition()), **about_award), **about_entry)


def table(export, name: str) -> list[dict[str, str]]:
    with (export.folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_format_says_the_same_of_every_entry(terms):
    entry = listed(
        name="Café = Cŵl, “quoted”\nsecond line", areas=["E07000121", "E06000009"], services=["befriending"] * 2
    )
    listed(name="الرعاية", services=[], areas=[])
    export = make_open_data(terms, NOON)
    import pyarrow.parquet as pq

    names = [row["name"] for row in table(export, "entries")]
    lines = [json.loads(line) for line in (export.folder / "entries.jsonl").read_text("utf-8").splitlines()]
    columns = pq.read_table(export.folder / "entries.parquet").to_pydict()
    with closing(sqlite3.connect(export.folder / "register.sqlite")) as connection:
        stored = [name for (name,) in connection.execute("SELECT name FROM entries ORDER BY id")]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT value FROM about WHERE name = 'as_of'").fetchone() == ("2026-11-16",)
    assert names == [line["name"] for line in lines] == columns["name"] == stored == [entry.name, "الرعاية"]
    assert [area["area"] for area in lines[0]["areas"]] == ["E07000121", "E06000009"]
    assert [row["service"] for row in table(export, "services")] == ["befriending"], "each code once"
    assert columns["granted_on"][0] == entry.granted_on
    for name in (each.name for each in TABLES):
        assert pq.read_metadata(export.folder / f"{name}.parquet").num_rows == len(table(export, name))


def test_the_status_is_that_of_the_day_of_the_export_beside_the_one_that_was_decided(terms):
    listed(expires_on=TODAY)
    listed(expires_on=TODAY - timedelta(days=1))
    listed(status=AwardStatus.SUSPENDED)
    rows = table(make_open_data(terms, NOON), "entries")
    assert [(row["stored_status"], row["status"], row["approved"], row["as_of"]) for row in rows] == [
        ("awarded", "awarded", "true", "2026-11-16"),
        ("awarded", "expired", "false", "2026-11-16"),
        ("suspended", "suspended", "false", "2026-11-16"),
    ]
    tomorrow = table(make_open_data(terms, NOON + timedelta(days=1)), "entries")
    assert tomorrow[0]["status"] == "expired"


def test_a_private_address_is_in_no_file(terms):
    listed(
        name="Harbour Refuge", address="12 Hidden Lane", postcode="", easting=None, northing=None, address_private=True,
        contact={"phone": "01632 960001"},
    )  # fmt: skip
    export = make_open_data(terms, NOON)
    for path in export.folder.iterdir():
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        assert b"Hidden Lane" not in data, path.name
    (row,) = table(export, "entries")
    assert (row["area_name"], row["postcode"], row["easting"]) == ("Lancaster", "", "")


def test_what_providers_said_of_their_capacity_is_fresh_or_not_by_the_day(terms):
    offers = [
        {
            "service": code,
            "taking": "now",
            "said_on": said.isoformat(),
            "capacity": 4,
            "free": 0,
            "weeks": None,
            "how": "",
        }
        for code, said in (("befriending", TODAY - timedelta(days=92)), ("home-care", TODAY - timedelta(days=93)))
    ]
    listed(offers=offers)
    export = make_open_data(terms, NOON)
    assert [(row["service"], row["free"], row["fresh"]) for row in table(export, "offers")] == [
        ("befriending", "0", "true"),
        ("home-care", "0", "false"),
    ]
    assert table(export, "register")[0]["room_now"] == "Befriending and companionship"


def test_no_cell_of_the_sheet_for_spreadsheets_is_a_formula_and_the_tables_keep_what_was_written(terms):
    listed(name='=HYPERLINK("https://evil.example")')
    export = make_open_data(terms, NOON)
    assert table(export, "register")[0]["name"].startswith("'=")
    assert table(export, "entries")[0]["name"].startswith("=")


def test_the_package_tells_every_file_with_its_size_hash_and_rows(terms):
    listed()
    export = make_open_data(terms, NOON)
    for resource in export.package["resources"]:
        data = (export.folder / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(data), f"sha256:{sha256(data).hexdigest()}")
        if resource["format"] == "csv":
            fields = [field["name"] for field in resource["schema"]["fields"]]
            metadata = json.loads((export.folder / f"{resource['path']}-metadata.json").read_text())
            assert fields == [column["name"] for column in metadata["tableSchema"]["columns"]]
            assert data.decode().splitlines()[0] == ",".join(fields)
            assert gzip.decompress((export.folder / f"{resource['path']}.gz").read_bytes()) == data


def test_an_export_that_breaks_off_leaves_the_one_before_in_its_place(terms, monkeypatch):
    listed()
    before = make_open_data(terms, NOON)
    listed()
    monkeypatch.setattr("app.services.open_data.data_package", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        make_open_data(terms, NOON)
    assert terms.exports.latest() == before
    assert [path.name for path in terms.folder.iterdir() if path.is_dir()] == ["2026-11-16.1"]


def test_nothing_is_made_twice_for_one_state_of_the_register_and_old_days_go(terms):
    listed()
    first = make_open_data(terms, NOON)
    assert make_open_data(terms, NOON).folder == first.folder
    listed()
    second = make_open_data(terms, NOON)
    assert (second.folder.name, first.folder.exists()) == ("2026-11-16.2", False)
    for days in range(1, 5):
        make_open_data(terms, NOON + timedelta(days=days))
    assert [day.day for day in terms.exports.days()] == [20, 19, 18]


def test_the_nightly_work_makes_the_export_and_a_manager_can_have_one_between(app, terms, client_for, monkeypatch):
    entry = listed()
    work = [each for each in regular_works() if each[0] == "open data"]
    assert [(each.count, each.error) for each in run_regular(NOON, work, again=True)] == [(1, "")]
    assert run_regular(NOON, work, again=True)[0].count == 0, "nothing has changed since"
    manager = make.officer(entry.scheme, Role.MANAGER)
    assert client_for(make.user()).post("/open-data").status_code == 403
    assert "is being made" in client_for(manager).post("/open-data", follow_redirects=True).text
    assert db.session.scalars(db.select(AuditRow.action).order_by(AuditRow.id.desc())).first() == "open-data.asked"
    assert (export_if_wanted(NOON), export_if_wanted(NOON)) == (True, False)


def test_a_large_register_is_never_exported_while_somebody_waits(client, terms, monkeypatch):
    monkeypatch.setattr("app.edge.open_data.SMALL", 0)
    listed()
    assert "The first export is being made" in client.get("/open-data").text
    answer = client.get("/open-data/latest/entries.csv")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "300")
    assert Exports(terms.folder).wanted and terms.exports.latest() is None


def test_a_download_can_be_taken_up_again_packed_and_not_sent_twice(client, terms):
    listed()
    whole = client.get("/open-data/latest/entries.csv")
    assert (whole.mimetype, whole.headers["Access-Control-Allow-Origin"]) == ("text/csv", "*")
    part = client.get(
        "/open-data/latest/entries.csv", headers={"Range": "bytes=10-", "If-Range": whole.headers["ETag"]}
    )
    assert (part.status_code, part.data) == (206, whole.data[10:])
    packed = client.get("/open-data/2026-11-16/entries.csv", headers={"Accept-Encoding": "gzip"})
    assert (gzip.decompress(packed.data), packed.headers["Content-Encoding"]) == (whole.data, "gzip")
    assert packed.headers["ETag"] != whole.headers["ETag"]
    again = client.get("/open-data/latest/entries.csv", headers={"If-None-Match": whole.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("../2026-11-16.1/entries.csv", "made.json", ".lock", "entries.csv.gz.gz"):
        assert client.get(f"/open-data/latest/{name}").status_code == 404
    assert client.get("/open-data/1999-01-01/entries.csv").status_code == 404


def test_changes_come_in_bounded_pages_in_which_nothing_is_lost_or_told_twice(client, terms, count_statements):
    entry = listed()
    for number in range(6):
        at = NOON + timedelta(days=number)
        fields = {"kind": "suspended", "number": "T", "level_title": "Silver", "status": AwardStatus.SUSPENDED}
        make.save(RegisterEvent(entry_id=entry.id, at=at, words=f"Change {number}", **fields))
    address, seen = "/open-data/changes.jsonl?since=2026-11-18&limit=3", []
    while address:
        with count_statements() as statements:
            answer = client.get(address)
        assert len([each for each in statements if each != "BEGIN"]) <= 2
        seen += [json.loads(line)["words"] for line in answer.text.splitlines()]
        link = answer.headers.get("Link", "").partition(">")[0].strip("<")
        address = f"{urlsplit(link).path}?{urlsplit(link).query}" if link else ""
    assert seen == ["Change 2", "Change 3", "Change 4", "Change 5"]
    rows = list(csv.DictReader(StringIO(client.get("/open-data/changes.csv").text)))
    assert (len(rows), list(rows[0])) == (7, list(TABLES[-1].names))


def test_a_copy_is_kept_up_to_date_by_asking_for_entries_after_its_revision(client, terms):
    first, second = listed(), listed()
    mark = make_open_data(terms, NOON).package["revision"]
    assert client.get(f"/open-data/changed-entries.jsonl?revision={mark}").text == ""
    first.revision, first.name = mark + 1, "Renamed"
    db.session.commit()
    (line,) = client.get(f"/open-data/changed-entries.jsonl?revision={mark}").text.splitlines()
    assert (json.loads(line)["id"], json.loads(line)["name"]) == (first.id, "Renamed")
    page = client.get("/open-data/changed-entries.jsonl?limit=1")
    assert json.loads(page.text)["id"] == second.id and f"revision={second.revision}" in page.headers["Link"]


@pytest.mark.parametrize("query", ["since=yesterday", "after=-1", "limit=1e9", "sinse=2026-11-01", "after=" + "9" * 40])
def test_what_cannot_be_understood_is_told_and_never_taken_for_everything(client, terms, query):
    answer = client.get(f"/open-data/changes.jsonl?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.json["type"].endswith("/api/problems/wrong-parameter") and answer.json["instance"]
    assert query.partition("=")[0] in answer.json["errors"]


def test_the_catalogue_names_every_file_where_it_is(client, terms):
    listed()
    graph = client.get("/open-data/catalog.jsonld").json["@graph"]
    urls = [each["dcat:downloadURL"]["@id"] for each in graph if each["@type"] == "dcat:Distribution"]
    assert len(urls) == 20
    assert all(client.get(urlsplit(url).path).status_code == 200 for url in urls)


def test_the_settings_know_the_licences_that_there_are():
    assert set(OPEN_LICENCES) == set(LICENCES)


def test_the_command_writes_an_export_where_it_is_told(app, terms, tmp_path):
    listed()
    result = app.test_cli_runner().invoke(args=["register", "export", "--to", str(tmp_path / "mine")])
    assert result.exit_code == 0 and "entries.parquet" in result.output
    (folder,) = (path for path in (tmp_path / "mine").iterdir() if path.is_dir())
    assert datetime.fromisoformat(json.loads((folder / "datapackage.json").read_text())["created"])
    assert os.stat(folder).st_mode & 0o777 == 0o755


def test_no_file_from_before_an_address_became_private_is_handed_out_any_more(terms, client):
    """The files of yesterday name it as well as those of this morning."""
    entry = listed(
        name="Harbour Refuge", address="12 Quay Street", postcode="LA1 1HT", easting=347_000, northing=461_000
    )
    holder = db.session.get(Organisation, entry.organisation_id)
    with transaction() as session:
        republish_details(session, session.get(Organisation, holder.id), NOON)
    make_open_data(terms, NOON - timedelta(days=1))
    make_open_data(terms, NOON)
    addresses = ("/open-data/latest/entries.jsonl", "/open-data/2026-11-15/entries.jsonl")
    assert all("LA1 1HT" in client.get(address).text for address in addresses)
    with transaction() as session:
        own = session.get(Organisation, holder.id)
        own.address_private = True
        republish_details(session, own, NOON)
    latest, yesterday = (client.get(address) for address in addresses)
    assert "Harbour Refuge" in latest.text and "LA1 1HT" not in latest.text and "Quay Street" not in latest.text
    assert yesterday.status_code == 404
    assert [path.name for path in terms.folder.iterdir() if path.is_dir()] == ["2026-11-16.1"]
    with transaction() as session:  # what it changes from now on takes no file away
        own = session.get(Organisation, holder.id)
        own.phone = "01632 960001"
        republish_details(session, own, NOON)
    assert client.get(addresses[0]).headers["ETag"] == latest.headers["ETag"]
