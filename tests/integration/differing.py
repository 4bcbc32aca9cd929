"""A case whose two assessors scored differently, for the examples of tests/integration/everything.py."""

from __future__ import annotations

from app.domain.access import Role
from app.domain.lifecycle import AssessmentStatus
from app.domain.reconciling import Settling
from app.models import AgreedScore, Application, Assessment, Score, ScoreSettlement, User
from tests import factories as make
from tests.conftest import NOON

CODES = ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2")


def differing(of: Application, who: User, *, leads: bool = True) -> Assessment:
    """The assessment of `who`, all handed in: they differ on the first criterion, on which a score is agreed."""
    other = make.officer(of.edition.scheme, Role.ASSESSOR)
    lead, second = (who, other) if leads else (other, who)
    found = {each.id: _handed_in(of, each, first) for each, first in ((lead, 2), (second, 1))}
    settlement = make.save(
        ScoreSettlement(
            application_id=of.id,
            settling=Settling.MEETING,
            agreed=3,
            compared=4,
            began_at=NOON,
            standing=True,
        )
    )
    make.save(
        AgreedScore(
            settlement_id=settlement.id,
            criterion_code=CODES[0],
            point=2,
            reason="Both minutes show it.",
            updated_at=NOON,
            updated_by_id=lead.id,
        )
    )
    return found[who.id]


def _handed_in(of: Application, who: User, first: int) -> Assessment:
    assessment = make.save(
        Assessment(
            application_id=of.id,
            assessor_id=who.id,
            status=AssessmentStatus.HANDED_IN,
            assigned_at=NOON,
            assigned_by_id=of.started_by_id,
            declared_at=NOON,
            handed_in_at=NOON,
            recommended="award",
            recommended_level="silver",
            recommendation="Good.",
        )
    )
    for code in CODES:
        point = first if code == CODES[0] else 2
        make.save(Score(assessment_id=assessment.id, criterion_code=code, point=point, reason="Seen.", updated_at=NOON))
    return assessment
