"""One case as the scheme's office sees it: provider, assessors, panel, decision, award and what can be done next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.access import Action, Actor, may
from app.domain.applicability import counting
from app.domain.lifecycle import ENDED, ApplicationStatus, AssessmentStatus
from app.domain.profile import established_by_scheme
from app.extensions import db
from app.models import Application, Assessment, Panel, PanelSeat, Score
from app.queries.appeals_of_case import CaseAppeal, appeals_of_case
from app.queries.assessment_basics import facts_in_words
from app.queries.award_moves import newest_award
from app.queries.awards import AwardRow, award_row
from app.queries.candidates import TAKING_PART, Candidate, panel_candidates
from app.queries.frameworks import framework_of
from app.queries.history import HistoryRow, timeline
from app.queries.outcomes import level_title
from app.queries.passport_uses import standing_counts
from app.queries.pipeline import LASTING, STATUS_WORDS
from app.queries.reading import AreaReading, CaseReading, area_reading, case_reading
from app.queries.reports import ReportBrief, report_of
from app.queries.scheme_findings import CaseFindings, case_findings
from app.queries.schemes import SchemeRow, office_case
from app.queries.subjects import subject_of
from app.queries.votes import DecisionRow, SeatRow, decision_row, seat_row

ASSESSMENT_WORDS = {
    AssessmentStatus.ASSIGNED: "Asked, not declared yet",
    AssessmentStatus.DECLINED: "Declared a conflict",
    AssessmentStatus.OPEN: "Assessing",
    AssessmentStatus.HANDED_IN: "Handed in",
    AssessmentStatus.REMOVED: "Taken off",
}
REOPENABLE = frozenset(
    {
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.IN_ASSESSMENT,
        ApplicationStatus.RECONCILING,
        ApplicationStatus.ASSESSED,
    }
)


@dataclass(frozen=True)
class AssessorRow:
    """One assessor on the case. `removable`, `reopenable` and `may_lead` say what can be done now.

    `turned_down` is why they refused the case, `answer_by` the last day to answer while they have not.
    """

    assessment_id: int
    name: str
    state: str
    declaration: str
    scored: int
    asked: int
    due_on: date | None
    late: bool
    handed_in_at: datetime | None
    removable: bool
    reopenable: bool
    lead: bool = False
    may_lead: bool = False
    turned_down: str = ""
    answer_by: date | None = None


@dataclass(frozen=True)
class PanelSummary:
    """A panel called on the case. Votes stay closed until it has decided."""

    panel_id: int
    meets_on: date | None
    late: bool
    seats: tuple[SeatRow, ...]
    decision: DecisionRow | None


@dataclass(frozen=True)
class CaseHead:
    """What every page of one case shows."""

    scheme: SchemeRow
    application_id: int
    provider: str
    framework: str
    target: str
    status: ApplicationStatus
    state: str
    since: datetime
    manages: bool

    @property
    def lasting(self) -> bool:
        return self.status in LASTING


@dataclass(frozen=True)
class CasePage:
    """The case. The booleans say what the reader may do to it now."""

    head: CaseHead
    about: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    submitted_at: datetime | None
    declared_by: str
    note: str
    needed: int
    assessors: tuple[AssessorRow, ...]
    reading: CaseReading
    panels: tuple[PanelSummary, ...]
    award: AwardRow | None
    history: tuple[HistoryRow, ...]
    appeals: tuple[CaseAppeal, ...]
    findings: CaseFindings
    report: ReportBrief | None
    can_assign: bool
    can_send_back: bool
    can_call_panel: bool
    can_change_panel: bool
    can_record_facts: bool

    @property
    def covered(self) -> bool:
        """Whether as many assessors as the framework asks for are on the case."""
        return sum(each.removable or each.handed_in_at is not None for each in self.assessors) >= self.needed


@dataclass(frozen=True)
class CallPage:
    """Who can be called. Where a panel sits already, `members`, `kept` and the rest say how it stands."""

    head: CaseHead
    candidates: tuple[Candidate, ...]
    quorum: int
    lay_members: int
    panel_id: int | None
    members: tuple[int, ...]
    chair: int | None
    meets_on: date | None


def case_head(code: str, application_id: int, actor: Actor, today: date, action: Action = Action.SEE_CASE) -> CaseHead:
    """The head alone, for pages that ask for one more thing. Raises NotFound, NotAllowed."""
    return _head(*office_case(code, application_id, actor, action, today), actor, today)


def _head(scheme: SchemeRow, application: Application, actor: Actor, today: date) -> CaseHead:
    framework = framework_of(application.edition)
    return CaseHead(
        scheme=scheme,
        application_id=application.id,
        provider=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        target=level_title(framework, application.target),
        status=application.status,
        state=STATUS_WORDS[application.status],
        since=application.status_at,
        manages=may(actor, Action.MANAGE_CASE, subject_of(db.session(), application, today)),
    )


def case_page(code: str, application_id: int, actor: Actor, today: date) -> CasePage:
    """Everything on one case. A fixed number of statements. Raises NotFound, NotAllowed."""
    scheme, application = office_case(code, application_id, actor, Action.SEE_CASE, today)
    head = _head(scheme, application, actor, today)
    framework = framework_of(application.edition)
    panels = _panels(application, today)
    status = application.status
    return CasePage(
        head=head,
        about=_about(application),
        facts=facts_in_words(framework, application.facts),
        submitted_at=application.submitted_at,
        declared_by=application.declared_by,
        note=application.note,
        needed=framework.assessment.assessors,
        assessors=_assessors(application, today),
        reading=case_reading(db.session(), application, today),
        panels=panels,
        award=_award(application.id, actor, today),
        history=timeline(db.session(), application.id),
        appeals=appeals_of_case(db.session(), application.id, actor),
        findings=case_findings(db.session(), application, today),
        report=report_of(db.session(), application),
        can_assign=head.manages and status in {ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT},
        can_send_back=head.manages and status is ApplicationStatus.SUBMITTED,
        can_call_panel=head.manages and status is ApplicationStatus.ASSESSED,
        can_change_panel=head.manages and status is ApplicationStatus.WITH_PANEL and bool(panels),
        can_record_facts=head.manages and status not in ENDED and bool(established_by_scheme(framework)),
    )


def _about(application: Application) -> tuple[tuple[str, str], ...]:
    organisation = application.organisation
    rows = (
        ("What it does", organisation.summary),
        ("Charity number", organisation.charity_number or ""),
        ("Company number", organisation.company_number or ""),
        ("CQC provider", organisation.cqc_provider_id or ""),
        ("Address", ", ".join(part for part in (organisation.address, organisation.postcode) if part)),
        ("E-mail", organisation.email),
        ("Telephone", organisation.phone),
        ("Website", organisation.website),
    )
    return tuple(row for row in rows if row[1])


def _assessors(application: Application, today: date) -> tuple[AssessorRow, ...]:
    asked = len(counting(framework_of(application.edition), application.facts, application.target))
    asked -= standing_counts(db.session(), [application], today)[application.id]
    counts = db.session.execute(
        select(Score.assessment_id, func.count())
        .join(Assessment, Assessment.id == Score.assessment_id)
        .where(
            Assessment.application_id == application.id,
            Score.point.is_not(None) | Score.not_applicable.is_(True) | Score.not_rated.is_(True),
            Score.reason != "",
        )
        .group_by(Score.assessment_id)
    )
    scored = {assessment_id: number for assessment_id, number in counts}
    found = db.session.scalars(
        select(Assessment)
        .where(Assessment.application_id == application.id)
        .options(joinedload(Assessment.assessor))
        .order_by(Assessment.id)
    )
    return tuple(_assessor(each, scored.get(each.id, 0), asked, application.status, today) for each in found)


def _assessor(assessment: Assessment, scored: int, asked: int, status: ApplicationStatus, today: date) -> AssessorRow:
    working = assessment.status in {AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN} and status not in ENDED
    return AssessorRow(
        assessment_id=assessment.id,
        name=assessment.assessor.name,
        state=ASSESSMENT_WORDS[assessment.status],
        declaration=assessment.declaration,
        scored=scored,
        asked=asked,
        due_on=assessment.due_on if working else None,
        late=working and assessment.due_on is not None and assessment.due_on < today,
        handed_in_at=assessment.handed_in_at,
        removable=working,
        reopenable=assessment.status is AssessmentStatus.HANDED_IN and status in REOPENABLE,
        lead=assessment.lead,
        may_lead=not assessment.lead and assessment.status in TAKING_PART and status not in ENDED,
        turned_down=assessment.turned_down,
        answer_by=assessment.answer_by if assessment.status is AssessmentStatus.ASSIGNED else None,
    )


def _panels(application: Application, today: date) -> tuple[PanelSummary, ...]:
    framework = framework_of(application.edition)
    found = db.session.scalars(
        select(Panel)
        .where(Panel.application_id == application.id)
        .options(joinedload(Panel.decision), selectinload(Panel.seats).joinedload(PanelSeat.user))
        .order_by(Panel.id.desc())
    )
    return tuple(
        PanelSummary(
            panel_id=panel.id,
            meets_on=panel.meets_on,
            late=panel.decision is None
            and application.status is ApplicationStatus.WITH_PANEL
            and panel.meets_on is not None
            and panel.meets_on < today,
            seats=tuple(seat_row(framework, panel, seat, panel.decision is not None) for seat in panel.seats),
            decision=decision_row(framework, panel.decision) if panel.decision else None,
        )
        for panel in found
    )


def _award(application_id: int, actor: Actor, today: date) -> AwardRow | None:
    award = newest_award(db.session(), application_id)
    return award_row(award, actor, today) if award else None


def case_area(code: str, application_id: int, area: str, actor: Actor, today: date) -> tuple[CaseHead, AreaReading]:
    """One area of the case, criterion by criterion. Raises NotFound, NotAllowed."""
    scheme, application = office_case(code, application_id, actor, Action.SEE_CASE, today)
    return _head(scheme, application, actor, today), area_reading(db.session(), application, area, today)


def call_page(code: str, application_id: int, actor: Actor, today: date) -> CallPage:
    """The scheme's panel members with what bars them, and the panel as it stands. Raises NotFound, NotAllowed."""
    scheme, application = office_case(code, application_id, actor, Action.MANAGE_CASE, today)
    terms = framework_of(application.edition).panel
    panel = _open_panel(application)
    seats: Collection[PanelSeat] = panel.seats if panel else ()
    return CallPage(
        head=_head(scheme, application, actor, today),
        candidates=panel_candidates(db.session(), application, today),
        quorum=terms.quorum,
        lay_members=terms.lay_members,
        panel_id=panel.id if panel else None,
        members=tuple(seat.user_id for seat in seats if not seat.conflicted),
        chair=panel.chair_id if panel else None,
        meets_on=panel.meets_on if panel else None,
    )


def _open_panel(application: Application) -> Panel | None:
    if application.status is not ApplicationStatus.WITH_PANEL:
        return None
    return db.session.scalars(
        select(Panel)
        .where(Panel.application_id == application.id)
        .options(selectinload(Panel.seats))
        .order_by(Panel.id.desc())
        .limit(1)
    ).first()
