"""One finding in full: what was found and why it matters, what follows, the plans, and everything said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.corrective import consequences, grade_of
from app.domain.findings import PlanAnswer
from app.domain.framework import Framework
from app.domain.lifecycle import FindingMove, FindingStatus
from app.models import Application, CorrectivePlan, EvidenceItem, Finding, FindingEvidence, FindingStep
from app.queries.findings import FindingRow, finding_row
from app.queries.frameworks import framework_of

MOST_STEPS = 500
STEP_WORDS: Mapping[str, str] = {
    "raise": "Finding written down",
    "change": "Words changed",
    "warn": "Reminder sent",
    "allow more time": "More time given",
    "act": "Consequence",
    FindingMove.TELL.value: "Provider told",
    FindingMove.OFFER_PLAN.value: "Plan offered",
    FindingMove.ACCEPT_PLAN.value: "Plan accepted",
    FindingMove.RETURN_PLAN.value: "Plan returned",
    FindingMove.OFFER_EVIDENCE.value: "Said to be put right",
    FindingMove.RETURN_EVIDENCE.value: "Not closed yet",
    FindingMove.VERIFY.value: "Closed",
    FindingMove.REOPEN.value: "Reopened",
    FindingMove.TAKE_BACK.value: "Taken back",
}
OF_THE_PROVIDER = frozenset({FindingMove.OFFER_PLAN.value, FindingMove.OFFER_EVIDENCE.value})
BEFORE_TELLING = frozenset({"raise", "change"})
PLAN_WORDS: Mapping[PlanAnswer, str] = {
    PlanAnswer.WAITS: "Waits for the scheme",
    PlanAnswer.ACCEPTED: "Accepted",
    PlanAnswer.RETURNED: "Returned",
    PlanAnswer.REPLACED: "Replaced by another offer",
}


@dataclass(frozen=True)
class PieceRow:
    """A piece of evidence in the version that was offered."""

    item_id: int
    version_id: int
    number: int
    title: str
    kind: str
    collected: bool
    filename: str
    url: str
    text: str


@dataclass(frozen=True)
class StepRow:
    """One thing said or done. `by_provider` tells whose side it was."""

    at: datetime
    by: str
    by_provider: bool
    what: str
    words: str
    evidence: tuple[PieceRow, ...]


@dataclass(frozen=True)
class PlanRow:
    """A plan that was offered; the newest comes first."""

    number: int
    cause: str
    action: str
    owner: str
    by_on: date
    offered_at: datetime
    answer: PlanAnswer
    answer_words: str


@dataclass(frozen=True)
class OtherRow:
    """Another finding that this one has to do with."""

    id: int
    title: str
    grade_title: str
    status: FindingStatus


@dataclass(frozen=True)
class FindingDetail:
    """A finding with its thread, oldest first. `why` is why its criterion matters, `summary` what its grade means.

    `follows` are sentences on what an open one means. `becomes` is the graver finding it is part of, `parts` what this one is
    made of, `same_as` what it was taken back for.
    """

    row: FindingRow
    asks: str
    why: str
    summary: str
    follows: tuple[str, ...]
    plans: tuple[PlanRow, ...]
    steps: tuple[StepRow, ...]
    becomes: OtherRow | None
    parts: tuple[OtherRow, ...]
    same_as: OtherRow | None

    @property
    def plan_waits(self) -> bool:
        return bool(self.plans) and self.plans[0].answer is PlanAnswer.WAITS


def finding_detail(session: Session, application: Application, finding: Finding, today: date) -> FindingDetail:
    """Everything about one finding of a case. Five statements, whatever its length."""
    framework = framework_of(application.edition)
    plans = session.scalars(
        select(CorrectivePlan)
        .where(CorrectivePlan.finding_id == finding.id)
        .order_by(CorrectivePlan.number.desc())
        .limit(MOST_STEPS)
    ).all()
    criterion = next((each for each in framework.criteria if each.code == finding.place), None)
    others = _others(session, framework, finding)
    return FindingDetail(
        row=finding_row(framework, finding, plans[0] if plans else None, today),
        asks=str(criterion.text) if criterion else "",
        why=str(criterion.why) if criterion and criterion.why else "",
        summary=str(grade_of(framework, finding.grade).summary),
        follows=consequences(framework, grade_of(framework, finding.grade)),
        plans=tuple(_plan_row(each) for each in plans),
        steps=_steps(session, finding),
        becomes=others.get(finding.escalated_into_id or 0, (None, None))[1],
        parts=tuple(row for into, row in others.values() if into == finding.id and row is not None),
        same_as=others.get(finding.same_as_id or 0, (None, None))[1],
    )


def _plan_row(plan: CorrectivePlan) -> PlanRow:
    return PlanRow(
        plan.number,
        plan.cause,
        plan.action,
        plan.owner,
        plan.by_on,
        plan.offered_at,
        plan.answer,
        PLAN_WORDS[plan.answer],
    )


def _others(session: Session, framework: Framework, finding: Finding) -> dict[int, tuple[int | None, OtherRow | None]]:
    """Those that this one is part of, made of or the same as: by id, (what it is part of, row). One statement."""
    linked = [each for each in (finding.escalated_into_id, finding.same_as_id) if each is not None]
    found = session.scalars(
        select(Finding)
        .where(Finding.id.in_(linked) | (Finding.escalated_into_id == finding.id))
        .order_by(Finding.id)
        .limit(MOST_STEPS)
    )
    return {
        each.id: (
            each.escalated_into_id,
            OtherRow(each.id, each.title, str(grade_of(framework, each.grade).title), each.status),
        )
        for each in found
    }


def _steps(session: Session, finding: Finding) -> tuple[StepRow, ...]:
    found = session.scalars(
        select(FindingStep)
        .where(FindingStep.finding_id == finding.id)
        .options(
            selectinload(FindingStep.evidence).joinedload(FindingEvidence.version),
            selectinload(FindingStep.evidence).joinedload(FindingEvidence.item),
        )
        .order_by(FindingStep.id)
        .limit(MOST_STEPS)
    ).all()
    return tuple(
        StepRow(
            at=each.at,
            by=each.by,
            by_provider=each.move in OF_THE_PROVIDER,
            what=STEP_WORDS.get(each.move, each.move.capitalize()),
            words=each.words,
            evidence=_pieces(each.evidence),
        )
        for each in found
    )


def _pieces(attached: Sequence[FindingEvidence]) -> tuple[PieceRow, ...]:
    return tuple(_piece(each.item, each) for each in attached)


def _piece(item: EvidenceItem, attached: FindingEvidence) -> PieceRow:
    version = attached.version
    return PieceRow(
        item_id=item.id,
        version_id=version.id,
        number=version.number,
        title=version.title or item.title,
        kind=version.kind or item.kind,
        collected=item.collected,
        filename=version.filename,
        url=version.url,
        text=version.text,
    )


def cases_shown_by(version_id: int) -> Select[tuple[int]]:
    """The cases in which this version of a piece was offered as evidence that a finding is put right."""
    return (
        select(Finding.application_id)
        .join(FindingStep, FindingStep.finding_id == Finding.id)
        .join(FindingEvidence, FindingEvidence.step_id == FindingStep.id)
        .where(FindingEvidence.version_id == version_id)
    )


def finding_with_case(session: Session, finding_id: int) -> Finding | None:
    """The finding with its case, its organisation and its edition. One statement."""
    return session.get(
        Finding,
        finding_id,
        options=[
            joinedload(Finding.application).joinedload(Application.organisation),
            joinedload(Finding.application).joinedload(Application.edition),
        ],
    )
