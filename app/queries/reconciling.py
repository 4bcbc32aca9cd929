"""Scores that differ, side by side: the list of them, and one criterion with all that was said on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Actor
from app.domain.confidence import WORDS as CONFIDENCE_WORDS
from app.domain.errors import NotFound
from app.domain.framework import Criterion
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.reconciling import GivenScore, Settling
from app.domain.scoring import Outcome
from app.extensions import db
from app.models import AgreedScore, Assessment, Dissent, ScoreSettlement
from app.queries.agreement import CaseAgreement, case_agreement
from app.queries.assessment_basics import answer_on, label_of, readable_assessment
from app.queries.frameworks import framework_of
from app.queries.outcomes import Counted, counted, is_finished, lead_of
from app.queries.self_assessments import AttachedRow, attached_to

OPEN_TO_DISSENT = frozenset({ApplicationStatus.RECONCILING, ApplicationStatus.ASSESSED})


@dataclass(frozen=True)
class DifferingRow:
    """One criterion that was scored differently: what each gave, in the order of the assessors, and what is agreed."""

    code: str
    heading: str
    given: tuple[str, ...]
    agreed: str
    finished: bool
    dissents: int


@dataclass(frozen=True)
class ReconcilePage:
    """What differs in a case. `leads`: the reader records what is agreed; `editable`: it can be recorded now."""

    assessment_id: int
    provider: str
    framework: str
    names: tuple[str, ...]
    lead: str
    leads: bool
    editable: bool
    settled_at: datetime | None
    must_meet: bool
    met_on: date | None
    meeting: str
    rows: tuple[DifferingRow, ...]
    agreement: CaseAgreement
    outcome: Outcome

    @property
    def finished(self) -> int:
        return sum(row.finished for row in self.rows)

    @property
    def next_code(self) -> str | None:
        """The first criterion on which nothing is agreed yet."""
        return next((row.code for row in self.rows if not row.finished), None)


@dataclass(frozen=True)
class GivenRow:
    """What one assessor gave, with the reason and how sure they were; `own` is the reader's."""

    name: str
    own: bool
    label: str
    reason: str
    confidence: str


@dataclass(frozen=True)
class DissentRow:
    """Who sees the agreed score otherwise, and why."""

    name: str
    words: str
    noted_at: datetime


@dataclass(frozen=True)
class DifferingPage:
    """One criterion that was scored differently, with the claim and its evidence, and what is agreed on it."""

    assessment_id: int
    provider: str
    trail: tuple[str, ...]
    criterion: Criterion
    claim: str | None
    claim_reason: str
    evidence: tuple[AttachedRow, ...]
    given: tuple[GivenRow, ...]
    lead: str
    leads: bool
    editable: bool
    point: int | None
    not_applicable: bool
    not_rated: bool
    reason: str
    version: int
    updated_at: datetime | None
    agreed: str
    dissents: tuple[DissentRow, ...]
    may_dissent: bool
    own_dissent: str
    finished: int
    total: int
    position: int
    previous_code: str | None
    next_code: str | None


@dataclass(frozen=True)
class _Table:
    """What both pages are made of."""

    assessment: Assessment
    settlement: ScoreSettlement
    counts: Counted
    agreement: CaseAgreement
    agreed: Mapping[str, AgreedScore]
    dissents: tuple[Dissent, ...]
    codes: tuple[str, ...]

    @property
    def leads(self) -> bool:
        return lead_of(self.counts.assessments).id == self.assessment.id

    @property
    def editable(self) -> bool:
        return self.leads and self.assessment.application.status is ApplicationStatus.RECONCILING


def reconcile_page(assessment_id: int, actor: Actor, today: date) -> ReconcilePage:
    """What differs, for one of the case's assessors. Raises NotFound where nothing is or was reconciled, NotAllowed."""
    table = _table(assessment_id, actor, today)
    application, settlement = table.assessment.application, table.settlement
    framework = framework_of(application.edition)
    return ReconcilePage(
        assessment_id=assessment_id,
        provider=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        names=table.agreement.assessors,
        lead=table.agreement.lead,
        leads=table.leads,
        editable=table.editable,
        settled_at=settlement.settled_at,
        must_meet=settlement.settling is Settling.MEETING,
        met_on=settlement.met_on,
        meeting=settlement.meeting,
        rows=tuple(_row(table, framework.criterion(code)) for code in table.codes),
        agreement=table.agreement,
        outcome=table.counts.outcome,
    )


