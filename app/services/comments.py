"""What colleagues say to each other on a criterion: said, changed, taken back. No scheme ever hears of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Right, require
from app.domain.colleagues import MOST_COMMENTS, checked_comment
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import AdviserGrant, Answer, Application, Comment, HandedOver, Membership, User
from app.queries.self_assessments import own_subject
from app.services.answers import asked_criteria, asked_criterion
from app.services.telling import MOST_TOLD, tell
from app.services.transactions import locked, record, transaction

NO_SUCH = "There is no such comment, or it is not open to you."


def add_comment(application_id: int, code: str, text: str, *, actor: Actor, now: datetime) -> int:
    """Say something to colleagues on a criterion and tell those who have to do with it. Returns the comment's id.

    The same words sent twice in a row by one person are kept once. Raises NotFound, NotAllowed, Invalid, and Conflict
    where there are too many already.
    """
    words = checked_comment(text)
    with transaction() as session:
        application = locked(session, Application, application_id)
        require(actor, Action.COMMENT, own_subject(application))
        criterion = asked_criterion(asked_criteria(application), code)
        last = _last(session, application_id, code)
        if last is not None and (last.text, last.written_by_id, last.taken_back_at) == (words, actor.user_id, None):
            return last.id
        _check_room(session, application_id, code)
        row = Comment(
            application_id=application_id,
            criterion_code=code,
            text=words,
            written_at=now,
            written_by_id=actor.user_id or 0,
        )
        session.add(row)
        _record(session, "comment.added", application, row, actor, now)
        people = _concerned(session, application, code, actor, now)
        tell(
            session,
            people,
            "comment_added",
            now,
            topic=Topic.COLLEAGUES,
            provider=application.organisation.name,
            who=actor.name,
            words=words,
            heading=f"{code} {criterion.heading}",
            application_id=application_id,
            code=code,
        )
        return row.id


def _last(session: Session, application_id: int, code: str) -> Comment | None:
    return session.scalars(
        select(Comment)
        .where(Comment.application_id == application_id, Comment.criterion_code == code)
        .order_by(Comment.id.desc())
        .limit(1)
    ).first()


def _check_room(session: Session, application_id: int, code: str) -> None:
    said = session.scalar(
        select(func.count()).where(Comment.application_id == application_id, Comment.criterion_code == code)
    )
    if (said or 0) >= MOST_COMMENTS:
        raise Conflict(f"There are {MOST_COMMENTS} comments on this criterion, which is the most. Change one of yours.")


def _concerned(session: Session, application: Application, code: str, actor: Actor, now: datetime) -> list[User]:
    """Those who commented before, wrote the answer or hold the criterion, and may still comment; never the author."""
    here = (application.id, code)
    said = select(Comment.written_by_id).where(
        Comment.application_id == here[0], Comment.criterion_code == here[1], Comment.taken_back_at.is_(None)
    )
    wrote = select(Answer.updated_by_id).where(Answer.application_id == here[0], Answer.criterion_code == here[1])
    holds = select(HandedOver.to_id).where(
        HandedOver.application_id == here[0],
        HandedOver.criterion_code == here[1],
        HandedOver.done_at.is_(None),
        HandedOver.taken_back_at.is_(None),
    )
    found = session.scalars(
        select(User)
        .where(User.id.in_(said.union(wrote, holds)), User.id != actor.user_id, User.closed_at.is_(None))
        .order_by(User.id)
    ).all()
    allowed = _may_comment(session, application.organisation_id, [each.id for each in found], uk_day(now))
    return [each for each in found if each.id in allowed][:MOST_TOLD]


def _may_comment(session: Session, organisation_id: int, people: list[int], today: date) -> set[int]:
    """Which of `people` work for the organisation, or answer with it as advisers. Two statements."""
    members = session.scalars(
        select(Membership.user_id).where(Membership.organisation_id == organisation_id, Membership.user_id.in_(people))
    )
    grants = session.execute(
        select(AdviserGrant.user_id, AdviserGrant.rights).where(
            AdviserGrant.organisation_id == organisation_id,
            AdviserGrant.user_id.in_(people),
            AdviserGrant.ended_at.is_(None),
            AdviserGrant.ends_on.is_(None) | (AdviserGrant.ends_on >= today),
        )
    )
    return set(members) | {user_id for user_id, rights in grants if Right.ANSWER.value in rights}


def change_comment(comment_id: int, text: str, *, actor: Actor, now: datetime) -> None:
    """Change the words of one's own comment. Raises NotFound, NotAllowed, Invalid, Conflict where it was taken back."""
    words = checked_comment(text)
    with transaction() as session:
        application, row = _own(session, comment_id, actor)
        if row.taken_back_at is not None:
            raise Conflict("You have taken this comment back. Put it back first.")
        if row.text == words:
            return
        row.text, row.changed_at = words, now
        _record(session, "comment.changed", application, row, actor, now)


def take_back_comment(comment_id: int, *, actor: Actor, now: datetime) -> None:
    """Take one's own comment back; that there was one stays. Doing so twice changes nothing. Raises NotFound, NotAllowed."""
    with transaction() as session:
        application, row = _own(session, comment_id, actor)
        if row.taken_back_at is None:
            row.taken_back_at = now
            _record(session, "comment.taken-back", application, row, actor, now)


def put_back_comment(comment_id: int, *, actor: Actor, now: datetime) -> None:
    """Say again what one took back. Doing so twice changes nothing. Raises NotFound, NotAllowed."""
    with transaction() as session:
        application, row = _own(session, comment_id, actor)
        if row.taken_back_at is not None:
            row.taken_back_at = None
            _record(session, "comment.put-back", application, row, actor, now)


def _own(session: Session, comment_id: int, actor: Actor) -> tuple[Application, Comment]:
    """The comment, held, with its application. Only its author may change it."""
    row = session.get(Comment, comment_id)
    if row is None:
        raise NotFound(NO_SUCH)
    application = session.get_one(Application, row.application_id)
    require(actor, Action.COMMENT, own_subject(application))
    row = locked(session, Comment, comment_id)
    if row.written_by_id != actor.user_id:
        raise NotAllowed("Only the person who wrote a comment can change it or take it back.")
    return application, row


def _record(session: Session, action: str, application: Application, row: Comment, actor: Actor, now: datetime) -> None:
    # Without the scheme and the case: their trails are read by the scheme, and this is the provider's own.
    organisation, code = application.organisation_id, row.criterion_code
    record(session, actor, action, row, now, organisation_id=organisation, application=application.id, criterion=code)
