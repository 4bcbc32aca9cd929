"""A member of a consortium stands a piece of its own evidence behind one of the consortium's answers, as a copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import NotFound
from app.models import EvidenceItem, EvidenceVersion, Organisation
from app.services.answers import editable_application
from app.services.evidence import Behind, put_behind
from app.services.transactions import record, transaction

NOT_THERE = "There is no such page, or it is not open to you."
OWN = {"id", "item_id", "number", "added_at", "added_by_id"}


def lend_evidence(item_id: int, member_id: int, behind: Behind, *, actor: Actor, now: datetime) -> int:
    """Copy the newest version of a member's piece into the consortium's library and put it behind a criterion.

    The consortium keeps the copy, also after the member has left: what an assessor read must stay. Twice is once. Returns
    the copy's id. Raises NotFound, NotAllowed, Conflict once the application can no longer be changed.
    """
    require(actor, Action.ADD_EVIDENCE, Subject(organisation_id=member_id))
    with transaction() as session:
        application = editable_application(
            session, behind.application_id, Action.ANSWER_PART, actor, member_id=member_id
        )
        item = session.get(EvidenceItem, item_id)
        if item is None or item.organisation_id != member_id or item.archived_at is not None:
            raise NotFound(NOT_THERE)
        copy = _copy(session, item, application.organisation_id, actor, now)
        put_behind(session, application, copy, behind, actor, now)
        return copy.id


def _copy(session: Session, item: EvidenceItem, consortium_id: int, actor: Actor, now: datetime) -> EvidenceItem:
    newest = item.versions[-1]
    there = session.scalars(
        select(EvidenceItem)
        .join(EvidenceVersion, EvidenceVersion.item_id == EvidenceItem.id)
        .where(EvidenceItem.organisation_id == consortium_id, EvidenceVersion.sha256 == newest.sha256)
        .order_by(EvidenceItem.id)
        .limit(1)
    ).first()
    if there is not None:
        return there
    lender = session.get_one(Organisation, item.organisation_id).name
    copy = EvidenceItem(
        organisation_id=consortium_id,
        title=f"{item.title[: 195 - min(len(lender), 100)]} ({lender[:100]})",
        kind=item.kind,
        collected=item.collected,
        created_at=now,
        created_by_id=actor.user_id,
    )
    session.add(copy)
    session.flush()
    values = {
        column.key: getattr(newest, column.key) for column in EvidenceVersion.__table__.columns if column.key not in OWN
    }
    values |= {"title": copy.title, "kind": copy.kind, "handed_in": False}
    session.add(EvidenceVersion(item_id=copy.id, number=1, added_at=now, added_by_id=actor.user_id, **values))
    record(session, actor, "evidence.lent", copy, now, organisation_id=consortium_id, title=item.title, member=lender)
    session.flush()
    return copy
