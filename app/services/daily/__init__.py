"""The regular work of each day: reminders, expiries, links that lead nowhere. What it is stands in REGULAR, in order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.domain.uk_time import UK
from app.extensions import db
from app.models import RegularRun
from app.services.advice_ending import end_advice_past_its_day
from app.services.answer_reminders import remind_of_answers
from app.services.audit_keeping import seal_the_day
from app.services.award_work import look_after_awards
from app.services.condition_reminders import remind_of_conditions
from app.services.evidence_reminders import remind_of_expiry
from app.services.finding_daily import do_overdue_findings
from app.services.interest_reminders import ask_for_interests
from app.services.lead_decisions import do_lead_requests
from app.services.link_checks import check_links_on_the_web
from app.services.need_news import close_needs, tell_providers
from app.services.offer_reminders import remind_of_capacity
from app.services.pack_forgetting import forget_readers
from app.services.plan_reminders import remind_of_actions
from app.services.question_reminders import remind_of_questions
from app.services.readiness_snapshots import take_readiness_snapshots
from app.services.report_clock import look_after_report_checks
from app.services.search_news import forget_removed, run_searches
from app.services.shortlists import forget_deleted_lists
from app.services.transactions import locked, transaction
from app.services.voice_daily import look_after_feedback
from app.services.watch_capacity import tell_of_capacity
from app.services.watch_news import tell_of_expiry, tell_watchers
from app.services.watching_passports import watch_passports

Work = Callable[[datetime], object]

REGULAR: tuple[tuple[str, Work], ...] = (
    ("links of evidence", check_links_on_the_web),
    ("evidence that runs out", remind_of_expiry),
    ("certificates of other bodies", watch_passports),
    ("awards", look_after_awards),
    ("conditions of awards", remind_of_conditions),
    ("findings", do_overdue_findings),
    ("feedback", look_after_feedback),
    ("capacity on the register", remind_of_capacity),
    ("how ready applications are", take_readiness_snapshots),
    ("actions of the plan", remind_of_actions),
    ("requests to lead an organisation", do_lead_requests),
    ("help from outside that ends", end_advice_past_its_day),
    ("registers of interests", ask_for_interests),
    ("assessors who do not answer", remind_of_answers),
    ("reports with their providers", look_after_report_checks),
    ("who opened packs long ago", forget_readers),
    ("shortlists deleted long ago", forget_deleted_lists),
    ("questions of assessors", remind_of_questions),
    ("what happened at watched providers", tell_watchers),
    ("watched awards that end", tell_of_expiry),
    ("capacity of watched providers", tell_of_capacity),
    ("saved searches", run_searches),
    ("needs that nobody can answer any more", close_needs),
    ("needs that fit providers", tell_providers),
    ("watches and searches deleted long ago", forget_removed),
    ("the seal of the audit trail", seal_the_day),
)
"""(name, function of the time): each does nothing a second time on a day, in transactions of its own."""

OUTSIDE = frozenset({"links of evidence"})
"""Work that asks other machines, and so has no place in a rehearsal."""

BEGINS_AT = 5
"""The hour in the United Kingdom from which a day's work is done, so that mornings' e-mails tell what came of it."""
TRY_AGAIN_AFTER, MOST_TRIES = timedelta(hours=1), 5
LOST_AFTER = timedelta(hours=3)
"""Work that has not ended by then was broken off with its process."""
KEPT = timedelta(days=400)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """One piece of work that ran: how many things it did, or why it broke off."""

    name: str
    count: int
    error: str


def run_regular(now: datetime, works: Sequence[tuple[str, Work]] = REGULAR, *, again: bool = False) -> list[Done]:
    """Do what of the day's work has not been done yet, or with `again` all of it. What breaks off does not stop the rest.

    It is safe to call often and from several processes: each piece is claimed first. What broke off is tried again after
    an hour, five times at most.
    """
    done = []
    for name, work in works:
        run_id = _claim(name, now, again)
        if run_id is not None:
            done.append(_do(name, work, run_id, now))
    return done


def is_time(now: datetime) -> bool:
    """Whether the day's work may begin."""
    return now.astimezone(UK).hour >= BEGINS_AT


def _claim(name: str, now: datetime, again: bool) -> int | None:
    """The id of the run that this process may begin now; None where it is done, or another process is at it."""
    today = now.astimezone(UK).date()
    try:
        with transaction() as session:
            run_id = session.scalars(
                select(RegularRun.id).where(RegularRun.day == today, RegularRun.name == name)
            ).first()
            if run_id is None:
                run = RegularRun(day=today, name=name, started_at=now)
                session.add(run)
                session.execute(delete(RegularRun).where(RegularRun.day < today - KEPT))
                session.flush()
                return run.id
            run = locked(session, RegularRun, run_id)
            if not (_may_try_again(run, now) or (again and run.ended_at is not None)):
                return None
            run.tries, run.started_at, run.ended_at, run.error = run.tries + 1, now, None, ""
            return run.id
    except IntegrityError:  # another process has just begun it
        return None


def _may_try_again(run: RegularRun, now: datetime) -> bool:
    if run.tries >= MOST_TRIES:
        return False
    if run.ended_at is None:
        return now - run.started_at >= LOST_AFTER
    return bool(run.error) and now - run.ended_at >= TRY_AGAIN_AFTER


def _do(name: str, work: Work, run_id: int, now: datetime) -> Done:
    count, error = 0, ""
    try:
        result = work(now)
        count = result if isinstance(result, int) else 0
    except Exception as failure:
        db.session.rollback()
        log.exception("Regular work broke off: %s", name)
        error = f"{type(failure).__name__}: {failure}"[:500]
    with transaction() as session:
        run = locked(session, RegularRun, run_id)
        run.ended_at, run.count, run.error = now, count, error
    return Done(name, count, error)
