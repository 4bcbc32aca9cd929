"""Searching the register, suggestions while typing, one provider, one certificate."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from marshmallow import fields, validate

from app.api.answers import (
    Coded,
    EntryInFullSchema,
    StandingSchema,
    absolute,
    beginning,
    entry_of,
    event_of,
    standing_of,
)
from app.api.asking import MOST_CHARACTERS, SearchSchema
from app.api.contract import Answered, Asked, Dated, contract, dumped
from app.api.v1 import bp
from app.backends.postcodes import area_names
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.backends import places
from app.edge.kept_answers import same_for_all
from app.edge.problems import problem
from app.edge.session import allow, today
from app.queries.lists import SERVICES, titles
from app.queries.register import FACETS, PAGE_SIZE, RegisterPage, Search, no_word, search_register
from app.queries.register_entry import entry_state, framework_of, history_of
from app.queries.register_index import current_index
from app.queries.register_published import published_by_slug
from app.queries.register_results import results_state
from app.queries.register_rows import EntryRow
from app.queries.verification import Verification, verify_certificate

NUMBER = ("A certificate’s number, as printed on it.", "CCM-26-00001-AA")
SLUG = ("The end of the provider’s address on the register.", "bay-memory-friends")


class RowSchema(Answered):
    """One result."""

    slug = fields.String()
    name = fields.String()
    summary = fields.String()
    scheme = fields.String()
    level = fields.Nested(Coded)
    standing = fields.Nested(StandingSchema)
    services = fields.List(fields.Nested(Coded))
    areas = fields.List(fields.Nested(Coded))
    expires_on = fields.Date()
    url = fields.String(metadata={"format": "uri"})
    page = fields.String(metadata={"format": "uri"})
    miles = fields.Float(allow_none=True, metadata={"description": "From the place that was named; else null."})


class ChoiceSchema(Answered):
    """One code of a facet, and how many results there would be with it."""

    code = fields.String()
    title = fields.String()
    count = fields.Integer()


class LinksSchema(Answered):
    """Addresses of this page of results and of those around it."""

    self = fields.String(metadata={"format": "uri"})
    first = fields.String(metadata={"format": "uri"})
    previous = fields.String(allow_none=True, metadata={"format": "uri"})
    next = fields.String(allow_none=True, metadata={"format": "uri"})
    last = fields.String(metadata={"format": "uri"})


class ResultsSchema(Answered):
    """A page of results, with the facets counted over the whole result."""

    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()
    page_size = fields.Integer()
    also = fields.List(fields.String(), metadata={"description": "Services that were looked for beside the words."})
    did_you_mean = fields.String(allow_none=True)
    corrected = fields.Boolean(metadata={"description": "Whether the results are already those of “did_you_mean”."})
    place = fields.String(allow_none=True)
    links = fields.Nested(LinksSchema)
    results = fields.List(fields.Nested(RowSchema))
    facets = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(ChoiceSchema)))


class CertificateSchema(Answered):
    """What a certificate number stands for today."""

    number = fields.String()
    standing = fields.Nested(StandingSchema)
    holder = fields.String()
    level = fields.Nested(Coded)
    framework = fields.String()
    awarding_body = fields.String()
    scope = fields.List(fields.String())
    conditions = fields.String()
    granted_on = fields.Date()
    expires_on = fields.Date()
    sha256 = fields.String(metadata={"description": "The fingerprint of the certificate’s file."})
    superseded_by = fields.String(allow_none=True)
    entry = fields.String(allow_none=True, metadata={"format": "uri"})


class SuggestSchema(Asked):
    q = fields.String(
        load_default="",
        validate=validate.Length(max=MOST_CHARACTERS),
        metadata={"description": "The beginning of a word or a name, as typed so far."},
    )


class SuggestionSchema(Answered):
    kind = fields.String()
    words = fields.String()
    count = fields.Integer()


class SuggestionsSchema(Answered):
    """What may be meant, the most useful first."""

    suggestions = fields.List(fields.Nested(SuggestionSchema))


@bp.get("/register")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=SearchSchema, answers=ResultsSchema)
def search(asked: tuple[Search, tuple[str, ...] | None]) -> Response:
    """Search the register: the same parameters and the same answer as the page."""
    if nothing := no_word(asked[0]):
        return problem(400, nothing, {"q": [nothing]})
    same_for_all(results_state)
    try:
        return Response(dumped(_found(*asked)), mimetype="application/json")
    except _NoSuchPlace as error:
        words = str(error)
        return problem(400, words, {"near": [words]})


class _NoSuchPlace(Exception):
    """Nobody knows the place that was named; says so in a sentence."""


def _found(wanted: Search, facets: tuple[str, ...] | None) -> dict[str, Any]:
    """The results, as ResultsSchema describes them. Raises _NoSuchPlace."""
    page = search_register(wanted, places(), today(), facets=FACETS if facets is None else facets)
    if page.problem:
        raise _NoSuchPlace(page.problem)
    return {
        "total": page.total,
        "page": page.page,
        "pages": page.pages,
        "page_size": PAGE_SIZE,
        "also": list(page.also),
        "did_you_mean": page.instead,
        "corrected": page.corrected,
        "place": _place(page),
        "links": _links(page),
        "results": _rows(page.rows),
        "facets": {
            facet: [{"code": each.code, "title": each.title, "count": each.count} for each in page.facets[facet]]
            for facet in page.facets
        },
    }


def _place(page: RegisterPage) -> str | None:
    """What was understood of the place: a point, or something as wide as a region."""
    if page.place:
        return page.place.label
    return page.wide.label if page.wide else None


def _rows(rows: tuple[EntryRow, ...]) -> list[orjson.Fragment]:
    """The results, as RowSchema describes them, each written once for as long as its row is kept."""
    address, page = beginning("register_api.entry"), beginning("public.entry")
    found = []
    for row in rows:
        text = row.made.get(address)
        if text is None:
            text = row.made[address] = dumped(_row(row, address, page))[:-1]
        miles = "null" if row.miles is None else f"{row.miles:.1f}"
        found.append(orjson.Fragment(text + f',"miles":{miles}}}'.encode()))
    return found


def _row(row: EntryRow, address: str, page: str) -> dict[str, Any]:
    """All of a result but its distance, which comes last."""
    services, areas = _codes_of(titles(SERVICES)), _codes_of(area_names())
    return {
        "slug": row.slug,
        "name": row.name,
        "summary": row.summary,
        "scheme": row.scheme,
        "level": {"code": row.level, "title": row.level_title},
        "standing": standing_of(row.standing),
        "services": [{"code": services.get(title, title), "title": title} for title in row.services],
        "areas": [{"code": areas.get(title, title), "title": title} for title in row.areas],
        "expires_on": row.expires_on,
        "url": address + row.slug,
        "page": page + row.slug,
    }


def _codes_of(names: dict[str, str]) -> dict[str, str]:
    """Codes by title, made once for each list."""
    found = _BY_TITLE.get(id(names))
    if found is None:
        found = _BY_TITLE[id(names)] = {title: code for code, title in names.items()}
    return found


_BY_TITLE: dict[int, dict[str, str]] = {}


def _links(page: RegisterPage) -> dict[str, str | None]:
    """Addresses of this page of results and of those around it; None where there is none."""
    numbers = {
        "self": page.page,
        "first": 1,
        "previous": page.page - 1 if 1 < page.page <= page.pages else None,
        "next": page.page + 1 if page.page < page.pages else None,
        "last": page.pages,
    }
    asked = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    start = f"{beginning('register_api.entry').rstrip('/')}?{urlencode([*asked, ('page', '')])}"
    return {name: f"{start}{number}" if number else None for name, number in numbers.items()}


@bp.get("/suggest")
@allow(Action.USE_PUBLIC_SITE)
@contract(asks=SuggestSchema, answers=SuggestionsSchema)
def suggest(asked: dict[str, str]) -> dict[str, Any]:
    """What somebody who types may mean: providers, services, places of work."""
    same_for_all(results_state)
    found = current_index().suggest(asked["q"], today()) if asked["q"].strip() else ()
    return {"suggestions": [{"kind": each.kind, "words": each.words, "count": each.count} for each in found]}


@bp.get("/register/<slug>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=EntryInFullSchema, refuses=(404,), path={"slug": SLUG})
def entry(slug: str) -> Dated:
    """One provider, approved now or formerly, with its history."""
    same_for_all(lambda: entry_state(slug))
    found = published_by_slug([slug], today()).get(slug)
    if found is None:
        raise NotFound("There is no provider at this address. Search the register for its name.")
    history = [event_of(event) for event in history_of(found.entry_id)]
    body = {**entry_of(found), "framework": framework_of(found.entry_id), "history": history}
    return Dated(dumped(body), found.updated_at)


@bp.get("/certificates/<number>")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=CertificateSchema, refuses=(404,), path={"number": NUMBER})
def certificate(number: str) -> dict[str, Any]:
    """What a certificate stands for today; 404 for a number that was never issued."""
    answer = verify_certificate(number, today())
    if not answer.known:
        raise NotFound(
            "The number is mistyped." if answer.mistyped else "No certificate of this number was ever issued."
        )
    return _certificate(answer)


def _certificate(answer: Verification) -> dict[str, Any]:
    return {
        "number": answer.number,
        "standing": standing_of(answer.standing) if answer.standing else None,
        "holder": answer.holder,
        "level": {"code": answer.level, "title": answer.level_title},
        "framework": answer.framework,
        "awarding_body": answer.awarding_body,
        "scope": list(answer.scope),
        "conditions": answer.conditions,
        "granted_on": answer.granted_on,
        "expires_on": answer.expires_on,
        "sha256": answer.sha256,
        "superseded_by": answer.superseded_by or None,
        "entry": absolute(".entry", slug=answer.slug) if answer.slug else None,
    }
