"""Fields of our own: what people type, and what comes of it."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.web.fields import CountField, DayField, PoundsField


class Sample(Form):
    issued_on = DayField("Issue date", required="Enter the issue date.")
    income = PoundsField("Income")
    staff = CountField("Paid staff")


def sent(**values: str) -> Sample:
    day = {"issued_on-day": "31", "issued_on-month": "3", "issued_on-year": "2029"}
    form = Sample(MultiDict({**day, "income": "", "staff": "", **{k.replace("__", "-"): v for k, v in values.items()}}))
    form.validate()
    return form


def test_a_day_is_read_from_its_three_boxes():
    assert sent().issued_on.data == date(2029, 3, 31)


def test_a_month_may_be_a_word():
    assert sent(issued_on__month="March").issued_on.data == date(2029, 3, 31)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"issued_on__day": "31", "issued_on__month": "2"}, "Issue date must be a real date, such as 31 3 2029."),
        ({"issued_on__day": "x"}, "Issue date must be a real date, such as 31 3 2029."),
        ({"issued_on__day": ""}, "Issue date must include a day."),
        ({"issued_on__day": "", "issued_on__year": ""}, "Issue date must include a day and a year."),
        ({"issued_on__year": "29"}, "Issue date must have a year of four digits, such as 2029."),
        ({"issued_on__day": "", "issued_on__month": "", "issued_on__year": ""}, "Enter the issue date."),
    ],
)
def test_a_day_that_cannot_be_is_explained_and_what_was_typed_stays(typed, sentence):
    form = sent(**typed)
    assert form.issued_on.errors == [sentence]
    assert form.issued_on.data is None
    assert all(form.issued_on.parts[name.split("__")[1]] == words for name, words in typed.items())


def test_a_stored_day_fills_the_boxes():
    form = Sample(data={"issued_on": date(2029, 3, 31)})
    assert form.issued_on.parts == {"day": "31", "month": "3", "year": "2029"}


@pytest.mark.parametrize(
    ("typed", "amount"), [("£48,500", 48500), ("48500.00", 48500), ("12 000", 12000), ("", None), ("0", 0)]
)
def test_pounds_are_read_as_people_write_them(typed, amount):
    form = sent(income=typed)
    assert (form.income.data, form.income.errors) == (amount, [])


@pytest.mark.parametrize("typed", ["lots", "-5", "1e9", "12.345"])
def test_what_is_no_amount_is_explained_and_stays(typed):
    form = sent(income=typed)
    assert form.income.errors == ["Income must be an amount in pounds, such as 48,500."]
    assert form.income._value() == typed


@pytest.mark.parametrize(
    ("typed", "errors"), [("1,200", []), ("", []), ("2.5", ["Paid staff must be a whole number, such as 12."])]
)
def test_counts_are_whole(typed, errors):
    assert sent(staff=typed).staff.errors == errors
