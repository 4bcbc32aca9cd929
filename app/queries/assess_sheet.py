"""The visit sheet: every criterion of one case on one page, and how its fields stand, for the device that keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.access import Actor
from app.domain.framework import Criterion
from app.extensions import db
from app.models import Assessment
from app.queries.assess_beside import NoteRow, notes_of
from app.queries.assessment_basics import (
    Given,
    answers_of,
    asked_of,
    editable,
    label_of,
    readable_assessment,
    scores_of,
)
from app.queries.frameworks import framework_of
from app.queries.passport_uses import standing_scores, used_in


@dataclass(frozen=True)
class SheetRow:
    """One criterion. `part` is the title of the top branch it stands in; `score` and `note` as they are saved."""

    part: str
    criterion: Criterion
    claim: str
    claim_reason: str
    score: Given | None
    note: NoteRow

    @property
    def point(self) -> str:
        """What was chosen, as the form sends it."""
        return point_of(self.score)


@dataclass(frozen=True)
class SheetPage:
    """The whole sheet. What a certificate answers is not on it: there is nothing to score."""

    assessment_id: int
    provider: str
    framework: str
    editable: bool
    rows: tuple[SheetRow, ...]


def point_of(score: Given | None) -> str:
    """The point as forms send it: a number, na, nr, or nothing."""
    if score is None:
        return ""
    if score.not_applicable:
        return "na"
    if score.not_rated:
        return "nr"
    return "" if score.point is None else str(score.point)


def sheet_page(assessment_id: int, actor: Actor, today: date) -> SheetPage:
    """Every criterion that takes a score, in reading order. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    application = assessment.application
    answers, scores, notes = answers_of(application.id), scores_of(assessment.id), notes_of(assessment.id)
    framework = framework_of(application.edition)
    return SheetPage(
        assessment_id=assessment.id,
        provider=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        editable=editable(assessment),
        rows=tuple(
            SheetRow(
                part=str(framework.node_of(each.code)[0].title),
                criterion=each,
                claim=label_of(each, answers.get(each.code)) or "",
                claim_reason=answers[each.code].reason if each.code in answers else "",
                score=scores.get(each.code),
                note=notes.get(each.code, NoteRow()),
            )
            for each in _taking_scores(assessment, today)
        ),
    )


def _taking_scores(assessment: Assessment, today: date) -> tuple[Criterion, ...]:
    """The criteria that are asked and that no certificate answers."""
    answered = standing_scores(used_in(db.session(), assessment.application, today))
    criteria = (each.criterion for each in asked_of(assessment.application) if each.applies)
    return tuple(each for each in criteria if each.code not in answered)


def sheet_state(assessment_id: int, actor: Actor, today: date) -> tuple[bool, dict[str, dict[str, Any]]]:
    """Whether the sheet can be written on, and each criterion's fields with their versions. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    scores, notes = scores_of(assessment.id), notes_of(assessment.id)
    records = {
        each.code: _record(scores.get(each.code), notes.get(each.code, NoteRow()))
        for each in _taking_scores(assessment, today)
    }
    return editable(assessment), records


def _record(score: Given | None, note: NoteRow) -> dict[str, Any]:
    return {
        "point": point_of(score),
        "confidence": score.confidence.value if score and score.confidence else "",
        "reason": score.reason if score else "",
        "note": note.text,
        "score_version": score.version if score else 0,
        "note_version": note.version,
    }
