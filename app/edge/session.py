"""Who is asking, and what time it is: the only place where pages learn either."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request, session
from flask_login import UserMixin, current_user

from app.domain.access import NOBODY, ONLY_LOOKING, Action, Actor, Role, looking_as, may_somewhere
from app.domain.errors import NotAllowed
from app.extensions import login
from app.queries.people import SignedIn, signed_in
from app.services.looking import note_seen

UK = ZoneInfo("Europe/London")
LOOKING = "looking_as"
SIGNED_IN_AS = "_user_id"  # flask-login's own
READING = frozenset({"GET", "HEAD", "OPTIONS"})
STOPS = frozenset({"scheme.stop_looking_as", "account.sign_out"})
"""What can be posted while one looks as another role: the end of it."""
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
    """The actor behind this request; `NOBODY` when nobody is signed in. With `viewing` while they look as another role."""
    actor = myself()
    chosen = session.get(LOOKING) if actor.signed_in else None
    if not isinstance(chosen, dict) or chosen.get("who") != actor.user_id:
        return actor
    try:
        return looking_as(actor, int(chosen["scheme"]), Role(chosen["role"]))
    except (KeyError, TypeError, ValueError, NotAllowed):
        return actor  # their own role has ended since, and the looking with it


def myself() -> Actor:
    """The signed-in person as they are, whatever they look as."""
    return current_user.actor if _is_known() else NOBODY


def _is_known() -> bool:
    """Whether somebody is signed in. Nobody is looked for where the session names none: we set no cookie to remember by."""
    return session.get(SIGNED_IN_AS) is not None and current_user.is_authenticated


def look_as(scheme_id: int, role: Role) -> None:
    """From the next request on, look as this role; `stop_looking` ends it, and so does signing out."""
    session[LOOKING] = {"who": myself().user_id, "scheme": scheme_id, "role": role.value}


def stop_looking() -> None:
    session.pop(LOOKING, None)


def person() -> SignedIn | None:
    """The signed-in person, with name and address, or None."""
    return current_user.person if _is_known() else None


def now() -> datetime:
    """The time of this request, aware, UTC. Tests set `app.extensions["clock"]`."""
    moment: datetime = current_app.extensions["clock"]()
    return moment


def today() -> date:
    """The date in the United Kingdom: awards begin and end by it."""
    return now().astimezone(UK).date()


def _why_not(actor: Actor) -> str:
    if actor.viewing is None:
        return "Your account does not have the role that this page needs."
    return ONLY_LOOKING if request.method not in READING else "The role that you look as does not see this page."


def _only_looks(actor: Actor) -> None:
    """Who looks as another role posts nothing, and each page they see is noted. Raises NotAllowed."""
    if request.endpoint in STOPS:
        return
    if request.method not in READING:
        raise NotAllowed(ONLY_LOOKING)
    note_seen(request.full_path.rstrip("?"), actor=myself(), seen_as=actor, now=now())


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
                raise NotAllowed(_why_not(actor))
            if actor.viewing is not None:
                _only_looks(actor)
            return view(*args, **kwargs)

        guarded.__allows__ = action  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
