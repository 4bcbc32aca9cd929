"""Official numbers of organisations and places: read as people type them, checked, and written in one form.

Forms: the registers' own published patterns; organisation identifiers after org-id.guide.
"""

from __future__ import annotations

import re

from app.domain.errors import Invalid

COMPANY_PREFIXES = (
    "AC CE CS FC FE GE GN GS IC IP LP NA NC NF NI NL NO NP NR NV NZ OC OE PC R0 RC RS SA SC SE SF SG SI SL SO SP SR SZ ZC"
).split()
"""What a company number may begin with instead of a digit: among them mutuals (IP SP NP), charitable incorporated
organisations (CE CS) and charter bodies (RC), which are third-sector forms."""

_POSTCODE = re.compile(
    r"(GIR ?0AA|[A-PR-UWYZ]([0-9][0-9A-HJKPSTUW]?|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]?) ?[0-9][ABD-HJLNP-UW-Z]{2})"
)
_DISTRICT = re.compile(r"[A-PR-UWYZ]([0-9][0-9A-HJKPSTUW]?|[A-HK-Y][0-9][0-9ABEHMNPRV-Y]?)")


def _tidy(text: str) -> str:
    """Upper case, without spaces, dots and dashes of any kind."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", text).upper()


def _refuse(field: str, sentence: str) -> Invalid:
    return Invalid({field: sentence})


def parse_charity_number(text: str, field: str = "charity_number") -> str:
    """A charity number of any of the three registers, in its register's form.

    England and Wales: 6 or 7 digits, a linked charity's suffix after a hyphen. Scotland: SC and 6 digits. Northern
    Ireland: NIC and 6 digits. Raises Invalid for `field`.
    """
    linked = re.fullmatch(r"\s*(\d{6,7})\s*[-/]\s*(\d{1,3})\s*", text)
    if linked and linked[1][0] != "0":
        return f"{linked[1]}-{int(linked[2])}" if int(linked[2]) else linked[1]
    number = _tidy(text)
    if re.fullmatch(r"[1-9]\d{5,6}", number):
        return number
    if re.fullmatch(r"SCO?\d{5,6}", number) and len(number.replace("O", "0")) == 8:
        return number.replace("O", "0")
    if re.fullmatch(r"NIC?\d{6}", number):
        return f"NIC{number[-6:]}"
    raise _refuse(
        field,
        "A charity number has 6 or 7 digits, such as 1123456. In Scotland it is SC and 6 digits, in Northern Ireland "
        "NIC and 6 digits. Check it on your register and type it again.",
    )


def charity_org_id(number: str) -> str:
    """The org-id of a parsed charity number, such as GB-CHC-1123456."""
    if number.startswith("SC"):
        return f"GB-SC-{number}"
    if number.startswith("NIC"):
        return f"GB-NIC-{number[3:]}"
    return f"GB-CHC-{number}"


def charity_number_of(org_id: str) -> str:
    """The charity number in an org-id that `charity_org_id` made."""
    number = org_id.rpartition("-")[2] if not org_id.startswith("GB-CHC-") else org_id.removeprefix("GB-CHC-")
    return f"NIC{number}" if org_id.startswith("GB-NIC-") else number


def charity_register_url(number: str) -> str:
    """Where the charity's own register shows it."""
    if number.startswith("SC"):
        return f"https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number={number}"
    if number.startswith("NIC"):
        return f"https://www.charitycommissionni.org.uk/charity-details/?regId={number[3:]}"
    return f"https://register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details/{number.partition('-')[0]}"


def parse_company_number(text: str, field: str = "company_number") -> str:
    """A Companies House number: 8 characters, digits alone padded with zeros. Raises Invalid for `field`."""
    number = _tidy(text)
    if re.fullmatch(r"\d{1,8}", number) and int(number):
        return number.zfill(8)
    prefix, digits = number[:2], number[2:]
    if prefix in COMPANY_PREFIXES and re.fullmatch(r"\d{1,6}|\d{5}[A-Z]", digits):
        return prefix + digits.zfill(6)
    raise _refuse(
        field,
        "A company number has 8 characters: 8 digits, such as 01234567, or letters and 6 digits, such as CE012345 or "
        "IP12345R. Check it at Companies House or on the mutuals register and type it again.",
    )


def company_org_id(number: str) -> str:
    """The org-id of a parsed company number."""
    return f"GB-COH-{number}"


def company_register_url(number: str) -> str:
    """Where Companies House shows it."""
    return f"https://find-and-update.company-information.service.gov.uk/company/{number}"


def parse_cqc_id(text: str, field: str = "cqc_provider_id") -> str:
    """A CQC provider or location id: `1-` and 8 to 11 digits. Raises Invalid for `field`."""
    match = re.fullmatch(r"1\s*[-\u2010-\u2015]\s*(\d{8,11})", text.strip())
    if match:
        return f"1-{match[1]}"
    raise _refuse(
        field,
        "A CQC provider ID is 1, a hyphen and 8 to 11 digits, such as 1-123456789. It is on your CQC certificate.",
    )


def cqc_register_url(number: str) -> str:
    """Where CQC shows a provider."""
    return f"https://www.cqc.org.uk/provider/{number}"


def parse_ods_code(text: str, field: str = "ods_code") -> str:
    """An NHS organisation code: 3 to 6 letters and digits. Raises Invalid for `field`."""
    code = _tidy(text)
    if re.fullmatch(r"[A-Z0-9]{3,6}", code):
        return code
    raise _refuse(field, "An ODS code has 3 to 6 letters and digits, such as RTX or 8HE42.")


def parse_ukprn(text: str, field: str = "ukprn") -> str:
    """A UK provider reference number: 1 and 7 digits. Raises Invalid for `field`."""
    number = _tidy(text)
    if re.fullmatch(r"1\d{7}", number):
        return number
    raise _refuse(field, "A UKPRN has 8 digits and begins with 1, such as 10001234.")


def parse_postcode(text: str, field: str = "postcode") -> str:
    """A full UK postcode with its one space, such as LA1 4AB. Says nothing about whether it exists. Raises Invalid."""
    code = _tidy(text)
    if _POSTCODE.fullmatch(code):
        return f"{code[:-3]} {code[-3:]}"
    raise _refuse(field, "Enter a full UK postcode, such as LA1 4AB.")


def parse_district(text: str) -> str | None:
    """A postcode district such as LA1, or None if the text is not one."""
    code = _tidy(text)
    return code if _DISTRICT.fullmatch(code) else None


def is_area_code(text: str) -> bool:
    """Whether the text has the form of an ONS area code: a letter of a nation (or L or M for the islands) and 8 digits."""
    return re.fullmatch(r"[EWSNLM]\d{8}", text) is not None
