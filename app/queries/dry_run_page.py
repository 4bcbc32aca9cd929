"""A dry run as a page of a scheme's office: totals, and the cases, those that would lose first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from sqlalchemy import func, select

from app.domain.access import Action, Actor
from app.domain.effects import Verdict
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.extensions import db
from app.frameworks import read
from app.models import AuditRow, FrameworkEdition
from app.queries.drafts import own_draft, problems_in
from app.queries.dry_run import ORDER, DryRow, DryRun, dry_run
from app.queries.editions import NO_SUCH, office_of
from app.queries.frameworks import framework_of
from app.queries.schemes import SchemeRow

MOST_ON_PAGE = 1_000
"""Cases that a page waits for. Beyond it the page speaks of the newest; the file and the command line go through all."""
PER_PAGE = 50


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
            yield from (row for row in self.run.rows(today) if row.organisation_id not in actor.judges_none_of)


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
    run = None if problems else dry_run(read(draft.source, "draft.yaml"), draft.scheme_id)
    return Tried(scheme, name, draft.edition, draft.id, None, problems, run)


def tried_edition(edition_id: int, actor: Actor) -> Tried:
    """A published edition, to be tried on the cases under those before it. Raises NotFound, NotAllowed."""
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound(NO_SUCH)
    scheme = office_of(edition.scheme, actor, Action.FRAMEWORKS_SEE)
    run = dry_run(framework_of(edition), edition.scheme_id, edition.id)
    return Tried(scheme, f"{edition.title} {edition.edition}", edition.edition, None, edition.id, 0, run)


def dry_run_page(tried: Tried, verdict: Verdict | None, page: int, actor: Actor, today: date) -> DryRunPage:
    """One page of what would become of the cases; all verdicts where none is named."""
    every = (
        _remembered(tried.run.new, tried.scheme.scheme_id, tried.edition_id, today, _revision()) if tried.run else ()
    )
    own = [row for row in every if row.organisation_id not in actor.judges_none_of]
    found = [row for row in own if verdict in {None, row.effect.verdict}]
    found.sort(key=lambda row: ORDER.index(row.effect.verdict))
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(page, pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
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
        rows=tried.run.explained(shown, today) if tried.run else (),
        page=page,
        pages=pages,
    )


def _revision() -> int:
    """The number of the newest audit row: whatever changes a case, an award or an edition writes one."""
    return db.session.scalar(select(func.max(AuditRow.id))) or 0


@lru_cache(maxsize=4)
def _remembered(
    new: Framework, scheme_id: int, edition_id: int | None, today: date, _revision: int
) -> tuple[DryRow, ...]:
    """The newest cases, worked out once while nothing is written, so that paging and filtering cost nothing."""
    return tuple(islice(dry_run(new, scheme_id, edition_id).rows(today, explain=False), MOST_ON_PAGE))
