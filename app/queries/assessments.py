"""What an assessor sees: the cases assigned, one case, one criterion with the claim beside the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, require
from app.domain.applicability import Asked, asked
from app.domain.errors import NotAllowed, NotFound
from app.domain.framework import Criterion, Framework, Node
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.scoring import NotApplicable, Outcome, Scored, outcome_so_far, what_if
from app.domain.scoring import Score as GivenScore
from app.extensions import db
from app.models import (
    Answer,
    Application,
    Assessment,
    AttachedEvidence,
    EvidenceItem,
    EvidenceVersion,
    FrameworkEdition,
    Organisation,
    Question,
    Score,
)
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of

MOST_ASSIGNMENTS = 200


@dataclass(frozen=True)
class AssignmentRow:
    """One case in an assessor's list. `late` compares the due date with today."""

    assessment_id: int
    provider: str
    framework: str
    status: AssessmentStatus
    due_on: date | None
    late: bool
    handed_in_at: datetime | None
    scored: int
    asked: int
    replies: int


def assignments(actor: Actor, today: date) -> tuple[AssignmentRow, ...]:
    """The actor's cases, open ones first, then by due date. Four statements, whatever the number."""
    require_role(actor)
    found = (
        db.session.execute(
            select(Assessment)
            .join(Application, Application.id == Assessment.application_id)
            .where(Assessment.assessor_id == actor.user_id, Assessment.status != AssessmentStatus.REMOVED)
            .options(
                joinedload(Assessment.application).joinedload(Application.organisation),
                joinedload(Assessment.application).joinedload(Application.edition),
            )
            .order_by(Assessment.id.desc())
            .limit(MOST_ASSIGNMENTS)
        )
        .scalars()
        .all()
    )
    ids = [assessment.id for assessment in found]
    scored = _counts(
        select(Score.assessment_id, func.count())
        .where(
            Score.assessment_id.in_(ids),
            (Score.point.is_not(None)) | Score.not_applicable.is_(True),
            Score.reason != "",
        )
        .group_by(Score.assessment_id)
    )
    replies = _counts(
        select(Question.assessment_id, func.count())
        .where(Question.assessment_id.in_(ids), Question.replied_at.is_not(None))
        .group_by(Question.assessment_id)
    )
    rows = [_assignment(assessment, scored, replies, today) for assessment in found]
    order = [AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN, AssessmentStatus.DECLINED]
    return tuple(sorted(rows, key=lambda row: (order.index(row.status), row.due_on or date.max, row.provider)))


def require_role(actor: Actor) -> None:
    """Raises NotAllowed to those who assess for no scheme."""
    from app.domain.access import may_somewhere

    if not may_somewhere(actor, Action.SEE_ASSESSMENTS):
        raise NotAllowed("Only assessors have assessments.")


def _counts(statement: Any) -> dict[int, int]:
    return {key: count for key, count in db.session.execute(statement).all()}


def _assignment(
    assessment: Assessment, scored: Mapping[int, int], replies: Mapping[int, int], today: date
) -> AssignmentRow:
    application = assessment.application
    working = assessment.status in {AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN}
    return AssignmentRow(
        assessment_id=assessment.id,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        status=assessment.status,
        due_on=assessment.due_on,
        late=working and assessment.due_on is not None and assessment.due_on < today,
        handed_in_at=assessment.handed_in_at,
        scored=scored.get(assessment.id, 0),
        asked=sum(each.applies for each in asked_of(application)),
        replies=replies.get(assessment.id, 0),
    )


def asked_of(application: Application) -> tuple[Asked, ...]:
    """Every criterion of the application's edition, asked of its provider or not."""
    return asked(framework_of(application.edition), application.facts, application.target)


@dataclass(frozen=True)
class DeclarationPage:
    """What an assessor may know before declaring: who is to be assessed, against what, by when."""

    assessment_id: int
    provider: str
    identifiers: tuple[str, ...]
    area_code: str
    framework: str
    bar: str
    due_on: date | None
    status: AssessmentStatus
    declared_at: datetime | None
    declaration: str


