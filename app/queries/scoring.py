"""The scoring page of one criterion: the claim and its evidence, the score, and what it does to the outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.access import Actor
from app.domain.applicability import Asked
from app.domain.confidence import Confidence
from app.domain.errors import NotFound
from app.domain.findings import Recorded
from app.domain.framework import Criterion, Framework, Scale
from app.domain.scoring import Outcome, PartWords, outcome_so_far, what_if
from app.domain.scoring import Score as GivenScore
from app.domain.scoring.explained import part_in_words
from app.extensions import db
from app.models import Application, AttachedEvidence
from app.queries.assess_beside import Beside, beside
from app.queries.assess_requests import QuestionRow, question_rows
from app.queries.assessment_basics import (
    Given,
    answer_on,
    as_given,
    asked_of,
    editable,
    label_of,
    questions_of,
    readable_assessment,
    scores_of,
)
from app.queries.finding_writing import findings_seen
from app.queries.findings import FindingRow, seen_in
from app.queries.frameworks import framework_of
from app.queries.handed_scores import giver_of
from app.queries.passport_uses import Used, standing_scores, used_in
from app.queries.proposals import RepliedRow, taken_on
from app.queries.self_assessments import AttachedRow, attached_to

TRIED = 10


@dataclass(frozen=True)
class WhatIf:
    """What the outcome would be with this point here: its band, and the share or points in all, "" where there are none."""

    point: int
    label: str
    band: str
    in_all: str
    chosen: bool


@dataclass(frozen=True)
class ScorePage:
    """One criterion: the provider's claim and evidence on one side, the assessor's score on the other.

    `judged` of the `total` criteria take a score. `passport` is what it was handed in with: while that stands there is
    nothing to score.
    """

    assessment_id: int
    provider: str
    framework: str
    trail: tuple[str, ...]
    criterion: Criterion
    asked: Asked
    claim: str | None
    claim_reason: str
    taken: tuple[RepliedRow, ...]
    evidence: tuple[AttachedRow, ...]
    used_in: Mapping[int, int]
    questions: tuple[QuestionRow, ...]
    point: int | None
    not_applicable: bool
    not_rated: bool
    reason: str
    version: int
    updated_at: datetime | None
    editable: bool
    scored: int
    total: int
    judged: int
    position: int
    previous_code: str | None
    next_code: str | None
    outcome: Outcome
    part: PartWords | None
    what_if: tuple[WhatIf, ...]
    passport: Used | None
    findings: tuple[FindingRow, ...]
    confidence: Confidence | None
    asks_confidence: bool
    beside: Beside
    began_from: str = ""  # whose score it was, where it was handed over by somebody who left the case


def score_page(assessment_id: int, code: str, actor: Actor, today: date) -> ScorePage:
    """The scoring page of one criterion. Raises NotFound where it is not asked of this provider, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    application = assessment.application
    framework = framework_of(application.edition)
    every = [each for each in asked_of(application) if each.applies]
    codes = [each.criterion.code for each in every]
    if code not in codes:
        raise NotFound(f"{code} is not asked of this provider.")
    here = codes.index(code)
    criterion = every[here].criterion
    scores = scores_of(assessment.id)
    used = used_in(db.session(), application, today)
    given = {**as_given(scores), **standing_scores(used)}
    judged = [each for each in codes if not (each in used and used[each].stands)]
    passport = used.get(code)
    answer = answer_on(application.id, code)
    score = scores.get(code)
    recorded = seen_in(db.session(), assessment)
    outcome = outcome_so_far(framework, given, application.facts, target=application.target, recorded=recorded)
    path = framework.node_of(code)
    evidence = attached_to(db.session(), application.id, code).get(code, ())
    return ScorePage(
        assessment_id=assessment.id,
        provider=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        trail=tuple(str(node.title) for node in path),
        criterion=criterion,
        asked=every[here],
        claim=label_of(criterion, answer),
        claim_reason=answer.reason if answer else "",
        taken=taken_on(db.session(), application.id, code),
        evidence=evidence,
        used_in=_uses(application.id, [row.item_id for row in evidence]),
        questions=_asked_here(assessment.id, code, today),
        **_as_scored(score),
        editable=editable(assessment) and code in judged,
        scored=sum(1 for each in judged if each in given and _finished(scores[each], framework)),
        total=len(codes),
        judged=len(judged),
        position=here + 1,
        previous_code=codes[here - 1] if here else None,
        next_code=codes[here + 1] if here + 1 < len(codes) else None,
        outcome=outcome,
        part=part_in_words(outcome, path[0]) if outcome.rated and path[0].code in outcome.nodes else None,
        what_if=_what_if(application, given, criterion, score, recorded) if code in judged else (),
        passport=passport,
        findings=findings_seen(assessment, today, code),
        asks_confidence=framework.assessment.confidence,
        beside=beside(assessment, code, [row.version_id for row in evidence]),
        began_from=giver_of(db.session(), assessment, code),
    )


def _finished(score: Given, framework: Framework) -> bool:
    return bool(score.reason) and (score.confidence is not None or not framework.assessment.confidence)


def _as_scored(score: Given | None) -> dict[str, Any]:
    """What the assessor gave, as the form shows it."""
    return {
        "point": score.point if score else None,
        "not_applicable": bool(score and score.not_applicable),
        "not_rated": bool(score and score.not_rated),
        "reason": score.reason if score else "",
        "confidence": score.confidence if score else None,
        "version": score.version if score else 0,
        "updated_at": score.updated_at if score else None,
    }


def _what_if(
    application: Application,
    given: Mapping[str, GivenScore],
    criterion: Criterion,
    score: Given | None,
    recorded: Recorded,
) -> tuple[WhatIf, ...]:
    framework = framework_of(application.edition)
    points = some_of(criterion.scale)
    outcomes = what_if(
        framework,
        given,
        application.facts,
        criterion.code,
        target=application.target,
        points=points,
        recorded=recorded,
    )
    return tuple(
        WhatIf(
            point=point,
            label=criterion.scale.shown(point),
            band=result.band,
            in_all=result.in_all,
            chosen=score is not None and score.point == point,
        )
        for point, result in outcomes.items()
    )


def some_of(scale: Scale) -> tuple[int, ...]:
    """The points to try: all of a short scale; of a long range about ten that are spread evenly, with both its ends."""
    values = scale.values
    step = max(1, (len(values) - 1) // TRIED)
    return tuple(dict.fromkeys((*values[::step], values[-1])))


def _asked_here(assessment_id: int, code: str, today: date) -> tuple[QuestionRow, ...]:
    here = [question for question in questions_of(assessment_id) if question.criterion_code == code]
    return tuple(row for _, row in question_rows(here, today))


def _uses(application_id: int, items: list[int]) -> dict[int, int]:
    """Behind how many criteria of the application each of these items stands."""
    found = db.session.execute(
        select(AttachedEvidence.item_id, func.count())
        .where(AttachedEvidence.application_id == application_id, AttachedEvidence.item_id.in_(items))
        .group_by(AttachedEvidence.item_id)
    )
    return {item_id: count for item_id, count in found}
