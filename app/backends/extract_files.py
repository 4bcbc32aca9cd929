"""Records of large public files, one at a time: JSON arrays and tab-separated tables, as they are or inside a zip archive.

A file is never held in memory: what the Charity Commission publishes is hundreds of megabytes.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO, cast

from app.domain.errors import DomainError

PIECE = 1 << 20
LONGEST_RECORD = 8 << 20
MOST_BROKEN_LINES = 500
MOST_MEMBERS = 50


class BrokenFile(DomainError):
    """A file cannot be read to its end. The sentence says which, where and why."""


Record = dict[str, Any]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """One table in a file: its name for messages, and its records from the first to the last."""

    name: str
    records: Iterator[Record]


def sources(paths: list[Path], progress: Progress = lambda done, of: None) -> Iterator[Source]:
    """The tables in these files, one after the other; each is read while it is asked for.

    `progress` is told how many bytes of the files were read, of how many. Raises BrokenFile.
    """
    total = sum(path.stat().st_size for path in paths)
    before = 0
    for path in paths:
        with ExitStack() as open_files:
            counted = _Counted(open_files.enter_context(path.open("rb")), before, total, progress)
            if zipfile.is_zipfile(path):
                yield from _in_archive(path, counted)
            else:
                yield Source(path.name, _records(cast(BinaryIO, counted), path.name))
        before += path.stat().st_size


def _in_archive(path: Path, file: _Counted) -> Iterator[Source]:
    try:
        with zipfile.ZipFile(cast(BinaryIO, file)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            wanted = [each for each in members if each.filename.lower().endswith((".json", ".txt", ".tsv", ".csv"))]
            if not wanted or len(members) > MOST_MEMBERS:
                raise BrokenFile(f"{path.name} holds no table. Give the archive as it was downloaded.")
            for member in wanted:
                with archive.open(member) as stream:
                    name = f"{path.name} ({member.filename})"
                    yield Source(name, _records(cast(BinaryIO, stream), name))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BrokenFile(f"{path.name} is a broken archive: {error}. Download it again.") from error


class _Counted(io.RawIOBase):
    """A file that tells how far it was read."""

    def __init__(self, file: BinaryIO, before: int, total: int, progress: Progress) -> None:
        self._file, self._before, self._total, self._progress = file, before, total, progress

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._progress(self._before + self._file.tell(), self._total)
        return len(data)


def _records(stream: BinaryIO, name: str) -> Iterator[Record]:
    text = io.TextIOWrapper(cast(Any, io.BufferedReader(_Raw(stream), PIECE)), encoding="utf-8-sig", newline="")
    try:
        start = text.read(PIECE)
        if start.lstrip()[:1] in ("[", "{"):
            yield from _json(start, text, name)
        else:
            yield from _table(_lines(start, text, name), name)
    except UnicodeDecodeError as error:
        raise BrokenFile(f"{name} is not in UTF-8 near byte {error.start:,}. Download it again.") from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BrokenFile(f"{name} is damaged: {error}. Download it again.") from error


class _Raw(io.RawIOBase):
    """What a stream gives, without closing it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer)) or b""
        buffer[: len(data)] = data
        return len(data)


def _json(start: str, text: TextIO, name: str) -> Iterator[Record]:
    """The objects of one array."""
    decoder, rest, count = json.JSONDecoder(), start.lstrip(), 0
    if rest[:1] != "[":
        raise BrokenFile(f"{name} is not a list of records. Give the file as it was downloaded.")
    rest = rest[1:]
    while True:
        rest = rest.lstrip().removeprefix(",").lstrip()
        if rest[:1] == "]":
            return
        record, end = _object(decoder, rest)
        if record is None:
            more = text.read(PIECE)
            if not more or len(rest) > LONGEST_RECORD:
                raise BrokenFile(f"{name} breaks off or has a mistake after {count:,} records. Download it again.")
            rest += more
            continue
        for each in _all_whole(decoder, rest, record, end):
            count += 1
            record, end = each
            yield record
        rest = rest[end:]


def _object(decoder: json.JSONDecoder, text: str) -> tuple[Record | None, int]:
    """The object at the start of a text and where it ends; None where it is not whole."""
    try:
        found, end = decoder.raw_decode(text)
    except json.JSONDecodeError:
        return None, 0
    return (found, end) if isinstance(found, dict) else (None, 0)


def _all_whole(decoder: json.JSONDecoder, text: str, first: Record, end: int) -> Iterator[tuple[Record, int]]:
    """Every whole object in a piece of text, with the place after it: the piece is not copied for each."""
    record: Record | None = first
    while record is not None:
        yield record, end
        place = _after_comma(text, end)
        if text[place : place + 1] != "{":
            return
        try:
            record, end = decoder.raw_decode(text, place)
        except json.JSONDecodeError:
            return


def _after_comma(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n,":
        place += 1
    return place


def _lines(start: str, text: TextIO, name: str) -> Iterator[str]:
    rest = start
    while rest:
        *whole, rest = rest.split("\n")
        yield from whole
        if len(rest) > LONGEST_RECORD:  # no table at all, or an archive made to fill the memory
            raise BrokenFile(f"{name} has a line that is longer than any of the register. Download it again.")
        more = text.read(PIECE)
        if not more:
            break
        rest += more
    if rest:
        yield rest


def _table(lines: Iterator[str], name: str) -> Iterator[Record]:
    """The rows of a tab-separated table. A line with too few cells goes on in the next: somebody pressed Enter in a text."""
    head = [cell.strip().strip('"') for cell in next(lines, "").rstrip("\r").split("\t")]
    if len(head) < 3:
        raise BrokenFile(f"{name} is neither a list of records nor a table with tabs between its columns.")
    pending, broken = "", 0
    for number, line in enumerate(lines, 2):
        row = pending + line.rstrip("\r")
        if not row:
            continue
        missing = len(head) - 1 - row.count("\t")
        if missing < 0 or broken > MOST_BROKEN_LINES:
            raise BrokenFile(f"{name} has a mistake in line {number:,}: {len(head)} columns were expected.")
        if missing:
            pending, broken = row + " ", broken + 1
            continue
        pending, broken = "", 0
        yield dict(zip(head, row.split("\t"), strict=True))
    if pending:
        raise BrokenFile(f"{name} breaks off in the middle of a row. Download it again.")
