"""Requests that the lead of an organisation passes on, for who asked and for its own people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.access import Action, Actor, Role, Subject, may, require
from app.domain.errors import NotFound
from app.domain.lead_request import (
    ALIVE,
    OBJECTION,
    OPEN_FOR,
    RequestKind,
    RequestStatus,
    others_decide_from,
)
from app.extensions import db
from app.models import Application, Award, Interest, LeadRequest, Membership, Organisation, Scheme, User
from app.queries.subjects import is_seen_by_scheme

NOT_THERE = "There is no such page, or it is not open to you."
MOST = 50


@dataclass(frozen=True)
class LeadRequestRow:
    """One request. `others_from`: from when others than the leads may decide. `ends_at`: when it ends by itself."""

    request_id: int
    organisation_id: int
    organisation: str
    kind: RequestKind
    status: RequestStatus
    person_id: int
    person: str
    person_email: str
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    ends_at: datetime | None
    others_from: datetime | None
    reason: str
    position: str
    proof: str
    giver_becomes: str
    decided_by: str
    decided_at: datetime | None
    how_checked: str
    refusal: str
    objected_by: str
    objection: str

    @property
    def alive(self) -> bool:
        return self.status in ALIVE


@dataclass(frozen=True)
class LeadRow:
    """Somebody who leads the organisation."""

    name: str
    email: str
    last_signed_in_at: datetime | None


@dataclass(frozen=True)
class LeadRequestPage:
    """One request with who leads now, which schemes may decide, and what the one who looks may do."""

    row: LeadRequestRow
    leads: tuple[LeadRow, ...]
    schemes: tuple[str, ...]
    is_mine: bool
    may_answer: bool
    may_withdraw: bool
    may_object: bool
    belongs: bool


def lead_request_page(request_id: int, *, actor: Actor, now: datetime) -> LeadRequestPage:
    """The page of one request for who asked, was asked, or works for the organisation. Raises NotFound."""
    rows = request_rows(db.session, now, LeadRequest.id == request_id)
    if not rows or not actor.signed_in:
        raise NotFound(NOT_THERE)
    row = rows[0]
    subject = Subject(organisation_id=row.organisation_id)
    belongs = may(actor, Action.LEAVE_ORGANISATION, subject)
    if not belongs and actor.user_id not in {row.person_id, row.asked_by_id}:
        raise NotFound(NOT_THERE)
    leads_here = may(actor, Action.ANSWER_LEAD_REQUEST, subject)
    is_open, mine = row.status is RequestStatus.OPEN, actor.user_id == row.person_id
    offered = row.kind is RequestKind.HAND_OVER
    return LeadRequestPage(
        row=row,
        leads=leads_of(row.organisation_id),
        schemes=_titles(deciding_schemes(db.session, row.organisation_id)),
        is_mine=mine,
        may_answer=is_open and (mine if offered else leads_here),
        may_withdraw=is_open and actor.user_id == row.asked_by_id,
        may_object=row.status is RequestStatus.GRANTED and leads_here and not mine,
        belongs=belongs,
    )


def open_requests(organisation_id: int, *, now: datetime) -> tuple[LeadRequestRow, ...]:
    """What is not over yet at an organisation: two statements."""
    where = LeadRequest.organisation_id == organisation_id
    return tuple(row for row in request_rows(db.session, now, where & LeadRequest.status.in_(ALIVE)) if row.alive)


def requests_about(organisation_ids: Sequence[int], *, now: datetime) -> tuple[LeadRequestRow, ...]:
    """What is not over yet at any of these organisations: two statements."""
    if not organisation_ids:
        return ()
    where = LeadRequest.organisation_id.in_(organisation_ids) & LeadRequest.status.in_(ALIVE)
    return tuple(row for row in request_rows(db.session, now, where) if row.alive)


def own_requests(*, actor: Actor, now: datetime) -> tuple[LeadRequestRow, ...]:
    """What one asked for oneself or was offered, the newest first: two statements."""
    require(actor, Action.USE_ACCOUNT)
    return request_rows(db.session, now, LeadRequest.person_id == actor.user_id)


def waiting_for_operator(*, now: datetime) -> tuple[LeadRequestRow, ...]:
    """What only the operator can decide: its time has come, or it is objected to, and no scheme knows the organisation."""
    applied = select(Application.organisation_id).where(is_seen_by_scheme())
    unknown = LeadRequest.organisation_id.not_in(applied) & LeadRequest.organisation_id.not_in(
        select(Award.organisation_id)
    )
    rows = request_rows(db.session, now, unknown & LeadRequest.status.in_(ALIVE))
    return tuple(row for row in rows if _is_due(row, now))


def _is_due(row: LeadRequestRow, now: datetime) -> bool:
    if row.status is RequestStatus.OBJECTED:
        return True
    return row.status is RequestStatus.OPEN and row.others_from is not None and now >= row.others_from


def leads_of(organisation_id: int) -> tuple[LeadRow, ...]:
    """Who leads an organisation."""
    rows = db.session.execute(
        select(User.name, User.email, User.last_signed_in_at)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == Role.LEAD)
        .order_by(User.name, User.id)
        .limit(MOST)
    )
    return tuple(LeadRow(*row) for row in rows)


def deciding_schemes(session: Session, organisation_id: int) -> dict[int, str]:
    """The schemes that know the organisation by an application or an award, id to code: whose managers may decide."""
    applied = select(Application.scheme_id).where(Application.organisation_id == organisation_id, is_seen_by_scheme())
    held = select(Award.scheme_id).where(Award.organisation_id == organisation_id)
    rows = session.execute(
        select(Scheme.id, Scheme.code).where(or_(Scheme.id.in_(applied), Scheme.id.in_(held))).order_by(Scheme.id)
    )
    return {scheme_id: code for scheme_id, code in rows}


def deciding_subject(session: Session, organisation_id: int, scheme_id: int) -> Subject:
    """The facts that bar a manager from deciding: any tie to the organisation, however old."""
    ties = select(Interest.user_id).where(Interest.organisation_id == organisation_id, Interest.closed_at.is_(None))
    tied = session.scalars(ties).all()
    return Subject(organisation_id=organisation_id, scheme_id=scheme_id, tied=frozenset(tied))


def organisations_named(session: Session, which: str) -> list[int]:
    """The organisations with this charity or company number, or with exactly this name; at most two."""
    text = " ".join(which.split())
    number = re.sub(r"[^0-9A-Za-z-]", "", text).upper()
    if not text:
        return []
    by_number = or_(Organisation.charity_number == number, Organisation.company_number == number)
    by_name = func.lower(Organisation.name) == text.lower()
    return list(session.scalars(select(Organisation.id).where(or_(by_number, by_name)).limit(2)))


def _titles(schemes: dict[int, str]) -> tuple[str, ...]:
    if not schemes:
        return ()
    rows = db.session.scalars(select(Scheme.title).where(Scheme.id.in_(schemes)).order_by(Scheme.title))
    return tuple(rows)


def request_rows(session: Session, now: datetime, where: ColumnElement[bool]) -> tuple[LeadRequestRow, ...]:
    """Requests, the newest first: two statements."""
    person, giver, decider, objector = (aliased(User) for _ in range(4))
    found = session.execute(
        select(LeadRequest, Organisation.name, person.name, person.email, giver.name, decider.name, objector.name)
        .join(Organisation, Organisation.id == LeadRequest.organisation_id)
        .join(person, person.id == LeadRequest.person_id)
        .outerjoin(giver, giver.id == LeadRequest.asked_by_id)
        .outerjoin(decider, decider.id == LeadRequest.decided_by_id)
        .outerjoin(objector, objector.id == LeadRequest.objected_by_id)
        .where(where)
        .order_by(LeadRequest.id.desc())
        .limit(MOST)
    ).all()
    led = _with_leads(session, {row[0].organisation_id for row in found})
    return tuple(_row(request, names, request.organisation_id in led, now) for request, *names in found)


def _with_leads(session: Session, organisation_ids: set[int]) -> set[int]:
    """Those of the organisations that somebody leads."""
    if not organisation_ids:
        return set()
    leads = select(Membership.organisation_id).where(
        Membership.organisation_id.in_(organisation_ids), Membership.role == Role.LEAD
    )
    return set(session.scalars(leads.distinct()))


def _row(request: LeadRequest, names: list[str | None], has_leads: bool, now: datetime) -> LeadRequestRow:
    organisation, person, email, giver, decider, objector = (name or "" for name in names)
    status = request.standing(now)
    operator = "The operator of this site"
    return LeadRequestRow(
        request_id=request.id,
        organisation_id=request.organisation_id,
        organisation=organisation,
        kind=request.kind,
        status=status,
        person_id=request.person_id,
        person=person,
        person_email=email,
        asked_by_id=request.asked_by_id,
        asked_by=giver or operator,
        asked_at=request.asked_at,
        ends_at=_ends_at(request, status),
        others_from=others_decide_from(request.kind, request.asked_at, has_leads),
        reason=request.reason,
        position=request.position,
        proof=request.proof,
        giver_becomes=request.giver_becomes,
        decided_by=(decider or operator) if request.decided_at else "",
        decided_at=request.decided_at,
        how_checked=request.how_checked,
        refusal=request.refusal,
        objected_by=objector,
        objection=request.objection,
    )


def _ends_at(request: LeadRequest, status: RequestStatus) -> datetime | None:
    ends = {
        RequestStatus.OPEN: request.ends_at,
        RequestStatus.GRANTED: request.status_at + OBJECTION,
        RequestStatus.OBJECTED: request.status_at + OPEN_FOR,
    }
    return ends.get(status)
