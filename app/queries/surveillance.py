"""The yearly return of an award: what is asked, what was said, and where it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.award_dates import due_days
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework
from app.domain.lifecycle import NOT_RETURNED, SurveillanceStatus
from app.domain.yearly_return import PARTS
from app.extensions import db
from app.models import Award, Surveillance
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of

STATUS_WORDS = {
    SurveillanceStatus.PLANNED: "Planned",
    SurveillanceStatus.OPEN: "Open",
    SurveillanceStatus.OVERDUE: "Overdue",
    SurveillanceStatus.RETURNED: "Sent, waits to be read",
    SurveillanceStatus.FOLLOW_UP: "More is asked",
    SurveillanceStatus.ACCEPTED: "Accepted",
    SurveillanceStatus.DROPPED: "Not asked any more",
}


@dataclass(frozen=True)
class Asked:
    """One question with what was said to it. `code` is a part's or a criterion's."""

    code: str
    title: str
    asks: str
    said: str


@dataclass(frozen=True)
class ReturnPage:
    """One return. `may_write` is for the provider's lead while it is theirs, `may_judge` for the office once it is sent."""

    award_id: int
    application_id: int
    organisation_id: int
    provider: str
    scheme_code: str
    scheme: str
    number: str
    return_number: int
    status: SurveillanceStatus
    state: str
    due_on: date
    parts: tuple[Asked, ...]
    criteria: tuple[Asked, ...]
    returned_at: datetime | None
    returned_by: str
    note: str
    settled_at: datetime | None
    settled_by: str
    may_write: bool
    may_judge: bool
    seen: str


def return_page(award_id: int, number: int, actor: Actor) -> ReturnPage:
    """A return as its provider's people see it. Raises NotFound, NotAllowed."""
    look = _look(award_id, number)
    subject = Subject(organisation_id=look.award.organisation_id)
    require(actor, Action.SEE_APPLICATION, subject)
    writes = look.status in NOT_RETURNED and may(actor, Action.RETURN_SURVEILLANCE, subject)
    return _page(look, may_write=writes, may_judge=False)


def return_to_judge(code: str, award_id: int, number: int, actor: Actor, today: date) -> ReturnPage:
    """A return as the scheme's office sees it: nothing of what is not sent yet. Raises NotFound, NotAllowed."""
    look = _look(award_id, number)
    if look.award.scheme.code != code:
        raise NotFound("There is no such page, or it is not open to you.")
    subject = subject_of(db.session(), look.award.application, today)
    require(actor, Action.SEE_CASE, subject)
    judges = look.status is SurveillanceStatus.RETURNED and may(actor, Action.CHANGE_AWARD, subject)
    return _page(look, may_write=False, may_judge=judges, hidden=look.status in NOT_RETURNED)


def again_asked(framework: Framework, award: Award, number: int) -> tuple[Criterion, ...]:
    """The criteria that are answered again in an award's nth return: where the framework has them scored again by then.

    A framework that scores them again every two years asks for them in every second return.
    """
    terms = framework.award.for_level(award.level)
    again = framework.award.reassess
    if again is None:
        return ()
    days = list(due_days(award.counted_from, award.expires_on, terms.surveillance))
    if number > len(days):
        return ()
    before = days[number - 2] if number > 1 else award.counted_from
    due = any(before < day <= days[number - 1] for day in due_days(award.counted_from, award.expires_on, again.every))
    return tuple(framework.within(again.criteria) if again.criteria else framework.criteria) if due else ()


def seen_as(look: Surveillance) -> str:
    """What a return is, as its page keeps it to find out whether a colleague has changed it since."""
    said = json.dumps([look.status.value, look.said, look.again], sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


def looks_of(session: Session, award_id: int) -> tuple[Surveillance, ...]:
    """Every surveillance of an award that has begun, the newest first."""
    return tuple(
        session.scalars(
            select(Surveillance)
            .where(Surveillance.award_id == award_id)
            .options(joinedload(Surveillance.returned_by), joinedload(Surveillance.settled_by))
            .order_by(Surveillance.number.desc())
        )
    )


def _look(award_id: int, number: int) -> Surveillance:
    look = db.session.scalars(
        select(Surveillance)
        .where(Surveillance.award_id == award_id, Surveillance.number == number)
        .options(
            joinedload(Surveillance.award).joinedload(Award.scheme),
            joinedload(Surveillance.award).joinedload(Award.edition),
            joinedload(Surveillance.award).joinedload(Award.application),
        )
    ).first()
    if look is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return look


def _page(look: Surveillance, *, may_write: bool, may_judge: bool, hidden: bool = False) -> ReturnPage:
    award = look.award
    criteria = again_asked(framework_of(award.edition), award, look.number)
    said, again = ({}, {}) if hidden else (look.said, look.again)
    return ReturnPage(
        award_id=award.id,
        application_id=award.application_id,
        organisation_id=award.organisation_id,
        provider=award.holder_name,
        scheme_code=award.scheme.code,
        scheme=award.scheme.title,
        number=award.number,
        return_number=look.number,
        status=look.status,
        state=STATUS_WORDS[look.status],
        due_on=look.due_on,
        parts=tuple(Asked(part.code, part.title, part.asks, said.get(part.code, "")) for part in PARTS),
        criteria=tuple(
            Asked(each.code, str(each.heading), str(each.text), again.get(each.code, "")) for each in criteria
        ),
        returned_at=look.returned_at,
        returned_by=look.returned_by.name if look.returned_by else "",
        note=look.note,
        settled_at=look.settled_at,
        settled_by=look.settled_by.name if look.settled_by else "",
        may_write=may_write,
        may_judge=may_judge,
        seen=seen_as(look),
    )
