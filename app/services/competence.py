"""What somebody who assesses for a scheme can judge: kept by themselves, or by a manager for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.allocation import Language
from app.domain.errors import Conflict, Invalid, NotFound
from app.models import Competence, SchemePost, User
from app.queries.competence import areas_of_scheme
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.services.casework import user_id
from app.services.transactions import locked, record, transaction

MOST_CASES = 99
MOST_COUNCILS = 400
NOT_THERE = "There is no such page, or it is not open to you."


@dataclass(frozen=True)
class Profile:
    """What was entered, as codes. `most` is how many cases at once, None for the usual number."""

    services: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    client_groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    travels: tuple[str, ...] = ()
    most: int | None = None
    away_from: date | None = None
    away_until: date | None = None


def save_competence(
    scheme_id: int, person_id: int, profile: Profile, version: int, *, actor: Actor, now: datetime
) -> None:
    """Keep what an assessor of the scheme can judge. `version` is that of what the form showed, 0 where there was none.

    The person does it themselves, or a manager does. Raises NotFound, NotAllowed, Invalid, Conflict where it was changed
    meanwhile.
    """
    if person_id != actor.user_id:
        require(actor, Action.MANAGE_PEOPLE, Subject(scheme_id=scheme_id))
    with transaction() as session:
        locked(session, User, person_id)
        _assesses(session, scheme_id, person_id)
        _check(session, scheme_id, profile)
        known = session.scalars(
            select(Competence).where(Competence.user_id == person_id, Competence.scheme_id == scheme_id)
        ).first()
        if (known.version if known else 0) != version:
            raise Conflict("This was changed in another window. Look at it as it is now, and save again.")
        before = _words(known) if known else {}
        kept = known or Competence(user_id=person_id, scheme_id=scheme_id, version=0)
        _write(kept, profile, actor, now)
        session.add(kept)
        session.flush()
        after = _words(kept)
        changed = sorted(key for key in after if before.get(key) != after[key])
        record(
            session,
            actor,
            "competence.changed",
            kept,
            now,
            scheme_id=scheme_id,
            before={key: before.get(key) for key in changed},
            after={key: after[key] for key in changed},
        )


def _assesses(session: Session, scheme_id: int, person_id: int) -> None:
    holds = select(SchemePost.id).where(
        SchemePost.user_id == person_id, SchemePost.scheme_id == scheme_id, SchemePost.role == Role.ASSESSOR
    )
    if session.scalar(holds) is None:
        raise NotFound(NOT_THERE)


def _check(session: Session, scheme_id: int, profile: Profile) -> None:
    errors = {}
    allowed: dict[str, Collection[str]] = {
        "services": titles(SERVICES),
        "client_groups": titles(CLIENT_GROUPS),
        "areas": areas_of_scheme(session, scheme_id),
        "languages": {language.value for language in Language},
    }
    for name, known in allowed.items():
        if set(getattr(profile, name)).difference(known):
            errors[name] = "Choose from the list."
    if len(profile.travels) > MOST_COUNCILS:
        errors["travels"] = "That are too many councils. Leave it empty to travel anywhere."
    if profile.most is not None and profile.most > MOST_CASES:
        errors["most"] = f"Enter a number up to {MOST_CASES}."
    if profile.away_from and profile.away_until and profile.away_until < profile.away_from:
        errors["away_until"] = "The last day cannot be before the first."
    if errors:
        raise Invalid(errors)


def _write(kept: Competence, profile: Profile, actor: Actor, now: datetime) -> None:
    for name in ("services", "areas", "client_groups", "languages", "travels"):
        setattr(kept, name, sorted(set(getattr(profile, name))))
    kept.most, kept.away_from, kept.away_until = profile.most, profile.away_from, profile.away_until
    kept.version = (kept.version or 0) + 1
    kept.updated_at, kept.updated_by_id = now, user_id(actor)


def _words(kept: Competence) -> dict[str, Any]:
    """The profile as an audit row holds it."""
    names = asdict(Profile())
    values = {name: getattr(kept, name) for name in names}
    return {name: str(value) if isinstance(value, date) else value for name, value in values.items()}
