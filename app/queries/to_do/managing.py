"""What waits for a scheme's manager: cases without an assessor or a panel, cases that are late, drafts of frameworks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.to_do import Kind, ToDo
from app.domain.uk_time import uk_day
from app.domain.wording import counted, dated
from app.extensions import db
from app.models import Application, Assessment, FrameworkDraft, Panel, Scheme
from app.queries.subjects import is_open_to

MOST_DRAFTS = 20
TAKEN = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN)
WORKING = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)


def things(actor: Actor, today: date) -> list[ToDo]:
    """What waits in the schemes that the actor manages, counted. Seven statements; none for who manages no scheme."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not schemes or not may_somewhere(actor, Action.MANAGE_CASE):
        return []
    found = db.session.execute(select(Scheme.id, Scheme.code, Scheme.title).where(Scheme.id.in_(schemes))).all()
    called = {scheme_id: (code, title) for scheme_id, code, title in found}
    here = [Application.scheme_id.in_(schemes), is_open_to(db.session(), actor)]
    return [*_waiting(here, called), *_late(here, called, today), *_drafts(schemes)]


Called = dict[int, tuple[str, str]]


def _waiting(here: list[ColumnElement[bool]], called: Called) -> Iterator[ToDo]:
    """Cases that have come in and nobody assesses, and assessed ones without a panel."""
    taken = select(Assessment.id).where(Assessment.application_id == Application.id, Assessment.status.in_(TAKEN))
    without = [Application.status == ApplicationStatus.SUBMITTED, ~taken.exists()]
    for scheme_id, count, since in _counted(without, here):
        what = f"Choose an assessor for {counted(count, 'application')} to {called[scheme_id][1]}"
        yield _case(called[scheme_id][0], "submitted", what, when=_since(since))
    for scheme_id, count, since in _counted([Application.status == ApplicationStatus.ASSESSED], here):
        what = f"Call a panel for {counted(count, 'assessed case')} of {called[scheme_id][1]}"
        yield _case(called[scheme_id][0], "assessed", what, when=_since(since))


def _counted(conditions: list[ColumnElement[bool]], here: list[ColumnElement[bool]]):
    return db.session.execute(
        select(Application.scheme_id, func.count(), func.min(Application.status_at))
        .where(*conditions, *here)
        .group_by(Application.scheme_id)
        .order_by(Application.scheme_id)
    ).all()


def _late(here: list[ColumnElement[bool]], called: Called, today: date) -> Iterator[ToDo]:
    """Assessments and panels whose day has passed, by the earliest."""
    assessments = db.session.execute(
        select(Application.scheme_id, func.count(), func.min(Assessment.due_on))
        .join(Assessment, Assessment.application_id == Application.id)
        .where(Assessment.status.in_(WORKING), Assessment.due_on < today, *here)
        .group_by(Application.scheme_id)
        .order_by(Application.scheme_id)
    ).all()
    for scheme_id, count, since in assessments:
        what = f"Ask after {counted(count, 'assessment')} of {called[scheme_id][1]} not handed in"
        yield _case(called[scheme_id][0], "in-assessment", what, due_on=since)
    panels = db.session.execute(
        select(Application.scheme_id, func.count(), func.min(Panel.meets_on))
        .join(Panel, Panel.application_id == Application.id)
        .where(
            Application.status == ApplicationStatus.WITH_PANEL,
            Panel.meets_on < today,
            ~Panel.decision.has(),
            *here,
        )
        .group_by(Application.scheme_id)
        .order_by(Application.scheme_id)
    ).all()
    for scheme_id, count, since in panels:
        what = f"Ask after {counted(count, 'panel')} of {called[scheme_id][1]} that met without a decision"
        yield _case(called[scheme_id][0], "with-panel", what, due_on=since)


def _drafts(schemes: list[int]) -> Iterator[ToDo]:
    found = db.session.execute(
        select(FrameworkDraft.id, FrameworkDraft.title, FrameworkDraft.edition)
        .where(
            FrameworkDraft.scheme_id.in_(schemes),
            FrameworkDraft.discarded_at.is_(None),
            FrameworkDraft.edition_id.is_(None),
        )
        .order_by(FrameworkDraft.updated_at.desc())
        .limit(MOST_DRAFTS)
    ).all()
    for draft_id, title, edition in found:
        called = f"{title} {edition}".strip() or "without a title"
        yield ToDo(Kind.DRAFT, f"Finish the draft {called}", f"/frameworks/drafts/{draft_id}")


def _case(code: str, state: str, what: str, *, due_on: date | None = None, when: str = "") -> ToDo:
    return ToDo(Kind.CASE, what, f"/schemes/{code}/pipeline?state={state}", due_on=due_on, when=when)


def _since(moment: datetime) -> str:
    return f"The oldest since {dated(uk_day(moment))}"
