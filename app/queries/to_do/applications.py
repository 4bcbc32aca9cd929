"""Applications that can still be worked on: to be answered, or to be checked and submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, may
from app.domain.lifecycle import EDITABLE
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application
from app.queries.progress import HowFar, how_far

MOST = 50


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each application that its organisation can still change. Two statements."""
    own = [each for each in organisation_ids if may(actor, Action.ANSWER, Subject(organisation_id=each))]
    if not own:
        return []
    rows = open_applications(own)
    far = how_far(db.session(), rows)
    return [_thing(row, far[row.id]) for row in rows]


def open_applications(organisation_ids: Sequence[int]) -> list[Application]:
    """Those that can be changed and were not carried over to another since, newest first."""
    later = select(Application.carried_from_id).where(Application.carried_from_id.is_not(None))
    return list(
        db.session.scalars(
            select(Application)
            .where(
                Application.organisation_id.in_(organisation_ids),
                Application.status.in_(EDITABLE),
                Application.id.not_in(later),
            )
            .options(joinedload(Application.edition), joinedload(Application.organisation))
            .order_by(Application.id.desc())
            .limit(MOST)
        )
    )


def _thing(row: Application, far: HowFar) -> ToDo:
    called = f"{row.edition.title} {row.edition.edition}"
    own = row.organisation_id
    if far.done < far.total:
        words = f"{far.done} of {far.total} answered"
        return ToDo(
            Kind.CRITERIA,
            f"Answer the criteria of {called}",
            f"/applications/{row.id}",
            when=words,
            organisation_id=own,
        )
    if far.again:
        words = f"{far.again} carried over to look at again"
        return ToDo(
            Kind.CRITERIA,
            f"Look through the answers of {called}",
            f"/applications/{row.id}",
            when=words,
            organisation_id=own,
        )
    words = "Every criterion is answered"
    return ToDo(Kind.CRITERIA, f"Check and submit {called}", f"/applications/{row.id}", when=words, organisation_id=own)
