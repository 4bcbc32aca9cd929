"""Mail that is owed goes out once, by a real server, and waits when there is none; the outbox shows it."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select

from app.backends.mail import MemoryMail, NotSent, SmtpMail
from app.backends.tokens import Tokens
from app.cli.mail import smtp
from app.extensions import db
from app.models import MailMessage
from app.services.mail_sending import BATCH, MOST_TRIES, Post, Sent, send_due_mail
from app.services.transactions import queue_mail, transaction
from app.web.account.outbox import is_open
from config import Settings
from tests.conftest import NOON

SENDER = "Touchstone <no-reply@touchstone.example>"
BASE = "https://touchstone.example"


def owe(recipient="rose@example.org", now=NOON):
    with transaction() as session:
        queue_mail(session, recipient, "reset_password", now, name="Rosé", token="t0ken")


def post(mail) -> Post:
    return Post(mail, BASE, Tokens("a key for tests alone, which is long enough"))


def messages() -> list[MailMessage]:
    db.session.rollback()
    return list(db.session.scalars(select(MailMessage).order_by(MailMessage.id)))


class Mailbox(Message):
    """Keeps the messages that arrive; refuses the recipients whose name begins with `gone`."""

    def __init__(self):
        super().__init__()
        self.arrived = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 No such person here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def handle_message(self, message):
        self.arrived.append(message)


@contextmanager
def mail_server():
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield mailbox, SmtpMail("127.0.0.1", controller.port, SENDER, security="none")
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_message_arrives_once_with_links_that_lead_here(app):
    owe()
    with mail_server() as (mailbox, mail):
        assert send_due_mail(post(mail), NOON) == Sent(1, 0)
        assert send_due_mail(post(mail), NOON) == Sent(0, 0)
    [message] = mailbox.arrived
    assert message["To"] == "rose@example.org" and message["From"] == SENDER
    assert message["Subject"] == "Choose a new password"
    text = message.get_payload(0).get_payload(decode=True).decode()
    assert "Hello Rosé," in text and f"{BASE}/reset-password/t0ken" in text
    [kept] = messages()
    assert kept.sent_at == NOON and "t0ken" not in kept.text, "a private link is not kept longer than needed"


def test_a_refused_recipient_is_given_up_and_the_others_are_served(app):
    owe("gone@example.org")
    owe("rose@example.org")
    with mail_server() as (mailbox, mail):
        assert send_due_mail(post(mail), NOON) == Sent(1, 1)
    assert [message["To"] for message in mailbox.arrived] == ["rose@example.org"]
    gone, _ = messages()
    assert gone.failed_at == NOON and "No such person" in gone.last_error


def test_mail_waits_longer_and_longer_while_there_is_no_server_and_is_given_up_at_last(app, clock):
    owe()
    mail, waits = SmtpMail("127.0.0.1", free_port(), SENDER, security="none"), []
    for _ in range(MOST_TRIES):
        assert send_due_mail(post(mail), clock.now) == Sent(0, 1)
        assert send_due_mail(post(mail), clock.now) == Sent(0, 0)
        [message] = messages()
        waits.append((message.next_try_at - clock.now).total_seconds())
        clock.now = message.next_try_at
    assert waits[:-1] == sorted(waits[:-1]) and waits[0] == 60
    assert message.failed_at is not None and "refused" in message.last_error
    assert send_due_mail(post(mail), clock.now) == Sent(0, 0)


def test_two_senders_never_take_the_same_message(app):
    for number in range(BATCH + 5):
        owe(f"person{number}@example.org")
    second = MemoryMail()

    class Slow(MemoryMail):
        """While it holds its batch, another sender comes."""

        def send(self, letter):
            if not self.letters:
                send_due_mail(post(second), NOON)
            super().send(letter)

    first = Slow()
    send_due_mail(post(first), NOON)
    taken = [letter.recipient for letter in first.letters + second.letters]
    assert len(first.letters) == BATCH and len(taken) == len(set(taken)) == BATCH + 5


def test_what_a_dead_sender_held_is_sent_by_the_next_with_the_same_id(app, clock):
    owe()

    class Dying(MemoryMail):
        def send(self, letter):
            super().send(letter)
            raise KeyboardInterrupt

    dying, next_one = Dying(), MemoryMail()
    with pytest.raises(KeyboardInterrupt):
        send_due_mail(post(dying), clock.now)
    assert send_due_mail(post(next_one), clock.now) == Sent(0, 0)
    clock.forward(minutes=15)
    assert send_due_mail(post(next_one), clock.now) == Sent(1, 0)
    assert next_one.letters[0].message_id == dying.letters[0].message_id


def test_a_server_that_asks_to_come_back_later_is_not_taken_for_a_refusal(app):
    owe()
    send_due_mail(post(MemoryMail(failing=NotSent("451 try later"))), NOON)
    assert messages()[0].failed_at is None


def test_the_outbox_shows_the_mail_with_links_that_work(client):
    owe()
    page = client.get("/outbox").get_data(as_text=True)
    assert "Choose a new password" in page and 'href="/reset-password/t0ken"' in page


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"env": "demo"}, True),
        ({"env": "demo", "smtp_host": "mail.example"}, True),
        ({"env": "test"}, True),
        ({"env": "test", "smtp_host": "mail.example"}, False),
        ({"env": "production"}, False),
        ({"env": "production", "smtp_host": "mail.example"}, False),
    ],
)
def test_the_outbox_is_never_open_in_earnest(settings, shown):
    assert is_open(Settings(**settings)) is shown


def test_sending_without_a_server_says_which_setting_is_missing(app):
    run = app.test_cli_runner().invoke(args=["mail", "send"])
    assert run.exit_code == 2 and "Set SMTP_HOST" in run.output


def test_the_settings_become_the_mail_server():
    settings = replace(Settings(), smtp_host="mail.example", smtp_port=465, smtp_security="tls", smtp_user="u")
    assert smtp(settings) == SmtpMail("mail.example", 465, settings.mail_from, "u", "", "tls")


@pytest.mark.parametrize("end", ["\r", "\u2028", "\x85", "\x1c"])
def test_a_line_end_of_any_kind_in_a_name_stays_out_of_the_headers(app, end):
    values = {"inviter": f"Rose{end}Bcc: all@example.org", "place": "Bay", "role": "lead", "days": 14, "token": "t"}
    with transaction() as session:
        queue_mail(session, "ann@example.org", "invitation", NOON, **values)
    (message,) = messages()
    assert message.subject.splitlines() == ["Rose Bcc: all@example.org invites you to Bay"]
