"""The Charity Commission's extract: as JSON and as text, zipped or not, of any size, and broken in every way."""

from __future__ import annotations

import json
import os
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest

from app.backends import extract_files
from app.backends.charity_register import SqliteCharityRegister
from app.backends.charity_tables import TABLES, build
from app.backends.extract_files import BrokenFile
from config import ROOT

MARK = b"\xef\xbb\xbf"


def charity(number: int = 1123456, **values) -> dict:
    return {
        "date_of_extract": "2026-11-01T00:00:00",
        "organisation_number": number + 5,
        "registered_charity_number": number,
        "linked_charity_number": 0,
        "charity_name": f"Charity {number}",
        "charity_registration_status": "Registered",
        "date_of_registration": "2008-05-06T00:00:00",
        "date_of_removal": None,
        "charity_activities": "Visits.",
        "latest_income": 48_500.0,
        **values,
    }


def as_json(rows: list[dict]) -> bytes:
    return MARK + json.dumps(rows, ensure_ascii=False).encode()


def as_text(rows: list[dict]) -> bytes:
    lines = ["\t".join(rows[0])]
    lines += ["\t".join("" if row.get(name) is None else str(row[name]) for name in rows[0]) for row in rows]
    return MARK + "\r\n".join(lines).encode() + b"\r\n"


def written(folder: Path, data: bytes, name: str = "extract.json", zipped: bool = False) -> Path:
    path = folder / (f"{name}.zip" if zipped else name)
    if zipped:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
    else:
        path.write_bytes(data)
    return path


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("write", [as_json, as_text])
def test_both_forms_give_the_same_record_zipped_or_not(tmp_path, write, zipped):
    row = charity(
        charity_name="Elusen Dŵr “Llŷn”",
        charity_company_registration_number="1234567",
        charity_insolvent=True,
        charity_contact_address1="1 Quay",
        charity_contact_address3="Lancaster",
        latest_income=48500.0,
    )
    build(tmp_path / "c.sqlite", [written(tmp_path, write([row, charity(1000001)]), zipped=zipped)])
    register = SqliteCharityRegister(tmp_path / "c.sqlite")
    found = register.by_number(1123456)
    assert found is not None and found.name == "Elusen Dŵr “Llŷn”"
    assert (found.company, found.income, found.insolvent) == ("01234567", 48500, True)
    assert found.address == "1 Quay, Lancaster" and found.registered_on == date(2008, 5, 6) and found.removed_on is None
    assert [each.number for each in register.by_company("01234567")] == [1123456]
    assert register.status().counts == {"charities": 2} and register.status().extracted_on == date(2026, 11, 1)


def test_a_line_break_typed_into_a_text_does_not_break_a_table(tmp_path):
    data = as_text([charity(), charity(1000001)]).replace(b"Visits.", b"Visits\r\nand calls.", 1)
    build(tmp_path / "c.sqlite", [written(tmp_path, data)])
    register = SqliteCharityRegister(tmp_path / "c.sqlite")
    assert register.by_number(1123456).activities == "Visits and calls." and register.by_number(1000001)


