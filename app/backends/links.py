"""Whether the address of a web page answers, asked politely, and never inside the network that asks.

People type these addresses, so a request may be made to lead anywhere: a name is resolved once, every address it has must
be a public one, and the connection goes to that very address. Each step of a redirect is held to the same.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Protocol
from urllib.parse import urljoin, urlsplit, urlunsplit

SECONDS = 10
MOST_STEPS = 5
PORTS = frozenset({80, 443, 8080, 8443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
NOT_FOR_PROGRAMS = frozenset({401, 403, 405, 406, 429, 451, 999})
"""Answers that say that there is a page, and that it is not for a program: to a person it may well open."""
WHO_ASKS = "Touchstone-link-check/1 (asks once a week whether a page is still there)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered, in words. `reached` says whether a person would find something there."""

    reached: bool
    words: str


class LinkChecker(Protocol):
    """Asks addresses whether they answer."""

    def ask(self, url: str) -> Answer:
        """Never raises for what an address does or is."""


class Unsafe(Exception):
    """The address leads to where nobody may be made to look."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; what is mapped into IPv6 counts as what it is."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if found in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class WebLinks:
    """Asks over the network. `allowed` and `ports` are the guard, which a test with a server of its own opens."""

    allowed: Callable[[str], bool] = is_public
    ports: frozenset[int] = PORTS
    seconds: float = SECONDS

    def ask(self, url: str) -> Answer:
        try:
            for _ in range(MOST_STEPS + 1):
                status, reason, onward = self._step(url)
                if status not in REDIRECTS or not onward:
                    return _judged(status, reason)
                url = urljoin(url, onward)
        except Unsafe as refusal:
            return Answer(False, str(refusal))
        except TimeoutError:
            return Answer(False, "It did not answer in time")
        except socket.gaierror:
            return Answer(False, "There is no site of that name")
        except ssl.SSLError:
            return Answer(False, "Its certificate is not in order")
        except (OSError, http.client.HTTPException, ValueError):
            return Answer(False, "It could not be reached")
        return Answer(False, "It leads from one address to the next without end")

    def _step(self, url: str) -> tuple[int, str, str]:
        """(status, reason, where it leads on to) of one request; asked for its head, and for its page if that is refused."""
        status, reason, onward = self._request("HEAD", url)
        if status >= 400 and status not in {404, 410}:
            return self._request("GET", url)
        return status, reason, onward

    def _request(self, method: str, url: str) -> tuple[int, str, str]:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in {"http", "https"} or not host or port not in self.ports:
            raise Unsafe("It leads to an address that is not checked")
        line = _Line(host, port, self._address(host, port), parts.scheme == "https", self.seconds)
        clock = Timer(
            self.seconds, line.hang_up
        )  # a server that sends a letter now and then would else hold us for ever
        clock.start()
        try:
            path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            line.request(method, _ascii(path), headers={"User-Agent": WHO_ASKS, "Accept": "*/*"})
            answer = line.getresponse()  # its head is all that is read
            return answer.status, answer.reason, answer.headers.get("Location", "")
        finally:
            clock.cancel()
            line.close()

    def _address(self, host: str, port: int) -> str:
        """The IP address to connect to. Raises Unsafe where any that the name has is not allowed, OSError."""
        found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not all(self.allowed(address.partition("%")[0]) for address in found):
            raise Unsafe("It leads into a private network")
        return found[0]


class _Line(http.client.HTTPConnection):
    """A connection to an address that was looked at, under the host's own name."""

    def __init__(self, host: str, port: int, address: str, secure: bool, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self.address, self.secure = address, secure
        self.default_port = 443 if secure else 80  # so that Host names the port only where it is another

    def connect(self) -> None:
        line = socket.create_connection((self.address, self.port), self.timeout)
        if self.secure:
            line = ssl.create_default_context().wrap_socket(line, server_hostname=self.host)
        self.sock = line

    def hang_up(self) -> None:
        """End it from another thread: whoever waits for it hears of it at once."""
        with suppress(OSError):
            if self.sock is not None:
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _ascii(path: str) -> str:
    """The path with what is not ASCII, and spaces, as browsers send them."""
    return "".join(each if 32 < ord(each) < 127 else "".join(f"%{byte:02X}" for byte in each.encode()) for each in path)


def _judged(status: int, reason: str) -> Answer:
    words = f"{status} {reason}".strip()[:200]
    return Answer(status < 400 or status in NOT_FOR_PROGRAMS, words)


@dataclass
class KnownLinks:
    """For tests: what each address answers; an address that is not named answers. `asked` notes each question."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def ask(self, url: str) -> Answer:
        self.asked.append(url)
        return self.answers.get(url, Answer(True, "200 OK"))
