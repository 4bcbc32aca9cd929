"""What the regular work does to an award on a day. Both the work and the dry run before it read this, and nothing else.

The plan of a day is made from the award as it stands. A change that makes another due is followed by it on the next day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from app.domain.award_dates import A_DAY, due_days, renewal_window
from app.domain.duration import Duration
from app.domain.lifecycle import NOT_RETURNED, STANDING, AwardStatus, SurveillanceStatus
from app.domain.terms import AfterSuspension, AwardTerms, LateReturn
from app.domain.uk_time import spoken

WARNING = timedelta(days=60)
"""No rule takes an award from its holder sooner than this after it was warned."""
ASKED_AHEAD = Duration(months=2)
"""How long before its day a surveillance opens."""
LEAST_TIME = timedelta(days=28)
"""What a provider has for its return at least, where the work was down on the day on which it should have opened."""
BEFORE_EXPIRY = (180, 60, 30, 14, 7)
BEFORE_DAY = (28, 14, 7, 1)
LONG_AFTER_EXPIRY = timedelta(days=31)
SETTLING_IN = timedelta(days=7)
"""For so long after it opened nobody is reminded of a return."""
EXPIRY = "expiry"
OPENS, ENDED, WARNED, DONE, OVER, LATE = "opens", "ended", "warned", "done", "over", "late"


class ChangeKind(StrEnum):
    """What the work does, in the words of the dry run."""

    WITHDRAW = "Withdraw the award"
    SUSPEND = "Suspend the award"
    WARN = "Warn of the loss of the award"
    FALL_DUE = "Call the yearly return overdue"
    OPEN = "Ask for the yearly return"
    DROP = "Ask no more for the return of an award that has ended"
    REMIND_RETURN = "Remind the holder of its return"
    REMIND_SUSPENDED = "Remind of the end of the suspension"
    REMIND_EXPIRY = "Remind the holder that the award runs out"
    TELL_EXPIRED = "Tell the holder that the award has run out"
    TELL_OFFICE = "Tell the managers that they have to decide"


@dataclass(frozen=True, slots=True)
class Look:
    """One surveillance that has begun: its number, its state and the day that counts now."""

    number: int
    status: SurveillanceStatus
    opened_on: date
    due_on: date

    @property
    def cause(self) -> str:
        """What notices about it are kept under."""
        return f"surveillance:{self.number}"


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """An award as the work finds it. `given` maps the cause and stage of each notice to the day on which it was given.

    `renewing` says that the holder has begun its next application already.
    """

    award_id: int
    status: AwardStatus
    status_on: date
    counted_from: date
    expires_on: date
    terms: AwardTerms
    suspended_until: date | None = None
    looks: tuple[Look, ...] = ()
    given: Mapping[tuple[str, str], date] = field(default_factory=dict)
    renewing: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do to one award. `on` is the day that it is about, `because` a sentence."""

    award_id: int
    kind: ChangeKind
    cause: str
    stage: str
    on: date
    because: str


def plan(award: AwardFacts, today: date) -> tuple[Change, ...]:
    """What is to be done to the award on a day, gravest first. Done once, none of it is in the plan of the same day again."""
    if award.status not in STANDING or award.expires_on < today:
        changes = [*_drop(award), *_ended(award, today)]
    else:
        changes = [*_surveillance(award, today), *_suspension(award, today), *_expiry(award, today)]
        if any(change.kind is ChangeKind.WITHDRAW for change in changes):
            changes += _drop(award)
    order = list(ChangeKind)
    return tuple(sorted(changes, key=lambda change: (order.index(change.kind), change.cause)))


def loss_from(warned_on: date | None, due_on: date) -> date | None:
    """The first day on which a rule may take an award away that would fall on `due_on`; None before any warning."""
    return None if warned_on is None else max(due_on, warned_on + WARNING)


def _drop(award: AwardFacts) -> Iterator[Change]:
    for look in award.looks:
        if look.status not in (SurveillanceStatus.ACCEPTED, SurveillanceStatus.DROPPED):
            because = "The award has ended, so nothing more is asked."
            yield Change(award.award_id, ChangeKind.DROP, look.cause, DONE, look.due_on, because)


def _ended(award: AwardFacts, today: date) -> Iterator[Change]:
    """An award that ran out of itself: its holder is told, unless that is long ago."""
    lately = award.expires_on < today <= award.expires_on + LONG_AFTER_EXPIRY
    if award.status in STANDING and lately and (EXPIRY, ENDED) not in award.given:
        because = f"Its last day was {spoken(award.expires_on)}."
        yield Change(award.award_id, ChangeKind.TELL_EXPIRED, EXPIRY, ENDED, award.expires_on, because)


def _expiry(award: AwardFacts, today: date) -> Iterator[Change]:
    stage = expiry_stage(award.expires_on, renewal_window(award.expires_on, award.terms)[0], today)
    if not stage or (EXPIRY, stage) in award.given or (stage == OPENS and award.renewing):
        return
    because = f"It runs out on {spoken(award.expires_on)}."
    yield Change(award.award_id, ChangeKind.REMIND_EXPIRY, EXPIRY, stage, award.expires_on, because)


def expiry_stage(expires_on: date, opens_on: date, today: date) -> str:
    """Which reminder of its expiry an award is at: days ahead, or `opens`; empty before the first.

    The first comes when renewal opens, and 180 days ahead where that is later.
    """
    ahead = (expires_on - today).days
    near = [days for days in BEFORE_EXPIRY if days >= ahead]
    if near and (near[-1] != BEFORE_EXPIRY[0] or opens_on > today):
        return str(near[-1])
    return OPENS if opens_on <= today else ""


