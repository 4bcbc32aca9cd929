"""One use-case, one transaction: the session it writes in, its audit rows, and the mail that it owes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.domain.access import ONLY_LOOKING, Actor
from app.domain.errors import NotAllowed, NotFound
from app.domain.topics import Language
from app.extensions import Base, db
from app.models import Application, MailMessage
from app.services.audit_appending import Owed, append_owed, owe
from app.services.letters import Written, with_foot, written

Row = TypeVar("Row", bound=Base)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session of its own that commits when the block ends well and saves nothing when it raises.

    On SQLite it takes the write lock at once. The page's reading session is reset, so that it sees what was written.
    """
    db.session.rollback()
    session = db.session.session_factory()
    try:
        session.connection(execution_options={"writes": True})
        yield session
        append_owed(session)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
        db.session.rollback()


def locked(session: Session, kind: type[Row], row_id: int) -> Row:
    """The row, held until the transaction ends, so that two who change it at once take turns. Raises NotFound.

    It is read afresh: what this transaction saw of it before it was held may have changed while it waited its turn.
    Its key is left alone (FOR NO KEY UPDATE), so that whoever writes a row that refers to it, as every audit row refers to
    its organisation, waits for nobody: two who hold a case and its organisation in turn would else wait for each other.
    """
    row = session.get(kind, row_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return row


def record(
    session: Session,
    actor: Actor,
    action: str,
    subject: Base,
    now: datetime,
    *,
    organisation_id: int | None = None,
    scheme_id: int | None = None,
    application_id: int | None = None,
    **detail: Any,
) -> None:
    """Write the audit row of `action` ("application.submitted") on `subject`, with JSON-able `detail`.

    It is added to the chain when the transaction ends. Raises NotAllowed while the actor looks as another role.
    """
    if actor.viewing is not None:
        raise NotAllowed(ONLY_LOOKING)
    if getattr(subject, "id", None) is None:
        session.flush()  # gives a new row its id
    owe(
        session,
        Owed(
            at=now,
            actor_id=actor.user_id,
            actor_name=actor.name,
            action=action,
            subject=subject.__tablename__,
            subject_id=getattr(subject, "id", None),
            organisation_id=organisation_id,
            scheme_id=scheme_id,
            application_id=application_id,
            detail=detail,
        ),
    )


def record_application(
    session: Session, actor: Actor, action: str, application: Application, now: datetime, **detail: Any
) -> None:
    """Write the audit row of what happened to an application, for its organisation and its scheme to read."""
    session.flush()  # one that was begun just now has its id only then; a row without it would be no draft's, and shown
    record(
        session,
        actor,
        action,
        application,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        **detail,
    )


def queue_mail(
    session: Session,
    recipient: str,
    template: str,
    now: datetime,
    *,
    language: Language = Language.ENGLISH,
    **values: Any,
) -> None:
    """Queue the message `app/templates/email/<template>.txt` (see `letters.written`) for whom it may concern at `recipient`.

    People with an account are told by `app.services.telling.tell`, each in the way they chose.
    """
    queue_written(session, recipient, written(template, language, **values), now, language=language)


def queue_written(
    session: Session,
    recipient: str,
    words: Written,
    now: datetime,
    *,
    language: Language,
    user_id: int | None = None,
    topic: str = "",
    calendar: str = "",
) -> None:
    """Queue a message that is in words already, for the account `user_id` where it is for one, about `topic`.

    `calendar` is an invitation (iCalendar) that goes with it.
    """
    words = with_foot(words, topic, language) if topic else words
    session.add(
        MailMessage(
            recipient=recipient,
            subject=words.subject,
            text=words.text,
            queued_at=now,
            next_try_at=now,
            user_id=user_id,
            topic=topic,
            language=language.value,
            calendar=calendar,
        )
    )
