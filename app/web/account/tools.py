"""What the pages of this folder share: the tools behind them, sessions, and where one goes next."""

from __future__ import annotations

from secrets import token_urlsafe
from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user

from app.backends.passkeys import Passkeys
from app.backends.passwords import Passwords
from app.backends.tokens import Tokens
from app.backends.vault import Vault
from app.domain.access import Actor
from app.domain.errors import NotFound
from app.edge.session import Account, me, now, today
from app.queries.people import signed_in
from app.queries.wishes import mail_trouble
from app.services.sign_in import Entered


def init_app(app: Flask) -> None:
    app.extensions["passwords"] = Passwords(cheap=app.testing)
    app.extensions["tokens"] = Tokens(app.config["SECRET_KEY"])
    app.extensions["vault"] = Vault(app.config["SECRET_KEY"])
    app.extensions["passkeys"] = Passkeys(app.config["BASE_URL"])


def passwords() -> Passwords:
    """What hashes passwords here."""
    found: Passwords = current_app.extensions["passwords"]
    return found


def tokens() -> Tokens:
    """What signs links here."""
    found: Tokens = current_app.extensions["tokens"]
    return found


def vault() -> Vault:
    """What encrypts here what the database keeps."""
    found: Vault = current_app.extensions["vault"]
    return found


def passkeys() -> Passkeys:
    """What asks for passkeys here and checks them."""
    found: Passkeys = current_app.extensions["passkeys"]
    return found


def network_address() -> str:
    """Where the request comes from, as far as the proxies that are trusted tell."""
    return request.remote_addr or ""


def begin_session(entered: Entered, proved: bool = False) -> Actor:
    """Sign somebody in, with a session that has nothing of the one before it. Returns who they are.

    `proved`: they have just shown all that their account asks for, which for a while opens what is sensitive.
    """
    person = signed_in(entered.user_id, entered.session_key, today())
    if person is None:
        raise NotFound("This account is closed, or its password was changed a moment ago. Sign in again.")
    session.clear()
    g.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)  # the old session's, made for the form just read
    login_user(Account(person))
    session.permanent = True
    browser_key()  # from the beginning: a page that is answered at the same time as another must not lose it
    if proved:
        session["proved_at"] = now().timestamp()
    _tell_of_trouble(person.user_id)
    return person.actor


def _tell_of_trouble(user_id: int) -> None:
    """Say at the first page that mail to the person comes back: by mail they would never hear of it."""
    trouble = mail_trouble(user_id)
    if trouble:
        flash(f"Mail to {trouble.address} comes back. Check your address on the page of your account.", "warning")


def browser_key() -> str:
    """A text that this browser's session alone has: what was made for one browser works in no other."""
    if "browser" not in session:
        session["browser"] = token_urlsafe(16)
    return tokens().fingerprint("browser", session["browser"])


def address_of(endpoint: str, **values: object) -> str | None:
    """The address of a view, if it is there."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def home_of(actor: Actor) -> str:
    """The page where a person's day begins; the register for who does nothing here yet."""
    address = address_of("account.my_home") if actor.roles else None
    return address or address_of("public.register") or "/"


def first_step() -> str:
    """Where a person goes who has just confirmed their address and belongs nowhere yet."""
    return address_of("provider.new_organisation") or url_for("account.home")


def onward(wanted: str | None) -> ResponseReturnValue:
    """Go to the address that was wanted, if it is one of ours, else to where the person's work is."""
    return redirect(local(wanted) or home_of(me()))


def local(address: str | None) -> str | None:
    """The address if it leads to a page of this site and nowhere else; else None.

    Browsers read a backslash as a slash and skip control characters, so that neither may stand in it.
    """
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or not address.isprintable():
        return None
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
