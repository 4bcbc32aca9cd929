"""In which of many appeals and complaints one person had a part: for lists, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, literal, or_, select
from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.models import Appeal, Application, Assessment, AuditRow, Complaint, ComplaintPerson, Decision, Panel, PanelSeat
from app.queries.concerns import closed_to
from app.queries.reviewers import OF_A_CASE


@dataclass(frozen=True, slots=True)
class Had:
    """That the person had a part in a case of an organisation at a moment."""

    application_id: int
    organisation_id: int
    scheme_id: int
    at: datetime


def parts_had(session: Session, actor: Actor, organisations: Collection[int]) -> tuple[Had, ...]:
    """Every part that the actor had in cases of these organisations. One statement; none for no organisation."""
    if not organisations or not actor.signed_in:
        return ()
    me = literal(actor.user_id)
    noted = or_(*(AuditRow.action.startswith(noun) for noun in OF_A_CASE))
    parts: list[Select[tuple[int, datetime]]] = [
        select(Assessment.application_id, Assessment.assigned_at).where(
            (Assessment.assessor_id == me) | (Assessment.assigned_by_id == me)
        ),
        select(Panel.application_id, Panel.called_at).where(Panel.called_by_id == me),
        select(Panel.application_id, Panel.called_at)
        .join(PanelSeat, PanelSeat.panel_id == Panel.id)
        .where(PanelSeat.user_id == me),
        select(Decision.application_id, Decision.decided_at).where(Decision.decided_by_id == me),
        select(AuditRow.application_id, AuditRow.at).where(
            AuditRow.actor_id == me, AuditRow.application_id.is_not(None), noted
        ),
    ]
    had = parts[0].union(*parts[1:]).subquery()
    case_id, at = had.c[0], had.c[1]
    found = session.execute(
        select(Application.id, Application.organisation_id, Application.scheme_id, at)
        .join(had, case_id == Application.id)
        .where(Application.organisation_id.in_(organisations))
    )
    return tuple(Had(*row) for row in found)


def appeals_open_to(session: Session, actor: Actor, appeals: Sequence[Appeal]) -> frozenset[int]:
    """The ids of those appeals whose matter the actor had no part in and whose provider they have no tie to. Two statements."""
    had = parts_had(session, actor, {each.organisation_id for each in appeals})
    tied = set(closed_to(actor))
    mine = {
        each.id
        for each in appeals
        if any(part.application_id == each.application_id and part.at <= each.lodged_at for part in had)
    }
    return frozenset(each.id for each in appeals if each.id not in mine and each.organisation_id not in tied)


def complaints_open_to(session: Session, actor: Actor, complaints: Sequence[Complaint]) -> frozenset[int]:
    """The ids of those complaints that the actor may open. Three statements.

    What concerns safety is open to managers with a part in the provider's cases too, and all to auditors; what is about
    the actor or somebody they have a tie to is not.
    """
    about = {each.organisation_id for each in complaints if each.organisation_id is not None}
    had, tied = parts_had(session, actor, about), set(closed_to(actor))
    concerned = set(
        session.scalars(select(ComplaintPerson.complaint_id).where(ComplaintPerson.user_id == actor.user_id))
    )
    return frozenset(
        each.id
        for each in complaints
        if each.id not in concerned
        and each.organisation_id not in tied
        and (_may_at_once(actor, each) or not _part(had, each))
    )


def _may_at_once(actor: Actor, complaint: Complaint) -> bool:
    return complaint.safety or Role.AUDITOR in actor.schemes.get(complaint.scheme_id, frozenset())


def _part(had: Sequence[Had], complaint: Complaint) -> bool:
    return any(
        part.organisation_id == complaint.organisation_id
        and part.scheme_id == complaint.scheme_id
        and part.at <= complaint.received_at
        for part in had
    )
