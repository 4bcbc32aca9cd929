"""What one application of an invented provider will be, before anybody acts on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

import yaml

from app.demo.cast import HERE, Person, Provider
from app.demo.clock import at, days
from app.demo.editions import FRAMEWORK
from app.demo.marks import Marks, marks_for
from app.demo.stage import Stage
from app.domain.access import Actor
from app.domain.applicability import Asked, asked
from app.domain.deciding import Verdict
from app.domain.framework import Framework

SITTINGS = {"GOV": "first", "PEO": "first", "SAF": "second", "VOI": "second", "QUA": "third"}
"""Which areas are dealt with together by whoever does not take them one by one."""

VERDICTS = {"refused": Verdict.REFUSE, "deferred": Verdict.DEFER}


@lru_cache(maxsize=1)
def texts() -> Mapping[str, Any]:
    """What is written about a whole case; see texts.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((HERE / "texts.yaml").read_text("utf-8"))
    return found


class Plan:
    """What one application will be: who takes part, what is asked, which points it gets, what is said about it."""

    def __init__(self, stage: Stage, provider: Provider, step: Mapping[str, Any]) -> None:
        self.stage, self.provider, self.step = stage, provider, step
        self.level: str = step["level"]
        self.dice = stage.dice(provider.key, step["do"], step["ago"])
        self.application_id = 0
        self.panel_id = 0
        self.edition = ""

    # --- Times and people ---

    def at(self, day: date, hour: int) -> datetime:
        return at(day, hour, (self.provider.serial * 7) % 60)

    def day(self, today: date) -> date:
        """The day that the step's `ago` names."""
        found: date = today - days(self.step["ago"])
        return found

    @property
    def lead(self) -> Actor:
        return self.stage.actor(self.provider.people[0])

    @property
    def manager(self) -> Actor:
        return self.stage.actor(self.stage.cast.manager)

    @cached_property
    def assessor(self) -> Person:
        people = self.stage.cast.assessors
        return people[self.step.get("assessor", self.provider.serial % len(people))]

    @cached_property
    def panel(self) -> list[Person]:
        """The chair, a lay member and one more."""
        chair, lay, member, other_lay, other = self.stage.cast.panel
        if self.step["do"] == "panel":
            return [chair, lay, member]
        odd = self.provider.serial % 2
        return [chair, other_lay if odd else lay, member if odd else other]

    @property
    def asks(self) -> bool:
        """Whether the assessor has a question: in every third case."""
        return self.provider.serial % 3 == 0

    # --- What is asked, and what will be said ---

    @cached_property
    def framework(self) -> Framework:
        return self.stage.edition(FRAMEWORK, self.edition)[1]

    @cached_property
    def asked(self) -> tuple[Asked, ...]:
        found = asked(self.framework, self.facts, self.level)
        return tuple(each for each in found if each.applies)

    @cached_property
    def facts(self) -> dict[str, Any]:
        profile = self.provider.profile()
        return {**profile.facts, "services": list(profile.services), "client_groups": list(profile.client_groups)}

    @cached_property
    def marks(self) -> Marks:
        """The points that the assessor will give, as the story wants it to end."""
        wanted = None if self.step["do"] in VERDICTS else self.level
        return marks_for(self.framework, self.facts, self.level, wanted, self.dice)

    def areas(self, part: int = 100) -> list[list[str]]:
        """The codes of the criteria asked, area by area; of them all, only the first `part` per cent.

        The showcased providers take an area at a time, the others two.
        """
        codes = [each.criterion.code for each in self.asked]
        codes = codes[: len(codes) * part // 100] or codes[:1]
        groups: dict[str, list[str]] = {}
        for code in codes:
            area = code.partition(".")[0]
            groups.setdefault(area if self.provider.showcase else SITTINGS[area], []).append(code)
        return list(groups.values())

    def words(self, name: str, key: str = "") -> str:
        """A text on the whole case, in the provider's facts."""
        text = texts()[name][key] if key else texts()[name]
        if isinstance(text, list):
            text = self.dice.choice(text)
        best = self.codes_best_first
        voice = self.stage.voice(self.provider)
        voice.facts |= {
            "name": self.provider.name,
            "level": str(self.framework.level(self.level).title).lower(),
            "strong": self._title(best[0]),
            "strong2": self._title(best[1]),
            "weak": self._title(best[-1]),
        }
        return voice.fill(text)

    @cached_property
    def codes_best_first(self) -> list[str]:
        """Codes by their points, the highest first; equal ones in an order of the case's own."""
        dice = self.stage.dice(self.provider.key, self.level)
        return sorted(self.marks, key=lambda code: (-self.marks[code], dice.random()))

    def _title(self, code: str) -> str:
        return str(self.framework.criterion(code).title)

    @cached_property
    def question_code(self) -> str:
        """The criterion that the assessor asks about, so that not everybody is asked the same."""
        codes = list(texts()["question"])
        first = self.provider.serial % 3
        return next(code for code in [*codes[first:], *codes] if code in self.marks)
