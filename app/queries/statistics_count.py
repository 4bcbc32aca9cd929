"""The awards of the whole register counted for its public figures, and the count of a large one kept in a file.

Counting reads every award. What a page needs of it is small: some thousand numbers, whatever the size of the register.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, case, extract, func, select

from app.domain.lifecycle import AwardStatus
from app.domain.public_figures import NOT_YET, Cohort
from app.extensions import db
from app.models import Award, RegisterEntry, RegisterEvent
from app.queries.kept import Kept, register_state
from app.queries.register_file import file_of

LARGE = 20_000
"""Entries, from which on a count takes longer than a request should: about a quarter of a second."""
REST = timedelta(hours=1)
"""How long a count of today stands though the register has changed meanwhile."""
MOST_GROUPS = 50_000
ENDED_BY_DECISION = (AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED, AwardStatus.REPLACED)
EVENTS = {"suspended": "Suspended", "reinstated": "Reinstated", "withdrawn": "Withdrawn", "surrendered": "Given up"}
Counts = Sequence[tuple[int, int, int, str, int]]

_counted: Kept[CountedAwards] = Kept(2)


@dataclass(frozen=True)
class CountedAwards:
    """Awards as (scheme, year of the grant, year of the end or NOT_YET, name, count), with three kinds of names: of the
    level, of the council, of the size. `events` are changes as (scheme, year, 0, kind, count). `at` is when.
    """

    at: datetime
    levels: Counts
    areas: Counts
    sizes: Counts
    events: Counts

    def cohorts(self, counts: Counts, scheme_id: int | None) -> list[Cohort]:
        """Those of one scheme; of all for None."""
        mine = (each for each in counts if scheme_id in (None, each[0]))
        return [Cohort(granted, ended, name, count) for _, granted, ended, name, count in mine]

    def changes(self, scheme_id: int | None) -> dict[tuple[int, str], int]:
        """How often awards were suspended and so on, by year and kind."""
        found: dict[tuple[int, str], int] = {}
        for scheme, year, _, kind, count in self.events:
            if scheme_id in (None, scheme):
                found[year, kind] = found.get((year, kind), 0) + count
        return found


def count_awards(today: date, now: datetime) -> CountedAwards:
    """Count now. Four statements over whole tables, grouped by the database."""
    return CountedAwards(
        at=now,
        levels=_awards(Award.level_title, today, joined=False),
        areas=_awards(RegisterEntry.area_code, today),
        sizes=_awards(RegisterEntry.size, today),
        events=_events(),
    )


def _awards(name: ColumnElement[str] | Any, today: date, *, joined: bool = True) -> Counts:
    granted = extract("year", Award.granted_on)
    last = case((Award.status.in_(ENDED_BY_DECISION), Award.status_on), else_=Award.expires_on)
    over = Award.status.in_(ENDED_BY_DECISION) | (Award.expires_on < today)
    ended = case((over, extract("year", last)), else_=NOT_YET).label("ended")
    key = (Award.scheme_id, granted, ended, name)
    asked = select(*key, func.count()).where(Award.status != AwardStatus.VOID)
    if joined:
        own = (RegisterEntry.organisation_id == Award.organisation_id) & (RegisterEntry.scheme_id == Award.scheme_id)
        asked = asked.join(RegisterEntry, own)
    # By its name: PostgreSQL would not know the same words with parameters twice.
    found = db.session.execute(asked.group_by(Award.scheme_id, granted, "ended", name).limit(MOST_GROUPS))
    return [(scheme, int(began), int(end), str(of), count) for scheme, began, end, of, count in found]


def _events() -> Counts:
    year = extract("year", RegisterEvent.at)
    key = (RegisterEntry.scheme_id, year, RegisterEvent.kind)
    found = db.session.execute(
        select(*key, func.count())
        .join(RegisterEntry, RegisterEntry.id == RegisterEvent.entry_id)
        .where(RegisterEvent.kind.in_(EVENTS))
        .group_by(*key)
        .limit(MOST_GROUPS)
    )
    return [(scheme, int(of), 0, kind, count) for scheme, of, kind, count in found]


def counted_awards(today: date, now: datetime) -> CountedAwards | None:
    """The count of a small register, at most an hour old, and of a large one as it was kept last; None where none is yet."""
    path = _path()
    if path is None or register_state()[1] <= LARGE:
        return _counted.get("small", (today, now.hour), lambda: count_awards(today, now))
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _counted.get("large", changed, lambda: _load(path))


def forget() -> None:
    """Count anew: for when the tables were emptied or brought back from elsewhere."""
    _counted.forget()


def count_if_due(today: date, now: datetime) -> bool:
    """Count a large register into its file where the day's count is missing or out of date. Whether it was counted."""
    state, path = register_state(), _path()
    if path is None or state[1] <= LARGE:
        return False
    facts = _facts(path)
    same_day = facts.get("day") == today.isoformat()
    if same_day and (facts["state"] == list(state) or now - datetime.fromisoformat(facts["at"]) < REST):
        return False
    keep = {"day": today.isoformat(), "state": state, **asdict(count_awards(today, now)), "at": now.isoformat()}
    new = path.with_suffix(f".{os.getpid()}.new")
    try:
        new.write_text(json.dumps(keep), encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return True


def _path() -> Path | None:
    index = file_of(db.engine)
    return index.with_suffix(".statistics") if index else None


def _facts(path: Path) -> dict[str, Any]:
    """What is kept; nothing where there is no file that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _load(path: Path) -> CountedAwards:
    facts = _facts(path)
    names = ("levels", "areas", "sizes", "events")
    counts = {name: [tuple(each) for each in facts[name]] for name in names}
    return CountedAwards(at=datetime.fromisoformat(facts["at"]), **counts)
