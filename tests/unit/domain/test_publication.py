"""Who sees what, how long it is kept, and which old results still count."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.domain.clauses import Audience, Publication, Retention
from app.domain.duration import Duration
from app.domain.publication import WIDENING, Kept, Part, is_kept, kept_until, may_see
from app.domain.reassessment import Dated, carried
from app.domain.terms import AssessmentTerms, AwardTerms, Reassess, Reconciliation
from tests.unit.domain.frameworks import criterion, framework, node


def seers(publication, part):
    return [audience for audience in WIDENING if may_see(publication, part, audience)]


def test_each_part_is_open_to_its_audience_and_to_those_closer_to_the_case():
    publication = Publication(share=Audience.COMMISSIONERS, reasons=Audience.NEVER)
    assert seers(publication, Part.LEVEL) == list(WIDENING)
    assert seers(publication, Part.SHARE) == [Audience.COMMISSIONERS, Audience.PROVIDER, Audience.SCHEME]
    assert seers(publication, Part.FINDINGS) == [Audience.PROVIDER, Audience.SCHEME]
    assert seers(publication, Part.REASONS) == []


def test_silence_publishes_the_level_and_its_conditions_and_no_score():
    silent = Publication()
    assert [part for part in Part if may_see(silent, part, Audience.PUBLIC)] == [Part.LEVEL, Part.CONDITIONS]


def test_what_has_ended_is_kept_through_its_last_day():
    retention = Retention(ended_awards=Duration(years=6))
    assert kept_until(retention, Kept.ENDED_AWARD, date(2024, 2, 29)) == date(2030, 2, 28)
    assert is_kept(retention, Kept.ENDED_AWARD, date(2024, 2, 29), date(2030, 2, 28))
    assert not is_kept(retention, Kept.ENDED_AWARD, date(2024, 2, 29), date(2030, 3, 1))
    assert is_kept(retention, Kept.REFUSED, date(1990, 1, 1), date(2030, 1, 1))


MARK = framework(node("A", criterion("A1"), criterion("A2")), node("B", criterion("B1")))
OLD, NEW = Dated(2, date(2025, 6, 30)), Dated(3, date(2026, 6, 30))


def with_terms(**terms):
    return replace(MARK, award=AwardTerms(**terms))


def test_a_result_counts_through_its_last_day_and_some_are_scored_more_often():
    mark = with_terms(carry_results=Duration(years=2), reassess=Reassess(Duration(years=1), ("A",)))
    results = {"A1": OLD, "A2": NEW, "B1": OLD, "GONE": NEW}
    on_the_day = carried(mark, results, date(2026, 6, 30))
    assert (set(on_the_day.still), on_the_day.again) == ({"A1", "A2", "B1"}, {})
    day_after = carried(mark, results, date(2026, 7, 1))
    assert set(day_after.still) == {"A2", "B1"}
    assert day_after.again == {"A1": "A1 is scored every 1 year, and was last scored on 30 Jun 2025."}
    assert (
        carried(mark, results, date(2027, 7, 1)).again["B1"]
        == "B1 was scored on 30 Jun 2025, and results count for 2 years."
    )
    assert on_the_day.still["A1"] is OLD


def test_without_terms_nothing_is_carried_and_what_was_never_scored_is_named():
    assert set(carried(MARK, {"A1": NEW}, date(2026, 6, 30)).again) == {"A1", "A2", "B1"}
    mark = with_terms(carry_results=Duration(years=2))
    assert carried(mark, {"A1": NEW}, date(2026, 6, 30)).again == {
        "A2": "A2 has no result yet.",
        "B1": "B1 has no result yet.",
    }


def test_reassessing_without_criteria_means_all_of_them():
    mark = with_terms(carry_results=Duration(years=5), reassess=Reassess(Duration(years=1), ()))
    assert set(carried(mark, {"A1": OLD, "A2": NEW, "B1": OLD}, date(2026, 7, 1)).again) == {"A1", "B1"}


@pytest.mark.parametrize(
    ("reconciliation", "agreement", "meet"),
    [
        (Reconciliation.BELOW_FLOOR, Fraction(3, 5), False),
        (Reconciliation.BELOW_FLOOR, Fraction(59, 100), True),
        (Reconciliation.BELOW_FLOOR, None, True),
        (Reconciliation.ALWAYS, Fraction(1), True),
        (Reconciliation.LEAD, Fraction(0), False),
        (Reconciliation.PANEL, None, False),
    ],
)
def test_assessors_meet_below_the_floor_and_not_at_it(reconciliation, agreement, meet):
    terms = AssessmentTerms(assessors=2, agreement_floor=Fraction(3, 5), reconciliation=reconciliation)
    assert terms.must_meet(agreement) is meet
