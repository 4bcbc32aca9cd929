"""Expressions of need: drafted, published, changed, closed, withdrawn, hidden. What providers answer is in need_answers.py."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.needs import (
    LONGEST_REASON,
    NeedMove,
    NeedStatus,
    Said,
    changes,
    check_draft,
    check_said,
)
from app.models import Need, NeedChange, NeedFacet, Scheme, User
from app.services.owning import belongs, held_own, owner_of
from app.services.transactions import locked, record, transaction

MOST_OPEN = 50
FACETS = (("service", "services"), ("group", "client_groups"), ("area", "areas"))


def draft_need(said: Said, *, team_id: int | None, actor: Actor, now: datetime) -> int:
    """Keep a draft that nobody else sees. Returns its id. Raises NotFound, Invalid."""
    require(actor, Action.USE_LISTS)
    check_draft(said)
    with transaction() as session:
        own = owner_of(actor, team_id)
        need = Need(status_at=now, created_at=now, updated_at=now, created_by_id=actor.user_id, title="", **own)
        _set(need, said)
        session.add(need)
        record(session, actor, "need.drafted", need, now, title=need.title)
        _set_facets(session, need)
        return need.id


def change_need(need_id: int, said: Said, version: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Change a draft, or what is published: then what changed is shown with its day, and providers are looked for anew.

    Raises NotFound, Invalid, Conflict where somebody of the team changed it meanwhile or it has ended.
    """
    with transaction() as session:
        need = held_own(session, Need, need_id, actor)
        if need.version != version:
            raise Conflict(
                "Somebody of your team changed this need meanwhile. What you typed is below and is not saved."
            )
        if need.status not in (NeedStatus.DRAFT, NeedStatus.PUBLISHED, NeedStatus.CLOSED):
            raise Conflict("This need has ended, so it cannot be changed. Publish a new one instead.")
        if need.status is NeedStatus.DRAFT:
            check_draft(said)
        else:
            check_said(said, today)
        words = changes(said_of(need), said)
        _set(need, said)
        need.updated_at, need.told_revision = now, -1
        need.version += 1
        _set_facets(session, need)
        if words and need.status is not NeedStatus.DRAFT:
            session.add(NeedChange(need_id=need.id, at=now, words=f"Changed: {'; '.join(words)}."))
        record(session, actor, "need.changed", need, now, changed=list(words))


def publish_need(need_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Put a draft before everybody. Raises NotFound, Invalid (also where the actor's address is not confirmed), IllegalMove."""
    with transaction() as session:
        need = held_own(session, Need, need_id, actor)
        user = session.get(User, actor.user_id)
        if user is None or user.email_confirmed_at is None:
            raise Invalid({"": "Confirm your e-mail address first: others must be able to reach who asks."})
        check_said(said_of(need), today)
        live = (belongs(Need, need.owner_id, need.team_id), Need.status == NeedStatus.PUBLISHED)
        if (session.scalar(select(func.count(Need.id)).where(*live)) or 0) >= MOST_OPEN:
            raise Invalid({"": f"You have {MOST_OPEN} open needs already. Close one first."})
        need.make(NeedMove.PUBLISH, now)
        need.published_at = now
        record(session, actor, "need.published", need, now, title=need.title)


def close_need(need_id: int, *, actor: Actor, now: datetime) -> None:
    """Take no more answers. Raises NotFound, IllegalMove."""
    with transaction() as session:
        need = held_own(session, Need, need_id, actor)
        need.make(NeedMove.CLOSE, now)
        need.summed_up_at = now
        _note(session, need, "Closed by who asked.", now)
        record(session, actor, "need.closed", need, now)


def reopen_need(need_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Take answers again until the last day, which must lie ahead. Raises NotFound, IllegalMove, Invalid."""
    with transaction() as session:
        need = held_own(session, Need, need_id, actor)
        if need.answer_by is None or need.answer_by < today:
            raise Invalid({"": "The last day to answer has passed. Change it first, then open the need again."})
        need.make(NeedMove.REOPEN, now)
        need.summed_up_at = None
        _note(session, need, "Opened again.", now)
        record(session, actor, "need.reopened", need, now)


def withdraw_need(need_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take it back, with a reason that everybody reads. Raises NotFound, Invalid (`reason`), IllegalMove."""
    reason = _reason(reason, "Say why, for those who have read or answered it.")
    with transaction() as session:
        need = held_own(session, Need, need_id, actor)
        need.make(NeedMove.WITHDRAW, now, reason)
        _note(session, need, f"Withdrawn. {reason}", now)
        record(session, actor, "need.withdrawn", need, now, reason=reason)


def hide_need(need_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """As a manager of a scheme, hide what breaks the rules. The reason stays visible. Raises NotFound, Invalid, IllegalMove."""
    reason = _reason(reason, "Say which rule it breaks. Everybody can read this.")
    with transaction() as session:
        need = locked(session, Need, need_id)
        scheme = _managed(session, actor)
        need.make(NeedMove.HIDE, now, reason, scheme.title)
        record(session, actor, "need.hidden", need, now, scheme_id=scheme.id, reason=reason)


def show_need(need_id: int, *, actor: Actor, now: datetime) -> None:
    """Show it again, closed: its owner may open it. Raises NotFound, NotAllowed, IllegalMove."""
    with transaction() as session:
        need = locked(session, Need, need_id)
        scheme = _managed(session, actor)
        need.make(NeedMove.SHOW, now)
        record(session, actor, "need.shown", need, now, scheme_id=scheme.id)


def said_of(need: Need) -> Said:
    """What a need says, as plain values."""
    lists = {name: tuple(getattr(need, name)) for name in ("services", "client_groups", "areas")}
    return Said(**{each.name: lists.get(each.name, getattr(need, each.name)) for each in fields(Said)})


def _set(need: Need, said: Said) -> None:
    for each in fields(Said):
        value = getattr(said, each.name)
        setattr(need, each.name, list(value) if isinstance(value, tuple) else value)


def _set_facets(session: Session, need: Need) -> None:
    session.flush()
    session.execute(delete(NeedFacet).where(NeedFacet.need_id == need.id))
    for kind, name in FACETS:
        session.add_all(NeedFacet(need_id=need.id, kind=kind, code=code) for code in dict.fromkeys(getattr(need, name)))


def _note(session: Session, need: Need, words: str, now: datetime) -> None:
    session.add(NeedChange(need_id=need.id, at=now, words=words))


def _reason(reason: str, missing: str) -> str:
    check_length(reason, LONGEST_REASON, "reason")
    if not reason.strip():
        raise Invalid({"reason": missing})
    return reason.strip()


def _managed(session: Session, actor: Actor) -> Scheme:
    """The scheme in whose name the actor hides: the first that they manage. Raises NotFound for who manages none."""
    managed = sorted(each for each, roles in actor.schemes.items() if Role.MANAGER in roles)
    require(actor, Action.HIDE_NEED, Subject(scheme_id=managed[0] if managed else None))
    return session.get_one(Scheme, managed[0])
