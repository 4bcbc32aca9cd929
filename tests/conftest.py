"""What every test shares: a clock that stands still until it is told, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, and no complaint about a slow machine: timings are no tests.
settings.register_profile("suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

NOON = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


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
