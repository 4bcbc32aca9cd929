"""The register as JSON: searching it, one entry, one certificate. Open to everyone, without a key."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from app.api.problems import problem
from app.backends.postcodes import area_names
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.backends import places
from app.edge.session import allow, today
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.register import (
    DEFAULT_MILES,
    FACETS,
    MILES,
    MOST_PAGES,
    PAGE_SIZE,
    RegisterPage,
    Search,
    search_register,
)
from app.queries.register_entry import register_entry_page
from app.queries.register_rows import STATUS_TITLES
from app.queries.verification import verify_certificate

bp = Blueprint("register_api", __name__, url_prefix="/api/v1")
SECONDS_FRESH = 1
MOST_CODES = 50
MOST_CHARACTERS = 200


@bp.after_request
def _open_to_all(response: Response) -> Response:
    """Any page may read this; a cache may keep it for a second, since the register must be right today."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.cache_control.public = True
    response.cache_control.max_age = SECONDS_FRESH
    if response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response


@bp.errorhandler(NotFound)
def _not_found(error: NotFound) -> Response:
    return problem(404, error.message)


def _one_of(known: Callable[[], Collection[str]]) -> Callable[[str], None]:
    """Refuses a code that is not known, so that a slip is told from a search that finds nothing."""

    def check(code: str) -> None:
        if code not in known():
            raise ValidationError(f"{code[:40]!r} is not a code that we know.")

    return check


def _codes(check: Callable[[str], Any]) -> fields.List:
    """Any number of codes, given by naming the parameter several times."""
    return fields.List(fields.String(validate=check), load_default=list, validate=validate.Length(max=MOST_CODES))


class SearchSchema(Schema):
    """The parameters of a search, named as on the page."""

    class Meta:
        unknown = RAISE

    q = fields.String(load_default="", validate=validate.Length(max=MOST_CHARACTERS))
    near = fields.String(load_default="", validate=validate.Length(max=MOST_CHARACTERS))
    miles = fields.Integer(load_default=DEFAULT_MILES, validate=validate.OneOf(MILES))
    ended = fields.String(load_default="", validate=validate.OneOf(["", "yes", "no"]))
    sort = fields.String(load_default="", validate=validate.OneOf(["", "relevance", "distance"]))
    page = fields.Integer(load_default=1, validate=validate.Range(1, MOST_PAGES))
    service = _codes(_one_of(lambda: titles(SERVICES)))
    group = _codes(_one_of(lambda: titles(CLIENT_GROUPS)))
    level = _codes(validate.Length(min=1, max=40))
    area = _codes(_one_of(area_names))
    status = _codes(_one_of(STATUS_TITLES.keys))
    scheme = _codes(validate.Length(min=1, max=40))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Search:
        return Search(
            words=data["q"].strip(),
            near=data["near"].strip(),
            miles=data["miles"],
            chosen={facet: frozenset(data[facet]) for facet in FACETS if data[facet]},
            ended=data["ended"] == "yes",
            sort=data["sort"],
            page=data["page"],
        )


class StandingSchema(Schema):
    status = fields.String()
    words = fields.String()
    approved = fields.Boolean()
    on = fields.Date()


class RowSchema(Schema):
    """One result."""

    slug = fields.String()
    name = fields.String()
    summary = fields.String()
    scheme = fields.String()
    level = fields.String(attribute="level_title")
    standing = fields.Nested(StandingSchema)
    services = fields.List(fields.String())
    areas = fields.List(fields.String())
    expires_on = fields.Date()
    miles = fields.Function(lambda row: None if row.miles is None else round(row.miles, 1))
    url = fields.Function(lambda row: absolute(".entry", slug=row.slug))
    page = fields.Function(lambda row: absolute("public.entry", slug=row.slug))


class ChoiceSchema(Schema):
    code = fields.String()
    title = fields.String()
    count = fields.Integer()


class EventSchema(Schema):
    at = fields.AwareDateTime()
    kind = fields.String()
    words = fields.String()
    certificate = fields.String(attribute="number")
    status = fields.String()


