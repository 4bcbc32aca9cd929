"""Several members or sites that answer one criterion: whose point counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.clauses import AnsweredBy, MetBy
from app.domain.framework import Criterion, Framework, Scale


@dataclass(frozen=True, slots=True)
class Combined:
    """`point` is what counts, None while it is not decided; `decided_by` has it; `missing` have to answer first."""

    point: int | None
    decided_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def rule_for(framework: Framework, criterion: Criterion) -> MetBy:
    """How the members of a consortium meet a criterion: as it says itself, or else as the framework says."""
    return criterion.met_by or framework.clauses.members.met_by


def site_rule_for(framework: Framework, criterion: Criterion) -> MetBy | None:
    """How the sites of an organisation meet a criterion; None where it is answered once for all of them."""
    return framework.clauses.members.sites if criterion.answered_by is AnsweredBy.EACH_SITE else None


def combine(points: Mapping[str, int | None], rule: MetBy, scale: Scale, lead: str = "") -> Combined:
    """The one point of several members or sites.

    `points` maps each of them to its point, None where it has none yet. By each, the worst point counts, and only once all
    have answered; by any, the best of those that have answered; by the lead, its own. `lead` names the lead member.
    """
    if rule is MetBy.LEAD:
        points = {lead: points.get(lead)}
    known = {member: point for member, point in points.items() if point is not None}
    missing = tuple(member for member, point in points.items() if point is None)
    if not known or (missing and rule is not MetBy.ANY):
        return Combined(None, missing=missing)
    best_first = sorted(known.values(), key=scale.earned, reverse=True)
    point = best_first[0] if rule is MetBy.ANY else best_first[-1]
    return Combined(point, tuple(member for member, value in known.items() if value == point))
