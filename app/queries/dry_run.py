"""What an edition would make of every case under the earlier ones. Nothing is written; cases are read in batches.

In scope are the cases that a scheme has in hand and the awards that stand today. A draft belongs to its provider alone and
is not looked at. A case counts by the scores that its assessors settled, or else by those of the assessment handed in last;
before that, by what its provider says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from app.domain.carrying import Carrying
from app.domain.editions import is_higher, order_of
from app.domain.effects import Case, Effect, Verdict, effects, explained
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.domain.lifecycle import ENDED, ApplicationStatus, AssessmentStatus, AwardStatus
from app.domain.scoring import NotApplicable, NotRated, Scored
from app.domain.scoring import Score as GivenScore
from app.domain.scoring.packed import unpack
from app.extensions import db
from app.frameworks.workbooks import FORMULA_SIGNS
from app.models import Answer, Application, Assessment, Award, FrameworkEdition, Organisation, Score, ScoreSettlement
from app.queries.award_moves import of_case
from app.queries.editions import MOST_OF_ONE
from app.queries.frameworks import framework_of
from app.queries.outcomes import settlement_of
from app.queries.subjects import is_seen_by_scheme
from app.queries.ways import along, between

BATCH = 500
COLUMNS = (
    "case provider edition status award award_level counted_by outcome_now outcome_then verdict criteria_to_score "
    "criteria_to_look_at_again why"
).split()
LEFT_OUT, UNRATED = NotApplicable("As it was scored."), NotRated("As it was scored.")
ORDER = (Verdict.LOSES, Verdict.UNKNOWN, Verdict.GAINS, Verdict.KEEPS)


@dataclass(frozen=True)
class DryRow:
    """One case. `award` is the number of the award that stands, `by_assessor` whether an assessor's scores count."""

    application_id: int
    organisation_id: int
    provider: str
    edition: str
    status: ApplicationStatus
    award: str
    award_level: str
    by_assessor: bool
    effect: Effect

    @property
    def cells(self) -> tuple[str, ...]:
        """The case as a line of a file of COLUMNS, in which no spreadsheet finds a formula."""
        found = self.effect
        values = (
            str(self.application_id),
            self.provider,
            self.edition,
            self.status.value,
            self.award,
            self.award_level,
            "assessor" if self.by_assessor else "provider",
            found.before,
            found.after,
            found.verdict.value,
            str(found.to_score),
            str(found.again),
            " ".join(found.why),
        )
        return tuple(f"'{value}" if value.startswith(FORMULA_SIGNS) else value for value in values)


@dataclass(frozen=True, eq=False)
class DryRun:
    """An edition to try, and the ways to it from those under which cases stand, by edition's id."""

    new: Framework
    ways: Mapping[int, Carrying] = field(repr=False)
    editions: tuple[str, ...] = ()

    def size(self, today: date) -> int:
        """How many cases there are to look at. One statement."""
        cases = select(func.count()).select_from(Application).outerjoin(Award, of_case())
        return db.session.scalar(cases.where(*self._in_scope(today))) or 0

    def rows(self, today: date, *, explain: bool = True) -> Iterator[DryRow]:
        """Every case, newest first, read in batches of four statements each; with `explain`, what decides each too."""
        below: int | None = None
        while batch := db.session.execute(self._cases(today, below)).all():
            below = batch[-1].id
            yield from self._tried(batch, explain=explain)

    def explained(self, rows: Sequence[DryRow], today: date) -> tuple[DryRow, ...]:
        """A few of the rows with what decides them. Four statements."""
        ids = [row.application_id for row in rows]
        batch = db.session.execute(self._cases(today, None).where(Application.id.in_(ids))).all()
        again = {row.application_id: row for row in self._tried(batch, explain=True)}
        return tuple(again.get(row.application_id, row) for row in rows)

    def _tried(self, batch: Sequence[Any], *, explain: bool) -> Iterator[DryRow]:
        """The rows of one batch, in its order; the cases of one edition are looked at together."""
        counts = _scores_of(batch, self.ways)
        cases = {each.id: Case(counts[each.id][0], each.facts, each.target) for each in batch}
        found: dict[int, Effect] = {}
        for edition_id in dict.fromkeys(each.edition_id for each in batch):
            way, own = self.ways[edition_id], [each.id for each in batch if each.edition_id == edition_id]
            found.update(zip(own, effects(way, [cases[case_id] for case_id in own]), strict=True))
        for each in batch:
            way, effect = self.ways[each.edition_id], found[each.id]
            yield _row(each, way, counts[each.id][1], explained(way, cases[each.id], effect) if explain else effect)

    def _in_scope(self, today: date) -> tuple[ColumnElement[bool], ...]:
        over = (AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED, AwardStatus.REPLACED, AwardStatus.VOID)
        in_hand = and_(is_seen_by_scheme(), Application.status.not_in(ENDED))
        stands = and_(
            Application.status == ApplicationStatus.AWARDED, Award.status.not_in(over), Award.expires_on >= today
        )
        return Application.edition_id.in_(list(self.ways)), or_(in_hand, stands)

    def _cases(self, today: date, below: int | None) -> Select[Any]:
        found = (
            select(
                Application.id,
                Application.organisation_id,
                Organisation.name,
                Application.edition_id,
                Application.status,
                Application.target,
                Application.facts,
                Award.number,
                Award.level_title,
            )
            .join(Organisation, Organisation.id == Application.organisation_id)
            .outerjoin(Award, of_case())
            .where(*self._in_scope(today))
            .order_by(Application.id.desc())
            .limit(BATCH)
        )
        return found if below is None else found.where(Application.id < below)


