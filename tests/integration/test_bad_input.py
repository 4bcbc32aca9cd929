"""Every form with what nobody should send: nothing breaks, and nothing is kept that cannot be.

The forms are read from the pages themselves, so that a new one is tried from its first day. What lands in the database
is held against the columns' own bounds: SQLite would keep what PostgreSQL refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from sqlalchemy import Integer, String, select

from app.domain.access import Action, may_somewhere
from app.extensions import Base, db
from tests.integration import bad_input
from tests.integration.bad_input import broken, everybody
from tests.integration.everything import Side, afresh, argument
from tests.integration.test_permission_matrix import View, views

two_places = bad_input.two_places
NEVER = frozenset({"account.sign_out"})
DATE_PARTS = {"day": "3", "month": "12", "year": "2026"}

# What is written into the boxes of a form that is right otherwise, so that it comes as far as it can.
WORDS = {
    "zero bytes": "before\x00after \x1b[31m \x7f",
    "very long": "x" * 100_000,
    "signs of every kind": "\U0001f469\u200d\U0001f9bd \u202eevil\u202c \ud7ff \ufffe <b>&amp;'\"%s %BASE% =1+1",
    "line ends": "one\r\ntwo\nthree\rfour\u2028five",
}
# What is sent in every field at once, hidden ones and choices too.
VALUES = {
    "nothing": "",
    "a number beyond every column": "9" * 30,
    "a number beyond 32 bits": "2147483648",
    "a number beyond 64 bits, below zero": "-9223372036854775809",
    "a digit that is no number": "\u00b2",
    "no such choice": "../../etc/passwd",
}


@dataclass
class Form:
    """A form that posts: where to, and the boxes in it as name to (kind, first value)."""

    action: str
    boxes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def written(self, words: str) -> dict[str, str]:
        """Choices made, dates filled, `words` in every box for words."""
        return {name: self._right(name, kind, value, words) for name, (kind, value) in self.boxes.items()}

    def _right(self, name: str, kind: str, value: str, words: str) -> str:
        part = name.rpartition("-")[2]
        if part in DATE_PARTS:
            return DATE_PARTS[part]
        return words if kind in {"text", "textarea", "search", "url", "tel"} else value


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found, self.form, self.select = address, [], None, ""

    def handle_starttag(self, tag, attributes):
        held = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.form = Form(held.get("action") or self.address) if held.get("method", "").lower() == "post" else None
            self.found += [self.form] if self.form else []
        elif self.form is not None and tag in {"input", "textarea", "select", "button"} and held.get("name"):
            kind = held.get("type", "text") if tag == "input" else tag
            self.form.boxes.setdefault(held["name"], (kind, held.get("value", "")))
            self.select = held["name"] if tag == "select" else ""
        elif self.form is not None and tag == "option" and self.select and held.get("value"):
            kind, value = self.form.boxes[self.select]
            self.form.boxes[self.select] = (kind, value or held["value"])


def forms_on(view: View, side: Side, browser) -> list[Form]:
    answer = view.ask(browser, {name: argument(view.name, name, side) for name in view.rule.arguments})
    if answer.status_code != 200 or answer.mimetype != "text/html":
        return []
    reader = Forms(answer.request.path)
    reader.feed(answer.text)
    return [form for form in reader.found if not form.action.startswith("/sign-out")]


def beyond_their_columns() -> list[str]:
    """Values in the database that PostgreSQL would not have taken."""
    return [
        f"{table.name}.{column.name} holds {str(value)[:40]!r} ({len(str(value))} characters)"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for value in db.session.scalars(select(column).where(column.is_not(None)))
        if does_not_fit(column, value)
    ]


def does_not_fit(column, value) -> bool:
    if isinstance(column.type, Integer):
        return not -(2**31) <= int(value) < 2**31
    if isinstance(value, bytes):  # any byte may stand in a column of bytes
        return False
    text = str(value) if isinstance(column.type, String) else repr(value)
    longest = getattr(column.type, "length", None)
    return "\x00" in text or "\\x00" in text or bool(longest and len(text) > longest)


@pytest.fixture(scope="module")
def with_forms() -> dict[str, set[str]]:
    """The views on which a role has found forms: known after the first look, so that the others are not asked again."""
    return {}


def filled_forms(app, side: Side, client_for, client, known: dict[str, set[str]]):
    """Every form once, as the first who is shown it: who else may send it is the permission matrix's matter."""
    people = [*everybody(side, client_for), ("nobody", None, client)]
    seen: set[str] = set()
    pages = [view for view in views(app) if view.method == "GET"]
    for role, actor, browser in people:
        first = role not in known
        known.setdefault(role, set())
        for view in pages:
            open_to = view.allows is Action.USE_PUBLIC_SITE if actor is None else may_somewhere(actor, view.allows)
            if not open_to or view.name in NEVER or (not first and view.name not in known[role]):
                continue
            forms = [form for form in forms_on(view, side, browser) if form.action not in seen]
            if forms:
                known[role].add(view.name)
            for form in forms:
                seen.add(form.action)
                yield role, browser, form


@pytest.mark.parametrize("kind", WORDS)
def test_words_of_any_kind_are_kept_or_refused_and_break_nothing(app, client, client_for, with_forms, kind):
    problems = []
    for role, browser, form in list(filled_forms(app, afresh()[0], client_for, client, with_forms)):
        what = broken(browser, "POST", form.action, data=form.written(WORDS[kind]))
        problems += [f"{form.action} as {role}: {what}"] if what else []
    assert not problems + beyond_their_columns(), "\n".join(problems + beyond_their_columns())


def test_a_value_that_no_page_offers_breaks_no_form(app, client, client_for, with_forms):
    problems = []
    forms = list(filled_forms(app, afresh()[0], client_for, client, with_forms))
    for kind, value in VALUES.items():
        for role, browser, form in forms:
            what = broken(browser, "POST", form.action, data={name: [value, value] for name in form.boxes})
            problems += [f"{form.action} as {role} with {kind}: {what}"] if what else []
    for role, browser, form in forms:
        what = broken(browser, "POST", form.action, data={})
        problems += [f"{form.action} as {role} with no field at all: {what}"] if what else []
    assert not problems + beyond_their_columns(), "\n".join(problems + beyond_their_columns())
