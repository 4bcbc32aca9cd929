"""What the API answers: the schemas that describe it, and the entries of the register made into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app, request, url_for
from marshmallow import fields, validate

from app.api.contract import Answered
from app.backends.postcodes import area_names
from app.domain.lifecycle import AwardStatus
from app.domain.offers import TAKING_WORDS, Offer, Taking
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, SERVICES, titles
from app.queries.register_entry import EventRow
from app.queries.register_published import Published
from app.queries.register_rows import Standing

STATUSES = [status.value for status in AwardStatus]


class Coded(Answered):
    """A code and what it stands for."""

    code = fields.String()
    title = fields.String()


class StandingSchema(Answered):
    """What an award is on a day."""

    status = fields.String(validate=validate.OneOf(STATUSES))
    words = fields.String(metadata={"description": "The same as a sentence."})
    approved = fields.Boolean(metadata={"description": "Whether the provider may call itself approved on that day."})
    on = fields.Date(metadata={"description": "The day that is spoken of: today."})


class OfferSchema(Answered):
    """What a provider says of one of its services: dated, and not assessed."""

    service = fields.String()
    taking = fields.String(validate=validate.OneOf([taking.value for taking in Taking]))
    words = fields.String()
    capacity = fields.Integer(allow_none=True, metadata={"description": "How many people it serves at a time."})
    free = fields.Integer(allow_none=True, metadata={"description": "How many places are open."})
    weeks = fields.Integer(allow_none=True, metadata={"description": "How many weeks people wait."})
    how = fields.String(metadata={"description": "How to be referred, in the provider’s words."})
    said_on = fields.Date()
    stale = fields.Boolean(metadata={"description": "Said so long ago that it may not hold any more."})


class EventSchema(Answered):
    """One thing that happened to an approval."""

    at = fields.AwareDateTime()
    kind = fields.String()
    words = fields.String()
    certificate = fields.String()
    status = fields.String(validate=validate.OneOf(STATUSES))


class EntrySchema(Answered):
    """One provider in one scheme, as published today."""

    slug = fields.String(metadata={"description": "The end of its address. It never changes."})
    name = fields.String()
    summary = fields.String()
    description = fields.String()
    strengths = fields.String(metadata={"description": "In the provider’s own words, not assessed."})
    type = fields.String()
    size = fields.String(allow_none=True, metadata={"description": "By yearly income, in NCVO’s bands."})
    identifiers = fields.List(fields.String(), metadata={"description": "org-id identifiers, and a CQC provider id."})
    services = fields.List(fields.Nested(Coded))
    client_groups = fields.List(fields.Nested(Coded))
    languages = fields.List(fields.Nested(Coded))
    access = fields.List(fields.Nested(Coded))
    areas = fields.List(fields.Nested(Coded), metadata={"description": "Councils in which it works, by GSS code."})
    postcode = fields.String(allow_none=True, metadata={"description": "Null where the address is private."})
    contact = fields.Dict(keys=fields.String(), values=fields.String())
    offers = fields.List(fields.Nested(OfferSchema))
    scheme = fields.Nested(Coded)
    awarding_body = fields.String()
    level = fields.Nested(Coded)
    standing = fields.Nested(StandingSchema)
    certificate = fields.String()
    scope = fields.List(fields.String())
    conditions = fields.String()
    granted_on = fields.Date()
    expires_on = fields.Date(metadata={"description": "The last day on which the award is valid."})
    updated_at = fields.AwareDateTime()
    revision = fields.Integer(metadata={"description": "Rises over the whole register with every change."})
    invented = fields.Boolean(metadata={"description": "True in a demonstration."})
    url = fields.String(metadata={"format": "uri"})
    page = fields.String(metadata={"format": "uri"})


class EntryInFullSchema(EntrySchema):
    """One provider with its history, the newest first."""

    framework = fields.String()
    history = fields.List(fields.Nested(EventSchema))


def absolute(endpoint: str, **values: Any) -> str:
    """The full address of one of our own pages, under the address that the service is known by."""
    address: str = current_app.config["BASE_URL"] + url_for(endpoint, **values)
    return address


def beginning(endpoint: str) -> str:
    """The full address of one of our own pages up to the slug that ends it. Kept: many of them stand in each answer."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("beginnings", {})
    key = (request.root_path, endpoint)
    if key not in known:
        known[key] = absolute(endpoint, slug="_")[:-1]
    return known[key]


def coded(codes: Iterable[str], known: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"code": code, "title": known.get(code, code)} for code in codes]


def standing_of(standing: Standing) -> dict[str, Any]:
    return {
        "status": standing.status.value,
        "words": standing.words,
        "approved": standing.approved,
        "on": standing.on.isoformat(),
    }


def offer_of(kept: Mapping[str, Any], today: date) -> dict[str, Any]:
    taking = Taking(kept["taking"])
    said_on = date.fromisoformat(kept["said_on"])
    return {
        "service": kept["service"],
        "taking": taking.value,
        "words": TAKING_WORDS[taking],
        "capacity": kept["capacity"],
        "free": kept["free"],
        "weeks": kept["weeks"],
        "how": kept["how"],
        "said_on": kept["said_on"],
        "stale": Offer(kept["service"], taking, said_on).stale(today),
    }


def event_of(event: EventRow) -> dict[str, Any]:
    return {
        "at": event.at,
        "kind": event.kind,
        "words": event.words,
        "certificate": event.number,
        "status": event.status.value,
    }


def entry_of(entry: Published) -> dict[str, Any]:
    """An entry as EntrySchema describes it."""
    return {
        "slug": entry.slug,
        "name": entry.name,
        "summary": entry.summary,
        "description": entry.description,
        "strengths": entry.strengths,
        "type": entry.kind,
        "size": entry.size or None,
        "identifiers": list(entry.identifiers),
        "services": coded(entry.services, titles(SERVICES)),
        "client_groups": coded(entry.client_groups, titles(CLIENT_GROUPS)),
        "languages": coded(entry.languages, titles(LANGUAGES)),
        "access": coded(entry.access, titles(ACCESS)),
        "areas": coded(entry.areas, area_names()),
        "postcode": entry.postcode or None,
        "contact": dict(entry.contact),
        "offers": [offer_of(kept, entry.standing.on) for kept in entry.offers],
        "scheme": {"code": entry.scheme_code, "title": entry.scheme},
        "awarding_body": entry.awarding_body,
        "level": {"code": entry.level, "title": entry.level_title},
        "standing": standing_of(entry.standing),
        "certificate": entry.certificate,
        "scope": list(entry.scope),
        "conditions": entry.conditions,
        "granted_on": entry.granted_on,
        "expires_on": entry.expires_on,
        "updated_at": entry.updated_at,
        "revision": entry.revision,
        "invented": entry.invented,
        "url": beginning("register_api.entry") + entry.slug,
        "page": beginning("public.entry") + entry.slug,
    }
