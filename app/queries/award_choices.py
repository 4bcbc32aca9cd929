"""What an award can be changed to: which services and sites, which lower level."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.framework import Level
from app.extensions import db
from app.models import Award
from app.queries.award_scope import ScopeChoices, scope_choices
from app.queries.frameworks import framework_of


@dataclass(frozen=True)
class AwardChoices:
    """`lower` are (code, title) of the levels below the award's own, the highest first."""

    scope: ScopeChoices
    lower: tuple[tuple[str, str], ...]


def award_choices(award_id: int) -> AwardChoices:
    """What can be chosen. The caller has asked whether its reader may see the award."""
    award = db.session.get_one(Award, award_id)
    lower = tuple((level.code, str(level.title)) for level in lower_levels(award))
    return AwardChoices(scope_choices(award), lower)


def lower_levels(award: Award) -> tuple[Level, ...]:
    """The levels below the award's own, the highest first."""
    levels = framework_of(award.edition).levels
    own = next((level.rank for level in levels if level.code == award.level), 0)
    return tuple(sorted((level for level in levels if level.rank < own), key=lambda level: -level.rank))
