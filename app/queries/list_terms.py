"""What the rows of a scheme's list are read with: the levels of its framework, the words for services, the councils."""

from __future__ import annotations

from datetime import date

from app.backends.postcodes import Places, area_names
from app.domain.errors import Invalid
from app.domain.framework import Framework
from app.domain.list_import import Terms, plain
from app.domain.passports import last_day
from app.models import RegisterImport
from app.queries.frameworks import framework_of
from app.queries.lists import CLIENT_GROUPS, SERVICES, items

CQC_SERVICES = {
    "homecare agencies": "home-care",
    "domiciliary care service": "home-care",
    "hospice services": "hospice-end-of-life",
    "hospice services at home": "hospice-end-of-life",
    "supported living": "supported-living",
    "supported housing": "supported-living",
    "extra care housing": "supported-living",
    "shared lives": "supported-living",
    "community services nursing": "community-nursing",
    "residential substance misuse treatment rehabilitation services": "substance-use-recovery",
    "community services substance abuse": "substance-use-recovery",
}
"""CQC's service types that mean one of ours. The others are no services of this register and are left out, with a note."""

CQC_GROUPS = {
    "caring for adults over 65 yrs": "older-people",
    "dementia": "people-with-dementia",
    "learning disabilities": "learning-disabilities",
    "mental health conditions": "mental-ill-health",
    "physical disabilities": "disabled-people",
    "sensory impairments": "sensory-impairment",
    "substance misuse problems": "drug-alcohol",
    "caring for children": "children-families",
    "services for everyone": "everyone",
}


def terms_for(listed: RegisterImport, places: Places, today: date) -> Terms:
    """The terms of one list, under the edition that was chosen for it."""
    framework = framework_of(listed.edition)
    areas = {_area(name): code for code, name in area_names().items()}

    def area(text: str) -> str | None:
        code = areas.get(_area(text))
        if code is None and text.strip() in area_names():
            code = text.strip()
        return code or _located(places, text)

    return Terms(
        levels=levels_of(framework),
        services={**_words(SERVICES), **CQC_SERVICES},
        groups={**_words(CLIENT_GROUPS), **CQC_GROUPS},
        area=area,
        place=places.find,
        last_day=lambda level, granted: last_day(framework.award, level, granted),
        today=today,
        level=listed.level,
        granted_on=listed.granted_on,
        expires_on=listed.expires_on,
    )


def levels_of(framework: Framework) -> dict[str, str]:
    """Each level's code by its titles and its code, as `plain` writes them."""
    found: dict[str, str] = {}
    for level in framework.levels:
        found |= {plain(level.code): level.code, plain(str(level.title)): level.code}
    return found


def _words(name: str) -> dict[str, str]:
    """Each code of a list by its title, its code and the other words for it; the titles win."""
    found: dict[str, str] = {}
    for item in items(name):
        found |= {plain(word): item.code for word in item.also}
    for item in items(name):
        found |= {plain(str(item.title)): item.code, plain(item.code): item.code}
    return found


def _area(name: str) -> str:
    left_out = {"council", "borough", "county", "district", "city", "of", "the", "metropolitan", "unitary", "authority"}
    words = plain(name).split()
    return " ".join([word for word in words if word not in left_out] or words)


def _located(places: Places, text: str) -> str | None:
    """The council of a postcode or of a name that the places know; None where they do not."""
    try:
        return places.locate(text).area_code or None
    except Invalid:
        return None
