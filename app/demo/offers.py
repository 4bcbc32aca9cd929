"""What providers of the demonstration say of themselves on the register: capacity, languages, access and strengths."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.offers import Said, Taking
from app.queries.organisations import profile_page
from app.services.offers import Change, say_offers
from app.services.organisations import Profile, edit_organisation

FILE = Path(__file__).with_name("offers.yaml")
WORDS_BEFORE = 1  # days: the profile first, then the capacity


@lru_cache(maxsize=1)
def _said() -> dict[str, dict[str, Any]]:
    return dict(yaml.safe_load(FILE.read_text("utf-8")))


def offers_stories(stage: Stage, today: date) -> list[Story]:
    """One story for each provider that says something."""
    return [_story(stage, stage.cast.provider(key), known, today) for key, known in _said().items()]


def _story(stage: Stage, provider: Provider, known: dict[str, Any], today: date) -> Story:
    begins = today - days(known["said"])
    yield at(begins - days(WORDS_BEFORE), 11, provider.serial % 60)
    lead = stage.actor(provider.people[0])
    organisation_id = stage.organisation_ids[provider.key]
    page = profile_page(organisation_id, lead)
    words = {name: tuple(known.get(name, ())) for name in ("languages", "access")}
    profile = Profile(**{**_typed(page.values), **words, "strengths": known.get("strengths", "").strip()})
    edit_organisation(organisation_id, profile, page.version, places=stage.places, actor=lead, now=stage.now)
    yield at(begins, 9, provider.serial % 60)
    changes = [Change(_of(service, told)) for service, told in known["services"].items()]
    say_offers(organisation_id, changes, actor=lead, now=stage.now)


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """The profile as it stands, as its lead would type it."""
    return {
        name: "" if value is None else tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
    }


def _of(service: str, told: list[Any]) -> Said:
    taking, capacity, free, weeks, how = told
    return Said(service, Taking(taking), capacity, free, weeks, how or "")
