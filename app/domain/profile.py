"""What a provider's profile has to know: the facts on which the open frameworks' questions depend."""

from collections.abc import Iterable, Iterator

from app.domain.clauses import Before
from app.domain.conditions import AllOf, AnyOf, FactIs, Not, Rule
from app.domain.framework import Fact, Framework

KEPT_ELSEWHERE = frozenset({"services", "client_groups"})
"""Facts that the profile keeps as lists of its own, because the register shows them too."""


def facts_in(rule: Rule) -> Iterator[str]:
    """The codes of the facts that a rule asks for."""
    match rule:
        case FactIs(fact=fact):
            yield fact
        case Not(rule=inner):
            yield from facts_in(inner)
        case AllOf(rules=rules) | AnyOf(rules=rules):
            for each in rules:
                yield from facts_in(each)


def asked_of_providers(framework: Framework) -> tuple[Fact, ...]:
    """The facts that decide who may apply, what is asked, which evidence is owed and how much is looked at, in order.

    A fact that only holds an outcome down, such as a regulator's open finding, is the scheme's to establish: nobody is
    asked to report against themselves in a profile.
    """
    used: set[str] = set()
    for criterion in framework.criteria:
        if criterion.applies is not None:
            used.update(facts_in(criterion.applies))
        if criterion.lighter is not None:
            used.update(facts_in(criterion.lighter.when))
    for gate in framework.clauses.gates_before(Before.APPLICATION, Before.ASSESSMENT):
        if gate.facts is not None:
            used.update(facts_in(gate.facts))
    used.update(rule.of for rule in framework.assessment.samples.values() if rule.of)
    return tuple(fact for code, fact in framework.facts.items() if code in used)


def established_by_scheme(framework: Framework) -> tuple[Fact, ...]:
    """The facts that the scheme establishes on each case, in the framework's order: all that no profile is asked for."""
    asked = {fact.code for fact in asked_of_providers(framework)} | KEPT_ELSEWHERE
    return tuple(fact for code, fact in framework.facts.items() if code not in asked)


def facts_of_profile(frameworks: Iterable[Framework]) -> tuple[Fact, ...]:
    """The facts that one profile answers for all of these frameworks, each code once: the first framework's wording.

    Services and client groups are left out: the profile asks for them anyway.
    """
    found: dict[str, Fact] = {}
    for framework in frameworks:
        for fact in asked_of_providers(framework):
            if fact.code not in KEPT_ELSEWHERE:
                found.setdefault(fact.code, fact)
    return tuple(found.values())
