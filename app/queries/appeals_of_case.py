"""Whether a case or an award is under appeal, for the pages of others."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.appeals import AGAINST_WORDS, OUTCOME_WORDS, Against
from app.models import Appeal
from app.queries.appealing import STANDING, STATUS_WORDS
from app.queries.own_parts import appeals_open_to

MOST = 20


@dataclass(frozen=True)
class CaseAppeal:
    """One appeal on a case. `mine` is whether the reader may open it: they had no part in the matter."""

    appeal_id: int
    number: str
    against: str
    state: str
    standing: bool
    mine: bool


def appeals_of_case(session: Session, application_id: int, actor: Actor) -> tuple[CaseAppeal, ...]:
    """The appeals on a case, the latest first. Three statements, one where there is none."""
    found = session.scalars(
        select(Appeal).where(Appeal.application_id == application_id).order_by(Appeal.id.desc()).limit(MOST)
    ).all()
    if not found:
        return ()
    mine = appeals_open_to(session, actor, found)
    return tuple(
        CaseAppeal(
            appeal_id=each.id,
            number=each.number,
            against=AGAINST_WORDS[each.against],
            state=OUTCOME_WORDS.get(each.outcome, "") or STATUS_WORDS[each.status],
            standing=each.status in STANDING,
            mine=each.id in mine,
        )
        for each in found
    )


def under_appeal(session: Session, award_id: int) -> bool:
    """Whether what became of an award is under appeal: of a decision before it nothing is said in public. One statement."""
    return session.scalars(_UNDER_APPEAL, {"award_id": award_id}).first() is not None


_UNDER_APPEAL = (
    select(Appeal.id)
    .where(Appeal.award_id == bindparam("award_id"))
    .where(Appeal.against != Against.DECISION, Appeal.status.in_(STANDING))
    .limit(1)
)