def declaration_page(assessment_id: int, actor: Actor) -> DeclarationPage:
    """The page on which interests are declared. Raises NotFound, NotAllowed."""
    assessment = _own(assessment_id, actor)
    application = assessment.application
    if assessment.status is not AssessmentStatus.DECLINED:
        require(actor, Action.DECLARE_INTERESTS, subject_of(db.session(), application))
    framework = framework_of(application.edition)
    organisation = application.organisation
    numbers = [
        ("Charity", organisation.charity_number),
        ("Company", organisation.company_number),
        ("CQC", organisation.cqc_provider_id),
    ]
    return DeclarationPage(
        assessment_id=assessment.id,
        provider=organisation.name,
        identifiers=tuple(f"{name} {number}" for name, number in numbers if number),
        area_code=organisation.area_code,
        framework=f"{framework.title} {framework.edition}",
        bar=str(framework.assessment.conflict_bar),
        due_on=assessment.due_on,
        status=assessment.status,
        declared_at=assessment.declared_at,
        declaration=assessment.declaration,
    )


def _own(assessment_id: int, actor: Actor) -> Assessment:
    assessment = db.session.get(
        Assessment,
        assessment_id,
        options=[
            joinedload(Assessment.application).joinedload(Application.organisation),
            joinedload(Assessment.application).joinedload(Application.edition).joinedload(FrameworkEdition.scheme),
        ],
    )
    if assessment is None or assessment.assessor_id != actor.user_id or assessment.status is AssessmentStatus.REMOVED:
        raise NotFound("There is no such page, or it is not open to you.")
    return assessment


def status_of(assessment_id: int, actor: Actor) -> AssessmentStatus:
    """Where the actor's own assessment stands. Raises NotFound."""
    return _own(assessment_id, actor).status


@dataclass(frozen=True)
class CriterionRow:
    """One criterion in the list of a case. `claim` and `score` are labels; None where there is none yet."""

    code: str
    heading: str
    claim: str | None
    score: str | None
    scored: bool
    differs: bool
    question: str


@dataclass(frozen=True)
class NodeRows:
    """One branch of the framework with its asked criteria. `depth` is 0 for the top."""

    code: str
    title: str
    kind: str
    depth: int
    share: Any
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True)
class CasePage:
    """One case as its assessor sees it."""

    assessment_id: int
    application_id: int
    provider: Organisation
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
    nodes: tuple[NodeRows, ...]
    left_out: tuple[tuple[str, str, str], ...]
    waiting: int
    levels: tuple[tuple[str, str], ...]
    recommended: str
    recommended_level: str | None
    recommendation: str
    handed_in_at: datetime | None


def case_page(assessment_id: int, actor: Actor) -> CasePage:
    """The whole case, criterion by criterion. Raises NotFound, NotAllowed."""
    assessment = _readable(assessment_id, actor)
    application = assessment.application
    framework = framework_of(application.edition)
    every = asked_of(application)
    scores = _scores(assessment.id)
    answers = _answers(application.id)
    questions = _questions(assessment.id)
    outcome = outcome_so_far(framework, as_given(scores), application.facts, target=application.target)
    rows = {
        each.criterion.code: _criterion_row(each.criterion, answers, scores, questions)
        for each in every
        if each.applies
    }
    return CasePage(
        assessment_id=assessment.id,
        application_id=application.id,
        provider=application.organisation,
        facts=facts_in_words(framework, application.facts),
        framework=f"{framework.title} {framework.edition}",
        target=str(framework.level(application.target).title) if application.target else "",
        status=assessment.status,
        editable=_editable(assessment),
        due_on=assessment.due_on,
        submitted_at=application.submitted_at,
        declared_by=application.declared_by,
        scored=sum(row.scored for row in rows.values()),
        asked=len(rows),
        next_code=next((code for code, row in rows.items() if not row.scored), None),
        outcome=outcome,
        nodes=_node_rows(framework, rows, outcome),
        left_out=tuple(
            (each.criterion.code, str(each.criterion.heading), each.because) for each in every if not each.applies
        ),
        waiting=sum(1 for question in questions if question.replied_at is None),
        levels=tuple((level.code, str(level.title)) for level in framework.levels),
        recommended=assessment.recommended,
        recommended_level=assessment.recommended_level,
        recommendation=assessment.recommendation,
        handed_in_at=assessment.handed_in_at,
    )


def _readable(assessment_id: int, actor: Actor) -> Assessment:
    assessment = _own(assessment_id, actor)
    require(actor, Action.ASSESS, subject_of(db.session(), assessment.application))
    return assessment


def _editable(assessment: Assessment) -> bool:
    assessing = assessment.application.status is ApplicationStatus.IN_ASSESSMENT
    return assessment.status is AssessmentStatus.OPEN and assessing