def at(stage: str | int, day: date) -> str:
    """The stage of a notice about a day that may be moved: then what was said of the old day counts no more."""
    return f"{stage}:{day.isoformat()}"


def suspension_cause(since: date) -> str:
    """What notices about one suspension are kept under."""
    return f"suspension:{since.isoformat()}"


def _surveillance(award: AwardFacts, today: date) -> Iterator[Change]:
    yield from _open(award, today)
    for look in award.looks:
        if look.status not in NOT_RETURNED:
            continue
        if look.status is SurveillanceStatus.OVERDUE:
            yield from _overdue(award, look, today)
        elif today > look.due_on:
            yield from _falls_due(award, look)
        elif today >= look.opened_on + SETTLING_IN:
            because = f"Its return is due on {spoken(look.due_on)}."
            yield from _count_down(award, ChangeKind.REMIND_RETURN, look.cause, look.due_on, because, today)


def _open(award: AwardFacts, today: date) -> Iterator[Change]:
    """The newest that should be open by now, unless it or a later one has begun. Those before it that were missed are past."""
    days = list(due_days(award.counted_from, award.expires_on, award.terms.surveillance))
    newest = max((n for n, day in enumerate(days, 1) if ASKED_AHEAD.take_from(day) <= today), default=0)
    if newest > max((look.number for look in award.looks), default=0):
        due_on = max(days[newest - 1], today + LEAST_TIME)
        because = f"Its yearly return is due on {spoken(due_on)}."
        if due_on <= award.expires_on:
            cause = Look(newest, SurveillanceStatus.OPEN, today, due_on).cause
            yield Change(award.award_id, ChangeKind.OPEN, cause, OPENS, due_on, because)


def _falls_due(award: AwardFacts, look: Look) -> Iterator[Change]:
    because = f"The return was due on {spoken(look.due_on)} and has not come."
    yield Change(award.award_id, ChangeKind.FALL_DUE, look.cause, at(LATE, look.due_on), look.due_on, because)
    if award.terms.surveillance_overdue is LateReturn.SUSPEND and award.status is not AwardStatus.SUSPENDED:
        yield _warn(award, look.cause, look.due_on, "Its return is overdue, and the scheme suspends for that.")


def _overdue(award: AwardFacts, look: Look, today: date) -> Iterator[Change]:
    """Two months after the holder was warned: the office hears of it, or the award is suspended, once."""
    suspends = award.terms.surveillance_overdue is LateReturn.SUSPEND
    if award.status is AwardStatus.SUSPENDED or (look.cause, at(DONE, look.due_on)) in award.given:
        return
    warned = award.given.get((look.cause, at(WARNED if suspends else LATE, look.due_on)))
    if warned is None:
        if suspends:
            yield _warn(award, look.cause, look.due_on, "Its return is overdue, and the scheme suspends for that.")
    elif today >= warned + WARNING:
        because = f"Its return was due on {spoken(look.due_on)}. The holder was told on {spoken(warned)}."
        kind = ChangeKind.SUSPEND if suspends else ChangeKind.TELL_OFFICE
        yield Change(award.award_id, kind, look.cause, at(DONE, look.due_on), look.due_on, because)


def _suspension(award: AwardFacts, today: date) -> Iterator[Change]:
    until = award.suspended_until
    if award.status is not AwardStatus.SUSPENDED or until is None or award.status_on >= today:
        return
    cause = suspension_cause(award.status_on)
    if today > until:
        yield from _after_suspension(award, cause, until, today)
        return
    withdraws = award.terms.suspension.then is AfterSuspension.WITHDRAW
    if withdraws and today >= until - WARNING and (cause, at(WARNED, until)) not in award.given:
        yield _warn(award, cause, until, f"The suspension ends on {spoken(until)}, and withdrawal follows it.")
    because = f"The suspension lasts until {spoken(until)}."
    yield from _count_down(award, ChangeKind.REMIND_SUSPENDED, cause, until, because, today)


def _after_suspension(award: AwardFacts, cause: str, until: date, today: date) -> Iterator[Change]:
    over = f"The suspension was to last until {spoken(until)}."
    if award.terms.suspension.then is AfterSuspension.REMIND:
        if (cause, at(OVER, until)) not in award.given:
            because = f"{over} Nobody has decided what follows."
            yield Change(award.award_id, ChangeKind.TELL_OFFICE, cause, at(OVER, until), until, because)
        return
    warned = award.given.get((cause, at(WARNED, until)))
    from_day = loss_from(warned, until + A_DAY)
    if warned is None or from_day is None:
        yield _warn(award, cause, until, f"{over} Withdrawal follows it.")
    elif today >= from_day:
        because = f"{over} The holder was warned on {spoken(warned)}."
        yield Change(award.award_id, ChangeKind.WITHDRAW, cause, at(DONE, until), until, because)


def _count_down(
    award: AwardFacts, kind: ChangeKind, cause: str, day: date, because: str, today: date
) -> Iterator[Change]:
    """The latest reminder that is due by now, unless it was given: those that were missed are made up for by it."""
    near = [days for days in BEFORE_DAY if days >= (day - today).days]
    if near and (cause, at(near[-1], day)) not in award.given:
        yield Change(award.award_id, kind, cause, at(near[-1], day), day, because)


def _warn(award: AwardFacts, cause: str, on: date, because: str) -> Change:
    return Change(award.award_id, ChangeKind.WARN, cause, at(WARNED, on), on, because)
