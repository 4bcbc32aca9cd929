"""Spot checks of a scheme: the draws with all it takes to repeat them, and each award that was drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Role, Subject, may, require
from app.domain.errors import NotFound
from app.domain.lifecycle import CURRENT
from app.extensions import db
from app.models import Award, Scheme, SchemePost, SpotCheck, SpotDraw, User
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import subject_of

MOST_DRAWS = 50
MOST_CHECKS = 500
MOST_ASSESSORS = 500


@dataclass(frozen=True)
class CheckRow:
    """One award that was drawn."""

    check_id: int
    award_id: int
    holder: str
    number: str
    level: str
    assessor: str
    due_on: date | None
    late: bool
    done_at: datetime | None


@dataclass(frozen=True)
class DrawRow:
    """One draw. `population` are the numbers it was drawn from, sorted."""

    drawn_on: date
    drawn_by: str
    percent: int
    seed: str
    population: tuple[str, ...]
    drawn: tuple[str, ...]
    checks: tuple[CheckRow, ...]


@dataclass(frozen=True)
class SpotChecksPage:
    """The draws of a scheme, the newest first. `standing` is how many awards stand today."""

    scheme: SchemeRow
    standing: int
    draws: tuple[DrawRow, ...]
    drawn_today: bool


@dataclass(frozen=True)
class SpotCheckPage:
    """One spot check. `may_assign` and `may_record` say what its reader can do now."""

    row: CheckRow
    scheme_code: str
    scheme: str
    drawn_on: date
    seed: str
    scope: tuple[str, ...]
    contact: str
    seen: str
    assessors: tuple[tuple[str, str], ...]
    may_assign: bool
    may_record: bool
    office: bool


def spot_checks_page(code: str, actor: Actor, today: date) -> SpotChecksPage:
    """All draws of a scheme. Four statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    draws = db.session.scalars(
        select(SpotDraw)
        .where(SpotDraw.scheme_id == scheme.scheme_id)
        .options(joinedload(SpotDraw.drawn_by))
        .order_by(SpotDraw.id.desc())
        .limit(MOST_DRAWS)
    ).all()
    checks = db.session.scalars(
        select(SpotCheck)
        .where(SpotCheck.draw_id.in_([each.id for each in draws]))
        .options(joinedload(SpotCheck.award), joinedload(SpotCheck.assessor))
        .order_by(SpotCheck.id)
        .limit(MOST_CHECKS)
    ).all()
    standing = db.session.scalar(
        select(func.count()).where(
            Award.scheme_id == scheme.scheme_id, Award.status.in_(CURRENT), Award.expires_on >= today
        )
    )
    rows = tuple(
        _draw(each, tuple(_row(check, today) for check in checks if check.draw_id == each.id)) for each in draws
    )
    return SpotChecksPage(scheme, standing or 0, rows, any(each.drawn_on == today for each in draws))


def spot_check_page(code: str, check_id: int, actor: Actor, today: date) -> SpotCheckPage:
    """One spot check, for the office and for the assessor who was asked. Raises NotFound, NotAllowed."""
    check = db.session.scalars(
        select(SpotCheck)
        .where(SpotCheck.id == check_id)
        .options(joinedload(SpotCheck.award).joinedload(Award.scheme), joinedload(SpotCheck.assessor))
    ).first()
    if check is None or check.award.scheme.code != code:
        raise NotFound("There is no such page, or it is not open to you.")
    subject = spot_subject(db.session(), check, check.award, today)
    office = may(actor, Action.SEE_CASE, subject)
    if not office:
        require(actor, Action.SPOT_CHECK, subject)
    open_still = check.done_at is None
    assigns = open_still and may(actor, Action.CHANGE_AWARD, subject)
    return SpotCheckPage(
        row=_row(check, today),
        scheme_code=code,
        scheme=check.award.scheme.title,
        drawn_on=check.draw.drawn_on,
        seed=check.draw.seed,
        scope=tuple(check.award.scope),
        contact=check.award.organisation.email or check.award.organisation.phone or "",
        seen=check.seen,
        assessors=_assessors(check.award, subject) if assigns else (),
        may_assign=assigns,
        may_record=open_still and may(actor, Action.SPOT_CHECK, subject),
        office=office,
    )


def spot_subject(session: Session, check: SpotCheck, award: Award, today: date) -> Subject:
    """The Subject of one spot check: the case's, with whoever was asked to look."""
    asked = frozenset({check.assessor_id} if check.assessor_id is not None else set())
    return replace(subject_of(session, award.application, today), spot_checking=asked)


def open_checks_of(session: Session, user_id: int) -> tuple[tuple[SpotCheck, Scheme], ...]:
    """What an assessor was asked to look at and has not done yet, with the scheme of each. One statement."""
    rows = session.execute(
        select(SpotCheck, Scheme)
        .join(Award, Award.id == SpotCheck.award_id)
        .join(Scheme, Scheme.id == Award.scheme_id)
        .where(SpotCheck.assessor_id == user_id, SpotCheck.done_at.is_(None))
        .options(joinedload(SpotCheck.award))
        .order_by(SpotCheck.id)
        .limit(MOST_CHECKS)
    )
    return tuple((check, scheme) for check, scheme in rows)


def _assessors(award: Award, subject: Subject) -> tuple[tuple[str, str], ...]:
    """(id, name) of the scheme's assessors with no tie to the holder."""
    people = db.session.execute(
        select(User.id, User.name)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == award.scheme_id, SchemePost.role == Role.ASSESSOR, User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(MOST_ASSESSORS)
    )
    away = subject.tied | subject.barred
    return tuple((str(user_id), name) for user_id, name in people if user_id not in away)


def _draw(draw: SpotDraw, checks: tuple[CheckRow, ...]) -> DrawRow:
    return DrawRow(
        drawn_on=draw.drawn_on,
        drawn_by=draw.drawn_by.name,
        percent=draw.percent,
        seed=draw.seed,
        population=tuple(draw.population),
        drawn=tuple(draw.drawn),
        checks=checks,
    )


def _row(check: SpotCheck, today: date) -> CheckRow:
    award = check.award
    return CheckRow(
        check_id=check.id,
        award_id=award.id,
        holder=award.holder_name,
        number=award.number,
        level=award.level_title,
        assessor=check.assessor.name if check.assessor else "",
        due_on=check.due_on,
        late=check.done_at is None and check.due_on is not None and check.due_on < today,
        done_at=check.done_at,
    )
