"""What an organisation's profile still lacks before an application can be submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import Organisation
from app.queries.organisations import profile_facts, profile_gaps


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each profile with gaps. Two statements."""
    own = [each for each in organisation_ids if may(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=each))]
    if not own:
        return []
    facts = profile_facts()
    found = db.session.scalars(select(Organisation).where(Organisation.id.in_(own)).order_by(Organisation.id))
    lacking = [(row.id, len(profile_gaps(row, facts))) for row in found]
    return [
        ToDo(
            Kind.PROFILE,
            "Finish the profile",
            f"/organisations/{organisation_id}/profile",
            when=f"{counted(count, 'thing')} still needed",
            organisation_id=organisation_id,
        )
        for organisation_id, count in lacking
        if count
    ]
