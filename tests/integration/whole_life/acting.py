"""A small scheme with people of every kind, and what each of them may try at any moment: see test_whole_life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from app.backends.storage import MemoryStorage
from app.domain.access import Actor, Role
from app.domain.errors import DomainError
from app.domain.lifecycle import AppealStatus, AssessmentStatus, PanelStatus
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import (
    Appeal,
    Application,
    Assessment,
    AuditRow,
    Award,
    AwardCondition,
    Finding,
    MailMessage,
    Panel,
    Reviewer,
    Score,
    User,
)
from app.queries.frameworks import framework_of
from app.services.granting import Issue
from config import ROOT
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, Case, submitted_case

DOUBLE = "\nassessment: {assessors: 2, blind: true, reconciliation: always, agreement_floor: 0.6}\n"
PANEL = "\npanel: {quorum: 2, lay_members: 1}\n"
ISSUE = Issue("http://test", ROOT / "app" / "static" / "build" / "fonts")
CHANGES_STORE = (AuditRow, MailMessage)


def framework(*, double: bool, findings: bool) -> str:
    """A framework of four criteria: assessed by one or blindly by two, with or without grades of findings."""
    text = make.SMALL_FRAMEWORK
    for heading in ("assessment:", "panel:"):
        text = "\n".join(line for line in text.splitlines() if not line.startswith(heading))
    return text + PANEL + (DOUBLE if double else "") + (FINDINGS if findings else "")


FINDINGS = """
findings:
  grades:
    - {code: minor, title: Minor, put_right_within: 3 months, overdue: suspend}
    - {code: major, title: Major, put_right_within: 1 month, holds_at: bronze, overdue: withdraw}
"""


@dataclass
class World:
    """One case and everybody around it. `now` runs forward; `seen` keeps what every award once was."""

    case: Case
    people: list[User]
    actors: list[Actor] = field(default_factory=list)
    now: datetime = NOON
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        return uk_day(self.now)

    @property
    def application(self) -> Application:
        return db.session.get_one(Application, self.case.application_id)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(each.code for each in framework_of(self.application.edition).criteria if each.code in CODES)

    def rows(self, kind: type) -> list[Any]:
        """The rows of this case, in order."""
        return list(
            db.session.scalars(select(kind).where(kind.application_id == self.case.application_id).order_by(kind.id))
        )

    def own_assessment(self, actor: Actor) -> Assessment | None:
        return next((each for each in self.rows(Assessment) if each.assessor_id == actor.user_id), None)

    @property
    def panel(self) -> Panel | None:
        return next(iter(self.rows(Panel)[::-1]), None)

    @property
    def award(self) -> Award | None:
        return next(iter(self.rows(Award)[::-1]), None)

    @property
    def appeal(self) -> Appeal | None:
        return next(iter(self.rows(Appeal)[::-1]), None)

    def review_of(self, actor: Actor) -> Reviewer | None:
        if self.appeal is None:
            return None
        wanted = select(Reviewer).where(Reviewer.appeal_id == self.appeal.id, Reviewer.user_id == actor.user_id)
        return db.session.scalars(wanted.order_by(Reviewer.id.desc())).first()

    def conditions(self) -> list[AwardCondition]:
        if self.award is None:
            return []
        return list(db.session.scalars(select(AwardCondition).where(AwardCondition.award_id == self.award.id)))

    def attempt(self, name: str, what: Callable[[], object]) -> bool:
        """Do it. What is refused must be refused in words and leave nothing behind. Whether it was done."""
        db.session.rollback()
        self.now += timedelta(seconds=1)  # nothing happens at the same moment as something else
        before, refusal = self._written(), None
        try:
            what()
        except DomainError as refused:
            refusal = refused
        db.session.rollback()
        if refusal is None:
            self.done.append(name)
            return True
        assert str(refusal).strip(), f"{name} was refused without a word"
        assert self._written() == before, f"{name} was refused and wrote something all the same"
        self.refused.append(name)
        return False

    @staticmethod
    def _written() -> list[int | None]:
        return [db.session.scalar(select(func.max(kind.id))) for kind in CHANGES_STORE]


def world(*, double: bool, findings: bool) -> World:
    """A submitted case; six assessors and panel members, two of whom are both; three managers, one an assessor too."""
    case = submitted_case(framework(double=double, findings=findings))
    of = case.scheme
    people = [
        case.lead,
        case.assessor,
        *case.sitters,
        case.manager,
        make.officer(of, Role.ASSESSOR, name="Assessor Bo"),
        make.officer(of, Role.ASSESSOR, name="Assessor Cy"),
        make.officer(of, Role.ASSESSOR, Role.PANEL_MEMBER, lay=True, name="Both Dee"),
        make.officer(of, Role.ASSESSOR, Role.PANEL_MEMBER, name="Both Eli"),
        make.officer(of, Role.PANEL_MEMBER, lay=True, name="Lay Fay"),
        make.officer(of, Role.PANEL_MEMBER, name="Sitter Gus"),
        make.officer(of, Role.MANAGER, name="Manager Hal"),
        make.officer(of, Role.MANAGER, Role.ASSESSOR, name="Manager Ida"),
        case.auditor,
    ]
    made = World(case, people)
    made.actors = [make.actor(person) for person in people]
    db.session.rollback()
    return made


def version_of(assessment_id: int, code: str) -> int:
    """Of a score as it is stored; 0 where there is none."""
    wanted = select(Score.version).where(Score.assessment_id == assessment_id, Score.criterion_code == code)
    return db.session.scalar(wanted) or 0


def later(world_: World, days: int) -> None:
    """Let days pass."""
    world_.now += timedelta(days=days)


OPEN_APPEALS = frozenset({AppealStatus.RECEIVED, AppealStatus.ADMITTED, AppealStatus.IN_REVIEW})
WORKING = frozenset({AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN})
OPEN_PANELS = frozenset({PanelStatus.CALLED, PanelStatus.VOTE_CLOSED})
__all__ = ["ISSUE", "OPEN_APPEALS", "OPEN_PANELS", "WORKING", "Finding", "World", "later", "version_of", "world"]
