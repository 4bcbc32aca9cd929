"""Any value of a framework in words, for the sentences of its changes."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from app.domain.asks import EvidenceAsk, Lighter, Passport
from app.domain.conditions import AllOf, AnyOf, FactIs, Not
from app.domain.framework import Fact
from app.domain.wording import Text, joined, number
from app.frameworks.in_words import rule_in_words

LONGEST_IN_A_SENTENCE = 60


def in_words(value: Any, facts: Mapping[str, Fact] | None = None) -> str:
    """A value as people would write it; "nothing" for what is not there. `facts` name the facts that rules ask."""
    match value:
        case None | () | "":
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case Text():
            return str(value) or "nothing"
        case Enum():
            return str(value.value).replace("-", " ").replace("_", " ")
        case Fraction():
            return number(value) if value.denominator in {1, 2, 4, 5, 10, 20, 25, 50, 100} else str(value)
        case int():
            return f"{value:,}"
        case FactIs() | AllOf() | AnyOf() | Not():
            return _rule(value, facts or {})
    return _composed(value, facts)


def _rule(rule: Any, facts: Mapping[str, Fact]) -> str:
    try:
        return rule_in_words(rule, dict(facts))
    except KeyError:  # a rule about a fact that the framework does not declare
        return str(rule)


def _composed(value: Any, facts: Mapping[str, Fact] | None) -> str:
    match value:
        case EvidenceAsk():
            return f"{value.title} ({in_words(value.kind)})"
        case Lighter():
            return f"{joined(value.evidence) or 'nothing'} when {in_words(value.when, facts)}"
        case Passport():
            return f"an award of {value.scheme}" + (f" at {value.level}" if value.level else "")
        case Mapping():
            return "; ".join(f"{key}: {in_words(each, facts)}" for key, each in value.items()) or "nothing"
        case tuple() | list() | frozenset() | set():
            return ", ".join(in_words(each, facts) for each in value)
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        said = [f for f in fields(value) if not _is_default(f, getattr(value, f.name))]
        parts = (f"{f.name.replace('_', ' ')} {in_words(getattr(value, f.name), facts)}" for f in said)
        return "; ".join(parts) or "nothing"
    return str(value)


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default_factory is not MISSING:
        return bool(value == field.default_factory())
    return field.default is not MISSING and bool(value == field.default)


FIELDS = {
    "why": "why it matters",
    "help": "how to answer",
    "because": "the reason",
    "newest_within": "how old the newest may be",
    "at_least": "how many are asked for",
    "lower_is_better": "whether lower is better",
    "not_rated": "who may leave it unrated",
    "answered_by": "who answers",
    "expected": "the point expected",
    "was": "which code it had before",
    "of": "the stage",
}


def field_name(name: str) -> str:
    """A field as a sentence names it; one without words here by its own name."""
    return FIELDS.get(name) or f"the {name.replace('_', ' ')}"


def fits(before: str, after: str) -> bool:
    """Whether both are short enough to stand in a sentence."""
    return len(before) + len(after) <= LONGEST_IN_A_SENTENCE


def quoted(words: object) -> str:
    return f"“{words}”"
