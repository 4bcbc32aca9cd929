"""Taking what one person says, once, without keeping who it was; and what they say of harm, apart from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.backends.tokens import Tokens
from app.domain.access import Actor
from app.domain.errors import Conflict, DomainError, Invalid, Throttled
from app.domain.voice import BURST, MOST_ANSWERS, Concern, Ended, Said, checked, checked_concern, form_of, refuse_own
from app.extensions import db
from app.models import Standing, VoiceAnswer, VoiceInvite, VoiceRound
from app.queries.voice_form import themes_in
from app.queries.voice_public import Way, way_in
from app.services.throttling import Limit, take_turn
from app.services.transactions import locked, transaction
from app.services.voice_keeping import keep_concern

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_NETWORK = Limit(most=40, window=HOUR)  # a day centre may have one connection for all who come
PER_DEVICE = Limit(most=15, window=HOUR)  # a tablet may go from hand to hand
PER_LINK = Limit(most=300, window=DAY)
CONCERNS_PER_NETWORK = Limit(most=20, window=HOUR)


@dataclass(frozen=True)
class Sender:
    """From where an answer comes. Both are turned into keyed hashes at once; `device` is empty where cookies are off."""

    network: str
    device: str = ""


@dataclass(frozen=True)
class Taken:
    """What came of sending the form: whether the answers are kept, and whether a concern went to the scheme."""

    kept: bool
    told: bool


def answer(
    link: str,
    said: Said,
    concern: Concern | None,
    once: str,
    *,
    sender: Sender,
    tokens: Tokens,
    actor: Actor,
    now: datetime,
    today: date,
) -> Taken:
    """Take one form. What was sent before under the same `once` is not taken again.

    A concern is kept even where the answers cannot be. Raises NotFound for a link that leads nowhere, NotAllowed for the
    organisation's own people, Invalid, Ended, Throttled. No audit row is written: its time would tell who answered.
    """
    way = way_in(link, today)
    refuse_own(actor, way.organisation_id, said.language)
    key = tokens.fingerprint("voice-once", once)
    told = checked_concern(concern, said.language) if concern else None
    before = _sent_before(way, key)
    if before and told is None:
        return Taken(kept=True, told=False)
    kept, refusal = (None, None) if before else _may_be_kept(way, said, sender, tokens, now)
    mistaken = isinstance(refusal, Invalid) and "nothing" not in refusal.errors
    if refusal is not None and (told is None or mistaken):
        raise refusal
    if told is not None:
        take_turn({_key(tokens, "concerns", sender.network): CONCERNS_PER_NETWORK}, now)
    network = tokens.fingerprint("voice-network", f"{way.round_id} {now:%Y%m%d%H} {sender.network}")
    with transaction() as session:
        stands = before or (kept is not None and _keep(session, way, kept, key, network, today))
        if told is not None:
            keep_concern(session, way, told, said.language, _concern_key(tokens, once, told), now)
        elif not stands:
            raise Ended("used" if way.invite_id else "over", said.language)
    return Taken(stands, told is not None)


def _concern_key(tokens: Tokens, once: str, told: Concern) -> str:
    """The same words from the same page are one concern; words that were added later are told as well.

    It is another key than the answer's, so that nothing ties a concern to what its writer answered.
    """
    return tokens.fingerprint("voice-concern", f"{once}\n{told.text}\n{told.contact}")


def _sent_before(way: Way, once: str) -> bool:
    found = select(VoiceAnswer.id).where(VoiceAnswer.round_id == way.round_id, VoiceAnswer.once == once)
    return db.session.scalars(found).first() is not None


def _may_be_kept(
    way: Way, said: Said, sender: Sender, tokens: Tokens, now: datetime
) -> tuple[Said | None, DomainError | None]:
    """(the answers, tidied) or, where they cannot be kept, (None, why). A turn is taken only for what is right."""
    try:
        if way.ended:
            raise Ended(way.ended, said.language)
        tidy = checked(said, form_of(way.questions))
        limits = {
            _key(tokens, "link", str(way.round_id)): PER_LINK,
            _key(tokens, "network", f"{way.round_id} {sender.network}"): PER_NETWORK,
        }
        if sender.device:
            limits[_key(tokens, "device", sender.device)] = PER_DEVICE
        take_turn(limits, now)
    except (Invalid, Conflict, Throttled) as refusal:
        return None, refusal
    return tidy, None


def _key(tokens: Tokens, kind: str, about: str) -> str:
    return tokens.fingerprint(f"voice-limit-{kind}", about)


def _keep(session: Session, way: Way, said: Said, once: str, network: str, today: date) -> bool:
    """Keep the answer, unless it was kept before. False where the round or the link has meanwhile been closed or used."""
    held_round = locked(session, VoiceRound, way.round_id)
    twin = select(VoiceAnswer.id).where(VoiceAnswer.round_id == way.round_id, VoiceAnswer.once == once)
    if session.scalars(twin).first():
        return True
    if held_round.closed_at is not None or _is_full(session, way.round_id) or not _use(session, way):
        return False
    standing = _standing(session, way.round_id, network)
    session.add(
        VoiceAnswer(
            round_id=way.round_id,
            personal=way.invite_id is not None,
            month=today.replace(day=1),
            who=said.who,
            language=said.language,
            choices=dict(said.choices),
            comments=dict(said.comments),
            themes=[
                f"{question} {theme}"
                for question, text in said.comments.items()
                for theme in themes_in(text, said.language)
            ],
            standing=standing,
            once=once,
            network=network,
            received_on=today,
        )
    )
    return True


def _is_full(session: Session, round_id: int) -> bool:
    """A round that has been answered so often needs no more, and its results must stay quick to read."""
    taken = session.scalar(select(func.count()).where(VoiceAnswer.round_id == round_id))
    return (taken or 0) >= MOST_ANSWERS


def _use(session: Session, way: Way) -> bool:
    """Use up a personal link and forget its address. False where it was used. An open link is never used up."""
    if way.invite_id is None:
        return True
    invite = locked(session, VoiceInvite, way.invite_id)
    if invite.used:
        return False
    invite.used, invite.email, invite.link = True, "", ""
    return True


def _standing(session: Session, round_id: int, network: str) -> Standing:
    """Many from one network within one hour wait for the scheme, those that came before this one too."""
    here = (VoiceAnswer.round_id == round_id) & (VoiceAnswer.network == network)
    before = session.scalars(select(VoiceAnswer.id).where(here).limit(BURST)).all()
    if len(before) < BURST:
        return Standing.COUNTED
    session.execute(
        update(VoiceAnswer).where(here, VoiceAnswer.standing == Standing.COUNTED).values(standing=Standing.HELD)
    )
    return Standing.HELD
