"""Browsers that read forms, as people's do."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import MailMessage
from tests import factories as make

PASSWORD = "seven quiet herons"


@pytest.fixture(autouse=True)
def tokens_are_checked(app):
    """These are the pages of signing in and out: here every form carries its token or is refused."""
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def person(app):
    """Somebody with a confirmed address and a password that works."""
    return make.user(password_hash=app.extensions["passwords"].hash(PASSWORD))


def token_of(page: str) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def send(browser, address, data=None, at=None, **kwargs):
    """Open the page `at` (by default `address` itself) and send its form to `address`."""
    page = browser.get(at or address).get_data(as_text=True)
    return browser.post(address, data={**(data or {}), "csrf_token": token_of(page)}, **kwargs)


def sign_in(browser, email, password=PASSWORD, **more):
    return send(browser, "/sign-in", {"email": email, "password": password, **more})


def mails(recipient: str) -> list[MailMessage]:
    """What was queued for `recipient`, oldest first."""
    db.session.rollback()
    return list(db.session.scalars(select(MailMessage).where(MailMessage.recipient == recipient).order_by("id")))


def link_in(message: MailMessage) -> str:
    """The address of the first link of a message."""
    return re.search(r"%BASE%(\S+)", message.text)[1]
