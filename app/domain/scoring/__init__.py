"""Scores and facts in, an outcome with its explanation out. All arithmetic is exact; see docs/scoring.md."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.domain.errors import Incomplete
from app.domain.findings import NOTHING_RECORDED, Recorded
from app.domain.framework import Framework
from app.domain.scoring.explained import Explained, PartWords
from app.domain.scoring.level_result import LevelResult
from app.domain.scoring.node_result import NodeResult
from app.domain.scoring.result import Outcome
from app.domain.scoring.sheet import NotApplicable, NotRated, Passported, Score, Scored, Sheet
from app.domain.scoring.verdict import judge
from app.domain.wording import counted, joined

__all__ = [
    "Explained",
    "LevelResult",
    "NodeResult",
    "NotApplicable",
    "NotRated",
    "Outcome",
    "PartWords",
    "Passported",
    "Score",
    "Scored",
    "outcome",
    "outcome_so_far",
    "what_if",
]

NAMED_AT_MOST = 5


def outcome(
    framework: Framework, scores: Mapping[str, Score], facts: Mapping[str, object], *, target: str | None = None
) -> Outcome:
    """The outcome of a finished assessment.

    `scores` maps criterion codes to scores; those of criteria that do not apply are left aside. With `target`, only that
    level and those below it are looked at, and only their criteria need a score.
    Raises Incomplete if an applicable criterion has no score, OffScale for a score off its scale or a not-applicable that
    the scale does not allow, NotFound for a code that is not in the framework, Invalid for a fact of the wrong kind.
    """
    sheet = Sheet.of(framework, scores, facts, target)
    if sheet.missing:
        raise Incomplete(_what_is_missing(sheet.missing), sheet.missing)
    return judge(sheet)


def outcome_so_far(
    framework: Framework,
    scores: Mapping[str, Score],
    facts: Mapping[str, object],
    *,
    target: str | None = None,
    recorded: Recorded = NOTHING_RECORDED,
) -> Outcome:
    """What the scores given so far point to: a criterion without a score leaves points and maximum, as if not asked.

    `recorded` are findings beside those that scores make. `complete` is False and `missing` names the codes while any score is missing; then it is no basis for an award.
    Raises as `outcome`, except Incomplete.
    """
    return judge(Sheet.of(framework, scores, facts, target, recorded))


def what_if(
    framework: Framework,
    scores: Mapping[str, Score],
    facts: Mapping[str, object],
    criterion_code: str,
    *,
    target: str | None = None,
    points: Sequence[int] | None = None,
    recorded: Recorded = NOTHING_RECORDED,
) -> dict[int, Outcome]:
    """For each of these points of one criterion's scale, all if left out, the outcome so far if it were scored so.

    `recorded` are findings beside those that scores make. Raises as `outcome_so_far`.
    """
    sheet = Sheet.of(framework, scores, facts, target, recorded)
    criterion = framework.criterion(criterion_code)
    tried = criterion.scale.values if points is None else points
    if criterion not in sheet.criteria:
        unchanged = judge(sheet)
        return {point: unchanged for point in tried}
    missing = tuple(code for code in sheet.missing if code != criterion_code)
    out = tuple(code for code in sheet.not_applicable if code != criterion_code)
    unrated = tuple(code for code in sheet.not_rated if code != criterion_code)
    passported = {code: each for code, each in sheet.passported.items() if code != criterion_code}
    sheet = replace(sheet, missing=missing, not_applicable=out, not_rated=unrated, passported=passported)
    return {point: judge(replace(sheet, points={**sheet.points, criterion_code: point})) for point in tried}


def _what_is_missing(missing: tuple[str, ...]) -> str:
    named = list(missing[:NAMED_AT_MOST])
    if len(missing) > NAMED_AT_MOST:
        named.append(f"{len(missing) - NAMED_AT_MOST:,} more")
    return f"{counted(len(missing), 'criterion has', 'criteria have')} no score yet: {joined(named)}."
