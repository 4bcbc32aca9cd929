"""Mail out of the house: by SMTP, or into memory for tests."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol

TIMEOUT_SECONDS = 15


class NotSent(Exception):
    """The message was not taken. `permanent` when trying again would be refused in the same way."""

    def __init__(self, message: str, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


@dataclass(frozen=True)
class Letter:
    """One message as it goes out. `message_id` is the same at every try, so that a second copy can be told."""

    message_id: str
    recipient: str
    subject: str
    text: str
    sent_at: datetime


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
        try:
            with self._server() as server:
                server.send_message(_message(letter, self.sender))
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
            raise NotSent(str(refusal), permanent=_is_permanent(refusal)) from refusal
        except (smtplib.SMTPException, OSError, ValueError) as failure:
            raise NotSent(str(failure) or type(failure).__name__) from failure

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        with server:
            if self.security == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            yield server


@dataclass
class MemoryMail:
    """Keeps what it is given. `failing` makes it refuse everything with that error."""

    letters: list[Letter] = field(default_factory=list)
    failing: NotSent | None = None

    def send(self, letter: Letter) -> None:
        if self.failing:
            raise self.failing
        self.letters.append(letter)


def _message(letter: Letter, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.sent_at)
    message["Message-ID"] = f"<{letter.message_id}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


def _is_permanent(refusal: smtplib.SMTPException) -> bool:
    """Whether the server refused this recipient for good. A refused sign-in is ours to mend: the mail waits."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in refusal.recipients.values())
    return False
