"""What a scheme does with an award after the decision: conditions, suspension, withdrawal, surrender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.errors import Invalid
from app.domain.lifecycle import AwardMove, AwardStatus
from app.domain.uk_time import spoken
from app.models import Application, Award
from app.queries.award_moves import open_moves, terms_of
from app.services.award_rules import changed, held_award, refuse_if_moved
from app.services.award_warnings import tell_office
from app.services.conditions import accept_the_rest
from app.services.transactions import transaction

LONGEST = 2_000


@dataclass(frozen=True)
class Change:
    """Why an award changes. `reason` goes to the provider and the audit trail, `public` is the register's sentence.

    `until` is the last day of a suspension, as long as the award's terms let it be where it is None, and `longer` why it
    lasts longer than that. `seen` is what the award was when its page was opened, see `seen_as`; empty asks nothing.
    """

    reason: str
    public: str
    until: date | None = None
    longer: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Kind:
    """What one kind of change writes and needs. `event` is the register's and the audit trail's word for it."""

    moves: tuple[AwardMove, ...]
    event: str
    public: str
    needs_reason: bool = True
    ends: bool = False  # the award, for good


CONDITIONS_MET = Kind((AwardMove.MEET_CONDITIONS,), "conditions-met", "Conditions met.", needs_reason=False)
SUSPENDED = Kind((AwardMove.SUSPEND,), "suspended", "Award suspended.")
REINSTATED = Kind(
    (AwardMove.REINSTATE, AwardMove.REINSTATE_WITH_CONDITIONS, AwardMove.REINSTATE_AS_PROVISIONAL),
    "reinstated",
    "Award reinstated.",
)
WITHDRAWN = Kind((AwardMove.WITHDRAW,), "withdrawn", "Award withdrawn.", ends=True)
SURRENDERED = Kind(
    (AwardMove.SURRENDER,), "surrendered", "Award given up by the provider.", needs_reason=False, ends=True
)
KINDS: Mapping[AwardMove, Kind] = {
    move: kind for kind in (CONDITIONS_MET, SUSPENDED, REINSTATED, WITHDRAWN, SURRENDERED) for move in kind.moves
}


def accept_conditions(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Accept that the conditions are met: the award stands without them. Raises as `suspend`."""
    _change(award_id, CONDITIONS_MET, change, actor, now, today)


def suspend(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Make an award temporarily invalid. The register says so at once.

    Raises NotFound, NotAllowed, Invalid (`reason`, `public`, `until`, `longer`), IllegalMove, Conflict once the award has
    expired and where somebody else changed it meanwhile.
    """
    _change(award_id, SUSPENDED, change, actor, now, today)


def reinstate(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """End a suspension. Conditions that were open before it are open again. Raises as `suspend`."""
    _change(award_id, REINSTATED, change, actor, now, today)


def withdraw(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Take an award away for good. Raises as `suspend`."""
    _change(award_id, WITHDRAWN, change, actor, now, today)


def surrender(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """End an award at its holder's request, recorded by the office. Raises as `suspend`."""
    _change(award_id, SURRENDERED, change, actor, now, today)


def give_up(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Give one's own award up, as a lead of its holder. Raises as `suspend`."""
    _change(award_id, SURRENDERED, change, actor, now, today, Action.SURRENDER_AWARD)


def move_last_day(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Set another last day of a suspension that runs. Raises as `suspend`, and IllegalMove where none runs."""
    with transaction() as session:
        application, award = held_award(session, award_id, actor, today)
        _check(SUSPENDED, change)
        refuse_if_moved(session, award, change.seen, (AwardMove.REINSTATE,), today)
        before = award.suspended_until
        award.suspended_until = _last_day(award, change, award.status_on, today)
        public = f"The suspension lasts until {spoken(award.suspended_until)}."
        changed(
            session,
            award,
            application,
            actor,
            "suspension-moved",
            now,
            today,
            reason=change.reason.strip(),
            public=public,
            longer=change.longer.strip(),
            before=before.isoformat() if before else "",
        )


def _change(
    award_id: int,
    kind: Kind,
    change: Change,
    actor: Actor,
    now: datetime,
    today: date,
    action: Action = Action.CHANGE_AWARD,
) -> None:
    """One move of an award, with its register entry, audit row and mail.

    The award keeps the public sentence as its reason: pages that anybody reads show it.
    """
    public = change.public.strip() or kind.public
    with transaction() as session:
        application, award = held_award(session, award_id, actor, today, action)
        _check(kind, change)
        refuse_if_moved(session, award, change.seen, kind.moves, today)
        before = award.status
        last_day = _last_day(award, change, today, today) if kind is SUSPENDED else None
        award.make(_move(award, kind, today), today, public)
        _settle(award, kind, last_day)
        if kind is CONDITIONS_MET:
            accept_the_rest(session, award, application, change.reason.strip(), actor, now)
        _tell(session, award, application, kind, change, (before, public), actor, now, today)
        if action is Action.SURRENDER_AWARD:
            tell_office(session, award, "award_given_up", now, reason=change.reason.strip())


def _settle(award: Award, kind: Kind, last_day: date | None) -> None:
    if kind is CONDITIONS_MET:
        award.conditions_due_on = None
    if kind is SUSPENDED:
        award.suspended_until = last_day


def _tell(
    session: Session,
    award: Award,
    application: Application,
    kind: Kind,
    change: Change,
    words: tuple[AwardStatus, str],
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    before, public = words
    detail = {"before": before.value}
    if change.longer.strip():
        detail["longer"] = change.longer.strip()
    reason = change.reason.strip()
    changed(session, award, application, actor, kind.event, now, today, reason=reason, public=public, **detail)


def _check(kind: Kind, change: Change) -> None:
    errors = {}
    if kind.needs_reason and not change.reason.strip():
        errors["reason"] = "Write the reason. The provider will read it."
    for name in ("reason", "public", "longer"):
        if len(getattr(change, name)) > LONGEST:
            errors[name] = f"Keep this under {LONGEST:,} characters."
    if errors:
        raise Invalid(errors)


def _last_day(award: Award, change: Change, since: date, today: date) -> date:
    """The last day of a suspension that began on a day. Raises Invalid (`until`, `longer`)."""
    at_most = terms_of(award).suspension.at_most
    usual = at_most.add_to(since)
    until = change.until or usual
    if until <= today:
        raise Invalid({"until": "Enter a day after today."})
    if until > usual and not change.longer.strip():
        raise Invalid(
            {"longer": f"A suspension lasts {at_most} at most, until {spoken(usual)}. Say why this one takes longer."}
        )
    return until


def _move(award: Award, kind: Kind, today: date) -> AwardMove:
    """The one of the kind's moves that fits the award; its first where none does, which the award then refuses."""
    return next((move for move in open_moves(award, today) if move in kind.moves), kind.moves[0])
