"""What assessors of one case may know of each other's work, and from when on."""

from collections.abc import Iterable

from app.domain.lifecycle.assessment import AssessmentStatus
from app.domain.terms import AssessmentTerms

WORKING = frozenset({AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN})


def all_in(statuses: Iterable[AssessmentStatus], needed: int) -> bool:
    """Whether as many as the framework asks for have handed in and nobody is still working.

    From then on the assessors of a case read each other's notes: before, nobody's score could still be swayed.
    """
    found = list(statuses)
    return found.count(AssessmentStatus.HANDED_IN) >= needed and not WORKING.intersection(found)


def is_blind(terms: AssessmentTerms) -> bool:
    """Whether the framework keeps its assessors' work from each other while they score."""
    return terms.blind and terms.assessors > 1
