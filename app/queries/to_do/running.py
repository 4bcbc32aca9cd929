"""What running awards ask for: yearly returns to send and to read, suspensions to end, spot checks to give out and to make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, Subject, may, may_somewhere
from app.domain.lifecycle import NOT_RETURNED, AwardStatus, SurveillanceStatus
from app.domain.to_do import Kind, ToDo
from app.domain.wording import counted
from app.extensions import db
from app.models import Award, Scheme, SpotCheck, Surveillance
from app.queries.spot_checks import open_checks_of

MOST = 50
SOON = timedelta(days=28)
CONFIRM_AHEAD = timedelta(days=60)


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """Returns to send and suspensions to bring to an end, for leads. Two statements."""
    own = [each for each in organisation_ids if may(actor, Action.RETURN_SURVEILLANCE, Subject(organisation_id=each))]
    return [*_returns(own), *_suspended(own)] if own else []


def _returns(own: Sequence[int]) -> Iterator[ToDo]:
    looks = db.session.scalars(
        select(Surveillance)
        .join(Award, Award.id == Surveillance.award_id)
        .where(Award.organisation_id.in_(own), Surveillance.status.in_(NOT_RETURNED))
        .options(joinedload(Surveillance.award).joinedload(Award.scheme))
        .order_by(Surveillance.due_on, Surveillance.id)
        .limit(MOST)
    )
    for look in looks:
        award = look.award
        more = look.status is SurveillanceStatus.FOLLOW_UP
        what = f"{'Answer what is asked about' if more else 'Send'} the yearly return for {award.scheme.title}"
        path = f"/awards/{award.id}/returns/{look.number}"
        yield ToDo(Kind.SURVEILLANCE, what, path, look.due_on, "", award.organisation_id)


def _suspended(own: Sequence[int]) -> Iterator[ToDo]:
    awards = db.session.scalars(
        select(Award)
        .where(Award.organisation_id.in_(own), Award.status == AwardStatus.SUSPENDED)
        .options(joinedload(Award.scheme))
        .order_by(Award.id)
        .limit(MOST)
    )
    for award in awards:
        what = f"Put right what led to the suspension of {award.scheme.title}, {award.level_title}"
        path = f"/awards/{award.id}"
        yield ToDo(Kind.CONDITION, what, path, award.suspended_until, "", award.organisation_id)


def for_person(actor: Actor, today: date) -> list[ToDo]:
    """What awards ask of managers and of assessors, in the schemes where they are. Six statements at most."""
    return [*_for_manager(actor, today), *_for_assessor(actor)]


def _for_manager(actor: Actor, today: date) -> list[ToDo]:
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not schemes or not may_somewhere(actor, Action.CHANGE_AWARD):
        return []
    away = sorted(actor.judges_none_of)
    return [*_to_read(schemes, away), *_to_decide(schemes, away, today), *_to_give_out(schemes)]


def _to_read(schemes: Sequence[int], away: Sequence[int]) -> Iterator[ToDo]:
    looks = db.session.scalars(
        select(Surveillance)
        .join(Award, Award.id == Surveillance.award_id)
        .where(
            Award.scheme_id.in_(schemes),
            Award.organisation_id.not_in(away),
            Surveillance.status == SurveillanceStatus.RETURNED,
        )
        .options(joinedload(Surveillance.award).joinedload(Award.scheme))
        .order_by(Surveillance.returned_at, Surveillance.id)
        .limit(MOST)
    )
    for look in looks:
        award = look.award
        path = f"/schemes/{award.scheme.code}/awards/{award.id}/returns/{look.number}"
        yield ToDo(Kind.SURVEILLANCE, f"Read the yearly return of {award.holder_name}", path)


def _to_decide(schemes: Sequence[int], away: Sequence[int], today: date) -> Iterator[ToDo]:
    """Suspensions that end soon or are over, and provisional awards that run out soon."""
    ends = (Award.status == AwardStatus.SUSPENDED) & (Award.suspended_until <= today + SOON)
    waits = (Award.status == AwardStatus.PROVISIONAL) & (Award.expires_on <= today + CONFIRM_AHEAD)
    awards = db.session.scalars(
        select(Award)
        .where(
            Award.scheme_id.in_(schemes), Award.organisation_id.not_in(away), Award.expires_on >= today, ends | waits
        )
        .options(joinedload(Award.scheme))
        .order_by(Award.expires_on, Award.id)
        .limit(MOST)
    )
    for award in awards:
        path = f"/schemes/{award.scheme.code}/awards/{award.id}"
        if award.status is AwardStatus.SUSPENDED:
            what = f"Decide what follows the suspension of {award.holder_name}"
            yield ToDo(Kind.CASE, what, path, award.suspended_until)
        else:
            yield ToDo(Kind.CASE, f"Look whether {award.holder_name} can be confirmed", path, award.expires_on)


def _to_give_out(schemes: Sequence[int]) -> Iterator[ToDo]:
    rows = db.session.execute(
        select(Scheme.code, func.count())
        .select_from(SpotCheck)
        .join(Award, Award.id == SpotCheck.award_id)
        .join(Scheme, Scheme.id == Award.scheme_id)
        .where(Scheme.id.in_(schemes), SpotCheck.assessor_id.is_(None), SpotCheck.done_at.is_(None))
        .group_by(Scheme.code)
        .order_by(Scheme.code)
    )
    for code, count in rows:
        what = f"Give {counted(count, 'spot check')} to an assessor"
        yield ToDo(Kind.CASE, what, f"/schemes/{code}/spot-checks")


def _for_assessor(actor: Actor) -> Iterator[ToDo]:
    schemes = {scheme_id for scheme_id, roles in actor.schemes.items() if Role.ASSESSOR in roles}
    if not schemes or actor.user_id is None:
        return
    for check, scheme in open_checks_of(db.session(), actor.user_id):
        if scheme.id in schemes and check.award.organisation_id not in actor.judges_none_of:
            path = f"/schemes/{scheme.code}/spot-checks/{check.id}/record"
            yield ToDo(Kind.ASSESSMENT, f"Make the spot check of {check.award.holder_name}", path, check.due_on)
