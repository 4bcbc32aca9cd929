"""Every view of the product, for every role: whom it lets in, and that nobody reaches another's things.

The views are read from the product's own map of addresses, so that a new one is tested from its first day.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import url_for
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from app.domain.access import NOBODY, Action, Actor, Role, may_somewhere
from tests import factories as make
from tests.integration.everything import NoExample, Side, afresh, argument, is_owned

REFUSED = {403, 404}


@dataclass(frozen=True)
class View:
    """One address with one method."""

    name: str
    method: str
    rule: Rule
    allows: Action

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.name})"

    def parameters(self, side: Side, **instead) -> dict:
        return {name: argument(self.name, name, side) for name in sorted(self.rule.arguments)} | instead

    def ask(self, browser, parameters: dict):
        with browser.application.test_request_context():
            address = url_for(self.name, **parameters)
        try:
            return browser.open(address, method=self.method)
        except Exception as error:  # a page that breaks must not hide the rest
            return Response(status=f"500 {type(error).__name__}: {str(error)[:200]}")


def undeclared(app) -> list[str]:
    return [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "__allows__")
    ]


def views(app) -> list[View]:
    """Every view of the product, once for GET and once for POST, in the order of their addresses."""
    found = [
        View(rule.endpoint, method, rule, app.view_functions[rule.endpoint].__allows__)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and rule.endpoint not in undeclared(app)
        for method in ("GET", "POST")
        if method in rule.methods
    ]
    return sorted(found, key=str)


@pytest.fixture
def sides(app) -> tuple[Side, Side]:
    return afresh()


def browsers(side: Side, client_for) -> list[tuple[Role, Actor, object]]:
    return [(role, make.actor(person), client_for(person)) for role, person in side.people.items()]


def test_every_view_declares_whom_it_lets_in(app):
    assert undeclared(app) == [], "put @allow(Action....) from app.edge.session under the route of each of these"


def test_every_parameter_of_every_view_has_an_example(app, sides):
    problems = []
    for view in views(app):
        try:
            view.parameters(sides[0])
        except NoExample as error:
            problems.append(str(error))
    assert not problems, "\n".join(problems)


def test_every_page_without_parameters_lets_in_exactly_whom_it_declares(app, client, sides, client_for):
    problems = []
    everybody = [("nobody", NOBODY, client), *browsers(sides[0], client_for)]
    for view in views(app):
        if view.rule.arguments or view.method != "GET":
            continue
        for who, actor, browser in everybody:
            answer = view.ask(browser, {})
            if outcome(answer) != expected(view, actor):
                problems.append(f"{view} as {who}: {answer.status} {answer.location or ''}, {expected(view, actor)}")
    assert not problems, "\n".join(problems)


NOT_READY = 503
"""So /readyz and the map answer where the places of the country are not loaded, and say it to everybody."""


def outcome(answer) -> str:
    if answer.status_code == 302 and answer.location.startswith("/sign-in"):
        return "sign in first"
    if answer.status_code in {401, 403}:
        return "sign in first" if answer.status_code == 401 else "refused"
    return "let in" if answer.status_code < 400 or answer.status_code == NOT_READY else answer.status


def expected(view: View, actor: Actor) -> str:
    if may_somewhere(actor, view.allows):
        return "let in"
    return "refused" if actor.signed_in else "sign in first"


def test_a_view_turns_away_every_role_that_it_does_not_declare_even_at_their_own_things(app, client, sides, client_for):
    problems = []
    everybody = [("nobody", NOBODY, client), *browsers(sides[0], client_for)]
    for view in views(app):
        for who, actor, browser in everybody:
            if may_somewhere(actor, view.allows):
                continue
            answer = view.ask(browser, view.parameters(sides[0]))
            if outcome(answer) != expected(view, actor):
                problems.append(f"{view} as {who}: {answer.status}, not: {expected(view, actor)}")
    assert not problems, "\n".join(problems)


def test_nobody_reaches_what_belongs_to_another_organisation_or_scheme(app, sides, client_for):
    """Each address with their things, and with ours but for one of theirs: all are refused."""
    ours, theirs = sides
    problems = []
    people = browsers(ours, client_for)
    for view in views(app):
        owned = [name for name in sorted(view.rule.arguments) if is_owned(view.name, name)]
        if view.allows is Action.USE_PUBLIC_SITE or not owned:
            continue
        asked = [view.parameters(theirs)]
        asked += [view.parameters(ours, **{name: argument(view.name, name, theirs)}) for name in owned]
        for role, actor, browser in people:
            if not may_somewhere(actor, view.allows):
                continue
            for parameters in asked:
                answer = view.ask(browser, parameters)
                if answer.status_code not in REFUSED:
                    problems.append(f"{view} as {role} with {parameters}: {answer.status}")
    assert not problems, "\n".join(problems)


def test_every_page_opens_at_ones_own_things_for_somebody(app, sides, client_for):
    """Else the refusals above would prove nothing: the address may be wrong."""
    ours, _ = sides
    problems = []
    people = browsers(ours, client_for)
    for view in views(app):
        if not view.rule.arguments or view.method != "GET" or "token" in view.rule.arguments:
            continue
        answers = {role: view.ask(browser, view.parameters(ours)).status for role, _, browser in people}
        if all(status >= "400" and not status.startswith(str(NOT_READY)) for status in answers.values()):
            problems.append(f"{view} opens for nobody: {answers}")
    assert not problems, "\n".join(problems)


def test_every_action_is_possible_at_ones_own_things_for_somebody(app, client_for):
    """The same for views that only take what is sent. A form sent empty may be refused as such, but is read."""
    problems = []
    pages = {view.rule.rule for view in views(app) if view.method == "GET"}
    for view in views(app):
        if not view.rule.arguments or view.method != "POST" or view.rule.rule in pages:
            continue
        ours = afresh()[0]
        answers = {}
        for role, _, browser in browsers(ours, client_for):
            answers[role] = view.ask(browser, view.parameters(ours)).status
        if all(status[:3] in {"403", "404"} or status >= "500" for status in answers.values()):
            problems.append(f"{view} is possible for nobody: {answers}")
    assert not problems, "\n".join(problems)
