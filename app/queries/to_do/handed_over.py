"""Criteria that colleagues handed to somebody, as things to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Actor
from app.domain.applicability import Asked
from app.domain.colleagues import is_open
from app.domain.lifecycle import EDITABLE
from app.domain.self_assessment import NO_CLAIM, Claim, gaps
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import Answer, Application, AttachedEvidence, HandedOver, Membership
from app.queries.frameworks import asked_under, framework_of
from app.queries.handed_over import holder_works_there, still_held
from app.queries.self_assessments import facts_for

MOST = 1_500


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """What the actor was handed and has not finished: one thing for each application and day. Three statements."""
    rows = _mine(organisation_ids, actor)
    if not rows:
        return []
    session, where = db.session(), {row.application_id for row, _ in rows}
    claims, attached = _claims(session, where), _attached(session, where)
    asked = {application.id: _asked(application) for _, application in rows}
    found: dict[tuple[int, date | None], list[str]] = {}
    applications = {application.id: application for _, application in rows}
    for row, _ in rows:
        here = (row.application_id, row.criterion_code)
        each = asked[row.application_id].get(row.criterion_code)
        if each and is_open(row.whole, _whole(each, claims.get(here), attached.get(here, []))):
            found.setdefault((row.application_id, row.due_on), []).append(row.criterion_code)
    return [_thing(applications[key], codes, due_on) for (key, due_on), codes in found.items()]


def _mine(organisation_ids: Sequence[int], actor: Actor) -> Sequence[tuple[HandedOver, Application]]:
    statement = (
        select(HandedOver, Application)
        .join(Application, Application.id == HandedOver.application_id)
        .join(Membership, holder_works_there())
        .where(
            HandedOver.to_id == actor.user_id,
            Application.organisation_id.in_(organisation_ids),
            Application.status.in_(EDITABLE),
            *still_held(),
        )
        .options(joinedload(Application.edition), joinedload(Application.organisation))
        .order_by(HandedOver.id)
        .limit(MOST)
    )
    return [(row, application) for row, application in db.session.execute(statement).all()]


def _claims(session: Session, applications: set[int]) -> dict[tuple[int, str], tuple[Claim, str]]:
    """Each answer with why it must be looked at again."""
    found = session.scalars(select(Answer).where(Answer.application_id.in_(applications)))
    return {
        (row.application_id, row.criterion_code): (Claim(row.point, row.not_applicable, row.reason), row.review)
        for row in found
    }


def _attached(session: Session, applications: set[int]) -> dict[tuple[int, str], list[str]]:
    """What each attached piece shows, by application and criterion."""
    columns = (AttachedEvidence.application_id, AttachedEvidence.criterion_code, AttachedEvidence.asked_code)
    rows: dict[tuple[int, str], list[str]] = {}
    for key, code, asked_code in session.execute(select(*columns).where(columns[0].in_(applications))):
        rows.setdefault((key, code), []).append(asked_code)
    return rows


def _asked(application: Application) -> dict[str, Asked]:
    framework = framework_of(application.edition)
    found = asked_under(framework, facts_for(application), application.target)
    return {each.criterion.code: each for each in found if each.applies}


def _whole(asked: Asked, answer: tuple[Claim, str] | None, attached: list[str]) -> bool:
    claim, review = answer or (NO_CLAIM, "")
    code = asked.criterion.code
    return not any(gap.blocks for gap in gaps([asked], {code: claim}, {code: attached}, {code: review}))


def _thing(application: Application, codes: list[str], due_on: date | None) -> ToDo:
    title = f"{application.edition.title} {application.edition.edition}"
    one = f"/applications/{application.id}/criteria/{codes[0]}"
    return ToDo(
        kind=Kind.HANDED_OVER,
        what=f"Answer {codes[0]} of {title}, which was handed to you"
        if len(codes) == 1
        else f"Answer {counted(len(codes), 'criterion', 'criteria')} of {title} that were handed to you",
        path=one if len(codes) == 1 else f"/applications/{application.id}?show=mine",
        due_on=due_on,
        organisation_id=application.organisation_id,
    )
