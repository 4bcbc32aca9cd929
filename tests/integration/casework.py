"""One case with everybody around it, and the steps that bring it forward: for tests of the office and of the panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.domain.access import Role
from app.domain.deciding import Ballot, Verdict
from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import Answer, Application, Assessment, Organisation, Panel, Scheme, User
from app.services import assessments, cases, panels, recommendations, voting
from app.services.assessments import GivenScore
from app.services.panels import PanelPlan
from app.services.recommendations import Recommendation
from tests import factories as make
from tests.conftest import NOON

TODAY = NOON.date()
DUE = TODAY + timedelta(days=30)
CODES = ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2")
SILVER = Ballot(Verdict.AWARD, "silver")
REFUSE = Ballot(Verdict.REFUSE)


@dataclass
class Case:
    """A submitted application and the people of its scheme. `sitters` are panel members, the first of them lay."""

    scheme: Scheme
    application_id: int
    provider: Organisation
    lead: User
    manager: User
    auditor: User
    assessor: User
    sitters: list[User]

    @property
    def application(self) -> Application:
        return db.session.get(Application, self.application_id)

    @property
    def url(self) -> str:
        return f"/schemes/{self.scheme.code}/cases/{self.application_id}"


def submitted_case(source: str = make.SMALL_FRAMEWORK, **values: object) -> Case:
    """A case that has just come in, every criterion answered with 2."""
    edition = make.edition(source=source)
    scheme = edition.scheme
    provider = make.organisation(facts={"staff": 2})
    lead = make.member(provider)
    application = make.application(
        provider,
        edition,
        **{"status": ApplicationStatus.SUBMITTED, "facts": {"staff": 2}, "submitted_at": NOON, **values},
    )
    for code in CODES:
        make.save(
            Answer(
                application_id=application.id,
                criterion_code=code,
                point=2,
                reason=f"We do this: {code}.",
                updated_at=NOON,
                updated_by_id=lead.id,
            )
        )
    return Case(
        scheme=scheme,
        application_id=application.id,
        provider=provider,
        lead=lead,
        manager=make.officer(scheme, Role.MANAGER, name="Manager Morgan"),
        auditor=make.officer(scheme, Role.AUDITOR, name="Auditor Avery"),
        assessor=make.officer(scheme, Role.ASSESSOR, name="Assessor Ash"),
        sitters=[
            make.officer(scheme, Role.PANEL_MEMBER, lay=index == 0, name=name)
            for index, name in enumerate(["Lay Lee", "Sitter Sam", "Sitter Sasha"])
        ],
    )


def assign(case: Case, assessor: User | None = None) -> int:
    """Assign the case. Returns the assessment's id."""
    who = assessor or case.assessor
    cases.assign_assessor(case.application_id, who.id, DUE, actor=make.actor(case.manager), now=NOON, today=TODAY)
    query = db.select(Assessment.id).where(
        Assessment.application_id == case.application_id, Assessment.assessor_id == who.id
    )
    return db.session.scalar(query)


def assess(case: Case, points: dict[str, int] | None = None, assessor: User | None = None) -> int:
    """Assign, declare, score (3 everywhere but for `points`) and hand in. Returns the assessment's id."""
    assessment_id = assign(case, assessor)
    actor = make.actor(assessor or case.assessor)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=NOON)
    for code in CODES:
        given = GivenScore((points or {}).get(code, 3), False, f"Seen for {code}.", 0)
        assessments.record_score(assessment_id, code, given, actor=actor, now=NOON)
    words = Recommendation("award", "silver", "A sound organisation.")
    recommendations.hand_in(assessment_id, words, actor=actor, now=NOON)
    return assessment_id


def call(case: Case, *members: User, chair: User | None = None) -> int:
    """Call the panel: by default all three, the second of them in the chair. Returns its id."""
    called = members or tuple(case.sitters)
    plan = PanelPlan(tuple(each.id for each in called), (chair or case.sitters[1]).id, DUE)
    return panels.call_panel(case.application_id, plan, actor=make.actor(case.manager), now=NOON, today=TODAY)


def declare(panel_id: int, *members: User) -> None:
    for member in members:
        panels.declare_for_panel(panel_id, conflict=False, words="", actor=make.actor(member), now=NOON)


def vote(panel_id: int, member: User, ballot: Ballot) -> None:
    voting.vote(panel_id, ballot, "That is what the case shows.", actor=make.actor(member), now=NOON, today=TODAY)


def voted_case(ballot: Ballot = SILVER, points: dict[str, int] | None = None, **values: object) -> tuple[Case, Panel]:
    """A case on which the whole panel has voted for `ballot`."""
    case = submitted_case(**values)
    assess(case, points)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    for member in case.sitters:
        vote(panel_id, member, ballot)
    return case, db.session.get(Panel, panel_id)
