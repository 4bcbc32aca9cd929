"""Awards as a pack shows them: as they stand today, with as much of the result as the provider and the scheme let out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.scoring.explained import PartWords
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Application, Award, Pack, PackResult
from app.queries.frameworks import framework_of
from app.queries.outcomes import Scores, counted
from app.queries.publication import Told, public_conditions, told_to_provider
from app.queries.register_rows import Standing, standing
from app.queries.results import label_of
from app.queries.self_assessments import self_assessment_of

MOST_AWARDS = 20


@dataclass(frozen=True)
class ScoreRow:
    """One criterion: the score that the assessor gave, as a label, and why; `reason` is "" where it is not shown."""

    code: str
    heading: str
    score: str
    reason: str


@dataclass(frozen=True)
class AwardRow:
    """One award as it stands on a day."""

    application_id: int
    number: str
    scheme: str
    awarding_body: str
    framework: str
    level: str
    level_title: str
    level_colour: str
    standing: Standing
    scope: tuple[str, ...]
    conditions: str
    granted_on: date
    expires_on: date
    brand: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ResultRow:
    """One award in a pack, with the parts of its result and its scores where the provider shows them."""

    award: AwardRow
    in_all: str
    parts: tuple[PartWords, ...]
    groups: tuple[tuple[str, tuple[ScoreRow, ...]], ...]
    with_reasons: bool


@dataclass(frozen=True)
class Offer:
    """An award that could be in a pack: what of its result the scheme lets its provider know, and so pass on.

    `shown`, `standards`, `scores` and `reasons` are what the pack shows of it now.
    """

    award: AwardRow
    told: Told
    shown: bool
    standards: bool
    scores: bool
    reasons: bool


def result_rows(pack: Pack, today: date) -> tuple[ResultRow, ...]:
    """The awards that a pack shows, the newest first."""
    chosen = {row.application_id: row for row in pack.results}
    found = _awards(pack.organisation_id, list(chosen)) if chosen else []
    return tuple(_result_row(award, chosen[award.application_id], today) for award in found)


def offers_for(pack: Pack, today: date) -> tuple[Offer, ...]:
    """Every award of the pack's organisation, with what the pack shows of each."""
    chosen = {row.application_id: row for row in pack.results}
    return tuple(_offer(award, chosen.get(award.application_id), today) for award in _awards(pack.organisation_id))


def _awards(organisation_id: int, applications: list[int] | None = None) -> list[Award]:
    awards = select(Award).where(Award.organisation_id == organisation_id)
    if applications is not None:
        awards = awards.where(Award.application_id.in_(applications))
    related = (
        joinedload(Award.scheme),
        joinedload(Award.edition),
        joinedload(Award.application).joinedload(Application.edition),
        joinedload(Award.application).joinedload(Application.organisation),
    )
    return list(db.session.scalars(awards.options(*related).order_by(Award.id.desc()).limit(MOST_AWARDS)))


def _offer(award: Award, chosen: PackResult | None, today: date) -> Offer:
    return Offer(
        award=award_row(award, today),
        told=told_to_provider(framework_of(award.edition)),
        shown=chosen is not None,
        standards=bool(chosen and chosen.standards),
        scores=bool(chosen and chosen.scores),
        reasons=bool(chosen and chosen.reasons),
    )


def award_row(award: Award, today: date) -> AwardRow:
    """An award as it stands today, as anybody can look it up by its number."""
    now = standing(award.status, award.status_on, award.expires_on, today)
    return AwardRow(
        application_id=award.application_id,
        number=award.number,
        scheme=award.scheme.title,
        awarding_body=str(award.scheme.details.get("awarding_body") or award.scheme.title),
        framework=f"{award.edition.title} {award.edition.edition}",
        level=award.level,
        level_title=award.level_title,
        level_colour=award.level_colour,
        standing=now,
        scope=tuple(award.scope),
        conditions=public_conditions(award, now.status),
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        brand=award.scheme.details.get("brand") or {},
    )


def _result_row(award: Award, chosen: PackResult, today: date) -> ResultRow:
    told = told_to_provider(framework_of(award.edition))
    application = award.application
    sums = chosen.standards and told.sums
    listed = chosen.scores and told.scores
    counts = counted(db.session(), application, today) if sums or listed else None
    outcome = counts.outcome if counts and sums else None
    explained = outcome.explained if outcome else None
    return ResultRow(
        award=award_row(award, today),
        in_all=outcome.in_all if outcome else "",
        parts=tuple(part for part in explained.parts if part.depth == 0) if explained else (),
        groups=_scores(application, counts.scores, reasons=chosen.reasons and told.reasons)
        if counts and listed
        else (),
        with_reasons=chosen.reasons and told.reasons,
    )


def _scores(application: Application, given: Scores, *, reasons: bool) -> tuple[tuple[str, tuple[ScoreRow, ...]], ...]:
    """(standard, its criteria with the scores that count)."""
    work = self_assessment_of(db.session(), application)
    groups: dict[str, tuple[ScoreRow, ...]] = {}
    for each in work.applying:
        criterion, score = each.criterion, given.get(each.criterion.code)
        if score is None:
            continue
        words = "Not rated" if score.not_rated else label_of(criterion, Claim(score.point, score.not_applicable, ""))
        row = ScoreRow(criterion.code, str(criterion.heading), words, score.reason if reasons else "")
        title = str(work.framework.node_of(criterion.code)[0].title)
        groups[title] = (*groups.get(title, ()), row)
    return tuple(groups.items())
