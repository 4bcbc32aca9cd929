"""Official numbers: as people type them, in one form, and refused with a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import certificate_number
from app.domain.errors import Invalid
from app.domain.identifiers import (
    charity_org_id,
    parse_charity_number,
    parse_company_number,
    parse_cqc_id,
    parse_district,
    parse_ods_code,
    parse_postcode,
    parse_ukprn,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1123456", "1123456"),
        (" 206 207 ", "206207"),
        ("206207-1", "206207-1"),
        ("SC012345", "SC012345"),
        ("sc 012 345", "SC012345"),
        ("NIC100123", "NIC100123"),
        ("NI100123", "NIC100123"),
    ],
)
def test_a_charity_number_is_read_as_people_type_it(typed, number):
    assert parse_charity_number(typed) == number


@pytest.mark.parametrize("typed", ["", "12345", "12345678", "0123456", "SC12", "ABC1234", "SCOTLAND"])
def test_a_wrong_charity_number_is_refused_with_what_it_should_look_like(typed):
    with pytest.raises(Invalid, match="6 or 7 digits") as refusal:
        parse_charity_number(typed)
    assert set(refusal.value.errors) == {"charity_number"}


@pytest.mark.parametrize(
    ("number", "org_id"),
    [("1123456", "GB-CHC-1123456"), ("SC012345", "GB-SC-SC012345"), ("NIC100123", "GB-NIC-100123")],
)
def test_each_register_has_its_own_organisation_identifier(number, org_id):
    assert charity_org_id(number) == org_id


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1234567", "01234567"),
        ("SC123456", "SC123456"),
        ("ip12345r", "IP12345R"),
        ("CE 12345", "CE012345"),
        ("CS001234", "CS001234"),
        ("RC000123", "RC000123"),
        ("R0000123", "R0000123"),
        ("NI012345", "NI012345"),
    ],
)
def test_company_numbers_take_in_mutuals_and_charitable_organisations(typed, number):
    assert parse_company_number(typed) == number


@pytest.mark.parametrize("typed", ["", "0", "123456789", "XX123456", "SC1234567"])
def test_a_wrong_company_number_is_refused(typed):
    with pytest.raises(Invalid, match="Companies House"):
        parse_company_number(typed)


def test_cqc_ods_and_ukprn_numbers_are_checked():
    assert parse_cqc_id("1 - 123456789") == "1-123456789"
    assert parse_ods_code("rtx") == "RTX"
    assert parse_ukprn("10001234") == "10001234"
    for parse, wrong in ((parse_cqc_id, "2-123456789"), (parse_ods_code, "R"), (parse_ukprn, "20001234")):
        with pytest.raises(Invalid):
            parse(wrong)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("la14ab", "LA1 4AB"), ("EC1A 1BB", "EC1A 1BB"), ("m11ae", "M1 1AE"), ("W1A  0AX", "W1A 0AX")],
)
def test_a_postcode_gets_its_one_space(typed, code):
    assert parse_postcode(typed) == code


@pytest.mark.parametrize("typed", ["", "LA1", "LA1 4A", "QA1 1AA", "LA1 4CI", "12345"])
def test_what_is_no_full_postcode_is_refused(typed):
    with pytest.raises(Invalid, match="full UK postcode"):
        parse_postcode(typed)


def test_a_district_is_told_from_other_words():
    assert parse_district("la1") == "LA1"
    assert parse_district("Lancaster") is None


# The example that the standard itself gives for MOD 1271-36.
def test_the_check_characters_agree_with_a_published_number():
    assert certificate_number.check_characters("ISO79") == "3W"


def test_a_certificate_number_is_read_however_it_is_typed():
    number = certificate_number.make("CCM", 2026, 42)
    assert number.startswith("CCM-26-00042-")
    for typed in (number, number.lower(), number.replace("-", ""), f" {number.replace('-', ' ')} "):
        assert certificate_number.parse(typed) == certificate_number.Typed(number, True)
    assert certificate_number.parse("hello").number == ""


@given(
    serial=st.integers(1, 99_999_999), place=st.integers(0, 20), character=st.sampled_from(certificate_number.ALPHABET)
)
def test_one_wrong_character_is_always_found(serial, place, character):
    plain = certificate_number.make("CCM", 2026, serial).replace("-", "")
    place %= len(plain)
    slip = plain[:place] + character + plain[place + 1 :]
    assert certificate_number.parse(slip).checks == (slip == plain)


@given(serial=st.integers(1, 99_999_999), place=st.integers(0, 20))
def test_two_swapped_neighbours_are_always_found(serial, place):
    plain = certificate_number.make("CCM", 2026, serial).replace("-", "")
    place %= len(plain) - 1
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    assert certificate_number.parse(swapped).checks == (swapped == plain)
