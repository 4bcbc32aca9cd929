"""Who holds which criterion of an application, and who could."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from app.domain.colleagues import is_open
from app.models import Application, HandedOver, Membership, User
from app.queries.self_assessments import SelfAssessment

MOST_COLLEAGUES = 200
COLUMNS = (
    HandedOver.id,
    HandedOver.criterion_code,
    HandedOver.to_id,
    HandedOver.given_at,
    HandedOver.due_on,
    HandedOver.note,
    HandedOver.whole,
)


@dataclass(frozen=True)
class Holding:
    """One criterion in somebody's hands. `open` is False once its answer is whole."""

    handed_id: int
    code: str
    to_id: int
    to: str
    by: str
    given_at: datetime
    due_on: date | None
    note: str
    open: bool


def still_held() -> tuple:
    """What a row must be to count: nobody closed it, and its holder works for the organisation without a break.

    Goes with a statement that joins HandedOver, Application and, by `holder_works_there`, Membership.
    """
    return (
        HandedOver.done_at.is_(None),
        HandedOver.taken_back_at.is_(None),
        Membership.created_at <= HandedOver.given_at,
    )


def holder_works_there() -> object:
    """What joins the holder's Membership at the application's own organisation."""
    return and_(Membership.user_id == HandedOver.to_id, Membership.organisation_id == Application.organisation_id)


def holdings(
    session: Session, application_id: int, work: SelfAssessment, code: str | None = None
) -> dict[str, Holding]:
    """Who holds what, by the criterion's code; with `code` that one alone. One statement.

    With `code`, `work` need only have read the evidence behind that criterion.
    """
    to, by = aliased(User), aliased(User)
    statement = (
        select(*COLUMNS, to.name.label("to"), by.name.label("by"))
        .join(Application, Application.id == HandedOver.application_id)
        .join(Membership, holder_works_there())
        .join(to, to.id == HandedOver.to_id)
        .join(by, by.id == HandedOver.by_id)
        .where(HandedOver.application_id == application_id, *still_held())
        .order_by(HandedOver.id)
    )
    if code is not None:
        statement = statement.where(HandedOver.criterion_code == code)
    blocked = _blocked(work, code)
    return {
        row.criterion_code: Holding(
            handed_id=row.id,
            code=row.criterion_code,
            to_id=row.to_id,
            to=row.to,
            by=row.by,
            given_at=row.given_at,
            due_on=row.due_on,
            note=row.note,
            open=is_open(row.whole, work.finished(row.criterion_code) and row.criterion_code not in blocked),
        )
        for row in session.execute(statement)
    }


def _blocked(work: SelfAssessment, code: str | None) -> frozenset[str]:
    if code is None:
        return work.blocked
    asked = next((each for each in work.applying if each.criterion.code == code), None)
    return frozenset(gap.code for gap in work.gaps_on(asked) if gap.blocks) if asked else frozenset()


def colleagues_of(session: Session, organisation_id: int) -> tuple[tuple[int, str], ...]:
    """(id, name) of everybody who works for the organisation here, by name, at most 200. One statement."""
    found = session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.closed_at.is_(None))
        .order_by(User.name, User.id)
        .limit(MOST_COLLEAGUES)
    ).all()
    return tuple((user_id, name) for user_id, name in found)
