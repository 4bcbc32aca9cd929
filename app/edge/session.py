"""Who is asking, and what time it is: the only place where pages learn either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from flask_login import UserMixin, current_user

from app.domain.access import NOBODY, Action, Actor, may_somewhere
from app.domain.errors import NotAllowed
from app.extensions import login
from app.queries.people import SignedIn, signed_in

UK = ZoneInfo("Europe/London")
View = TypeVar("View", bound=Callable[..., Any])


class Account(UserMixin):
    """What flask-login holds: the signed-in person as read for this request."""

    def __init__(self, person: SignedIn) -> None:
        self.person = person

    @property
    def actor(self) -> Actor:
        return self.person.actor

    def get_id(self) -> str:
        return f"{self.person.user_id}:{self.person.session_key}"


def init_app(app: Flask) -> None:
    """Tell flask-login how to find the person behind a session."""
    app.extensions.setdefault("clock", lambda: datetime.now(UTC))


@login.user_loader
def _load(session_id: str) -> Account | None:
    user_id, _, key = session_id.partition(":")
    person = signed_in(int(user_id), key, today()) if user_id.isdigit() else None
    return Account(person) if person else None


def me() -> Actor:
    """The actor behind this request; `NOBODY` when nobody is signed in."""
    return current_user.actor if current_user.is_authenticated else NOBODY


def person() -> SignedIn | None:
    """The signed-in person, with name and address, or None."""
    return current_user.person if current_user.is_authenticated else None


def now() -> datetime:
    """The time of this request, aware, UTC. Tests set `app.extensions["clock"]`."""
    moment: datetime = current_app.extensions["clock"]()
    return moment


def today() -> date:
    """The date in the United Kingdom: awards begin and end by it."""
    return now().astimezone(UK).date()


def allow(action: Action) -> Callable[[View], View]:
    """Declare whom a view lets in: those whom `action` could be allowed somewhere. The object is checked further down.

    Nobody signed in is sent to sign in first (flask-login's unauthorized handler).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = me()
            if not may_somewhere(actor, action):
                if not actor.signed_in:
                    return login.unauthorized()
                raise NotAllowed("Your account does not have the role that this page needs.")
            return view(*args, **kwargs)

        guarded.__allows__ = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
