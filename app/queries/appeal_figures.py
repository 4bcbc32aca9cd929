"""Appeals and complaints of a scheme in numbers, by the year in which they came in. Nobody is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.uk_time import uk_day
from app.models import Appeal, Complaint

MOST = 20_000
UPHELD = frozenset({"upheld", "partly-upheld"})


@dataclass(frozen=True)
class YearFigures:
    """One year. `..._upheld` counts those upheld wholly or in part, `..._ended` all with an outcome.

    `appeal_days` and `complaint_days` are the median number of days from receipt to outcome; None where none has one.
    """

    year: int
    appeals: int
    appeals_ended: int
    appeals_upheld: int
    appeal_days: float | None
    complaints: int
    complaints_ended: int
    complaints_upheld: int
    complaint_days: float | None
    about_safety: int


@dataclass(frozen=True)
class _Row:
    came: datetime
    ended: datetime | None
    outcome: str
    safety: bool = False

    @property
    def days(self) -> int | None:
        return (uk_day(self.ended) - uk_day(self.came)).days if self.ended else None


def appeal_figures(session: Session, scheme_id: int) -> tuple[YearFigures, ...]:
    """What came in and what came of it, the latest year first. Two statements; at most the newest 20,000 of each."""
    appeals = [
        _Row(*row)
        for row in session.execute(
            select(Appeal.lodged_at, Appeal.ended_at, Appeal.outcome)
            .where(Appeal.scheme_id == scheme_id)
            .order_by(Appeal.id.desc())
            .limit(MOST)
        )
    ]
    complaints = [
        _Row(*row)
        for row in session.execute(
            select(Complaint.received_at, Complaint.ended_at, Complaint.outcome, Complaint.safety)
            .where(Complaint.scheme_id == scheme_id)
            .order_by(Complaint.id.desc())
            .limit(MOST)
        )
    ]
    years = sorted({uk_day(row.came).year for row in (*appeals, *complaints)}, reverse=True)
    return tuple(_year(year, _of(appeals, year), _of(complaints, year)) for year in years)


def _of(rows: Iterable[_Row], year: int) -> list[_Row]:
    return [row for row in rows if uk_day(row.came).year == year]


def _year(year: int, appeals: list[_Row], complaints: list[_Row]) -> YearFigures:
    return YearFigures(
        year=year,
        appeals=len(appeals),
        appeals_ended=sum(bool(row.outcome) for row in appeals),
        appeals_upheld=sum(row.outcome in UPHELD for row in appeals),
        appeal_days=_days(appeals),
        complaints=len(complaints),
        complaints_ended=sum(bool(row.outcome) for row in complaints),
        complaints_upheld=sum(row.outcome in UPHELD for row in complaints),
        complaint_days=_days(complaints),
        about_safety=sum(row.safety for row in complaints),
    )


def _days(rows: Iterable[_Row]) -> float | None:
    found = [row.days for row in rows if row.days is not None]
    return float(median(found)) if found else None
