"""What a scheme does with an award after the decision: conditions, suspension, withdrawal, surrender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.lifecycle import AwardMove, AwardStatus, status_on
from app.models import Application, Award
from app.queries.awards import open_moves
from app.queries.frameworks import scheme_details
from app.queries.subjects import subject_of
from app.services.casework import mail_leads, record_on
from app.services.register import publish
from app.services.transactions import locked, transaction

LONGEST = 2_000


@dataclass(frozen=True)
class Change:
    """Why an award changes. `reason` goes to the provider and the audit trail, `public` is the register's sentence."""

    reason: str
    public: str


@dataclass(frozen=True)
class Kind:
    """What one kind of change writes and needs. `event` is the register's and the audit trail's word for it."""

    moves: tuple[AwardMove, ...]
    event: str
    template: str
    public: str
    needs_reason: bool = True


CONDITIONS_MET = Kind(
    (AwardMove.MEET_CONDITIONS,), "conditions-met", "award_conditions_met", "Conditions met.", needs_reason=False
)
SUSPENDED = Kind((AwardMove.SUSPEND,), "suspended", "award_suspended", "Award suspended.")
REINSTATED = Kind(
    (AwardMove.REINSTATE, AwardMove.REINSTATE_WITH_CONDITIONS), "reinstated", "award_reinstated", "Award reinstated."
)
WITHDRAWN = Kind((AwardMove.WITHDRAW,), "withdrawn", "award_withdrawn", "Award withdrawn.")
SURRENDERED = Kind(
    (AwardMove.SURRENDER,),
    "surrendered",
    "award_surrendered",
    "Award given up by the provider.",
    needs_reason=False,
)
KINDS: Mapping[AwardMove, Kind] = {
    move: kind for kind in (CONDITIONS_MET, SUSPENDED, REINSTATED, WITHDRAWN, SURRENDERED) for move in kind.moves
}


def accept_conditions(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Accept that the conditions are met: the award stands without them. Raises as `suspend`."""
    _change(award_id, CONDITIONS_MET, change, actor, now, today)


def suspend(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Make an award temporarily invalid. The register says so at once.

    Raises NotFound, NotAllowed, Invalid (`reason`, `public`), IllegalMove, Conflict once the award has expired.
    """
    _change(award_id, SUSPENDED, change, actor, now, today)


def reinstate(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """End a suspension. Conditions that were open before it are open again. Raises as `suspend`."""
    _change(award_id, REINSTATED, change, actor, now, today)


def withdraw(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """Take an award away for good. Raises as `suspend`."""
    _change(award_id, WITHDRAWN, change, actor, now, today)


def surrender(award_id: int, change: Change, *, actor: Actor, now: datetime, today: date) -> None:
    """End an award at its holder's request. Raises as `suspend`."""
    _change(award_id, SURRENDERED, change, actor, now, today)


def _change(award_id: int, kind: Kind, change: Change, actor: Actor, now: datetime, today: date) -> None:
    """One move of an award, with its register entry, audit row and mail.

    The award keeps the public sentence as its reason: pages that anybody reads show it.
    """
    _check(kind, change)
    public = change.public.strip() or kind.public
    with transaction() as session:
        found = session.get(Award, award_id)
        if found is None:
            raise NotFound("There is no such page, or it is not open to you.")
        application = locked(session, Application, found.application_id)
        award = locked(session, Award, award_id)
        require(actor, Action.CHANGE_AWARD, subject_of(session, application, today))
        award.make(_move(award, kind, today), today, public)
        if kind is CONDITIONS_MET:
            award.conditions_due_on = None
        session.flush()
        publish(session, award.organisation, award, now, today, kind.event, public)
        reason = change.reason.strip()
        record_on(session, actor, f"award.{kind.event}", award, application, now, number=award.number, reason=reason)
        scheme = scheme_details(award.scheme)
        mail_leads(
            session,
            application,
            kind.template,
            now,
            number=award.number,
            reason=reason,
            public=public,
            contact=scheme.details.get("contact") or "",
            awarding_body=scheme.awarding_body,
        )


def _check(kind: Kind, change: Change) -> None:
    errors = {}
    if kind.needs_reason and not change.reason.strip():
        errors["reason"] = "Write the reason. The provider will read it."
    for name in ("reason", "public"):
        if len(getattr(change, name)) > LONGEST:
            errors[name] = f"Keep this under {LONGEST:,} characters."
    if errors:
        raise Invalid(errors)


def _move(award: Award, kind: Kind, today: date) -> AwardMove:
    """The one of the kind's moves that fits the award; its first where none does, which the award then refuses."""
    if status_on(award.status, award.expires_on, today) is AwardStatus.EXPIRED:
        raise Conflict("This award has expired, so it cannot change.")
    return next((move for move in open_moves(award, today) if move in kind.moves), kind.moves[0])
