"""What an award sets off: its number, certificate, register entry and letter, in the decision's own transaction."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.certificates import level_colour
from app.domain.access import Actor
from app.domain.award_dates import cycle_from
from app.domain.certificate_number import make
from app.domain.deciding import Verdict
from app.domain.framework import Framework, Level
from app.domain.lifecycle import STANDING, AwardMove, AwardStatus, status_on
from app.domain.passports import last_day
from app.models import Application, Award, Decision, FrameworkEdition, Scheme
from app.queries.award_scope import Covered, scope_in_words
from app.queries.frameworks import framework_of
from app.services.casework import mail_leads, record_on
from app.services.issuing import Issue, Press, issue_certificate
from app.services.register import publish
from app.services.transactions import locked
from app.services.using_passports import rests_on

__all__ = ["Issue", "grant", "next_numbers"]

GRANTED_WORDS = {
    AwardStatus.AWARDED: "",
    AwardStatus.CONDITIONAL: " with conditions",
    AwardStatus.PROVISIONAL: " provisionally",
}


def grant(
    session: Session,
    application: Application,
    decision: Decision,
    *,
    issue: Issue,
    storage: Storage,
    actor: Actor,
    now: datetime,
    today: date,
) -> Award:
    """Make the award that `decision` grants, with its certificate, register entry, audit rows and letters.

    An award that the organisation holds in the scheme gives way to it. A certificate that is stored before a failure
    stays behind unused: nothing refers to it.
    """
    framework = framework_of(application.edition)
    assert decision.level is not None  # a ballot that grants names a level
    level = framework.level(decision.level)
    award = _award(session, application, decision, level, now, today)
    _replace_older(session, award, application, actor, now, today)
    session.add(award)
    issue_certificate(session, award, application, actor, Press(issue, storage), now, today)
    session.flush()
    words = f"{award.level_title} awarded{GRANTED_WORDS[award.status]}."
    publish(session, application.organisation, award, now, today, "awarded", words)
    record_on(session, actor, "award.granted", award, application, now, number=award.number, level=award.level)
    _send_letters(session, application, award, decision, now)
    return award


def _award(
    session: Session,
    application: Application,
    decision: Decision,
    level: Level,
    now: datetime,
    today: date,
) -> Award:
    framework = framework_of(application.edition)
    starts, last = _period(session, application, framework, level, today)
    provisional = framework.award.for_level(level.code).provisional
    conditional = decision.outcome == Verdict.AWARD_WITH_CONDITIONS.value
    return Award(
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        edition_id=application.edition_id,
        number=next_numbers(session, application.scheme_id, today, 1)[0],
        level=level.code,
        level_title=str(level.title),
        level_colour=level_colour(level.code, level.rank + 1, len(framework.levels)),
        holder_name=application.organisation.name,
        scope=scope_in_words(application.organisation, _covered(application)),
        covers={"services": list(_covered(application).services)},
        status=_first_status(provisional, conditional),
        provisional=provisional,
        cycle_from=starts,
        status_on=today,
        conditions=decision.conditions,
        conditions_due_on=decision.conditions_due_on,
        granted_on=today,
        expires_on=last,
        created_at=now,
    )


def _first_status(provisional: bool, conditional: bool) -> AwardStatus:
    """A provisional award with conditions is provisional: what is asked for is seen before it is confirmed."""
    if provisional:
        return AwardStatus.PROVISIONAL
    return AwardStatus.CONDITIONAL if conditional else AwardStatus.AWARDED


def _period(
    session: Session, application: Application, framework: Framework, level: Level, today: date
) -> tuple[date | None, date]:
    """(the first day of its cycle where that is not today, its last day).

    The cycle of a renewal follows that of the award before it, if it is granted while the dates are kept. What a level
    that lasts for a shorter time than the delay would leave behind already is counted from today.
    """
    rests = rests_on(session, application)
    before = session.scalars(
        select(Award)
        .join(FrameworkEdition, FrameworkEdition.id == Award.edition_id)
        .where(
            Award.organisation_id == application.organisation_id,
            Award.scheme_id == application.scheme_id,
            FrameworkEdition.code == application.edition.code,
            Award.status.in_(STANDING),
        )
        .order_by(Award.expires_on.desc(), Award.id.desc())
        .limit(1)
    ).first()
    if before is not None:
        terms = framework_of(before.edition).award.for_level(before.level)
        starts = cycle_from(before.expires_on, terms, today)
        last = last_day(framework.award, level.code, starts, rests) if starts else today
        if starts and last > today:
            return starts, last
    return None, last_day(framework.award, level.code, today, rests)


def next_numbers(session: Session, scheme_id: int, today: date, count: int) -> list[str]:
    """The scheme's next certificate numbers. The scheme is held, so that two awards at once never share one.

    Another scheme may have the same letters: a number that it has given out already is passed over.
    """
    scheme = locked(session, Scheme, scheme_id)
    numbers: list[str] = []
    while len(numbers) < count:
        serials = range(scheme.next_serial, scheme.next_serial + count - len(numbers))
        scheme.next_serial = serials.stop
        made = [make(_prefix(scheme), today.year, serial) for serial in serials]
        taken = set(session.scalars(select(Award.number).where(Award.number.in_(made))))
        numbers += [number for number in made if number not in taken]
    return numbers


def _prefix(scheme: Scheme) -> str:
    """The letters that the scheme's numbers begin with; without any on file, the initials of its code."""
    initials = "".join(word[0] for word in scheme.code.split("-") if word[:1].isalpha())
    return str(scheme.details.get("prefix") or initials or "T").upper()[:4]


def _covered(application: Application) -> Covered:
    """What an award covers: the services that were assessed.

    A service that was added to the profile after the application was handed in is not covered.
    """
    return Covered(tuple(application.facts.get("services", application.organisation.services)))


def _replace_older(
    session: Session, award: Award, application: Application, actor: Actor, now: datetime, today: date
) -> None:
    held = session.scalars(
        select(Award).where(
            Award.organisation_id == award.organisation_id,
            Award.scheme_id == award.scheme_id,
            Award.status.in_(STANDING),
        )
    ).all()
    for older in held:
        if status_on(older.status, older.expires_on, today) in STANDING:
            older.make(AwardMove.REPLACE, today, f"Replaced by certificate {award.number}.")
            record_on(session, actor, "award.replaced", older, application, now, number=older.number)


def _send_letters(session: Session, application: Application, award: Award, decision: Decision, now: datetime) -> None:
    mail_leads(
        session,
        application,
        "award_granted",
        now,
        level=award.level_title,
        number=award.number,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        conditions=award.conditions,
        conditions_due_on=award.conditions_due_on,
        reasons=decision.reasons,
        appeal_by=decision.appeal_by,
        decision_id=decision.id,
        award_id=award.id,
    )
