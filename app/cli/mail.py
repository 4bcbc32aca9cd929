"""`flask mail`: sends the mail that is owed, and helps to see that it arrives."""

from __future__ import annotations

import gc
import signal
import threading
from datetime import UTC, datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.backends.mail import Letter, NotSent, SmtpMail
from app.backends.tokens import Tokens
from app.domain.topics import Language
from app.edge.backends import places, storage
from app.edge.open_data import export_if_wanted, market_if_due, regular_works, statistics_if_due
from app.queries.outbox import given_up
from app.services.bounces import note_bounce
from app.services.daily import is_time, run_regular
from app.services.digests import write_digests
from app.services.import_work import Tools, work_on_lists
from app.services.letters import written
from app.services.mail_html import as_html
from app.services.mail_sending import Post, Sent, send_due_mail
from app.services.often import run_often
from app.services.watch_news import tell_watchers
from config import Settings

group = AppGroup("mail", help="Send the mail that is owed.")
AT_ONCE = 20
BREATH = 0.1
"""Seconds between two pieces of work. On SQLite who waits for the lock looks for it every 100 ms: so they get their turn."""
LOOK_AROUND = timedelta(minutes=5)
"""How often the worker looks whether regular work or somebody's e-mail of the day has become due."""


def register(app: Flask) -> None:
    app.cli.add_command(group)


@group.command("send")
def send() -> None:
    """Send everything that is due now, once."""
    post = post_office()
    total, failed = 0, 0
    while True:
        sent = send_round(post)
        total, failed = total + sent.count, failed + sent.failed
        if sent.count + sent.failed == 0:
            break
    click.echo(f"Sent {total}, not taken {failed}.")


@group.command("worker")
@click.option("--interval", default=10.0, show_default=True, help="Seconds between two looks at what is due.")
def worker(interval: float) -> None:
    """Send what becomes due, bring in lists, and do the day's regular work, until told to stop (SIGTERM or Ctrl-C).

    The round that has begun is finished first. Without a mail server, mail stands in the outbox and the rest is done.
    """
    post = post_office() if current_app.config["SETTINGS"].smtp_host else None
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    gc.freeze()  # what is there now lives on: a list of 100,000 rows would else have it looked through again and again
    looked = datetime.min.replace(tzinfo=UTC)
    while not stop.is_set():
        now = datetime.now(UTC)
        _carefully("Telling who watches failed", lambda now=now: tell_watchers(now))
        more = bool(_carefully("Work on a list failed", lambda: work_on_lists(_tools(), datetime.now(UTC))))
        if not more:  # a manager waits for the list; what follows may take minutes, and nobody waits for it
            if now - looked >= LOOK_AROUND:
                more = bool(_carefully("The day's regular work failed", lambda now=now: day_round(now)))
                looked = looked if more else now
            _count_and_export(now)
        sent = _carefully("A round of sending mail failed", lambda: _sent(post)) or Sent(0, 0)
        stop.wait(interval if sent.count + sent.failed == 0 and not more else BREATH)


def _count_and_export(now: datetime) -> None:
    _carefully("The open data could not be made", lambda: export_if_wanted(now))
    _carefully("The market could not be counted", lambda: market_if_due(now))
    _carefully("The public figures could not be counted", lambda: statistics_if_due(now))


def _tools() -> Tools:
    return Tools(storage(), places())


def _sent(post: Post | None) -> Sent:
    return send_round(post) if post else Sent(0, 0)


def _carefully(words: str, work):
    """What `work` returns; None where it failed. The database may be away for a moment, and what was not done stays due."""
    try:
        return work()
    except Exception:
        current_app.logger.exception(words)
        return None


def day_round(now: datetime) -> bool:
    """The work that is done often, the regular work that is due, then a few e-mails of the day.

    Whether more of these wait: mail goes out in between.
    """
    run_often(now)
    if is_time(now):
        run_regular(now, regular_works())
    return write_digests(now, AT_ONCE).looked_at == AT_ONCE


def send_round(post: Post) -> Sent:
    """One batch of what is due now."""
    return send_due_mail(post, datetime.now(UTC), keep_text=current_app.config["DEMO"])


@group.command("check")
@click.argument("address")
def check(address: str) -> None:
    """Send a test message to ADDRESS and print what the mail server said. Exits with 1 where it was not taken."""
    config = current_app.config
    now = datetime.now(UTC)
    words = written("test_message", Language.ENGLISH)
    text = words.text.replace("%BASE%", config["BASE_URL"])
    html = as_html(words.subject, text, Language.ENGLISH, config["BASE_URL"])
    letter = Letter(f"check.{int(now.timestamp())}", address, words.subject, text, now, html=html)
    said: list[str] = []
    try:
        smtp(config["SETTINGS"]).converse(letter, said)
    except NotSent as failure:
        click.echo("\n".join([*said, f"Not taken: {failure}"]))
        raise SystemExit(1) from failure
    click.echo("\n".join([*said, f"Taken for {address}. Look into that mailbox, and into its folder of spam."]))


@group.command("failed")
def failed() -> None:
    """List the newest messages that were given up, with why, but not what they said."""
    rows = given_up()
    for row in rows:
        click.echo(f"{row.failed_at:%Y-%m-%d %H:%M}  {row.recipient}  {row.subject}  {row.because}")
    if not rows:
        click.echo("No message was given up.")


@group.command("bounced")
@click.argument("address")
@click.option("--because", default="The mail came back.", help="What the mail server said.")
def bounced(address: str, because: str) -> None:
    """Note that mail to ADDRESS came back, as a report of the mail server's says: its person is told at the next sign-in."""
    if not note_bounce(address, because, now=datetime.now(UTC)):
        raise click.UsageError(f"No open account has the address {address}.")
    click.echo(
        f"Noted. The day's e-mail does not go to {address} until mail is taken there again or the address changes."
    )


def post_office() -> Post:
    """What sending needs, from the settings. Raises UsageError where there is no mail server."""
    config = current_app.config
    return Post(smtp(config["SETTINGS"]), config["BASE_URL"], Tokens(config["SECRET_KEY"]))


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