def _row(case: Any, way: Carrying, by_assessor: bool, effect: Effect) -> DryRow:
    return DryRow(
        application_id=case.id,
        organisation_id=case.organisation_id,
        provider=case.name,
        edition=way.old.edition,
        status=case.status,
        award=case.number or "",
        award_level=case.level_title or "",
        by_assessor=by_assessor,
        effect=effect,
    )


def published_dry_run(code: str, edition: str) -> DryRun:
    """The dry run of a published edition, for whoever runs the installation. Raises NotFound."""
    found = db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
    ).first()
    if found is None:
        raise NotFound(f"There is no edition {code}/{edition}.")
    return dry_run(framework_of(found), found.scheme_id, found.id)


def dry_run(new: Framework, scheme_id: int | None, edition_id: int | None = None) -> DryRun:
    """The dry run of a framework on what stands under the editions before it; `edition_id` is its own, if published.

    Only the scheme's own editions count: a draft may name a framework of another scheme, whose cases are none of its
    business. Without a scheme, for whoever runs the installation, they all do.
    """
    named = select(FrameworkEdition).where(FrameworkEdition.code == new.code)
    own = named if scheme_id is None else named.where(FrameworkEdition.scheme_id == scheme_id)
    rows = db.session.scalars(own.limit(MOST_OF_ONE)).all()
    older = [row for row in rows if row.id != edition_id and not is_higher(row.edition, new.edition)]
    ways = {row.id: along((framework_of(row), *between(db.session(), row, new.edition), new)) for row in older}
    return DryRun(new, ways, tuple(sorted((row.edition for row in older), key=order_of)))


def _scores_of(batch: Sequence[Any], ways: Mapping[int, Carrying]) -> dict[int, tuple[Mapping[str, GivenScore], bool]]:
    """What counts of each case: the scores handed in last (True), or else the provider's own claims. Three statements.

    A sheet that was packed when it was handed in says all of its scores in one row.
    """
    ids = [case.id for case in batch]
    last = {row.application_id: row for row in db.session.execute(_handed_in(ids))}
    scored = _by_owner(
        select(Score.assessment_id, Score.criterion_code, Score.point, Score.not_applicable, Score.not_rated).where(
            Score.assessment_id.in_([row.id for row in last.values() if row.sheet is None])
        )
    )
    claimed = _by_owner(
        select(Answer.application_id, Answer.criterion_code, Answer.point, Answer.not_applicable, false()).where(
            Answer.application_id.in_([case_id for case_id in ids if case_id not in last])
        )
    )
    found: dict[int, tuple[Mapping[str, GivenScore], bool]] = {}
    for case in batch:
        row = last.get(case.id)
        if row is None:
            found[case.id] = claimed.get(case.id, {}), False
        elif row.sheet is None:
            found[case.id] = scored.get(row.id, {}), True
        else:
            found[case.id] = unpack(ways[case.edition_id].old, row.sheet), True
    return found


def _handed_in(application_ids: list[int]) -> Select[Any]:
    """The assessments handed in on these cases, the last of each case last, with the sheet that counts."""
    sheet = func.coalesce(ScoreSettlement.sheet, Assessment.sheet).label("sheet")
    return (
        select(Assessment.application_id, Assessment.id, sheet)
        .outerjoin(ScoreSettlement, settlement_of(Assessment.application_id))
        .where(Assessment.application_id.in_(application_ids), Assessment.status == AssessmentStatus.HANDED_IN)
        .order_by(Assessment.handed_in_at, Assessment.id)
    )


@lru_cache(maxsize=1_024)
def _scored(point: int) -> Scored:
    """One object for each point: there are few points and millions of scores."""
    return Scored(point)


def _by_owner(statement: Select[Any]) -> dict[int, dict[str, GivenScore]]:
    """Scores by the assessment or application that they belong to. The reasons stay where they are."""
    found: dict[int, dict[str, GivenScore]] = {}
    for owner, code, point, left_out, unrated in db.session.execute(statement):
        if left_out or unrated:
            found.setdefault(owner, {})[code] = LEFT_OUT if left_out else UNRATED
        elif point is not None:
            found.setdefault(owner, {})[code] = _scored(point)
    return found
