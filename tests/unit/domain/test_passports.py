"""What is held elsewhere answers for us, and never a day longer than it lasts."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.asks import Passport
from app.domain.duration import Duration
from app.domain.passports import HeldElsewhere, earliest_end, fallen_open, last_day, standing_passports
from app.domain.scoring import Passported, outcome
from app.domain.terms import AwardTerms
from tests.unit.domain.frameworks import criterion, framework, node, scored

DAY = date(2027, 3, 1)
FULL = Passport("fire-mark", "full", counts_as=2)
ANY = Passport("audit")
PART = Passport("audit", criterion="H4", counts_as=1)
MARK = framework(
    node(
        "A",
        criterion("A1", passports=(FULL,)),
        criterion("A2", passports=(ANY, FULL)),
        criterion("A3", passports=(PART,)),
        criterion("A4"),
    )
)


def test_an_award_answers_only_what_names_its_scheme_and_level():
    assert standing_passports(MARK, [HeldElsewhere("fire-mark", "full", ends_on=DAY)], DAY) == {
        "A1": Passported("fire-mark full", DAY, 2),
        "A2": Passported("fire-mark full", DAY, 2),
    }
    assert standing_passports(MARK, [HeldElsewhere("fire-mark", "basic")], DAY) == {}
    (best,) = standing_passports(MARK, [HeldElsewhere("audit", "gold")], DAY).values()
    assert outcome(MARK, scored(A1=0, A3=0, A4=0) | {"A2": best}, {}).share == Fraction(3, 12)


def test_a_part_of_an_award_is_never_taken_for_the_whole_nor_the_whole_for_a_part():
    assert set(standing_passports(MARK, [HeldElsewhere("audit", criterion="H4")], DAY)) == {"A3"}
    assert set(standing_passports(MARK, [HeldElsewhere("audit")], DAY)) == {"A2"}


def test_the_last_day_counts_and_the_day_after_and_a_revocation_do_not():
    held = HeldElsewhere("fire-mark", "full", ends_on=DAY)
    assert standing_passports(MARK, [held], DAY)
    assert not standing_passports(MARK, [held], DAY + timedelta(days=1))
    assert not standing_passports(MARK, [replace(held, revoked=True)], DAY)


def test_of_several_the_best_counts_then_the_longest():
    short, long = (
        HeldElsewhere("fire-mark", "full", ends_on=DAY, title="short"),
        HeldElsewhere("fire-mark", "full", title="long"),
    )
    assert standing_passports(MARK, [short, long], DAY)["A1"].by == "long"
    assert standing_passports(MARK, [long, short], DAY)["A1"].by == "long"
    assert standing_passports(MARK, [long, HeldElsewhere("audit", ends_on=DAY)], DAY)["A2"] == Passported("audit", DAY)


def test_what_rests_on_a_revoked_passport_falls_open_at_once_and_says_why():
    held = [HeldElsewhere("fire-mark", "full", ends_on=DAY), HeldElsewhere("audit", ends_on=DAY)]
    used = standing_passports(MARK, held, DAY)
    assert fallen_open(MARK, used, held, DAY) == {}
    assert fallen_open(MARK, used, [replace(held[0], revoked=True), held[1]], DAY) == {
        "A1": "A1 has to be answered again: fire-mark full no longer stands."
    }
    assert (
        fallen_open(MARK, used, [held[0]], DAY)["A2"]
        == "A2 has to be looked at again: fire-mark full, which answers it now, is worth only 2."
    )
    assert fallen_open(MARK, used, held, DAY + timedelta(days=1))["A1"].endswith("fire-mark full ended on 1 Mar 2027.")


dates = st.none() | st.dates(date(2026, 1, 1), date(2032, 1, 1))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(dates, max_size=4), st.booleans(), st.dates(date(2026, 1, 1), date(2028, 1, 1)))
def test_an_award_never_outlives_a_passport_where_the_scheme_says_so(ends, tied, granted):
    used = [Passported("other", end, 3) for end in ends]
    last = last_day(AwardTerms(valid=Duration(years=2), ends_with_passports=tied), None, granted, used)
    full = Duration(years=2).add_to(granted) - timedelta(days=1)
    assert last <= full
    assert last == full if not tied else all(end is None or last <= end for end in ends)
    assert earliest_end(used) == min((end for end in ends if end), default=None)


def test_the_length_is_that_of_the_level():
    terms = AwardTerms(valid=Duration(years=1), ends_with_passports=True).with_level("gold", valid=Duration(years=4))
    assert last_day(terms, "gold", date(2026, 1, 1)) == date(2029, 12, 31)
    assert last_day(terms, "gold", date(2026, 1, 1), [Passported("x", date(2027, 5, 5), 1)]) == date(2027, 5, 5)
