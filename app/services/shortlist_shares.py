"""Links by which others read a shortlist, made and ended."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.access import Actor
from app.domain.errors import Invalid, NotFound, check_length
from app.models import ShortlistShare
from app.queries.invitations import token_hash
from app.services.shortlists import note, own_list
from app.services.transactions import locked, transaction

MOST_LINKS = 50


def share_list(
    list_id: int, words: str, with_notes: bool, ends_on: date | None, *, actor: Actor, now: datetime, today: date
) -> str:
    """Make a link that opens the list to whoever has it. Returns its secret, which is not kept. Raises NotFound, Invalid."""
    words = " ".join(words.split())
    check_length(words, 120, "words")
    if ends_on is not None and ends_on < today:
        raise Invalid({"ends_on": "The date is in the past. Choose today or a later day."})
    token = secrets.token_urlsafe(24)
    with transaction() as session:
        shortlist = own_list(session, list_id, actor)
        links = select(func.count()).where(
            ShortlistShare.shortlist_id == shortlist.id, ShortlistShare.ended_at.is_(None)
        )
        if (session.scalar(links) or 0) >= MOST_LINKS:
            raise Invalid({"words": f"This list has {MOST_LINKS} links. End some that nobody needs."})
        share = ShortlistShare(
            shortlist_id=shortlist.id,
            token_hash=token_hash(token),
            words=words,
            with_notes=with_notes,
            ends_on=ends_on,
            made_at=now,
            made_by_id=actor.user_id or 0,
        )
        session.add(share)
        note(session, shortlist, "shortlist.shared", actor, now, with_notes=with_notes)
    return token


def end_share(list_id: int, share_id: int, *, actor: Actor, now: datetime) -> None:
    """End a link: it opens nothing from now on. Raises NotFound."""
    with transaction() as session:
        shortlist = own_list(session, list_id, actor)
        share = locked(session, ShortlistShare, share_id)
        if share.shortlist_id != shortlist.id:
            raise NotFound("There is no such link.")
        if share.ended_at is None:
            share.ended_at = now
            note(session, shortlist, "shortlist.link-ended", actor, now)
