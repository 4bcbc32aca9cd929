"""Everything of a scheme that has a date, from whichever table: for what is late, and for the calendar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.domain.lifecycle import (
    STANDING,
    STILL_OPEN,
    AppealStatus,
    ApplicationStatus,
    AssessmentStatus,
    ConditionStatus,
    SurveillanceStatus,
)
from app.domain.uk_time import uk_day
from app.domain.visits import VisitStatus
from app.extensions import db
from app.models import (
    Appeal,
    Application,
    Assessment,
    Award,
    AwardCondition,
    Finding,
    Organisation,
    Panel,
    Question,
    Surveillance,
    User,
    Visit,
)

MOST_OF_A_KIND = 500
A_DAY = timedelta(days=1)


class Dated(StrEnum):
    """What has a date. The first are due then; the others happen."""

    DECLARATION = "declaration"
    ASSESSMENT = "assessment"
    REPLY = "reply"
    PANEL = "panel"
    FINDING = "finding"
    CONDITION = "condition"
    SURVEILLANCE = "surveillance"
    APPEAL = "appeal"
    VISIT = "visit"
    SUSPENSION = "suspension"
    EXPIRY = "expiry"


WORDS = {
    Dated.DECLARATION: "Declaration of interests",
    Dated.ASSESSMENT: "Assessment",
    Dated.REPLY: "Reply to a question",
    Dated.PANEL: "Panel",
    Dated.FINDING: "Finding to be put right",
    Dated.CONDITION: "Condition of an award",
    Dated.SURVEILLANCE: "Yearly return",
    Dated.APPEAL: "Decision on an appeal",
    Dated.VISIT: "Visit",
    Dated.SUSPENSION: "End of a suspension",
    Dated.EXPIRY: "End of an award",
}
DUE = (
    Dated.DECLARATION,
    Dated.ASSESSMENT,
    Dated.REPLY,
    Dated.PANEL,
    Dated.FINDING,
    Dated.CONDITION,
    Dated.SURVEILLANCE,
    Dated.APPEAL,
)
"""What can be late."""


@dataclass(frozen=True, slots=True)
class DatedThing:
    """One thing on its day. `who` has it in hand; `application_id` is the case it belongs to."""

    kind: Dated
    on: date
    provider: str
    who: str
    application_id: int

    @property
    def words(self) -> str:
        return WORDS[self.kind]


def dated_things(
    scheme_id: int,
    first: date | None,
    last: date,
    kinds: Collection[Dated] = tuple(Dated),
    *,
    open_: ColumnElement[bool],
) -> tuple[DatedThing, ...]:
    """What is open and dated from `first` (None: ever) to `last`, by its day. One statement a kind, at most 500 of each.

    `open_` is the condition on Application of what the reader may know of (`is_open_to`): who assesses their own
    organisation, or visits it and when, is for others.
    """
    found = [thing for kind in kinds for thing in _things(kind, scheme_id, first, last, open_)]
    return tuple(sorted(found, key=lambda each: (each.on, list(Dated).index(each.kind), each.provider)))


def _things(
    kind: Dated, scheme_id: int, first: date | None, last: date, open_: ColumnElement[bool]
) -> Iterator[DatedThing]:
    day, statement = SOURCES[kind]()
    if kind is Dated.VISIT:
        began = datetime.combine(last + A_DAY, time(), UTC)
        statement = statement.where(day < began)
        statement = statement if first is None else statement.where(day >= datetime.combine(first, time(), UTC))
    else:
        statement = statement.where(day <= last)
        statement = statement if first is None else statement.where(day >= first)
    rows = db.session.execute(
        statement.where(Application.scheme_id == scheme_id, open_).order_by(day).limit(MOST_OF_A_KIND)
    )
    for on, provider, who, application_id in rows:
        yield DatedThing(
            kind, uk_day(on) if isinstance(on, datetime) else on, provider, who or provider, application_id
        )


Source = tuple[Any, Select[Any]]


def _of(day: Any, who: Any) -> Select[Any]:
    return select(day, Organisation.name, who, Application.id)


def _provider(statement: Select[Any]) -> Select[Any]:
    return statement.join(Organisation, Organisation.id == Application.organisation_id)


def _assessments(day: Any, *statuses: AssessmentStatus) -> Source:
    found = _of(day, User.name).select_from(Assessment).join(Application).join(User, User.id == Assessment.assessor_id)
    in_hand = Application.status.in_((ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT))
    return day, _provider(found).where(Assessment.status.in_(statuses), in_hand)


def _replies() -> Source:
    found = _of(Question.due_on, Organisation.name).select_from(Question)
    found = found.join(Application, Application.id == Question.application_id)
    waiting = [Question.replied_at.is_(None), Question.withdrawn_at.is_(None)]
    in_hand = Application.status == ApplicationStatus.IN_ASSESSMENT
    return Question.due_on, _provider(found).where(*waiting, in_hand)


def _panels() -> Source:
    found = _of(Panel.meets_on, User.name).select_from(Panel).join(Application).join(User, User.id == Panel.chair_id)
    newer = select(Panel.id).correlate(None).where(Panel.application_id == Application.id).order_by(Panel.id.desc())
    newest = Panel.id == newer.correlate(Application).limit(1).scalar_subquery()
    return Panel.meets_on, _provider(found).where(Application.status == ApplicationStatus.WITH_PANEL, newest)


def _findings() -> Source:
    found = _of(Finding.due_on, Organisation.name).select_from(Finding)
    found = found.join(Application, Application.id == Finding.application_id)
    return Finding.due_on, _provider(found).where(Finding.status.in_(STILL_OPEN))


def _of_award(day: Any, start: Any) -> Select[Any]:
    found = _of(day, Organisation.name).select_from(start)
    if start is not Award:
        found = found.join(Award, Award.id == start.award_id)
    found = _provider(found.join(Application, Application.id == Award.application_id))
    return found.where(Award.status.in_(STANDING))


def _conditions() -> Source:
    open_ = AwardCondition.status == ConditionStatus.OPEN
    return AwardCondition.due_on, _of_award(AwardCondition.due_on, AwardCondition).where(open_)


def _surveillance() -> Source:
    waits = (SurveillanceStatus.OPEN, SurveillanceStatus.OVERDUE, SurveillanceStatus.FOLLOW_UP)
    return Surveillance.due_on, _of_award(Surveillance.due_on, Surveillance).where(Surveillance.status.in_(waits))


def _appeals() -> Source:
    found = _of(Appeal.due_on, Appeal.number).select_from(Appeal)
    found = found.join(Application, Application.id == Appeal.application_id)
    open_ = (AppealStatus.RECEIVED, AppealStatus.ADMITTED, AppealStatus.IN_REVIEW)
    return Appeal.due_on, _provider(found).where(Appeal.status.in_(open_))


def _visits() -> Source:
    found = _of(Visit.starts_at, User.name).select_from(Visit)
    found = found.join(Application, Application.id == Visit.application_id)
    found = found.join(Assessment, Assessment.id == Visit.assessment_id).join(User, User.id == Assessment.assessor_id)
    to_come = Visit.status.in_((VisitStatus.PLANNED, VisitStatus.CONFIRMED))
    return Visit.starts_at, _provider(found).where(to_come)


SOURCES: dict[Dated, Callable[[], Source]] = {
    Dated.DECLARATION: lambda: _assessments(Assessment.answer_by, AssessmentStatus.ASSIGNED),
    Dated.ASSESSMENT: lambda: _assessments(Assessment.due_on, AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN),
    Dated.REPLY: _replies,
    Dated.PANEL: _panels,
    Dated.FINDING: _findings,
    Dated.CONDITION: _conditions,
    Dated.SURVEILLANCE: _surveillance,
    Dated.APPEAL: _appeals,
    Dated.VISIT: _visits,
    Dated.SUSPENSION: lambda: (Award.suspended_until, _of_award(Award.suspended_until, Award)),
    Dated.EXPIRY: lambda: (Award.expires_on, _of_award(Award.expires_on, Award)),
}
