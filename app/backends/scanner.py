"""Looks at a file before it is kept: how large, of what kind by its contents, and whether it could do harm.

Taken are the kinds of file that providers keep their evidence in. What is refused is refused with a sentence that says
what to do instead.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import BinaryIO

import puremagic

from app.domain.errors import DomainError

MEGABYTE = 1024 * 1024
LIMIT = 25 * MEGABYTE
MOST_UNPACKED = 200 * MEGABYTE
MOST_RATIO = 100  # a text of one letter packs about this well; real documents far less
MOST_ENTRIES = 5_000
HEAD = 4096

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."
KINDS: Mapping[str, str] = {
    ".pdf": "application/pdf",
    ".docx": OOXML + "wordprocessingml.document",
    ".xlsx": OOXML + "spreadsheetml.sheet",
    ".pptx": OOXML + "presentationml.presentation",
    ".odt": ODF + "text",
    ".ods": ODF + "spreadsheet",
    ".odp": ODF + "presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".md": "text/plain",
}
"""What may be kept, by the file's ending."""

ACCEPTED = "PDF, Word, Excel, PowerPoint, OpenDocument, PNG, JPEG, WebP, text or CSV"
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # all that office files use, and all that unpack by the piece
OFFICE_PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}
MACROS = re.compile(r"(^|/)(vbaProject|vbaData|macrosheets|Basic|Scripts)([./]|$)", re.IGNORECASE)
# Every script in a PDF needs /JavaScript; its /JS alone would also turn up by chance among the bytes of a large scan.
PDF_ACTIONS = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|RichMedia)[\s/<(\[>]")
PDF_LOCK = re.compile(rb"/Encrypt\s*(<<|\d+\s+\d+\s+R)")
PDF_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
PDF_STREAM = re.compile(rb"stream\r?\n")


class Refused(DomainError):
    """The file cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept. `size` is in bytes, `sha256` in hex; `filename` is safe to write and to show."""

    media_type: str
    size: int
    sha256: str
    filename: str


def inspect_upload(stream: BinaryIO, filename: str, *, limit: int = LIMIT) -> Inspected:
    """Look at the whole file and leave the stream at its beginning. Raises Refused."""
    name = safe_filename(filename)
    ending = PurePath(name).suffix.lower()
    if ending not in KINDS:
        raise Refused(f"“{name}” is not a kind of file that can be kept. Save it as {ACCEPTED} and try again.")
    size, digest = _measure(stream, name, limit)
    stream.seek(0)
    head = stream.read(HEAD)
    _check_contents(stream, head, ending, name)
    stream.seek(0)
    return Inspected(KINDS[ending], size, digest, name)


def safe_filename(filename: str) -> str:
    """The last part of the name, without control characters and signs that some systems read as more than a name."""
    name = re.split(r"[\\/]", filename)[-1]
    name = re.sub(r"[\x00-\x1f\x7f<>:\"|?*\u202a-\u202e\u2066-\u2069]", "", name).strip(" .")
    stem, ending = PurePath(name).stem[:150], PurePath(name).suffix[:10]
    return f"{stem}{ending}" if stem else f"file{ending}"


def _measure(stream: BinaryIO, name: str, limit: int) -> tuple[int, str]:
    digest, size = sha256(), 0
    while chunk := stream.read(MEGABYTE):
        size += len(chunk)
        if size > limit:
            raise Refused(
                f"“{name}” is larger than {limit // MEGABYTE} MB. Make it smaller, for example by saving pictures at a "
                "lower quality, or split it, and try again."
            )
        digest.update(chunk)
    if not size:
        raise Refused(f"“{name}” is empty. Check that it opens on your computer and try again.")
    return size, digest.hexdigest()


def _check_contents(stream: BinaryIO, head: bytes, ending: str, name: str) -> None:
    check = CHECKS.get(ending, _check_magic)
    try:
        check(stream, head, ending, name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
        raise _damaged(name) from error


def _damaged(name: str) -> Refused:
    return Refused(f"“{name}” is damaged and cannot be opened. Save it again and try once more.")


def _swollen(name: str) -> Refused:
    return Refused(
        f"“{name}” would unpack to far more than it should, which could do harm. Save it again in a plain form, "
        "such as PDF, and try once more."
    )


def _differs(name: str, ending: str) -> Refused:
    return Refused(
        f"“{name}” is not what its ending says: its contents are not {ending[1:].upper()}. Open it, save it as {ACCEPTED}, "
        "and try again."
    )


def _check_magic(_stream: BinaryIO, head: bytes, ending: str, name: str) -> None:
    """Pictures: the first bytes must be those of their kind."""
    try:
        found = {match.mime_type for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        found = set()
    if KINDS[ending] not in found:
        raise _differs(name, ending)


def _check_text(stream: BinaryIO, _head: bytes, ending: str, name: str) -> None:
    """Text has no zero bytes and reads as UTF-8 or as Windows writes it."""
    stream.seek(0)
    data = stream.read()
    if b"\x00" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _differs(name, ending)
    if data[:4] in (b"%PDF", b"PK\x03\x04", b"\x7fELF") or data[:2] == b"MZ":
        raise _differs(name, ending)


def _check_pdf(stream: BinaryIO, head: bytes, ending: str, name: str) -> None:
    if b"%PDF-" not in head[:1024]:
        raise _differs(name, ending)
    stream.seek(0)
    data = stream.read()
    if b"%%EOF" not in data[-2048:]:
        raise Refused(f"“{name}” is cut short and cannot be opened. Save it again and try once more.")
    if PDF_LOCK.search(data):
        raise Refused(f"“{name}” is locked with a password. Save it without one and try again.")
    if any(PDF_ACTIONS.search(_unescaped(part)) for part in (data, *_object_streams(data, name))):
        raise Refused(
            f"“{name}” holds a program or another file inside the PDF, which could do harm. Print it to PDF again, which "
            "leaves those out, and try once more."
        )


def _unescaped(data: bytes) -> bytes:
    """The bytes with names as they are meant: a PDF may write /J#61vaScript for /JavaScript."""
    return PDF_ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)


def _object_streams(data: bytes, name: str) -> Iterator[bytes]:
    """What lies packed in the object streams of a PDF, where actions can hide. Raises Refused for a bomb."""
    room = MOST_UNPACKED
    for match in PDF_STREAM.finditer(data):
        dictionary = data[max(0, match.start() - 500) : match.start()].rpartition(b"obj")[2]
        if b"ObjStm" not in _unescaped(dictionary):
            continue
        try:
            part = zlib.decompressobj().decompress(data[match.end() : data.find(b"endstream", match.end())], room)
        except zlib.error:
            continue  # packed in another way, or not a stream at all
        room -= len(part)
        if room <= 0:
            raise _swollen(name)
        yield part


def _check_office(stream: BinaryIO, head: bytes, ending: str, name: str) -> None:
    if not head.startswith(b"PK"):
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            raise Refused(
                f"“{name}” is locked with a password or in an old format. Save it as {ending} without a password."
            )
        raise _differs(name, ending)
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        entries = archive.infolist()
        _check_bomb(entries, name)
        names = {entry.filename for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused(f"“{name}” is locked with a password. Save it without one and try again.")
        if any(MACROS.search(each) for each in names):
            raise Refused(f"“{name}” holds macros, which could do harm. Save it without macros and try again.")
        # Reads piece by piece, so that a false size in the directory costs nothing.
        if any(entry.compress_type not in PACKINGS for entry in entries) or archive.testzip() is not None:
            raise _damaged(name)
        if not _is_of_kind(archive, names, ending):
            raise _differs(name, ending)


def _check_bomb(entries: list[zipfile.ZipInfo], name: str) -> None:
    """Refuse a file that would grow beyond measure when it is opened, by what its own directory says."""
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    swollen = unpacked > MEGABYTE and unpacked / packed > MOST_RATIO
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or swollen:
        raise _swollen(name)


def _is_of_kind(archive: zipfile.ZipFile, names: set[str], ending: str) -> bool:
    if ending in OFFICE_PARTS:
        return "[Content_Types].xml" in names and OFFICE_PARTS[ending] in names
    if "mimetype" not in names:
        return False
    with archive.open("mimetype") as file:
        return file.read(200).decode("ascii", "replace").strip() == KINDS[ending]


CHECKS: Mapping[str, Callable[[BinaryIO, bytes, str, str], None]] = {
    ".pdf": _check_pdf,
    **dict.fromkeys((".txt", ".csv", ".md"), _check_text),
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), _check_office),
}
