"""An award as its scheme's office sees it, with the moves that are open to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, may
from app.domain.errors import NotFound
from app.domain.lifecycle import AWARD_MOVES, AwardMove, AwardStatus, status_on
from app.extensions import db
from app.models import Award
from app.queries.schemes import office_case
from app.queries.subjects import subject_of

STATUS_WORDS: Mapping[AwardStatus, str] = {
    AwardStatus.AWARDED: "Awarded",
    AwardStatus.CONDITIONAL: "Awarded with conditions",
    AwardStatus.PROVISIONAL: "Awarded provisionally",
    AwardStatus.SUSPENDED: "Suspended",
    AwardStatus.WITHDRAWN: "Withdrawn",
    AwardStatus.SURRENDERED: "Given up",
    AwardStatus.REPLACED: "Replaced by a newer award",
    AwardStatus.EXPIRED: "Expired",
}

OFFERED = (
    AwardMove.MEET_CONDITIONS,
    AwardMove.SUSPEND,
    AwardMove.REINSTATE,
    AwardMove.REINSTATE_WITH_CONDITIONS,
    AwardMove.WITHDRAW,
    AwardMove.SURRENDER,
)
"""The moves that the office makes by hand."""


@dataclass(frozen=True)
class AwardRow:
    """One award on a day. `moves` are what can be done to it now by whoever reads this; empty for those who may not."""

    award_id: int
    number: str
    holder: str
    level: str
    status: AwardStatus
    state: str
    status_on: date
    reason: str
    conditions: str
    conditions_due_on: date | None
    granted_on: date
    expires_on: date
    scope: tuple[str, ...]
    has_certificate: bool
    moves: tuple[AwardMove, ...]

    @property
    def standing(self) -> str:
        """The state with its day: suspended since one, anything else on one."""
        day = f"{self.status_on.day} {self.status_on:%b %Y}"
        return f"{self.state} {'since' if self.status is AwardStatus.SUSPENDED else 'on'} {day}"


def award_row(award: Award, actor: Actor, today: date) -> AwardRow:
    """The award as it is today."""
    status = status_on(award.status, award.expires_on, today)
    changes = may(actor, Action.CHANGE_AWARD, subject_of(db.session(), award.application, today))
    return AwardRow(
        award_id=award.id,
        number=award.number,
        holder=award.holder_name,
        level=award.level_title,
        status=status,
        state=STATUS_WORDS[status],
        status_on=award.status_on,
        reason=award.status_reason,
        conditions=award.conditions,
        conditions_due_on=award.conditions_due_on,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        scope=tuple(award.scope),
        has_certificate=bool(award.certificate_key),
        moves=open_moves(award, today) if changes else (),
    )


def open_moves(award: Award, today: date) -> tuple[AwardMove, ...]:
    """What can be done to the award on a day, in the order of the moves. An expired award changes no more.

    A suspended award goes back to what it was: with conditions if any are still open, else without.
    """
    if status_on(award.status, award.expires_on, today) is AwardStatus.EXPIRED:
        return ()
    moves = [move for move in OFFERED if (award.status, move) in AWARD_MOVES]
    not_fitting = AwardMove.REINSTATE if award.conditions_due_on else AwardMove.REINSTATE_WITH_CONDITIONS
    return tuple(move for move in moves if move is not not_fitting)


def award_of_case(code: str, application_id: int, actor: Actor, today: date) -> AwardRow:
    """The award of a case, to be changed. Raises NotFound, NotAllowed."""
    _, application = office_case(code, application_id, actor, Action.CHANGE_AWARD, today)
    award = db.session.scalars(select(Award).where(Award.application_id == application.id)).first()
    if award is None:
        raise NotFound("This case has no award.")
    return award_row(award, actor, today)
