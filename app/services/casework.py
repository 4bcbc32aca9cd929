"""What the use-cases of a case share: hold it, record on it, tell its provider. No use-case of its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, require
from app.domain.errors import Invalid
from app.domain.topics import Topic
from app.models import Application
from app.queries.subjects import subject_of
from app.services.telling import people_of, tell
from app.services.transactions import locked, record


def check_day(day: date | None, today: date, field: str) -> None:
    """Raises Invalid under the field's name where the day is missing or past."""
    if day is None:
        raise Invalid({field: "Enter a date."})
    if day < today:
        raise Invalid({field: "Enter a date that is today or later."})


def managed(session: Session, application_id: int, actor: Actor, today: date) -> Application:
    """The application, held, if the actor may manage its case today. Raises NotFound, NotAllowed."""
    application = locked(session, Application, application_id)
    require(actor, Action.MANAGE_CASE, subject_of(session, application, today))
    return application


def record_on(
    session: Session, actor: Actor, action: str, subject: Any, application: Application, now: datetime, **detail: Any
) -> None:
    """An audit row on a thing that belongs to the case of `application`."""
    record(
        session,
        actor,
        action,
        subject,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        **detail,
    )


def mail_leads(
    session: Session,
    application: Application,
    template: str,
    now: datetime,
    *,
    topic: Topic = Topic.DECISIONS,
    **values: Any,
) -> None:
    """Tell every lead of the application's organisation."""
    tell(
        session,
        people_of(session, application.organisation_id, Role.LEAD),
        template,
        now,
        topic=topic,
        provider=application.organisation.name,
        framework=edition_words(application),
        application_id=application.id,
        **values,
    )


def edition_words(application: Application) -> str:
    """The edition as people say it: "Community Care Mark 2026"."""
    return f"{application.edition.title} {application.edition.edition}"


def user_id(actor: Actor) -> int:
    """The id of an actor whom `require` has let in."""
    assert actor.user_id is not None  # `require` lets nobody in who is not signed in
    return actor.user_id
