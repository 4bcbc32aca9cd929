"""What an assessment found, as the provider reads it once the panel has decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.framework import Criterion
from app.domain.lifecycle import ApplicationStatus
from app.domain.reconciling import GivenScore
from app.domain.scoring import Explained
from app.domain.self_assessment import Claim
from app.domain.wording import dated
from app.extensions import db
from app.models import Application
from app.queries.applications import ApplicationPage, application_page
from app.queries.frameworks import framework_of
from app.queries.outcomes import Scores, counted
from app.queries.passport_uses import Used
from app.queries.publication import Told, told_to_provider
from app.queries.self_assessments import SelfAssessment, own_application, self_assessment_of

DECIDED = frozenset({ApplicationStatus.AWARDED, ApplicationStatus.REFUSED, ApplicationStatus.DEFERRED})


@dataclass(frozen=True)
class FindingRow:
    """One criterion: what was claimed, what was scored and why, both as labels."""

    code: str
    heading: str
    claim: str
    score: str
    differs: bool
    reason: str


@dataclass(frozen=True)
class ResultPage:
    """A decided case: the outcome that the scores gave, in sentences, and the scores. The assessor is not named.

    What the scheme keeps to itself is not there: most of `explained`, `groups` and the reasons in them, as `told` says.
    """

    application: ApplicationPage
    told: Told
    explained: Explained | None
    groups: tuple[tuple[str, tuple[FindingRow, ...]], ...]


def result_page(application_id: int, actor: Actor, today: date) -> ResultPage:
    """The result of a decided application. Raises NotFound before the decision, NotAllowed."""
    application = own_application(application_id, actor)
    if application.status not in DECIDED:
        raise NotFound("There is no result yet. You will hear by e-mail when the panel has decided.")
    counts = counted(db.session(), application, today)
    told = told_to_provider(framework_of(application.edition))
    return ResultPage(
        application=application_page(application_id, actor, today),
        told=told,
        explained=told.explained(counts.outcome) if counts else None,
        groups=_groups(application, counts.scores, counts.used, told) if counts and told.scores else (),
    )


def _groups(
    application: Application, scores: Scores, used: Mapping[str, Used], told: Told
) -> tuple[tuple[str, tuple[FindingRow, ...]], ...]:
    work = self_assessment_of(db.session(), application)
    groups: dict[str, tuple[FindingRow, ...]] = {}
    for each in work.applying:
        title = str(work.framework.node_of(each.criterion.code)[0].title)
        passport = used.get(each.criterion.code)
        if passport and passport.stands:
            row = _by_passport(work, each.criterion, passport)
        else:
            row = _finding(work, each.criterion, scores.get(each.criterion.code), told)
        groups[title] = (*groups.get(title, ()), row)
    return tuple(groups.items())


def _finding(work: SelfAssessment, criterion: Criterion, score: GivenScore | None, told: Told) -> FindingRow:
    claim = work.claim(criterion)
    if score and score.not_rated:
        claimed = label_of(criterion, claim)
        reason = score.reason if told.reasons else ""
        return FindingRow(criterion.code, str(criterion.heading), claimed, "Not rated", True, reason)
    found = Claim(score.point, score.not_applicable, score.reason) if score else Claim()
    return FindingRow(
        code=criterion.code,
        heading=str(criterion.heading),
        claim=label_of(criterion, claim),
        score=label_of(criterion, found),
        differs=(claim.point, claim.not_applicable) != (found.point, found.not_applicable),
        reason=found.reason if told.reasons else "",
    )


def _by_passport(work: SelfAssessment, criterion: Criterion, passport: Used) -> FindingRow:
    score = passport.score
    until = f" until {dated(score.until)}" if score.until else ""
    return FindingRow(
        code=criterion.code,
        heading=str(criterion.heading),
        claim=label_of(criterion, work.claim(criterion)),
        score=criterion.scale.shown(criterion.scale.best if score.point is None else score.point),
        differs=False,
        reason=f"Answered by {score.by}{until}.",
    )


def label_of(criterion: Criterion, claim: Claim) -> str:
    """A claim or a score as pages show it: its point, or that it does not apply; "" for neither."""
    if claim.not_applicable:
        return "Not applicable"
    if claim.point is None or claim.point not in criterion.scale.values:
        return ""
    return criterion.scale.shown(claim.point)
