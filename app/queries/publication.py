"""What a scheme lets the public and the provider see of a result, beyond the level that was decided."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.clauses import Audience
from app.domain.framework import Framework
from app.domain.lifecycle import AwardStatus
from app.domain.publication import Part, may_see
from app.domain.scoring import Explained, Outcome
from app.models import Award
from app.queries.frameworks import framework_of


def public_conditions(award: Award, status: AwardStatus) -> str:
    """The conditions of an award in that status, as anyone may read them; empty where there are none or they are closed."""
    if status not in (AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL) or not award.conditions:
        return ""
    publication = framework_of(award.edition).clauses.publication
    return award.conditions if may_see(publication, Part.CONDITIONS, Audience.PUBLIC) else ""


@dataclass(frozen=True)
class Told:
    """What a provider is told of its own result. The panel's reasons are told in any case.

    `sums` are the shares and what they came from, `scores` those of each criterion, `reasons` the assessor's words to each.
    """

    sums: bool
    scores: bool
    reasons: bool

    def explained(self, outcome: Outcome) -> Explained:
        """What can be said of an outcome and gives away nothing else: all of it, or only which level the scores reach."""
        if self.sums and self.scores:
            return outcome.explained
        return Explained(f"The scores give: {outcome.band}.")


def told_to_provider(framework: Framework) -> Told:
    """What the scheme opens to the provider itself."""
    publication = framework.clauses.publication
    sums = all(may_see(publication, part, Audience.PROVIDER) for part in (Part.SHARE, Part.NODE_SCORES))
    scores = may_see(publication, Part.CRITERION_SCORES, Audience.PROVIDER)
    return Told(sums, scores, scores and may_see(publication, Part.REASONS, Audience.PROVIDER))
