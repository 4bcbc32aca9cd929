"""Needs as the public reads them, as their owners keep them, and as providers answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.backends.postcodes import area_names
from app.backends.searching import Query
from app.domain.access import Action, Actor, Subject, may, require
from app.domain.errors import Conflict, NotFound
from app.domain.lifecycle import CURRENT, status_on
from app.domain.needs import PUBLIC, STATUS_WORDS, NeedStatus, Said
from app.extensions import db
from app.models import Need, NeedAnswer, NeedChange, NeedFacet, NeedTold, Organisation, RegisterEntry
from app.queries.lists import CLIENT_GROUPS, SERVICES, title
from app.queries.matching import matching_ids
from app.queries.register_rows import Standing, standing

PAGE_SIZE = 20
MOST_ANSWERS, MOST_CHANGES, MOST_OWN = 500, 100, 200
NOT_THERE = "There is no such need, or it is not published."


@dataclass(frozen=True)
class NeedRow:
    """One need in a list."""

    need_id: int
    title: str
    organisation: str
    services: tuple[str, ...]
    areas: tuple[str, ...]
    volume: str
    answer_by: date | None
    status: NeedStatus
    status_words: str
    published_at: datetime | None
    updated_at: datetime
    interested: int


@dataclass(frozen=True)
class NeedsPage:
    """A page of published needs. `services` and `areas` are (code, title) of what any of them names."""

    rows: tuple[NeedRow, ...]
    total: int
    page: int
    pages: int
    services: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnswerRow:
    """One provider that is interested. Its standing is that of today, whatever it was when it answered."""

    organisation_id: int
    slug: str
    name: str
    standing: Standing
    people: int
    from_on: date
    words: str
    answered_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Answering:
    """An organisation for which the actor may answer. `approved` says that it may; `version` is that of its answer."""

    organisation_id: int
    name: str
    approved: bool
    answered: bool
    version: int
    people: int | None
    from_on: date | None
    words: str


@dataclass(frozen=True)
class NeedPage:
    """One need. `own` is true for those who keep it, `may_hide` for managers; `fit` counts approved providers that fit."""

    row: NeedRow
    client_groups: tuple[str, ...]
    words: str
    starts_on: date | None
    ends_on: date | None
    contact_name: str
    contact_email: str
    status_at: datetime
    status_reason: str
    status_by: str
    told: int
    answers: tuple[AnswerRow, ...]
    changes: tuple[tuple[datetime, str], ...]
    own: bool
    may_hide: bool
    open: bool
    answering: tuple[Answering, ...]
    fit: int | None
    version: int


def fitting(services: Sequence[str], areas: Sequence[str]) -> Query:
    """Who fits a need: an award in force, any of the services in its scope, and work in any of the councils."""
    standing_now = frozenset(status.value for status in CURRENT)
    return Query(filters={"service": frozenset(services), "area": frozenset(areas), "status": standing_now})


def needs_page(*, service: str, area: str, state: str, page: int, today: date) -> NeedsPage:
    """A page of needs, those with the nearest last day first; closed ones the latest first. Five statements."""
    wanted = _state(state, today)
    for kind, code in (("service", service), ("area", area)):
        if code:
            wanted &= Need.id.in_(select(NeedFacet.need_id).where(NeedFacet.kind == kind, NeedFacet.code == code))
    total = db.session.scalar(select(func.count(Need.id)).where(wanted)) or 0
    pages = max(-(-total // PAGE_SIZE), 1)
    page = min(max(page, 1), pages)
    order = (Need.answer_by, Need.id) if state != "closed" else (Need.published_at.desc(), Need.id.desc())
    found = db.session.scalars(
        select(Need).where(wanted).order_by(*order).offset((page - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).all()
    named = {
        kind: tuple(
            db.session.scalars(
                select(NeedFacet.code)
                .join(Need, Need.id == NeedFacet.need_id)
                .where(NeedFacet.kind == kind, Need.status.in_(PUBLIC))
                .distinct()
                .limit(500)
            )
        )
        for kind in ("service", "area")
    }
    return NeedsPage(
        rows=_rows(found, today),
        total=total,
        page=page,
        pages=pages,
        services=_titled(named["service"], {code: title(SERVICES, code) for code in named["service"]}),
        areas=_titled(named["area"], area_names()),
    )


def newest_needs(most: int, today: date) -> tuple[NeedRow, ...]:
    """The latest published, for feed readers. Two statements."""
    shown = Need.status.in_((NeedStatus.PUBLISHED, NeedStatus.CLOSED, NeedStatus.WITHDRAWN))
    found = db.session.scalars(select(Need).where(shown).order_by(Need.published_at.desc(), Need.id.desc()).limit(most))
    return _rows(found.all(), today)


def own_needs(actor: Actor, today: date) -> tuple[NeedRow, ...]:
    """One's own and one's teams' needs, drafts among them, the latest first. Raises NotFound if nobody is signed in."""
    require(actor, Action.USE_LISTS)
    own = or_(Need.owner_id == actor.user_id, Need.team_id.in_(actor.teams))
    found = db.session.scalars(select(Need).where(own).order_by(Need.updated_at.desc(), Need.id.desc()).limit(MOST_OWN))
    return _rows(found.all(), today)


