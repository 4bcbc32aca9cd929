"""The market of a large register, counted beside the requests into a file of the instance folder, which they read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from app.extensions import db
from app.queries.kept import Kept, register_state
from app.queries.market_count import Counted, count_market, layout
from app.queries.register_file import file_of

LARGE = 20_000
"""Entries, from which on a count takes longer than a request should: about half a second."""
REST = timedelta(hours=1)
"""How long a count of today stands though the register has changed meanwhile."""
PARTS = ("figures", "capacities", "numbers")
_read: Kept[tuple[Counted, datetime]] = Kept(8)
_small: Kept[tuple[Counted, datetime]] = Kept(24)


def market_of(group: str, today: date, now: datetime) -> tuple[Counted, datetime] | None:
    """The market for a client group, and when it was counted; None where it is yet to be counted, beside the requests.

    That of a small register is counted at once, and kept until the register or the day changes.
    """
    state = register_state()
    path = _path()
    if path is None or state[1] <= LARGE:
        return _small.get((group, today), state, lambda: (count_market([group], today)[group], now))
    facts = _facts(path)
    if facts is None:
        return None
    return _read.get(group, (facts.at, facts.state), lambda: (_load(path, layout().groups[group]), facts.at))


def count_if_due(today: date, now: datetime) -> bool:
    """Count the market of a large register where the day's count is missing or out of date. Whether it was counted."""
    state, path = register_state(), _path()
    if path is None or state[1] <= LARGE:
        return False
    facts = _facts(path)
    if facts is not None and facts.day == today and (facts.state == state or now - facts.at < REST):
        return False
    keep_market(today, now)
    return True


def keep_market(today: date, now: datetime) -> int:
    """Count the market for every client group into the file. How many approved providers there are."""
    import numpy as np

    path = _path()
    if path is None:
        raise RuntimeError("There is no folder for the count of the market.")
    state = register_state()  # before the count: what is written meanwhile is counted the next time
    counted = count_market(list(layout().groups), today)
    facts = {"layout": _fingerprint(), "day": today.isoformat(), "at": now.isoformat(), "state": state}
    arrays: dict[str, Any] = {"facts": np.frombuffer(json.dumps(facts).encode(), np.uint8)}
    for group, number in layout().groups.items():
        arrays |= {f"{part}-{number}": getattr(counted[group], part) for part in PARTS}
    new = path.with_suffix(f".{os.getpid()}.new")
    try:
        with new.open("wb") as file:
            np.savez_compressed(file, **arrays)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return counted[""].providers(layout().cell("", ""))


@dataclass(frozen=True)
class _Facts:
    """Of which day a file is, when it was counted, and the state of the register then."""

    day: date
    at: datetime
    state: tuple[int, int]


def _path() -> Path | None:
    index = file_of(db.engine)
    return index.with_suffix(".market") if index else None


def _fingerprint() -> list[list[str]]:
    """What stands where: another list of places, services or groups, and the file is made afresh."""
    known = layout()
    return [list(known.places), list(known.services), list(known.groups)]


def _facts(path: Path) -> _Facts | None:
    import numpy as np

    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            facts = json.loads(held["facts"].tobytes())
    except (OSError, ValueError, KeyError, BadZipFile):
        return None
    if facts["layout"] != _fingerprint():
        return None
    revision, last = facts["state"]
    return _Facts(date.fromisoformat(facts["day"]), datetime.fromisoformat(facts["at"]), (revision, last))


def _load(path: Path, number: int) -> Counted:
    import numpy as np

    with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
        return Counted(*(held[f"{part}-{number}"] for part in PARTS))
