"""What people say: reasons, findings, votes and letters, chosen by a seed and filled with the provider's own facts."""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import yaml

from app.demo.cast import HERE, Provider

MONTHS = "January February March April May June July August September October November December".split()
FILES = ("answers_governance_people.yaml", "answers_safety_voice.yaml", "answers_quality.yaml")
CLOSING = {
    3: (
        "It has been so for more than a year and was changed for the better after review.",
        "This goes beyond what is asked: they looked at how well it works and changed it.",
        "Embedded. Two people told me, without being asked, what had come of the last review.",
        "The record goes back more than a year, and what was learnt can be seen in it.",
    ),
    2: (
        "",
        "A review with the people concerned would be the next step.",
        "Sound.",
        "In place for everyone it concerns.",
    ),
}


@lru_cache(maxsize=1)
def stock() -> dict[str, dict[str, Any]]:
    """Sentences by criterion: reasons by point, what is found where it is in place, and what is lacking."""
    found: dict[str, dict[str, Any]] = {}
    for name in FILES:
        found |= yaml.load((HERE / name).read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


class Voice:
    """One provider's words at one time: the same provider and day always give the same sentences."""

    def __init__(self, provider: Provider, today: date) -> None:
        self.provider = provider
        self.today = today
        self.rng = random.Random(f"{provider.key} {today}")
        self.facts = _facts(provider, today)

    def reason(self, code: str, point: int) -> str:
        """Why the provider claims this point."""
        if point == 0:
            return "We have not begun with this yet. It is in our plan for the coming year."
        return self.fill(self.rng.choice(stock()[code][str(point)]))

    def finding(self, code: str, point: int, evidence: str) -> str:
        """Why the assessor gives this point; `evidence` is the title of what was read."""
        read = self.rng.choice((f"Read: {evidence}.", f"Seen: {evidence}.", "")) if evidence else ""
        if point == 0:
            return "Nothing is in place yet, as the provider says openly."
        if point == 1:
            return " ".join(filter(None, (read, self.fill(stock()[code]["lacking"]))))
        found = self.fill(stock()[code]["found"])
        return " ".join(filter(None, (read, found, self.rng.choice(CLOSING[point]))))

    def fill(self, sentence: str) -> str:
        """The sentence with the provider's facts in place of the words in braces."""
        return " ".join(sentence.format_map(self.facts).split())


def _facts(provider: Provider, today: date) -> dict[str, Any]:
    paid, helpers = provider.staff, provider.volunteers
    workers = "staff and volunteers" if paid and helpers else "staff" if paid else "volunteers"
    if provider.kind in ("unincorporated-association", "faith-group"):
        board, member = "committee members", "member"
    else:
        board, member = ("directors" if "company" in provider.kind or provider.kind == "cic" else "trustees"), "member"
    facts: dict[str, Any] = {f"m{back}": month_before(today, back) for back in range(1, 25)}
    facts |= {f"y{back}": str(today.year - back) for back in range(1, 6)}
    facts |= {
        "board": board,
        "member": member,
        "month": MONTHS[(provider.serial * 5) % 12],
        "chair": provider.chair,
        "lead": provider.lead,
        "deputy": provider.deputy,
        "workers": workers,
        "workers_cap": workers[0].upper() + workers[1:],
        "users": provider.users,
        "users_cap": provider.users[0].upper() + provider.users[1:],
        "place": provider.place,
        "council": "the council",
        "service": provider.services[0].replace("-", " ") if provider.services else "our service",
        "founded": str(provider.founded),
        "renewal": month_before(today, -5),
        "and_employers": " and employers' liability of £10 million" if paid else "",
        "terms": " Employees have written terms from their first day." if paid else "",
        "n_workers": paid + helpers,
        "closing": f"{max(800, round(provider.income * 0.27, -2)):,.0f}",
        "reserve_share": ("two thirds", "80%", "all", "nine tenths")[provider.serial % 4],
        "unit_cost": f"{18 + provider.serial % 11}.{provider.serial % 10}0",
        "local_spend": f"{max(900, round(provider.income * 0.31, -2)):,.0f}",
    }
    return facts


def month_before(today: date, months: int) -> str:
    """The month that lies so many months before `today`, such as "March 2026"."""
    index = today.year * 12 + today.month - 1 - months
    return f"{MONTHS[index % 12]} {index // 12}"


def day_words(day: date) -> str:
    """A date in full, such as "31 March 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def days_before(today: date, days: int) -> date:
    return today - timedelta(days=days)
