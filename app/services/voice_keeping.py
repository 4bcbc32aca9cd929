"""What a concern sets off, within the transaction of who keeps it: which schemes look after it, and who is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY, Role
from app.domain.topics import Topic
from app.domain.voice import Concern
from app.models import (
    Application,
    Award,
    ConsortiumMember,
    Interest,
    Membership,
    Scheme,
    SchemePost,
    User,
    VoiceConcern,
    VoiceConcernScheme,
)
from app.queries.subjects import is_seen_by_scheme
from app.queries.voice_public import Way
from app.services.telling import tell
from app.services.transactions import record

MOST_TOLD = 100


def keep_concern(session: Session, way: Way, concern: Concern, language: str, once: str, now: datetime) -> None:
    """Keep a concern apart from any answer, and tell the managers who look after it. The same one twice is one.

    The provider learns nothing of it: the audit rows name no organisation, and the messages hold no details.
    """
    if session.scalars(select(VoiceConcern.id).where(VoiceConcern.once == once)).first():
        return
    kept = VoiceConcern(
        organisation_id=way.organisation_id,
        text=concern.text,
        contact=concern.contact,
        language=language,
        service=way.service_code,
        received_at=now,
        once=once,
    )
    session.add(kept)
    session.flush()
    schemes, managers = _who_looks_after(session, way.organisation_id)
    for scheme in schemes:
        session.add(VoiceConcernScheme(concern_id=kept.id, scheme_id=scheme.id))
        record(session, NOBODY, "concern.received", kept, now, scheme_id=scheme.id)
    for scheme, people in managers:
        tell(session, people, "concern_received", now, topic=Topic.SAFEGUARDING, scheme=scheme.title, code=scheme.code)


def _who_looks_after(session: Session, organisation_id: int) -> tuple[list[Scheme], list[tuple[Scheme, list[User]]]]:
    """The schemes in which the organisation holds or has applied for something, and whom to tell, each person once.

    Where it holds nothing, or nobody there is free of an interest in it, every scheme looks after it: it must reach
    somebody.
    """
    applied = select(Application.scheme_id).where(Application.organisation_id == organisation_id, is_seen_by_scheme())
    held = select(Award.scheme_id).where(Award.organisation_id == organisation_id)
    theirs = set(session.scalars(applied.union(held)))
    schemes = list(session.scalars(select(Scheme).order_by(Scheme.id)))
    own = [scheme for scheme in schemes if scheme.id in theirs]
    managers = _managers(session, own, organisation_id)
    if not managers:
        own, managers = schemes, _managers(session, schemes, organisation_id)
    return own, managers


def _managers(session: Session, schemes: Sequence[Scheme], organisation_id: int) -> list[tuple[Scheme, list[User]]]:
    """The managers of each scheme who have nothing to do with the organisation; who manages several stands once.

    Nobody else may open a concern: one that only they were told of would reach nobody.
    """
    tied = select(Interest.user_id).where(Interest.organisation_id == organisation_id, Interest.closed_at.is_(None))
    members = select(ConsortiumMember.member_id).where(
        ConsortiumMember.consortium_id == organisation_id, ConsortiumMember.left_at.is_(None)
    )
    within = select(Membership.user_id).where(
        or_(Membership.organisation_id == organisation_id, Membership.organisation_id.in_(members))
    )
    rows = session.execute(
        select(SchemePost.scheme_id, User)
        .join(User, User.id == SchemePost.user_id)
        .where(
            SchemePost.scheme_id.in_([scheme.id for scheme in schemes]),
            SchemePost.role == Role.MANAGER,
            User.closed_at.is_(None),
            User.id.not_in(tied),
            User.id.not_in(within),
        )
        .order_by(SchemePost.scheme_id, User.id)
        .limit(MOST_TOLD)
    ).all()
    told: set[int] = set()
    found: list[tuple[Scheme, list[User]]] = []
    for scheme in schemes:
        people = [user for scheme_id, user in rows if scheme_id == scheme.id and user.id not in told]
        told.update(user.id for user in people)
        if people:
            found.append((scheme, people))
    return found
