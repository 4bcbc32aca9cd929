"""What every answer carries, and the pages that say that something went wrong."""

from __future__ import annotations

import re

import pytest
from flask import abort
from sqlalchemy import event

from app.domain.access import Role
from app.extensions import db
from app.web.headers import allow_framing_by_own_pages
from tests import factories as make


@pytest.fixture
def client(app):
    """Nobody's browser, which shows the page of a failure instead of raising it."""
    app.testing = False
    yield app.test_client()
    app.testing = True


def test_no_page_may_run_anything_inline_or_load_from_elsewhere(client):
    policy = client.get("/no-such-page").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(
        policy.split("; ")
    )


def test_only_a_view_that_asks_may_be_framed_and_only_by_ourselves(app):
    with app.test_request_context():
        allow_framing_by_own_pages()
        answer = app.process_response(app.make_response("evidence"))
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_browsers_are_told_to_keep_to_https_only_where_there_is_https(client):
    assert "Strict-Transport-Security" not in client.get("/no-such-page").headers
    assert "Strict-Transport-Security" in client.get("/no-such-page", base_url="https://touchstone.example").headers


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500, 503])
def test_every_refusal_has_a_page_of_its_own(app, status):
    with app.test_request_context(), pytest.raises(Exception, match=str(status)) as refusal:
        abort(status)
    with app.test_request_context("/somewhere"):
        answer = app.make_response(app.handle_http_exception(refusal.value))
    heading = re.search(r"<h1[^>]*>(.+?)</h1>", answer.get_data(as_text=True))
    assert answer.status_code == status
    assert heading
    assert str(status) not in heading[1]


def test_the_page_of_a_failure_asks_the_database_for_nothing(client, client_for, app):
    statements = []

    def count(*arguments):
        statements.append(arguments[2])

    event.listen(db.engine, "before_cursor_execute", count)
    try:
        with app.test_request_context("/somewhere"):
            answer = app.make_response(app.handle_user_exception(RuntimeError("the disk is gone")))
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.get_data(as_text=True)
    assert statements == []


def test_built_files_are_kept_for_a_year_under_an_address_of_their_content(app, client):
    with app.test_request_context():
        address = app.jinja_env.globals["asset_url"]("touchstone.css")
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert re.search(r"\?v=[0-9a-f]{12}$", address)
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.mimetype == "text/css"
    assert answer.cache_control.immutable
    assert "Accept-Encoding" in answer.vary


def test_a_browser_that_unpacks_nothing_gets_the_plain_file(app, client):
    answer = client.get("/static/build/touchstone.css", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert not answer.cache_control.immutable
    assert b"@font-face" in answer.get_data()


def test_the_style_sheet_names_only_files_that_are_there(app, client):
    sheet = client.get("/static/build/touchstone.css", headers={"Accept-Encoding": "identity"}).get_data(as_text=True)
    files = set(re.findall(r"url\(\"?([^)\"]+)\"?\)", sheet))
    assert files
    assert {client.get(f"/static/build/{file}").status_code for file in files} == {200}


def test_the_people_of_a_scheme_belong_to_people_and_its_audit_trail_to_applications(app, client_for):
    scheme = make.scheme()
    browser = client_for(make.officer(scheme, Role.MANAGER))
    current = re.compile(r'aria-current="true">([^<]+)<')
    assert current.findall(browser.get(f"/schemes/{scheme.code}/people").text) == ["People"]
    assert current.findall(browser.get(f"/schemes/{scheme.code}/audit").text) == ["Applications"]
