"""One case as its assessor sees it: every criterion with the claim and the score."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.access import Actor
from app.domain.confidence import Confidence
from app.domain.framework import Criterion, Framework, Node
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.sampling import samples_in_words
from app.domain.scoring import Outcome, PartWords, outcome_so_far
from app.domain.scoring.explained import part_in_words
from app.extensions import db
from app.models import Question
from app.queries.assess_beside import NoteRow, SharedNote, notes_of, shared_notes
from app.queries.assessment_basics import (
    Given,
    answers_of,
    as_given,
    asked_of,
    editable,
    facts_in_words,
    label_of,
    questions_of,
    readable_assessment,
    scores_of,
)
from app.queries.finding_writing import findings_seen
from app.queries.findings import FindingRow, seen_in
from app.queries.frameworks import framework_of
from app.queries.long_lists import open_branches
from app.queries.outcomes import is_reconciled
from app.queries.passport_uses import Used, standing_scores, used_in
from app.queries.reports import ReportBrief, report_of


@dataclass(frozen=True)
class CriterionRow:
    """One criterion in the list of a case. `claim` and `score` are labels; None where there is none yet.

    `passport` names what answers it, so that it is not scored. `noted` tells of a note of one's own.
    """

    code: str
    heading: str
    claim: str | None
    score: str | None
    scored: bool
    differs: bool
    question: str
    passport: str = ""
    confidence: Confidence | None = None
    noted: bool = False


@dataclass(frozen=True)
class NodeRows:
    """One branch of the framework with its asked criteria. `depth` is 0 for the top; of a long case all but one top branch
    are `folded`: `asked` and `scored` count what is in them.
    """

    code: str
    title: str
    kind: str
    depth: int
    got: PartWords | None
    criteria: tuple[CriterionRow, ...]
    asked: int
    scored: int
    folded: bool = False


@dataclass(frozen=True)
class CasePage:
    """One case as its assessor sees it. `reconciles`: it was scored differently by others, and there is a page of that."""

    assessment_id: int
    application_id: int
    provider: str
    summary: str
    facts: tuple[tuple[str, str], ...]
    framework: str
    target: str
    status: AssessmentStatus
    editable: bool
    due_on: date | None
    submitted_at: datetime | None
    declared_by: str
    scored: int
    asked: int
    next_code: str | None
    outcome: Outcome
    samples: tuple[str, ...]
    nodes: tuple[NodeRows, ...]
    left_out: tuple[tuple[str, str, str], ...]
    waiting: int
    late: int
    levels: tuple[tuple[str, str], ...]
    recommended: str
    recommended_level: str | None
    recommendation: str
    handed_in_at: datetime | None
    fallen: tuple[str, ...]
    findings: tuple[FindingRow, ...]
    unsure: tuple[CriterionRow, ...]
    note: NoteRow
    shared: tuple[SharedNote, ...]
    reconciles: bool = False
    report: ReportBrief | None = None
    reportable: bool = False


def case_page(assessment_id: int, actor: Actor, today: date, part: str | None = None) -> CasePage:
    """The whole case, criterion by criterion. `part` is the top branch that a long one shows. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    application = assessment.application
    framework = framework_of(application.edition)
    every = asked_of(application)
    scores = scores_of(assessment.id)
    answers = answers_of(application.id)
    questions = _by_criterion(questions_of(assessment.id))
    used = used_in(db.session(), application, today)
    notes = notes_of(assessment.id)
    given = {**as_given(scores), **standing_scores(used)}
    sure = framework.assessment.confidence
    recorded = seen_in(db.session(), assessment)
    outcome = outcome_so_far(framework, given, application.facts, target=application.target, recorded=recorded)
    rows = {
        code: replace(
            _criterion_row(each.criterion, answers, scores, questions.get(code, ()), used.get(code), sure),
            noted=code in notes and bool(notes[code].text),
        )
        for each in every
        if each.applies and (code := each.criterion.code)
    }
    next_code = next((code for code, row in rows.items() if not row.scored and not row.passport), None)
    return CasePage(
        assessment_id=assessment.id,
        application_id=application.id,
        provider=application.organisation.name,
        summary=application.organisation.summary,
        facts=facts_in_words(framework, application.facts),
        framework=f"{framework.title} {framework.edition}",
        target=str(framework.level(application.target).title) if application.target else "",
        status=assessment.status,
        editable=editable(assessment),
        due_on=assessment.due_on,
        submitted_at=application.submitted_at,
        declared_by=application.declared_by,
        scored=sum(row.scored for row in rows.values()),
        asked=sum(not row.passport for row in rows.values()),
        next_code=next_code,
        outcome=outcome,
        samples=samples_in_words(framework.assessment.samples, application.facts),
        nodes=_node_rows(framework, rows, outcome, open_branches(framework, rows, part, next_code)),
        left_out=tuple(
            (each.criterion.code, str(each.criterion.heading), each.because) for each in every if not each.applies
        ),
        late=sum(
            1
            for asked in questions.values()
            for question in asked
            if question.replied_at is None and question.due_on is not None and question.due_on < today
        ),
        waiting=sum(1 for asked in questions.values() for question in asked if question.replied_at is None),
        levels=tuple((level.code, str(level.title)) for level in framework.levels),
        recommended=assessment.recommended,
        recommended_level=assessment.recommended_level,
        recommendation=assessment.recommendation,
        handed_in_at=assessment.handed_in_at,
        fallen=tuple(each.fell for code, each in used.items() if not each.stands and code in rows),
        findings=findings_seen(assessment, today),
        report=report_of(db.session(), application),
        reportable=application.status is ApplicationStatus.ASSESSED,
        unsure=tuple(row for row in rows.values() if row.confidence is Confidence.LOW and not row.passport),
        note=notes.get("", NoteRow()),
        shared=shared_notes(db.session(), assessment, ""),
        reconciles=is_reconciled(db.session(), assessment),
    )


