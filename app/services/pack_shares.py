"""Sharing a pack: codes that open it, their end, and the log of who opened it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.backends.tokens import Tokens
from app.domain.access import Action, Actor, Role
from app.domain.errors import Invalid, NotFound, Throttled, check_length
from app.domain.pack import LONGEST_NAME, LONGEST_NOTE, Did, Opens, checked_end, code_from, code_hash, in_groups
from app.domain.topics import Topic
from app.models import EvidenceVersion, PackOpening, PackShare
from app.queries.pack_contents import piece_rows
from app.queries.packs import MOST_SHARES
from app.queries.shared_packs import ENDED, CodeEnded, Gate, gate, share_of
from app.services.packs import NOT_THERE, own
from app.services.telling import people_of, tell
from app.services.throttling import Limit, succeed, take_turn
from app.services.transactions import locked, record, transaction

PER_ADDRESS = Limit(most=20, window=timedelta(minutes=15))
"""Codes that were not known, from one network address."""

MOST_AN_HOUR = 300
"""What one code may open or fetch in an hour: far more than a person needs, far less than would fill the log."""

HOUR = timedelta(hours=1)
LONGEST_WHAT = 260
NO_KEY = ""
"""A code that is known forgives its own try and no other."""


@dataclass(frozen=True)
class Recipient:
    """For whom a code is, what it opens and until when. `ends_on` is the last day on which it does."""

    recipient: str
    note: str
    opens: str
    ends_on: date | None


@dataclass(frozen=True)
class Opener:
    """Who opens a pack, as they said themselves."""

    name: str = ""
    organisation: str = ""


def share_pack(
    organisation_id: int, pack_id: int, given: Recipient, *, actor: Actor, now: datetime, today: date
) -> str:
    """Make a code that opens the pack. Returns it in groups: it is told once and never again.

    Raises NotFound, NotAllowed, Invalid.
    """
    recipient, note, ends_on = _checked(given, today)
    code = code_from(secrets.token_bytes(16))
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.SHARE_PACK)
        made = session.scalar(select(func.count()).where(PackShare.pack_id == pack.id)) or 0
        if made >= MOST_SHARES:
            raise Invalid({"": f"A pack can have {MOST_SHARES} codes. Make a copy of the pack and share that."})
        share = PackShare(
            pack_id=pack.id,
            recipient=recipient,
            note=note,
            code_hash=code_hash(code),
            opens=Opens(given.opens),
            ends_on=ends_on,
            made_at=now,
            made_by_id=actor.user_id or 0,
        )
        session.add(share)
        detail: dict[str, Any] = {"name": pack.name, "recipient": recipient, "ends_on": ends_on.isoformat()}
        record(session, actor, "pack.shared", share, now, organisation_id=organisation_id, opens=given.opens, **detail)
    return in_groups(code)


def _checked(given: Recipient, today: date) -> tuple[str, str, date]:
    recipient, note = " ".join(given.recipient.split()), " ".join(given.note.split())
    errors: dict[str, str] = {}
    try:
        check_length(recipient, LONGEST_NAME, "recipient")
        check_length(note, LONGEST_NOTE, "note")
    except Invalid as refusal:
        errors |= refusal.errors
    if given.opens not in set(Opens):
        errors["opens"] = "Choose what the code opens."
    try:
        ends_on = checked_end(given.ends_on, today)
    except Invalid as refusal:
        raise Invalid({**errors, **refusal.errors}) from None
    if errors:
        raise Invalid(errors)
    return recipient, note, ends_on


def end_share(organisation_id: int, pack_id: int, share_id: int, *, actor: Actor, now: datetime) -> None:
    """End a code at once, also for whoever has the pack open. Done twice, it ended once. Raises NotFound, NotAllowed."""
    with transaction() as session:
        pack = own(session, organisation_id, pack_id, actor, Action.SHARE_PACK)
        share = locked(session, PackShare, share_id)
        if share.pack_id != pack.id:
            raise NotFound(NOT_THERE)
        if share.ended_at is not None:
            return
        share.ended_at, share.ended_by_id = now, actor.user_id
        detail: dict[str, Any] = {"name": pack.name, "recipient": share.recipient}
        record(session, actor, "pack.share-ended", share, now, organisation_id=organisation_id, **detail)


def find_gate(typed: str, *, address: str, tokens: Tokens, now: datetime, today: date) -> Gate:
    """What a code that somebody comes with leads to. `address` is the network address that asks; it is not kept.

    Raises UnknownCode, which counts as a guess, CodeEnded, and Throttled where too many guesses came from there.
    """
    turn = take_turn({tokens.fingerprint("pack address", address): PER_ADDRESS}, now)
    try:
        found = gate(typed, today)
    except CodeEnded:
        succeed(turn, NO_KEY)
        raise
    succeed(turn, NO_KEY)
    return found


def open_pack(typed: str, opener: Opener, *, actor: Actor, now: datetime, today: date) -> int:
    """Note that somebody opens a pack. The first time by a code, the organisation's leads are told.

    Whoever is signed in is noted by their own name. Returns the id of the line in the log, by which the same reader is known
    later. Raises UnknownCode, CodeEnded, Throttled, and Invalid where the pack asks for a name and none was given.
    """
    with transaction() as session:
        share = _held(session, typed, today)
        said = _said(share, opener, actor)
        opening = _log(session, share, Did.OPENED, said, actor, now)
        _mark_seen(session, share, today)
        if share.first_opened_at is None:
            share.first_opened_at = now
            _tell_leads(session, share, said, now)
        session.flush()
        return opening.id


def open_again(typed: str, opening_id: int, *, actor: Actor, now: datetime, today: date) -> int:
    """Note that the reader of an earlier line in the log opens the pack once more. Returns the new line's id.

    Raises UnknownCode, CodeEnded, Throttled.
    """
    with transaction() as session:
        share = _held(session, typed, today)
        opening = _log(session, share, Did.OPENED, _known(session, share, opening_id), actor, now)
        _mark_seen(session, share, today)
        session.flush()
        return opening.id


def note_taken(typed: str, did: Did, what: str, opening_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Note that the reader of a line in the log takes a file of the pack. Raises UnknownCode, CodeEnded, NotFound, Throttled."""
    with transaction() as session:
        share = _held(session, typed, today)
        if did in {Did.FILE, Did.ZIP} and share.opens is not Opens.FILES:
            raise NotFound("This code opens the page without its files. Ask the organisation for them.")
        _log(session, share, did, _known(session, share, opening_id), actor, now, what)


