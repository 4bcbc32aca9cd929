"""The register for directories of services: Open Referral UK 3.0 (HSDS), read-only, open to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from math import ceil
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app
from marshmallow import fields, validate

from app.api import open_referral_objects as made
from app.api import open_referral_shapes as shapes
from app.api.answers import absolute
from app.api.contract import Asked, Moment, between, contract
from app.api.open_referral_objects import ids
from app.api.open_to_all import open_to_all
from app.api.openapi import Described, DocumentSchema, described
from app.backends.searching import Near, Reach
from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.domain.places import METRES_IN_A_MILE
from app.domain.stable_ids import Kind
from app.edge.backends import places
from app.edge.session import allow, today
from app.queries.lists import SERVICES, titles
from app.queries.open_referral import (
    Service,
    Taxonomy,
    Term,
    Wanted,
    both,
    organisation_entries,
    organisations_page,
    service_of,
    services_page,
    taxonomies,
)

bp = Blueprint("open_referral", __name__, url_prefix="/open-referral")
open_to_all(bp)

VERSION = "HSDS-UK-3.0"
PROFILE = "https://github.com/openreferral/uk-profile"
PER_PAGE, MOST_PER_PAGE, MOST_MINIMAL = 50, 200, 1_000
MOST_PAGES = 10_000_000
MOST_METRES = 200_000
TIME = r"^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\Z"
SHOWN_TIME = TIME.replace(r"\Z", "$")  # as ECMA-262 writes it
DAYS = "MO TU WE TH FR SA SU monday tuesday wednesday thursday friday saturday sunday".split()
NOT_HELD = ("minimum_age", "maximum_age", "start_time", "end_time", "day")
"""What the register does not hold of a service. A search for it finds nothing, rather than everything."""
NO_SUCH = "There is nothing under this id."
_Make = Callable[[Service], dict[str, Any]]
ID = {"id": ("A UUID, as a list gives it.", "00000000-0000-0000-0000-000000000000")}


class PageAsked(Asked):
    page = fields.Integer(load_default=1, validate=between(1, MOST_PAGES))
    per_page = fields.Integer(load_default=PER_PAGE, validate=between(1, MOST_MINIMAL))


class _Services(PageAsked):
    search = fields.String(load_default="", validate=validate.Length(max=200))
    taxonomy_term_id = fields.String(load_default="", metadata={"description": "What bears this term."})
    taxonomy_id = fields.String(load_default="", metadata={"description": "What bears any term of this taxonomy."})
    organization_id = fields.String(load_default="")
    modified_after = Moment(
        metadata={"description": "What changed at this moment or later, what has ended since among it."},
    )
    minimum_age = fields.Float(load_default=None, metadata={"description": "Not held: finds nothing."})
    maximum_age = fields.Float(load_default=None, metadata={"description": "Not held: finds nothing."})
    start_time = fields.String(load_default=None, validate=validate.Regexp(TIME), metadata={"pattern": SHOWN_TIME})
    end_time = fields.String(load_default=None, validate=validate.Regexp(TIME), metadata={"pattern": SHOWN_TIME})
    day = fields.String(load_default=None, validate=validate.OneOf(DAYS))
    full = fields.Boolean(load_default=False, metadata={"description": "All that is nested, too."})
    minimal = fields.Boolean(load_default=False, metadata={"description": "Only ids and when they changed last."})


class ServicesAsked(_Services):
    """What /services may be asked."""


class PlacesAsked(_Services):
    """What /service_at_locations may be asked."""

    postcode = fields.String(load_default="", metadata={"example": "LA1 4AB"})
    proximity = fields.Integer(
        load_default=None,
        validate=between(1, MOST_METRES),
        metadata={"description": "Metres around the postcode. Without it, whoever works in its council area is found."},
    )


@bp.get("/", strict_slashes=False)
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=shapes.Root)
def root() -> dict[str, Any]:
    """What this is: the version of HSDS, its profile, and where its description is."""
    return {"version": VERSION, "profile": PROFILE, "openapi_url": absolute(".openapi")}


@bp.get("/openapi.json")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=DocumentSchema)
def openapi() -> dict[str, Any]:
    """The description of this API for programs, as OpenAPI 3.1."""
    return described(DESCRIBED, current_app.config["BASE_URL"])


DESCRIBED = Described(
    "open_referral",
    "Open Referral UK",
    "3.0",
    "The register of approved providers as Open Referral UK 3.0 (HSDS), read-only. A service is one kind of service of one "
    "provider in one scheme. The mark is an attribute: its taxonomy is the scheme, its term is the level.",
)


@bp.get("/services")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=ServicesAsked, answers=shapes.page_of("Services", shapes.Service))
def services(asked: dict[str, Any]) -> dict[str, Any]:
    """Services of approved providers, page by page."""
    return _found(asked, made.minimal_service, made.full_service if asked["full"] else made.listed_service)


@bp.get("/services/<id>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=shapes.Service, refuses=(404,), path=ID)
def service(id: str) -> dict[str, Any]:
    """One service with all that the register knows of it."""
    return made.full_service(_service(Kind.SERVICE, id, made.service_id))


@bp.get("/service_at_locations")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=PlacesAsked, answers=shapes.page_of("ServicesAtLocations", shapes.ServiceAtLocation))
def service_at_locations(asked: dict[str, Any]) -> dict[str, Any]:
    """Services at the places where their providers are based."""
    return _found(asked, made.minimal_place, made.full_place if asked["full"] else made.listed_place)


@bp.get("/service_at_locations/<id>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=shapes.ServiceAtLocation, refuses=(404,), path=ID)
def service_at_location(id: str) -> dict[str, Any]:
    """One service at its place."""
    return made.full_place(_service(Kind.SERVICE_AT_LOCATION, id, made.place_id))


@bp.get("/organizations")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=PageAsked, answers=shapes.page_of("Organizations", shapes.Organization))
def organizations(asked: dict[str, Any]) -> dict[str, Any]:
    """Providers on the register, approved now or formerly."""
    size = min(asked["per_page"], MOST_PER_PAGE)
    total, found = organisations_page(_start(asked, size), size, today())
    return page(asked["page"], size, total, [made.full_organisation(entries[0]) for entries in found])


@bp.get("/organizations/<id>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=shapes.OrganizationWithServices, refuses=(404,), path=ID)
def organization(id: str) -> dict[str, Any]:
    """One provider with its services."""
    row_id = ids().row_of(Kind.ORGANISATION, id)
    entries = organisation_entries(row_id, today()) if row_id is not None else ()
    if not entries or made.organisation_id(entries[0]) != _uuid(id):
        raise NotFound(NO_SUCH)
    own = [Service(entry, code) for entry in entries for code in entry.services]
    return {**made.full_organisation(entries[0]), "services": [made.listed_service(each) for each in own]}


@bp.get("/taxonomies")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=PageAsked, answers=shapes.page_of("Taxonomies", shapes.TaxonomyListed))
def taxonomies_page(asked: dict[str, Any]) -> dict[str, Any]:
    """Lists of the register's, and schemes."""
    return _cut(asked, [made.listed_taxonomy(each) for each in taxonomies(today())])


