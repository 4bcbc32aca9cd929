"""Gates in their order, and levels that build on others."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.domain.clauses import Before, Clauses, Gate, SelfAssessed
from app.domain.conditions import Comparator, FactIs
from app.domain.duration import Duration
from app.domain.gates import Claims, GateState, Held, may_hold, passes, stopped
from app.domain.terms import Prerequisite
from app.domain.wording import Text
from tests.unit.domain.frameworks import criterion, framework, node

SMALL = Gate(
    "small", Text.plain("Who can apply"), Before.APPLICATION, Text.plain("This mark is for small groups."),
    facts=FactIs("income", Comparator.BELOW, Fraction(1000)),
)  # fmt: skip
DESK = Gate(
    "desk", Text.plain("Desk review"), Before.ASSESSMENT, Text.plain("A visit has to be worth it."),
    self_assessment=SelfAssessed(Fraction(3, 5), required=True), after="small",
)  # fmt: skip
GOOD = Claims(Fraction(3, 5))


def mark(*gates):
    return replace(framework(node("A", criterion("A1"))), clauses=Clauses(gates=gates))


def test_a_gate_is_passed_exactly_at_its_edge():
    assert [each.passed for each in passes(mark(SMALL, DESK), {"income": 999}, GOOD)] == [True, True]
    over = passes(mark(SMALL, DESK), {"income": 1000}, GOOD)
    assert stopped(over)[:2] == (
        "This mark is for small groups.",
        "As things stand, income is £1,000, at least £1,000.",
    )
    under = passes(mark(DESK), {}, Claims(Fraction(599999, 1000000)))
    assert stopped(under)[1] == "The self-assessment stands at 59.99%, and 60% is needed."


def test_a_gate_after_one_that_is_not_passed_waits_whatever_it_asks():
    first, second = passes(mark(SMALL, DESK), {"income": 5000}, GOOD)
    assert (first.state, second.state) == (GateState.FAILED, GateState.WAITING)
    assert second.sentences == ("Who can apply comes first.",)


def test_what_is_not_known_neither_passes_nor_fails():
    (result,) = passes(mark(SMALL), {}, None, Before.APPLICATION)
    assert (result.state, result.missing) == (GateState.UNDECIDED, ("income",))
    assert result.sentences[1] == "We do not know yet: income."
    assert stopped([result], by=[GateState.FAILED]) == ()


def test_only_the_gates_of_the_stages_asked_for_are_looked_at():
    assert [each.gate.code for each in passes(mark(SMALL, DESK), {}, GOOD, Before.ASSESSMENT)] == ["desk"]
    assert passes(mark(SMALL, DESK), {}, None, Before.AWARD) == ()


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        (None, "There is no self-assessment yet."),
        (Claims(None), "The self-assessment is not rated, and 60% is needed."),
        (Claims(Fraction(1), ("A1",)), "A1 is a required point that the self-assessment does not claim."),
        (Claims(Fraction(1), ("A1", "A2")), "A1 and A2 are required points that the self-assessment does not claim."),
    ],
)
def test_a_desk_review_says_what_is_missing(claims, sentence):
    assert stopped(passes(mark(DESK), {}, claims)) == ("A visit has to be worth it.", sentence)


def levels(**changes):
    plain = framework(node("A", criterion("A1")))
    return replace(plain, levels=tuple(replace(level, **changes.get(level.code, {})) for level in plain.levels))


YEAR = Prerequisite("bronze", Duration(months=12))
BUILT = levels(silver={"after": YEAR}, bronze={"once": True})
DAY = date(2027, 3, 1)


def test_a_level_is_open_from_the_anniversary_of_the_one_before_it():
    held = [Held("bronze", date(2026, 3, 1), date(2029, 2, 28))]
    assert may_hold(BUILT, "silver", held, DAY) == ()
    assert may_hold(BUILT, "silver", held, date(2027, 2, 28)) == (
        "Silver comes after Bronze held for 12 months: it is held since 1 Mar 2026, so not before 1 Mar 2027.",
    )


def test_a_level_needs_what_the_levels_that_it_includes_build_on():
    assert may_hold(BUILT, "gold", [], DAY) == (
        "Gold includes Silver. Silver comes after Bronze held for 12 months, and Bronze is not held now.",
    )
    assert may_hold(BUILT, "gold", [Held("bronze", date(2026, 3, 1))], DAY) == ()
    assert may_hold(levels(bronze={"once": True}), "gold", [Held("bronze", date(2026, 3, 1))], DAY) == ()


def test_a_break_starts_the_time_anew_and_a_renewal_the_next_day_does_not():
    first = Held("bronze", date(2024, 1, 1), date(2026, 9, 30))
    assert may_hold(BUILT, "silver", [Held("bronze", date(2026, 10, 1)), first], DAY) == ()
    assert may_hold(BUILT, "silver", [first, Held("bronze", date(2026, 10, 2))], DAY)
    assert (
        may_hold(BUILT, "silver", [first, Held("bronze", date(2025, 1, 1), date(2025, 6, 1))], date(2026, 9, 30)) == ()
    )


def test_what_is_held_no_more_or_not_yet_does_not_count_and_a_higher_level_does():
    ended = [Held("bronze", date(2020, 1, 1), date(2027, 2, 28))]
    assert may_hold(BUILT, "silver", ended, DAY)[0].endswith("and Bronze is not held now.")
    assert may_hold(BUILT, "silver", [Held("bronze", date(2027, 4, 1))], DAY)
    assert may_hold(BUILT, "silver", [Held("gold", date(2020, 1, 1))], DAY) == ()
    assert may_hold(levels(gold={"after": Prerequisite("silver")}), "gold", [Held("bronze", date(2020, 1, 1))], DAY)


def test_a_level_given_once_is_never_given_again_whatever_became_of_it():
    assert may_hold(BUILT, "bronze", [], DAY) == ()
    gone = [Held("bronze", date(2019, 5, 4), date(2019, 6, 1))]
    assert may_hold(BUILT, "bronze", gone, DAY) == ("Bronze is given only once, and was given on 4 May 2019.",)
