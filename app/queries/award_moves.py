"""What can be done to an award on a day, and how it is told apart from what it was a moment ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.lifecycle import AWARD_MOVES, AwardMove, AwardStatus, status_on
from app.domain.terms import AwardTerms
from app.models import Application, Award
from app.queries.frameworks import framework_of

OFFERED = (
    AwardMove.MEET_CONDITIONS,
    AwardMove.CONFIRM,
    AwardMove.CHANGE_SCOPE,
    AwardMove.REDUCE,
    AwardMove.SUSPEND,
    AwardMove.REINSTATE,
    AwardMove.REINSTATE_WITH_CONDITIONS,
    AwardMove.REINSTATE_AS_PROVISIONAL,
    AwardMove.WITHDRAW,
    AwardMove.SURRENDER,
)
"""The moves that the office makes by hand."""


def newest_award(session: Session, application_id: int) -> Award | None:
    """The award of a case; of one that was decided anew, the newest."""
    return session.scalars(
        select(Award).where(Award.application_id == application_id).order_by(Award.id.desc()).limit(1)
    ).first()


def of_case() -> ColumnElement[bool]:
    """Joins an application with its newest award, and so with one at most."""
    other = aliased(Award)
    newest = select(func.max(other.id)).where(other.application_id == Application.id).correlate(Application)
    return Award.id == newest.scalar_subquery()


def terms_of(award: Award) -> AwardTerms:
    """The terms of the award's edition at its level."""
    return framework_of(award.edition).award.for_level(award.level)


def open_moves(award: Award, today: date) -> tuple[AwardMove, ...]:
    """What can be done to the award on a day, in the order of the moves. An expired award changes no more.

    A suspended award goes back to what it was: provisional if it was not confirmed yet, with conditions if any are open,
    else without. A level that is given once is not confirmed, and one below which there is none is not reduced.
    """
    if status_on(award.status, award.expires_on, today) is AwardStatus.EXPIRED:
        return ()
    framework = framework_of(award.edition)
    here = next((level for level in framework.levels if level.code == award.level), None)
    fits = {
        AwardMove.CONFIRM: here is None or not here.once,
        AwardMove.REDUCE: here is not None and here.rank > 0,
        AwardMove.REINSTATE: not award.provisional and not award.conditions_due_on,
        AwardMove.REINSTATE_WITH_CONDITIONS: not award.provisional and bool(award.conditions_due_on),
        AwardMove.REINSTATE_AS_PROVISIONAL: award.provisional,
    }
    return tuple(move for move in OFFERED if (award.status, move) in AWARD_MOVES and fits.get(move, True))


def seen_as(award: Award) -> str:
    """What the award is, as a page keeps it to find out whether somebody else has changed it since."""
    parts: Sequence[object] = (
        award.status.value,
        award.status_on,
        award.level,
        award.certificate_sha256[:8],
        award.suspended_until or "",
    )
    return " ".join(map(str, parts))
