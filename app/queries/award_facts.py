"""Awards as the regular work finds them: the facts from which a day's plan is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.award_plan import LONG_AFTER_EXPIRY, AwardFacts, Look
from app.domain.lifecycle import STANDING, SURVEILLANCE
from app.domain.uk_time import uk_day
from app.models import Application, Award, AwardNotice, FrameworkEdition, Surveillance
from app.queries.award_moves import terms_of

SETTLED = SURVEILLANCE.ends()


def watched(today: date) -> ColumnElement[bool]:
    """The awards that the work may have something to do to: those that stand, ran out lately, or left something open."""
    stands = and_(Award.status.in_(STANDING), Award.expires_on >= today - LONG_AFTER_EXPIRY)
    left_open = (
        select(Surveillance.id)
        .where(Surveillance.award_id == Award.id, Surveillance.status.not_in(SETTLED))
        .correlate(Award)
        .exists()
    )
    return or_(stands, left_open)


def batch_after(session: Session, today: date, after: int, limit: int, scheme_id: int | None = None) -> Sequence[Award]:
    """The next watched awards by id."""
    asked: Select[Any] = (
        select(Award)
        .where(Award.id > after, watched(today))
        .options(joinedload(Award.edition), joinedload(Award.organisation), joinedload(Award.scheme))
        .order_by(Award.id)
        .limit(limit)
    )
    if scheme_id is not None:
        asked = asked.where(Award.scheme_id == scheme_id)
    return session.scalars(asked).all()


def facts_of(session: Session, awards: Sequence[Award]) -> dict[int, AwardFacts]:
    """The facts of these awards by their ids. Three statements, however many there are."""
    ids = [award.id for award in awards]
    looks = _looks(session, ids)
    given = _given(session, ids)
    renewing = _renewing(session, awards)
    return {
        award.id: AwardFacts(
            award_id=award.id,
            status=award.status,
            status_on=award.status_on,
            counted_from=award.counted_from,
            expires_on=award.expires_on,
            terms=terms_of(award),
            suspended_until=award.suspended_until,
            looks=tuple(looks[award.id]),
            given=given[award.id],
            renewing=award.id in renewing,
        )
        for award in awards
    }


def _looks(session: Session, ids: Sequence[int]) -> Mapping[int, list[Look]]:
    rows = session.execute(
        select(
            Surveillance.award_id,
            Surveillance.number,
            Surveillance.status,
            Surveillance.opened_at,
            Surveillance.due_on,
        )
        .where(Surveillance.award_id.in_(ids))
        .order_by(Surveillance.number)
    )
    found: dict[int, list[Look]] = defaultdict(list)
    for award_id, number, status, opened_at, due_on in rows:
        found[award_id].append(Look(number, status, uk_day(opened_at), due_on))
    return found


def _given(session: Session, ids: Sequence[int]) -> Mapping[int, dict[tuple[str, str], date]]:
    rows = session.execute(
        select(AwardNotice.award_id, AwardNotice.cause, AwardNotice.stage, AwardNotice.given_on).where(
            AwardNotice.award_id.in_(ids)
        )
    )
    found: dict[int, dict[tuple[str, str], date]] = defaultdict(dict)
    for award_id, cause, stage, given_on in rows:
        found[award_id][cause, stage] = given_on
    return found


def _renewing(session: Session, awards: Sequence[Award]) -> set[int]:
    """The awards whose holder has begun another application under the same framework since."""
    rows = session.execute(
        select(Application.organisation_id, FrameworkEdition.code, Application.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(Application.organisation_id.in_({award.organisation_id for award in awards}))
        .order_by(Application.id)
    )
    newest = {(organisation_id, code): application_id for organisation_id, code, application_id in rows}
    return {
        award.id
        for award in awards
        if newest.get((award.organisation_id, award.edition.code), 0) > award.application_id
    }
