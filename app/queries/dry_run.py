"""What an edition would make of every case under the earlier ones. Nothing is written; cases are read in batches.

In scope are the cases that a scheme has in hand and the awards that stand today. A draft belongs to its provider alone and
is not looked at. A case counts by the scores of the assessment handed in last; before that, by what its provider says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.domain.access import Action, Actor
from app.domain.carrying import Carrying
from app.domain.editions import is_higher, order_of
from app.domain.effects import Effect, Verdict, effect
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.domain.lifecycle import ENDED, ApplicationStatus, AssessmentStatus, AwardStatus
from app.domain.scoring import NotApplicable, Scored
from app.domain.scoring import Score as GivenScore
from app.extensions import db
from app.frameworks import read
from app.models import Answer, Application, Assessment, AuditRow, Award, FrameworkEdition, Organisation, Score
from app.queries.carrying import along, between
from app.queries.drafts import own_draft, problems_in
from app.queries.editions import MOST_OF_ONE, NO_SUCH, office_of
from app.queries.frameworks import framework_of
from app.queries.schemes import SchemeRow
from app.queries.subjects import is_seen_by_scheme

BATCH = 500
MOST_ON_PAGE = 2_000
"""Cases that a page waits for. Beyond it the page speaks of the newest; the file and the command line go through all."""
PER_PAGE = 50
LEFT_OUT = NotApplicable("As it was scored.")
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


@dataclass(frozen=True, eq=False)
class DryRun:
    """An edition to try, and the ways to it from those under which cases stand, by edition's id."""

    new: Framework
    ways: Mapping[int, Carrying] = field(repr=False)
    editions: tuple[str, ...] = ()

    def size(self, today: date) -> int:
        """How many cases there are to look at. One statement."""
        cases = select(func.count()).select_from(Application).outerjoin(Award, Award.application_id == Application.id)
        return db.session.scalar(cases.where(*self._in_scope(today))) or 0

    def rows(self, today: date) -> Iterator[DryRow]:
        """Every case, newest first, read in batches of four statements each."""
        below: int | None = None
        while batch := self._batch(today, below):
            below = batch[-1].id
            scores = _scores_of([case.id for case in batch])
            yield from (self._row(case, *scores[case.id]) for case in batch)

    def _in_scope(self, today: date) -> tuple[ColumnElement[bool], ...]:
        over = (AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED)
        in_hand = and_(is_seen_by_scheme(), Application.status.not_in(ENDED))
        stands = and_(
            Application.status == ApplicationStatus.AWARDED, Award.status.not_in(over), Award.expires_on >= today
        )
        return Application.edition_id.in_(self.ways), or_(in_hand, stands)

    def _batch(self, today: date, below: int | None) -> Sequence[Any]:
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
            .outerjoin(Award, Award.application_id == Application.id)
            .where(*self._in_scope(today))
            .order_by(Application.id.desc())
            .limit(BATCH)
        )
        return db.session.execute(found if below is None else found.where(Application.id < below)).all()

    def _row(self, case: Any, scores: Mapping[str, GivenScore], by_assessor: bool) -> DryRow:
        way = self.ways[case.edition_id]
        return DryRow(
            application_id=case.id,
            organisation_id=case.organisation_id,
            provider=case.name,
            edition=way.old.edition,
            status=case.status,
            award=case.number or "",
            award_level=case.level_title or "",
            by_assessor=by_assessor,
            effect=effect(way, scores, case.facts, case.target),
        )


@dataclass(frozen=True)
class Tried:
    """What a dry run tries, for whoever may see it. `run` is None where a draft has `problems` that keep it from being read."""

    scheme: SchemeRow
    name: str
    edition: str
    draft_id: int | None
    edition_id: int | None
    problems: int
    run: DryRun | None

    def rows(self, actor: Actor, today: date) -> Iterator[DryRow]:
        """Every case but those of organisations that the actor belongs to: these are closed to them."""
        if self.run is not None:
            yield from (row for row in self.run.rows(today) if row.organisation_id not in actor.organisations)


@dataclass(frozen=True)
class DryRunPage:
    """A dry run for a scheme's office: who would lose, gain or keep what, those who lose first.

    `looked_at` of `size` cases are in the totals and the list, but for `closed` ones of organisations that the reader
    belongs to. `to_score` counts cases with criteria to answer and score, `again` those with changed ones.
    """

    tried: Tried
    editions: tuple[str, ...]
    size: int
    looked_at: int
    closed: int
    totals: Mapping[Verdict, int]
    awards_lost: int
    to_score: int
    again: int
    verdict: Verdict | None
    found: int
    rows: tuple[DryRow, ...]
    page: int
    pages: int


