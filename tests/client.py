"""A test client that audits every page it fetches, so that no test has to remember to."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import db
from tests.html_audit import audit

SECRET = re.compile(r'value="[^"\s]{40,}"')
"""A form's token, which is another on every page: without it, pages that are alike are looked into once."""


@lru_cache(maxsize=1_000)
def audited(text: str) -> tuple[str, ...]:
    return tuple(audit(text))


class AuditingClient(FlaskClient):
    """Fetches like Flask's own client; a page with something wrong in it fails the test that fetched it."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # A request has a context, and so a session and a signed-in person, of its own, as in the running product; the
        # test's own session forgets what it read before.
        db.session.rollback()
        kwargs.setdefault("buffered", True)  # read to the end and closed, files as well
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if is_page(response):
            problems = audited(SECRET.sub('value="secret"', response.get_data(as_text=True)))
            assert not problems, f"{response.request.path} ({response.status}):\n" + "\n".join(problems)
        return response


def is_page(response: TestResponse) -> bool:
    """Whether the answer is a whole page that a person reads: not a redirect, a fragment, a file or an empty answer."""
    if response.mimetype != "text/html" or 300 <= response.status_code < 400 or not response.get_data():
        return False
    return "X-Fragment" not in response.headers and "attachment" not in response.headers.get("Content-Disposition", "")
