"""Who could assess a case or sit on its panel, with what bars them: read once, for the page and for the use-case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.duration import Duration
from app.domain.impartiality import (
    Earlier,
    Involvement,
    Part,
    Register,
    bar_to_assess,
    bar_to_review,
    bar_to_sit,
    bar_to_vote,
    tied,
)
from app.domain.lifecycle import AssessmentStatus, FindingMove
from app.domain.uk_time import uk_day
from app.models import (
    Application,
    Assessment,
    AuditRow,
    Decision,
    Finding,
    FindingStep,
    InterestRegister,
    Membership,
    Panel,
    PanelSeat,
    SchemePost,
    User,
)
from app.queries.appeal_parts import decided_before
from app.queries.frameworks import framework_of
from app.queries.outcomes import handed_in, that_count
from app.queries.subjects import who_judged
from app.queries.ties import ties_to

BarRule = Callable[[Involvement, Duration, date], str | None]
REVIEWS = ("appeal", "complaint", "concern")
MOST_CANDIDATES = 300
CHECKING = (
    FindingMove.ACCEPT_PLAN,
    FindingMove.RETURN_PLAN,
    FindingMove.RETURN_EVIDENCE,
    FindingMove.VERIFY,
    FindingMove.REOPEN,
    FindingMove.TAKE_BACK,
)
"""What is a judgement on a finding: whoever made it had a part in the evaluation."""
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
    """The scheme's assessors, those who may take the case first, then by load and name. A fixed number of statements."""
    people = _holders(session, application.scheme_id, Role.ASSESSOR)
    loads = loads_of(session, [user.id for user, _ in people])
    found = _candidates(session, application, people, bar_to_assess, today, loads)
    return tuple(sorted(found, key=lambda each: (each.bar is not None, each.load, each.name)))


def panel_candidates(session: Session, application: Application, today: date) -> tuple[Candidate, ...]:
    """The scheme's panel members, those who may sit first, then by name. A fixed number of statements."""
    people = _holders(session, application.scheme_id, Role.PANEL_MEMBER)
    found = _candidates(session, application, people, bar_to_sit, today)
    return tuple(sorted(found, key=lambda each: (each.bar is not None, each.name)))


def review_candidates(session: Session, application: Application, today: date) -> tuple[Candidate, ...]:
    """Who of the scheme could judge an appeal or a complaint about the case, those who may first, then by name.

    Its managers, panel members and assessors, each once; whoever had any part in the case is barred. A fixed number of
    statements.
    """
    people = _holders(session, application.scheme_id, Role.MANAGER, Role.PANEL_MEMBER, Role.ASSESSOR)
    handled = _who_handled(session, application)
    found = _candidates(session, application, people, bar_to_review, today, handled=handled)
    return tuple(sorted(found, key=lambda each: (each.bar is not None, each.name)))


def known_tie(session: Session, application: Application, user_id: int, today: date) -> str | None:
    """The tie that closes the case to this person as far as the system knows, as a sentence; None where there is none."""
    bar = framework_of(application.edition).assessment.conflict_bar
    return tied(involvements(session, application, [user_id])[user_id], bar, today)


def scores_in_doubt(session: Session, application: Application, today: date) -> str | None:
    """Whose scores cannot count, as a sentence: an interest of an assessor came to light after they handed in."""
    counts = that_count(application, handed_in(session, application.id))
    bar = framework_of(application.edition).assessment.conflict_bar
    involved = involvements(session, application, [each.assessor_id for each in counts])
    found = [
        f"{each.assessor.name} assessed this case. {why}"
        for each in counts
        if (why := tied(involved[each.assessor_id], bar, today))
    ]
    return f"{' '.join(found)} So these scores cannot count." if found else None


def barred_from_vote(session: Session, application: Application, ids: Collection[int], today: date) -> dict[int, str]:
    """Those of these people whose vote on the case does not count today, each with the reason as a sentence."""
    bar = framework_of(application.edition).assessment.conflict_bar
    involved = involvements(session, application, ids)
    against = {who: bar_to_vote(involved[who], bar, today) for who in ids}
    return {who: why for who, why in against.items() if why}


def _candidates(
    session: Session,
    application: Application,
    people: list[tuple[User, bool]],
    rule: BarRule,
    today: date,
    loads: Mapping[int, int] = MappingProxyType({}),
    handled: frozenset[int] = frozenset(),
) -> list[Candidate]:
    involved = involvements(session, application, [user.id for user, _ in people])
    bar = framework_of(application.edition).assessment.conflict_bar
    return [
        Candidate(
            user.id,
            user.name,
            user.email,
            lay,
            loads.get(user.id, 0),
            rule(replace(involved[user.id], handled=user.id in handled), bar, today),
        )
        for user, lay in people
    ]