def _known(session: Session, share: PackShare, opening_id: int) -> Opener:
    opening = session.get(PackOpening, opening_id)
    if opening is None or opening.share_id != share.id:
        return Opener()
    return Opener(opening.name, opening.organisation)


def _held(session: Session, typed: str, today: date) -> PackShare:
    """The share, held, so that nothing is fetched by a code whose end is being written down."""
    share = locked(session, PackShare, share_of(session, typed, today).id)
    if not share.is_open(today):
        raise CodeEnded(ENDED)
    return share


def _said(share: PackShare, opener: Opener, actor: Actor) -> Opener:
    name = actor.name if actor.signed_in else " ".join(opener.name.split())
    organisation = " ".join(opener.organisation.split())
    errors: dict[str, str] = {}
    if share.pack.asks_name and not name:
        errors["name"] = "Enter your name. The organisation sees who opened its pack."
    if share.pack.asks_name and not organisation:
        errors["organisation"] = "Enter the council, NHS body or other organisation that you work for."
    for field, text in (("name", name), ("organisation", organisation)):
        if len(text) > LONGEST_NAME:
            errors[field] = f"Keep this under {LONGEST_NAME} characters. It has {len(text):,}."
    if errors:
        raise Invalid(errors)
    return Opener(name, organisation)


def _log(
    session: Session, share: PackShare, did: Did, said: Opener, actor: Actor, now: datetime, what: str = ""
) -> PackOpening:
    """Write a line of the log. Raises Throttled."""
    recent = select(func.count()).where(PackOpening.share_id == share.id, PackOpening.at > now - HOUR)
    if (session.scalar(recent) or 0) >= MOST_AN_HOUR:
        raise Throttled("This code was used very often in the last hour. Try again in an hour.", 3600)
    opening = PackOpening(
        pack_id=share.pack_id,
        share_id=share.id,
        at=now,
        did=did,
        name=said.name[:LONGEST_NAME],
        organisation=said.organisation[:LONGEST_NAME],
        user_id=actor.user_id,
        what=what[:LONGEST_WHAT],
    )
    session.add(opening)
    return opening


def _mark_seen(session: Session, share: PackShare, today: date) -> None:
    """What somebody outside may have seen is never corrected in place any more: a change of it is a new version."""
    shown = [piece.version_id for piece in piece_rows(share.pack_id, today)]
    unseen = EvidenceVersion.id.in_(shown) & EvidenceVersion.handed_in.is_(False)
    session.execute(update(EvidenceVersion).where(unseen).values(handed_in=True))


def _tell_leads(session: Session, share: PackShare, said: Opener, now: datetime) -> None:
    pack = share.pack
    tell(
        session,
        people_of(session, pack.organisation_id, Role.LEAD),
        "pack_opened",
        now,
        topic=Topic.SHARING,
        pack=pack.name,
        provider=pack.organisation.name,
        recipient=share.recipient,
        opener=said.name,
        opener_organisation=said.organisation,
        ends_on=share.ends_on,
        path=f"/organisations/{pack.organisation_id}/packs/{pack.id}",
    )
