"""Warning a holder before a rule takes its award away, and keeping that it was warned. No use-case of its own.

Every loss by rule goes through here: none falls sooner than sixty days after a warning that is on record. Where the work
was down and no warning went out, the loss waits until sixty days after the one that goes out then.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.award_dates import A_DAY
from app.domain.award_plan import WARNED, at, loss_from
from app.domain.topics import Topic
from app.models import Application, Award, AwardNotice
from app.queries.frameworks import scheme_details
from app.services.award_rules import BY_RULE
from app.services.casework import edition_words, record_on
from app.services.telling import officers_of, people_of, tell


def may_lose(
    session: Session,
    award: Award,
    cause: str,
    due_on: date,
    because: str,
    now: datetime,
    today: date,
    *,
    withdrawal: bool = False,
) -> bool:
    """Whether a rule may suspend (or withdraw) the award today for `cause`, such as "finding:12", due on a day.

    Where no warning of it is on record the holder is warned now, in the sentence `because`, and the answer is no. The same
    day may be asked again; a `due_on` that is moved needs a warning of its own. Ask within the transaction that would act.
    """
    warned = session.scalars(
        select(AwardNotice.given_on).where(
            AwardNotice.award_id == award.id, AwardNotice.cause == cause, AwardNotice.stage == at(WARNED, due_on)
        )
    ).first()
    if warned is None:
        warn_of_loss(session, award, cause, due_on, because, now, today, withdrawal=withdrawal)
        return False
    from_day = loss_from(warned, due_on + A_DAY)
    return from_day is not None and today >= from_day


def warn_of_loss(
    session: Session,
    award: Award,
    cause: str,
    due_on: date,
    because: str,
    now: datetime,
    today: date,
    *,
    withdrawal: bool,
) -> None:
    """Tell the holder's leads what will be taken away from when, and keep the day of it."""
    from_day = loss_from(today, due_on + A_DAY) or today
    give_notice(session, award, cause, at(WARNED, due_on), now, today)
    application = award.application
    tell_holder(
        session,
        award,
        "award_loss_warning",
        now,
        cause=cause.partition(":")[0],
        due_on=due_on,
        because=because,
        withdrawal=withdrawal,
        from_day=from_day,
    )
    loss = "withdrawal" if withdrawal else "suspension"
    record_on(
        session,
        BY_RULE,
        "award.warned",
        award,
        application,
        now,
        reason=because,
        loss=loss,
        from_day=from_day.isoformat(),
    )


def give_notice(session: Session, award: Award, cause: str, stage: str, now: datetime, today: date) -> None:
    """Keep that a notice was given, so that it is given no second time."""
    session.add(AwardNotice(award_id=award.id, cause=cause, stage=stage, given_on=today, given_at=now))


def tell_holder(session: Session, award: Award, template: str, now: datetime, **values: object) -> None:
    """Tell the leads of the holder something about its award."""
    people = people_of(session, award.organisation_id, Role.LEAD)
    tell(session, people, template, now, topic=Topic.DECISIONS, **about(award, award.application), **values)


def tell_office(session: Session, award: Award, template: str, now: datetime, **values: object) -> None:
    """Tell the managers of the scheme something about an award."""
    people = officers_of(session, award.scheme_id)
    tell(session, people, template, now, topic=Topic.CASES, **about(award, award.application), **values)


def about(award: Award, application: Application) -> dict[str, object]:
    """What every message about an award may name."""
    scheme = scheme_details(award.scheme)
    return {
        "provider": application.organisation.name,
        "framework": edition_words(application),
        "level": award.level_title,
        "award_id": award.id,
        "number": award.number,
        "scheme": award.scheme.code,
        "expires_on": award.expires_on,
        "organisation_id": award.organisation_id,
        "contact": scheme.details.get("contact") or "",
        "awarding_body": scheme.awarding_body,
    }
