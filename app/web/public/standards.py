"""The published standards, to be read before anyone signs up."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.framework import Fact, FactKind, Framework
from app.edge.session import allow
from app.queries.lists import titles
from app.queries.standards import published_editions, standards_page
from app.web.public import bp


@bp.get("/standards")
@allow(Action.USE_PUBLIC_SITE)
def standards() -> ResponseReturnValue:
    return render_template("public/standards.html", editions=published_editions())


@bp.get("/standards/<framework>/<edition>")
@allow(Action.USE_PUBLIC_SITE)
def edition(framework: str, edition: str) -> ResponseReturnValue:
    known = standards_page(framework, edition, {}, None).framework
    facts, typed = _facts(known)
    target = request.args.get("level") or None
    page = standards_page(framework, edition, facts, target)
    return render_template(
        "public/edition.html", page=page, typed=typed, target=target, choices=_choices(known), kinds=FactKind
    )


def _choices(framework: Framework) -> dict[str, dict[str, str]]:
    """The codes and titles of every fact that is chosen from a list."""
    return {code: _choices_of(fact) for code, fact in framework.facts.items()}


def _choices_of(fact: Fact) -> dict[str, str]:
    if fact.list:
        return titles(fact.list)
    return {code: str(title) for code, title in fact.choices}


def _facts(framework: Framework) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The facts that the address names, as the rules take them, and all that was typed. What makes no sense is unknown."""
    facts: dict[str, Any] = {}
    typed: dict[str, list[str]] = {}
    for code, fact in framework.facts.items():
        given = [value[:40] for value in request.args.getlist(code)[:50] if value.strip()]
        typed[code] = given
        value = _value(fact, given)
        if value is not None:
            facts[code] = value
    return facts, typed


def _value(fact: Fact, given: list[str]) -> Any:
    if not given:
        return None
    if fact.kind in {FactKind.MONEY, FactKind.COUNT}:
        digits = given[0].replace(",", "").replace("£", "").strip()
        return int(digits) if digits.isdigit() and len(digits) < 13 else None
    if fact.kind is FactKind.YES_NO:
        return {"yes": True, "no": False}.get(given[0])
    known = [value for value in given if value in _choices_of(fact)]
    if fact.kind is FactKind.CODES:
        return known or None
    return known[0] if known else None
