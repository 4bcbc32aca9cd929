"""A provider's page as data for machines: schema.org's terms, in JSON-LD."""

from __future__ import annotations

from typing import Any

from app.queries.register_entry import EntryPage

CONTEXT = "https://schema.org"
NOT_FOR_PROFIT = frozenset(
    "registered-charity cio charitable-company cic mutual-society unincorporated-association faith-group consortium".split()
)
ACTIVE, INACTIVE = f"{CONTEXT}/CertificationActive", f"{CONTEXT}/CertificationInactive"


def entry_data(page: EntryPage, address: str, certificate: str) -> dict[str, Any]:
    """The organisation with its award. `address` and `certificate` are the whole addresses of its page and its award's.

    What the register keeps private is not here either: the parts are those of `page`, and never a place on a map.
    """
    row, contact = page.entry, page.contact
    found = {
        "@context": CONTEXT,
        "@type": "NGO" if page.kind_code in NOT_FOR_PROFIT else "Organization",
        "@id": f"{address}#provider",
        "name": row.name,
        "description": row.summary,
        "url": contact.get("website", ""),
        "mainEntityOfPage": address,
        "telephone": contact.get("phone", ""),
        "email": contact.get("email", ""),
        "address": _address(page),
        "areaServed": [_area(code, name) for code, name in page.areas],
        "knowsLanguage": [code for code, _ in page.languages],
        "identifier": [_identifier(scheme, number) for scheme, number in page.identifiers.items()],
        "sameAs": [] if page.invented else [url for _, _, url in page.registers],
        "makesOffer": [_offer(line.title) for line in page.services],
        "hasCertification": _certification(page, certificate),
    }
    return {key: value for key, value in found.items() if value}


def _address(page: EntryPage) -> dict[str, str]:
    if not page.postcode:
        return {}
    street = page.contact.get("address", "")
    found = {"streetAddress": street, "postalCode": page.postcode, "addressCountry": "GB"}
    return {"@type": "PostalAddress", **{key: value for key, value in found.items() if value}}


def _area(code: str, name: str) -> dict[str, Any]:
    return {
        "@type": "AdministrativeArea",
        "name": name,
        "identifier": {"@type": "PropertyValue", "propertyID": "GSS", "value": code},
    }


def _identifier(kind: str, number: str) -> dict[str, str]:
    scheme = "CQC" if kind == "cqc" else "org-id"
    return {"@type": "PropertyValue", "propertyID": scheme, "value": number}


def _offer(service: str) -> dict[str, Any]:
    return {"@type": "Offer", "itemOffered": {"@type": "Service", "name": service}}


def _certification(page: EntryPage, certificate: str) -> dict[str, Any]:
    """The award: active only while the holder may call itself approved."""
    standing = page.entry.standing
    return {
        "@type": "Certification",
        "name": f"{page.entry.level_title}, {page.framework}",
        "certificationIdentification": page.number,
        "certificationStatus": ACTIVE if standing.approved else INACTIVE,
        "description": standing.words,
        "issuedBy": {"@type": "Organization", "name": page.awarding_body},
        "validFrom": page.granted_on.isoformat(),
        "expires": page.expires_on.isoformat(),
        "url": certificate,
    }
