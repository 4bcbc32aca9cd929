"""What a scheme publishes of an award's result, beyond its level: what each area got, or each criterion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.charts import Axis
from app.domain.clauses import Audience
from app.domain.publication import Part, may_see
from app.domain.scoring import Outcome
from app.domain.scoring.explained import parts_in_words
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Award
from app.queries.frameworks import framework_of
from app.queries.outcomes import Scores, counted
from app.queries.results import label_of


@dataclass(frozen=True)
class PartRow:
    """A part of the standards and what it got, in words. `depth` is 0 at the top of the tree."""

    title: str
    depth: int
    got: str


@dataclass(frozen=True)
class PublishedResult:
    """As much of a result as anyone may read. `axes` are the parts at the top that got a share, for a chart."""

    in_all: str = ""
    axes: tuple[Axis, ...] = ()
    parts: tuple[PartRow, ...] = ()
    criteria: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()  # standard, its criteria with their scores

    @property
    def told(self) -> bool:
        return bool(self.in_all or self.parts or self.criteria)


def published_result(award: Award, today: date) -> PublishedResult:
    """Nothing where the scheme publishes the level alone, then without a statement; else six statements at most."""
    publication = framework_of(award.edition).clauses.publication
    share, nodes, scores = (
        may_see(publication, part, Audience.PUBLIC) for part in (Part.SHARE, Part.NODE_SCORES, Part.CRITERION_SCORES)
    )
    if not (share or nodes or scores):
        return PublishedResult()
    found = counted(db.session(), award.application, today)
    if found is None:
        return PublishedResult()
    return PublishedResult(
        in_all=found.outcome.in_all if share else "",
        axes=_axes(found.outcome) if nodes else (),
        parts=_parts(found.outcome) if nodes else (),
        criteria=_criteria(found.outcome, found.scores) if scores else (),
    )


def _parts(outcome: Outcome) -> tuple[PartRow, ...]:
    rows = parts_in_words(outcome) if outcome.rated else ()
    return tuple(PartRow(row.title, row.depth, row.in_short) for row in rows)


def _axes(outcome: Outcome) -> tuple[Axis, ...]:
    """The top of the tree where each part of it got a share: what has none is told in words alone."""
    roots = [root for root in outcome.sheet.framework.roots if root.code in outcome.nodes] if outcome.rated else []
    shares = [outcome.nodes[root.code].share for root in roots]
    if not roots or any(share is None for share in shares):
        return ()
    said = {row.title: row.got for row in _parts(outcome) if row.depth == 0}
    found = zip(roots, shares, strict=True)
    return tuple(Axis(str(root.title), share or 0, said.get(str(root.title), "")) for root, share in found)


def _criteria(outcome: Outcome, scores: Scores) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Each standard's criteria with the score that counts, in the framework's order."""
    framework = outcome.sheet.framework
    groups: dict[str, tuple[tuple[str, str], ...]] = {}
    for criterion in framework.criteria:
        score = scores.get(criterion.code)
        if score is None:
            continue
        got = "Not rated" if score.not_rated else label_of(criterion, Claim(score.point, score.not_applicable, ""))
        standard = str(framework.node_of(criterion.code)[-1].title)
        groups[standard] = (*groups.get(standard, ()), (str(criterion.heading), got))
    return tuple(groups.items())
