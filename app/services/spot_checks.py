"""Spot checks: awards drawn at random so that anybody can repeat the draw, and an assessor who looks at each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.lifecycle import CURRENT
from app.domain.sampling import SampleRule, draw, sample_size
from app.domain.topics import Topic
from app.models import Application, Award, Scheme, SchemePost, SpotCheck, SpotDraw, User
from app.queries.spot_checks import spot_subject
from app.queries.subjects import subject_of
from app.services.award_warnings import about, tell_office
from app.services.casework import check_day, record_on, user_id
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

LONGEST = 10_000
MOST_DRAWN_FROM = 20_000


def draw_spot_checks(code: str, percent: int | None, seed: str, *, actor: Actor, now: datetime, today: date) -> int:
    """Draw a share of the scheme's current awards, with a seed that is kept. Returns how many were drawn.

    A part of one counts as one. Raises NotFound, NotAllowed, Invalid (`percent`), Conflict where a draw was made today
    already: drawing until a liked result comes is no draw.
    """
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == code)).first()
        if scheme is None:
            raise NotFound("There is no such page, or it is not open to you.")
        require(actor, Action.MANAGE_PEOPLE, Subject(scheme_id=scheme.id))
        if percent is None or not 1 <= percent <= 100:
            raise Invalid({"percent": "Enter a whole number from 1 to 100."})
        locked(session, Scheme, scheme.id)
        _check_first_today(session, scheme.id, today)
        awards = _current(session, scheme.id, today)
        if not awards:
            raise Conflict("No award stands today, so there is nothing to draw.")
        numbers = sorted(award.number for award in awards)
        drawn = draw(numbers, sample_size(SampleRule(Fraction(percent, 100)), len(numbers)), seed)
        made = SpotDraw(
            scheme_id=scheme.id,
            seed=seed,
            percent=percent,
            population=numbers,
            drawn=list(drawn),
            drawn_on=today,
            drawn_at=now,
            drawn_by_id=user_id(actor),
        )
        session.add(made)
        session.flush()
        by_number = {award.number: award.id for award in awards}
        session.add_all(SpotCheck(draw_id=made.id, award_id=by_number[number]) for number in drawn)
        record(
            session,
            actor,
            "spot-check.drawn",
            made,
            now,
            scheme_id=scheme.id,
            seed=seed,
            percent=percent,
            out_of=len(numbers),
            drawn=list(drawn),
        )
        return len(drawn)


def assign_spot_check(
    check_id: int, assessor_id: int | None, due_on: date | None, *, actor: Actor, now: datetime, today: date
) -> None:
    """Ask an assessor of the scheme to look, or another one instead. Raises NotFound, NotAllowed, Invalid, Conflict."""
    with transaction() as session:
        check, award = _held(session, check_id)
        application = award.application
        require(actor, Action.CHANGE_AWARD, subject_of(session, application, today))
        if check.done_at is not None:
            raise Conflict("This spot check is done.")
        check_day(due_on, today, "due_on")
        assessor = _assessor(session, award, application, assessor_id, today)
        check.assessor_id, check.due_on = assessor.id, due_on
        due = due_on.isoformat() if due_on else ""
        detail = {"assessor": assessor.name, "due_on": due}
        record_on(session, actor, "spot-check.assigned", award, application, now, **detail)
        told = {**about(award, application), "due_on": due_on, "check_id": check.id}
        tell(session, [assessor], "spot_check_assigned", now, topic=Topic.CASES, **told)


def record_spot_check(check_id: int, seen: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Write down what was seen, once. Raises NotFound, NotAllowed, Invalid (`seen`), Conflict."""
    with transaction() as session:
        check, award = _held(session, check_id)
        require(actor, Action.SPOT_CHECK, spot_subject(session, check, award, today))
        if check.done_at is not None:
            raise Conflict("This spot check is done already. Nothing was saved.")
        if not seen.strip():
            raise Invalid({"seen": "Write what you saw."})
        if len(seen.strip()) > LONGEST:
            raise Invalid({"seen": f"Keep this under {LONGEST:,} characters."})
        check.seen, check.done_at = seen.strip(), now
        record_on(session, actor, "spot-check.done", award, award.application, now, reason=seen.strip())
        tell_office(session, award, "spot_check_done", now, check_id=check.id, assessor=actor.name)


def _held(session: Session, check_id: int) -> tuple[SpotCheck, Award]:
    found = session.get(SpotCheck, check_id)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    locked(session, Application, found.award.application_id)
    check = locked(session, SpotCheck, check_id)
    return check, check.award


def _check_first_today(session: Session, scheme_id: int, today: date) -> None:
    before = session.scalars(
        select(SpotDraw.id).where(SpotDraw.scheme_id == scheme_id, SpotDraw.drawn_on == today).limit(1)
    ).first()
    if before is not None:
        raise Conflict("Awards were drawn today already. A draw is made once, and what it gave stands.")


def _current(session: Session, scheme_id: int, today: date) -> Sequence[Award]:
    return session.scalars(
        select(Award)
        .where(Award.scheme_id == scheme_id, Award.status.in_(CURRENT), Award.expires_on >= today)
        .order_by(Award.number)
        .limit(MOST_DRAWN_FROM)
    ).all()


def _assessor(session: Session, award: Award, application: Application, assessor_id: int | None, today: date) -> User:
    """The assessor of that id if they may look at this holder. Raises Invalid (`assessor`)."""
    post = select(SchemePost.user_id).where(
        SchemePost.scheme_id == award.scheme_id, SchemePost.role == Role.ASSESSOR, SchemePost.user_id == assessor_id
    )
    person = session.scalars(select(User).where(User.id.in_(post), User.closed_at.is_(None))).first()
    if person is None:
        raise Invalid({"assessor": "Choose an assessor of this scheme."})
    subject = subject_of(session, application, today)
    if person.id in subject.tied or person.id in subject.barred:
        raise Invalid({"assessor": f"{person.name} has a tie with this provider. Choose somebody else."})
    return person
