"""The objects of Open Referral UK 3.0 (HSDS) that we serve, as marshmallow schemas for the description of the API."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate


def _id(words: str = "") -> fields.String:
    return fields.String(required=True, metadata={"format": "uuid", "description": words or "Stays the same for ever."})


def _link() -> fields.String:
    return fields.String(metadata={"format": "uuid"})


def _uri() -> fields.String:
    return fields.String(metadata={"format": "uri"})


class TaxonomyTerm(Schema):
    """A term of a taxonomy: a kind of service, a group of people, or a level of a scheme."""

    id = _id()
    name = fields.String(required=True)
    description = fields.String(required=True)
    taxonomy = fields.String()
    taxonomy_id = _link()
    term = fields.String()
    term_uri = _uri()


class TaxonomyListed(Schema):
    """A taxonomy: a list of the register's, or a scheme."""

    id = _id()
    name = fields.String(required=True)
    description = fields.String(required=True)
    uri = _uri()
    version = fields.String()


class Taxonomy(TaxonomyListed):
    """A taxonomy with its terms."""

    taxonomy_terms = fields.List(fields.Nested(TaxonomyTerm))


class Attribute(Schema):
    """What a service bears: its kind, whom it is for, and the mark (the scheme and its level)."""

    id = _id()
    link_id = _link()
    link_type = fields.String()
    taxonomy_term_id = _link()
    taxonomy_term = fields.Nested(TaxonomyTerm)


class OrganizationIdentifier(Schema):
    """An official number."""

    id = _id()
    organization_id = _link()
    identifier_scheme = fields.String()
    identifier_type = fields.String(required=True)
    identifier = fields.String(required=True)


class OrganizationListed(Schema):
    """A provider."""

    id = _id()
    name = fields.String(required=True)
    description = fields.String(required=True)
    email = fields.String(metadata={"format": "email"})
    website = _uri()
    uri = _uri()


class Organization(OrganizationListed):
    """A provider with its official numbers."""

    organization_identifiers = fields.List(fields.Nested(OrganizationIdentifier))


class ServiceListed(Schema):
    """One kind of service of one provider."""

    id = _id()
    organization_id = _link()
    name = fields.String(required=True)
    description = fields.String()
    url = _uri()
    email = fields.String(metadata={"format": "email"})
    status = fields.String(
        required=True,
        validate=validate.OneOf(["active", "inactive"]),
        metadata={"description": "“inactive” where the approval has ended."},
    )
    accreditations = fields.String(metadata={"description": "The mark in words."})
    assured_date = fields.String(
        metadata={"format": "date", "description": "When the provider last said how the service stands."}
    )
    alert = fields.String(metadata={"description": "That the approval is suspended, or has ended."})
    last_modified = fields.String(metadata={"format": "date-time"})
    organization = fields.Nested(OrganizationListed)


class Address(Schema):
    """A published address."""

    id = _id()
    location_id = _link()
    address_1 = fields.String(required=True)
    city = fields.String(required=True)
    state_province = fields.String(required=True)
    postal_code = fields.String(required=True)
    country = fields.String(required=True)
    address_type = fields.String(required=True)


class Accessibility(Schema):
    """What makes the place usable."""

    id = _id()
    location_id = _link()
    description = fields.String()


class LocationListed(Schema):
    """Where a provider is based. Without coordinates where its address is private."""

    id = _id()
    location_type = fields.String(required=True, validate=validate.OneOf(["physical"]))
    name = fields.String()
    description = fields.String()
    latitude = fields.Float()
    longitude = fields.Float()


class Location(LocationListed):
    """The same with its address, if that is published."""

    addresses = fields.List(fields.Nested(Address))
    accessibility = fields.List(fields.Nested(Accessibility))


class PlaceOfService(Schema):
    """That a service is given at a place."""

    id = _id()
    service_id = _link()
    location_id = _link()
    location = fields.Nested(Location)


class ServiceArea(Schema):
    """A council area in which the service is given."""

    id = _id()
    service_id = _link()
    name = fields.String()
    service_area = fields.String()
    uri = _uri()


class Language(Schema):
    """A language in which the service can be used."""

    id = _id()
    service_id = _link()
    name = fields.String()
    code = fields.String()


class CostOption(Schema):
    """What it costs, where that was said."""

    id = _id()
    service_id = _link()
    option = fields.String()
    amount = fields.Float()


class Schedule(Schema):
    """When it is open. The register holds no hours, so that this list is empty."""

    id = _id()


class Phone(Schema):
    """A telephone number."""

    id = _id()
    number = fields.String(required=True)


class Service(ServiceListed):
    """A service with all that the register knows of it."""

    organization = fields.Nested(Organization)
    schedules = fields.List(fields.Nested(Schedule))
    service_areas = fields.List(fields.Nested(ServiceArea))
    service_at_locations = fields.List(fields.Nested(PlaceOfService))
    languages = fields.List(fields.Nested(Language))
    cost_options = fields.List(fields.Nested(CostOption))
    phones = fields.List(fields.Nested(Phone))
    attributes = fields.List(fields.Nested(Attribute))


class OrganizationWithServices(Organization):
    """A provider with its services."""

    services = fields.List(fields.Nested(ServiceListed))


class ServiceAtLocationListed(Schema):
    """A service at a place."""

    id = _id()
    service_id = _link()
    location_id = _link()
    location = fields.Nested(LocationListed)
    service = fields.Nested(ServiceListed)


class ServiceAtLocation(Schema):
    """A service at a place, both in full."""

    id = _id()
    service_id = _link()
    location_id = _link()
    location = fields.Nested(Location)
    service = fields.Nested(Service)


class Root(Schema):
    """What this is."""

    version = fields.String(required=True)
    profile = fields.String(required=True, metadata={"format": "uri"})
    openapi_url = fields.String(required=True, metadata={"format": "uri"})


class Page(Schema):
    """A page of a list."""

    total_items = fields.Integer(required=True)
    total_pages = fields.Integer(required=True)
    page_number = fields.Integer(required=True)
    size = fields.Integer(required=True, metadata={"description": "How many there are on this page."})
    first_page = fields.Boolean(required=True)
    last_page = fields.Boolean(required=True)
    empty = fields.Boolean(required=True)


def page_of(name: str, inner: type[Schema]) -> type[Schema]:
    """A page of such things."""
    contents: dict[str, Any] = {"contents": fields.List(fields.Nested(inner), required=True)}
    return type(Page)(f"{name}Page", (Page,), {**contents, "__doc__": f"A page of {name[0].lower()}{name[1:]}."})
