"""The words of an invented register: names and descriptions of believable variety, drawn from register_words.yaml.

Common words are common and rare ones rare, as in real text: a search index that is measured with twelve words is not
measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

_slot = re.compile(r"\{(\w+)\}")

Item = TypeVar("Item")


@lru_cache(maxsize=1)
def stock() -> dict[str, Any]:
    """The lists as they stand in the file; blocks of single words are split."""
    read = yaml.load(Path(__file__).with_name("register_words.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    split = {key: value.split() if isinstance(value, str) else value for key, value in read.items()}
    split["heads"] = [word.replace("-", " ") for word in split["heads"]]
    return split


@lru_cache(maxsize=4_096)
def _parts(template: str) -> tuple[str, ...]:
    """Text and slot names in turns, text first."""
    return tuple(_slot.split(template))


@dataclass
class Writer:
    """Writes about one provider after another. `at` is set for each: the town, one nearby, and the services.

    Every draw is of the one `random`, so that the same seed writes the same.
    """

    random: Random
    words: Mapping[str, Any] = field(default_factory=stock)
    at: dict[str, str] = field(default_factory=dict)
    people: Sequence[str] = ()

    def __post_init__(self) -> None:
        words = self.words
        lists = {
            "activity": "activities",
            "condition": "conditions",
            "venue": "venues",
            "kind": "kinds",
            "head": "heads",
        }
        self._makers: dict[str, Callable[[], str]] = {
            **{slot: partial(self.often_first, words[name]) for slot, name in lists.items()},
            "day": lambda: self.any_of(words["days"]),
            "saint": self._saint,
            "saint2": self._saint,
            "surname": self.surname,
            "person": self.person,
            "street": self.street,
            "people": lambda: self.often_first(self.people),
            "year": lambda: str(2025 - int(70 * self.random.random() ** 2)),
            "number": lambda: str(3 + int(400 * self.random.random() ** 3)),
        }

    def often_first(self, items: Sequence[Item]) -> Item:
        """One of the items, the first ones far more often than the last."""
        return items[int(len(items) * self.random.random() ** 2.2)]

    def any_of(self, items: Sequence[Item]) -> Item:
        return items[int(len(items) * self.random.random())]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def fill(self, template: str) -> str:
        parts = _parts(template)
        if len(parts) == 1:
            return template
        return "".join(self._slot(part) if number % 2 else part for number, part in enumerate(parts))

    def _slot(self, name: str) -> str:
        fixed = self.at.get(name)
        return self._makers[name]() if fixed is None else fixed

    def _saint(self) -> str:
        return f"St {self.often_first(self.words['saints'])}"

    def surname(self) -> str:
        return self.often_first(self.words["surname_roots"]) + self.often_first(self.words["surname_endings"])

    def person(self) -> str:
        return f"{self.often_first(self.words['first_names'])} {self.surname()}"

    def street(self) -> str:
        root = self.often_first(self.words["street_roots"]) if self.chance(0.6) else self.surname()
        return f"{int(1 + 200 * self.random.random() ** 2)} {root} {self.often_first(self.words['street_kinds'])}"

    def name(self, service: str, welsh: bool) -> str:
        """A name as such organisations have them. `welsh`: one in Welsh, where it has a form of the town's name."""
        lot, words = self.random.random(), self.words
        work = self.any_of(words["services"][service]["names"])
        self.at["work"] = work
        if welsh:
            return self.fill(self.any_of(words["welsh"]["names"]))
        if lot < 0.012:
            return self.fill(self.any_of(words["elsewhere"]))
        if lot < 0.022:
            return self.fill(self.any_of(words["long_names"]))
        if lot < 0.40:
            return self.fill("{place} " + work)
        if lot < 0.62:
            return self.fill(f"{{head}} {work} {{place}}" if lot < 0.52 else f"{{head}} {{head}} {work}")
        if lot < 0.80:
            return self.fill("{place} {head} {kind}" if lot < 0.72 else "{surname} {kind}, {place}")
        return self.fill(f"{{saint}}'s {work}" if lot < 0.9 else f"{{place}} and {{near}} {work} {{kind}}")

    def summary(self, services: Sequence[str], welsh: bool) -> str:
        """One sentence, 40 to 250 characters."""
        if welsh and self.chance(0.3):
            return self.fill(self.any_of(self.words["welsh"]["sentences"]))
        does = self.fill(self.any_of(self.words["services"][services[0]]["does"]))
        return f"We {does}, {self.fill(self.any_of(self.words['wants']))}."[:300]

    def description(self, services: Sequence[str], welsh: bool, foreign: bool) -> str:
        """Three to nine sentences."""
        done = [f"We {self.fill(self.any_of(self.words['services'][each]['does']))}." for each in services]
        count = 1 + int(5 * self.random.random() ** 1.5)
        said = [self.fill(self.any_of(self.words["sentences"])) for _ in range(count)]
        if welsh:
            said += [self.fill(each) for each in self.random.sample(self.words["welsh"]["sentences"], 2)]
        if foreign:
            said.append(self.any_of(self.words["elsewhere_sentences"]))
        return " ".join(done + said)
