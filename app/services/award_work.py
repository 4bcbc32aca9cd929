"""The regular work on awards: whatever the day's plan says, each award in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.award_dates import renewal_window
from app.domain.award_plan import ASKED_AHEAD, Change, ChangeKind, plan
from app.domain.lifecycle import SurveillanceMove, SurveillanceStatus
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Application, Award, Surveillance
from app.queries.award_facts import batch_after, facts_of
from app.queries.award_moves import terms_of
from app.services.award_rules import BY_RULE, suspend_by_rule, withdraw_by_rule
from app.services.award_warnings import give_notice, tell_holder, tell_office, warn_of_loss
from app.services.casework import record_on
from app.services.transactions import locked, transaction

BATCH = 200


def look_after_awards(now: datetime) -> int:
    """Do what is due on each award by today: open, remind, warn, suspend, withdraw. Returns how many things were done.

    What was missed while the work was down is made up for; running it twice on a day does nothing twice. An award that
    changes meanwhile is planned for anew once it is held.
    """
    today = uk_day(now)
    done, after = 0, 0
    while True:
        awards = batch_after(db.session(), today, after, BATCH)
        facts = facts_of(db.session(), awards)
        due = [award.id for award in awards if plan(facts[award.id], today)]
        last, full = (awards[-1].id if awards else 0), len(awards) == BATCH
        done += sum(_look_after(award_id, now, today) for award_id in due)
        if not full:
            return done
        after = last


def _look_after(award_id: int, now: datetime, today: date) -> int:
    with transaction() as session:
        found = session.get_one(Award, award_id)
        locked(session, Application, found.application_id)
        award = locked(session, Award, award_id)
        changes = plan(facts_of(session, [award])[award_id], today)
        for change in changes:
            DO[change.kind](_Doing(session, award, change, now, today))
        return len(changes)


@dataclass(frozen=True)
class _Doing:
    """One change that is being made."""

    session: Session
    award: Award
    change: Change
    now: datetime
    today: date

    @property
    def number(self) -> int:
        """Of the surveillance that it is about."""
        return int(self.change.cause.partition(":")[2])

    def look(self) -> Surveillance:
        return self.session.scalars(
            select(Surveillance).where(Surveillance.award_id == self.award.id, Surveillance.number == self.number)
        ).one()

    def notice(self) -> None:
        give_notice(self.session, self.award, self.change.cause, self.change.stage, self.now, self.today)

    def record(self, action: str, **detail: str) -> None:
        record_on(self.session, BY_RULE, action, self.award, self.award.application, self.now, **detail)

    def tell_holder(self, template: str, **values: object) -> None:
        tell_holder(self.session, self.award, template, self.now, **values)

    def tell_office(self, template: str, **values: object) -> None:
        tell_office(self.session, self.award, template, self.now, **values)


def _open(doing: _Doing) -> None:
    number, due_on = doing.number, doing.change.on
    doing.session.add(
        Surveillance(
            award_id=doing.award.id,
            number=number,
            opens_on=min(ASKED_AHEAD.take_from(due_on), doing.today),
            due_on=due_on,
            status=SurveillanceStatus.OPEN,
            opened_at=doing.now,
        )
    )
    doing.tell_holder("surveillance_opened", due_on=due_on, return_number=number)
    doing.record("surveillance.opened", return_number=str(number), due_on=due_on.isoformat())


def _remind_return(doing: _Doing) -> None:
    doing.notice()
    doing.tell_holder("surveillance_reminder", due_on=doing.change.on, return_number=doing.number)
    doing.record("surveillance.reminded", return_number=str(doing.number), due_on=doing.change.on.isoformat())


def _fall_due(doing: _Doing) -> None:
    doing.look().make(SurveillanceMove.FALL_DUE)
    doing.notice()
    doing.tell_holder("surveillance_overdue", due_on=doing.change.on, return_number=doing.number)
    doing.record("surveillance.overdue", return_number=str(doing.number), due_on=doing.change.on.isoformat())


def _drop(doing: _Doing) -> None:
    doing.look().make(SurveillanceMove.DROP)
    doing.record("surveillance.dropped", return_number=str(doing.number), reason=doing.change.because)


def _warn(doing: _Doing) -> None:
    change = doing.change
    withdrawal = not change.cause.startswith("surveillance")
    warn_of_loss(
        doing.session,
        doing.award,
        change.cause,
        change.on,
        change.because,
        doing.now,
        doing.today,
        withdrawal=withdrawal,
    )


def _suspend(doing: _Doing) -> None:
    doing.notice()
    public = "Suspended: the yearly return to the scheme is overdue."
    suspend_by_rule(doing.session, doing.award, doing.change.because, public, doing.now, doing.today)


def _withdraw(doing: _Doing) -> None:
    doing.notice()
    public = "Withdrawn: the award was suspended and not reinstated in time."
    withdraw_by_rule(doing.session, doing.award, doing.change.because, public, doing.now, doing.today)


def _remind_suspended(doing: _Doing) -> None:
    doing.notice()
    until = doing.change.on
    doing.tell_holder("award_suspension_ends", until=until, office=False)
    doing.tell_office("award_suspension_ends", until=until, office=True)
    doing.record("award.suspension-reminded", until=until.isoformat())


def _remind_expiry(doing: _Doing) -> None:
    award = doing.award
    doing.notice()
    closes_on = renewal_window(award.expires_on, terms_of(award))[1]
    doing.tell_holder("award_runs_out", stage=doing.change.stage, closes_on=closes_on)
    doing.record("award.reminded", stage=doing.change.stage)


def _tell_office(doing: _Doing) -> None:
    doing.notice()
    doing.tell_office("award_to_decide", because=doing.change.because)
    doing.record("award.office-told", reason=doing.change.because)


DO: Mapping[ChangeKind, Callable[[_Doing], None]] = {
    ChangeKind.WITHDRAW: _withdraw,
    ChangeKind.SUSPEND: _suspend,
    ChangeKind.WARN: _warn,
    ChangeKind.FALL_DUE: _fall_due,
    ChangeKind.OPEN: _open,
    ChangeKind.DROP: _drop,
    ChangeKind.REMIND_RETURN: _remind_return,
    ChangeKind.REMIND_SUSPENDED: _remind_suspended,
    ChangeKind.REMIND_EXPIRY: _remind_expiry,
    ChangeKind.TELL_EXPIRED: _remind_expiry,
    ChangeKind.TELL_OFFICE: _tell_office,
}