def need_page(need_id: int, actor: Actor, today: date) -> NeedPage:
    """One need for whoever looks. A draft is there for its owners alone, a hidden one says only that. Raises NotFound."""
    need = db.session.get(Need, need_id)
    own = need is not None and may(actor, Action.KEEP_LIST, Subject(owner_id=need.owner_id, team_id=need.team_id))
    if need is None or (need.status is NeedStatus.DRAFT and not own):
        raise NotFound(NOT_THERE)
    is_open = need.status is NeedStatus.PUBLISHED and need.answer_by is not None and need.answer_by >= today
    draft = need.status is NeedStatus.DRAFT
    return NeedPage(
        row=_rows([need], today)[0],
        client_groups=tuple(title(CLIENT_GROUPS, code) for code in need.client_groups),
        words=need.words,
        starts_on=need.starts_on,
        ends_on=need.ends_on,
        contact_name=need.contact_name,
        contact_email=need.contact_email,
        status_at=need.status_at,
        status_reason=need.status_reason,
        status_by=need.status_by,
        told=db.session.scalar(select(func.count(NeedTold.id)).where(NeedTold.need_id == need.id)) or 0,
        answers=_answers(need.id, today),
        changes=_changes(need.id),
        own=own,
        may_hide=any(may(actor, Action.HIDE_NEED, Subject(scheme_id=each)) for each in actor.schemes),
        open=is_open,
        answering=_answering(need.id, actor, today) if is_open else (),
        fit=len(matching_ids(fitting(need.services, need.areas), today)) if own and draft and need.services else None,
        version=need.version,
    )


@dataclass(frozen=True)
class OwnNeed:
    """What one's own need says, to be changed."""

    said: Said
    version: int
    draft: bool


def own_need(need_id: int, actor: Actor) -> OwnNeed:
    """One's own need or one's team's, to be changed. Raises NotFound."""
    need = db.session.get(Need, need_id)
    if need is None:
        raise NotFound(NOT_THERE)
    require(actor, Action.KEEP_LIST, Subject(owner_id=need.owner_id, team_id=need.team_id))
    lists = {name: tuple(getattr(need, name)) for name in ("services", "client_groups", "areas")}
    said = Said(**{each.name: lists.get(each.name, getattr(need, each.name)) for each in fields(Said)})
    return OwnNeed(said, need.version, need.status is NeedStatus.DRAFT)


def _state(state: str, today: date) -> ColumnElement[bool]:
    is_open = (Need.status == NeedStatus.PUBLISHED) & (Need.answer_by >= today)
    if state == "closed":
        ended = or_(Need.status.in_((NeedStatus.CLOSED, NeedStatus.WITHDRAWN)), Need.answer_by < today)
        return Need.status.in_((NeedStatus.PUBLISHED, NeedStatus.CLOSED, NeedStatus.WITHDRAWN)) & ended
    return is_open


def _rows(needs: Sequence[Need], today: date) -> tuple[NeedRow, ...]:
    counts: dict[int, int] = dict(
        db.session.execute(
            select(NeedAnswer.need_id, func.count(NeedAnswer.id))
            .where(NeedAnswer.need_id.in_([need.id for need in needs]), NeedAnswer.taken_back_at.is_(None))
            .group_by(NeedAnswer.need_id)
        ).all()
    )
    return tuple(_row(need, counts.get(need.id, 0), today) for need in needs)


