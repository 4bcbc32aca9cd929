"""Every case of an edition scored again from what its assessors handed in. Nothing is written; cases are read as a stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.domain.lifecycle import AssessmentStatus
from app.domain.scoring import NotApplicable, NotRated, Score, Scored
from app.domain.scoring.many import Judge
from app.domain.scoring.packed import pack
from app.extensions import db
from app.models import Application, Assessment, Award, FrameworkEdition, ScoreSettlement
from app.models import Score as ScoreRow
from app.queries.award_moves import of_case
from app.queries.frameworks import framework_of
from app.queries.outcomes import settlement_of

BATCH = 2_000
AT_ONCE = 500  # ids in one statement
MOST_NAMED = 100
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Differing:
    """A case whose award is not at the level that its scores give, which a panel may have had its reasons for."""

    application_id: int
    award: str
    awarded: str
    scored: str | None


@dataclass(frozen=True)
class Rescored:
    """How many cases come to each level (None: to none), and those whose award differs: the first of them, and how many."""

    cases: int
    by_level: Mapping[str | None, int]
    differing: tuple[Differing, ...]
    differ: int


def rescore(code: str, edition: str, progress: Progress = lambda done, cases: None) -> Rescored:
    """Scores every case of an edition that an assessor has handed in, by the scores that count. Raises NotFound.

    Those are the settled ones where several assessors differed, else those of the assessment handed in last.

    `progress` is told after each batch how many of how many are done.
    """
    stored = db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
    ).first()
    if stored is None:
        raise NotFound(f"There is no edition {code}/{edition}.")
    framework, cases = framework_of(stored), _how_many(stored.id)
    levels: Counter[str | None] = Counter()
    judges: dict[str | None, Judge] = {}
    differing: list[Differing] = []
    differ = 0
    for batch in _batches(stored.id):
        found = _levels(framework, judges, batch)
        levels.update(found)
        others = [
            _differing(case, level) for case, level in zip(batch, found, strict=True) if case.level not in (None, level)
        ]
        differ += len(others)
        differing += others[: MOST_NAMED - len(differing)]
        progress(levels.total(), cases)
    return Rescored(levels.total(), dict(levels), tuple(differing), differ)


def _differing(case: Row[Any], level: str | None) -> Differing:
    return Differing(case.application_id, case.number, case.level, level)


def _how_many(edition_id: int) -> int:
    cases = select(func.count(Assessment.application_id.distinct())).join(Application)
    return db.session.scalar(cases.where(*_handed_in(edition_id))) or 0


def _handed_in(edition_id: int) -> tuple[Any, ...]:
    return Application.edition_id == edition_id, Assessment.status == AssessmentStatus.HANDED_IN


def _batches(edition_id: int) -> Iterator[list[Row[Any]]]:
    """The last assessment of each case, in batches, with the sheet that counts: the agreed one where several differed."""
    latest = (
        select(
            Assessment.id,
            func.row_number().over(partition_by=Assessment.application_id, order_by=_newest()).label("place"),
        )
        .join(Application)
        .where(*_handed_in(edition_id))
        .subquery()
    )
    cases = (
        select(
            Assessment.id,
            Assessment.application_id,
            func.coalesce(ScoreSettlement.sheet, Assessment.sheet).label("sheet"),
            Application.target,
            Application.facts,
            Award.level,
            Award.number,
        )
        .join(latest, latest.c.id == Assessment.id)
        .join(Application, Application.id == Assessment.application_id)
        .outerjoin(ScoreSettlement, settlement_of(Assessment.application_id))
        .outerjoin(Award, of_case())
        .where(latest.c.place == 1)
        .order_by(Assessment.application_id)
    )
    rows = db.session.execute(cases.execution_options(yield_per=BATCH))
    for partition in rows.partitions():
        yield list(partition)


def _newest() -> tuple[Any, ...]:
    return Assessment.handed_in_at.desc(), Assessment.id.desc()


def _levels(framework: Framework, judges: dict[str | None, Judge], batch: list[Row[Any]]) -> list[str | None]:
    """The level of each case, in order. Cases with the same target are scored together."""
    sheets = _sheets(framework, batch)
    levels: dict[int, str | None] = {}
    for target in {case.target for case in batch}:
        alike = [case for case in batch if case.target == target]
        if target not in judges:
            judges[target] = Judge(framework, target)
        found = judges[target].levels([(sheets[case.id], case.facts) for case in alike])
        levels.update(zip((case.id for case in alike), found, strict=True))
    return [levels[case.id] for case in batch]


def _sheets(framework: Framework, batch: list[Row[Any]]) -> dict[int, bytes]:
    """The packed sheets by assessment; those handed in before sheets were kept are packed from their scores."""
    sheets = {case.id: case.sheet for case in batch if case.sheet is not None}
    bare = [case.id for case in batch if case.sheet is None]
    scores = _scores_of(bare)
    return {**sheets, **{each: pack(framework, scores.get(each, {})) for each in bare}}


def _scores_of(assessment_ids: list[int]) -> dict[int, dict[str, Score]]:
    found: dict[int, dict[str, Score]] = {}
    columns = (
        ScoreRow.assessment_id,
        ScoreRow.criterion_code,
        ScoreRow.point,
        ScoreRow.not_applicable,
        ScoreRow.not_rated,
    )
    for start in range(0, len(assessment_ids), AT_ONCE):
        some = select(*columns).where(ScoreRow.assessment_id.in_(assessment_ids[start : start + AT_ONCE]))
        for assessment_id, code, point, out, unrated in db.session.execute(some):
            score = _state(point, out=out, unrated=unrated)
            if score:
                found.setdefault(assessment_id, {})[code] = score
    return found


def _state(point: int | None, *, out: bool, unrated: bool) -> Score | None:
    if out:
        return NotApplicable("On record.")
    if unrated:
        return NotRated("On record.")
    return None if point is None else Scored(point)
