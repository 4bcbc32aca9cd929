"""Who could assess a case or sit on its panel, with what bars them: read once, for the page and for the use-case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.impartiality import Involvement, Tie, bar_to_assess, bar_to_sit
from app.domain.lifecycle import AssessmentStatus
from app.models import Application, Assessment, Interest, Membership, Panel, PanelSeat, SchemePost, Score, User
from app.queries.frameworks import framework_of

MOST_CANDIDATES = 300
WORKING = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)
TAKING_PART = (*WORKING, AssessmentStatus.HANDED_IN)


@dataclass(frozen=True)
class Candidate:
    """One person of the scheme. `load` is how many cases they assess now; `bar` says why they may not take part."""

    user_id: int
    name: str
    email: str
    lay: bool
    load: int
    bar: str | None


def assessor_candidates(session: Session, application: Application, today: date) -> tuple[Candidate, ...]:
    """The scheme's assessors, those who may take the case first, then by load and name. Seven statements."""
    people = _holders(session, application.scheme_id, Role.ASSESSOR)
    ids = [user.id for user, _ in people]
    involved = involvements(session, application, ids)
    loads = _loads(session, ids)
    bar = framework_of(application.edition).assessment.conflict_bar
    found = [
        Candidate(
            user.id, user.name, user.email, lay, loads.get(user.id, 0), bar_to_assess(involved[user.id], bar, today)
        )
        for user, lay in people
    ]
    return tuple(sorted(found, key=lambda each: (each.bar is not None, each.load, each.name)))


def panel_candidates(session: Session, application: Application, today: date) -> tuple[Candidate, ...]:
    """The scheme's panel members, those who may sit first, then by name. Six statements."""
    people = _holders(session, application.scheme_id, Role.PANEL_MEMBER)
    involved = involvements(session, application, [user.id for user, _ in people])
    bar = framework_of(application.edition).assessment.conflict_bar
    found = [
        Candidate(user.id, user.name, user.email, lay, 0, bar_to_sit(involved[user.id], bar, today))
        for user, lay in people
    ]
    return tuple(sorted(found, key=lambda each: (each.bar is not None, each.name)))


def involvements(session: Session, application: Application, ids: Collection[int]) -> dict[int, Involvement]:
    """What joins each of these people to the case. Five statements."""
    members = set(_ids(session, Membership.user_id, Membership.organisation_id == application.organisation_id))
    ties = _ties(session, application.organisation_id, ids)
    assessments: dict[int, AssessmentStatus] = dict(
        _pairs(
            session,
            select(Assessment.assessor_id, Assessment.status).where(Assessment.application_id == application.id),
        )
    )
    scored = set(
        session.scalars(
            select(Assessment.assessor_id)
            .join(Score, Score.assessment_id == Assessment.id)
            .where(Assessment.application_id == application.id)
            .distinct()
        )
    )
    seats = _pairs(
        session,
        select(PanelSeat.user_id, PanelSeat.conflicted)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(Panel.application_id == application.id),
    )
    declined = {who for who, status in assessments.items() if status is AssessmentStatus.DECLINED}
    aside = {who for who, conflicted in seats if conflicted}
    seated = {who for who, _ in seats}
    return {
        user_id: Involvement(
            member=user_id in members,
            ties=tuple(ties[user_id]),
            declared=user_id in declined or user_id in aside,
            assessing=assessments.get(user_id) in TAKING_PART,
            assessed=user_id in scored,
            seated=user_id in seated,
        )
        for user_id in ids
    }


def _holders(session: Session, scheme_id: int, role: Role) -> list[tuple[User, bool]]:
    found = session.execute(
        select(User, SchemePost.lay)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme_id, SchemePost.role == role, User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(MOST_CANDIDATES)
    ).all()
    return [(user, lay) for user, lay in found]


def _loads(session: Session, ids: Collection[int]) -> dict[int, int]:
    return dict(
        _pairs(
            session,
            select(Assessment.assessor_id, func.count())
            .where(Assessment.assessor_id.in_(ids), Assessment.status.in_(WORKING))
            .group_by(Assessment.assessor_id),
        )
    )


def _ties(session: Session, organisation_id: int, ids: Collection[int]) -> dict[int, list[Tie]]:
    ties: dict[int, list[Tie]] = defaultdict(list)
    for interest in session.scalars(
        select(Interest).where(Interest.organisation_id == organisation_id, Interest.user_id.in_(ids))
    ):
        ended_on = interest.ended_at.date() if interest.ended_at else None
        ties[interest.user_id].append(Tie(interest.nature, ended_on))
    return ties


def _ids(session: Session, column: Any, condition: Any) -> list[int]:
    return list(session.scalars(select(column).where(condition)))


def _pairs(session: Session, statement: Any) -> list[tuple[Any, Any]]:
    return [(one, two) for one, two in session.execute(statement)]
