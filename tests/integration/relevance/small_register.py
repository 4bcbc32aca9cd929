"""The small register of register.yaml as rows of the tables, and the queries of cases.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.backends.searching import Near, Query, Reach, Sort
from app.domain.identifiers import charity_org_id
from app.domain.lifecycle import AwardStatus
from app.domain.size import size_of
from app.extensions import db
from app.models import RegisterEntry
from tests import factories as make
from tests.conftest import NOON

HERE = Path(__file__).parent
TODAY = NOON.date()
SAID, SAID_LONG_AGO = TODAY - timedelta(days=5), TODAY - timedelta(days=200)


@dataclass(frozen=True)
class Case:
    """A query and what it must find, by the providers' keys."""

    query: Query
    said: Mapping[str, Any]

    @property
    def title(self) -> str:
        facts = {
            key: value for key, value in self.said.items() if key in ("near", "reach", "filters", "sort", "prefix")
        }
        return " ".join([repr(self.said["q"]), *(f"{key}={value}" for key, value in facts.items())])


@lru_cache(maxsize=1)
def _read() -> dict[str, Any]:
    return yaml.safe_load((HERE / "register.yaml").read_text("utf-8"))


def cases() -> list[Case]:
    return [Case(_query(said), said) for said in yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))]


def _query(said: Mapping[str, Any]) -> Query:
    near = None
    if "near" in said:
        place, miles = said["near"]
        east, north, area = _read()["places"][place]
        near = Near(east, north, miles, area, Reach(said.get("reach", "either")))
    return Query(
        words=said["q"],
        filters={facet: frozenset(codes) for facet, codes in said.get("filters", {}).items()},
        near=near,
        sort=Sort(said["sort"]) if "sort" in said else None,
        prefix=said.get("prefix", False),
        limit=100,
    )


def fill() -> None:
    """Write the providers into the tables, each with an award that began a year ago."""
    edition = make.edition()
    also = _read()["also"]
    for revision, line in enumerate(_read()["providers"], 1):
        key, name, place, services, groups, summary, description = (part.strip() for part in line.split("|"))
        east, north, area = _read()["places"][place]
        told = {"areas": [area], **also.get(key, {})}
        granted = make.award(
            make.application(make.organisation(name=name), edition),
            holder_name=name,
            number=f"REL-26-{revision:05}",
            expires_on=TODAY + timedelta(days=told.get("until", 700)),
            granted_on=TODAY - timedelta(days=395),
            status=AwardStatus(told.get("status", "awarded")),
            level=told.get("level", "bronze"),
        )
        private = told.get("private", False)
        make.register_entry(
            granted,
            slug=key,
            name=name,
            summary=summary,
            description=description,
            services=services.split(),
            client_groups=groups.split(),
            areas=told["areas"],
            area_code=area,
            easting=None if private else east,
            northing=None if private else north,
            identifiers={"charity": charity_org_id(told["charity"])} if "charity" in told else {},
            size=size_of(told.get("size")),
            languages=told.get("languages", ["en"]),
            access=told.get("access", []),
            offers=_offers(told),
            revision=revision,
        )


def _offers(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    said_on: date = SAID_LONG_AGO if told.get("stale") else SAID
    return [
        {"service": service, "taking": taking, "said_on": said_on.isoformat()}
        for service, taking in told.get("offers", {}).items()
    ]


def keys_by_id() -> dict[int, str]:
    return dict(db.session.execute(select(RegisterEntry.id, RegisterEntry.slug)).all())


def judge(case: Case, found: list[str], total: int, corrected: bool) -> list[str]:
    """What is wrong with an answer, in sentences; nothing where it is right."""
    said, wrong = case.said, []
    if "first" in said and (not found or found[0] not in said["first"]):
        wrong.append(f"first should come {' or '.join(said['first'])}, not {found[:3]}")
    wrong += [f"{key} should be found" for key in said.get("among", []) if key not in found]
    wrong += [f"{key} should not be found" for key in said.get("never", []) if key in found]
    if "total" in said and total != said["total"]:
        wrong.append(f"{said['total']} should be found, not {total}: {found[:5]}")
    if said.get("corrected") and not corrected:
        wrong.append("the words should have been corrected")
    return wrong
