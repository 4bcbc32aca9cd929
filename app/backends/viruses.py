"""Whether a file holds a virus: asked of ClamAV's daemon where one is configured, of nobody where none is."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from app.domain.errors import DomainError

CHUNK = 256 * 1024
ANSWER_SECONDS = 60
LONGEST_ANSWER = 4_096


class Infected(DomainError):
    """A virus was found. Nothing was stored."""


class NotScanned(DomainError):
    """The file could not be checked. Nothing was stored; the same file may be tried again."""

    def __init__(self) -> None:
        super().__init__(
            "The file could not be checked for viruses just now, so it was not taken. Nothing else you entered is lost. "
            "Try again in a few minutes."
        )


class VirusScanner(Protocol):
    """Looks for viruses."""

    def scan(self, stream: BinaryIO, name: str) -> None:
        """Read the stream from its beginning and leave it there. Raises Infected, or NotScanned where nobody answers."""

    def check(self) -> None:
        """Prove that it would answer. Raises OSError or NotScanned."""


class NoScanner:
    """Where no scanner is configured: takes every file."""

    def scan(self, stream: BinaryIO, name: str) -> None:
        """Nothing is looked at."""

    def check(self) -> None:
        """Nothing can be out of order."""


@dataclass(frozen=True, slots=True)
class Clamd:
    """ClamAV's daemon, at a path (a socket of the file system) or at (host, port).

    A file larger than the daemon's StreamMaxLength cannot be checked, and so is not taken: set that above UPLOAD_LIMIT_MB.
    """

    at: str | tuple[str, int]
    seconds: float = ANSWER_SECONDS

    def scan(self, stream: BinaryIO, name: str) -> None:
        answer = self._asked(lambda line: _send(line, stream))
        stream.seek(0)
        if answer.endswith("FOUND"):
            raise Infected(
                f"“{name}” holds a virus ({answer.removeprefix('stream: ').removesuffix(' FOUND')}), so it was not taken. "
                "Have the computer that it comes from checked."
            )
        if answer != "stream: OK":
            raise NotScanned

    def check(self) -> None:
        if self._asked(lambda line: line.sendall(b"zPING\0")) != "PONG":
            raise NotScanned

    def _asked(self, send: Callable[[socket.socket], None]) -> str:
        """What the daemon answers. Raises NotScanned where it does not."""
        try:
            with self._connected() as line:
                send(line)
                return _answer(line)
        except OSError as error:
            raise NotScanned from error

    def _connected(self) -> socket.socket:
        if isinstance(self.at, tuple):
            return socket.create_connection(self.at, self.seconds)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(self.seconds)
        try:
            line.connect(self.at)
        except OSError:
            line.close()
            raise
        return line


def _send(line: socket.socket, stream: BinaryIO) -> None:
    """The file in pieces, each after its length in four bytes; a piece of no bytes ends it."""
    stream.seek(0)
    line.sendall(b"zINSTREAM\0")
    while chunk := stream.read(CHUNK):
        line.sendall(struct.pack("!I", len(chunk)) + chunk)
    line.sendall(struct.pack("!I", 0))


def _answer(line: socket.socket) -> str:
    found = b""
    while b"\0" not in found and len(found) < LONGEST_ANSWER and (more := line.recv(LONGEST_ANSWER)):
        found += more
    return found.partition(b"\0")[0].decode("utf-8", "replace").strip()


def scanner_at(host: str, port: int, path: str) -> VirusScanner:
    """The scanner that the settings name: a socket's path first, then host and port, or none."""
    if path:
        return Clamd(path)
    return Clamd((host, port)) if host else NoScanner()
