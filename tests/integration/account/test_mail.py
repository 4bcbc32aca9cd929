"""Mail that is owed goes out once, by a real server, and waits when there is none; the outbox shows it."""

from __future__ import annotations

import re
import socket
from contextlib import contextmanager
from dataclasses import replace
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from sqlalchemy import select

from app.backends.mail import MemoryMail, NotSent, SmtpMail, _Noting
from app.backends.tokens import Tokens
from app.cli.mail import smtp
from app.domain.mail_text import APART, TOGETHER
from app.domain.topics import Topic, Way
from app.extensions import db
from app.models import MailMessage, MailSetting, MessagePreference
from app.services.mail_sending import BATCH, MOST_TRIES, Post, Sent, send_due_mail
from app.services.telling import tell
from app.services.transactions import queue_mail, transaction
from app.web.account.outbox import is_open
from config import Settings
from tests import factories as make
from tests.conftest import NOON
from tests.html_audit import Page, audit

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
    """Keeps the messages that arrive, each with what was said around it.

    It refuses recipients whose name begins with `gone` for good, those with `full` for now, and mail about `spam`.
    """

    def __init__(self):
        super().__init__()
        self.arrived, self.raw, self.envelopes = [], [], []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("gone"):
            return "550 No such person here"
        if address.startswith("full"):
            return "452 The mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"spam" in envelope.content:
            return "554 This looks like spam"
        self.raw.append(envelope.content)
        self.envelopes.append((envelope.mail_from, list(envelope.mail_options), list(envelope.rcpt_tos)))
        return await super().handle_DATA(server, session, envelope)

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


def test_a_message_is_plain_text_and_a_page_in_ascii_with_every_header_that_it_needs(app):
    person = make.user(name="جمعية الأمل", email="rose@example.org")
    with transaction() as session:
        tell(session, [person], "password_changed", NOON, topic=Topic.SECURITY)
        tell(session, [person], "assessor_declined", NOON, topic=Topic.REQUESTS, **declined())
    with mail_server() as (mailbox, mail):
        assert send_due_mail(post(mail), NOON) == Sent(2, 0)
    first, second = mailbox.arrived
    for raw, message in zip(mailbox.raw, mailbox.arrived, strict=True):
        assert raw.isascii() and max(len(line) for line in raw.split(b"\r\n")) <= 998
        assert message.get_content_type() == "multipart/alternative"
        kinds = [(part.get_content_type(), part["Content-Transfer-Encoding"]) for part in message.get_payload()]
        assert kinds == [("text/plain", "quoted-printable"), ("text/html", "quoted-printable")]
        assert max(len(line) for part in message.get_payload() for line in part.get_payload().splitlines()) <= 76
        assert message["Auto-Submitted"] == "auto-generated" and message["Date"] == "Mon, 16 Nov 2026 12:00:00 +0000"
        assert message["Message-ID"].endswith("@touchstone.example>")
    assert first["List-Id"] == "Touchstone <security.touchstone.example>" and first["List-Unsubscribe"] is None
    assert str(make_header(decode_header(second["Subject"]))).replace(APART, "").replace(TOGETHER, "") == (
        "Ann cannot assess Tŷ Gobaith جمعية الأمل"
    )
    assert all(
        sent == ("no-reply@touchstone.example", ["BODY=8BITMIME"], ["rose@example.org"])
        or (sent[0], sent[2]) == ("no-reply@touchstone.example", ["rose@example.org"])
        for sent in mailbox.envelopes
    )
    assert not any("SMTPUTF8" in options for _, options, _ in mailbox.envelopes)


def declined() -> dict:
    return {
        "assessor": "Ann",
        "provider": "Tŷ Gobaith جمعية الأمل",
        "words": "<script>alert('x')</script> & more",
        "scheme": "mark",
        "application_id": 7,
        "scored": 0,
        "stood_down": False,
        "replace": True,
    }


