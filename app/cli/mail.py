"""`flask mail`: sends the mail that is owed."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.backends.mail import SmtpMail
from app.services.mail_sending import Sent, send_due_mail
from config import Settings

group = AppGroup("mail", help="Send the mail that is owed.")


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("send")
def send() -> None:
    """Send everything that is due now, once."""
    mail = smtp(current_app.config["SETTINGS"])
    total, failed = 0, 0
    while True:
        sent = send_round(mail)
        total, failed = total + sent.count, failed + sent.failed
        if sent.count + sent.failed == 0:
            break
    click.echo(f"Sent {total}, not taken {failed}.")


@group.command("worker")
@click.option("--interval", default=10.0, show_default=True, help="Seconds between two looks at what is due.")
def worker(interval: float) -> None:
    """Send what becomes due, until told to stop (SIGTERM or Ctrl-C): the round that has begun is finished first."""
    mail = smtp(current_app.config["SETTINGS"])
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            sent = send_round(mail)
        except Exception:
            # The database may be away for a moment. What was not marked as sent stays due.
            current_app.logger.exception("A round of sending mail failed")
            sent = Sent(0, 0)
        if sent.count + sent.failed == 0:
            stop.wait(interval)


def send_round(mail: SmtpMail) -> Sent:
    """One batch of what is due now."""
    config = current_app.config
    return send_due_mail(mail, config["BASE_URL"], datetime.now(UTC), keep_text=config["DEMO"])


def smtp(settings: Settings) -> SmtpMail:
    """The mail server of the settings. Raises UsageError where there is none."""
    if not settings.smtp_host:
        raise click.UsageError("Set SMTP_HOST to the mail server first. Until then mail stands in the outbox.")
    return SmtpMail(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=settings.smtp_password,
        security=settings.smtp_security,
    )
