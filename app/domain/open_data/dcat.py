"""The register as a dataset in a DCAT catalogue (DCAT 3, after the profile DCAT-AP), as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.open_data.licences import ATTRIBUTIONS
from app.domain.open_data.package import About, File

CONTEXT: dict[str, Any] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_FILE_TYPES = {"csv": "CSV", "jsonl": "JSON", "parquet": "PARQUET", "sqlite": "SQLITE"}
_DAILY = "http://publications.europa.eu/resource/authority/frequency/DAILY"
_UNITED_KINGDOM = "http://publications.europa.eu/resource/authority/country/GBR"
_ENGLISH = "http://publications.europa.eu/resource/authority/language/ENG"
_HEALTH = "http://publications.europa.eu/resource/authority/data-theme/HEAL"
_MEDIA = "https://www.iana.org/assignments/media-types/"


def dcat_catalogue(about: About, files: Iterable[File], contact: str = "") -> dict[str, Any]:
    """The catalogue with its one dataset, a distribution for each file, and the API as a data service.

    `contact` is an e-mail address, or empty.
    """
    site = about.base_url
    dataset = f"{site}/open-data#register"
    files = list(files)
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": f"{site}/open-data/catalog.jsonld",
                "@type": "dcat:Catalog",
                **_titled("Open data of the register of approved providers", "What the register publishes for reuse."),
                "dct:publisher": {"@id": f"{site}/#publisher"},
                "dct:license": {"@id": about.licence.uri},
                "dct:language": {"@id": _ENGLISH},
                "foaf:homepage": {"@id": f"{site}/open-data"},
                "dct:modified": _day(about),
                "dcat:dataset": {"@id": dataset},
                "dcat:service": {"@id": f"{site}/api/v1#service"},
            },
            _dataset(dataset, about, files, contact),
            *(_distribution(file, about) for file in files),
            _service(dataset, about),
            {"@id": f"{site}/#publisher", "@type": "foaf:Agent", "foaf:name": about.publisher},
        ],
    }


def _dataset(dataset: str, about: About, files: Iterable[File], contact: str) -> dict[str, Any]:
    described = {
        "@id": dataset,
        "@type": "dcat:Dataset",
        **_titled(
            "Register of approved providers",
            "Voluntary organisations in health and social care that an independent scheme has approved, with what they do, "
            "where, for whom, their level and status, their capacity, and every change.",
        ),
        "dct:identifier": dataset,
        "dct:publisher": {"@id": f"{about.base_url}/#publisher"},
        "dct:license": {"@id": about.licence.uri},
        "dct:accrualPeriodicity": {"@id": _DAILY},
        "dct:spatial": {"@id": _UNITED_KINGDOM},
        "dct:language": {"@id": _ENGLISH},
        "dct:modified": _day(about),
        "dcat:theme": {"@id": _HEALTH},
        "dcat:version": about.day.isoformat(),
        "dcat:keyword": [_english(word) for word in ("accreditation", "social care", "health", "voluntary sector")],
        "dcat:landingPage": {"@id": f"{about.base_url}/open-data"},
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "dct:description": _english(words)} for words, _ in ATTRIBUTIONS
        ],
        "dcat:distribution": [{"@id": _address(file, about)} for file in files],
    }
    if contact:
        described["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:fn": about.publisher,
            "vcard:hasEmail": {"@id": f"mailto:{contact}"},
        }
    return described


def _distribution(file: File, about: About) -> dict[str, Any]:
    address = _address(file, about)
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _english(f"{file.title} ({file.name})"),
        "dcat:accessURL": {"@id": f"{about.base_url}/open-data"},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": _MEDIA + file.media_type},
        "dct:format": {"@id": _FILE_TYPE + _FILE_TYPES[file.format]},
        "dct:license": {"@id": about.licence.uri},
        "dct:modified": _day(about),
        "dcat:byteSize": {"@value": str(file.size), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": file.sha256, "@type": "xsd:hexBinary"},
        },
    }


def _service(dataset: str, about: About) -> dict[str, Any]:
    return {
        "@id": f"{about.base_url}/api/v1#service",
        "@type": "dcat:DataService",
        **_titled("Register API", "Searching the register, one entry, one certificate."),
        "dcat:endpointURL": {"@id": f"{about.base_url}/api/v1/register"},
        "dcat:servesDataset": {"@id": dataset},
        "dct:license": {"@id": about.licence.uri},
    }


def _address(file: File, about: About) -> str:
    return f"{about.base_url}/open-data/latest/{file.name}"


def _titled(title: str, words: str) -> dict[str, Any]:
    return {"dct:title": _english(title), "dct:description": _english(words)}


def _english(words: str) -> dict[str, str]:
    return {"@value": words, "@language": "en"}


def _day(about: About) -> dict[str, str]:
    return {"@value": about.day.isoformat(), "@type": "xsd:date"}
