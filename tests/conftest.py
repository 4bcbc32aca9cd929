"""What every test shares: a clock that stands still until it is told, and the order of the files."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, and no complaint about a slow machine: timings are no tests.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


LONGEST = (
    "integration/test_bad_input.py",
    "integration/test_permission_matrix.py",
    "integration/test_bad_addresses.py",
    "integration/test_demo.py",
    "integration/test_own_words.py",
    "integration/voice/test_secrecy.py",
    "integration/whole_life/test_whole_life.py",
    "integration/test_every_kind_of_framework.py",
)
"""The files that take longest, the longest first. A worker takes whole files in this order, so that none waits for the other."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parent
    places = {tests / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


class Clock:
    """A clock for tests: it says the same time until `forward` moves it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **timedelta_kwargs: float) -> None:
        self.now += timedelta(**timedelta_kwargs)


@pytest.fixture
def clock() -> Clock:
    return Clock()