def _scores(assessment_id: int) -> dict[str, Score]:
    found = db.session.scalars(select(Score).where(Score.assessment_id == assessment_id)).all()
    return {score.criterion_code: score for score in found}


def _answers(application_id: int) -> dict[str, Answer]:
    found = db.session.scalars(select(Answer).where(Answer.application_id == application_id)).all()
    return {answer.criterion_code: answer for answer in found}


def _questions(assessment_id: int) -> Sequence[Question]:
    return db.session.scalars(
        select(Question)
        .where(Question.assessment_id == assessment_id, Question.withdrawn_at.is_(None))
        .order_by(Question.id)
    ).all()


def as_given(rows: Mapping[str, Score] | Mapping[str, Answer]) -> dict[str, GivenScore]:
    """Scores or answers as the rules take them; those without a point are left out."""
    given: dict[str, GivenScore] = {}
    for code, row in rows.items():
        if row.not_applicable:
            given[code] = NotApplicable(row.reason)
        elif row.point is not None:
            given[code] = Scored(row.point)
    return given


def label_of(criterion: Criterion, row: Score | Answer | None) -> str | None:
    """An answer or a score in words, such as "2 In place"; None where there is none."""
    if row is None or (row.point is None and not row.not_applicable):
        return None
    if row.not_applicable:
        return "Not applicable"
    assert row.point is not None
    return f"{row.point} {criterion.scale.point(row.point).label}"


def _criterion_row(
    criterion: Criterion, answers: Mapping[str, Answer], scores: Mapping[str, Score], questions: Sequence[Question]
) -> CriterionRow:
    answer, score = answers.get(criterion.code), scores.get(criterion.code)
    claim, given = label_of(criterion, answer), label_of(criterion, score)
    asked_here = [question for question in questions if question.criterion_code == criterion.code]
    waiting = any(question.replied_at is None for question in asked_here)
    return CriterionRow(
        code=criterion.code,
        heading=str(criterion.heading),
        claim=claim,
        score=given,
        scored=score is not None and given is not None and bool(score.reason),
        differs=claim is not None and given is not None and claim != given,
        question="Waiting for a reply" if waiting else ("Replied" if asked_here else ""),
    )


def _node_rows(framework: Framework, rows: Mapping[str, CriterionRow], outcome: Outcome) -> tuple[NodeRows, ...]:
    found: list[NodeRows] = []

    def go_down(node: Node, depth: int) -> None:
        if not any(criterion.code in rows for criterion in node.all_criteria):
            return
        result = outcome.nodes.get(node.code)
        here = tuple(rows[criterion.code] for criterion in node.criteria if criterion.code in rows)
        found.append(NodeRows(node.code, str(node.title), node.kind, depth, result.share if result else None, here))
        for child in node.children:
            go_down(child, depth + 1)

    for root in framework.roots:
        go_down(root, 0)
    return tuple(found)


def facts_in_words(framework: Framework, facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The provider's facts under the titles that the framework gives them."""
    return tuple(
        (str(fact.title), _in_words(facts[code]))
        for code, fact in framework.facts.items()
        if fact.list is None and facts.get(code) not in (None, "")
    )


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value:,}" if isinstance(value, int) else str(value)


@dataclass(frozen=True)
class EvidenceRow:
    """One attached piece of evidence, in the version that was pinned. `used_in` counts criteria of this application."""

    version_id: int
    title: str
    kind: str
    number: int
    filename: str
    media_type: str
    size: int
    url: str
    text: str
    issued_on: date | None
    expires_on: date | None
    added_at: datetime
    used_in: int


@dataclass(frozen=True)
class WhatIf:
    """What the outcome would be with this point here. `change` says whether it is the present one, better or worse."""

    point: int
    label: str
    band: str
    share: Any
    chosen: bool


@dataclass(frozen=True)
class QuestionRow:
    """A question on this criterion, with its reply."""

    question_id: int
    text: str
    asked_at: datetime
    due_on: date | None
    reply: str
    replied_at: datetime | None


@dataclass(frozen=True)
class ScorePage:
    """One criterion: the provider's claim and evidence on one side, the assessor's score on the other."""

    assessment_id: int
    provider: str
    framework: str
    trail: tuple[str, ...]
    criterion: Criterion
    asked: Asked
    claim: str | None
    claim_reason: str
    evidence: tuple[EvidenceRow, ...]
    questions: tuple[QuestionRow, ...]
    point: int | None
    not_applicable: bool
    reason: str
    version: int
    updated_at: datetime | None
    editable: bool
    scored: int
    total: int
    position: int
    previous_code: str | None
    next_code: str | None
    outcome: Outcome
    node: Any
    what_if: tuple[WhatIf, ...]


