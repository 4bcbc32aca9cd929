"""What people said, as evidence in the provider's library: made by the service, of the whole round, never edited."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.evidence import Brought, Contents, digest_of
from app.domain.voice_report import Collected, figures, method, report
from app.domain.voice_results import Results
from app.models import EvidenceItem, Organisation, VoiceRound, VoiceSnapshot
from app.queries.lists import SERVICES, title
from app.queries.voice_data import Standings, results_of, standings_of
from app.queries.voice_form import theme_titles
from app.services.evidence_items import add_row, record_version
from app.services.transactions import locked, record

YEAR = timedelta(days=365)


def keep_snapshot(session: Session, found: VoiceRound, actor: Actor, now: datetime, today: date) -> int | None:
    """Make the results of a held round evidence, or a newer version of it. Returns the piece's id.

    None where too few have answered, or where nothing has changed since: whichever the provider would like to show, it
    can take no fewer answers than there are.
    """
    session.flush()
    locked(session, Organisation, found.organisation_id)
    results = results_of(session, found)
    if not results.answers:
        return None
    collected = _collected(session, found, today)
    contents = _contents(collected, results)
    digest, numbers = digest_of(Brought.USER_FEEDBACK, contents), figures(collected, results)
    item = session.get(EvidenceItem, found.item_id) if found.item_id else None
    if item is not None and _is_kept(session, found.id, numbers, collected.final):
        return None
    # Who opened the round stands for it where the calendar closes it: rows of the library name a person.
    maker = actor if actor.user_id is not None else Actor(user_id=found.opened_by_id)
    fresh = item is None
    item = item or _item(session, found, maker, now)
    version = add_row(session, item, contents, None, digest, maker, now)
    session.flush()
    session.add(
        VoiceSnapshot(
            round_id=found.id,
            version_id=version.id,
            taken_at=now,
            final=collected.final,
            figures=numbers,
        )
    )
    if fresh:
        organisation_id = item.organisation_id
        record(session, actor, "evidence.collected", item, now, organisation_id=organisation_id, sha256=digest)
    else:
        record_version(session, actor, item, version, now)
    return item.id


def _collected(session: Session, found: VoiceRound, today: date) -> Collected:
    final = found.closed_at is not None
    standings = standings_of(session, [found.id]).get(found.id, Standings())
    rounds = select(func.count()).where(
        VoiceRound.organisation_id == found.organisation_id,
        VoiceRound.opens_on <= found.opens_on,
        VoiceRound.opens_on > found.opens_on - YEAR,
    )
    return Collected(
        title=found.title,
        about=title(SERVICES, found.service) if found.service else "all services",
        opens_on=found.opens_on,
        until=min(today, found.closes_on),
        final=final,
        invited=found.invited,
        held=standings.held,
        left_out=standings.left_out,
        rounds=session.scalar(rounds) or 1,
    )


def _contents(collected: Collected, results: Results) -> Contents:
    until = max(collected.until, collected.opens_on)
    return Contents(
        text=report(collected, results, theme_titles()),
        issued_on=until,
        details={
            "how": method(collected, results),
            "period_from": collected.opens_on.isoformat(),
            "period_to": until.isoformat(),
            "people": results.answers,
        },
    )


def _item(session: Session, found: VoiceRound, maker: Actor, now: datetime) -> EvidenceItem:
    item = EvidenceItem(
        organisation_id=found.organisation_id,
        title=f"What people said: {found.title}"[:200],
        kind=Brought.USER_FEEDBACK.value,
        created_at=now,
        created_by_id=maker.user_id,
        collected=True,
    )
    session.add(item)
    session.flush()
    found.item_id = item.id
    return item


def _is_kept(session: Session, round_id: int, numbers: dict[str, Any], final: bool) -> bool:
    """Whether the newest snapshot of the round says the same."""
    newest = session.scalars(
        select(VoiceSnapshot).where(VoiceSnapshot.round_id == round_id).order_by(VoiceSnapshot.id.desc()).limit(1)
    ).first()
    return newest is not None and (newest.figures, newest.final) == (numbers, final)
