"""What a rule does to an award in somebody else's transaction: suspend it or take it away. No use-case of its own."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, NotFound
from app.domain.lifecycle import AWARD_MOVES, AwardMove, AwardStatus, after, status_on
from app.domain.uk_time import UK, spoken, uk_day
from app.models import Application, AuditRow, Award
from app.queries.award_moves import seen_as, terms_of
from app.queries.frameworks import scheme_details
from app.queries.subjects import subject_of
from app.services.casework import mail_leads, record_on
from app.services.register import publish
from app.services.transactions import locked

BY_RULE = Actor(name="By rule")
"""Who the audit trail says made a change that nobody made by hand."""


def suspend_by_rule(
    session: Session, award: Award, reason: str, public: str, now: datetime, today: date, until: date | None = None
) -> bool:
    """Suspend the award because a rule says so, until a day or for as long as its terms let a suspension last.

    `reason` goes to the holder and the audit trail, `public` is the register's sentence. The award and its case are held.
    False, and nothing is done, where it is suspended already, has ended or has expired. A loss needs a warning first: ask
    `app.services.award_warnings.may_lose` before.
    """
    return _by_rule(session, award, AwardMove.SUSPEND, "suspended", (reason, public), now, today, until)


def withdraw_by_rule(session: Session, award: Award, reason: str, public: str, now: datetime, today: date) -> bool:
    """Take the award away because a rule says so. As `suspend_by_rule`; a suspended award can be withdrawn."""
    return _by_rule(session, award, AwardMove.WITHDRAW, "withdrawn", (reason, public), now, today, None)


def _by_rule(
    session: Session,
    award: Award,
    move: AwardMove,
    event: str,
    words: tuple[str, str],
    now: datetime,
    today: date,
    until: date | None,
) -> bool:
    application = locked(session, Application, award.application_id)
    award = locked(session, Award, award.id)
    if (award.status, move) not in AWARD_MOVES or status_on(award.status, award.expires_on, today) != award.status:
        return False
    reason, public = words
    before = award.status
    award.make(move, today, public)
    if move is AwardMove.SUSPEND:
        award.suspended_until = until or terms_of(award).suspension.at_most.add_to(today)
    changed(session, award, application, BY_RULE, event, now, today, reason=reason, public=public, before=before.value)
    return True


def held_award(
    session: Session, award_id: int, actor: Actor, today: date, action: Action = Action.CHANGE_AWARD
) -> tuple[Application, Award]:
    """The award and its case, both held, if the actor may. Raises NotFound, NotAllowed."""
    found = session.get(Award, award_id)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = locked(session, Application, found.application_id)
    award = locked(session, Award, award_id)
    require(actor, action, subject_of(session, application, today))
    return application, award


def refuse_if_moved(session: Session, award: Award, seen: str, moves: tuple[AwardMove, ...], today: date) -> None:
    """Refuse to change what somebody else has changed since it was `seen`, saying who, what and when.

    Raises Conflict, also where the award has expired, and IllegalMove where none of `moves` was ever possible.
    """
    if status_on(award.status, award.expires_on, today) is AwardStatus.EXPIRED:
        raise Conflict("This award has expired, so it cannot change.")
    possible = any((award.status, move) in AWARD_MOVES for move in moves)
    outcomes = {to for (_, move), to in AWARD_MOVES.items() if move in moves}
    if (seen and seen != seen_as(award)) or (not possible and award.status in outcomes):
        raise Conflict(_who_changed(session, award))
    if not possible:
        after(AWARD_MOVES, award.status, moves[0], "award")


def _who_changed(session: Session, award: Award) -> str:
    last = session.scalars(
        select(AuditRow)
        .where(
            AuditRow.subject == Award.__tablename__,
            AuditRow.subject_id == award.id,
            AuditRow.action.startswith("award."),
            AuditRow.action != "award.reminded",
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()
    state = award.status.value.replace("-", " ")
    if last is None:
        return f"Somebody else changed this award meanwhile: it is {state} now. Nothing of yours was saved."
    when = f"{spoken(uk_day(last.at))} at {last.at.astimezone(UK):%H:%M}"
    return (
        f"{last.actor_name or 'Somebody'} changed this award on {when}: it is {state} now. What you wrote is still below and "
        "was not saved. Read what was done before you go on."
    )


def changed(
    session: Session,
    award: Award,
    application: Application,
    actor: Actor,
    event: str,
    now: datetime,
    today: date,
    *,
    reason: str,
    public: str,
    template: str = "",
    **detail: str | None,
) -> None:
    """What every change of an award sets off: its register entry, audit row and letter to the holder's leads.

    `event` is the register's and the audit trail's word for it, `template` the letter's name, `award_<event>` if left out.
    """
    session.flush()
    publish(session, award.organisation, award, now, today, event, public)
    until = award.suspended_until
    kept = {"number": award.number, "reason": reason, "after": award.status.value, **detail}
    if until:
        kept["until"] = until.isoformat()
    record_on(session, actor, f"award.{event}", award, application, now, **kept)
    scheme = scheme_details(award.scheme)
    mail_leads(
        session,
        application,
        template or f"award_{event.replace('-', '_')}",
        now,
        award_id=award.id,
        number=award.number,
        level=award.level_title,
        scope=tuple(award.scope),
        expires_on=award.expires_on,
        reason=reason,
        public=public,
        until=until,
        contact=scheme.details.get("contact") or "",
        awarding_body=scheme.awarding_body,
    )
