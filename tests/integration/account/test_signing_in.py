"""Signing in and out, guessing slowed down, and a session that ends in mid-form."""

from __future__ import annotations

import html
import re

import html5lib
import pytest

from app.backends.passwords import Passwords
from app.web.account.resume import KEPT_FOR
from app.web.account.tools import local
from tests import factories as make
from tests.conftest import NOON
from tests.integration.account.conftest import PASSWORD, send, sign_in, token_of

LONG_ANSWER = 'Trustees meet monthly.\nThey keep "minutes" & review <risks>.'


def hidden_fields(page: str) -> dict[str, str]:
    """What the page's own form sends without anybody typing."""
    main = html5lib.parse(page, namespaceHTMLElements=False).find(".//main")
    return {field.get("name"): field.get("value") for field in main.iter("input") if field.get("type") == "hidden"}


def test_signing_in_leads_to_the_page_that_was_asked_for(client, person):
    assert client.get("/account?x=1").location == "/sign-in?next=/account?x%3D1"
    page = client.get("/sign-in?next=/account?x%3D1").get_data(as_text=True)
    assert 'value="/account?x=1"' in page
    assert sign_in(client, person.email, next="/account?x=1").location == "/account?x=1"


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:x", "", None],
)
def test_no_address_leads_away_from_the_site(address):
    assert local(address) is None


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person):
    pages = [
        sign_in(client, email, "wrong password").get_data(as_text=True).replace(email, "").replace("\n", "")
        for email in (person.email, "nobody@example.org")
    ]
    without_token = [re.sub(r'name="csrf_token" value="[^"]+"', "", page) for page in pages]
    assert without_token[0] == without_token[1]
    assert "is not right" in pages[0]


def test_an_unknown_account_costs_as_much_work_as_a_known_one():
    passwords, verified = Passwords(cheap=True), []
    hasher = passwords._hasher
    passwords._hasher = type("Counting", (), {"verify": lambda _, *a: verified.append(1) or hasher.verify(*a)})()
    assert passwords.matches(None, "the password of nobody at all") is False
    assert verified == [1]


def test_after_ten_failures_even_the_right_password_waits(client, person, clock):
    for _ in range(10):
        assert sign_in(client, person.email, "wrong password").status_code == 422
        clock.forward(seconds=30)
    answer = sign_in(client, person.email)
    assert answer.status_code == 429 and b"Try again in 10 minutes" in answer.data
    assert int(answer.headers["Retry-After"]) <= 601
    clock.forward(minutes=10, seconds=1)
    assert sign_in(client, person.email).status_code == 302


def test_waiting_is_not_made_longer_by_trying(client, person, clock):
    for _ in range(10):
        sign_in(client, person.email, "wrong password")
    for _ in range(14):
        clock.forward(minutes=1)
        assert sign_in(client, person.email, "wrong password").status_code == 429
    clock.forward(minutes=1, seconds=1)
    assert sign_in(client, person.email).status_code == 302


def test_one_guess_against_each_of_many_accounts_is_slowed_down_too(client, person):
    for number in range(60):
        sign_in(client, f"person{number}@elsewhere.example", "wrong password")
    assert sign_in(client, person.email).status_code == 429


def test_success_forgives_earlier_failures(client, person):
    for _ in range(3):
        for _ in range(9):
            sign_in(client, person.email, "wrong password")
        assert sign_in(client, person.email).status_code == 302
        send(client, "/sign-out", at="/account")


def test_signing_in_begins_a_new_session(client, person):
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["left by somebody"] = "else"
        before = session["csrf_token"]
    sign_in(client, person.email)
    client.get("/account")
    with client.session_transaction() as session:
        assert "left by somebody" not in session and session["csrf_token"] != before


def test_signing_out_ends_the_session(client, person):
    sign_in(client, person.email)
    assert send(client, "/sign-out", at="/account").location == "/"
    assert client.get("/account").status_code == 302


def test_a_closed_account_does_not_open(client, person, clock):
    person.closed_at = clock.now
    make.save(person)
    assert sign_in(client, person.email).status_code == 422


def test_words_sent_after_the_session_ended_come_back_after_signing_in(client, app, clock):
    of = make.organisation()
    lead = make.member(of, password_hash=app.extensions["passwords"].hash(PASSWORD))
    sent = {"email": "new@example.org", "role": "contributor", "words": LONG_ANSWER, "old_password": "never carried"}
    lost = client.post(f"/organisations/{of.id}/people", data=sent)
    page = lost.get_data(as_text=True)
    assert lost.status_code == 401 and "You were signed out. Your words are kept." in page
    fields = hidden_fields(page)
    wrong = client.post("/sign-in", data={**fields, "email": lead.email, "password": "wrong password"})
    assert hidden_fields(wrong.get_data(as_text=True))["kept"] == fields["kept"]
    again = client.post("/sign-in", data={**fields, "email": lead.email, "password": PASSWORD})
    page = again.get_data(as_text=True)
    assert again.status_code == 200 and "Carry on where you were" in page
    assert html.escape(LONG_ANSWER.splitlines()[1]) in page.replace("&#34;", "&quot;")
    carried = hidden_fields(page)
    assert carried["words"] == LONG_ANSWER and "old_password" not in carried
    assert f'action="/organisations/{of.id}/people"' in page
    assert client.post(f"/organisations/{of.id}/people", data=carried).status_code == 302
    assert b"new@example.org" in client.get(f"/organisations/{of.id}/people").data


def test_a_form_of_an_earlier_session_is_offered_again_with_a_fresh_token(client, person):
    sign_in(client, person.email)
    lost = client.post("/account/name", data={"name": "Rose Hall", "csrf_token": "of another session"})
    page = lost.get_data(as_text=True)
    assert lost.status_code == 400 and "Carry on where you were" in page
    assert client.post("/account/name", data=hidden_fields(page)).status_code == 302
    assert b"Rose Hall" in client.get("/account").data


def test_a_form_sent_by_another_site_is_not_offered_again(client, person):
    sign_in(client, person.email)
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = client.post("/account/name", data={"name": "Mallory Words"}, headers=headers)
        assert answer.status_code == 400 and b"Mallory" not in answer.data


def test_kept_words_cannot_be_made_up_to_lead_elsewhere(client, app, person):
    forged = app.extensions["tokens"].__class__("another secret")

    kept = forged.sign("kept", {"to": "/account/name", "fields": [["name", "x y"]], "files": False}, NOON, KEPT_FOR)
    page = client.get("/sign-in").get_data(as_text=True)
    data = {"csrf_token": token_of(page), "email": person.email, "password": PASSWORD, "kept": kept}
    assert client.post("/sign-in", data=data).status_code == 302


def test_a_script_is_told_in_its_own_words_that_nobody_is_signed_in(client):
    answer = client.post("/account/name", headers={"X-Requested-With": "autosave"})
    assert answer.status_code == 401 and answer.mimetype == "application/problem+json"
