"""Findings that wait for their provider, and what providers answered that waits for the scheme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, Subject, may, may_somewhere
from app.domain.corrective import FOR_THE_PROVIDER, LATE_IN, NOTHING_HANGS_ON_IT, asks_nothing, grade_of
from app.domain.lifecycle import AssessmentStatus, FindingStatus
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import Application, Assessment, Finding, Scheme
from app.queries.frameworks import framework_of

MOST = 50
LONGEST = 80
WAITING = (FindingStatus.PLAN_OFFERED, FindingStatus.PUT_RIGHT)
READING = (AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN)


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each finding on which it is the provider's turn. One statement."""
    own = [each for each in organisation_ids if may(actor, Action.ANSWER_FINDING, Subject(organisation_id=each))]
    if not own:
        return []
    found = db.session.scalars(
        select(Finding)
        .join(Application, Application.id == Finding.application_id)
        .where(
            Application.organisation_id.in_(own),
            Application.status.not_in(NOTHING_HANGS_ON_IT),
            Finding.told_at.is_not(None),
            Finding.status.in_(FOR_THE_PROVIDER),
        )
        .options(joinedload(Finding.application).joinedload(Application.edition))
        .order_by(Finding.due_on.is_(None), Finding.due_on, Finding.id)
        .limit(MOST)
    ).all()
    return [_thing(each) for each in found if not _is_to_be_noted(each)]


def _is_to_be_noted(finding: Finding) -> bool:
    return asks_nothing(grade_of(framework_of(finding.application.edition), finding.grade))


def _thing(finding: Finding) -> ToDo:
    title = finding.title if len(finding.title) <= LONGEST else f"{finding.title[: LONGEST - 1].rstrip()}…"
    what = "Say how you will put right" if finding.status is FindingStatus.OPEN else "Put right what you planned"
    return ToDo(
        Kind.FINDING,
        f"{what}: {title}",
        f"/findings/{finding.id}",
        due_on=finding.due_on,
        organisation_id=finding.application.organisation_id,
    )


def for_assessors(actor: Actor, today: date) -> list[ToDo]:
    """What providers answered in the cases that the actor assesses, before there is an award. One statement."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.ASSESSOR in roles]
    if not schemes or not may_somewhere(actor, Action.VERIFY_FINDING):
        return []
    found = db.session.scalars(
        select(Finding)
        .join(Application, Application.id == Finding.application_id)
        .join(Assessment, Assessment.application_id == Application.id)
        .where(
            Assessment.assessor_id == actor.user_id,
            Assessment.status.in_(READING),
            Application.scheme_id.in_(schemes),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
            Finding.status.in_(WAITING),
            Finding.award_id.is_(None),
        )
        .options(
            joinedload(Finding.application).joinedload(Application.organisation),
            joinedload(Finding.application).joinedload(Application.edition),
        )
        .order_by(Finding.status_at, Finding.id)
        .limit(MOST)
    ).all()
    return [_to_check(each) for each in found]


def _to_check(finding: Finding) -> ToDo:
    application = finding.application
    what = "Look at the plan of" if finding.status is FindingStatus.PLAN_OFFERED else "Check what was put right at"
    path = f"/schemes/{application.edition.scheme.code}/cases/{application.id}/findings/{finding.id}/check"
    return ToDo(Kind.FINDING, f"{what} {application.organisation.name}", path)


def for_managers(actor: Actor, today: date) -> list[ToDo]:
    """What waits in the schemes that the actor manages, counted: answers to look at, and what is overdue. One statement."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not schemes or not may_somewhere(actor, Action.MANAGE_CASE):
        return []
    return [*_counted(schemes, actor, today)]


def _counted(schemes: Sequence[int], actor: Actor, today: date) -> Iterator[ToDo]:
    found = db.session.execute(
        select(
            Scheme.code,
            Scheme.title,
            func.count(Finding.id).filter(Finding.status.in_(WAITING)),
            func.count(Finding.id).filter(Finding.status.in_(LATE_IN), Finding.due_on < today),
            func.min(Finding.due_on).filter(Finding.status.in_(LATE_IN), Finding.due_on < today),
        )
        .join(Application, Application.scheme_id == Scheme.id)
        .join(Finding, Finding.application_id == Application.id)
        .where(
            Scheme.id.in_(schemes),
            Application.status.not_in(NOTHING_HANGS_ON_IT),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
        )
        .group_by(Scheme.id, Scheme.code, Scheme.title)
        .order_by(Scheme.id)
    ).all()
    for code, title, waiting, late, since in found:
        if waiting:
            what = f"Look at what providers answered to {counted(waiting, 'finding')} of {title}"
            yield ToDo(Kind.FINDING, what, f"/schemes/{code}/findings?state=waiting")
        if late:
            what = f"Ask after {counted(late, 'finding')} of {title} not put right"
            yield ToDo(Kind.FINDING, what, f"/schemes/{code}/findings?state=overdue", due_on=since)
