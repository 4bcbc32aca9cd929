"""What colleagues said to each other on a criterion, and how often on each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.colleagues import MOST_COMMENTS
from app.domain.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import Comment, User
from app.queries.self_assessments import own_application


@dataclass(frozen=True)
class CommentRow:
    """One comment. `text` is empty where it was taken back; only its own author then still reads it, in `withdrawn`."""

    comment_id: int
    text: str
    who: str
    at: datetime
    changed_at: datetime | None
    taken_back: bool
    own: bool
    withdrawn: str


def comments_on(application_id: int, code: str, actor: Actor) -> tuple[CommentRow, ...]:
    """Everything said on one criterion, the newest last, at most 200. One statement. The application was checked before."""
    found = db.session.execute(
        select(Comment, User.name)
        .join(User, User.id == Comment.written_by_id)
        .where(Comment.application_id == application_id, Comment.criterion_code == code)
        .order_by(Comment.id)
        .limit(MOST_COMMENTS)
    ).all()
    return tuple(_row(comment, name, actor) for comment, name in found)


def _row(comment: Comment, name: str, actor: Actor) -> CommentRow:
    taken_back, own = comment.taken_back_at is not None, comment.written_by_id == actor.user_id
    return CommentRow(
        comment_id=comment.id,
        text="" if taken_back else comment.text,
        who=name,
        at=comment.written_at,
        changed_at=comment.changed_at,
        taken_back=taken_back,
        own=own,
        withdrawn=comment.text if taken_back and own else "",
    )


def comment_counts(session: Session, application_id: int) -> dict[str, int]:
    """How many comments stand on each criterion, by its code. One statement."""
    found = session.execute(
        select(Comment.criterion_code, func.count())
        .where(Comment.application_id == application_id, Comment.taken_back_at.is_(None))
        .group_by(Comment.criterion_code)
    ).all()
    return {code: count for code, count in found}


@dataclass(frozen=True)
class CommentPage:
    """One's own comment with where it stands, to change its words."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    code: str
    comment_id: int
    text: str


def own_comment(application_id: int, comment_id: int, actor: Actor) -> CommentPage:
    """The page on which somebody changes their own comment. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor, Action.COMMENT)
    comment = db.session.get(Comment, comment_id)
    if comment is None or comment.application_id != application.id or comment.taken_back_at is not None:
        raise NotFound("There is no such comment, or it was taken back.")
    if comment.written_by_id != actor.user_id:
        raise NotAllowed("Only the person who wrote a comment can change it.")
    edition = application.edition
    return CommentPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{edition.title} {edition.edition}",
        code=comment.criterion_code,
        comment_id=comment.id,
        text=comment.text,
    )
