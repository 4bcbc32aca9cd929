"""What every test shares: a clock that stands still until it is told, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

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
