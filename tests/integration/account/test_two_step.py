"""Two steps at the door: codes of an app, recovery codes, what is tried too often, and what asks again who one is."""

from __future__ import annotations

import re
from dataclasses import replace

import pyotp
import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.extensions import db
from app.models import AuditRow, Authenticator, RecoveryCode, SignIn, User
from app.services import sign_up
from tests import factories as make
from tests.conftest import NOON
from tests.integration.account.conftest import PASSWORD, mails, send, sign_in, token_of

SECOND = "/sign-in/second-step"


def code_at(secret: str, clock, seconds: float = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now.timestamp() + seconds))


def shown_key(page: str) -> str:
    return re.search(r'<code class="ts-code">([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")


def shown_codes(page: str) -> list[str]:
    return re.findall(r'<code class="ts-code">([2-9a-z]{5}-[2-9a-z]{5})</code>', page)


def set_up(browser, clock) -> tuple[str, list[str]]:
    """Set up an app as a person does. Returns its key and the recovery codes."""
    page = browser.get("/account/security/app").get_data(as_text=True)
    key = shown_key(page)
    done = browser.post("/account/security/app", data={"code": code_at(key, clock), "csrf_token": token_of(page)})
    assert done.status_code == 200, done.get_data(as_text=True)
    clock.forward(minutes=5)
    return key, shown_codes(done.get_data(as_text=True))


@pytest.fixture
def guarded(app, client, person, clock):
    """A person who signs in with two steps, the key of their app and their recovery codes; nobody is signed in."""
    sign_in(client, person.email)
    key, codes = set_up(client, clock)
    send(client, "/sign-out", at="/account")
    return person, key, codes


def is_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def test_the_picture_and_the_key_are_of_one_secret_which_stays_until_its_first_code_is_right(client, person, clock):
    sign_in(client, person.email)
    page = client.get("/account/security/app").get_data(as_text=True)
    key = shown_key(page)
    assert f"secret={key}" in page and "<svg" in page and "style=" not in page
    wrong = client.post("/account/security/app", data={"code": "000000", "csrf_token": token_of(page)})
    assert wrong.status_code == 422 and shown_key(wrong.get_data(as_text=True)) == key
    assert db.session.scalars(select(Authenticator)).first() is None
    right = client.post("/account/security/app", data={"code": code_at(key, clock), "csrf_token": token_of(page)})
    assert len(shown_codes(right.get_data(as_text=True))) == 10
    assert right.headers["Cache-Control"] == "no-store"
    app = db.session.scalars(select(Authenticator)).one()
    assert key not in app.sealed_secret
    assert [mail.subject for mail in mails(person.email)] == ["Two-step sign-in is on"]


def test_the_password_alone_opens_nothing_any_more(client, guarded, clock):
    person, key, _ = guarded
    answer = sign_in(client, person.email, next="/account?x=1")
    assert answer.location == f"{SECOND}?next=/account?x%3D1"
    assert not is_in(client)
    answer = send(client, SECOND, {"code": code_at(key, clock), "next": "/account?x=1"})
    assert answer.location == "/account?x=1" and is_in(client)
    assert [row.means.value for row in db.session.scalars(select(SignIn).order_by(SignIn.id))] == ["password", "app"]


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_counts_half_a_minute_before_and_after_its_time(client, guarded, clock, seconds, taken):
    person, key, _ = guarded
    sign_in(client, person.email)
    code = code_at(key, clock, seconds)
    assert send(client, SECOND, {"code": f"{code[:3]} {code[3:]}"}).status_code == (302 if taken else 422)
    assert is_in(client) is taken


def test_a_code_that_was_taken_is_not_taken_again(app, client, guarded, clock):
    person, key, _ = guarded
    code = code_at(key, clock)
    sign_in(client, person.email)
    assert send(client, SECOND, {"code": code}).status_code == 302
    other = app.test_client()
    sign_in(other, person.email)
    again = send(other, SECOND, {"code": code})
    assert again.status_code == 422 and b"used already" in again.data and not is_in(other)
    earlier = send(other, SECOND, {"code": code_at(key, clock, -30)})
    assert earlier.status_code == 422, "nor one from before it"


def test_the_second_step_waits_ten_minutes_and_ends_with_the_password(client, guarded, clock):
    person, key, _ = guarded
    sign_in(client, person.email)
    clock.forward(minutes=10, seconds=1)
    assert b"Too much time has passed" in client.get(SECOND).data
    sign_in(client, person.email)
    page = client.get(SECOND).get_data(as_text=True)
    db.session.get(User, person.id).session_key = "another"
    db.session.commit()
    answer = client.post(SECOND, data={"code": code_at(key, clock), "csrf_token": token_of(page)})
    assert b"Too much time has passed" in answer.data and not is_in(client)


def test_after_five_wrong_codes_even_the_right_one_waits(client, guarded, clock):
    person, key, _ = guarded
    sign_in(client, person.email)
    for number in range(5):
        assert send(client, SECOND, {"code": f"00000{number}"}).status_code == 422
    for _ in range(2):
        assert send(client, SECOND, {"code": code_at(key, clock)}).status_code == 429
    warnings = [mail.subject for mail in mails(person.email) if "may know" in mail.subject]
    assert warnings == ["Somebody may know your password"], "told once, not at every try"
    clock.forward(minutes=15, seconds=1)
    sign_in(client, person.email)
    assert send(client, SECOND, {"code": code_at(key, clock)}).status_code == 302


def test_a_recovery_code_lets_in_once_however_it_is_typed_and_the_person_is_told(client, guarded):
    person, _, codes = guarded
    sign_in(client, person.email)
    assert send(client, "/sign-in/recovery-code", {"code": codes[3].upper().replace("-", " ")}).status_code == 302
    assert is_in(client)
    assert "9 of them are left" in mails(person.email)[-1].text
    send(client, "/sign-out", at="/account")
    sign_in(client, person.email)
    assert send(client, "/sign-in/recovery-code", {"code": codes[3]}).status_code == 422
    stored = {row.code_hash for row in db.session.scalars(select(RecoveryCode))}
    assert not stored & {code.replace("-", "") for code in codes}


def test_new_recovery_codes_end_the_old_ones_and_come_as_a_file(client, guarded, clock):
    person, key, codes = guarded
    sign_in(client, person.email)
    send(client, SECOND, {"code": code_at(key, clock)})
    page = send(client, "/account/security/recovery-codes").get_data(as_text=True)
    fresh = shown_codes(page)
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    file = client.post(
        "/account/security/recovery-codes/file", data={"shown": fresh, "csrf_token": token_of(page)}
    ).get_data(as_text=True)
    assert all(code in file for code in fresh) and "16 Nov 2026" in file
    send(client, "/sign-out", at="/account")
    sign_in(client, person.email)
    assert send(client, "/sign-in/recovery-code", {"code": codes[0]}).status_code == 422


def test_the_app_is_taken_off_only_with_password_and_code(client, guarded, clock):
    person, key, _ = guarded
    sign_in(client, person.email)
    send(client, SECOND, {"code": code_at(key, clock)})
    asked = client.get("/account/security/app/remove")
    assert asked.location == "/account/prove?next=/account/security/app/remove", "signing in was not enough"
    assert send(client, asked.location, {"password": "wrong password", "code": "123456"}).status_code == 422
    assert send(client, asked.location, {"password": PASSWORD, "code": ""}).status_code == 422
    clock.forward(minutes=1)
    assert send(client, asked.location, {"password": PASSWORD, "code": code_at(key, clock)}).status_code == 302
    send(client, "/account/security/app/remove")
    db.session.rollback()
    assert db.session.get(User, person.id).two_step_at is None
    assert db.session.scalars(select(RecoveryCode)).first() is None
    assert mails(person.email)[-1].subject == "Two-step sign-in is off"
    send(client, "/sign-out", at="/account")
    assert sign_in(client, person.email).location != SECOND and is_in(client)


def test_what_is_sensitive_asks_again_after_ten_minutes_but_takes_what_was_begun_before(client, guarded, clock):
    person, key, _ = guarded
    sign_in(client, person.email)
    send(client, SECOND, {"code": code_at(key, clock)})
    page = client.get("/account/password").get_data(as_text=True)
    clock.forward(minutes=11)
    assert client.get("/account/password").location == "/account/prove?next=/account/password"
    new = {"current_password": PASSWORD, "new_password": "nine noisy magpies", "csrf_token": token_of(page)}
    assert client.post("/account/password", data=new).status_code == 302
    assert is_in(client), "the browser in which it was changed stays signed in"


def test_a_second_look_at_a_confirmation_link_does_not_pass_by_the_second_step(app, client, guarded):
    person, _, _ = guarded
    row = db.session.get(User, person.id)
    tokens = app.extensions["tokens"]
    values = {"user": row.id, "email": row.email, "mark": sign_up.mark_of(row, tokens)}
    link = f"/confirm/{tokens.sign('confirm', values, app.extensions['clock'](), sign_up.LINK_LASTS)}"
    other = app.test_client()
    with other.session_transaction() as session:
        session["signing_up"] = person.email
    send(other, link)
    assert not is_in(other)


def test_words_kept_from_an_ended_session_come_through_both_steps(client, guarded, clock):
    person, key, _ = guarded
    lost = client.post("/account/name", data={"name": "Nia of the Long Meadow"})
    page = lost.get_data(as_text=True)
    kept = re.search(r'name="kept"[^>]* value="([^"]+)"', page)[1]
    first = client.post(
        "/sign-in",
        data={"email": person.email, "password": PASSWORD, "kept": kept, "csrf_token": token_of(page)},
    )
    second = first.get_data(as_text=True)
    assert f'value="{kept}"' in second
    fields = {"kept": kept, "csrf_token": token_of(second)}
    recovery = client.post("/sign-in/recovery-code", data={**fields, "open": "yes"})
    assert recovery.status_code == 200 and f'value="{kept}"' in recovery.get_data(as_text=True)
    done = client.post(SECOND, data={"code": code_at(key, clock), **fields})
    assert "Nia of the Long Meadow" in done.get_data(as_text=True)


def test_the_operator_takes_it_off_and_the_person_is_told(app, client, guarded):
    person, _, _ = guarded
    runner = app.test_cli_runner()
    assert "has no" not in runner.invoke(args=["people", "reset-two-step", person.email]).output
    db.session.rollback()
    assert db.session.get(User, person.id).two_step_at is None
    assert mails(person.email)[-1].subject == "Two-step sign-in was taken off your account"
    assert db.session.scalars(select(AuditRow.action).order_by(AuditRow.id.desc())).first() == "two-step.reset"
    again = runner.invoke(args=["people", "reset-two-step", person.email])
    assert again.exit_code == 1 and "has no two-step sign-in" in again.output


def test_signing_out_everywhere_leaves_this_browser_signed_in(app, client, person):
    sign_in(client, person.email)
    other = app.test_client()
    sign_in(other, person.email)
    assert is_in(other)
    send(client, "/account/security/sign-out-everywhere", at="/account/security")
    assert is_in(client) and not is_in(other)


def test_staff_are_led_to_set_it_up_may_put_it_off_for_a_week_and_then_may_not(app, client, clock):
    scheme = make.scheme()
    manager = make.officer(scheme, Role.MANAGER, password_hash=app.extensions["passwords"].hash(PASSWORD))
    lead = make.member(make.organisation(), password_hash=app.extensions["passwords"].hash(PASSWORD))
    app.config["SETTINGS"], before = with_two_step(app.config["SETTINGS"], "staff"), app.config["SETTINGS"]
    try:
        other = app.test_client()
        assert "required" not in sign_in(other, lead.email).location
        answer = sign_in(client, manager.email, next="/people")
        assert answer.location == "/account/two-step/required?next=/people"
        assert b"23 Nov 2026" in client.get(answer.location).data and b"Not now" in client.get(answer.location).data
        assert client.get("/people").status_code == 302 and "required" not in client.get("/people").location
        clock.forward(days=7, seconds=1)
        assert client.get("/people").location == "/account/two-step/required?next=/people"
        assert b"Not now" not in client.get("/account/two-step/required").data
        assert client.get("/standards").status_code == 200, "what is public stays open"
        assert send(client, f"/schemes/{scheme.code}/people", at="/account/security").status_code == 403
        again = app.test_client()
        sign_in(again, manager.email)
        set_up(again, clock)
        assert "required" not in again.get("/people").location
    finally:
        app.config["SETTINGS"] = before


def with_two_step(settings, required: str):
    return replace(settings, require_two_step=required)


def test_the_page_of_ones_sign_ins_shows_when_and_how_and_keeps_the_last_twenty(
    client, person, clock, count_statements
):
    for _ in range(22):
        sign_in(client, person.email)
        send(client, "/sign-out", at="/account")
        clock.forward(hours=1)
    sign_in(client, person.email)
    page = client.get("/account/security").get_data(as_text=True)
    assert page.count("Password alone") == 20
    assert db.session.query(SignIn).count() == 20
    assert NOON.strftime("%Y") in page
