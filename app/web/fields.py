"""Form fields that WTForms lacks: a day in three boxes, whole pounds, a list of boxes to tick."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import Field, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

PARTS = ("day", "month", "year")
MONTH_NAMES = {name: index for index, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


class DayField(Field):
    """A date typed as day, month and year (`<name>-day` ...). The month may be a word. `data` is a date or None."""

    def __init__(self, label: str = "", validators: Any = None, *, required: str = "", **kwargs: Any) -> None:
        """`required` is the sentence shown when all three are empty; without one the date may be left out."""
        super().__init__(label, validators, **kwargs)
        self.required_message = required
        self.parts = dict.fromkeys(PARTS, "")

    @property
    def error_id(self) -> str:
        return f"{self.id}-day"

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes where a form was sent, else the date given as data."""
        self.process_errors = []
        self.data = data if isinstance(data, date) else None
        self.object_data = self.data
        sent = formdata is not None and any(f"{self.name}-{part}" in formdata for part in PARTS)
        if sent:
            self.parts = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS}
            self.data = None
            self._read_parts()
        elif self.data:
            self.parts = {part: str(getattr(self.data, part)) for part in PARTS}

    def _read_parts(self) -> None:
        if not any(self.parts.values()):
            return
        missing = [part for part in PARTS if not self.parts[part]]
        if missing:
            self.process_errors.append(f"{self.label.text} must include a {' and a '.join(missing)}.")
            return
        try:
            self.data = date(int(self.parts["year"]), _month(self.parts["month"]), int(self.parts["day"]))
        except (ValueError, OverflowError):
            self.process_errors.append(f"{self.label.text} must be a real date, such as 31 3 2029.")
            return
        if not 1900 <= self.data.year <= 2200:
            self.process_errors.append(f"{self.label.text} must have a year of four digits, such as 2029.")
            self.data = None

    def pre_validate(self, form: Any) -> None:
        if self.required_message and not any(self.parts.values()):
            raise StopValidation(self.required_message)


def _month(text: str) -> int:
    return MONTH_NAMES.get(text[:3].lower()) or int(text)


class PoundsField(StringField):
    """An amount in whole pounds. Takes `£12,345`, `12345` and `12,345.00`; `data` is an int or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:,}"

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = re.sub(r"[£,\s]", "", valuelist[0]) if valuelist else ""
        if not text:
            self.data = None
            return
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text):
            self.data = None
            raise ValueError(f"{self.label.text} must be an amount in pounds, such as 48,500.")
        self.data = int(text.split(".")[0])


class CountField(StringField):
    """How many, from 0. Takes `1,200` and `1200`; `data` is an int or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = re.sub(r"[,\s]", "", valuelist[0]) if valuelist else ""
        if text and not re.fullmatch(r"\d{1,9}", text):
            self.data = None
            raise ValueError(f"{self.label.text} must be a whole number, such as 12.")
        self.data = int(text) if text else None


class CheckboxesField(SelectMultipleField):
    """Any number of choices, shown as boxes to tick (components/forms.html, `checkboxes`)."""


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(value, words) pairs as WTForms takes them."""
    return [SelectChoice(value, words) for value, words in pairs]
