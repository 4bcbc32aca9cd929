"""Signing in with two steps in a real browser: an app's codes, and passkeys of a device that the browser makes up."""

from __future__ import annotations

from itertools import count

import pyotp
import pytest
from playwright.sync_api import CDPSession, Page, expect

from app.models import Passkey, User
from tests import factories as make
from tests.browser.checks import check_page, check_width
from tests.browser.walk import PASSWORD, follow, heading, press, said

_people = count(1)


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def person(app) -> User:
    hashed = app.extensions["passwords"].hash(PASSWORD)
    return make.member(make.organisation(), password_hash=hashed, email=f"two-step-{next(_people)}@example.org")


@pytest.fixture
def by_name(site) -> str:
    """The site's address by name: browsers keep passkeys for names alone."""
    return site.url.replace("127.0.0.1", "localhost")


def device(page: Page, verifies: bool = True) -> tuple[CDPSession, str]:
    """A device of the page's own that keeps passkeys and, if it `verifies`, knows its person by a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def sign_in(page: Page, at: str, person: User) -> None:
    page.goto(f"{at}/sign-in")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")


def sign_out(page: Page) -> None:
    page.wait_for_load_state()  # before its styles are there, every page shows the menu of a phone
    menu = page.locator("summary", has_text="Menu")
    if menu.is_visible():
        menu.click()
    press(page, "Sign out")
    said(page, "You are signed out.")


def add_passkey(page: Page, at: str, name: str) -> None:
    page.goto(f"{at}/account/security/passkeys/add")
    page.get_by_label("Name of the passkey").fill(name)
    press(page, "Make the passkey")


def test_a_passkey_signs_in_alone_stands_in_for_a_code_and_is_taken_off(new_page, by_name, person):
    page = new_page()
    device(page)
    sign_in(page, by_name, person)
    page.goto(f"{by_name}/account/security")
    check_page(page, "security-off")
    follow(page, "Add a passkey")
    check_page(page, "add-passkey")
    page.get_by_label("Name of the passkey").fill("My telephone")
    press(page, "Make the passkey")
    heading(page, "Your recovery codes")
    check_page(page, "recovery-codes")
    press(page, "I have kept them")
    said(page, "My telephone")
    check_page(page, "security-on")

    sign_out(page)
    page.goto(f"{by_name}/sign-in")
    check_page(page, "sign-in")
    press(page, "Sign in with a passkey")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"{by_name}/account/security")
    expect(page.get_by_role("table", name="Your last sign-ins").get_by_role("cell").first).to_have_text("Passkey")

    sign_out(page)
    sign_in(page, by_name, person)
    heading(page, "Second step")
    check_page(page, "second-step")
    press(page, "Use a passkey")
    page.wait_for_url(lambda url: "/sign-in" not in url)

    page.goto(f"{by_name}/account/security")
    follow(page, "Remove My telephone")
    heading(page, "Confirm that it is you")
    check_page(page, "prove")
    press(page, "Use a passkey")
    heading(page, "Remove the passkey My telephone?")
    press(page, "Remove the passkey")
    said(page, "Two-step sign-in is off")


def test_an_app_is_set_up_from_the_key_and_its_code_opens_the_door_without_script(new_page, site, person):
    page = new_page(width=390, script=False)
    sign_in(page, site.url, person)
    page.goto(f"{site.url}/account/security/app")
    page.locator("summary", has_text="I cannot scan it").click()
    check_width(page, "set-up-app")
    key = page.locator(".ts-code").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(pyotp.TOTP(key).now())
    press(page, "Confirm the code")
    code = page.locator(".ts-codes .ts-code").first.inner_text()
    sign_out(page)
    sign_in(page, site.url, person)
    heading(page, "Second step")
    check_width(page, "second-step-without-script")
    press(page, "Use a recovery code")
    page.get_by_label("Recovery code").fill(code)
    press(page, "Sign in")
    page.goto(f"{site.url}/account/security")
    said(page, "9 of them are left")


def test_a_passkey_whose_count_went_back_was_copied_and_is_refused(new_page, by_name, person):
    page = new_page()
    device(page)
    sign_in(page, by_name, person)
    add_passkey(page, by_name, "Copied")
    heading(page, "Your recovery codes")
    sign_out(page)
    make.db.session.rollback()
    key = make.db.session.query(Passkey).filter_by(user_id=person.id).one()
    key.sign_count = 1_000
    make.db.session.commit()
    page.goto(f"{by_name}/sign-in")
    press(page, "Sign in with a passkey")
    said(page, "This passkey was not accepted")
    page.goto(f"{by_name}/account")
    heading(page, "Sign in")


def test_what_goes_wrong_with_a_passkey_is_said_in_plain_words_and_the_page_stays(new_page, by_name, person):
    page = new_page()
    session, made_up = device(page)
    sign_in(page, by_name, person)
    add_passkey(page, by_name, "First")
    heading(page, "Your recovery codes")
    add_passkey(page, by_name, "Second on the same device")
    said(page, "This device has a passkey for your account already.")
    expect(page.get_by_label("Name of the passkey")).to_have_value("Second on the same device")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": made_up, "isUserVerified": False})
    sign_out(page)
    page.goto(f"{by_name}/sign-in")
    press(page, "Sign in with a passkey")
    said(page, "Nothing was confirmed")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()


def test_an_answer_that_was_sent_once_is_not_taken_again_nor_from_another_browser(new_page, by_name, person):
    page = new_page()
    device(page)
    sign_in(page, by_name, person)
    add_passkey(page, by_name, "Mine")
    heading(page, "Your recovery codes")
    sign_out(page)
    page.goto(f"{by_name}/sign-in")
    with page.expect_request(lambda request: request.url.endswith("/sign-in/passkey")) as sent:
        press(page, "Sign in with a passkey")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    fields = sent.value.post_data_json
    sign_out(page)
    page.goto(f"{by_name}/sign-in")
    token = page.locator("[name=csrf_token]").first.get_attribute("value")
    again = page.request.post(f"{by_name}/sign-in/passkey", form={**fields, "csrf_token": token})
    assert again.status == 422 and "open for too long, or was sent twice" in again.text()
    other = new_page()
    other.goto(f"{by_name}/sign-in")
    token = other.locator("[name=csrf_token]").first.get_attribute("value")
    stolen = other.request.post(f"{by_name}/sign-in/passkey", form={**fields, "csrf_token": token})
    assert stolen.status == 422 and "open for too long" in stolen.text()


def test_the_pages_by_number_say_where_passkeys_work(new_page, site, person, by_name):
    page = new_page(width=390)
    page.goto(f"{site.url}/sign-in")
    expect(page.get_by_role("link", name="Open this page there")).to_have_attribute("href", f"{by_name}/sign-in")
    check_page(page, "sign-in-by-number")
