"""Times of the demonstration: office hours of a day, in UTC, and the order in which stories go on."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import UTC, date, datetime, time, timedelta

Story = Generator[datetime, None, None]
"""Something that happens over time: it yields when it wants to go on, and is resumed then."""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def days(count: float) -> timedelta:
    return timedelta(days=count)


def run(stories: Iterable[Story], until: datetime, set_clock: Callable[[datetime], None]) -> None:
    """Let all stories happen side by side, in the order of time, up to `until`: what lies later has not happened."""
    waiting: list[tuple[datetime, int, Story]] = []
    for number, story in enumerate(stories):
        _next(waiting, number, story, until)
    while waiting:
        moment, number, story = heapq.heappop(waiting)
        set_clock(moment)
        _next(waiting, number, story, until)


def _next(waiting: list[tuple[datetime, int, Story]], number: int, story: Story, until: datetime) -> None:
    moment = next(story, None)
    if moment is not None and moment <= until:
        heapq.heappush(waiting, (moment, number, story))
