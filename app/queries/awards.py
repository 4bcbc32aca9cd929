"""An award as its scheme's office sees it, with the moves that are open to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.access import Action, Actor, may
from app.domain.errors import NotFound
from app.domain.lifecycle import AwardMove, AwardStatus, status_on
from app.domain.uk_time import spoken
from app.extensions import db
from app.models import Award
from app.queries.award_moves import newest_award, open_moves, seen_as, terms_of
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
    AwardStatus.VOID: "Entered by mistake",
    AwardStatus.EXPIRED: "Expired",
}


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
    suspended_until: date | None
    longest_suspension: date  # the last day of a suspension that begins now, at most
    seen: str

    @property
    def standing(self) -> str:
        """The state with its day: suspended since one, anything else on one."""
        day = spoken(self.status_on)
        if self.status is AwardStatus.SUSPENDED:
            return f"{self.state} since {day}" + (
                f", until {spoken(self.suspended_until)}" if self.suspended_until else ""
            )
        return f"{self.state} on {day}"


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
        suspended_until=award.suspended_until,
        longest_suspension=terms_of(award).suspension.at_most.add_to(today),
        seen=seen_as(award),
    )


def award_of_case(code: str, application_id: int, actor: Actor, today: date) -> AwardRow:
    """The award of a case, to be changed. Raises NotFound, NotAllowed."""
    _, application = office_case(code, application_id, actor, Action.CHANGE_AWARD, today)
    award = newest_award(db.session(), application.id)
    if award is None:
        raise NotFound("This case has no award.")
    return award_row(award, actor, today)
