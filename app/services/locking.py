"""Locking a list as of a day: what the register says of its providers, written down once and for good."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from app.domain.access import Actor
from app.domain.choosing import LONGEST_CRITERIA, LONGEST_PURPOSE, checked_words
from app.domain.errors import Invalid
from app.domain.locked_lists import canonical, fingerprint
from app.models import LockedList
from app.queries.locked_content import Moment, Said, content_of
from app.services.register import hold_register
from app.services.shortlists import note, own_list
from app.services.transactions import transaction

LONGEST_NAME = 200


def lock_list(
    list_id: int, said: Said, as_of: date | None, *, site: str, actor: Actor, now: datetime, today: date
) -> str:
    """Lock a list as of a day, today where none is named. Returns the secret in its page's address.

    What was locked can be neither changed nor deleted. Raises NotFound, Invalid.
    """
    said = _checked(said, as_of, today)
    token = secrets.token_urlsafe(18)
    with transaction() as session:
        shortlist = own_list(session, list_id, actor)
        if not any(item.removed_at is None for item in shortlist.items):
            raise Invalid({"": "There is no provider on this list. Put some on it first."})
        hold_register(session)  # what is written down is of one moment: no fact is newer than the history beside it
        moment = Moment(now, today, as_of or today, site, f"{site}/snapshots/{token}")
        content = content_of(session, shortlist, said, moment)
        text = canonical(content)
        locked = LockedList(
            token=token,
            sha256=fingerprint(text),
            name=shortlist.name,
            as_of=moment.as_of,
            made_at=now,
            made_by_id=actor.user_id or 0,
            owner_id=shortlist.owner_id,
            team_id=shortlist.team_id,
            list_number=shortlist.id,
            providers=len(content["providers"]),
            content=text,
        )
        session.add(locked)
        session.flush()
        note(session, shortlist, "shortlist.locked", actor, now, locked=locked.id, sha256=locked.sha256)
    return token


def _checked(said: Said, as_of: date | None, today: date) -> Said:
    """Raises Invalid on a field's name."""
    on_behalf = " ".join(said.on_behalf.split())
    errors: dict[str, str] = {}
    if as_of is not None and as_of > today:
        errors["as_of"] = "This day is still to come. Choose today or an earlier day."
    if not on_behalf:
        errors["on_behalf"] = "Say on whose behalf this is made, such as your team or your organisation."
    if len(on_behalf) > LONGEST_NAME:
        errors["on_behalf"] = f"Keep this under {LONGEST_NAME} characters."
    if errors:
        raise Invalid(errors)
    reasons = checked_words(said.reasons, LONGEST_PURPOSE, "reasons")
    return Said(on_behalf, reasons, checked_words(said.criteria, LONGEST_CRITERIA, "criteria"), said.with_notes)
