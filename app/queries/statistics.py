"""The register in figures, for everybody: awards over time, how long decisions take, what became of appeals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypedDict

from sqlalchemy import Select, case, extract, func, select

from app.backends.geography import groups, regions_of
from app.domain.charts import Axis
from app.domain.errors import NotFound
from app.domain.figures import Spread, days_words, spread
from app.domain.public_figures import (
    FEWEST,
    Cohort,
    Part,
    ended_in,
    granted_in,
    said,
    standing_after,
)
from app.domain.size import SIZE_WORDS
from app.extensions import db
from app.models import Appeal, Application, Decision, Scheme
from app.queries.statistics_count import EVENTS, CountedAwards

MOST_YEARS = 8
MOST_DECISIONS = 50_000
MOST_SCHEMES = 200
MOST_GROUPS = 50_000
UPHELD = ("upheld", "partly-upheld")
NOT_KNOWN = "Not known"


@dataclass(frozen=True)
class YearRow:
    """One year. `stood` are the awards at its end, of the running year those of today. Appeals are in words."""

    year: int
    granted: int
    ended: int
    stood: int
    events: Mapping[str, int]
    decided: str
    days: Spread | None
    lodged: str
    upheld: str

    @property
    def median_said(self) -> str:
        return days_words(self.days.median) if self.days else "–"

    @property
    def ninetieth_said(self) -> str:
        return days_words(self.days.ninetieth) if self.days else "–"


@dataclass(frozen=True)
class Appealed:
    """The appeals of one year and scheme, and how many of them were upheld in whole or in part."""

    lodged: int
    upheld: int


class _Decided(TypedDict):
    decided: str
    days: Spread | None


class _Appealed(TypedDict):
    lodged: str
    upheld: str


@dataclass(frozen=True)
class GroupRow:
    """The awards of one level, region or size at the end of each year shown."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Statistics:
    """The figures of one scheme, or of all where `scheme` is "". Rows of groups have a count for each of `years`."""

    scheme: str
    title: str
    schemes: tuple[tuple[str, str], ...]
    rows: tuple[YearRow, ...]
    levels: tuple[GroupRow, ...]
    regions: tuple[GroupRow, ...]
    sizes: tuple[GroupRow, ...]
    today: date

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(row.year for row in self.rows)

    @property
    def standing(self) -> int:
        return self.rows[-1].stood if self.rows else 0

    @property
    def over_time(self) -> tuple[Axis, ...]:
        """The awards at the end of each year as bars."""
        most = max((row.stood for row in self.rows), default=0) or 1
        return tuple(Axis(self.year_words(row.year), Fraction(row.stood, most), f"{row.stood:,}") for row in self.rows)

    @property
    def waiting(self) -> tuple[Axis, ...]:
        """Days to a decision: the median as a bar, with a mark where nine in ten were decided."""
        told = [(row, row.days) for row in self.rows if row.days]
        longest = max((days.ninetieth for _, days in told), default=0) or 1
        return tuple(
            Axis(
                self.year_words(row.year),
                min(days.median / longest, Fraction(1)),
                f"half in {days_words(days.median)}",
                Fraction(days.ninetieth, longest),
                f"nine in ten in {days_words(days.ninetieth)}",
            )
            for row, days in told
        )

    def axes(self, rows: Sequence[GroupRow]) -> tuple[Axis, ...]:
        """The groups of today as bars."""
        most = max((row.counts[-1] for row in rows), default=0) or 1
        return tuple(Axis(row.name, Fraction(row.counts[-1], most), f"{row.counts[-1]:,}") for row in rows)

    def year_words(self, year: int) -> str:
        return f"{year}, so far" if year == self.today.year else str(year)


def statistics(scheme: str, today: date, counted: CountedAwards) -> Statistics:
    """The figures of the scheme with that code, or of all for "", from the awards as they were counted.

    Three statements. To be kept, and not asked at every request. Raises NotFound.
    """
    known = db.session.execute(select(Scheme.code, Scheme.title, Scheme.id).order_by(Scheme.title).limit(MOST_SCHEMES))
    schemes = {code: (title, scheme_id) for code, title, scheme_id in known}
    if scheme and scheme not in schemes:
        raise NotFound("There is no such scheme. Choose one of those listed.")
    title, scheme_id = schemes[scheme] if scheme else ("All schemes", None)
    levels = counted.cohorts(counted.levels, scheme_id)
    years = _years(levels, today)
    regions = [_in_region(each) for each in counted.cohorts(counted.areas, scheme_id)]
    sizes = counted.cohorts(counted.sizes, scheme_id)
    return Statistics(
        scheme=scheme,
        title=title,
        schemes=tuple((code, name) for code, (name, _) in schemes.items()),
        rows=_rows(levels, years, scheme_id, counted.changes(scheme_id)),
        levels=_groups(levels, years),
        regions=_groups(regions, years),
        sizes=_groups([_in_words(each) for each in sizes], years, (*SIZE_WORDS.values(), NOT_KNOWN)),
        today=today,
    )


