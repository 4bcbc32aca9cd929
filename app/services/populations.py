"""Bringing in how many people live where, against which the market map holds capacity."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from io import StringIO

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.backends.geography import councils, present_code
from app.domain.access import Actor
from app.domain.errors import Invalid
from app.models import Population
from app.queries.lists import CLIENT_GROUPS, titles
from app.services.transactions import record, transaction

COLUMNS = ("area", "group", "people", "year", "source")
MOST_ROWS = 50_000
MOST_PEOPLE = 100_000_000
YEARS = range(1990, 2101)
LONGEST_SOURCE = 200


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with a line of the file; lines count from 1, the heading."""

    line: int
    words: str


@dataclass(frozen=True)
class Figure:
    """How many people of a group (or "" for everybody) live in a council's area."""

    area: str
    group: str
    people: int
    year: int
    source: str


def read_populations(text: str) -> tuple[list[Figure], list[RowProblem]]:
    """The figures in a CSV file with the columns COLUMNS, and everything that is wrong with it. Raises Invalid: no such file."""
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise Invalid(
            {"file": f"The first line must name the columns {', '.join(COLUMNS)}. Missing: {', '.join(missing)}."}
        )
    figures: dict[tuple[str, str], Figure] = {}
    problems: list[RowProblem] = []
    for row in rows:
        if len(figures) + len(problems) >= MOST_ROWS:
            raise Invalid({"file": f"A file may have {MOST_ROWS:,} rows. Split it."})
        try:
            figure = _figure({name: (row[name] or "").strip() for name in COLUMNS})
            if (figure.area, figure.group) in figures:
                raise ValueError(f"{figure.area} with this group is in the file twice.")
            figures[figure.area, figure.group] = figure
        except ValueError as error:
            problems.append(RowProblem(rows.line_num, str(error)))
    return list(figures.values()), problems


def _figure(row: dict[str, str]) -> Figure:
    """The figure of a row. Raises ValueError with the sentence."""
    if row["area"] not in councils():
        later = present_code(row["area"])
        hint = f" Its area belongs to {later} today." if later != row["area"] else " Use ONS codes such as E07000121."
        raise ValueError(f"“{row['area']}” is no council of today.{hint}")
    if row["group"] and row["group"] not in titles(CLIENT_GROUPS):
        raise ValueError(
            f"“{row['group']}” is no client group. Leave it empty for everybody, or use a code of the list."
        )
    people = _whole("people", row["people"], range(MOST_PEOPLE + 1))
    year = _whole("year", row["year"], YEARS)
    if not 0 < len(row["source"]) <= LONGEST_SOURCE:
        raise ValueError(f"source must say where the figure comes from, in at most {LONGEST_SOURCE} characters.")
    return Figure(row["area"], row["group"], people, year, row["source"])


def _whole(name: str, text: str, allowed: range) -> int:
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) < 12 and int(plain) in allowed):
        raise ValueError(f"{name} must be a whole number from {allowed[0]:,} to {allowed[-1]:,}, not “{text[:40]}”.")
    return int(plain)


def load_populations(
    figures: list[Figure], *, replace: bool, invented: bool = False, actor: Actor, now: datetime
) -> int:
    """Keep these figures, each in place of what was known of its area and group; with `replace` nothing else stays."""
    rows = [
        {
            "area": each.area,
            "client_group": each.group,
            "people": each.people,
            "year": each.year,
            "source": each.source,
            "invented": invented,
            "loaded_at": now,
        }
        for each in figures
    ]
    with transaction() as session:
        if replace:
            session.execute(delete(Population))
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        for start in range(0, len(rows), 500):
            statement = insert(Population).values(rows[start : start + 500])
            new = {name: statement.excluded[name] for name in ("people", "year", "source", "invented", "loaded_at")}
            session.execute(statement.on_conflict_do_update(index_elements=["area", "client_group"], set_=new))
        first = session.scalars(select(Population).order_by(Population.id).limit(1)).first()
        if first is not None:
            record(session, actor, "populations.loaded", first, now, rows=len(rows), replaced=replace)
    return len(rows)
