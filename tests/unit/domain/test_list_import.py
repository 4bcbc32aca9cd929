"""What a row of somebody's list comes to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.list_import import Column, Terms, guess, parse_day, read_row
from app.domain.places import Place

TODAY = date(2026, 11, 22)
HERE = Place("LA1 4AB", 347_700, 461_800, "E07000121")
TERMS = Terms(
    levels={"gold": "gold", "level 2": "silver"},
    services={"home care": "home-care", "help with washing dressing": "home-care", "advocacy": "advocacy"},
    groups={"older people": "older-people"},
    area={"Lancaster": "E07000121", "Devon": "E10000008"}.get,
    place={"LA1 4AB": HERE}.get,
    last_day=lambda level, granted: granted.replace(year=granted.year + 3) - timedelta(days=1),
    today=TODAY,
)
WHOLE = {
    Column.NAME: "Bay Care",
    Column.LEVEL: "Gold",
    Column.GRANTED: "1/6/2025",
    Column.CHARITY: "1123456",
    Column.POSTCODE: "la14ab",
    Column.SERVICES: "Home care; Advocacy",
}


def read(terms: Terms = TERMS, **cells: str):
    said = {**WHOLE, **{Column(key): value for key, value in cells.items()}}
    return read_row(
        {column.value: text for column, text in said.items()}, {column: column.value for column in said}, terms
    )


def test_a_complete_row_is_read_as_it_would_be_stored():
    row = read()
    assert row.problems == {}
    assert row.place == HERE
    assert row.values == {
        "name": "Bay Care",
        "charity_number": "1123456",
        "postcode": "LA1 4AB",
        "areas": ["E07000121"],
        "services": ["home-care", "advocacy"],
        "client_groups": [],
        "level": "gold",
        "granted_on": date(2025, 6, 1),
        "expires_on": date(2028, 5, 31),
    }
    assert row.notes == ["No last day was given. It is counted from the day of the award, as the framework says."]


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"name": " "}, "name", "The name is missing."),
        ({"level": "Platinum"}, "level", "There is no level “Platinum” in this framework."),
        ({"level": ""}, "level", "The level is missing."),
        ({"granted_on": ""}, "granted_on", "The day of the award is missing."),
        ({"granted_on": "31/02/2025"}, "granted_on", "“31/02/2025” is no date. Write it as 31/03/2029."),
        ({"granted_on": "1/12/2026"}, "granted_on", "The award would be granted in the future."),
        ({"expires_on": "1/5/2025"}, "expires_on", "The award would end before it begins."),
        ({"charity_number": "12"}, "charity_number", "“12” is no charity number."),
        ({"cqc_provider_id": "7"}, "cqc_provider_id", "“7” is no CQC provider ID."),
        ({"postcode": "LA1"}, "postcode", "“LA1” is no full UK postcode."),
    ],
)
def test_what_cannot_be_right_is_told_at_its_column(cells, column, sentence):
    assert read(**cells).problems == {column: sentence}


def test_what_is_not_known_is_left_out_and_said():
    row = read(services="Home care|Falconry", areas="Lancaster;Atlantis", email="none", postcode="LA9 9ZZ")
    assert row.problems == {}
    assert row.values["services"] == ["home-care"] and row.values["areas"] == ["E07000121"]
    assert "email" not in row.values
    assert [words.split(". ")[0] for words in row.notes[:4]] == [
        "The postcode LA9 9ZZ is not in the national list, so the provider is not found by distance.",
        "There is no single council called “Atlantis”",
        "“none” is no e-mail address",
        "We do not know the service “Falconry”",
    ]


def test_commas_split_a_cell_only_where_it_is_no_word_of_a_list_itself():
    assert read(services="Help with washing, dressing").values["services"] == ["home-care"]
    assert read(services="Home care, Advocacy, Home care").values["services"] == ["home-care", "advocacy"]


def test_rows_that_say_nothing_take_what_was_said_for_all():
    terms = Terms(**{**vars(TERMS), "level": "silver", "granted_on": date(2024, 1, 1), "expires_on": date(2027, 1, 1)})
    row = read(terms, level="", granted_on="")
    assert (row.values["level"], row.values["granted_on"], row.values["expires_on"]) == (
        "silver",
        date(2024, 1, 1),
        date(2027, 1, 1),
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2029-03-31", date(2029, 3, 31)),
        ("31/03/2029", date(2029, 3, 31)),
        ("3/4/29", date(2029, 4, 3)),
        ("31.3.2029", date(2029, 3, 31)),
        ("31st March 2029", date(2029, 3, 31)),
        ("31-Mar-29", date(2029, 3, 31)),
        ("2029-03-31 00:00:00", date(2029, 3, 31)),
        ("13/13/2029", None),
        ("soon", None),
        ("31 Foo 2029", None),
    ],
)
def test_days_are_read_with_the_day_first(text, day):
    assert parse_day(text) == day


def test_columns_are_known_by_the_words_that_people_use():
    found = guess(["Organisation Name", "Reg. charity no", "Charity No.", "Post code", "Valid until", "Award level"])
    assert found == {
        Column.NAME: "Organisation Name",
        Column.CHARITY: "Charity No.",
        Column.POSTCODE: "Post code",
        Column.EXPIRES: "Valid until",
        Column.LEVEL: "Award level",
    }