def _table(assessment_id: int, actor: Actor, today: date) -> _Table:
    """Nobody sees another's scores before their own are handed in and all are compared."""
    assessment = readable_assessment(assessment_id, actor)
    application, session = assessment.application, db.session()
    counts = counted(session, application, today)
    agreement = case_agreement(session, application, counts)
    handed_in = assessment.status is AssessmentStatus.HANDED_IN
    working = application.status in {ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT}
    settlement = agreement.settlement if agreement else None
    if counts is None or agreement is None or settlement is None or working or not handed_in:
        raise NotFound("There is nothing to reconcile in this case, or not all assessments are in yet.")
    if settlement.settling is Settling.PANEL or assessment.id not in counts.sheets:
        raise NotFound("The scores of this case go to the panel as they are.")
    agreed = _agreed(session, settlement.id)
    differ = {*counts.open, *counts.agreed}
    codes = tuple(each.code for each in framework_of(application.edition).criteria if each.code in differ)
    return _Table(assessment, settlement, counts, agreement, agreed, _dissents(session, settlement.id), codes)


def _agreed(session: Session, settlement_id: int) -> dict[str, AgreedScore]:
    rows = session.scalars(select(AgreedScore).where(AgreedScore.settlement_id == settlement_id))
    return {row.criterion_code: row for row in rows}


def _dissents(session: Session, settlement_id: int) -> tuple[Dissent, ...]:
    return tuple(
        session.scalars(
            select(Dissent)
            .where(Dissent.settlement_id == settlement_id)
            .options(joinedload(Dissent.assessor))
            .order_by(Dissent.id)
        )
    )


def _row(table: _Table, criterion: Criterion) -> DifferingRow:
    agreed = table.agreed.get(criterion.code)
    return DifferingRow(
        code=criterion.code,
        heading=str(criterion.heading),
        given=tuple(_label(criterion, sheet.get(criterion.code)) for sheet in table.counts.sheets.values()),
        agreed=_label(criterion, agreed),
        finished=agreed is not None and is_finished(agreed),
        dissents=sum(each.criterion_code == criterion.code for each in table.dissents),
    )


def _label(criterion: Criterion, score: GivenScore | None) -> str:
    if score is None:
        return ""
    if score.not_applicable:
        return "Not applicable"
    if score.not_rated:
        return "Not rated"
    return "" if score.point is None else criterion.scale.shown(score.point)


def differing_page(assessment_id: int, code: str, actor: Actor, today: date) -> DifferingPage:
    """One criterion that was scored differently. Raises NotFound, NotAllowed."""
    table = _table(assessment_id, actor, today)
    if code not in table.codes:
        raise NotFound(f"The assessors did not score {code} differently.")
    application, here = table.assessment.application, table.codes.index(code)
    framework = framework_of(application.edition)
    criterion, answer = framework.criterion(code), answer_on(application.id, code)
    agreed = table.agreed.get(code)
    dissents = [each for each in table.dissents if each.criterion_code == code]
    finished = agreed is not None and is_finished(agreed)
    return DifferingPage(
        assessment_id=assessment_id,
        provider=application.organisation.name,
        trail=tuple(str(node.title) for node in framework.node_of(code)),
        criterion=criterion,
        claim=label_of(criterion, answer),
        claim_reason=answer.reason if answer else "",
        evidence=attached_to(db.session(), application.id, code).get(code, ()),
        given=tuple(_given(table, criterion, each) for each in table.counts.assessments),
        lead=table.agreement.lead,
        leads=table.leads,
        editable=table.editable,
        point=agreed.point if agreed else None,
        not_applicable=bool(agreed and agreed.not_applicable),
        not_rated=bool(agreed and agreed.not_rated),
        reason=agreed.reason if agreed else "",
        version=agreed.version if agreed else 0,
        updated_at=agreed.updated_at if agreed else None,
        agreed=_label(criterion, agreed) if finished else "",
        dissents=tuple(DissentRow(each.assessor.name, each.words, each.noted_at) for each in dissents),
        may_dissent=finished and not table.leads and application.status in OPEN_TO_DISSENT,
        own_dissent=next((each.words for each in dissents if each.assessor_id == actor.user_id), ""),
        finished=sum(each in table.agreed and is_finished(table.agreed[each]) for each in table.codes),
        total=len(table.codes),
        position=here + 1,
        previous_code=table.codes[here - 1] if here else None,
        next_code=table.codes[here + 1] if here + 1 < len(table.codes) else None,
    )


def _given(table: _Table, criterion: Criterion, assessment: Assessment) -> GivenRow:
    score = table.counts.sheets[assessment.id].get(criterion.code)
    confidence = getattr(score, "confidence", None)
    return GivenRow(
        name=assessment.assessor.name,
        own=assessment.id == table.assessment.id,
        label=_label(criterion, score),
        reason=score.reason if score else "",
        confidence=CONFIDENCE_WORDS[confidence] if confidence else "",
    )