def _of_scheme(asked: Select[Any], column: Any, scheme_id: int | None) -> Select[Any]:
    return asked if scheme_id is None else asked.where(column == scheme_id)


def _years(cohorts: Sequence[Cohort], today: date) -> tuple[int, ...]:
    """From the first grant on, the last eight at most, up to this year."""
    first = min((each.granted for each in cohorts), default=today.year)
    return tuple(range(max(first, today.year - MOST_YEARS + 1), today.year + 1))


def _in_region(cohort: Cohort) -> Cohort:
    region = next(iter(regions_of([cohort.name])), "")
    name = groups()[region].title if region in groups() else NOT_KNOWN
    return Cohort(cohort.granted, cohort.ended, name, cohort.count)


def _in_words(cohort: Cohort) -> Cohort:
    return Cohort(cohort.granted, cohort.ended, SIZE_WORDS.get(cohort.name, NOT_KNOWN), cohort.count)


def _groups(cohorts: Sequence[Cohort], years: Sequence[int], order: Sequence[str] = ()) -> tuple[GroupRow, ...]:
    """A row for each name: in the order given, or else the most of today first."""
    stood = [standing_after(cohorts, year) for year in years]
    names = {name for each in stood for name in each}
    rows = [GroupRow(name, tuple(each.get(name, 0) for each in stood)) for name in names]
    rank = {name: place for place, name in enumerate(order)}
    return tuple(sorted(rows, key=lambda row: (rank.get(row.name, len(rank)), -row.counts[-1], row.name)))


def _rows(
    cohorts: Sequence[Cohort], years: Sequence[int], scheme_id: int | None, events: Mapping[tuple[int, str], int]
) -> tuple[YearRow, ...]:
    waits, appeals = _waits(scheme_id), _appeals(scheme_id)
    return tuple(
        YearRow(
            year=year,
            granted=granted_in(cohorts, year),
            ended=ended_in(cohorts, year),
            stood=sum(standing_after(cohorts, year).values()),
            events={kind: events.get((year, kind), 0) for kind in EVENTS},
            **_decided(waits.get(year, {})),
            **_appealed(appeals.get(year, {})),
        )
        for year in years
    )


def _decided(waits: Mapping[int, Sequence[int]]) -> _Decided:
    """Of one year, from the days of each scheme."""
    days = [each for of_scheme in waits.values() for each in of_scheme]
    return {
        "decided": said(Part.of(len(of_scheme)) for of_scheme in waits.values()),
        "days": spread(days) if len(days) >= FEWEST else None,
    }


def _appealed(appeals: Mapping[int, Appealed]) -> _Appealed:
    """Of few appeals not how many were upheld either: one of one would tell whose it was."""
    return {
        "lodged": said(Part.of(of_scheme.lodged) for of_scheme in appeals.values()),
        "upheld": said(Part.of(of_scheme.upheld, among=of_scheme.lodged) for of_scheme in appeals.values()),
    }


def _waits(scheme_id: int | None) -> dict[int, dict[int, list[int]]]:
    """Days from handing in to the decision, of the newest decisions, by year and scheme. One statement."""
    asked = (
        select(Application.scheme_id, Decision.decided_at, Application.submitted_at)
        .join(Application, Application.id == Decision.application_id)
        .where(Application.submitted_at <= Decision.decided_at)  # a deferred case was handed in anew since
        .order_by(Decision.decided_at.desc())
        .limit(MOST_DECISIONS)
    )
    found: dict[int, dict[int, list[int]]] = {}
    for scheme, decided, submitted in db.session.execute(_of_scheme(asked, Application.scheme_id, scheme_id)):
        days = (decided.date() - submitted.date()).days
        found.setdefault(decided.year, {}).setdefault(scheme, []).append(days)
    return found


def _appeals(scheme_id: int | None) -> dict[int, dict[int, Appealed]]:
    """Appeals by the year in which they were lodged and by scheme. One statement."""
    year = extract("year", Appeal.lodged_at)
    upheld = func.sum(case((Appeal.outcome.in_(UPHELD), 1), else_=0))
    asked = select(year, Appeal.scheme_id, func.count(), upheld).group_by(year, Appeal.scheme_id).limit(MOST_GROUPS)
    found: dict[int, dict[int, Appealed]] = {}
    for of, scheme, lodged, won in db.session.execute(_of_scheme(asked, Appeal.scheme_id, scheme_id)):
        found.setdefault(int(of), {})[scheme] = Appealed(lodged, int(won))
    return found
