"""Rules about facts: do they hold, and in which words. A rule whose facts are not known yet is undecided (None)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.conditions import COMPARE, AllOf, AnyOf, Comparator, FactIs, Not, Rule
from app.domain.errors import Invalid
from app.domain.framework import Fact, FactKind
from app.domain.wording import joined, money, number

Value = Fraction | bool | str | frozenset[str]

OPPOSITE = {
    Comparator.AT_LEAST: Comparator.BELOW,
    Comparator.BELOW: Comparator.AT_LEAST,
    Comparator.AT_MOST: Comparator.ABOVE,
    Comparator.ABOVE: Comparator.AT_MOST,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`because` are clauses that say how the deciding facts stand; `missing` are titles of facts not known yet."""

    holds: bool | None
    because: tuple[str, ...]
    missing: tuple[str, ...] = ()


def decide(rule: Rule, facts: Mapping[str, Fact], values: Mapping[str, object]) -> Verdict:
    """Whether the rule holds, and why. Raises Invalid where a value is not of its fact's kind."""
    match rule:
        case FactIs():
            return _decide_fact(rule, facts[rule.fact], values.get(rule.fact))
        case Not(rule=inner):
            verdict = decide(inner, facts, values)
            turned = None if verdict.holds is None else not verdict.holds
            return Verdict(turned, verdict.because, verdict.missing)
        case AllOf(rules=rules):
            return _join([decide(each, facts, values) for each in rules], decider=False)
        case AnyOf(rules=rules):
            return _join([decide(each, facts, values) for each in rules], decider=True)


def holds(rule: Rule, facts: Mapping[str, Fact], values: Mapping[str, object]) -> bool | None:
    """The same decision as `decide` without its words."""
    match rule:
        case FactIs():
            value = known(facts[rule.fact], values.get(rule.fact))
            return None if value is None else _compare(rule, value)
        case Not(rule=inner):
            result = holds(inner, facts, values)
            return None if result is None else not result
        case AllOf(rules=rules):
            return _joined_result((holds(each, facts, values) for each in rules), decider=False)
        case AnyOf(rules=rules):
            return _joined_result((holds(each, facts, values) for each in rules), decider=True)


def known(fact: Fact, value: object) -> Value | None:
    """A fact's value in its exact form; None where it is not known. Raises Invalid with a sentence for the fact."""
    if value is None or value == "":
        return None
    try:
        return _exact(fact, value)
    except (TypeError, ValueError, ZeroDivisionError):
        raise Invalid({fact.code: f"{fact.title} cannot be “{value}”. {EXPECTED[fact.kind]}"}) from None


EXPECTED = {
    FactKind.MONEY: "Enter an amount in pounds, such as 25000.",
    FactKind.COUNT: "Enter a whole number, such as 3.",
    FactKind.YES_NO: "Answer yes or no.",
    FactKind.CHOICE: "Choose one of the answers.",
    FactKind.CODES: "Choose from the list.",
}


def _exact(fact: Fact, value: object) -> Value:
    if fact.kind in (FactKind.MONEY, FactKind.COUNT):
        return _exact_number(fact, value)
    if fact.kind is FactKind.YES_NO:
        if value in ("yes", "no"):
            return value == "yes"
        if isinstance(value, bool):
            return value
        raise ValueError
    if fact.kind is FactKind.CHOICE:
        if isinstance(value, str) and value in dict(fact.choices):
            return value
        raise ValueError
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError
    return frozenset(str(each) for each in value)


def _exact_number(fact: Fact, value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal | Fraction):
        raise TypeError
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    if exact < 0 or (fact.kind is FactKind.COUNT and exact.denominator != 1):
        raise ValueError
    return exact


def _compare(rule: FactIs, value: Value) -> bool:
    if rule.comparator in COMPARE:
        assert isinstance(value, Fraction)
        assert isinstance(rule.value, Fraction)
        return COMPARE[rule.comparator](value, rule.value)
    if rule.comparator is Comparator.INCLUDES:
        assert isinstance(value, frozenset)
        assert isinstance(rule.value, tuple)
        return not value.isdisjoint(rule.value)
    return value == rule.value


def _decide_fact(rule: FactIs, fact: Fact, given: object) -> Verdict:
    value = known(fact, given)
    if value is None:
        return Verdict(None, (), (_inside(str(fact.title)),))
    result = _compare(rule, value)
    return Verdict(result, (_clause(rule, fact, value, result),))


def _clause(rule: FactIs, fact: Fact, value: Value, result: bool) -> str:
    title = _inside(str(fact.title))
    if isinstance(value, bool):
        return f"the answer to “{fact.title}” is {'yes' if value else 'no'}"
    if rule.comparator is Comparator.INCLUDES:
        assert isinstance(value, frozenset)
        assert isinstance(rule.value, tuple)
        if result:
            return f"{title} include {joined(_name(fact, code) for code in rule.value if code in value)}"
        return f"{title} do not include {joined((_name(fact, code) for code in rule.value), 'or')}"
    if isinstance(value, str):
        other = "" if result else f", not {_name(fact, str(rule.value))}"
        return f"{title} is {_name(fact, value)}{other}"
    assert isinstance(value, Fraction)
    assert isinstance(rule.value, Fraction)
    write = money if fact.kind is FactKind.MONEY else number
    if rule.comparator is Comparator.IS:
        return f"{title} is {write(value)}" + ("" if result else f", not {write(rule.value)}")
    comparator = rule.comparator if result else OPPOSITE[rule.comparator]
    return f"{title} is {write(value)}, {comparator.replace('_', ' ')} {write(rule.value)}"


def _name(fact: Fact, code: str) -> str:
    titles = dict(fact.choices)
    return str(titles[code]) if code in titles else code.replace("-", " ").replace("_", " ")


def _inside(title: str) -> str:
    """A title as it reads inside a sentence: "Paid staff" -> "paid staff", but "CQC rating" stays."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def _join(verdicts: list[Verdict], *, decider: bool) -> Verdict:
    """Any (decider True) or all (decider False): a verdict equal to the decider settles it, and only those are told."""
    result = _joined_result((verdict.holds for verdict in verdicts), decider=decider)
    telling = [verdict for verdict in verdicts if verdict.holds is result]
    because = tuple(dict.fromkeys(clause for verdict in telling for clause in verdict.because))
    missing = tuple(dict.fromkeys(title for verdict in telling for title in verdict.missing))
    return Verdict(result, because, missing)


def _joined_result(results: Iterable[bool | None], *, decider: bool) -> bool | None:
    seen = set(results)
    if decider in seen:
        return decider
    return None if None in seen else not decider
