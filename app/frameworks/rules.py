"""Rules about facts: from the file's keys to conditions, with their mistakes, and whether they can hold at all."""

from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.conditions import AllOf, AnyOf, Comparator, FactIs, Not, Rule
from app.domain.framework import Fact, FactKind
from app.domain.wording import number
from app.frameworks import fields as f
from app.frameworks.header import Names, refer
from app.frameworks.problems import Path, Problems, listed, suggestion

NUMBERS = (Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ABOVE, Comparator.BELOW, Comparator.IS)
COMPARATORS = {
    FactKind.MONEY: NUMBERS,
    FactKind.COUNT: NUMBERS,
    FactKind.YES_NO: (Comparator.IS,),
    FactKind.CHOICE: (Comparator.IS,),
    FactKind.CODES: (Comparator.INCLUDES,),
}
JOINS = ("all", "any", "not")


def read_rule(data: Any, path: Path, names: Names, problems: Problems) -> Rule | None:
    """The rule at `path`; None with problems noted where it cannot be read or can never hold."""
    before = len(problems.found)
    rule = _rule(data, path, names, problems)
    if rule is None or len(problems.found) > before:
        return None
    contradiction = never(rule)
    if contradiction:
        problems.add(path, f"this can never hold: {contradiction}")
    return rule


def _rule(data: Any, path: Path, names: Names, problems: Problems) -> Rule | None:
    if not isinstance(data, dict) or not data:
        problems.add(path, "expected a rule, such as {staff: {at_least: 1}}, or all, any, not")
        return None
    rules = [_entry(key, value, (*path, key), names, problems) for key, value in data.items()]
    good = tuple(rule for rule in rules if rule is not None)
    if len(good) < len(rules):
        return None
    return good[0] if len(good) == 1 else AllOf(good)


def _entry(key: str, value: Any, path: Path, names: Names, problems: Problems) -> Rule | None:
    if key == "not":
        inner = _rule(value, path, names, problems)
        return Not(inner) if inner else None
    if key in ("all", "any"):
        return _joined(key, value, path, names, problems)
    if key not in names.facts:
        problems.add_at_key(path, f"there is no fact `{key}`{suggestion(key, [*names.facts, *JOINS])}")
        return None
    fact = names.facts[key]
    return _comparisons(fact, value, path, names, problems) if fact else None


def _joined(key: str, value: Any, path: Path, names: Names, problems: Problems) -> Rule | None:
    if not isinstance(value, list) or not value:
        problems.add(path, f"expected a list of rules below `{key}`, such as [{{staff: {{at_least: 1}}}}, ...]")
        return None
    rules = [_rule(each, (*path, index), names, problems) for index, each in enumerate(value)]
    good = tuple(rule for rule in rules if rule is not None)
    return (AllOf(good) if key == "all" else AnyOf(good)) if len(good) == len(rules) else None


def _comparisons(fact: Fact, value: Any, path: Path, names: Names, problems: Problems) -> Rule | None:
    if not isinstance(value, dict):
        short = Comparator.INCLUDES if fact.kind is FactKind.CODES else Comparator.IS
        return _comparison(fact, short, value, path, problems)
    known = COMPARATORS[fact.kind]
    rules: list[Rule | None] = []
    for word, operand in value.items():
        here = (*path, word)
        if word in known:
            rules.append(_comparison(fact, Comparator(word), operand, here, problems))
            continue
        expected = suggestion(word, known) or f"; expected {listed(known)}"
        problems.add_at_key(here, f"`{word}` is no comparison of a fact of kind {fact.kind}{expected}")
    if not value:
        problems.add(path, f"expected a comparison: {listed(known)}")
    good = tuple(rule for rule in rules if rule is not None)
    if not good:
        return None
    return good[0] if len(good) == 1 else AllOf(good)


def _comparison(fact: Fact, comparator: Comparator, operand: Any, path: Path, problems: Problems) -> FactIs | None:
    try:
        value = _operand(fact, operand, path, problems)
    except ValidationError as error:
        problems.add(path, "; ".join(str(message) for message in error.messages))
        return None
    return None if value is None else FactIs(fact.code, comparator, value)


def _operand(
    fact: Fact, operand: Any, path: Path, problems: Problems
) -> Fraction | bool | str | tuple[str, ...] | None:
    if fact.kind is FactKind.YES_NO:
        return f.flag(operand)
    if fact.kind in (FactKind.MONEY, FactKind.COUNT):
        exact = f.exact(operand)
        if fact.kind is FactKind.COUNT and exact.denominator != 1:
            raise ValidationError(f"{fact.code} is a count: expected a whole number, not `{operand}`")
        return exact
    choices = dict(fact.choices)
    if fact.kind is FactKind.CHOICE:
        code = f.plain(operand)
        return code if refer(f"choice of {fact.code}", code, choices, path, problems) else None
    codes = operand if isinstance(operand, list) else [operand]
    if not codes:
        raise ValidationError("expected at least one code")
    parsed = tuple(f.code(each) for each in codes)
    if not choices:
        return parsed
    places = [(*path, index) if isinstance(operand, list) else path for index in range(len(parsed))]
    found = [
        refer(f"choice of {fact.code}", each, choices, place, problems)
        for each, place in zip(parsed, places, strict=True)
    ]
    return parsed if all(found) else None


def never(rule: Rule) -> str:
    """Why the rule can never hold, in words; empty where nothing is found against it."""
    match rule:
        case FactIs(comparator=Comparator.BELOW, value=Fraction() as value) if value <= 0:
            return f"{rule.fact} is never below {number(value)}"
        case AnyOf(rules=rules):
            reasons = [never(each) for each in rules]
            return reasons[0] if all(reasons) else ""
        case AllOf(rules=rules):
            inner = next((reason for reason in map(never, rules) if reason), "")
            return inner or _contradiction(_flat(rules))
        case _:
            return ""


def _flat(rules: tuple[Rule, ...]) -> list[Rule]:
    flat: list[Rule] = []
    for rule in rules:
        flat += _flat(rule.rules) if isinstance(rule, AllOf) else [rule]
    return flat


def _contradiction(rules: list[Rule]) -> str:
    by_fact: dict[str, list[FactIs]] = {}
    for rule in rules:
        if isinstance(rule, FactIs):
            by_fact.setdefault(rule.fact, []).append(rule)
        if isinstance(rule, Not) and rule.rule in rules:
            return "it asks for a rule and its opposite"
    return next((words for fact, each in by_fact.items() if (words := _clash(fact, each))), "")


def _clash(fact: str, rules: list[FactIs]) -> str:
    wanted = {str(rule.value) for rule in rules if rule.comparator is Comparator.IS}
    if len(wanted) > 1:
        return f"{fact} cannot be two things at once"
    low, low_open, high, high_open = Fraction(0), False, None, False
    for rule in rules:
        if not isinstance(rule.value, Fraction):
            continue
        value, word = rule.value, rule.comparator
        if word in (Comparator.AT_LEAST, Comparator.ABOVE, Comparator.IS) and value >= low:
            low, low_open = value, word is Comparator.ABOVE or (low_open and value == low)
        if word in (Comparator.AT_MOST, Comparator.BELOW, Comparator.IS) and (high is None or value <= high):
            high, high_open = value, word is Comparator.BELOW or (high_open and value == high)
    if high is not None and (low > high or (low == high and (low_open or high_open))):
        return f"nothing is {'above' if low_open else 'at least'} {number(low)} and {'below' if high_open else 'at most'} {number(high)}"
    return ""