def _criterion_row(
    criterion: Criterion,
    answers: Mapping[str, Given],
    scores: Mapping[str, Given],
    asked_here: Sequence[Question],
    used: Used | None,
    needs_confidence: bool,
) -> CriterionRow:
    answer, score = answers.get(criterion.code), scores.get(criterion.code)
    stands = used is not None and used.stands
    score = None if stands else score
    claim, given = label_of(criterion, answer), label_of(criterion, score)
    waiting = any(question.replied_at is None for question in asked_here)
    return CriterionRow(
        code=criterion.code,
        heading=str(criterion.heading),
        claim=claim,
        score=given,
        scored=_is_finished(score, given, needs_confidence),
        differs=claim is not None and given is not None and claim != given,
        question="Waiting for a reply" if waiting else ("Replied" if asked_here else ""),
        passport=used.score.by if used and used.stands else "",
        confidence=score.confidence if score else None,
    )


def _is_finished(score: Given | None, label: str | None, needs_confidence: bool) -> bool:
    if score is None or label is None or not score.reason:
        return False
    return score.confidence is not None or not needs_confidence


def _by_criterion(questions: Sequence[Question]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.criterion_code, []).append(question)
    return found


def _node_rows(
    framework: Framework, rows: Mapping[str, CriterionRow], outcome: Outcome, shown: Collection[str]
) -> tuple[NodeRows, ...]:
    found: list[NodeRows] = []

    def go_down(node: Node, depth: int) -> None:
        below = [rows[criterion.code] for criterion in node.all_criteria if criterion.code in rows]
        if not below:
            return
        folded = depth == 0 and node.code not in shown
        here = tuple(rows[criterion.code] for criterion in node.criteria if criterion.code in rows and not folded)
        got = part_in_words(outcome, node) if outcome.rated and node.code in outcome.nodes else None
        scored, asked = sum(row.scored for row in below), sum(not row.passport for row in below)
        found.append(NodeRows(node.code, str(node.title), node.kind, depth, got, here, asked, scored, folded))
        for child in () if folded else node.children:
            go_down(child, depth + 1)

    for root in framework.roots:
        go_down(root, 0)
    return tuple(found)
