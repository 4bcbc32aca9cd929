"""What a provider has to bring."""

import pytest

from app.domain.framework import EvidenceKind
from app.domain.self_assessment import evidence_missing
from tests.unit.domain.frameworks import ask


@pytest.mark.parametrize(
    ("kind", "brought"),
    [(EvidenceKind.OUTCOME_MEASURE, True), (EvidenceKind.DATA, True), (EvidenceKind.INTERVIEW, False)],
)
def test_figures_and_measures_are_attached_and_what_is_heard_on_a_visit_is_not(kind, brought):
    assert bool(evidence_missing([ask("uptake", kind)], [])) is brought
    assert evidence_missing([ask("uptake", kind)], ["uptake"]) == ()
