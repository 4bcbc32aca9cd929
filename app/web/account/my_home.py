"""The page on which a signed-in person begins: what to do next, everywhere they work."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action, Role
from app.edge.session import allow, me, today
from app.queries import my_home as queries
from app.queries.my_home import MyHome, PlaceRow
from app.queries.to_do import of_the_person
from app.web.account import bp
from app.web.account.tools import address_of
from app.web.account.words import ROLE_TITLES
from app.web.to_do import listed

WORKPLACES = {Role.ASSESSOR: "assessor.home", Role.PANEL_MEMBER: "panel.home"}


@bp.get("/home")
@allow(Action.USE_ACCOUNT)
def my_home() -> ResponseReturnValue:
    """Who works at one organisation and nowhere else begins there, unless an invitation waits."""
    only = queries.only_organisation(me())
    if only is not None and all(thing.organisation_id == only for thing in of_the_person(me(), today())):
        return redirect(url_for("provider.organisation", organisation_id=only))
    page = queries.my_home(me(), today())
    return render_template(
        "account/my_home.html", page=page, things=listed(page.things, today(), page.names), places=_places(page)
    )


def _places(page: MyHome) -> list[tuple[str, str, str]]:
    """(name, address, role in words) of each place."""
    return [(place.name, _address(place), ROLE_TITLES[place.role]) for place in page.places]


def _address(place: PlaceRow) -> str:
    if place.organisation_id is not None:
        return url_for("provider.organisation", organisation_id=place.organisation_id)
    return address_of(WORKPLACES.get(place.role, "")) or url_for("scheme.pipeline", code=place.scheme_code)
