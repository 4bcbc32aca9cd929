"""Every kind of file in which a scheme may have its list."""

from __future__ import annotations

import json
import os
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.backends.list_files import Kind, read_list
from app.domain.errors import Invalid

CQC_HEADER = (
    "Name,Also known as,Address,Postcode,Phone number,Service's website (if available),Service types,Date of latest check,"
    "Specialisms/services,Provider name,Local authority,Region,Location URL,CQC Location ID (for office use only),"
    "CQC Provider ID (for office use only)"
)
PREAMBLE = "CQC Locations data,,,\n,,,\nThis data was produced on 02 June 2025,,,\n,,,\n"


def read(data: bytes, name: str = "list.csv"):
    found = read_list(BytesIO(data), name)
    return found.kind, list(found.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_in_whatever_letters_it_was_saved(encoding):
    kind, rows = read("Name;Level\nCafé Clwb;Gold\n\n  ;\nBay;Silver\n".encode(encoding))
    assert kind is Kind.CSV
    assert rows == [(2, {"Name": "Café Clwb", "Level": "Gold"}), (5, {"Name": "Bay", "Level": "Silver"})]


def test_a_workbook_gives_days_and_numbers_as_people_see_them():
    book = Workbook()
    book.active.append(["Name", "Charity number", "Granted on"])
    book.active.append(["Bay", 1123456, date(2025, 6, 1)])
    file = BytesIO()
    book.save(file)
    kind, rows = read(file.getvalue(), "list.xlsx")
    assert kind is Kind.EXCEL
    assert rows == [(2, {"Name": "Bay", "Charity number": "1123456", "Granted on": "2025-06-01"})]


def test_cqcs_directory_gives_one_row_a_provider_with_all_its_locations():
    lines = [
        '"The House",,"1 Road,Exeter",EX2 8TU,01392,www.a.org,Homecare agencies,18/09/2019,Dementia,Trust,Devon,SW,u,1-111111111,1-222222222',
        '"The Hut",,"2 Road,Exeter",EX2 9TU,01393,www.a.org,Supported living,18/09/2019,Dementia,Trust,Torbay,SW,u,1-333333333,1-222222222',
        '"Other",,"3 Road",EX3 9TU,,,Homecare agencies,,,Somebody,Devon,SW,u,1-444444444,1-555555555',
    ]
    kind, rows = read((PREAMBLE + CQC_HEADER + "\n" + "\n".join(lines) + "\n").encode())
    assert kind is Kind.CQC
    assert [line for line, _ in rows] == [6, 8]
    first = rows[0][1]
    assert first["Provider name"] == "Trust"
    assert first["Service types"] == "Homecare agencies|Supported living"
    assert first["Local authority"] == "Devon|Torbay"
    assert first["Specialisms/services"] == "Dementia"
    assert first["Postcode"] == "EX2 8TU"


def test_an_open_referral_feed_gives_one_row_an_organisation():
    organisation = {
        "id": "o1",
        "name": "Bay",
        "description": "Helps.",
        "organization_identifiers": [{"identifier_type": "GB-CHC", "identifier": "GB-CHC-1123456"}],
    }
    place = {"location": {"addresses": [{"address_1": "1 Road", "city": "Lancaster", "postal_code": "LA1 4AB"}]}}
    services = [
        {"id": "s1", "name": "Advocacy", "organization": organisation, "service_at_locations": [place]},
        {"id": "s2", "name": "Home care", "organization": organisation, "phones": [{"number": "01524"}]},
    ]
    kind, rows = read(json.dumps({"total_items": 2, "contents": services}).encode(), "feed.json")
    assert kind is Kind.OPEN_REFERRAL
    assert rows == [
        (
            1,
            {
                "Name": "Bay",
                "Description": "Helps.",
                "Charity number": "1123456",
                "Services": "Advocacy|Home care",
                "Address": "1 Road, Lancaster",
                "Postcode": "LA1 4AB",
                "Phone": "01524",
            },
        )
    ]


@pytest.mark.skipif("CONFORMANCE_DATA" not in os.environ, reason="CONFORMANCE_DATA does not name the reference data")
def test_the_published_example_of_open_referral_is_read():
    file = Path(os.environ["CONFORMANCE_DATA"]) / "open-referral-uk-3.0" / "examples" / "service_full.json"
    _, rows = read(file.read_bytes(), "service_full.json")
    assert len(rows) == 1 and rows[0][1]["Name"]


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"%PDF-1.7 ...", "list.csv", "This is an old Excel file or a PDF."),
        (b"PK\x03\x04 no workbook", "list.xlsx", "The workbook cannot be opened."),
        (b"one,two\n1,2\n", "list.csv", "We found no line with headers."),
        (b"", "list.csv", "We found no line with headers."),
        (b"{not json", "feed.json", "The file is no JSON."),
        (b'{"contents": []}', "feed.json", "The file holds no services."),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(data, name, words):
    with pytest.raises(Invalid, match=words.replace(".", r"\.")):
        read(data, name)
