"""A pack as a document: its lines for paper, and the list of its files with their fingerprints for a procurement file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from app.backends.bundle import Member
from app.backends.storage import Storage
from app.certificates.pack import Kind, Line, PackFacts, Section
from app.domain.file_names import safe_name, unique_name
from app.domain.pack import GROUP_TITLES, Group, SlotState
from app.queries.pack_certificates import CertificateRow
from app.queries.pack_contents import Contents, PieceRow, SlotRow
from app.queries.pack_results import ResultRow

COLUMNS = "slot document version kind issued_on ends_on cover label file bytes sha256 address".split()
HELD_TITLE = "Certificates of other bodies"
NOT_IN_STORE = "This file could not be read when the archive was made."


def day_words(day: date | None) -> str:
    """31 Mar 2029."""
    return "" if day is None else f"{day.day} {day:%b %Y}"


def document(contents: Contents, base_url: str) -> PackFacts:
    """The pack as it is printed. `base_url` stands before the addresses of this service."""
    sections = [
        Section("The organisation", tuple(_about(contents))),
        Section("Awards", tuple(line for row in contents.results for line in _result(row, base_url))),
        Section(HELD_TITLE, tuple(line for row in contents.certificates for line in _certificate(row))),
        *(Section(title, tuple(_slots(rows))) for title, rows in contents.shown_groups),
        Section("About this pack", tuple(_closing(contents))),
    ]
    words = (Section("To the reader", tuple(Line(each) for each in contents.words.split("\n") if each.strip())),)
    shown = [section for section in (*words, *sections) if section.lines]
    return PackFacts(contents.about.name, contents.name, day_words(contents.today), tuple(shown))


def _about(contents: Contents) -> Iterator[Line]:
    about = contents.about
    yield from _given(("", about.kind), ("", about.summary))
    yield from (Line(each) for each in about.description.split("\n") if each.strip())
    for number in about.numbers:
        org_id = f" ({number.org_id})" if number.org_id else ""
        yield Line(f"{number.register}: {number.number}{org_id}", url="" if about.invented else number.url)
    yield from _given(
        ("Services", ", ".join(about.services)),
        ("For", ", ".join(about.client_groups)),
        ("Works in", ", ".join(about.areas)),
        ("Telephone", about.phone),
        ("E-mail", about.email),
        ("Website", about.website),
        ("Address", about.address),
        ("Based in", about.council if about.address_private else ""),
        *about.facts,
    )
    if about.address_private:
        yield Line("Its address is kept private. Ask the organisation for it.", Kind.SMALL)
    if about.invented:
        yield Line("This organisation was invented for demonstration.", Kind.SMALL)


def _given(*pairs: tuple[str, str]) -> Iterator[Line]:
    for words, value in pairs:
        if value:
            yield Line(f"{words.rstrip('?')}: {value}" if words else value)


def _result(row: ResultRow, base_url: str) -> Iterator[Line]:
    award = row.award
    yield Line(f"{award.level_title}, {award.framework}", Kind.ITEM)
    yield Line(f"{award.standing.words}. Awarded by {award.awarding_body} on {day_words(award.granted_on)}.")
    if award.conditions:
        yield Line(f"Conditions: {award.conditions}")
    if award.scope:
        yield Line(f"Covers: {', '.join(award.scope).replace(', In ', ', in ')}")
    address = f"{base_url}/verify/{award.number}"
    yield Line(f"Certificate {award.number}. Check today’s status: {address}", url=address)
    for part in row.parts:
        yield Line(f"{part.title}: {part.in_short}", Kind.BULLET)
    for title, scores in row.groups:
        yield Line(f"Scores: {title}", Kind.ITEM)
        for score in scores:
            why = f" {score.reason}" if score.reason else ""
            yield Line(f"{score.code} {score.heading}: {score.score or 'Not scored'}.{why}", Kind.BULLET)


def _certificate(row: CertificateRow) -> Iterator[Line]:
    yield Line(row.title, Kind.ITEM)
    until = f", valid until {day_words(row.ends_on)}" if row.ends_on else ""
    yield Line(f"{f'Awarded by {row.awarded_by}. ' if row.awarded_by else ''}Issued {day_words(row.issued_on)}{until}.")
    yield Line(f"Number {row.number}, held by {row.holder}.")
    for scheme, day in row.checks:
        yield Line(f"Checked by {scheme} on {day_words(day)}.")
    if not row.checks:
        yield Line("Not checked by a scheme here.", Kind.SMALL)
    if row.url:
        yield Line(row.url, url=row.url)


def _slots(rows: Iterable[SlotRow]) -> Iterator[Line]:
    for row in rows:
        yield Line(row.slot.title, Kind.ITEM)
        if not row.pieces:
            yield Line(row.note or "Not in this pack.")
        for piece in row.pieces:
            yield Line(piece_words(piece))
            if piece.url:
                yield Line(piece.url, url=piece.url)
            yield Line(f"SHA-256 {piece.sha256}", Kind.SMALL)
        if row.state is SlotState.EXPIRED:
            yield Line("Something here has run out.", Kind.WARNING)


def piece_words(piece: PieceRow) -> str:
    """A piece in one line: title, what it covers, which version, from when until when."""
    cover = f"cover £{piece.cover:,}" if piece.cover is not None else ""
    dates = [f"issued {day_words(piece.issued_on)}" if piece.issued_on else ""]
    dates += [
        f"{'ran out' if piece.expired else 'valid until'} {day_words(piece.expires_on)}" if piece.expires_on else ""
    ]
    facts = [piece.label, cover, f"version {piece.number} of {day_words(piece.added_at.date())}", *dates]
    return f"{piece.title}: {', '.join(fact for fact in facts if fact)}"


def _closing(contents: Contents) -> Iterator[Line]:
    yield Line(
        f"This is the pack as it stood on {day_words(contents.today)}. The organisation may change it at any time; the "
        "fingerprints (SHA-256) show which version of each document it held on that day."
    )
    if contents.left_out:
        yield Line(f"The organisation left out: {'; '.join(contents.left_out)}.")
    yield Line("What it says of itself was not checked. Awards are shown as the register had them on that day.")


@dataclass(frozen=True)
class Filed:
    """One piece of a pack with the name of its file in the archive; "" where it is no file, or the file is not there."""

    row: SlotRow
    piece: PieceRow
    name: str
    trouble: str = ""


def filed(contents: Contents, storage: Storage) -> tuple[Filed, ...]:
    """Every piece of a pack with its place in an archive. A file in two slots lies in it once."""
    taken: set[str] = set()
    names: dict[int, str] = {}
    found: list[Filed] = []
    folders = {group: f"{number} {GROUP_TITLES[group]}" for number, group in enumerate(Group, 1)}
    for row in contents.slots:
        for piece in row.pieces:
            if piece.has_file and not storage.exists(piece.storage_key):
                found.append(Filed(row, piece, "", NOT_IN_STORE))
                continue
            if piece.version_id not in names and (piece.has_file or piece.text):
                wanted = safe_name(f"{row.slot.title} - {piece.filename or f'{piece.title}.txt'}")
                names[piece.version_id] = unique_name(f"{folders[row.slot.group]}/{wanted}", taken)
            found.append(Filed(row, piece, names.get(piece.version_id, "")))
    return tuple(found)


def members(contents: Contents, files: tuple[Filed, ...], front: Member) -> tuple[Member, ...]:
    """What the archive holds: the pack on paper, two indexes of the same, and the files."""
    once = {each.name: each for each in files if each.name}
    return (
        front,
        Member("index.csv", index_csv(files)),
        Member("index.json", index_json(contents, files)),
        *(_member(name, each.piece) for name, each in once.items()),
    )


def _member(name: str, piece: PieceRow) -> Member:
    if piece.has_file:
        return Member(name, key=piece.storage_key, media_type=piece.media_type)
    return Member(name, piece.text.encode())


def _entry(each: Filed) -> dict[str, Any]:
    piece = each.piece
    return {
        "slot": each.row.slot.title,
        "document": piece.title,
        "version": piece.number,
        "kind": piece.kind,
        "issued_on": piece.issued_on.isoformat() if piece.issued_on else None,
        "ends_on": piece.expires_on.isoformat() if piece.expires_on else None,
        "cover": piece.cover,
        "label": piece.label,
        "file": each.name or each.trouble,
        "bytes": piece.size or len(piece.text.encode()),
        "sha256": piece.sha256,
        "address": piece.url,
    }


def index_csv(files: tuple[Filed, ...]) -> bytes:
    """The list of documents for a spreadsheet, with the mark by which Excel knows UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for each in files:
        entry = _entry(each)
        writer.writerow([_inert("" if entry[name] is None else str(entry[name])) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _inert(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def index_json(contents: Contents, files: tuple[Filed, ...]) -> bytes:
    """The same for a program, with who shows it and on which day."""
    about = contents.about
    data = {
        "organisation": about.name,
        "identifiers": [number.org_id or f"{number.register} {number.number}" for number in about.numbers],
        "pack": contents.name,
        "as_of": contents.today.isoformat(),
        "awards": [
            {
                "certificate": row.award.number,
                "framework": row.award.framework,
                "level": row.award.level_title,
                "status": row.award.standing.status.value,
                "expires_on": row.award.expires_on.isoformat(),
            }
            for row in contents.results
        ],
        "certificates_of_others": [
            {
                "title": row.title,
                "awarded_by": row.awarded_by,
                "number": row.number,
                "issued_on": row.issued_on.isoformat(),
                "ends_on": row.ends_on.isoformat() if row.ends_on else None,
                "checked_by": [scheme for scheme, _ in row.checks],
            }
            for row in contents.certificates
        ],
        "left_out": list(contents.left_out),
        "documents": [_entry(each) for each in files],
    }
    return json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n"
