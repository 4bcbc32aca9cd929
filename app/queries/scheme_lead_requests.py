"""Requests that the lead of an organisation passes on, for the schemes that know it and decide where its leads do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import NotFound
from app.domain.lead_request import RequestKind, RequestStatus
from app.extensions import db
from app.models import Application, Award, LeadRequest, Organisation, Scheme
from app.queries.lead_requests import (
    NOT_THERE,
    LeadRequestRow,
    LeadRow,
    deciding_schemes,
    deciding_subject,
    leads_of,
    request_rows,
)
from app.queries.subjects import is_seen_by_scheme


@dataclass(frozen=True)
class SchemeRequestPage:
    """One request for a manager of a scheme. `from_at` is when they may decide, if that is still to come."""

    code: str
    scheme_id: int
    scheme: str
    row: LeadRequestRow
    leads: tuple[LeadRow, ...]
    public_email: str
    public_phone: str
    website: str
    charity_number: str | None
    company_number: str | None
    may_decide: bool
    from_at: datetime | None


@dataclass(frozen=True)
class SchemeRequests:
    """What waits for a scheme, and what lately ended."""

    code: str
    scheme: str
    alive: tuple[LeadRequestRow, ...]
    ended: tuple[LeadRequestRow, ...]


def scheme_lead_requests(code: str, *, actor: Actor, now: datetime) -> SchemeRequests:
    """The requests at organisations that a scheme knows, those that can still change first. Raises NotFound."""
    scheme = _managed(code, actor)
    rows = request_rows(db.session, now, known_to(scheme.id))
    return SchemeRequests(
        scheme.code, scheme.title, tuple(r for r in rows if r.alive), tuple(r for r in rows if not r.alive)
    )


def scheme_lead_request(code: str, request_id: int, *, actor: Actor, now: datetime) -> SchemeRequestPage:
    """One request for a manager of the scheme. Raises NotFound, and NotAllowed for one with a tie to the organisation."""
    scheme = _managed(code, actor)
    rows = request_rows(db.session, now, (LeadRequest.id == request_id) & (LeadRequest.kind != RequestKind.HAND_OVER))
    if not rows or scheme.id not in deciding_schemes(db.session, rows[0].organisation_id):
        raise NotFound(NOT_THERE)
    row = rows[0]
    require(actor, Action.DECIDE_ON_LEAD, deciding_subject(db.session, row.organisation_id, scheme.id))
    early = row.status is RequestStatus.OPEN and row.others_from is not None and now < row.others_from
    holder = db.session.get_one(Organisation, row.organisation_id)
    return SchemeRequestPage(
        code=scheme.code,
        scheme_id=scheme.id,
        scheme=scheme.title,
        row=row,
        leads=leads_of(row.organisation_id),
        public_email=holder.email,
        public_phone=holder.phone,
        website=holder.website,
        charity_number=holder.charity_number,
        company_number=holder.company_number,
        may_decide=row.status in {RequestStatus.OPEN, RequestStatus.OBJECTED} and not early,
        from_at=row.others_from if early else None,
    )


def known_to(scheme_id: int) -> ColumnElement[bool]:
    """That a request is one for others to decide, at an organisation that the scheme knows by a case or an award."""
    applied = select(Application.organisation_id).where(Application.scheme_id == scheme_id, is_seen_by_scheme())
    held = select(Award.organisation_id).where(Award.scheme_id == scheme_id)
    known = or_(LeadRequest.organisation_id.in_(applied), LeadRequest.organisation_id.in_(held))
    return known & (LeadRequest.kind != RequestKind.HAND_OVER)


def _managed(code: str, actor: Actor) -> Scheme:
    scheme = db.session.scalars(select(Scheme).where(Scheme.code == code)).first()
    if scheme is None:
        raise NotFound(NOT_THERE)
    require(actor, Action.DECIDE_ON_LEAD, Subject(scheme_id=scheme.id))
    return scheme
