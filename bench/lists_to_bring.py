"""Lists of approved providers as a scheme may have kept them, from a seed: mostly new ones, with what goes wrong in such lists."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

from app.backends.postcodes import area_names
from app.demo.register_places import draw_points, neighbours
from app.demo.register_provider import Drawn, Maker
from app.queries.lists import CLIENT_GROUPS, SERVICES, title

NEWEST = date(2026, 10, 31)
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)
HERE, TWICE, WRONG, ALIKE = 0.03, 0.02, 0.02, 0.01
"""Shares of the rows: providers of this register, rows that came already, mistakes, and names of others at another postcode."""

CQC_PREAMBLE = (
    ["CQC care directory: places in England registered by CQC (with their services)"],
    ["This file is updated every week."],
    ["Use the column headings to sort and filter."],
    [],
)
Row = dict[str, str]


class Rows:
    """Rows by the header of a scheme's own spreadsheet. `known` are (name, charity number, postcode) of the register's providers."""

    def __init__(self, places: Path, known: list[tuple[str, str | None, str]], seed: int) -> None:
        self.random, self.places, self.known = Random(seed), places, known
        self.maker = Maker(Random(seed), neighbours(places), MOMENT)
        self.seed = seed

    def __call__(self, count: int) -> Iterator[Row]:
        """As many rows as asked for; the same for the same seed and register."""
        recent: list[Row] = []
        for number, point in enumerate(draw_points(self.places, count, self.seed + 1)):
            lot = self.random.random()
            if lot < TWICE and recent:
                yield dict(self.random.choice(recent))
                continue
            row = self._new(self.maker.draw(point), number, point.spaced)
            if lot < TWICE + WRONG:
                self._spoil(row)
            elif lot < TWICE + WRONG + HERE and self.known:
                name, charity, postcode = self.random.choice(self.known)
                row |= {"Organisation": name, "Charity number": charity or "", "Postcode": postcode}
            elif lot < TWICE + WRONG + HERE + ALIKE and self.known:
                row["Organisation"] = self.random.choice(self.known)[0]
            recent = [*recent[-200:], row]
            yield row

    def _new(self, drawn: Drawn, number: int, postcode: str) -> Row:
        profile, random = drawn.profile, self.random
        granted = NEWEST - timedelta(days=random.randrange(900))
        home = area_names().get(profile["area_code"], "")
        stem = f"list{number}"
        return {
            "Certificate number": f"APP/{granted.year}/{number:06d}",
            "Organisation": profile["name"],
            "Charity number": str(8_000_000 + number) if random.random() < 0.7 else "",
            "Company number": f"{90_000_000 + number}" if random.random() < 0.4 else "",
            "Address": f"{self.maker.writer.street()}, {self.maker.writer.at['place']}",
            "Postcode": postcode,
            "Telephone": f"01632 960{number % 1000:03d}",
            "Email": f"office@{stem}.example.org",
            "Website": f"www.{stem}.example.org",
            "Summary": profile["summary"],
            "Services": "; ".join(title(SERVICES, code) for code in profile["services"]),
            "Client groups": "; ".join(title(CLIENT_GROUPS, code) for code in profile["client_groups"]),
            "Council area": home,
            "Level": random.choice(("Bronze", "Silver", "Silver", "Gold")),
            "Date granted": granted.strftime("%d/%m/%Y"),
            "Expiry date": (granted + timedelta(days=1_095)).strftime("%d/%m/%Y") if random.random() < 0.8 else "",
        }

    def _spoil(self, row: Row) -> None:
        header, words = self.random.choice(
            (
                ("Organisation", ""),
                ("Charity number", "see letter"),
                ("Postcode", "LA1"),
                ("Level", "Platinum"),
                ("Date granted", "spring 2024"),
                ("Expiry date", "01/01/2001"),
            )
        )
        row[header] = words


def known_providers(database: Path) -> list[tuple[str, str | None, str]]:
    """Those that the register of a stopped instance holds."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(
            "SELECT o.name, o.charity_number, o.postcode FROM organisation o"
            " WHERE EXISTS (SELECT 1 FROM register_entry e WHERE e.organisation_id = o.id) ORDER BY o.id LIMIT 20000"
        ).fetchall()
    finally:
        connection.close()


def write_csv(path: Path, rows: Iterator[Row]) -> None:
    first = next(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, list(first))
        out.writeheader()
        out.writerow(first)
        out.writerows(rows)


def write_xlsx(path: Path, rows: Iterator[Row]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Approved")
    for number, row in enumerate(rows):
        if not number:
            sheet.append(list(row))
        sheet.append(list(row.values()))
    book.save(path)


def write_cqc(path: Path, rows: Iterator[Row]) -> None:
    """As CQC's directory is published: its preamble, and a line for each location, of which every fifth provider has two."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerows(CQC_PREAMBLE)
        for number, row in enumerate(rows):
            lines = [_cqc_line(row, number, place) for place in range(2 if number % 5 == 0 else 1)]
            if not number:
                out.writerow(lines[0])
            out.writerows(line.values() for line in lines)


def _cqc_line(row: Row, number: int, place: int) -> Row:
    return {
        "Name": f"{row['Organisation']}, house {place + 1}",
        "Also known as": "",
        "Address": row["Address"],
        "Postcode": row["Postcode"],
        "Phone number": row["Telephone"],
        "Service's website (if available)": row["Website"],
        "Service types": ("Homecare agencies", "Supported living|Homecare agencies", "Hospice services")[number % 3],
        "Date of latest check": "2026-05-12",
        "Specialisms/services": "Caring for adults over 65 yrs|Dementia",
        "Provider name": row["Organisation"],
        "Local authority": row["Council area"],
        "Region": "North West",
        "Location URL": f"https://www.example.org/location/1-{number}{place}",
        "CQC Location ID (for office use only)": f"1-8{number:07d}{place}",
        "CQC Provider ID (for office use only)": f"1-9{number:08d}",
    }


def write_feed(path: Path, rows: Iterator[Row]) -> None:
    """As Open Referral's /services answers: one page with everything."""
    contents = [_service(row, number) for number, row in enumerate(rows)]
    path.write_text(json.dumps({"total_items": len(contents), "contents": contents}), encoding="utf-8")


def _service(row: Row, number: int) -> dict[str, object]:
    street, _, town = row["Address"].partition(", ")
    charity = {"identifier_type": "GB-CHC", "identifier": row["Charity number"]}
    address = {"address_1": street, "city": town, "postal_code": row["Postcode"]}
    return {
        "id": f"service-{number}",
        "name": row["Services"].split(";")[0],
        "description": row["Summary"],
        "email": row["Email"],
        "organization": {
            "id": f"organization-{number}",
            "name": row["Organisation"],
            "organization_identifiers": [charity] if row["Charity number"] else [],
        },
        "service_at_locations": [{"location": {"addresses": [address]}}],
        "phones": [{"number": row["Telephone"]}],
    }


WRITERS: Mapping[str, tuple[str, Callable[[Path, Iterator[Row]], None]]] = {
    "csv": ("approved.csv", write_csv),
    "xlsx": ("approved.xlsx", write_xlsx),
    "cqc": ("cqc-directory.csv", write_cqc),
    "open-referral": ("services.json", write_feed),
}
"""By kind: what the file is called, and what writes it."""
