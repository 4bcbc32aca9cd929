"""How many people live in each council, made up, so that the market map has something to hold capacity against."""

from __future__ import annotations

from datetime import datetime

from app.backends.geography import councils
from app.domain.access import NOBODY
from app.services.populations import Figure, load_populations

SOURCE = "Invented for this demonstration"
YEAR = 2025
EVERYBODY = {
    "E07000121": 145_000,
    "E06000009": 141_000,
    "E08000025": 1_150_000,
    "E06000023": 480_000,
    "N09000003": 350_000,
}
USUAL = {"E06": 230_000, "E07": 115_000, "E08": 300_000, "E09": 270_000, "N09": 170_000, "S12": 170_000, "W06": 140_000}
"""For all the others, by the kind of council, which the first letters of its code tell."""
SHARES = {"older-people": 19, "carers": 9, "people-with-dementia": 1}
"""Percent of everybody."""


def make_populations(now: datetime) -> None:
    """Figures of everybody and of three groups."""
    everybody = {area: USUAL[area[:3]] for area, council in councils().items() if council.region} | EVERYBODY
    figures = [Figure(area, "", people, YEAR, SOURCE) for area, people in everybody.items()]
    figures += [
        Figure(area, group, people * percent // 100, YEAR, SOURCE)
        for area, people in everybody.items()
        for group, percent in SHARES.items()
    ]
    load_populations(figures, replace=False, invented=True, actor=NOBODY, now=now)