def involvements(session: Session, application: Application, ids: Collection[int]) -> dict[int, Involvement]:
    """What joins each of these people to the case. A fixed number of statements, however many they are."""
    members = set(_ids(session, Membership.user_id, Membership.organisation_id == application.organisation_id))
    ties = ties_to(session, application.organisation, ids)
    assessments: dict[int, AssessmentStatus] = dict(
        _pairs(
            session,
            select(Assessment.assessor_id, Assessment.status).where(Assessment.application_id == application.id),
        )
    )
    judged = _who_judged(session, application)
    seats = _seats(session, application)
    earlier = _earlier(session, application, ids)
    registers = _registers(session, ids)
    sat = decided_before(session, application.id)
    declined = {who for who, status in assessments.items() if status is AssessmentStatus.DECLINED}
    return {
        user_id: Involvement(
            member=user_id in members,
            ties=tuple(ties.get(user_id, ())),
            declared=user_id in declined or any(seat.conflicted for seat in seats[user_id]),
            assessing=assessments.get(user_id) in TAKING_PART,
            assessed=user_id in judged,
            seated=bool(seats[user_id]),
            kept_seat=any(seat.declared_at and not seat.conflicted for seat in seats[user_id]),
            sat=user_id in sat,
            earlier=tuple(earlier[user_id]),
            register=registers.get(user_id),
        )
        for user_id in ids
    }


def _who_judged(session: Session, application: Application) -> set[int]:
    """Whoever scored the case, wrote down a finding of it, or answered to one for the scheme. Two statements."""
    answered = (
        select(FindingStep.by_id)
        .join(Finding, Finding.id == FindingStep.finding_id)
        .where(Finding.application_id == application.id, FindingStep.move.in_(CHECKING))
        .distinct()
    )
    return {
        *session.scalars(who_judged(application.id)),
        *(who for who in session.scalars(answered) if who is not None),
    }


def _seats(session: Session, application: Application) -> dict[int, list[PanelSeat]]:
    """The seats of each person on any panel of the case."""
    found: dict[int, list[PanelSeat]] = defaultdict(list)
    for seat in session.scalars(
        select(PanelSeat).join(Panel, Panel.id == PanelSeat.panel_id).where(Panel.application_id == application.id)
    ):
        found[seat.user_id].append(seat)
    return found


def _earlier(session: Session, application: Application, ids: Collection[int]) -> dict[int, list[Earlier]]:
    """The parts that these people had in other cases of the organisation, the latest of each kind. Two statements."""
    others = (Application.organisation_id == application.organisation_id) & (Application.id != application.id)
    assessed = (
        select(Assessment.assessor_id, func.max(Assessment.handed_in_at))
        .join(Application, Application.id == Assessment.application_id)
        .where(others, Assessment.assessor_id.in_(ids), Assessment.status == AssessmentStatus.HANDED_IN)
        .group_by(Assessment.assessor_id)
    )
    decided = (
        select(PanelSeat.user_id, func.max(Decision.decided_at))
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(Decision, Decision.panel_id == Panel.id)
        .join(Application, Application.id == Panel.application_id)
        .where(others, PanelSeat.user_id.in_(ids), PanelSeat.vote != "", PanelSeat.conflicted.is_(False))
        .group_by(PanelSeat.user_id)
    )
    found: dict[int, list[Earlier]] = defaultdict(list)
    for part, query in ((Part.ASSESSED, assessed), (Part.DECIDED, decided)):
        for who, at in _pairs(session, query):
            if at is not None:
                found[who].append(Earlier(part, uk_day(at)))
    return found


def _registers(session: Session, ids: Collection[int]) -> dict[int, Register]:
    rows = session.scalars(select(InterestRegister).where(InterestRegister.user_id.in_(ids)))
    return {row.user_id: Register(row.asked_on, uk_day(row.confirmed_at) if row.confirmed_at else None) for row in rows}


def _who_handled(session: Session, application: Application) -> frozenset[int]:
    """Everybody who did anything in the case, but for what they did about an appeal, a complaint or a concern."""
    aside = [AuditRow.action.not_like(f"{noun}.%") for noun in REVIEWS]
    return frozenset(
        session.scalars(
            select(AuditRow.actor_id)
            .where(AuditRow.application_id == application.id, AuditRow.actor_id.is_not(None), *aside)
            .distinct()
        )
    )


def _holders(session: Session, scheme_id: int, *roles: Role) -> list[tuple[User, bool]]:
    """Those who hold any of the roles in the scheme, each once, and whether they are lay, by name."""
    found = session.execute(
        select(User, SchemePost.lay)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme_id, SchemePost.role.in_(roles), User.closed_at.is_(None))
        .order_by(User.name, User.id, SchemePost.lay)
        .limit(MOST_CANDIDATES * len(roles))
    ).all()
    return list({user.id: (user, lay) for user, lay in found}.values())[:MOST_CANDIDATES]


def loads_of(session: Session, ids: Collection[int]) -> dict[int, int]:
    """How many cases each of these people assesses now. One statement."""
    return dict(
        _pairs(
            session,
            select(Assessment.assessor_id, func.count())
            .where(Assessment.assessor_id.in_(ids), Assessment.status.in_(WORKING))
            .group_by(Assessment.assessor_id),
        )
    )


def _ids(session: Session, column: Any, condition: Any) -> list[int]:
    return list(session.scalars(select(column).where(condition)))


def _pairs(session: Session, statement: Any) -> list[tuple[Any, Any]]:
    return [(one, two) for one, two in session.execute(statement)]
