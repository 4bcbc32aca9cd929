"""Reading somebody's list of providers: CSV, Excel, CQC's directory with its preamble, and Open Referral's JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, BinaryIO
from zipfile import BadZipFile

from app.domain.errors import Invalid
from app.domain.list_import import MOST_ROWS, guess, plain

MOST_COLUMNS = 200
MOST_PREAMBLE = 20  # lines before the header
LONGEST_CELL = 10_000
CQC_SIGNS = {"cqc provider id for office use only", "cqc location id for office use only"}


class Kind(StrEnum):
    """What a file turned out to be."""

    CSV = "csv"
    EXCEL = "xlsx"
    CQC = "cqc"
    OPEN_REFERRAL = "open-referral"


KIND_WORDS = {
    Kind.CSV: "A CSV file",
    Kind.EXCEL: "An Excel workbook",
    Kind.CQC: "CQC’s directory",
    Kind.OPEN_REFERRAL: "An Open Referral feed",
}


@dataclass(frozen=True)
class ListFile:
    """What was found: the kind, its headers, and its rows as (line in the file, cells by header), read as they are asked for."""

    kind: Kind
    headers: tuple[str, ...]
    rows: Iterator[tuple[int, dict[str, str]]]


def read_list(file: BinaryIO, name: str) -> ListFile:
    """The list in a file, whatever its kind. Raises Invalid on `file`, saying what to do, also while its rows are read."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(b"PK"):
        return _table(Kind.EXCEL, _workbook(file))
    if start.lstrip().startswith((b"{", b"[", b"\xef\xbb\xbf{", b"\xef\xbb\xbf[")) or name.lower().endswith(".json"):
        return _feed(file)
    if start.startswith((b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise _unreadable("This is an old Excel file or a PDF. Save it as .xlsx or .csv and choose it again.")
    return _table(Kind.CSV, _comma_separated(file))


def _unreadable(sentence: str) -> Invalid:
    return Invalid({"file": sentence})


def _comma_separated(file: BinaryIO) -> Iterator[list[str]]:
    text = _decoded(file)
    sample = text.read(20_000)
    text.seek(0)
    delimiter = max(",;\t", key=sample.count)
    csv.field_size_limit(1_000_000)
    try:
        yield from csv.reader(text, delimiter=delimiter)
    except csv.Error as error:
        raise _unreadable(f"The file cannot be read as CSV: {error}. Save it again from your spreadsheet.") from None


def _decoded(file: BinaryIO) -> io.StringIO:
    """The text of the file: UTF-8 where it is that, else the letters of Windows."""
    data = file.read()
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return io.StringIO(data.decode(encoding), newline="")
        except UnicodeDecodeError:
            continue
    raise _unreadable("The file’s letters cannot be read. Save it as CSV UTF-8 and choose it again.")


def _workbook(file: BinaryIO) -> Iterator[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise _unreadable("The workbook cannot be opened. Save it as .xlsx or .csv and choose it again.") from None
    try:
        sheet = book.worksheets[0] if book.worksheets else None
        if sheet is None:
            raise _unreadable("The workbook has no sheet with rows.")
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_cell(value) for value in row]
    finally:
        book.close()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _table(kind: Kind, lines: Iterator[list[str]]) -> ListFile:
    """Finds the header: the first line that names a column which we know and at least one beside it."""
    for number, cells in enumerate(lines, 1):
        headers = [cell.strip() for cell in cells]
        filled = [header for header in headers if header]
        if len(filled) > 1 and guess(filled):
            cqc = bool(CQC_SIGNS & set(map(plain, filled)))
            named = _unique(headers[:MOST_COLUMNS])
            rows = _rows(named, lines, number)
            if cqc:
                return ListFile(Kind.CQC, tuple(filter(None, named)), iter(_locations_together(rows)))
            return ListFile(kind, tuple(filter(None, named)), rows)
        if number >= MOST_PREAMBLE:
            break
    raise _unreadable(
        "We found no line with headers. The first line must name the columns, such as Name, Postcode, Level, Granted on."
    )


TOGETHER = ("service types", "specialisms services", "local authority")
PROVIDER_ID = "cqc provider id for office use only"


def _locations_together(rows: Iterable[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """One row for each provider: the first of its locations, with what is done at all of them."""
    providers: dict[str, tuple[int, dict[str, str]]] = {}
    alone: list[tuple[int, dict[str, str]]] = []
    for line, cells in rows:
        by_plain = {plain(header): header for header in cells}
        number = cells.get(by_plain.get(PROVIDER_ID, ""), "")
        if not number:
            alone.append((line, cells))
            continue
        _, first = providers.setdefault(number, (line, cells))
        for name in TOGETHER:
            if first is not cells and name in by_plain:
                _add(first, by_plain[name], *cells[by_plain[name]].split("|"))
    return sorted([*providers.values(), *alone], key=lambda row: row[0])


def _unique(headers: Sequence[str]) -> list[str]:
    """The headers, a second one of the same name with a number behind it."""
    seen: dict[str, int] = {}
    named = []
    for header in headers:
        seen[header] = seen.get(header, 0) + 1
        named.append(f"{header} ({seen[header]})" if header and seen[header] > 1 else header)
    return named


def _rows(headers: Sequence[str], lines: Iterable[list[str]], last: int) -> Iterator[tuple[int, dict[str, str]]]:
    count = 0
    for number, cells in enumerate(lines, last + 1):
        found = {
            header: cell[:LONGEST_CELL] for header, cell in zip(headers, cells, strict=False) if header and cell.strip()
        }
        if not found:
            continue
        count += 1
        if count > MOST_ROWS:
            raise _unreadable(
                f"The file has more than {MOST_ROWS:,} rows. Split it, and bring in one part after another."
            )
        yield number, found


def _feed(file: BinaryIO) -> ListFile:
    try:
        text = file.read().decode("utf-8-sig")
        try:
            whole = json.loads(text)
        except json.JSONDecodeError:
            whole = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise _unreadable(
            "The file is no JSON. Save the answer of the feed’s /services as it is, and choose it."
        ) from None
    rows = _of_services(_contents(whole))
    headers = tuple(dict.fromkeys(header for row in rows for header in row))
    return ListFile(Kind.OPEN_REFERRAL, headers, enumerate(iter(rows), 1))


def _contents(whole: object) -> list[Mapping[str, Any]]:
    """The services: of one page, of several pages in a list, or a plain list of services."""
    pages = whole if isinstance(whole, list) else [whole]
    found: list[Mapping[str, Any]] = []
    for page in pages:
        if isinstance(page, Mapping):
            inside = next(
                (page[key] for key in ("contents", "content", "services") if isinstance(page.get(key), list)), [page]
            )
            found += [each for each in inside if isinstance(each, Mapping) and each.get("name")]
    if not found:
        raise _unreadable(
            "The file holds no services. Save the answer of the feed’s /services as it is, and choose it."
        )
    return found[:MOST_ROWS]


def _of_services(services: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """One row for each organisation, with what its services say together."""
    rows: dict[str, dict[str, str]] = {}
    for service in services:
        organisation = _mapping(service.get("organization")) or service
        key = str(organisation.get("id") or organisation.get("name"))
        row = rows.setdefault(key, _of_organisation(organisation))
        _add(row, "Services", str(service.get("name", "")), *_terms(service))
        _add(row, "Council areas", *(str(each.get("name", "")) for each in _list(service, "service_areas")))
        for place in _list(service, "service_at_locations"):
            for address in _list(_mapping(place.get("location")), "addresses"):
                _address(row, address)
        _fill(row, "E-mail", service.get("email"))
        _fill(row, "Website", service.get("url"))
        _fill(row, "Summary", service.get("description"))
        for phone in _list(service, "phones"):
            _fill(row, "Phone", phone.get("number"))
    return list(rows.values())


def _of_organisation(organisation: Mapping[str, Any]) -> dict[str, str]:
    row = {"Name": str(organisation.get("name", ""))}
    _fill(row, "Description", organisation.get("description"))
    _fill(row, "E-mail", organisation.get("email"))
    _fill(row, "Website", organisation.get("website") or organisation.get("url"))
    for each in _list(organisation, "organization_identifiers"):
        kind, number = (
            str(each.get("identifier_type") or each.get("identifier_scheme") or ""),
            str(each.get("identifier", "")),
        )
        for sign, header in (
            ("GB-CHC", "Charity number"),
            ("GB-SC", "Charity number"),
            ("GB-NIC", "Charity number"),
            ("GB-COH", "Company number"),
        ):
            if kind.upper() == sign or number.upper().startswith(f"{sign}-"):
                _fill(row, header, number.upper().removeprefix(f"{sign}-"))
    return row


def _terms(service: Mapping[str, Any]) -> list[str]:
    terms = (_mapping(each.get("taxonomy_term")) for each in _list(service, "attributes"))
    return [str(term.get("name", "")) for term in terms]


def _address(row: dict[str, str], address: Mapping[str, Any]) -> None:
    lines = [str(address.get(key) or "") for key in ("address_1", "address_2", "city", "state_province", "region")]
    _fill(row, "Address", ", ".join(dict.fromkeys(filter(None, lines))))
    _fill(row, "Postcode", address.get("postal_code"))


def _fill(row: dict[str, str], header: str, value: object) -> None:
    if value and header not in row:
        row[header] = str(value)[:LONGEST_CELL]


def _add(row: dict[str, str], header: str, *values: str) -> None:
    known = row.get(header, "").split("|") if row.get(header) else []
    known += [value.replace("|", " ").strip() for value in values if value.strip()]
    if known:
        row[header] = "|".join(dict.fromkeys(known))[:LONGEST_CELL]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = value.get(key)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
