"""What is done about feedback by the clock: rounds end, addresses are forgotten, people are reminded once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update

from app.domain.access import NOBODY
from app.domain.uk_time import uk_day
from app.models import MailMessage, VoiceAnswer, VoiceInvite, VoiceRound
from app.services.transactions import locked, record, transaction
from app.services.voice_rounds import end, queue_link

REMIND_AFTER = timedelta(days=7)
LAST_CALL = timedelta(days=2)
"""Nobody is reminded of a round that ends sooner."""
AT_ONCE = 200


def look_after_feedback(now: datetime) -> int:
    """Everything that is due on the day of `now`. Doing it twice on one day does nothing twice.

    Returns how many rounds ended and how many people were reminded.
    """
    today = uk_day(now)
    _forget(today)
    over, waiting = _due_to_end(today), _due_to_remind(today)
    for round_id in over:
        _end(round_id, now, today)
    return len(over) + sum(_remind(round_id, now, today) for round_id in waiting if round_id not in over)


def _due_to_end(today: date) -> list[int]:
    with transaction() as session:
        over = select(VoiceRound.id).where(VoiceRound.closed_at.is_(None), VoiceRound.closes_on < today)
        return list(session.scalars(over.order_by(VoiceRound.id).limit(AT_ONCE)))


def _end(round_id: int, now: datetime, today: date) -> None:
    with transaction() as session:
        found = locked(session, VoiceRound, round_id)
        if found.closed_at is None:
            end(session, found, NOBODY, now, today)


def _waiting(today: date) -> ColumnElement[bool]:
    """Who has not answered a week after the first message went out: until it did, there is nothing to be reminded of."""
    return (
        (VoiceInvite.used.is_(False))
        & (VoiceInvite.reminded.is_(False))
        & (VoiceInvite.email != "")
        & VoiceInvite.message_id.is_(None)
        & (VoiceInvite.invited_on <= today - REMIND_AFTER)
    )


def _due_to_remind(today: date) -> list[int]:
    with transaction() as session:
        rounds = select(VoiceInvite.round_id).where(_waiting(today)).distinct().limit(AT_ONCE)
        return sorted(session.scalars(rounds))


def _remind(round_id: int, now: datetime, today: date) -> int:
    """One reminder to each who has not used their link; after it the address is forgotten."""
    with transaction() as session:
        found = locked(session, VoiceRound, round_id)
        if found.closed_at is not None:
            return 0
        waiting = select(VoiceInvite).where(VoiceInvite.round_id == round_id, _waiting(today)).limit(AT_ONCE)
        late = today + LAST_CALL > found.closes_on
        reminded = 0
        for invite in session.scalars(waiting).all():
            if not late:
                message = queue_link(session, found, invite.email, invite.link, "feedback_reminder", now)
                invite.message_id = message.id
                reminded += 1
            invite.reminded, invite.email, invite.link = True, "", ""
        if reminded:
            organisation_id = found.organisation_id
            record(session, NOBODY, "feedback.reminded", found, now, organisation_id=organisation_id, people=reminded)
        return reminded


def _forget(today: date) -> None:
    """Forget from which network answers came on days gone by, and messages that were sent or never will be."""
    with transaction() as session:
        gone = update(VoiceAnswer).where(VoiceAnswer.received_on < today)
        session.execute(gone.values(network=None, received_on=None))
        done = select(MailMessage.id).where(
            MailMessage.id.in_(select(VoiceInvite.message_id).where(VoiceInvite.message_id.is_not(None))),
            MailMessage.sent_at.is_not(None) | MailMessage.failed_at.is_not(None),
        )
        ids = list(session.scalars(done.limit(5 * AT_ONCE)))
        session.execute(update(VoiceInvite).where(VoiceInvite.message_id.in_(ids)).values(message_id=None))
        session.execute(delete(MailMessage).where(MailMessage.id.in_(ids)))
