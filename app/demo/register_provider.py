"""One invented provider: what it says of itself, what it offers, and what became of its award."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from math import exp
from random import Random
from typing import Any

from app.demo.register_places import Point, Surroundings
from app.demo.register_text import Writer
from app.domain.lifecycle import AwardStatus
from app.domain.offers import STALE_AFTER, Taking
from app.domain.size import size_of
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, items

KINDS = (30, 25, 22, 9, 3, 2, 5, 2, 1, 0, 1)  # of a hundred, in the order of organisation-types.yaml
STATUSES = (
    (AwardStatus.AWARDED, 83),
    (AwardStatus.CONDITIONAL, 6),
    (AwardStatus.PROVISIONAL, 3),
    (AwardStatus.SUSPENDED, 3),
    (AwardStatus.WITHDRAWN, 2),
    (AwardStatus.SURRENDERED, 2),
    (AwardStatus.REPLACED, 1),
)
EVENTS = {
    AwardStatus.SUSPENDED: ("suspended", "Suspended while a concern is looked into."),
    AwardStatus.WITHDRAWN: ("withdrawn", "Withdrawn by the scheme."),
    AwardStatus.SURRENDERED: ("surrendered", "Given up by the provider."),
    AwardStatus.REPLACED: ("replaced", "Replaced by a newer award."),
}
"""What follows on the award for those whose status is not what it was at first."""

OFTEN_SPOKEN = (
    "pl",
    "ur",
    "pa",
    "bn",
    "ar",
    "gu",
    "ro",
    "so",
    "bfi",
    "pt",
    "uk",
    "fa",
    "zh",
    "tr",
    "hi",
    "es",
    "ta",
    "fr",
)


@dataclass(frozen=True)
class Drawn:
    """A provider. `profile` are the columns that the organisation and its entry share; `after` is when its award changed."""

    profile: dict[str, Any]
    kind: str
    private: bool
    income: int | None
    offers: list[dict[str, Any]]
    status: AwardStatus
    level: float  # 0 to 1: how far up the scheme's levels
    scheme: float
    second: bool
    after: timedelta | None

    @property
    def size(self) -> str:
        return size_of(self.income)


@dataclass
class Maker:
    """Makes providers from the one `random`. `now` is when offers are as old as they are."""

    random: Random
    neighbours: Mapping[str, Sequence[str]]
    now: datetime
    around: Surroundings = field(default_factory=Surroundings)

    def __post_init__(self) -> None:
        self.writer = Writer(self.random)
        self.services = [item.code for item in items(SERVICES)]
        self.groups = [item.code for item in items(CLIENT_GROUPS)]
        self.languages = [item.code for item in items(LANGUAGES)]
        self.access = [item.code for item in items(ACCESS)]
        self.kinds = [item.code for item in items(ORGANISATION_TYPES)]
        self.by_use = sorted(self.services, key=self.writer.words["common"].index)
        self.kind_weights = list(accumulate(KINDS))
        self.status_weights = list(accumulate(weight for _, weight in STATUSES))

    def draw(self, point: Point) -> Drawn:
        """The next provider, based at `point`."""
        random, writer = self.random, self.writer
        services = self._services()
        groups = self._groups(services[0])
        town, near = self.around.towns_of(point)
        welsh_form = writer.words["welsh"]["places"].get(town)
        in_wales = point.area.startswith("W")
        welsh = in_wales and random.random() < 0.4
        writer.at = {"place": town, "near": near}
        writer.at["welsh"], writer.at["in_welsh"] = welsh_form or (town, f"yn {town}")
        writer.people = [name for group in groups for name in writer.words["people"][group]]
        name = writer.name(services[0], welsh and random.random() < 0.7)[:200]
        foreign = not name.isascii() and not in_wales
        private = ("domestic-abuse-support" in services and random.random() < 0.8) or random.random() < 0.01
        status = random.choices([each for each, _ in STATUSES], cum_weights=self.status_weights)[0]
        return Drawn(
            profile={
                "name": name,
                "summary": writer.summary(services, welsh),
                "description": writer.description(services, welsh, foreign),
                "area_code": point.area,
                "areas": self._areas(point.area),
                "services": services,
                "client_groups": groups,
                "languages": self._languages(in_wales, foreign),
                "access": [code for code in self.access if random.random() < 0.25],
                "strengths": writer.fill(writer.any_of(writer.words["strengths"])) if random.random() < 0.4 else "",
            },
            kind=random.choices(self.kinds, cum_weights=self.kind_weights)[0],
            private=private,
            income=None if random.random() < 0.06 else min(int(exp(random.gauss(11.4, 2.0))), 300_000_000),
            offers=self._offers(services),
            status=status,
            level=random.random(),
            scheme=random.random(),
            second=random.random() < 0.04,
            after=timedelta(days=20 + 400 * random.random()) if status in EVENTS else None,
        )

    def _services(self) -> list[str]:
        """One to five services, the common ones far more often."""
        wanted = 1 + int(5 * self.random.random() ** 2)
        return list(dict.fromkeys(self.writer.often_first(self.by_use) for _ in range(wanted)))

    def _groups(self, service: str) -> list[str]:
        found = [each for each in self.writer.words["for"][service] if self.random.random() < 0.6]
        if not found or self.random.random() < 0.3:
            found.append(self.writer.any_of(self.groups))
        return list(dict.fromkeys(found))

    def _areas(self, home: str) -> list[str]:
        """Mostly the council in which it is; some work in those around, a few in the whole nation."""
        lot, near = self.random.random(), self.neighbours.get(home, ())
        if lot < 0.002:
            return sorted(code for code in self.neighbours if code[0] == home[0])
        if lot < 0.7 or not near:
            return [home]
        served = [home, *near[: 1 + int(len(near) * self.random.random())]]
        return served[1:] if lot > 0.97 else served  # some are based where they do not work

    def _languages(self, in_wales: bool, foreign: bool) -> list[str]:
        found = ["en"]
        if in_wales and self.random.random() < 0.6:
            found.append("cy")
        while self.random.random() < (0.8 if foreign and len(found) < 2 else 0.14):
            found.append(self.writer.often_first(OFTEN_SPOKEN))
        return list(dict.fromkeys(found))

    def _offers(self, services: Sequence[str]) -> list[dict[str, Any]]:
        """What is said of capacity, in the order of codes: of three services in five, and a quarter of that is stale."""
        random, found = self.random, []
        for service in sorted(services):
            if random.random() > 0.6:
                continue
            taking = random.choices((Taking.NOW, Taking.WAITING_LIST, Taking.FULL), (60, 28, 12))[0]
            capacity = 5 + int(200 * random.random() ** 3)
            said = self.now - timedelta(days=STALE_AFTER.days * 1.33 * random.random())
            found.append(
                {
                    "service": service,
                    "taking": taking,
                    "said_at": said,
                    "capacity": capacity,
                    "free": 1 + int(capacity * 0.3 * random.random()) if taking is Taking.NOW else 0,
                    "weeks": 1 + int(30 * random.random() ** 2) if taking is Taking.WAITING_LIST else None,
                    "how": self.writer.fill(self.writer.any_of(self.writer.words["how"])),
                }
            )
        return found


def slug_stem(name: str) -> str:
    """A name as the beginning of an address: letters, digits and hyphens."""
    plain = name if name.isascii() else unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")[:90].strip("-") or "provider"
