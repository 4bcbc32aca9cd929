"""Applications that an organisation has open, as things to do: answer what is left, look again, or submit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from app.domain.access import Actor
from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.self_assessment import Claim, Progress
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Answer, Application
from app.queries.frameworks import asked_under, framework_of
from app.queries.self_assessments import facts_for

MOST = 50


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each application that can be changed and was not carried over to a later one. Two statements."""
    applications = _open(organisation_ids)
    answers: dict[int, dict[str, tuple[Claim, str]]] = {each.id: {} for each in applications}
    for row in db.session.scalars(select(Answer).where(Answer.application_id.in_(answers))) if answers else ():
        answers[row.application_id][row.criterion_code] = (Claim(row.point, row.not_applicable, row.reason), row.review)
    return [_thing(each, answers[each.id]) for each in applications]


def _open(organisation_ids: Sequence[int]) -> Sequence[Application]:
    onward = aliased(Application)
    goes_on = (
        select(onward.id)
        .where(onward.carried_from_id == Application.id, onward.status != ApplicationStatus.WITHDRAWN)
        .exists()
    )
    return db.session.scalars(
        select(Application)
        .where(Application.organisation_id.in_(organisation_ids), Application.status.in_(EDITABLE), ~goes_on)
        .options(joinedload(Application.edition), joinedload(Application.organisation))
        .order_by(Application.id.desc())
        .limit(MOST)
    ).all()


def _thing(application: Application, answers: dict[str, tuple[Claim, str]]) -> ToDo:
    title = f"{application.edition.title} {application.edition.edition}"
    found = asked_under(framework_of(application.edition), facts_for(application), application.target)
    asked = [each.criterion.code for each in found if each.applies]
    whole = [code for code in asked if code in answers and answers[code][0].progress is Progress.DONE]
    again = [code for code in whole if answers[code][1]]
    if len(whole) < len(asked):
        what, when = f"Answer the criteria of {title}", f"{len(whole)} of {len(asked)} answered"
    elif again:
        what, when = f"Look again at answers of {title}", f"{len(again)} of {len(asked)} to look at"
    else:
        what, when = f"Check and submit {title}", "every criterion is answered"
    return ToDo(Kind.CRITERIA, what, f"/applications/{application.id}", None, when, application.organisation_id)