def score_page(assessment_id: int, code: str, actor: Actor) -> ScorePage:
    """The scoring page of one criterion. Raises NotFound where it is not asked of this provider, NotAllowed."""
    assessment = _readable(assessment_id, actor)
    application = assessment.application
    framework = framework_of(application.edition)
    every = [each for each in asked_of(application) if each.applies]
    codes = [each.criterion.code for each in every]
    if code not in codes:
        raise NotFound(f"{code} is not asked of this provider.")
    here = codes.index(code)
    criterion = every[here].criterion
    scores = _scores(assessment.id)
    given = as_given(scores)
    answer = _answers(application.id).get(code)
    score = scores.get(code)
    outcome = outcome_so_far(framework, given, application.facts, target=application.target)
    path = framework.node_of(code)
    return ScorePage(
        assessment_id=assessment.id,
        provider=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        trail=tuple(str(node.title) for node in path),
        criterion=criterion,
        asked=every[here],
        claim=label_of(criterion, answer),
        claim_reason=answer.reason if answer else "",
        evidence=attached(application.id, code),
        questions=_question_rows(assessment.id, code),
        point=score.point if score else None,
        not_applicable=bool(score and score.not_applicable),
        reason=score.reason if score else "",
        version=score.version if score else 0,
        updated_at=score.updated_at if score else None,
        editable=_editable(assessment),
        scored=sum(1 for each in codes if each in given and scores[each].reason),
        total=len(codes),
        position=here + 1,
        previous_code=codes[here - 1] if here else None,
        next_code=codes[here + 1] if here + 1 < len(codes) else None,
        outcome=outcome,
        node=outcome.nodes.get(path[0].code),
        what_if=_what_if(application, framework, given, criterion, score),
    )


def _what_if(
    application: Application,
    framework: Framework,
    given: Mapping[str, GivenScore],
    criterion: Criterion,
    score: Score | None,
) -> tuple[WhatIf, ...]:
    outcomes = what_if(framework, given, application.facts, criterion.code, target=application.target)
    return tuple(
        WhatIf(
            point=point,
            label=str(criterion.scale.point(point).label),
            band=result.band,
            share=result.share,
            chosen=score is not None and score.point == point,
        )
        for point, result in outcomes.items()
    )


def _question_rows(assessment_id: int, code: str) -> tuple[QuestionRow, ...]:
    return tuple(
        QuestionRow(question.id, question.text, question.asked_at, question.due_on, question.reply, question.replied_at)
        for question in _questions(assessment_id)
        if question.criterion_code == code
    )


def attached(application_id: int, code: str) -> tuple[EvidenceRow, ...]:
    """The evidence behind one criterion in the pinned versions, or the newest where none is pinned. Two statements."""
    newest = (
        select(EvidenceVersion.item_id, func.max(EvidenceVersion.number).label("number"))
        .group_by(EvidenceVersion.item_id)
        .subquery()
    )
    found = db.session.execute(
        select(AttachedEvidence, EvidenceItem, EvidenceVersion)
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .join(newest, newest.c.item_id == EvidenceItem.id)
        .join(
            EvidenceVersion,
            (EvidenceVersion.item_id == EvidenceItem.id)
            & func.coalesce(
                EvidenceVersion.id == AttachedEvidence.version_id, EvidenceVersion.number == newest.c.number
            ),
        )
        .where(AttachedEvidence.application_id == application_id, AttachedEvidence.criterion_code == code)
        .order_by(AttachedEvidence.id)
    ).all()
    items = [item.id for _, item, _ in found]
    used = _counts(
        select(AttachedEvidence.item_id, func.count())
        .where(AttachedEvidence.application_id == application_id, AttachedEvidence.item_id.in_(items))
        .group_by(AttachedEvidence.item_id)
    )
    return tuple(_evidence_row(item, version, used.get(item.id, 1)) for _, item, version in found)


def _evidence_row(item: EvidenceItem, version: EvidenceVersion, used_in: int) -> EvidenceRow:
    return EvidenceRow(
        version_id=version.id,
        title=item.title,
        kind=item.kind,
        number=version.number,
        filename=version.filename,
        media_type=version.media_type,
        size=version.size,
        url=version.url,
        text=version.text,
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        added_at=version.added_at,
        used_in=used_in,
    )
