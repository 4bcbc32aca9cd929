"""A score sheet: the criteria that count for one provider, each with its point or its state, checked against its scale."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.domain.applicability import counting
from app.domain.errors import OffScale
from app.domain.findings import NOTHING_RECORDED, Recorded
from app.domain.framework import Criterion, Excluded, Framework, NotApplicableRule, Scale, ScaleKind
from app.domain.wording import joined


@dataclass(frozen=True, slots=True)
class Scored:
    point: int


@dataclass(frozen=True, slots=True)
class NotApplicable:
    reason: str


@dataclass(frozen=True, slots=True)
class NotRated:
    """The assessor could not tell. It earns nothing, leaves the sum, and is no point where one is required."""

    reason: str


@dataclass(frozen=True, slots=True)
class Passported:
    """Another body's award answers the criterion, until it ends. `point` is what it counts as; the best if None."""

    by: str
    until: date | None = None
    point: int | None = None


Score = Scored | NotApplicable | NotRated | Passported


@dataclass(frozen=True, slots=True)
class Sheet:
    """`criteria` are those asked, in order; `points` those with a point, `not_applicable` those taken out, `missing` others.

    `not_rated` have a state but no point, `passported` a point from elsewhere. `top` is the rank of the highest level
    looked at. `recorded` are the findings that do not follow from the points alone.
    """

    framework: Framework
    facts: Mapping[str, object]
    top: int
    criteria: tuple[Criterion, ...]
    points: Mapping[str, int]
    not_applicable: tuple[str, ...]
    missing: tuple[str, ...]
    not_rated: tuple[str, ...] = ()
    passported: Mapping[str, Passported] = field(default_factory=dict)
    recorded: Recorded = NOTHING_RECORDED

    @classmethod
    def of(
        cls,
        framework: Framework,
        scores: Mapping[str, Score],
        facts: Mapping[str, object],
        target: str | None,
        recorded: Recorded = NOTHING_RECORDED,
    ) -> "Sheet":
        """Raises NotFound, OffScale, Invalid: see `app.domain.scoring.outcome`."""
        for code, score in scores.items():
            check_score(framework.criterion(code), score)
        top = framework.level(target).rank if target else len(framework.levels) - 1
        criteria = counting(framework, facts, target)
        given = {criterion.code: scores.get(criterion.code) for criterion in criteria}
        points = {
            criterion.code: point
            for criterion in criteria
            if (point := _point(criterion.scale, given[criterion.code], framework.outcome.not_applicable)) is not None
        }
        return cls(
            framework,
            facts,
            top,
            criteria,
            points,
            not_applicable=tuple(code for code, score in given.items() if isinstance(score, NotApplicable)),
            missing=tuple(code for code, score in given.items() if score is None),
            not_rated=tuple(code for code, score in given.items() if isinstance(score, NotRated)),
            passported={code: score for code, score in given.items() if isinstance(score, Passported)},
            recorded=recorded,
        )


def _point(scale: Scale, score: Score | None, excluded: Excluded) -> int | None:
    """The point that a score counts with; None where it is in no sum."""
    match score:
        case Scored(point=point):
            return point
        case Passported(point=point):
            return scale.best if point is None else point
        case NotApplicable():
            return _excluded(scale, excluded)
        case _:
            return None


def _excluded(scale: Scale, excluded: Excluded) -> int | None:
    """The point that a criterion counts with where it is not applicable; None where it leaves the sum."""
    if excluded is Excluded.LEAVES:
        return None
    return scale.best if excluded is Excluded.FULL else scale.worst


def check_score(criterion: Criterion, score: Score) -> None:
    """Raises OffScale if the score is not one that the criterion's scale allows."""
    scale = criterion.scale
    match score:
        case Scored(point=point):
            _check_point(criterion, point)
        case Passported(point=point):
            if point is not None:
                _check_point(criterion, point)
        case NotApplicable(reason=reason):
            _check_state(criterion, scale.not_applicable, reason, "not applicable")
        case NotRated(reason=reason):
            _check_state(criterion, scale.not_rated, reason, "not rated")


def _check_point(criterion: Criterion, point: int) -> None:
    scale = criterion.scale
    if not isinstance(point, bool) and point in scale.values:
        return
    if scale.kind is ScaleKind.WORDS:
        words = joined((f"“{each.label}”" for each in scale.points), "or")
        raise OffScale(f"{criterion.code} is judged {words}, not {point}.")
    if scale.span:
        steps = f" in steps of {scale.span.step}" if scale.span.step > 1 else ""
        raise OffScale(f"{criterion.code} is scored from {scale.span.low} to {scale.span.high}{steps}, not {point}.")
    values = joined((str(value) for value in scale.values), "or")
    raise OffScale(f"{criterion.code} is scored {values}, not {point}.")


def _check_state(criterion: Criterion, rule: NotApplicableRule, reason: str, state: str) -> None:
    if rule is not NotApplicableRule.WITH_REASON:
        raise OffScale(f"{criterion.code} cannot be marked as {state}.")
    if not reason.strip():
        raise OffScale(f"Say why {criterion.code} is {state}.")