class EntrySchema(Schema):
    """One provider in full."""

    slug = fields.String(attribute="entry.slug")
    name = fields.String(attribute="entry.name")
    summary = fields.String(attribute="entry.summary")
    description = fields.String()
    type = fields.String(attribute="kind")
    identifiers = fields.Function(lambda page: sorted(page.identifiers.values()))
    services = fields.List(fields.String(), attribute="entry.services")
    client_groups = fields.List(fields.String())
    areas = fields.List(fields.String(), attribute="entry.areas")
    postcode = fields.Function(lambda page: page.postcode or None)
    contact = fields.Dict(keys=fields.String(), values=fields.String())
    scheme = fields.String(attribute="entry.scheme")
    awarding_body = fields.String()
    framework = fields.String()
    level = fields.String(attribute="entry.level_title")
    standing = fields.Nested(StandingSchema, attribute="entry.standing")
    certificate = fields.String(attribute="number")
    scope = fields.List(fields.String())
    conditions = fields.String()
    granted_on = fields.Date()
    expires_on = fields.Date()
    updated_at = fields.AwareDateTime()
    invented = fields.Boolean()
    history = fields.List(fields.Nested(EventSchema))
    page = fields.Function(lambda page: absolute("public.entry", slug=page.entry.slug))


class CertificateSchema(Schema):
    """What a certificate number stands for today."""

    number = fields.String()
    known = fields.Boolean()
    mistyped = fields.Boolean()
    standing = fields.Nested(StandingSchema)
    holder = fields.String()
    level = fields.String(attribute="level_title")
    framework = fields.String()
    awarding_body = fields.String()
    scope = fields.List(fields.String())
    conditions = fields.String()
    granted_on = fields.Date()
    expires_on = fields.Date()
    sha256 = fields.String()
    superseded_by = fields.String()


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of one of our own pages, under the address that the service is known by."""
    address: str = current_app.config["BASE_URL"] + url_for(endpoint, **values)
    return address


@bp.get("/register")
@allow(Action.USE_PUBLIC_SITE)
def search() -> ResponseReturnValue:
    """Search the register: the same parameters and the same answer as the page."""
    asked = {key: request.args.getlist(key) if key in FACETS else request.args[key] for key in request.args}
    try:
        wanted = SearchSchema().load(asked)
    except ValidationError as error:
        return problem(422, "A parameter cannot be understood.", error.normalized_messages())
    page = search_register(wanted, places(), today())
    if page.problem:
        return problem(422, page.problem, {"near": [page.problem]})
    return jsonify(
        total=page.total,
        page=page.page,
        pages=page.pages,
        page_size=PAGE_SIZE,
        also=list(page.also),
        did_you_mean=page.instead,
        place=page.place.label if page.place else None,
        links=_links(page),
        results=RowSchema(many=True).dump(page.rows),
        facets={facet: ChoiceSchema(many=True).dump(choices) for facet, choices in page.facets.items()},
    )


def _links(page: RegisterPage) -> dict[str, str | None]:
    """Addresses of this page of results and of those around it; None where there is none."""
    numbers = {
        "self": page.page,
        "first": 1,
        "previous": page.page - 1 if 1 < page.page <= page.pages else None,
        "next": page.page + 1 if page.page < page.pages else None,
        "last": page.pages,
    }
    asked = {key: request.args.getlist(key) for key in request.args if key != "page"}
    return {name: number and absolute(".search", **asked, page=number) for name, number in numbers.items()}


@bp.get("/register/<slug>")
@allow(Action.USE_PUBLIC_SITE)
def entry(slug: str) -> ResponseReturnValue:
    """One entry, current or ended, with its history."""
    return jsonify(EntrySchema().dump(register_entry_page(slug, today())))


@bp.get("/certificates/<number>")
@allow(Action.USE_PUBLIC_SITE)
def certificate(number: str) -> ResponseReturnValue:
    """What a certificate stands for today; 404 for a number that was never issued."""
    answer = verify_certificate(number, today())
    if not answer.known:
        title = "The number is mistyped." if answer.mistyped else "No certificate of this number was ever issued."
        return problem(404, title)
    return jsonify(CertificateSchema().dump(answer))
