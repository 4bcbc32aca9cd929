"""What a scheme lets the public see of an award, beyond that it was made."""

from __future__ import annotations

from app.domain.clauses import Audience
from app.domain.lifecycle import AwardStatus
from app.domain.publication import Part, may_see
from app.models import Award
from app.queries.frameworks import framework_of


def public_conditions(award: Award, status: AwardStatus) -> str:
    """The conditions of an award in that status, as anyone may read them; empty where there are none or they are closed."""
    if status is not AwardStatus.CONDITIONAL or not award.conditions:
        return ""
    publication = framework_of(award.edition).clauses.publication
    return award.conditions if may_see(publication, Part.CONDITIONS, Audience.PUBLIC) else ""
