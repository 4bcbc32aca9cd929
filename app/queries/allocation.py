"""Whom to ask to assess a case: proposals with their reasons, and who is barred."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.backends.postcodes import area_names
from app.domain.access import Action, Actor
from app.domain.allocation import LANGUAGE_NAMES, Assessor, Language, Need, Proposal, pairs, proposals
from app.domain.applicability import counting
from app.domain.lifecycle import AssessmentStatus
from app.domain.topics import Language as MailLanguage
from app.extensions import db
from app.models import Application, Assessment, Competence, MailSetting, Membership
from app.queries.candidates import TAKING_PART, Candidate, assessor_candidates
from app.queries.cases import CaseHead, case_head
from app.queries.competence import skills_of
from app.queries.frameworks import framework_of
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.schemes import office_case

USUAL_TIME = timedelta(weeks=6)
LATELY = timedelta(days=730)
MOST_LEFT = 50


@dataclass(frozen=True)
class OnTheCase:
    """An assessor who has, or had, a part in the case."""

    assessment_id: int
    name: str
    lead: bool
    conflicted: bool


@dataclass(frozen=True)
class AssignPage:
    """Who can be asked. `needed` is how many the framework asks for, `now_on` who assesses already.

    `left` are those who left the case, whose work a newcomer may go on with; scores pass on only where `may_hand_over`.
    """

    head: CaseHead
    needed: int
    blind: bool
    need: Need
    proposals: tuple[Proposal, ...]
    pairs: tuple[Proposal, ...]
    barred: tuple[Candidate, ...]
    bar: str
    now_on: tuple[OnTheCase, ...]
    left: tuple[OnTheCase, ...]
    may_hand_over: bool

    @property
    def missing(self) -> int:
        """How many assessors the case still needs."""
        return max(0, self.needed - len(self.now_on))


def assign_page(code: str, application_id: int, actor: Actor, today: date) -> AssignPage:
    """The scheme's assessors as proposals for the case. A fixed number of statements. Raises NotFound, NotAllowed."""
    _, application = office_case(code, application_id, actor, Action.MANAGE_CASE, today)
    session = db.session()
    terms = framework_of(application.edition).assessment
    candidates = assessor_candidates(session, application, today)
    people = _people(session, application, [each for each in candidates if not each.bar], today)
    need, last = _need(session, application), today + USUAL_TIME
    on, left = _assessments(session, application)
    return AssignPage(
        head=case_head(code, application_id, actor, today, Action.MANAGE_CASE),
        needed=terms.assessors,
        blind=terms.blind,
        need=need,
        proposals=proposals(need, people, today, last),
        pairs=pairs(need, people, today, last, 3) if terms.assessors - len(on) >= 2 else (),
        barred=tuple(each for each in candidates if each.bar),
        bar=str(terms.conflict_bar),
        now_on=on,
        left=left,
        may_hand_over=not terms.blind and any(not each.conflicted for each in left),
    )


def _need(session: Session, application: Application) -> Need:
    organisation = application.organisation
    framework = framework_of(application.edition)
    asked = {criterion.code for criterion in counting(framework, application.facts, application.target)}
    tops = [node for node in framework.roots if any(each.code in asked for each in node.all_criteria)]
    services, groups = titles(SERVICES), titles(CLIENT_GROUPS)
    return Need(
        services={code: services.get(code, code) for code in organisation.services},
        client_groups={code: groups.get(code, code) for code in organisation.client_groups},
        areas={node.code: str(node.title) for node in tops},
        languages={each.value: LANGUAGE_NAMES[each] for each in _languages(session, organisation.id)},
        place=(organisation.area_code, area_names().get(organisation.area_code, "")),
    )


def _languages(session: Session, organisation_id: int) -> tuple[Language, ...]:
    """Welsh where somebody of the provider chose to be written to in it."""
    welsh = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(MailSetting, MailSetting.user_id == Membership.user_id)
        .where(Membership.organisation_id == organisation_id, MailSetting.language == MailLanguage.WELSH)
    )
    return (Language.WELSH,) if welsh else ()


def _people(session: Session, application: Application, free: list[Candidate], today: date) -> list[Assessor]:
    ids = [each.user_id for each in free]
    kept = {
        each.user_id: skills_of(each)
        for each in session.scalars(
            select(Competence).where(Competence.scheme_id == application.scheme_id, Competence.user_id.in_(ids))
        )
    }
    met, again = _met(session, ids, today), _last_assessors(session, application)
    return [
        Assessor(each.user_id, each.name, kept.get(each.user_id), each.load, met[each.user_id], each.user_id in again)
        for each in free
    ]


def _met(session: Session, ids: Collection[int], today: date) -> dict[int, dict[int, int]]:
    """How many cases each of these people assessed with each other in the last two years. One statement."""
    one, other = aliased(Assessment), aliased(Assessment)
    since = datetime.combine(today - LATELY, time(), UTC)
    rows = session.execute(
        select(one.assessor_id, other.assessor_id, func.count())
        .join(other, and_(other.application_id == one.application_id, other.assessor_id != one.assessor_id))
        .where(
            one.assessor_id.in_(ids),
            other.assessor_id.in_(ids),
            one.status.in_(TAKING_PART),
            other.status.in_(TAKING_PART),
            one.assigned_at >= since,
        )
        .group_by(one.assessor_id, other.assessor_id)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for who, with_whom, times in rows:
        found[who][with_whom] = times
    return found


def _last_assessors(session: Session, application: Application) -> frozenset[int]:
    """Who assessed the provider's case before this one, for the same scheme. One statement."""
    before = (
        select(func.max(Assessment.application_id))
        .join(Application, Application.id == Assessment.application_id)
        .where(
            Application.organisation_id == application.organisation_id,
            Application.scheme_id == application.scheme_id,
            Application.id < application.id,
            Assessment.status == AssessmentStatus.HANDED_IN,
        )
        .scalar_subquery()
    )
    return frozenset(
        session.scalars(
            select(Assessment.assessor_id).where(
                Assessment.application_id == before, Assessment.status == AssessmentStatus.HANDED_IN
            )
        )
    )


def _assessments(session: Session, application: Application) -> tuple[tuple[OnTheCase, ...], tuple[OnTheCase, ...]]:
    """Who assesses the case now, and who has left it."""
    rows = session.scalars(
        select(Assessment)
        .where(Assessment.application_id == application.id)
        .options(joinedload(Assessment.assessor))
        .order_by(Assessment.assigned_at, Assessment.id)
        .limit(MOST_LEFT)
    ).all()
    every = [
        (
            each.status in TAKING_PART,
            OnTheCase(each.id, each.assessor.name, each.lead, each.status is AssessmentStatus.DECLINED),
        )
        for each in rows
    ]
    return tuple(row for taking, row in every if taking), tuple(row for taking, row in every if not taking)
