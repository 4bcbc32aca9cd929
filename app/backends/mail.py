"""Mail out of the house: by SMTP, or into memory for tests."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any, Protocol

TIMEOUT_SECONDS = 15
NAME = "Touchstone"


class _Whole(UniqueUnstructuredHeader):
    """A header that is written as it is: an address in it must not be parted or encoded, however long it is."""

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_HEADERS.map_to_type("list-id", _Whole)
POLICY: EmailPolicy = SMTP.clone(header_factory=_HEADERS, cte_type="7bit", max_line_length=76)


class NotSent(Exception):
    """The message was not taken. `permanent` when trying again would be refused in the same way.

    `bounced` when it is the address that the server refuses for good.
    """

    def __init__(self, message: str, permanent: bool = False, bounced: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent or bounced
        self.bounced = bounced


@dataclass(frozen=True)
class Letter:
    """One message as it goes out. `message_id` is the same at every try, so that a second copy can be told.

    `html` is the same text as a page, `about` names the kind of message, `turn_off` is the address where one request by
    POST ends messages of that kind (RFC 8058); empty where there is none. `calendar` is an invitation (iCalendar).
    """

    message_id: str
    recipient: str
    subject: str
    text: str
    sent_at: datetime
    html: str = ""
    about: str = ""
    turn_off: str = ""
    language: str = "en"
    calendar: str = ""


class Mail(Protocol):
    """Something that takes letters."""

    def send(self, letter: Letter) -> None:
        """Hand over one letter. Raises NotSent."""


@dataclass(frozen=True)
class SmtpMail:
    """A mail server. `security` is starttls, tls or none."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "starttls"

    def send(self, letter: Letter) -> None:
        self.converse(letter, [])

    def converse(self, letter: Letter, said: list[str]) -> None:
        """Send one letter, and note in `said` what was said on the way, but not what proves who we are. Raises NotSent."""
        try:
            with self._server(said) as server:
                server.send_message(message_of(letter, self.sender))
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
            raise _not_sent(refusal) from refusal
        except (smtplib.SMTPException, OSError, ValueError) as failure:
            raise NotSent(str(failure) or type(failure).__name__) from failure

    @contextmanager
    def _server(self, said: list[str]) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        where: dict[str, Any] = {"host": self.host, "port": self.port, "timeout": TIMEOUT_SECONDS}
        server: smtplib.SMTP = (
            _SecureTalk(said, **where, context=context) if self.security == "tls" else _Talk(said, **where)
        )
        with server:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            yield server


class _Noting:
    """Notes what both sides say. Whatever is not a plain command is a proof of who we are, and is left out."""

    PLAIN = frozenset("ehlo helo starttls mail rcpt data rset noop quit".split())

    def __init__(self, said: list[str], **where: Any) -> None:
        self.said = said
        super().__init__(**where)

    def putcmd(self, cmd: str, args: str = "") -> None:
        plain = cmd.lower() in self.PLAIN
        self.said.append(f"> {cmd} {args}".rstrip() if plain else "> (what proves who we are)")
        super().putcmd(cmd, args)  # type: ignore[misc]

    def getreply(self) -> tuple[int, bytes]:
        code, words = super().getreply()  # type: ignore[misc]
        self.said.append(f"< {code} {words.decode('utf-8', 'replace')}".replace("\n", "\n  "))
        return code, words


class _Talk(_Noting, smtplib.SMTP):
    """A conversation that may begin in the clear."""


class _SecureTalk(_Noting, smtplib.SMTP_SSL):
    """A conversation that is private from its first word."""


@dataclass
class MemoryMail:
    """Keeps what it is given. `failing` makes it refuse everything with that error."""

    letters: list[Letter] = field(default_factory=list)
    failing: NotSent | None = None

    def send(self, letter: Letter) -> None:
        if self.failing:
            raise self.failing
        self.letters.append(letter)


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The message as it goes over the wire: plain text and the same as HTML, all of it in ASCII, lines of 76 at most."""
    message = EmailMessage(policy=POLICY)
    place = parseaddr(sender)[1].partition("@")[2] or "localhost"
    message["From"] = sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.sent_at)
    message["Message-ID"] = f"<{letter.message_id}@{place}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    if letter.about:
        message["List-Id"] = f"{NAME} <{letter.about}.{place}>"
    if letter.turn_off:
        message["List-Unsubscribe"] = f"<{letter.turn_off}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text, cte="quoted-printable")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if letter.calendar:
        _invite(message, letter.calendar)
    return message


def _invite(message: EmailMessage, calendar: str) -> None:
    """Put an invitation beside the text, where calendars look for it, and as a file for those that look for one."""
    method = "CANCEL" if "METHOD:CANCEL" in calendar else "REQUEST"
    message.add_alternative(calendar, subtype="calendar", params={"method": method}, cte="quoted-printable")
    message.add_attachment(
        calendar.encode(), maintype="application", subtype="ics", filename="meeting.ics", cte="base64"
    )


def _not_sent(refusal: smtplib.SMTPException) -> NotSent:
    """Whether it is refused for good, and whether for its address. A refused sign-in or sender is ours to mend: it waits."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return NotSent(str(refusal), bounced=all(code >= 500 for code, _ in refusal.recipients.values()))
    refused = isinstance(refusal, smtplib.SMTPDataError) and refusal.smtp_code >= 500
    return NotSent(str(refusal), permanent=refused)
