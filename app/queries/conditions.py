"""The conditions of an award, as its holder and as its scheme's office see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.access import Action, Actor, may, require
from app.domain.errors import NotFound
from app.domain.lifecycle import (
    CONDITION,
    STANDING,
    AwardStatus,
    ConditionMove,
    ConditionStatus,
    condition_on,
    status_on,
)
from app.extensions import db
from app.models import Award, AwardCondition, ConditionEvidence, User
from app.queries.answers import offered
from app.queries.awards import STATUS_WORDS
from app.queries.schemes import office_case
from app.queries.subjects import subject_of

CONDITION_WORDS = {
    ConditionStatus.OPEN: "To be met",
    ConditionStatus.OFFERED: "With the scheme",
    ConditionStatus.MET: "Met",
    ConditionStatus.OVERDUE: "Overdue",
}
MOST = 100


@dataclass(frozen=True)
class ShownPiece:
    """A piece of evidence in the version that was offered."""

    version_id: int
    title: str
    number: int


@dataclass(frozen=True)
class ConditionRow:
    """One condition on a day. The booleans say what the reader can do to it now."""

    condition_id: int
    number: int
    text: str
    due_on: date
    status: ConditionStatus
    state: str
    offered: str
    offered_at: datetime | None
    offered_by: str
    returned: str
    returned_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    accepted_because: str
    evidence: tuple[ShownPiece, ...]
    may_offer: bool
    may_return: bool
    may_accept: bool


@dataclass(frozen=True)
class ConditionsPage:
    """The conditions of one award, by number. `all_met` tells that the award could stand without conditions now."""

    award_id: int
    application_id: int
    organisation_id: int
    organisation: str
    scheme_code: str
    scheme_title: str
    level: str
    number: str
    state: str
    ended: bool
    rows: tuple[ConditionRow, ...]
    all_met: bool


@dataclass(frozen=True)
class OfferPage:
    """One condition to be answered. `library` are (item id, title) of pieces that could be shown."""

    award: ConditionsPage
    condition: ConditionRow
    library: tuple[tuple[int, str], ...]


def conditions_page(award_id: int, actor: Actor, today: date) -> ConditionsPage:
    """The conditions of an award of the actor's own organisation. Raises NotFound, NotAllowed."""
    award = _award(award_id)
    require(actor, Action.SEE_APPLICATION, subject_of(db.session(), award.application, today))
    return _page(award, actor, today)


def offer_page(award_id: int, number: int, actor: Actor, today: date) -> OfferPage:
    """One of them, to be answered. Raises NotFound, NotAllowed."""
    award = _award(award_id)
    require(actor, Action.ANSWER_CONDITION, subject_of(db.session(), award.application, today))
    page = _page(award, actor, today)
    return OfferPage(page, condition_of(page, number), offered(award.organisation_id, set()))


def office_conditions(code: str, application_id: int, actor: Actor, today: date) -> ConditionsPage:
    """The conditions of the award of a case, for its office. Raises NotFound, NotAllowed."""
    _, application = office_case(code, application_id, actor, Action.SEE_CASE, today)
    award = db.session.scalars(
        select(Award).where(Award.application_id == application.id).order_by(Award.id.desc()).limit(1)
    ).first()
    if award is None:
        raise NotFound("This case has no award.")
    return _page(award, actor, today)


def condition_of(page: ConditionsPage, number: int) -> ConditionRow:
    """The condition with that number. Raises NotFound."""
    for row in page.rows:
        if row.number == number:
            return row
    raise NotFound("This award has no such condition.")


def _award(award_id: int) -> Award:
    award = db.session.get(Award, award_id, options=[joinedload(Award.organisation), joinedload(Award.scheme)])
    if award is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return award


def _page(award: Award, actor: Actor, today: date) -> ConditionsPage:
    status = status_on(award.status, award.expires_on, today)
    found = db.session.scalars(
        select(AwardCondition)
        .where(AwardCondition.award_id == award.id)
        .options(
            selectinload(AwardCondition.evidence).joinedload(ConditionEvidence.version),
            selectinload(AwardCondition.evidence).joinedload(ConditionEvidence.item),
        )
        .order_by(AwardCondition.number)
        .limit(MOST)
    ).all()
    names = _names(found)
    subject = subject_of(db.session(), award.application, today)
    answers = status in STANDING and may(actor, Action.ANSWER_CONDITION, subject)
    decides = status in STANDING and may(actor, Action.CHANGE_AWARD, subject)
    rows = tuple(_row(each, names, answers, decides, today) for each in found)
    return ConditionsPage(
        award_id=award.id,
        application_id=award.application_id,
        organisation_id=award.organisation_id,
        organisation=award.holder_name,
        scheme_code=award.scheme.code,
        scheme_title=award.scheme.title,
        level=award.level_title,
        number=award.number,
        state=STATUS_WORDS[status],
        ended=status not in STANDING,
        rows=rows,
        all_met=decides
        and status is AwardStatus.CONDITIONAL
        and all(each.status is ConditionStatus.MET for each in rows),
    )


def _names(found: Sequence[AwardCondition]) -> dict[int, str]:
    ids = {who for each in found for who in (each.offered_by_id, each.accepted_by_id) if who is not None}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(ids))) if ids else ()
    return {user_id: name for user_id, name in found}


def _row(found: AwardCondition, names: dict[int, str], answers: bool, decides: bool, today: date) -> ConditionRow:
    status = condition_on(found.status, found.due_on, today)
    moves = CONDITION.open_to(found.status)
    return ConditionRow(
        condition_id=found.id,
        number=found.number,
        text=found.text,
        due_on=found.due_on,
        status=status,
        state=CONDITION_WORDS[status],
        offered=found.offered,
        offered_at=found.offered_at,
        offered_by=names.get(found.offered_by_id or 0, ""),
        returned=found.returned if found.status is ConditionStatus.OPEN else "",
        returned_at=found.returned_at,
        accepted_at=found.accepted_at,
        accepted_by=names.get(found.accepted_by_id or 0, ""),
        accepted_because=found.accepted_because,
        evidence=tuple(ShownPiece(each.version_id, each.item.title, each.version.number) for each in found.evidence),
        may_offer=answers and ConditionMove.OFFER in moves,
        may_return=decides and ConditionMove.RETURN in moves,
        may_accept=decides and ConditionMove.ACCEPT in moves,
    )
