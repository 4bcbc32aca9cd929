"""Limits of how often one may ask, in front of the real application."""

from __future__ import annotations

import pytest

from app import create_app
from app.extensions import db
from config import load_settings


@pytest.fixture
def limited(app, tmp_path):
    """`limited(path, n, ...)`: the answers to `n` requests, behind limits of 2 a second and 5 at once."""
    settings = {
        "ENV": "test",
        "SECRET_KEY": "x" * 40,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "INSTANCE_DIR": str(tmp_path),
        "LIMIT_PER_SECOND": "2",
        "LIMIT_BURST": "5",
        "TRUSTED_PROXIES": "1",
    }
    other = create_app(load_settings(settings))
    other.extensions["limits"].clock = lambda: 100.0
    client = other.test_client()

    def ask(path: str, times: int, address: str = "192.0.2.7", **headers: str):
        return [client.get(path, buffered=True, headers={"X-Forwarded-For": address, **headers}) for _ in range(times)]

    yield ask
    with other.app_context():
        db.engine.dispose()


def test_an_api_refuses_with_a_problem_document_that_says_how_long_to_wait(limited):
    *fine, refused = limited("/api/v1/certificates/none", 6)
    assert {answer.status_code for answer in fine} == {404}
    assert [answer.headers["RateLimit"] for answer in fine[:2]] == ['"requests";r=4;t=1', '"requests";r=3;t=1']
    assert refused.status_code == 429
    assert refused.content_type == "application/problem+json"
    assert refused.json["type"].endswith("/api/problems/too-many-requests")
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["RateLimit-Policy"] == '"requests";q=5;w=3'
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_a_person_is_refused_with_a_page_and_nobody_asks_the_database(limited, count_statements):
    limited("/register", 5)
    limited("/register", 1)
    with count_statements() as statements:
        (refused,) = limited("/register", 1)
    assert (refused.status_code, refused.mimetype, statements) == (429, "text/html", [])
    assert "Wait a few seconds" in refused.text
    assert "Set-Cookie" not in refused.headers


def test_another_address_health_checks_and_styles_are_let_through(limited):
    limited("/register", 9)
    assert [answer.status_code for answer in limited("/register", 1, "192.0.2.8")] == [200]
    assert {answer.status_code for answer in limited("/healthz", 20)} == {200}
    assert {answer.status_code for answer in limited("/static/build/manifest.json", 20)} <= {200, 404}


def test_an_address_that_a_caller_invents_counts_as_the_one_that_the_proxy_saw(limited):
    answers = [limited("/register", 1, f"203.0.113.{number}, 192.0.2.7")[0].status_code for number in range(7)]
    assert answers[-1] == 429


def test_the_limits_are_on_unless_a_setting_says_otherwise():
    settings = load_settings({"ENV": "test", "SECRET_KEY": "x" * 40})
    assert (settings.limit_per_second, settings.limit_burst) == (10, 100)
    app = create_app(settings)
    assert app.extensions["limits"].open is not None


@pytest.mark.parametrize("path", ["/shortlist", "/snapshots/check", "/verify/none", "/statistics", "/compare"])
def test_pages_that_anybody_may_ask_have_the_same_limit(limited, path):
    assert [answer.status_code for answer in limited(path, 6)][-1] == 429
