"""Watching a provider without an account: by an e-mail address that is confirmed by a link, and ended by another."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.backends.tokens import Tokens
from app.domain.access import NOBODY
from app.domain.errors import Invalid, NotFound
from app.domain.topics import Language
from app.models import MailWatch, RegisterEntry
from app.services.alert_cursor import begin_cursor
from app.services.throttling import Limit, take_turn
from app.services.transactions import queue_mail, record, transaction

PURPOSE = "mail-watch"
LASTS = timedelta(days=3)
LONGEST_EMAIL = 254
MOST = 100
TO_ONE_ADDRESS = Limit(5, timedelta(hours=1))
FROM_ONE_PLACE = Limit(20, timedelta(hours=1))
STALE = "This link is old, or was cut off on its way. Open the provider’s page and ask for a new one."
GONE = "You get no messages about this provider: they were ended already, or the link was cut off on its way."


def ask_for_mail(slug: str, email: str, language: Language, *, place: str, tokens: Tokens, now: datetime) -> None:
    """Send a link that begins the messages when it is followed. Nothing is kept until then.

    `place` is the network address that asks. Raises NotFound, Invalid (`email`), Throttled.
    """
    email = email.strip().lower()
    if not email or len(email) > LONGEST_EMAIL or "@" not in email[1:-1] or any(map(str.isspace, email)):
        raise Invalid({"email": "Enter a whole e-mail address, such as name@example.org."})
    limits = {
        tokens.fingerprint("mail-watch-to", email): TO_ONE_ADDRESS,
        tokens.fingerprint("mail-watch-from", place): FROM_ONE_PLACE,
    }
    take_turn(limits, now)
    with transaction() as session:
        entry = session.scalars(select(RegisterEntry).where(RegisterEntry.slug == slug)).first()
        if entry is None:
            raise NotFound("There is no provider at this address. Search the register for its name.")
        token = tokens.sign(PURPOSE, {"email": email, "entry": entry.id, "language": language.value}, now, LASTS)
        path = f"/watch/confirm/{token}"
        queue_mail(session, email, "mail_watch_confirm", now, language=language, provider=entry.name, path=path)


def asked_for(token: str, *, tokens: Tokens, now: datetime) -> tuple[str, str]:
    """The address and the provider's slug of a link. Raises NotFound."""
    values = tokens.read(PURPOSE, token, now)
    if values is None:
        raise NotFound(STALE)
    with transaction() as session:
        return str(values["email"]), session.get_one(RegisterEntry, values["entry"]).slug


def confirm_mail(token: str, *, tokens: Tokens, now: datetime) -> str:
    """Begin the messages that the link is for; twice changes nothing. Returns the provider's slug. Raises NotFound, Invalid."""
    values = tokens.read(PURPOSE, token, now)
    if values is None:
        raise NotFound(STALE)
    with transaction() as session:
        entry = session.get_one(RegisterEntry, values["entry"])
        begin_cursor(session, now)
        of_them = select(MailWatch).where(MailWatch.email == values["email"])
        if session.scalars(of_them.where(MailWatch.entry_id == entry.id)).first() is None:
            if (session.scalar(select(func.count()).select_from(of_them.subquery())) or 0) >= MOST:
                raise Invalid(
                    {"email": f"This address watches {MOST} providers already. With an account you can watch more."}
                )
            found = MailWatch(
                email=values["email"],
                entry_id=entry.id,
                language=Language(values["language"]),
                secret=secrets.token_urlsafe(24),
                confirmed_at=now,
            )
            session.add(found)
            record(session, NOBODY, "watch.mail-begun", found, now, entry=entry.slug)
        return entry.slug


def watched_by(secret: str) -> str:
    """The name of the provider that the address for ending is about. Raises NotFound."""
    with transaction() as session:
        found = session.scalars(select(MailWatch).where(MailWatch.secret == secret[:64])).first()
        if found is None:
            raise NotFound(GONE)
        return session.get_one(RegisterEntry, found.entry_id).name


def end_mail(secret: str, *, now: datetime) -> None:
    """End the messages, and forget the address. Raises NotFound."""
    with transaction() as session:
        found = session.scalars(select(MailWatch).where(MailWatch.secret == secret[:64])).first()
        if found is None:
            raise NotFound(GONE)
        record(session, NOBODY, "watch.mail-ended", found, now)
        session.delete(found)
