"""What the frame of every page shows: where one can go, who one is, what stands at the foot."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from flask import Flask, current_app, g, has_request_context, request

from app.domain.access import NOBODY, Action, Actor, Subject, may, may_somewhere
from app.edge.session import me
from app.queries.my_home import only_organisation
from app.web.account.words import ROLE_TITLES
from app.web.addresses import fixed_address


@dataclass(frozen=True)
class Link:
    """A link of the frame. `current` marks the part of the site that the page belongs to."""

    label: str
    url: str
    current: bool = False


# Parts of the site whose pages lie elsewhere than beneath the link that leads to them: blueprint to endpoint ...
HOME_OF = {"provider": "provider.home", "commissioner": "commissioner.home"}
# ... and blueprint with the beginning of an address to endpoint, where only some pages of a blueprint belong to the part.
HOME_BENEATH = {
    ("account", "/organisations/"): "provider.home",
    ("account", "/lead-requests/"): "provider.home",
    ("account", "/schemes/"): "account.people",
    ("scheme", "/schemes/*/frameworks"): "scheme.frameworks",
    ("scheme", "/schemes/*/report-template"): "scheme.frameworks",
}

# (endpoint, words, what one must be able to do somewhere to be shown it)
WORK = (
    ("account.my_home", "Home", Action.USE_ACCOUNT),
    ("provider.home", "Your organisation", Action.SEE_PEOPLE),
    ("provider.helping", "Organisations you help", Action.ADVISE),
    ("assessor.home", "My assessments", Action.SEE_ASSESSMENTS),
    ("panel.home", "Panels", Action.SEE_PANELS),
    ("reviews.home", "Reviews", Action.SEE_REVIEWS),
    ("scheme.pipeline", "Applications", Action.SEE_PIPELINE),
    ("scheme.frameworks", "Frameworks", Action.FRAMEWORKS_SEE),
    ("account.people", "People", Action.MANAGE_PEOPLE),
)
PUBLIC = (
    ("public.register", "Register"),
    ("commissioner.home", "For commissioners"),
    ("public.standards", "Standards"),
    ("public.verify", "Verify a certificate"),
    ("public.open_data", "Open data"),
)
PUBLIC_WHEN_AT_WORK = (PUBLIC[0], PUBLIC[2])
FOOT = (
    *PUBLIC,
    ("public.statistics", "Figures"),
    ("public.enter_code", "Open a shared pack"),
    ("public.complain", "Complaints"),
    ("public.accessibility", "Accessibility"),
    ("public.privacy", "Privacy"),
    ("public.help", "Help"),
)


def init_app(app: Flask) -> None:
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """The variables that base.html asks for. Without the database where `g.plain_page` is set (error 500)."""
    if not has_request_context():
        return {}
    actor = NOBODY if g.get("plain_page") else me()
    return {
        "nav": navigation(actor),
        "me": actor.name if actor.signed_in else None,
        "me_id": actor.user_id,
        "opens": lambda endpoint, organisation_id: _opens(actor, endpoint, organisation_id),
        "foot": _links(FOOT),
        "outbox_url": _address("account.outbox") if current_app.config["DEMO"] else None,
        "account_url": _address("account.home"),
        "sign_in_url": _address("account.sign_in"),
        "sign_out_url": _address("account.sign_out"),
        "demo": current_app.config["DEMO"],
        "looking_as": ROLE_TITLES[actor.viewing.role] if actor.viewing else "",
    }


def _opens(actor: Actor, endpoint: str, organisation_id: int) -> bool:
    """Whether a page of one organisation is open to `actor`: advisers are shown no more than they were given."""
    view = current_app.view_functions.get(endpoint)
    return view is not None and may(actor, view.__allows__, Subject(organisation_id=organisation_id))  # type: ignore[attr-defined]


def navigation(actor: Actor) -> list[Link]:
    """The bar's links for `actor`: their work first, the public pages after it."""
    work = [(endpoint, label) for endpoint, label, action in WORK if actor.roles and may_somewhere(actor, action)]
    work = [each for each in work if each[0] != "account.my_home" or only_organisation(actor) is None]
    return _marked(_links((*work, *(PUBLIC_WHEN_AT_WORK if work else PUBLIC))))


def _links(pages: tuple[tuple[str, str], ...]) -> list[Link]:
    """Links to those of `pages` that exist. Kept: the foot of every page is the same."""
    known: dict[Any, list[Link]] = current_app.extensions.setdefault("links", {})
    key = (request.root_path, pages)
    if key not in known:
        found = ((label, _address(endpoint)) for endpoint, label in pages)
        known[key] = [Link(label, url) for label, url in found if url]
    return known[key]


def _address(endpoint: str) -> str | None:
    """The address of a page without parameters; None where there is no such page."""
    return fixed_address(endpoint) if endpoint in current_app.view_functions else None


def _home_beneath(here: str) -> str | None:
    """The address of the part that a page of another blueprint belongs to, by HOME_BENEATH."""
    parts = HOME_BENEATH.items()
    found = (
        endpoint for (name, start), endpoint in parts if name == request.blueprint and fnmatchcase(here, f"{start}*")
    )
    return _address(next(found, ""))


def _marked(links: list[Link]) -> list[Link]:
    """The same links, the one that leads to this page or to the part it belongs to marked as current."""
    here = request.path
    above = [link.url for link in links if here == link.url or here.startswith(link.url.rstrip("/") + "/")]
    nearest = _home_beneath(here) or max(above, key=len, default=_address(HOME_OF.get(request.blueprint or "", "")))
    return [Link(link.label, link.url, link.url == nearest) for link in links]
