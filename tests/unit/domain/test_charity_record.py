"""What is made of the Charity Commission's words: names out of capitals, sentences, and classes that mean one of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.domain.charity_record import (
    CLIENT_GROUPS,
    SERVICES,
    CharityRecord,
    Classified,
    Standing,
    organisation_kind,
    suggestions,
    tidy_name,
    tidy_text,
)
from app.queries.lists import CLIENT_GROUPS as GROUP_LIST
from app.queries.lists import ORGANISATION_TYPES, titles
from app.queries.lists import SERVICES as SERVICE_LIST

RECORD = CharityRecord(
    organisation_number=1, number=1123456, linked=0, name="X", kind="", status="Registered", registered_on=None,
    removed_on=None, company="", income=None, income_to=None, activities="", web="", email="", phone="", address="",
    postcode="", insolvent=False, in_administration=False, cio=False, employees=None, volunteers=None, extracted_on=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("FRIENDS OF THE QUAY (LANCASTER)", "Friends of the Quay (Lancaster)"),
        ("THE O'BRIEN YMCA AND SELF-HELP GROUP", "The O'Brien YMCA and Self-Help Group"),
        ("Friends  of the QUAY", "Friends of the QUAY"),
        ("ST. JOHN'S 1ST SCOUTS", "St. John's 1st Scouts"),
        ("جمعية الخليج", "جمعية الخليج"),
        ("ÉLAN", "Élan"),
    ],
)
def test_a_name_in_capitals_is_shown_as_one_would_write_it_and_any_other_as_it_is(written, shown):
    assert tidy_name(written) == shown


def test_a_text_in_capitals_becomes_sentences_and_its_first_one_the_summary():
    assert tidy_text("WE VISIT. WE CALL") == "We visit. We call"
    assert tidy_text("We run the UK's  only one.") == "We run the UK's only one."
    assert replace(RECORD, activities="WE VISIT PEOPLE. AND MORE.").summary == "We visit people."
    assert replace(RECORD, activities="x" * 301).summary == "" and RECORD.summary == ""


def test_every_class_points_to_codes_that_our_lists_have():
    assert {code for codes in CLIENT_GROUPS.values() for code in codes} <= set(titles(GROUP_LIST))
    assert {code for codes in SERVICES.values() for code in codes} <= set(titles(SERVICE_LIST))
    kinds = {organisation_kind(replace(RECORD, **values)) for values in ({}, {"cio": True}, {"company": "01234567"})}
    assert kinds == {"registered-charity", "cio", "charitable-company"} and kinds <= set(titles(ORGANISATION_TYPES))


def test_classes_are_read_whatever_their_capitals_and_say_why():
    found = suggestions([Classified("Who", "ELDERLY/OLD  PEOPLE"), Classified("What", "Animals")], CLIENT_GROUPS)
    assert [(each.code, each.because) for each in found] == [("older-people", "ELDERLY/OLD  PEOPLE")]


def test_a_charity_that_was_removed_says_so_before_anything_else():
    assert RECORD.standing is Standing.REGISTERED
    assert replace(RECORD, insolvent=True).standing is Standing.INSOLVENT
    assert replace(RECORD, insolvent=True, removed_on=date(2020, 1, 1)).standing is Standing.REMOVED
    assert replace(RECORD, status="REMOVED").standing is Standing.REMOVED
    assert replace(RECORD, in_administration=True).standing is Standing.IN_ADMINISTRATION
    assert replace(RECORD, linked=2).charity_number == "1123456-2"
