"""Whether a profile that somebody typed can be right: every field at once, so that nobody mends them one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.backends.postcodes import Places
from app.domain.errors import Invalid
from app.domain.framework import Fact, FactKind
from app.domain.identifiers import parse_charity_number, parse_company_number, parse_cqc_id, parse_postcode
from app.domain.people import email_address
from app.domain.rules import known
from app.domain.web_address import web_address
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, items

LONGEST = {
    "name": (200, "The name"),
    "summary": (300, "The summary"),
    "description": (5000, "The description"),
    "phone": (40, "The phone number"),
    "address": (400, "The address"),
    "strengths": (1500, "What you are good at"),
}
LISTS = {"services": SERVICES, "client_groups": CLIENT_GROUPS, "languages": LANGUAGES, "access": ACCESS}
UNKNOWN_POSTCODE = (
    "We do not know this postcode. Check it for slips. If it is very new, enter the nearest older one and write your "
    "address in full."
)


@dataclass
class Located:
    """A profile that may be stored: the values of its columns, and where its postcode lies."""

    values: dict[str, Any]
    easting: int | None = None
    northing: int | None = None
    area_code: str = ""


class _Check:
    """The typed values, with what was found wrong so far."""

    def __init__(self, typed: Mapping[str, Any]) -> None:
        self.values: dict[str, Any] = {
            name: value.strip() if isinstance(value, str) else value for name, value in typed.items()
        }
        self.errors: dict[str, str] = {}

    def parsed(self, name: str, parse: Callable[[str], str], empty: Any = "") -> None:
        """Replace what was typed by its one form; leave it, and keep the sentence, where it cannot be right."""
        text = self.values[name]
        if not text:
            self.values[name] = empty
            return
        try:
            self.values[name] = parse(text)
        except Invalid as refusal:
            self.errors[name] = next(iter(refusal.errors.values()))


def checked_profile(typed: Mapping[str, Any], facts: tuple[Fact, ...], places: Places) -> Located:
    """The profile in stored form. Raises Invalid, naming every field that is wrong."""
    check = _Check(typed)
    _check_words(check)
    check.parsed("charity_number", parse_charity_number, None)
    check.parsed("company_number", parse_company_number, None)
    check.parsed("cqc_provider_id", parse_cqc_id, None)
    check.parsed("website", lambda text: web_address(text, longest=300))
    check.parsed("email", email_address)
    check.parsed("phone", _phone)
    _check_codes(check, places)
    check.values["facts"] = _facts(check, facts)
    located = _locate(check, places)
    if check.errors:
        raise Invalid(check.errors)
    return located


def _check_words(check: _Check) -> None:
    check.values["name"] = " ".join(check.values["name"].split())  # it stands in the subject of mail
    if not check.values["name"]:
        check.errors["name"] = "Enter the name of your organisation."
    check.values["summary"] = " ".join(check.values["summary"].split())
    for name, (most, words) in LONGEST.items():
        length = len(check.values[name])
        if length > most:
            check.errors[name] = f"{words} may have at most {most:,} characters and has {length:,}. Shorten it."


def _check_codes(check: _Check, places: Places) -> None:
    kinds = {item.code for item in items(ORGANISATION_TYPES)}
    if check.values["kind"] not in kinds:
        check.errors["kind"] = "Choose what kind of organisation it is."
    for name, codes in LISTS.items():
        allowed = {item.code for item in items(codes)}
        check.values[name] = list(dict.fromkeys(check.values[name]))
        if not allowed.issuperset(check.values[name]):
            check.errors[name] = "Choose from the list."
    check.values["areas"] = _councils(check, places)


def _councils(check: _Check, places: Places) -> list[str]:
    """The codes of the councils that were typed by code, by name or by a place in them."""
    codes: list[str] = []
    for text in check.values["areas"]:
        try:
            code = text if text in places.areas else places.locate(text).area_code
        except Invalid:
            code = ""
        if code:
            codes.append(code)
        else:
            check.errors["areas"] = (
                f"We do not know the council “{text}”. Type its name as the list has it, such as Lancaster."
            )
    return list(dict.fromkeys(codes))


def _facts(check: _Check, facts: tuple[Fact, ...]) -> dict[str, Any]:
    """The facts as they are kept: None stays, for what is not known yet."""
    found: dict[str, Any] = {}
    for fact in facts:
        value = check.values["facts"].get(fact.code)
        try:
            exact = known(fact, value)
        except Invalid as refusal:
            check.errors[f"fact_{fact.code}"] = refusal.message
            continue
        found[fact.code] = None if exact is None else _as_kept(fact, value)
    return found


def _as_kept(fact: Fact, value: Any) -> Any:
    if fact.kind is FactKind.YES_NO:
        return value in ("yes", True)
    return list(value) if fact.kind is FactKind.CODES else value


def _locate(check: _Check, places: Places) -> Located:
    check.parsed("postcode", parse_postcode)
    postcode = check.values["postcode"]
    if not postcode or "postcode" in check.errors:
        return Located(check.values)
    place = places.find(postcode)
    if place is None:
        check.errors["postcode"] = UNKNOWN_POSTCODE
        return Located(check.values)
    return Located(check.values, place.easting, place.northing, place.area_code)


def _phone(text: str) -> str:
    if re.fullmatch(r"\+?[\d\s()\-./]{6,}(\s*(ext|x)\.?\s*\d+)?", text, re.IGNORECASE):
        return " ".join(text.split())
    raise Invalid({"phone": "Enter a phone number, such as 01524 123456."})
