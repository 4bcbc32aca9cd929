"""What an organisation would be asked: the facts and the level that the address of a page names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from app.domain.framework import Fact, FactKind, Framework
from app.queries.lists import titles


@dataclass(frozen=True)
class Given:
    """`facts` as the rules take them, `typed` all that was typed, `choices` the codes and titles of facts from a list."""

    facts: Mapping[str, Any]
    typed: Mapping[str, list[str]]
    choices: Mapping[str, dict[str, str]]
    target: str | None

    def as_arguments(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        arguments: dict[str, Any] = {code: values for code, values in self.typed.items() if values}
        return arguments | ({"level": self.target} if self.target else {})


def given_facts(framework: Framework) -> Given:
    """What this request's address says about an organisation. What makes no sense is unknown."""
    facts: dict[str, Any] = {}
    typed: dict[str, list[str]] = {}
    for code, fact in framework.facts.items():
        given = [value[:40] for value in request.args.getlist(code)[:50] if value.strip()]
        typed[code] = given
        value = _value(fact, given)
        if value is not None:
            facts[code] = value
    choices = {code: _choices_of(fact) for code, fact in framework.facts.items()}
    level = request.args.get("level")
    return Given(facts, typed, choices, level if level in {each.code for each in framework.levels} else None)


def _choices_of(fact: Fact) -> dict[str, str]:
    if fact.list:
        return titles(fact.list)
    return {code: str(title) for code, title in fact.choices}


def _value(fact: Fact, given: list[str]) -> Any:
    if not given:
        return None
    if fact.kind in {FactKind.MONEY, FactKind.COUNT}:
        digits = given[0].replace(",", "").replace("£", "").strip()
        return int(digits) if digits.isdecimal() and len(digits) < 13 else None
    if fact.kind is FactKind.YES_NO:
        return {"yes": True, "no": False}.get(given[0])
    known = [value for value in given if value in _choices_of(fact)]
    if fact.kind is FactKind.CODES:
        return known or None
    return known[0] if known else None
