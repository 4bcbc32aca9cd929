"""What the tests of bad input share: who sends it, and what counts as broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests import factories as make
from tests.integration.everything import Side
from tests.integration.provider.conftest import TwoPlaces

GONE = "which is not there"  # an error may name a box of a form that has gone since: another form was sent before


def broken(browser, method: str, address: str, **sent) -> str:
    """What went wrong on our side; nothing where the answer is a refusal or a page."""
    try:
        status = browser.open(address, method=method, **sent).status_code
    except Exception as error:  # also where the client's own audit finds that the page is wrong
        return "" if GONE in str(error) else f"{type(error).__name__}: {str(error)[:300]}"
    return f"{status}" if status >= 500 and status != 503 else ""


def everybody(side: Side, client: Callable) -> Iterator[tuple[str, object, object]]:
    for role, person in side.people.items():
        yield role.value, make.actor(person), client(person)


@pytest.fixture(autouse=True)
def two_places(app):
    app.extensions["places"] = TwoPlaces()
    yield
    del app.extensions["places"]