@pytest.mark.parametrize("piece", [64, 1 << 20])
def test_records_are_read_whole_wherever_a_piece_of_the_file_ends(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(extract_files, "PIECE", piece)
    rows = [charity(1000000 + number, charity_activities='}, {"[ü' * (number % 7)) for number in range(50)]
    for write in (as_json, as_text):
        build(tmp_path / "c.sqlite", [written(tmp_path, write(rows))])
        register = SqliteCharityRegister(tmp_path / "c.sqlite")
        assert register.status().counts == {"charities": 50}
        assert register.by_number(1000006).activities == '}, {"[ü' * 6


def test_a_register_that_is_there_stays_whatever_a_broken_file_holds(tmp_path):
    place = tmp_path / "c.sqlite"
    build(place, [written(tmp_path, as_json([charity()]))])
    whole = as_json([charity(1000000 + number) for number in range(200)])
    broken = {
        "breaks off": whole[: len(whole) // 2],
        "not a list": MARK + b'{"a": 1}',
        "neither a list": b"%PDF-1.7 nothing of the kind",
        "no organisation_number": as_json([{"name": "x", "y": 1, "z": 2}]),
        "table of charities is missing": as_json(
            [{"organisation_number": 1, "classification_type": "Who", "classification_description": "x"}]
        ),
        "cannot be read": as_json([charity(), charity(latest_income="much")]),
        "line 3": as_text([charity(), charity()]).replace(b"Visits.", b"Visits.\tmore", 2).replace(b"\tmore", b"", 1),
        "not in UTF-8": as_text([charity(charity_name="x")]).replace(b"Visits", b"Vis\xff\xfeits"),
        "no records": as_json([]),
        "in the middle of a row": as_text([charity()])[:-30],
    }
    for words, data in broken.items():
        with pytest.raises(BrokenFile, match=words):
            build(place, [written(tmp_path, data, "broken.json")])
        assert SqliteCharityRegister(place).by_number(1123456) is not None, words
    assert {each.name for each in tmp_path.iterdir()} == {"c.sqlite", "extract.json", "broken.json"}


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(extract_files, "LONGEST_RECORD", 1 << 16)
    monkeypatch.setattr(extract_files, "PIECE", 1 << 12)
    read: list[int] = []

    def all_of(path):
        return [list(source.records) for source in extract_files.sources([path], lambda done, _: read.append(done))]

    endless = written(tmp_path, b"x" * (1 << 20), zipped=True)
    with pytest.raises(BrokenFile, match="longer than any"):
        all_of(endless)
    table = written(tmp_path, b"a\tb\tc\n" + b"x" * (1 << 20))
    with pytest.raises(BrokenFile, match="longer than any"):
        all_of(table)
    assert read[-1] < table.stat().st_size / 2


def test_a_damaged_archive_is_refused(tmp_path):
    path = written(tmp_path, as_json([charity(1000000 + number) for number in range(500)]), zipped=True)
    data = bytearray(path.read_bytes())
    data[200] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(BrokenFile):
        build(tmp_path / "c.sqlite", [path])
    assert not (tmp_path / "c.sqlite").exists()


def test_a_large_file_is_never_in_memory_and_progress_ends_at_its_end(tmp_path):
    rows = [charity(1000000 + number, charity_activities="visits" * 1_400) for number in range(2_000)]
    path = written(tmp_path, as_json(rows))
    del rows
    told: list[tuple[int, int]] = []
    tracemalloc.start()
    build(tmp_path / "c.sqlite", [path], lambda done, of: told.append((done, of)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 15_000_000 and peak < 25_000_000
    assert told[-1] == (path.stat().st_size, path.stat().st_size) and len(told) > 10


def test_a_new_file_is_picked_up_and_a_registered_charity_comes_before_a_removed_one(tmp_path):
    place = tmp_path / "c.sqlite"
    register = SqliteCharityRegister(place)
    assert register.status() is None and register.by_number(1123456) is None
    removed = charity(charity_name="Old", organisation_number=1, date_of_removal="2020-01-01T00:00:00")
    build(place, [written(tmp_path, as_json([removed]))])
    assert register.by_number(1123456).name == "Old"
    build(place, [written(tmp_path, as_json([removed, charity(charity_name="New")]))])
    assert register.by_number(1123456).name == "New"


def test_every_table_that_the_commission_publishes_is_known_by_its_columns_or_left_aside(tmp_path):
    data = Path(os.environ.get("CONFORMANCE_DATA", ROOT.parent / "shared" / "data"))
    file = data / "samples" / "charity-commission-extract-fields.json"
    if not file.is_file():
        pytest.skip(f"no published field names in {file.parent}: set CONFORMANCE_DATA")
    tables = json.loads(file.read_text())
    paths = []
    for name, columns in tables.items():
        paths.append(
            written(tmp_path, as_json([{column: SAMPLES[kind](column) for column, kind in columns.items()}]), name)
        )
    loaded = build(tmp_path / "c.sqlite", paths)
    assert set(loaded.counts) == set(TABLES)
    assert len(loaded.counts) + len(loaded.left_aside) == len(tables)
    assert "CCEWCharityTrustee" in loaded.left_aside, "names of people are not taken"


SAMPLES = {
    "Date": lambda column: "2026-11-01T00:00:00",
    "Integer": lambda column: 1,
    "BigInteger": lambda column: 10**10,
    "Float": lambda column: 1.5,
    "Boolean": lambda column: False,
    "Char": lambda column: column,
    "Text": lambda column: column,
}
