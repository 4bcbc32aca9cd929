"""Under which licence the register may be used, and whose work is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence for data. `code` is its name in the list of Open Definition, `uri` what DCAT-AP calls it by."""

    code: str
    title: str
    url: str
    uri: str


LICENCES: Mapping[str, Licence] = {
    licence.code: licence
    for licence in (
        Licence(
            "OGL-UK-3.0",
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "http://publications.europa.eu/resource/authority/licence/OGL_3_0",
        ),
        Licence(
            "CC-BY-4.0",
            "Creative Commons Attribution 4.0 International",
            "https://creativecommons.org/licenses/by/4.0/",
            "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0",
        ),
    )
}
"""By code. Both ask for no more than to name where the data comes from."""

ATTRIBUTIONS: tuple[tuple[str, str], ...] = (
    (
        "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail copyright and "
        "database right 2025. Source: Office for National Statistics licensed under the Open Government Licence v3.0.",
        "https://www.ons.gov.uk/methodology/geography/licences",
    ),
    ("Places: GeoNames, licensed under CC BY 4.0.", "https://www.geonames.org/"),
)
"""(words, address): of the postcode directory, from which councils and grid references come, and of the towns' names."""
