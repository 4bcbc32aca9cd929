"""Questions of assessors that wait for a reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.domain.access import Action, Actor, Subject, may
from app.domain.lifecycle import EDITABLE, ENDED
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import Application, FrameworkEdition, Question

MOST = 50


def waits_for_the_provider() -> tuple[ColumnElement[Any], ...]:
    """What makes a question one that waits for its provider, as conditions on Question and Application."""
    return (
        Question.replied_at.is_(None),
        Question.withdrawn_at.is_(None),
        Application.status.not_in(ENDED | EDITABLE),
    )


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each application with questions, due when the first of them is. One statement."""
    own = [each for each in organisation_ids if may(actor, Action.ANSWER_QUESTION, Subject(organisation_id=each))]
    if not own:
        return []
    found = db.session.execute(
        select(
            Application.id,
            Application.organisation_id,
            FrameworkEdition.title,
            FrameworkEdition.edition,
            func.count(),
            func.min(Question.due_on),
        )
        .join(Question, Question.application_id == Application.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(Application.organisation_id.in_(own), *waits_for_the_provider())
        .group_by(Application.id, Application.organisation_id, FrameworkEdition.title, FrameworkEdition.edition)
        .order_by(func.min(Question.due_on), Application.id)
        .limit(MOST)
    ).all()
    return [
        ToDo(
            Kind.REQUEST,
            f"Reply to {counted(count, 'question')} from the assessor of {title} {edition}",
            f"/applications/{application_id}/questions",
            due_on=due_on,
            organisation_id=organisation_id,
        )
        for application_id, organisation_id, title, edition, count, due_on in found
    ]
