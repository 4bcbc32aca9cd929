"""Open data as this installation is set up, and the day's regular work with its export."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import current_app

from app.backends.exports import Export, Exports
from app.domain.uk_time import uk_day
from app.queries.market_kept import count_if_due
from app.queries.open_data import register_counts, withdrawn_before
from app.queries.statistics_count import count_if_due as count_statistics_if_due
from app.services.daily import REGULAR, Work
from app.services.open_data import OpenDataTerms, is_current, make_open_data

SMALL = 1_000
"""A register of no more entries is exported within a request, in a second or so; a larger one by the worker."""


def open_data_terms() -> OpenDataTerms:
    """Where exports are kept, for how long, and under which licence they are."""
    config = current_app.config
    return OpenDataTerms(
        folder=Path(config["OPEN_DATA_DIR"]),
        keep_days=config["OPEN_DATA_DAYS"],
        base_url=config["BASE_URL"],
        licence=config["OPEN_DATA_LICENCE"],
    )


def kept_exports() -> Exports:
    """The exports that may be handed out. Those from before an address became private are gone, and another is asked for."""
    exports = open_data_terms().exports
    before = withdrawn_before()
    if before and exports.withdraw(before):
        exports.ask()
    return exports


def latest_export(now: datetime) -> Export | None:
    """The newest export. Where there is none of today, one is made if the register is small, and else asked of the worker."""
    terms = open_data_terms()
    latest = kept_exports().latest()
    if latest is not None and latest.day == uk_day(now):
        return latest
    if register_counts().entries <= SMALL:
        return make_open_data(terms, now)
    terms.exports.ask()
    return latest


def export_if_wanted(now: datetime) -> bool:
    """What the worker does between two looks at the mail: an export that somebody waits for. Whether there was one."""
    terms = open_data_terms()
    if not terms.exports.wanted:
        return False
    make_open_data(terms, now)
    return True


def regular_works() -> tuple[tuple[str, Work], ...]:
    """The regular work of the day, with what depends on how this installation is set up."""
    return (
        *REGULAR,
        ("open data", _export_of_the_day),
        ("market map", market_if_due),
        ("statistics", statistics_if_due),
    )


def market_if_due(now: datetime) -> bool:
    """Count the market of a large register where that is due. Whether it was."""
    return count_if_due(uk_day(now), now)


def statistics_if_due(now: datetime) -> bool:
    """Count the public figures of a large register where that is due. Whether they were."""
    return count_statistics_if_due(uk_day(now), now)


def _export_of_the_day(now: datetime) -> int:
    terms = open_data_terms()
    latest = terms.exports.latest()
    if latest is not None and is_current(latest, uk_day(now), register_counts()):
        return 0
    make_open_data(terms, now)
    return 1
