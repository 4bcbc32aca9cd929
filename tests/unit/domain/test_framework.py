"""The parts of a framework: texts, lengths of time, finding one's way in the tree."""

from datetime import date
from fractions import Fraction

import pytest

from app.domain.duration import Duration
from app.domain.errors import NotFound
from app.domain.terms import AwardTerms
from app.domain.wording import Text, percent
from tests.unit.domain.frameworks import criterion, framework, node


@pytest.mark.parametrize(
    ("length", "start", "end"),
    [
        (Duration(years=3), date(2026, 3, 31), date(2029, 3, 31)),
        (Duration(years=1), date(2024, 2, 29), date(2025, 2, 28)),
        (Duration(months=6), date(2026, 8, 31), date(2027, 2, 28)),
        (Duration(months=12), date(2026, 12, 1), date(2027, 12, 1)),
        (Duration(months=1, days=3), date(2026, 1, 30), date(2026, 3, 3)),
    ],
)
def test_a_length_of_time_is_exact_on_the_calendar(length, start, end):
    assert length.add_to(start) == end


def test_a_length_of_time_can_be_taken_back_over_the_turn_of_the_year():
    assert Duration(months=6).take_from(date(2027, 3, 31)) == date(2026, 9, 30)
    assert str(Duration(years=1, months=6)) == "1 year 6 months"


def test_a_text_falls_back_to_english_and_then_to_what_there_is():
    assert Text((("cy", "Gofal"), ("en", "Care"))).in_("pl") == "Care"
    assert Text((("cy", "Gofal"),)).in_("pl") == "Gofal"
    assert Text.plain("One\nline.\n\nTwo.").paragraphs() == ("One line.", "Two.")


def test_a_share_is_never_shown_higher_than_it_is():
    assert [percent(Fraction(n)) for n in ("3/5", "5/8", "2/3", "1")] == ["60%", "62.5%", "66.66%", "100%"]
    assert percent(Fraction(59999, 100000)) == "59.99%"


def test_the_tree_is_read_in_order_and_knows_what_stands_above():
    mark = framework(node("A", criterion("A1")), node("B", criterion("B2"), criterion("B1")))
    assert [each.code for each in mark.criteria] == ["A1", "B2", "B1"]
    assert [each.code for each in mark.node_of("B1")] == ["B"]
    with pytest.raises(NotFound):
        mark.criterion("C1")


def test_an_award_at_one_level_may_last_longer():
    terms = AwardTerms().with_level("gold", valid=Duration(years=4))
    assert terms.for_level("gold").valid == Duration(years=4)
    assert terms.for_level("bronze").valid == terms.for_level(None).valid == Duration(years=3)
