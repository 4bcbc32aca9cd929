"""What providers and offices hear of passports that end or fall, beside the use-cases in which that happens. Not use-cases."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.certificates_held import ENDED
from app.domain.topics import Topic
from app.domain.wording import joined
from app.models import Passport, PassportUse
from app.queries.resting import Resting
from app.services.telling import officers_of, people_of, tell


def tell_of_award(session: Session, resting: Resting, now: datetime) -> None:
    """Holder and office hear that the ground of an award has gone. The award stands until the scheme decides."""
    told = {
        "provider": resting.provider,
        "number": resting.award_number,
        "title": resting.title,
        "codes": joined(resting.codes),
        "sentences": " ".join(resting.fell),
    }
    leads = people_of(session, resting.organisation_id, Role.LEAD)
    topic = Topic.PASSPORTS
    path = f"/organisations/{resting.organisation_id}/held-elsewhere"
    tell(session, leads, "passport_fell_for_holder", now, topic=topic, path=path, **told)
    office = f"/schemes/{resting.scheme_code}/cases/{resting.application_id}"
    tell(
        session,
        officers_of(session, resting.scheme_id),
        "passport_fell_under_award",
        now,
        topic=topic,
        path=office,
        **told,
    )
    mark_told(session, resting, ENDED)


def tell_office_ahead(session: Session, resting: Resting, stage: int, now: datetime) -> None:
    """The office hears that what an award rests on is about to end."""
    tell(
        session,
        officers_of(session, resting.scheme_id),
        "passport_ends_under_award",
        now,
        topic=Topic.PASSPORTS,
        provider=resting.provider,
        number=resting.award_number,
        title=resting.title,
        codes=joined(resting.codes),
        until=resting.until,
        path=f"/schemes/{resting.scheme_code}/cases/{resting.application_id}",
    )
    mark_told(session, resting, stage)


def mark_told(session: Session, resting: Resting, stage: int) -> None:
    """Keep which notice was given, so that none comes twice."""
    session.execute(
        update(PassportUse).where(PassportUse.id.in_(resting.use_ids)).values(told_days=stage),
        execution_options={"synchronize_session": False},
    )


def tell_holder_ahead(session: Session, passport: Passport, stage: int, today: date, now: datetime) -> None:
    """The leads hear that a certificate is about to end, and keep it in mind that they did."""
    tell(
        session,
        people_of(session, passport.organisation_id, Role.LEAD),
        "passport_ends",
        now,
        topic=Topic.PASSPORTS,
        provider=passport.organisation.name,
        title=passport.title,
        number=passport.number,
        until=passport.ends_on,
        today=passport.ends_on == today,
        path=f"/organisations/{passport.organisation_id}/held-elsewhere/{passport.id}",
    )
    passport.told_days = stage
