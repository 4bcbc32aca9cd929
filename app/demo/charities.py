"""An invented extract of the Charity Commission's register, so that filling in a profile can be looked at.

It holds the invented charities as their profiles have them, with a few things that differ, and one for the newcomer whose
profile is still empty.
"""

from __future__ import annotations

import json
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.backends.charity_tables import Loaded, build
from app.demo.cast import Cast, Provider
from app.services.organisations import Profile

NEWCOMER = {
    "registered_charity_number": 9900990,
    "charity_name": "WARTON CRAG WALKING FRIENDS",
    "charity_type": "CIO",
    "charity_is_cio": True,
    "charity_activities": "WE WALK TOGETHER EVERY WEEK ON EASY PATHS, SO THAT NOBODY OVER 60 AROUND CARNFORTH GOES WITHOUT "
    "COMPANY. WE ALSO LEND BOOTS AND STICKS.",
    "charity_contact_address1": "THE OLD SCHOOL",
    "charity_contact_address2": "WARTON",
    "charity_contact_address3": "CARNFORTH",
    "charity_contact_postcode": "LA5 9PJ",
    "charity_contact_phone": "01632 960990",
    "charity_contact_email": "hello@carnforth-newcomer.example.org",
    "charity_contact_web": "www.carnforth-newcomer.example.org",
    "latest_income": 6200,
}
CLASSES = (
    ("What", "Amateur Sport"),
    ("Who", "Elderly/old People"),
    ("Who", "The General Public/mankind"),
    ("How", "Provides Services"),
    ("How", "Provides Advocacy/advice/information"),
)
AREAS = (("Local Authority", "Lancaster"), ("Local Authority", "Lancashire"))


def load_invented_register(path: Path, cast: Cast, today: date) -> Loaded:
    """Build the lookup at `path` from the invented charities of England and Wales."""
    extracted_on = today - timedelta(days=today.day - 1)  # the Commission's own is of the first of a month
    charities = [NEWCOMER] + [
        _charity(provider, provider.profile())
        for provider in cast.providers
        if not provider.empty and provider.profile().charity_number.isdigit()
    ]
    tables = {"charity": charities, "classification": [], "area": [], "parta": [], "partb": []}
    for number, charity in enumerate(charities, 1):
        own = {"organisation_number": number, "date_of_extract": f"{extracted_on}T00:00:00"}
        charity |= (
            _standing(extracted_on) | own | {"latest_acc_fin_period_end_date": f"{extracted_on.year}-03-31T00:00:00"}
        )
        tables["classification"] += [own | _classified(*each) for each in CLASSES]
        tables["area"] += [own | _area(*each) for each in AREAS]
    tables["parta"] = [_people(1, extracted_on, count_volunteers=14)]
    tables["partb"] = [_people(1, extracted_on, count_employees=0)]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"publicextract.{name}.json" for name in tables]
        for file, rows in zip(files, tables.values(), strict=True):
            file.write_text(json.dumps(rows), "utf-8-sig")
        return build(path, files)


def _standing(extracted_on: date) -> dict[str, Any]:
    return {
        "linked_charity_number": 0,
        "charity_registration_status": "Registered",
        "date_of_registration": f"{extracted_on.year - 9}-05-06T00:00:00",
        "date_of_removal": None,
    }


def _charity(provider: Provider, profile: Profile) -> dict[str, Any]:
    """A charity as its annual return says, which is some months older than its profile here."""
    return {
        "registered_charity_number": int(profile.charity_number),
        "charity_name": provider.name.upper(),
        "charity_company_registration_number": profile.company_number or None,
        "charity_is_cio": profile.kind == "cio",
        "charity_activities": profile.summary.upper(),
        "charity_contact_address1": profile.address,
        "charity_contact_postcode": profile.postcode,
        "charity_contact_phone": profile.phone,
        "charity_contact_email": profile.email,
        "charity_contact_web": profile.website.removeprefix("https://"),
        "latest_income": round(provider.income * 0.94),
    }


def _classified(kind: str, words: str) -> dict[str, str]:
    return {"classification_type": kind, "classification_description": words}


def _area(kind: str, words: str) -> dict[str, str]:
    return {"geographic_area_type": kind, "geographic_area_description": words}


def _people(number: int, extracted_on: date, **counted: int) -> dict[str, Any]:
    until = f"{extracted_on.year}-03-31T00:00:00"
    return {
        "organisation_number": number,
        "date_of_extract": f"{extracted_on}T00:00:00",
        "fin_period_end_date": until,
        **counted,
    }
