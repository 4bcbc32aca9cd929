"""What waits about appeals and complaints: for managers with no part in the matter, and for those who review it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import AppealStatus, ComplaintStatus
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import Appeal, Complaint, Scheme
from app.queries.own_parts import appeals_open_to, complaints_open_to
from app.queries.reviews import reviews_home

MOST = 20
TO_HANDLE = (AppealStatus.RECEIVED, AppealStatus.ADMITTED)
TO_CLOSE = (AppealStatus.UPHELD, AppealStatus.PARTLY_UPHELD, AppealStatus.DISMISSED, AppealStatus.NOT_ADMITTED)
UNANSWERED = (ComplaintStatus.RECEIVED, ComplaintStatus.ACKNOWLEDGED, ComplaintStatus.INVESTIGATING)


def for_reviewers(actor: Actor, today: date) -> list[ToDo]:
    """What the actor has to declare on, read or decide. One statement; none for who judges nowhere."""
    if not may_somewhere(actor, Action.SEE_REVIEWS):
        return []
    return [
        ToDo(Kind.REVIEW, f"{row.next_step}: {row.what}", f"/reviews/{row.review_id}", due_on=row.due_on)
        for row in reviews_home(actor, today)
        if row.next_step
    ]


def for_managers(actor: Actor, today: date) -> list[ToDo]:
    """Appeals and complaints that the actor may handle, in the schemes that they manage, counted, with the earliest day.

    It names no provider and no number: nobody who looks over a shoulder may learn of them.
    """
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not schemes:
        return []
    found = db.session.execute(select(Scheme.id, Scheme.code, Scheme.title).where(Scheme.id.in_(schemes))).all()
    return [
        thing
        for scheme_id, code, title in found
        for thing in (*_appeals(scheme_id, code, title, actor), *_complaints(scheme_id, code, title, actor))
    ]


def _appeals(scheme_id: int, code: str, title: str, actor: Actor) -> Iterable[ToDo]:
    open_ = [each for each in _mine(scheme_id, TO_HANDLE, actor)]
    if open_:
        what = f"Handle {counted(len(open_), 'appeal')} in {title}"
        yield ToDo(Kind.CASE, what, f"/schemes/{code}/appeals", due_on=min(each.due_on for each in open_))
    ended = [each for each in _mine(scheme_id, TO_CLOSE, actor)]
    if ended:
        what = f"Write down what was learned from {counted(len(ended), 'appeal')} in {title}"
        yield ToDo(Kind.CASE, what, f"/schemes/{code}/appeals")


def _mine(scheme_id: int, statuses: tuple[AppealStatus, ...], actor: Actor) -> list[Appeal]:
    found = db.session.scalars(
        select(Appeal)
        .where(Appeal.scheme_id == scheme_id, Appeal.status.in_(statuses))
        .order_by(Appeal.due_on, Appeal.id)
        .limit(MOST)
    )
    listed = list(found)
    open_ = appeals_open_to(db.session(), actor, listed)
    return [each for each in listed if each.id in open_]


def _complaints(scheme_id: int, code: str, title: str, actor: Actor) -> Iterable[ToDo]:
    found = db.session.scalars(
        select(Complaint)
        .where(Complaint.scheme_id == scheme_id, Complaint.status.in_(UNANSWERED))
        .order_by(Complaint.safety.desc(), Complaint.answer_by, Complaint.id)
        .limit(MOST)
    )
    listed = list(found)
    open_ = complaints_open_to(db.session(), actor, listed)
    mine = [each for each in listed if each.id in open_]
    new = [each for each in mine if each.status is ComplaintStatus.RECEIVED]
    going_on = [each for each in mine if each.status is not ComplaintStatus.RECEIVED]
    if new:
        what = f"Confirm {counted(len(new), 'complaint')} to {title}"
        urgent = any(each.safety for each in new)
        due_on = min(each.received_at.date() if urgent and each.safety else each.acknowledge_by for each in new)
        yield ToDo(Kind.CASE, what, f"/schemes/{code}/complaints", due_on=due_on)
    if going_on:
        what = f"See that {counted(len(going_on), 'complaint')} to {title} {'is' if len(going_on) == 1 else 'are'} answered"
        yield ToDo(Kind.CASE, what, f"/schemes/{code}/complaints", due_on=min(each.answer_by for each in going_on))
