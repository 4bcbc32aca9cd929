"""Applications that an organisation has open, as things to do: answer what is left, look again, or submit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from app.domain.access import Action, Actor, Subject, may
from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application
from app.queries.progress import HowFar, how_far

MOST = 50


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each application that can be changed and was not carried over to a later one. Two statements."""
    own = [each for each in organisation_ids if may(actor, Action.ANSWER, Subject(organisation_id=each))]
    applications = _open(own) if own else ()
    far = how_far(db.session(), applications, today)
    return [_thing(each, far[each.id]) for each in applications]


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


def _thing(application: Application, far: HowFar) -> ToDo:
    title = f"{application.edition.title} {application.edition.edition}"
    if far.done < far.total:
        what, when = f"Answer the criteria of {title}", f"{far.done} of {far.total} answered"
    elif far.again:
        what, when = f"Look again at answers of {title}", f"{far.again} of {far.total} to look at"
    else:
        what, when = f"Check and submit {title}", "every criterion is answered"
    return ToDo(Kind.CRITERIA, what, f"/applications/{application.id}", None, when, application.organisation_id)
