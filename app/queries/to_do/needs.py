"""Needs that an organisation was told of and can still answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may
from app.domain.needs import NeedStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Need, NeedAnswer, NeedTold

MOST = 20


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One statement, whatever the number of organisations."""
    ids = [each for each in organisation_ids if may(actor, Action.ANSWER_NEED, Subject(organisation_id=each))]
    answered = select(NeedAnswer.id).where(
        NeedAnswer.need_id == Need.id, NeedAnswer.organisation_id == NeedTold.organisation_id
    )
    found = db.session.execute(
        select(Need.id, Need.title, Need.answer_by, NeedTold.organisation_id)
        .join(NeedTold, NeedTold.need_id == Need.id)
        .where(NeedTold.organisation_id.in_(ids), Need.status == NeedStatus.PUBLISHED, Need.answer_by >= today)
        .where(~answered.exists())
        .order_by(Need.answer_by, Need.id)
        .limit(MOST)
    )
    return [
        ToDo(
            kind=Kind.NEED,
            what=f"Say whether you are interested in “{words}”",
            path=f"/needs/{need_id}",
            due_on=answer_by,
            organisation_id=organisation_id,
        )
        for need_id, words, answer_by, organisation_id in found
    ]