def test_the_page_of_a_message_holds_nobodys_markup_and_fetches_nothing(app):
    person = make.user(name="<img src=x onerror=alert(1)>")
    with transaction() as session:
        tell(session, [person], "assessor_declined", NOON, topic=Topic.REQUESTS, **declined())
    mail = MemoryMail()
    send_due_mail(post(mail), NOON)
    [letter] = mail.letters
    page = letter.html
    fetched = "script img link iframe object embed video audio source svg".split()
    assert not list(Page(page).all(*fetched)) and "url(" not in page and "@import" not in page
    assert "&lt;script&gt;" in page and "<bdi>" in page
    assert 'href="https://touchstone.example/schemes/mark/cases/7"' in page
    problems = [problem for problem in audit(page) if "style" not in problem and "csrf" not in problem]
    assert problems == [] and len(page.encode()) < 100_000


def test_an_optional_message_carries_the_one_click_of_mail_programs_whole(app):
    person = make.user()
    with transaction() as session:
        session.add(MessagePreference(user_id=person.id, topic=Topic.EVIDENCE, way=Way.AT_ONCE))
        session.flush()
        tell(session, [person], "assessor_declined", NOON, topic=Topic.EVIDENCE, **declined())
    with mail_server() as (mailbox, mail):
        send_due_mail(post(mail), NOON)
    [message] = mailbox.arrived
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://touchstone\.example/turn-off/[\w.-]+>", message["List-Unsubscribe"])
    assert message["List-Unsubscribe"].strip("<>") in message.get_payload(0).get_payload(decode=True).decode()


def test_a_full_mailbox_is_tried_again_and_a_refused_text_is_not(app, clock):
    owe("full@example.org")
    with transaction() as session:
        queue_mail(session, "rose@example.org", "reset_password", NOON, name="spam", token="t")
    with mail_server() as (_, mail):
        assert send_due_mail(post(mail), NOON) == Sent(0, 2)
        full, spam = messages()
        assert full.failed_at is None and "452" in full.last_error
        assert spam.failed_at == NOON and "554" in spam.last_error
        clock.forward(minutes=1)
        assert send_due_mail(post(mail), clock.now) == Sent(0, 1)
    listed = app.test_cli_runner().invoke(args=["mail", "failed"])
    assert "554" in listed.output and "rose@example.org" in listed.output and "full@" not in listed.output


@pytest.mark.parametrize(("to", "code", "words"), [("ann@example.org", 0, "Taken for ann"), ("gone@x.org", 1, "550")])
def test_the_check_shows_the_conversation_and_never_the_password(app, monkeypatch, to, code, words):
    with mail_server() as (_, mail):
        there = replace(app.config["SETTINGS"], smtp_host="127.0.0.1", smtp_port=mail.port, smtp_security="none")
        monkeypatch.setitem(app.config, "SETTINGS", there)
        run = app.test_cli_runner().invoke(args=["mail", "check", to])
    assert run.exit_code == code and words in run.output
    assert f"> rcpt TO:<{to}>" in run.output and "< 220" in run.output


def test_what_proves_who_we_are_is_not_shown():
    said: list[str] = []

    class Pretend(_Noting):
        pass

    class Line:
        def __init__(self, **where):
            self.sent = []

        def putcmd(self, cmd, args=""):
            self.sent.append((cmd, args))

    talk = type("Talk", (Pretend, Line), {})(said)
    talk.putcmd("AUTH", "PLAIN c2VjcmV0")
    talk.putcmd("c2VjcmV0")
    talk.putcmd("ehlo", "here")
    assert said == ["> (what proves who we are)", "> (what proves who we are)", "> ehlo here"]
    assert talk.sent[0] == ("AUTH", "PLAIN c2VjcmV0")


def test_a_reported_bounce_is_noted_on_the_account_and_unknown_addresses_are_named(app):
    person = make.user(email="rose@example.org")
    run = app.test_cli_runner()
    assert run.invoke(args=["mail", "bounced", "ROSE@example.org", "--because", "5.1.1 unknown"]).exit_code == 0
    assert db.session.get(MailSetting, person.id).bounced_because == "5.1.1 unknown"
    unknown = run.invoke(args=["mail", "bounced", "nobody@example.org"])
    assert unknown.exit_code == 2 and "No open account has the address" in unknown.output
