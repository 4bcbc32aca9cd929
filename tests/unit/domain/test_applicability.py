"""Which criteria are asked of whom, and in which words."""

from fractions import Fraction

import pytest

from app.domain.applicability import asked
from app.domain.conditions import AllOf, AnyOf, Comparator, FactIs, Not
from app.domain.errors import Invalid, NotFound
from app.domain.framework import Lighter
from tests.unit.domain.frameworks import ask, criterion, framework, node

HAS_STAFF = FactIs("staff", Comparator.AT_LEAST, Fraction(1))
SMALL = FactIs("income", Comparator.BELOW, Fraction(50000))
REGULATED = FactIs("regulated", Comparator.IS, True)
CARES = FactIs("services", Comparator.INCLUDES, ("home-care", "day-care"))
WELSH = FactIs("nation", Comparator.IS, "wales")


def one(rule, facts, **more):
    return asked(framework(node("A", criterion("A1", applies=rule, **more))), facts)[0]


@pytest.mark.parametrize(
    ("rule", "facts", "applies", "because"),
    [
        (None, {}, True, "Asked of everyone."),
        (HAS_STAFF, {"staff": 1}, True, "Asked because paid staff is 1, at least 1."),
        (HAS_STAFF, {"staff": 0}, False, "Not asked because paid staff is 0, below 1."),
        (SMALL, {"income": "49999.99"}, True, "Asked because income is £49,999.99, below £50,000."),
        (SMALL, {"income": 50000}, False, "Not asked because income is £50,000, at least £50,000."),
        (REGULATED, {"regulated": True}, True, "Asked because the answer to “Registered with the regulator” is yes."),
        (CARES, {"services": {"home-care", "advice"}}, True, "Asked because services include home care."),
        (CARES, {"services": []}, False, "Not asked because services do not include home care or day care."),
        (WELSH, {"nation": "england"}, False, "Not asked because nation is England, not Wales."),
        (
            Not(REGULATED),
            {"regulated": True},
            False,
            "Not asked because the answer to “Registered with the regulator” is yes.",
        ),
        (
            AllOf((HAS_STAFF, SMALL)),
            {"staff": 2, "income": 60000},
            False,
            "Not asked because income is £60,000, at least £50,000.",
        ),
        (AnyOf((HAS_STAFF, SMALL)), {"staff": 2, "income": 60000}, True, "Asked because paid staff is 2, at least 1."),
    ],
)
def test_a_criterion_says_why_it_is_asked_or_not(rule, facts, applies, because):
    answer = one(rule, facts)
    assert (answer.applies, answer.because) == (applies, because)


def test_a_fact_not_known_yet_asks_the_criterion_and_names_the_fact():
    answer = one(AllOf((HAS_STAFF, SMALL)), {"income": 20000, "staff": None})
    assert (answer.applies, answer.because) == (True, "Asked because we do not know yet: paid staff.")


def test_a_fact_that_decides_alone_does_not_wait_for_the_others():
    assert one(AllOf((HAS_STAFF, SMALL)), {"income": 60000}).applies is False
    assert (
        one(AnyOf((HAS_STAFF, SMALL)), {"income": 20000}).because == "Asked because income is £20,000, below £50,000."
    )


def test_a_small_organisation_owes_less_evidence_and_is_told_why():
    evidence = (ask("minutes"), ask("calendar"))
    small = one(None, {"income": 20000}, evidence=evidence, lighter=Lighter(SMALL, ("minutes",)))
    large = one(None, {"income": 80000}, evidence=evidence, lighter=Lighter(SMALL, ("minutes",)))
    unknown = one(None, {}, evidence=evidence, lighter=Lighter(SMALL, ("minutes",)))
    assert [each.code for each in small.evidence] == ["minutes"]
    assert small.lighter_because == "Less evidence is needed because income is £20,000, below £50,000."
    assert large.evidence == unknown.evidence == evidence


def test_a_criterion_of_a_higher_level_is_not_asked_of_who_applies_for_a_lower_one():
    mark = framework(node("A", criterion("A1"), criterion("A2", level="gold")))
    answers = {each.criterion.code: each for each in asked(mark, {}, target="silver")}
    assert answers["A1"].applies
    assert not answers["A2"].applies
    assert answers["A2"].because == "Not asked for Silver: it counts from Gold."
    assert all(each.applies for each in asked(mark, {}))


def test_an_unknown_level_is_refused():
    with pytest.raises(NotFound):
        asked(framework(node("A", criterion("A1"))), {}, target="platinum")


@pytest.mark.parametrize("value", ["many", -1, 1.5, True])
def test_a_fact_of_the_wrong_kind_is_refused_by_name(value):
    with pytest.raises(Invalid) as refusal:
        one(HAS_STAFF, {"staff": value})
    assert list(refusal.value.errors) == ["staff"]
