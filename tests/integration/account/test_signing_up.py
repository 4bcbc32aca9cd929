"""Making an account, confirming the address, a forgotten password, one's own account."""

from __future__ import annotations

from sqlalchemy import func, select

from app.extensions import db
from app.models import AuditRow, User
from tests import factories as make
from tests.integration.account.conftest import PASSWORD, link_in, mails, send, sign_in

ROSE = {"name": "Rose Hall", "email": "Rose@Example.org ", "password": PASSWORD}


def user_of(email):
    db.session.rollback()
    return db.session.scalars(select(User).where(User.email == email)).first()


def test_a_new_person_signs_up_confirms_by_the_button_and_is_in(client):
    assert send(client, "/sign-up", ROSE).location == "/sign-up/sent"
    link = link_in(mails("rose@example.org")[0])
    assert b"rose@example.org" in client.get(link).data
    assert user_of("rose@example.org").email_confirmed_at is None, "looking at the link must not confirm"
    answer = send(client, link)
    assert answer.status_code == 302 and answer.location in {"/organisations/new", "/account"}
    assert user_of("rose@example.org").email_confirmed_at is not None
    assert b"Rose Hall" in client.get("/account").data
    actions = db.session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == ["account.signed-up", "account.confirmed"]


def test_a_confirmation_link_in_another_browser_signs_nobody_in(client, app):
    send(client, "/sign-up", ROSE)
    other = app.test_client()
    answer = send(other, link_in(mails("rose@example.org")[0]))
    assert answer.location.startswith("/sign-in")
    assert other.get("/account").status_code == 302


def test_signing_up_with_a_known_address_looks_the_same_and_changes_nothing(client, app, person):
    before = person.password_hash
    known = send(client, "/sign-up", {**ROSE, "email": person.email})
    unknown = send(app.test_client(), "/sign-up", ROSE)
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert mails(person.email)[0].subject == "You have an account already"
    assert user_of(person.email).password_hash == before


def test_an_address_taken_in_advance_is_the_owners_once_they_sign_up(client, app):
    send(client, "/sign-up", {**ROSE, "password": "the thief's password"})
    stolen = link_in(mails("rose@example.org")[0])
    owner = app.test_client()
    send(owner, "/sign-up", ROSE)
    assert owner.get(stolen).status_code == 200
    assert send(owner, stolen).status_code == 404, "the first link died with the second sign-up"
    send(owner, link_in(mails("rose@example.org")[1]))
    assert sign_in(app.test_client(), "rose@example.org", "the thief's password").status_code == 422


def test_a_weak_password_is_refused_and_what_was_typed_stays(client):
    answer = send(client, "/sign-up", {**ROSE, "password": "Password2026!"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "guessed first" in page
    assert 'value="Rose Hall"' in page and PASSWORD not in page
    assert db.session.scalar(select(func.count(User.id))) == 0


def test_who_has_not_confirmed_is_sent_the_link_again_instead_of_being_let_in(client):
    send(client, "/sign-up", ROSE)
    assert sign_in(client, "rose@example.org").location == "/sign-up/sent"
    assert client.get("/account").status_code == 302
    assert len(mails("rose@example.org")) == 2


def test_a_reset_link_works_once_and_ends_every_open_session(client, app, person, client_for):
    open_elsewhere = client_for(person)
    assert send(client, "/forgot-password", {"email": person.email}).status_code == 200
    link = link_in(mails(person.email)[0])
    assert send(client, link, {"password": "nine brave otters"}).location == "/sign-in"
    assert open_elsewhere.get("/account").status_code == 302
    assert client.get(link).status_code == 404
    assert sign_in(app.test_client(), person.email).status_code == 422
    assert sign_in(client, person.email, "nine brave otters").status_code == 302


def test_a_reset_link_runs_out_after_two_hours(client, person, clock):
    send(client, "/forgot-password", {"email": person.email})
    clock.forward(hours=2, seconds=1)
    assert client.get(link_in(mails(person.email)[0])).status_code == 404


def test_asking_for_a_reset_tells_nothing_about_who_has_an_account(client, person):
    pages = [
        send(client, "/forgot-password", {"email": email}).get_data(as_text=True).replace(email, "")
        for email in (person.email, "nobody@example.org")
    ]
    assert pages[0] == pages[1]


def test_links_cannot_be_asked_for_without_end(client, person):
    answers = [send(client, "/forgot-password", {"email": person.email}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    assert len(mails(person.email)) == 5


def test_changing_the_password_asks_for_the_old_one_and_ends_other_sessions(person, client_for, client):
    other = client_for(person)
    sign_in(client, person.email)
    wrong = {"current_password": "not my password", "new_password": "nine brave otters"}
    assert send(client, "/account/password", wrong).status_code == 422
    right = {"current_password": PASSWORD, "new_password": "nine brave otters"}
    assert send(client, "/account/password", right).location == "/account"
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302


def test_a_new_address_counts_from_its_confirmation_on_and_the_old_one_is_told(client, person):
    old = person.email
    sign_in(client, old)
    send(client, "/account/email", {"email": "new@example.org", "password": PASSWORD})
    assert user_of(old) is not None
    send(client, link_in(mails("new@example.org")[0]))
    assert user_of(old) is None and user_of("new@example.org") is not None
    assert mails(old)[-1].subject == "The e-mail address of your account was changed"


def test_a_new_address_that_somebody_has_is_not_taken_from_them(client, person):
    other = make.user()
    sign_in(client, person.email)
    assert send(client, "/account/email", {"email": other.email, "password": PASSWORD}).location == "/account"
    assert [mail.subject for mail in mails(other.email)] == ["You have an account already"]


def test_a_name_is_changed(client, person):
    sign_in(client, person.email)
    send(client, "/account/name", {"name": "  Rose   Hall-Green "})
    assert user_of(person.email).name == "Rose Hall-Green"


def test_a_new_address_ends_other_sessions_and_links_and_keeps_this_one(client, person, client_for):
    old, other = person.email, client_for(person)
    send(other, "/forgot-password", {"email": old})
    reset = link_in(mails(old)[-1])
    sign_in(client, old)
    send(client, "/account/email", {"email": "new@example.org", "password": PASSWORD})
    send(client, link_in(mails("new@example.org")[0]))
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert other.get(reset).status_code == 404


def test_signing_out_leaves_nothing_to_page_back_to(client, person):
    sign_in(client, person.email)
    assert client.get("/account").headers["Cache-Control"] == "private, no-cache"
    assert send(client, "/sign-out", {}, at="/account").headers["Clear-Site-Data"] == '"cache"'
