"""Finding a charity in the Charity Commission's register by whatever number somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.backends.charity_register import CharityRegister
from app.domain.charity_record import CharityRecord
from app.domain.errors import Invalid
from app.domain.identifiers import parse_charity_number, parse_company_number

OTHER_REGISTER = (
    "The Charity Commission registers charities in England and Wales. {number} is on another register: fill in the profile "
    "by hand."
)
NO_NUMBER = "Enter a charity number such as 1123456, or a company number such as 01234567. Check it on your register and type it again."


@dataclass(frozen=True)
class LookUp:
    """What a number leads to. Of `found`, one is to be chosen where there are several."""

    loaded: bool
    extracted_on: date | None
    found: tuple[CharityRecord, ...] = ()
    linked: tuple[CharityRecord, ...] = ()
    problem: str = ""


def look_up(typed: str, register: CharityRegister) -> LookUp:
    """The charities of a charity number, or else of a company number, however it is typed."""
    status = register.status()
    if status is None:
        return LookUp(False, None)
    if not typed.strip():
        return LookUp(True, status.extracted_on)
    charity, company = _charity_number(typed), _company_number(typed)
    if charity.startswith(("SC", "NIC")):
        return LookUp(True, status.extracted_on, problem=OTHER_REGISTER.format(number=charity))
    if not charity and not company:
        return LookUp(True, status.extracted_on, problem=NO_NUMBER)
    found, linked = _by_charity(charity, register) if charity else ((), ())
    found = found or (register.by_company(company) if company else ())
    problem = "" if found else f"The register as loaded here has no charity with the number {charity or company}."
    return LookUp(True, status.extracted_on, found, linked, problem)


def _by_charity(number: str, register: CharityRegister) -> tuple[tuple[CharityRecord, ...], tuple[CharityRecord, ...]]:
    main, _, suffix = number.partition("-")
    record = register.by_number(int(main), int(suffix or 0))
    linked = register.linked_to(int(main)) if record and not suffix else ()
    return ((record,) if record else ()), linked


def _charity_number(typed: str) -> str:
    try:
        return parse_charity_number(typed)
    except Invalid:
        return ""


def _company_number(typed: str) -> str:
    try:
        return parse_company_number(typed)
    except Invalid:
        return ""