def _row(need: Need, interested: int, today: date) -> NeedRow:
    over = need.status is NeedStatus.PUBLISHED and need.answer_by is not None and need.answer_by < today
    status = NeedStatus.CLOSED if over else need.status
    return NeedRow(
        need_id=need.id,
        title=need.title,
        organisation=need.organisation,
        services=tuple(title(SERVICES, code) for code in need.services),
        areas=tuple(area_names().get(code, code) for code in need.areas),
        volume=f"{need.people:,} {'person' if need.people == 1 else 'people'} a {need.per}" if need.people else "",
        answer_by=need.answer_by,
        status=status,
        status_words=STATUS_WORDS[status],
        published_at=need.published_at,
        updated_at=need.updated_at,
        interested=interested,
    )


def _answers(need_id: int, today: date) -> tuple[AnswerRow, ...]:
    """In the order of names, which favours nobody for having been first."""
    rows = db.session.execute(
        select(NeedAnswer, RegisterEntry)
        .join(RegisterEntry, RegisterEntry.id == NeedAnswer.entry_id)
        .where(NeedAnswer.need_id == need_id, NeedAnswer.taken_back_at.is_(None))
        .order_by(func.lower(RegisterEntry.name), NeedAnswer.id)
        .limit(MOST_ANSWERS)
    )
    return tuple(
        AnswerRow(
            organisation_id=answer.organisation_id,
            slug=entry.slug,
            name=entry.name,
            standing=standing(entry.status, entry.status_on, entry.expires_on, today),
            people=answer.people,
            from_on=answer.from_on,
            words=answer.words,
            answered_at=answer.answered_at,
            changed_at=answer.changed_at,
        )
        for answer, entry in rows
    )


def _changes(need_id: int) -> tuple[tuple[datetime, str], ...]:
    found = db.session.scalars(
        select(NeedChange).where(NeedChange.need_id == need_id).order_by(NeedChange.id.desc()).limit(MOST_CHANGES)
    )
    return tuple((each.at, each.words) for each in found)


def _answering(need_id: int, actor: Actor, today: date) -> tuple[Answering, ...]:
    """The organisations of the actor's, with their answers and whether they are approved. Three statements, or none."""
    ids = [
        each for each in sorted(actor.organisations) if may(actor, Action.ANSWER_NEED, Subject(organisation_id=each))
    ]
    if not ids:
        return ()
    names: Mapping[int, str] = dict(
        db.session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids))).all()
    )
    entries = db.session.scalars(select(RegisterEntry).where(RegisterEntry.organisation_id.in_(ids)))
    approved = {each.organisation_id for each in entries if status_on(each.status, each.expires_on, today) in CURRENT}
    found = db.session.scalars(
        select(NeedAnswer).where(NeedAnswer.need_id == need_id, NeedAnswer.organisation_id.in_(ids))
    )
    answers = {each.organisation_id: each for each in found}
    return tuple(_answer_of(each, names[each], each in approved, answers.get(each)) for each in ids)


def _answer_of(organisation_id: int, name: str, approved: bool, answer: Any) -> Answering:
    stands = answer is not None and answer.taken_back_at is None
    return Answering(
        organisation_id=organisation_id,
        name=name,
        approved=approved,
        answered=stands,
        version=answer.version if answer is not None else 0,
        people=answer.people if stands else None,
        from_on=answer.from_on if stands else None,
        words=answer.words if stands else "",
    )


def _titled(codes: Sequence[str], titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((code, titles.get(code, code)) for code in codes), key=lambda pair: pair[1]))


def answering_for(page: NeedPage, organisation_id: int, actor: Actor) -> Answering:
    """What the organisation may answer to the need. Raises NotFound, NotAllowed, Conflict where it takes no answers."""
    require(actor, Action.ANSWER_NEED, Subject(organisation_id=organisation_id))
    if not page.open:
        raise Conflict("This need takes no more answers. What was said stays on its page.")
    return next(each for each in page.answering if each.organisation_id == organisation_id)
