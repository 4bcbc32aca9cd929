"""Criteria that colleagues handed to somebody, as things to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
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
from app.queries.passports import held_by
from app.queries.self_assessments import facts_for

MOST = 1_500


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """What the actor was handed and has not finished: one thing for each application and day. Five statements."""
    rows = _mine(organisation_ids, actor)
    if not rows:
        return []
    session, where = db.session(), {row.application_id for row in rows}
    applications = {each.id: each for each in _applications(session, where)}
    claims, attached = _claims(session, where), _attached(session, where)
    asked = {key: _asked(each) for key, each in applications.items()}
    certified = _certified(session, list(applications.values()), today)
    found: dict[tuple[int, date | None], list[str]] = {}
    for row in rows:
        here = (row.application_id, row.criterion_code)
        each = asked[row.application_id].get(row.criterion_code)
        whole = here in certified or (each is not None and _whole(each, claims.get(here), attached.get(here, [])))
        if each and is_open(row.whole, whole):
            found.setdefault((row.application_id, row.due_on), []).append(row.criterion_code)
    return [_thing(applications[key], codes, due_on) for (key, due_on), codes in found.items()]


def _mine(organisation_ids: Sequence[int], actor: Actor) -> Sequence[Row[Any]]:
    """Columns alone: an application may have a thousand of them, and rows of tables take their time."""
    statement = (
        select(HandedOver.application_id, HandedOver.criterion_code, HandedOver.due_on, HandedOver.whole)
        .join(Application, Application.id == HandedOver.application_id)
        .join(Membership, holder_works_there())
        .where(
            HandedOver.to_id == actor.user_id,
            Application.organisation_id.in_(organisation_ids),
            Application.status.in_(EDITABLE),
            *still_held(),
        )
        .order_by(HandedOver.id)
        .limit(MOST)
    )
    return db.session.execute(statement).all()


def _applications(session: Session, ids: set[int]) -> Sequence[Application]:
    return session.scalars(
        select(Application)
        .where(Application.id.in_(ids))
        .options(joinedload(Application.edition), joinedload(Application.organisation))
    ).all()


def _claims(session: Session, applications: set[int]) -> dict[tuple[int, str], tuple[Claim, str]]:
    """Each answer with why it must be looked at again."""
    said = (Answer.point, Answer.not_applicable, Answer.reason)
    found = session.execute(
        select(Answer.application_id, Answer.criterion_code, Answer.review, *said).where(
            Answer.application_id.in_(applications)
        )
    )
    return {(key, code): (Claim(*claim), review) for key, code, review, *claim in found}


def _attached(session: Session, applications: set[int]) -> dict[tuple[int, str], list[str]]:
    """What each attached piece shows, by application and criterion."""
    columns = (AttachedEvidence.application_id, AttachedEvidence.criterion_code, AttachedEvidence.asked_code)
    rows: dict[tuple[int, str], list[str]] = {}
    for key, code, asked_code in session.execute(select(*columns).where(columns[0].in_(applications))):
        rows.setdefault((key, code), []).append(asked_code)
    return rows


def _certified(session: Session, applications: list[Application], today: date) -> set[tuple[int, str]]:
    """The criteria that a certificate of another body answers, by application. One statement."""
    held = held_by(session, applications, today)
    return {
        (each.id, code)
        for each in applications
        for code in held[each.id].answering(framework_of(each.edition), today)
        if code not in held[each.id].own
    }


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
