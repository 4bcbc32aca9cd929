"""A score sheet: the criteria that count for one provider, each with its point, checked against its scale."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.applicability import counting
from app.domain.errors import OffScale
from app.domain.framework import Criterion, Framework, NotApplicableRule
from app.domain.wording import joined


@dataclass(frozen=True, slots=True)
class Scored:
    point: int


@dataclass(frozen=True, slots=True)
class NotApplicable:
    reason: str


Score = Scored | NotApplicable


@dataclass(frozen=True, slots=True)
class Sheet:
    """`criteria` are those asked, in order; `points` those scored, `not_applicable` those taken out, `missing` others.

    `top` is the rank of the highest level looked at.
    """

    framework: Framework
    facts: Mapping[str, object]
    top: int
    criteria: tuple[Criterion, ...]
    points: Mapping[str, int]
    not_applicable: tuple[str, ...]
    missing: tuple[str, ...]

    @classmethod
    def of(
        cls, framework: Framework, scores: Mapping[str, Score], facts: Mapping[str, object], target: str | None
    ) -> "Sheet":
        """Raises NotFound, OffScale, Invalid: see `app.domain.scoring.outcome`."""
        for code, score in scores.items():
            check_score(framework.criterion(code), score)
        top = framework.level(target).rank if target else len(framework.levels) - 1
        criteria = counting(framework, facts, target)
        points: dict[str, int] = {}
        out, missing = [], []
        for criterion in criteria:
            match scores.get(criterion.code):
                case Scored(point=point):
                    points[criterion.code] = point
                case NotApplicable():
                    out.append(criterion.code)
                case None:
                    missing.append(criterion.code)
        return cls(framework, facts, top, criteria, points, tuple(out), tuple(missing))


def check_score(criterion: Criterion, score: Score) -> None:
    """Raises OffScale if the score is not one that the criterion's scale allows."""
    scale = criterion.scale
    if isinstance(score, Scored):
        if isinstance(score.point, bool) or score.point not in scale.values:
            values = joined((str(value) for value in scale.values), "or")
            raise OffScale(f"{criterion.code} is scored {values}, not {score.point}.")
        return
    if scale.not_applicable is not NotApplicableRule.WITH_REASON:
        raise OffScale(f"{criterion.code} cannot be marked as not applicable.")
    if not score.reason.strip():
        raise OffScale(f"Say why {criterion.code} is not applicable.")
