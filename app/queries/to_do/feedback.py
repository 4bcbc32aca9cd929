"""Feedback that waits: rounds that end soon with too few answers, results to read, and concerns for a scheme's managers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may
from app.domain.to_do import Kind, ToDo
from app.domain.voice import MINIMUM
from app.domain.wording import counted
from app.extensions import db
from app.models import VoiceRound
from app.queries.concerns import open_concerns
from app.queries.voice_data import Standings, standings_of
from app.queries.voice_held import rounds_held

SOON = timedelta(days=10)
READ_WITHIN = timedelta(days=14)
MOST = 20


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """Rounds that need more people, and closed ones whose results are new; at most 20. Two statements."""
    own = [each for each in organisation_ids if may(actor, Action.ASK_FOR_FEEDBACK, Subject(organisation_id=each))]
    if not own:
        return []
    found = db.session.scalars(
        select(VoiceRound)
        .where(
            VoiceRound.organisation_id.in_(own),
            VoiceRound.opens_on <= today,
            VoiceRound.closes_on >= today - READ_WITHIN,
        )
        .order_by(VoiceRound.closes_on, VoiceRound.id)
        .limit(MOST)
    ).all()
    counts = standings_of(db.session(), [each.id for each in found])
    told = (_thing(each, counts.get(each.id, Standings()), today) for each in found)
    return [each for each in told if each is not None]


def _thing(found: VoiceRound, standings: Standings, today: date) -> ToDo | None:
    path = f"/organisations/{found.organisation_id}/feedback/{found.id}"
    about = {"path": path, "organisation_id": found.organisation_id}
    enough = standings.counted >= MINIMUM
    if found.closed_at is None and not enough and today <= found.closes_on <= today + SOON:
        when = f"{counted(standings.counted, 'answer')}, and {MINIMUM} are needed for results"
        return ToDo(Kind.FEEDBACK, f"Invite more people to “{found.title}”", due_on=found.closes_on, when=when, **about)
    if found.closed_at is not None and enough and found.closed_at.date() >= today - READ_WITHIN:
        when = counted(standings.counted, "answer")
        return ToDo(
            Kind.FEEDBACK, f"Read what people said in “{found.title}”, and tell them what you do", when=when, **about
        )
    return None


def for_managers(actor: Actor, today: date) -> list[ToDo]:
    """Open concerns and answers that wait, in the schemes that the actor manages. Five statements; none for others.

    No organisation is named: nobody who looks over a shoulder, or helps there, may learn of it.
    """
    found = [
        ToDo(
            Kind.CASE,
            f"Look after {counted(number, 'safeguarding concern')} in {title}",
            f"/schemes/{code}/concerns",
            due_on=today,
        )
        for code, title, number in open_concerns(actor)
    ]
    found += [
        ToDo(Kind.FEEDBACK, f"Look at feedback that came many at once in {title}", f"/schemes/{code}/concerns")
        for code, title in rounds_held(actor)
    ]
    return found