def tried_draft(draft_id: int, actor: Actor) -> Tried:
    """A draft, to be tried. Raises NotFound, NotAllowed."""
    draft, scheme = own_draft(draft_id, actor, Action.FRAMEWORKS_SEE)
    problems = len(problems_in(draft.source))
    name = " ".join(part for part in (draft.title or draft.code, draft.edition) if part) or "Untitled draft"
    run = None if problems else dry_run(read(draft.source, "draft.yaml"))
    return Tried(scheme, name, draft.edition, draft.id, None, problems, run)


def tried_edition(edition_id: int, actor: Actor) -> Tried:
    """A published edition, to be tried on the cases under those before it. Raises NotFound, NotAllowed."""
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound(NO_SUCH)
    scheme = office_of(edition.scheme, actor, Action.FRAMEWORKS_SEE)
    run = dry_run(framework_of(edition), edition.id)
    return Tried(scheme, f"{edition.title} {edition.edition}", edition.edition, None, edition.id, 0, run)


def dry_run(new: Framework, edition_id: int | None = None) -> DryRun:
    """The dry run of a framework on what stands under the editions before it; `edition_id` is its own, if published."""
    rows = db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.code == new.code).limit(MOST_OF_ONE)
    ).all()
    older = [row for row in rows if row.id != edition_id and not is_higher(row.edition, new.edition)]
    ways = {row.id: along((framework_of(row), *between(db.session(), row, new.edition), new)) for row in older}
    return DryRun(new, ways, tuple(sorted((row.edition for row in older), key=order_of)))


def dry_run_page(tried: Tried, verdict: Verdict | None, page: int, actor: Actor, today: date) -> DryRunPage:
    """One page of what would become of the cases; all verdicts where none is named."""
    every = _remembered(tried.run.new, tried.edition_id, today, _revision()) if tried.run else ()
    own = [row for row in every if row.organisation_id not in actor.organisations]
    found = [row for row in own if verdict in {None, row.effect.verdict}]
    found.sort(key=lambda row: ORDER.index(row.effect.verdict))
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(page, pages)
    return DryRunPage(
        tried=tried,
        editions=tried.run.editions if tried.run else (),
        size=tried.run.size(today) if tried.run else 0,
        looked_at=len(every),
        closed=len(every) - len(own),
        totals={each: sum(row.effect.verdict is each for row in own) for each in ORDER},
        awards_lost=sum(bool(row.award) and row.effect.verdict is Verdict.LOSES for row in own),
        to_score=sum(bool(row.effect.to_score) for row in own),
        again=sum(bool(row.effect.again) for row in own),
        verdict=verdict,
        found=len(found),
        rows=tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE]),
        page=page,
        pages=pages,
    )


def _revision() -> int:
    """The number of the newest audit row: whatever changes a case, an award or an edition writes one."""
    return db.session.scalar(select(func.max(AuditRow.id))) or 0


@lru_cache(maxsize=4)
def _remembered(new: Framework, edition_id: int | None, today: date, _revision: int) -> tuple[DryRow, ...]:
    """The newest cases, worked out once while nothing is written, so that paging and filtering cost nothing."""
    return tuple(islice(dry_run(new, edition_id).rows(today), MOST_ON_PAGE))


def _scores_of(application_ids: list[int]) -> dict[int, tuple[dict[str, GivenScore], bool]]:
    """What counts of each case: the scores handed in last (True), or else the provider's own claims. Three statements."""
    last = {
        application_id: assessment_id
        for application_id, assessment_id in db.session.execute(
            select(Assessment.application_id, Assessment.id)
            .where(Assessment.application_id.in_(application_ids), Assessment.status == AssessmentStatus.HANDED_IN)
            .order_by(Assessment.handed_in_at, Assessment.id)
        ).tuples()
    }
    scored = _by_owner(
        select(Score.assessment_id, Score.criterion_code, Score.point, Score.not_applicable).where(
            Score.assessment_id.in_(list(last.values()))
        )
    )
    unscored = [each for each in application_ids if each not in last]
    claimed = _by_owner(
        select(Answer.application_id, Answer.criterion_code, Answer.point, Answer.not_applicable).where(
            Answer.application_id.in_(unscored)
        )
    )
    return {
        each: (scored.get(last[each], {}), True) if each in last else (claimed.get(each, {}), False)
        for each in application_ids
    }


def _by_owner(statement: Select[Any]) -> dict[int, dict[str, GivenScore]]:
    """Points and what does not apply, by the assessment or application that they belong to. The reasons stay where they are."""
    found: dict[int, dict[str, GivenScore]] = {}
    for owner, code, point, left_out in db.session.execute(statement):
        if left_out:
            found.setdefault(owner, {})[code] = LEFT_OUT
        elif point is not None:
            found.setdefault(owner, {})[code] = Scored(point)
    return found
