"""What a provider does to ask people what they think: open a round, invite by e-mail, close it. It can do no more."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.tokens import Tokens
from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid
from app.domain.voice import MOST_ADDRESSES, NewRound, addresses_in, as_stored, checked_round
from app.models import FrameworkEdition, MailMessage, Organisation, VoiceInvite, VoiceRound
from app.queries.frameworks import framework_of
from app.queries.voice_form import form_for
from app.queries.voice_public import PERSONAL, key_of
from app.services.transactions import locked, queue_mail, record, transaction
from app.services.voice_evidence import keep_snapshot

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
LINK_LENGTH = 8
CLOSED = "This round is closed. Closing is final: open a new round to ask again."


def open_round(organisation_id: int, new: NewRound, *, actor: Actor, now: datetime, today: date) -> int:
    """Begin to ask people. What is asked is frozen now and is not the provider's to choose. Returns the round's id.

    Raises NotFound, NotAllowed, Invalid.
    """
    require(actor, Action.ASK_FOR_FEEDBACK, Subject(organisation_id=organisation_id))
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        new = checked_round(new, organisation.services, today)
        framework = None
        if new.edition_id is not None:
            edition = session.get(FrameworkEdition, new.edition_id)
            if edition is None:
                raise Invalid({"edition_id": "Choose a framework from the list, or none."})
            framework = framework_of(edition)
        found = VoiceRound(
            organisation_id=organisation_id,
            title=new.title,
            service=new.service,
            edition_id=new.edition_id,
            questions=as_stored(form_for(framework)),
            link="".join(secrets.choice(LETTERS) for _ in range(LINK_LENGTH)),
            opens_on=new.opens_on,
            closes_on=new.closes_on,
            opened_at=now,
            opened_by_id=actor.user_id,
        )
        session.add(found)
        record(
            session, actor, "feedback.opened", found, now, organisation_id=organisation_id, title=new.title,
            service=new.service, opens_on=str(new.opens_on), closes_on=str(new.closes_on),
        )  # fmt: skip
        return found.id


def own_round(session: Session, round_id: int, actor: Actor) -> VoiceRound:
    """A round of an organisation for which the actor may ask, held. Raises NotFound, NotAllowed."""
    found = locked(session, VoiceRound, round_id)
    require(actor, Action.ASK_FOR_FEEDBACK, Subject(organisation_id=found.organisation_id))
    return found


def invite(round_id: int, typed: str, *, tokens: Tokens, actor: Actor, now: datetime, today: date) -> int:
    """Send a personal link to each address in what was typed. Who was asked in this round is not asked again.

    Returns how many are sent now. Raises NotFound, NotAllowed, Conflict once it is closed, and Invalid, naming every
    line that is no address: nobody is written to before all are right.
    """
    with transaction() as session:
        found = own_round(session, round_id, actor)
        if found.closed_at is not None or today > found.closes_on:
            raise Conflict(CLOSED)
        addresses = _checked(typed)
        keys = {tokens.fingerprint(f"voice-address-{found.id}", each): each for each in addresses}
        known = set(
            session.scalars(
                select(VoiceInvite.address_key).where(
                    VoiceInvite.round_id == found.id, VoiceInvite.address_key.in_(list(keys))
                )
            )
        )
        fresh = {key: address for key, address in keys.items() if key not in known}
        for key, address in fresh.items():
            _send(session, found, key, address, now, today)
        found.invited += len(fresh)
        if fresh:
            organisation_id = found.organisation_id
            record(session, actor, "feedback.invited", found, now, organisation_id=organisation_id, people=len(fresh))
        return len(fresh)


def _checked(typed: str) -> list[str]:
    addresses, wrong = addresses_in(typed)
    if wrong:
        more = f" {len(wrong) - 10} more lines are no address either." if len(wrong) > 10 else ""
        raise Invalid({"addresses": " ".join(wrong[:10]) + more})
    if not addresses:
        raise Invalid({"addresses": "Paste at least one e-mail address."})
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid({"addresses": f"At most {MOST_ADDRESSES} at a time. There are {len(addresses)}."})
    return addresses


def _send(session: Session, found: VoiceRound, address_key: str, address: str, now: datetime, today: date) -> None:
    link = secrets.token_hex(PERSONAL // 2)
    message = queue_link(session, found, address, link, "feedback_invitation", now)
    session.add(
        VoiceInvite(
            round_id=found.id,
            key=key_of(link),
            link=link,
            email=address,
            address_key=address_key,
            message_id=message.id,
            invited_on=today,
        )
    )


def queue_link(
    session: Session, found: VoiceRound, address: str, link: str, template: str, now: datetime
) -> MailMessage:
    """Owe somebody without an account their personal link, in both languages. Returns the message, with its id."""
    until = found.closes_on
    provider = found.organisation.name
    queue_mail(session, address, template, now, provider=provider, path=f"/say/{link}", until=until)
    message = next(row for row in session.new if isinstance(row, MailMessage) and row.recipient == address)
    session.flush()
    return message


def close_round(round_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """End a round for good. What was said becomes evidence if enough people said it. Doing so twice changes nothing.

    Raises NotFound, NotAllowed.
    """
    with transaction() as session:
        found = own_round(session, round_id, actor)
        if found.closed_at is None:
            end(session, found, actor, now, today)


def end(session: Session, found: VoiceRound, actor: Actor, now: datetime, today: date) -> None:
    """The end of a round, by somebody or by the calendar: no address is kept, and its results become evidence."""
    found.closed_at, found.closed_by_id = now, actor.user_id
    invites = select(VoiceInvite).where(VoiceInvite.round_id == found.id, VoiceInvite.address_key.is_not(None))
    for each in session.scalars(invites):
        each.email, each.link, each.address_key = "", "", None
    record(session, actor, "feedback.closed", found, now, organisation_id=found.organisation_id, title=found.title)
    keep_snapshot(session, found, actor, now, today)


def snapshot_round(round_id: int, *, actor: Actor, now: datetime, today: date) -> int:
    """Make what people said so far a piece of evidence, or a newer version of it. Returns the piece's id.

    Raises NotFound, NotAllowed, Conflict before enough people have answered or where nothing is new.
    """
    with transaction() as session:
        found = own_round(session, round_id, actor)
        before = found.item_id
        item_id = keep_snapshot(session, found, actor, now, today)
        if item_id is None:
            raise Conflict(
                "Nothing is new since the evidence was last made of this round."
                if before is not None
                else "Too few people have answered to show anything while the round is open. Once it closes, five are enough."
            )
        return item_id
