"""Regular work: who hears, and when, that a certificate of another body ends, or that an award rests on one that did."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from app.domain.certificates_held import ENDED, SOON, CheckState, notice_due
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Application, Award, Passport, PassportCheck, PassportUse
from app.queries.resting import LIVING, Resting, resting_awards
from app.services.passport_news import tell_holder_ahead, tell_of_award, tell_office_ahead
from app.services.transactions import transaction

AT_ONCE = 100
AWARDS_AT_ONCE = 4  # each may rest on as many uses as it has criteria


def watch_passports(now: datetime) -> int:
    """Give the notices that are owed today, and return how many. Running it again on a day gives none twice.

    60 and 14 days ahead and on the last day the leads hear, and with them the office where an award rests on it; the day
    after both hear what fell. Nobody hears of what something else answers as well by then.
    """
    today = uk_day(now)
    return _certificates(today, now) + _awards(today, now)


def _certificates(today: date, now: datetime) -> int:
    told, last = 0, 0
    while ids := _ending(today, last):
        with transaction() as session:
            found = session.scalars(
                select(Passport).where(Passport.id.in_(ids)).options(joinedload(Passport.organisation))
            ).all()
            for passport in found:
                stage = notice_due(passport.ends_on, today, passport.told_days)
                if stage is not None:
                    tell_holder_ahead(session, passport, stage, today, now)
                    told += 1
        last = ids[-1]
    return told


def _ending(today: date, last: int) -> list[int]:
    """The next certificates that end soon and are not followed by one that a scheme accepted, by id."""
    follower = aliased(Passport)
    followed = (
        select(follower.id)
        .join(PassportCheck, PassportCheck.passport_id == follower.id)
        .where(
            follower.replaces_id == Passport.id,
            follower.withdrawn_at.is_(None),
            PassportCheck.state == CheckState.ACCEPTED,
        )
        .exists()
    )
    return list(
        db.session.scalars(
            select(Passport.id)
            .where(
                Passport.id > last,
                Passport.withdrawn_at.is_(None),
                Passport.ends_on.between(today, today + timedelta(days=SOON)),
                ~followed,
            )
            .order_by(Passport.id)
            .limit(AT_ONCE)
        )
    )


def _awards(today: date, now: datetime) -> int:
    told, last = 0, 0
    while ids := _resting_applications(today, last):
        with transaction() as session:
            told += sum(
                _told(session, resting, today, now) for resting in resting_awards(session, today, application_ids=ids)
            )
        last = ids[-1]
    return told


def _told(session: Session, resting: Resting, today: date, now: datetime) -> bool:
    """Give the notice on one award that is owed today, if any is."""
    if resting.fell:
        if resting.told == ENDED:
            return False
        tell_of_award(session, resting, now)
        return True
    stage = notice_due(resting.until, today, resting.told)
    if stage is None or stage == ENDED or resting.renewed:
        return False
    tell_office_ahead(session, resting, stage, now)
    return True


def _resting_applications(today: date, last: int) -> list[int]:
    """The next applications with a living award that rests on passports, by id."""
    return list(
        db.session.scalars(
            select(Application.id)
            .join(Award, Award.application_id == Application.id)
            .where(
                Application.id > last,
                Award.status.in_(LIVING),
                Award.expires_on >= today,
                select(PassportUse.id).where(PassportUse.application_id == Application.id).exists(),
            )
            .order_by(Application.id)
            .limit(AWARDS_AT_ONCE)
        )
    )
