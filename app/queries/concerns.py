"""Concerns about people's safety, for the managers who look after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Role, Subject, may
from app.domain.errors import NotFound
from app.extensions import db
from app.models import (
    Interest,
    Scheme,
    StepKind,
    User,
    VoiceConcern,
    VoiceConcernScheme,
    VoiceConcernStep,
)
from app.queries.lists import SERVICES, title
from app.queries.schemes import SchemeRow, office_scheme

PER_PAGE = 25
MOST_STEPS = 200
STEP_WORDS = {
    StepKind.READ: "Read",
    StepKind.NOTE: "Note",
    StepKind.PASSED_ON: "Passed on",
    StepKind.CLOSED: "Closed",
    StepKind.REOPENED: "Opened again",
}


@dataclass(frozen=True)
class ConcernRow:
    """One concern in the list. `state` is in words."""

    concern_id: int
    provider: str
    service: str
    received_at: datetime
    state: str
    open: bool


@dataclass(frozen=True)
class ConcernsPage:
    """A scheme's concerns, open ones first."""

    scheme: SchemeRow
    rows: tuple[ConcernRow, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class StepRow:
    """One thing that was done."""

    kind: str
    at: datetime
    who: str
    to_whom: str
    words: str


@dataclass(frozen=True)
class ConcernPage:
    """One concern, with all that was done about it, oldest first. `others` are other schemes that look after it too."""

    scheme: SchemeRow
    concern_id: int
    provider: str
    provider_contact: tuple[str, ...]
    service: str
    text: str
    contact: str
    language: str
    received_at: datetime
    closed_at: datetime | None
    version: int
    read: bool
    steps: tuple[StepRow, ...]
    others: tuple[str, ...]


def concern_subject(session: Session, scheme_id: int, organisation_id: int) -> Subject:
    """What permission depends on: who ever declared an interest in the organisation is kept out of this for good."""
    ties = select(Interest.user_id).where(Interest.organisation_id == organisation_id, Interest.closed_at.is_(None))
    tied = session.scalars(ties)
    return Subject(organisation_id=organisation_id, scheme_id=scheme_id, tied=frozenset(tied))


def looks_after(session: Session, scheme_id: int, concern: VoiceConcern, actor: Actor) -> bool:
    """Whether the scheme looks after the concern, and the actor may see it there."""
    theirs = select(VoiceConcernScheme.id).where(
        VoiceConcernScheme.concern_id == concern.id, VoiceConcernScheme.scheme_id == scheme_id
    )
    if session.scalars(theirs).first() is None:
        return False
    return may(actor, Action.SEE_CONCERNS, concern_subject(session, scheme_id, concern.organisation_id))


def concerns_page(code: str, page: int, actor: Actor) -> ConcernsPage:
    """The concerns of a scheme that are open to the actor. Five statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_CONCERNS)
    barred = closed_to(actor)
    listed = (
        select(VoiceConcern)
        .join(VoiceConcernScheme, VoiceConcernScheme.concern_id == VoiceConcern.id)
        .where(VoiceConcernScheme.scheme_id == scheme.scheme_id, VoiceConcern.organisation_id.not_in(barred))
    )
    total = db.session.scalar(listed.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.scalars(
        listed.options(joinedload(VoiceConcern.organisation))
        .order_by(VoiceConcern.closed_at.is_not(None), VoiceConcern.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    states = _states([each.id for each in found])
    return ConcernsPage(
        scheme=scheme,
        rows=tuple(_row(each, states.get(each.id)) for each in found),
        page=page,
        pages=pages,
    )


def closed_to(actor: Actor) -> list[int]:
    """The organisations with which the actor has to do."""
    ties = select(Interest.organisation_id).where(Interest.user_id == actor.user_id, Interest.closed_at.is_(None))
    tied = {each for each in db.session.scalars(ties) if each is not None}
    return sorted({*tied, *actor.organisations, *actor.helps})


def _states(concern_ids: list[int]) -> dict[int, StepKind]:
    """The last thing that was done about each."""
    last = (
        select(func.max(VoiceConcernStep.id))
        .where(VoiceConcernStep.concern_id.in_(concern_ids))
        .group_by(VoiceConcernStep.concern_id)
    )
    rows = db.session.execute(
        select(VoiceConcernStep.concern_id, VoiceConcernStep.kind).where(VoiceConcernStep.id.in_(last))
    ).all()
    return {concern_id: kind for concern_id, kind in rows}


def _row(each: VoiceConcern, last: StepKind | None) -> ConcernRow:
    return ConcernRow(
        concern_id=each.id,
        provider=each.organisation.name,
        service=title(SERVICES, each.service) if each.service else "",
        received_at=each.received_at,
        state=STEP_WORDS[last] if last else "Not read yet",
        open=each.closed_at is None,
    )


def concern_page(code: str, concern_id: int, actor: Actor) -> ConcernPage:
    """One concern. Whoever may not see it learns nothing, not even that there is one: NotFound."""
    scheme = office_scheme(code, actor, Action.SEE_CONCERNS)
    concern = db.session.get(VoiceConcern, concern_id)
    if concern is None or not looks_after(db.session(), scheme.scheme_id, concern, actor):
        raise NotFound("There is no such page, or it is not open to you.")
    steps = db.session.execute(
        select(VoiceConcernStep, User.name)
        .join(User, User.id == VoiceConcernStep.by_id)
        .where(VoiceConcernStep.concern_id == concern.id)
        .order_by(VoiceConcernStep.id)
        .limit(MOST_STEPS)
    ).all()
    others = db.session.scalars(
        select(Scheme.title)
        .join(VoiceConcernScheme, VoiceConcernScheme.scheme_id == Scheme.id)
        .where(VoiceConcernScheme.concern_id == concern.id, Scheme.id != scheme.scheme_id)
        .order_by(Scheme.title)
    ).all()
    provider = concern.organisation
    return ConcernPage(
        scheme=scheme,
        concern_id=concern.id,
        provider=provider.name,
        provider_contact=tuple(each for each in (provider.address, provider.postcode, provider.phone) if each),
        service=title(SERVICES, concern.service) if concern.service else "",
        text=concern.text,
        contact=concern.contact,
        language=concern.language,
        received_at=concern.received_at,
        closed_at=concern.closed_at,
        version=concern.version,
        read=bool(steps),
        steps=tuple(StepRow(STEP_WORDS[step.kind], step.at, who, step.to_whom, step.words) for step, who in steps),
        others=tuple(others),
    )


def open_concerns(actor: Actor) -> tuple[tuple[str, str, int], ...]:
    """(scheme's code, its title, how many open concerns) where the actor manages. Two statements."""
    managed = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not managed:
        return ()
    rows = db.session.execute(
        select(Scheme.code, Scheme.title, func.count())
        .join(VoiceConcernScheme, VoiceConcernScheme.scheme_id == Scheme.id)
        .join(VoiceConcern, VoiceConcern.id == VoiceConcernScheme.concern_id)
        .where(
            Scheme.id.in_(managed),
            VoiceConcern.closed_at.is_(None),
            VoiceConcern.organisation_id.not_in(closed_to(actor)),
        )
        .group_by(Scheme.code, Scheme.title)
        .order_by(Scheme.title)
    ).all()
    return tuple((code, called, number) for code, called, number in rows)