@bp.get("/taxonomies/<id>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=shapes.Taxonomy, refuses=(404,), path=ID)
def taxonomy(id: str) -> dict[str, Any]:
    """One taxonomy with its terms."""
    return made.full_taxonomy(_taxonomy(id))


@bp.get("/taxonomy_terms")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=PageAsked, answers=shapes.page_of("TaxonomyTerms", shapes.TaxonomyTerm))
def taxonomy_terms(asked: dict[str, Any]) -> dict[str, Any]:
    """Kinds of service, groups of people, and levels of schemes."""
    return _cut(asked, [made.term_of(term, each) for each in taxonomies(today()) for term in each.terms])


@bp.get("/taxonomy_terms/<id>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=shapes.TaxonomyTerm, refuses=(404,), path=ID)
def taxonomy_term(id: str) -> dict[str, Any]:
    """One term."""
    return made.term_of(*_term(id))


def page(number: int, per_page: int, total: int, contents: list[Any]) -> dict[str, Any]:
    """A page, its arithmetic true: also beyond the last one, which is empty."""
    pages = ceil(total / per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }


def _start(asked: Mapping[str, Any], size: int) -> int:
    return int((asked["page"] - 1) * size)


def _cut(asked: Mapping[str, Any], everything: list[Any]) -> dict[str, Any]:
    size, start = asked["per_page"], _start(asked, asked["per_page"])
    return page(asked["page"], size, len(everything), everything[start : start + size])


def _found(asked: Mapping[str, Any], minimal: _Make, make: _Make) -> dict[str, Any]:
    """The page of services that is asked for, each as `make` has it, or as `minimal` where that is asked for."""
    size = asked["per_page"] if asked["minimal"] else min(asked["per_page"], MOST_PER_PAGE)
    total, found = services_page(_wanted(asked), _start(asked, size), size, today())
    return page(asked["page"], size, total, list(map(minimal if asked["minimal"] else make, found)))


def _wanted(asked: Mapping[str, Any]) -> Wanted:
    """The conditions, all of which have to hold. Raises Invalid for a place."""
    wanted = Wanted(
        words=asked["search"].strip(),
        near=_near(asked.get("postcode", ""), asked.get("proximity")),
        modified_after=asked["modified_after"],
        never=any(asked[name] is not None for name in NOT_HELD),
    )
    try:
        if asked["organization_id"]:
            wanted = replace(wanted, organisation_id=_organisation(asked["organization_id"]))
        if asked["taxonomy_term_id"]:
            wanted = both(wanted, _term(asked["taxonomy_term_id"])[0].filters)
        if asked["taxonomy_id"]:
            wanted = both(wanted, _any_of(_taxonomy(asked["taxonomy_id"])))
    except NotFound:  # a search for what bears something that there is not
        return replace(wanted, never=True)
    return wanted


def _any_of(taxonomy: Taxonomy) -> dict[str, frozenset[str]]:
    """What finds everything that bears any term of a taxonomy."""
    if taxonomy.code == SERVICES:
        return {"service": frozenset(titles(SERVICES))}
    found: dict[str, frozenset[str]] = {}
    for term in taxonomy.terms:
        for facet, codes in term.filters.items():
            found[facet] = found.get(facet, frozenset()) | codes
    return found


def _near(postcode: str, metres: int | None) -> Near | None:
    if not postcode:
        if metres is not None:
            raise Invalid({"postcode": "Give the postcode from which the proximity is measured."})
        return None
    place = places().find(postcode)
    if place is None:
        raise Invalid({"postcode": f"{postcode[:20]!r} is not a postcode that we know."})
    if metres is None:
        return Near(place.easting, place.northing, 0, place.area_code, Reach.SERVED)
    return Near(place.easting, place.northing, metres / METRES_IN_A_MILE, "", Reach.BASED)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(NO_SUCH) from None


def _organisation(text: str) -> int:
    row_id = ids().row_of(Kind.ORGANISATION, text)
    if row_id is None or ids().of_row(Kind.ORGANISATION, row_id) != _uuid(text):
        raise NotFound("There is no organization of this id.")
    return row_id


def _service(kind: Kind, text: str, own: Callable[[Service], Any]) -> Service:
    """The service under an id. Raises NotFound."""
    row_id = ids().row_of(kind, text)
    entry = service_of(row_id, today()) if row_id is not None else None
    wanted = _uuid(text)
    for code in entry.services if entry else ():
        assert entry is not None
        if own(Service(entry, code)) == wanted:
            return Service(entry, code)
    raise NotFound(NO_SUCH)


def _taxonomy(text: str) -> Taxonomy:
    wanted = _uuid(text)
    return _first(each for each in taxonomies(today()) if made.taxonomy_id(each.code) == wanted)


def _term(text: str) -> tuple[Term, Taxonomy]:
    wanted = _uuid(text)
    return _first(
        (term, each)
        for each in taxonomies(today())
        for term in each.terms
        if made.term_id(term.taxonomy, term.code) == wanted
    )


def _first(found: Iterable[Any]) -> Any:
    for each in found:
        return each
    raise NotFound(NO_SUCH)
