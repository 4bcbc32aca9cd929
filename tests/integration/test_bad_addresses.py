"""Every address with what nobody should ask for: nothing breaks."""

from __future__ import annotations

from urllib.parse import quote

from flask import url_for

from app.domain.access import may_somewhere
from tests.integration import bad_input
from tests.integration.bad_input import broken, everybody
from tests.integration.everything import afresh, argument
from tests.integration.test_permission_matrix import views

two_places = bad_input.two_places
IN_ADDRESSES = ("9" * 30, "2147483648", "\x00", "x" * 3000, "\U0001f469\u202e%s'--")
IN_QUERIES = (
    "q page near miles person action case assessor state kind show evidence level next number service area sort".split()
)
FEW = frozenset({"verb", "kind", "ending"})
"""Parts of an address that can only be one of a few words: the router knows no other address."""


def test_an_address_that_means_nothing_is_not_found(app, client_for, client):
    ours = afresh()[0]
    people = {role: (actor, browser) for role, actor, browser in everybody(ours, client_for)}
    problems = []
    for view in views(app):
        ask = next((browser for actor, browser in people.values() if may_somewhere(actor, view.allows)), client)
        right = {name: argument(view.name, name, ours) for name in view.rule.arguments}
        for name in right.keys() - FEW:
            for value in IN_ADDRESSES:
                with app.test_request_context():
                    known = url_for(
                        view.name, **{**right, name: 7_777_777 if isinstance(right[name], int) else "x7x7x"}
                    )
                address = known.replace("7777777" if isinstance(right[name], int) else "x7x7x", quote(value, safe=""))
                what = broken(ask, view.method, address)
                problems += [f"{view} with {name}={value[:40]!r}: {what}"] if what else []
        for value in IN_ADDRESSES if view.method == "GET" else ():
            with app.test_request_context():
                address = url_for(view.name, **right)
            what = broken(ask, "GET", address, query_string=dict.fromkeys(IN_QUERIES, value))
            problems += [f"{view} asked with {value[:40]!r}: {what}"] if what else []
    assert not problems, "\n".join(problems)
