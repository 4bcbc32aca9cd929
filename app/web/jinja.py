"""How values are written on pages, and what every template may call."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from app.certificates import kite_mark_svg, level_colour
from app.domain import charts
from app.edge.session import today

LONDON = ZoneInfo("Europe/London")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KILOBYTE = 1000


def init_app(app: Flask) -> None:
    """Our filters and globals, and the GOV.UK macros under `govuk_frontend_jinja/`."""
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_env.loader = ChoiceLoader([app.create_global_jinja_loader(), govuk])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        date=day,
        datetime=moment,
        time=clock_time,
        month=month,
        saved=saved,
        money=money,
        percent=percent,
        number=number,
        filesize=filesize,
    )
    app.jinja_env.globals.update(
        charts=charts,
        plural=plural,
        form_errors=form_errors,
        error_target=error_target,
        page_numbers=page_numbers,
        kite_mark=kite_mark,
    )


def kite_mark(state: str, level: str, label: str, *, classes: str, brand: str, accent: str) -> Markup:
    """The drawing that certificates carry too. `level` is a level's name or colour."""
    # Everything that varies in the drawing is escaped where it is drawn.
    drawing = kite_mark_svg(level_colour(level, 0, 0), state, label, colour=brand, accent=accent, classes=classes)
    return Markup(drawing)  # noqa: S704


def _local(value: date | datetime) -> date | datetime:
    """A datetime as it reads on a clock in London; a date as it is."""
    return value.astimezone(LONDON) if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """31 Mar 2029; nothing for None. An aware datetime counts as the day it is in London."""
    if value is None:
        return ""
    there = _local(value)
    return f"{there.day} {MONTHS[there.month - 1]} {there.year}"


def month(value: date | datetime | None) -> str:
    """Mar 2029, for what nobody needs to know to the day; nothing for None."""
    return day(value).partition(" ")[2]


def clock_time(value: datetime | None) -> str:
    """12:04, London time; nothing for None."""
    return "" if value is None else f"{_local(value):%H:%M}"


def moment(value: datetime | None) -> str:
    """31 Mar 2029 at 12:04, London time; nothing for None."""
    return "" if value is None else f"{day(value)} at {clock_time(value)}"


def saved_words(value: datetime | None, on: date) -> str:
    """Saved 12:04, or Saved on 31 Mar 2029 where that was another day than `on`; nothing for None."""
    if value is None:
        return ""
    there = value.astimezone(LONDON)
    return f"Saved {clock_time(value)}" if there.date() == on else f"Saved on {day(value)}"


def saved(value: datetime | None) -> str:
    """When something was last saved, as one says it today."""
    return saved_words(value, today())


def money(value: int | Decimal | None) -> str:
    """£1,234, or £1,234.50 where there are pence; nothing for None."""
    if value is None:
        return ""
    sign = "-" if value < 0 else ""
    amount = abs(value)
    return f"{sign}£{amount:,.0f}" if amount == int(amount) else f"{sign}£{amount:,.2f}"


def percent(share: Fraction | float | None) -> str:
    """A share from 0 to 1 as whole percent, rounded down: what misses a cut-off never reads as if it reached it."""
    return "" if share is None else f"{math.floor(share * 100)}%"


def number(value: int | None) -> str:
    """26,000; nothing for None."""
    return "" if value is None else f"{value:,}"


def filesize(size: int | None) -> str:
    """1.2 MB from a number of bytes; nothing for None."""
    if size is None:
        return ""
    if size < KILOBYTE:
        return plural(size, "byte")
    if size < KILOBYTE**2:
        return f"{math.ceil(size / KILOBYTE)} kB"
    return f"{size / KILOBYTE**2:.1f} MB"


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 provider`, `41 providers`; `many` where an s will not do."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def page_numbers(page: int, pages: int) -> list[int | None]:
    """The pages that a pagination shows: first, last, and those next to `page`; None stands for a gap."""
    shown = sorted({1, pages, *range(max(1, page - 1), min(pages, page + 1) + 1)})
    numbers: list[int | None] = []
    for before, number in zip([0, *shown], shown, strict=False):
        if number - before > 1:
            numbers.append(None)
        numbers.append(number)
    return numbers


def error_target(field: Any) -> str:
    """The id of the control that an error of `field` links to: the first choice of a list, the day of a date."""
    target = getattr(field, "error_id", None)
    if target:
        return str(target)
    if field.type in {"RadioField", "SelectMultipleField", "CheckboxesField"}:
        return f"{field.id}-0"
    return str(field.id)


def form_errors(*forms: Any) -> list[tuple[str, str]]:
    """Every error of the forms in the order of their fields, as (id of the control, sentence); id "" for a whole form."""
    found: list[tuple[str, str]] = []
    for form in forms:
        if form is None:
            continue
        found += [("", str(error)) for error in form.form_errors]
        for field in form:
            found += _field_errors(field)
    return found


def _field_errors(field: Any) -> Iterator[tuple[str, str]]:
    if field.type == "FormField":
        yield from form_errors(field.form)
    elif field.type == "FieldList":
        for entry in field.entries:
            yield from _field_errors(entry)
        yield from ((field.id, str(error)) for error in field.errors if isinstance(error, str))
    elif not isinstance(field.errors, Mapping):
        yield from ((error_target(field), str(error)) for error in field.errors)
