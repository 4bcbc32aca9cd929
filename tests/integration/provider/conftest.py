"""A provider with a lead, a small framework, files in memory and two places."""

from __future__ import annotations

import pytest

from app.backends.gazetteer import Gazetteer, Located
from app.backends.storage import MemoryStorage
from app.domain.errors import Invalid
from app.domain.identifiers import parse_postcode
from app.domain.lifecycle import ApplicationStatus
from app.domain.places import Place
from tests import factories
from tests.integration.provider.linked import DUTIES, MEETS, source

LANCASTER = Place("LA1 1HT", 347700, 461800, "E07000121")


class TwoPlaces:
    """One postcode and two councils: what a test needs to tell a known place from an unknown one."""

    areas = {"E07000121": "Lancaster", "E06000009": "Blackpool"}

    def area_name(self, code: str) -> str:
        return self.areas.get(code, code)

    def find(self, postcode: str) -> Place | None:
        return LANCASTER if parse_postcode(postcode) == LANCASTER.label else None

    def locate(self, text: str) -> Place:
        for code, name in self.areas.items():
            if name.lower() == text.strip().lower():
                return Place(name, 0, 0, code)
        raise Invalid({"near": "unknown"})

    def look_up(self, text: str) -> Located:
        return Gazetteer(()).find(text) or Located(problem="unknown")

    def beginning(self, text: str, limit: int = 8) -> tuple[str, ...]:
        names = sorted(self.areas.values())
        return tuple(name for name in names if name.lower().startswith(text.strip().lower()))[:limit]


@pytest.fixture
def storage(app):
    app.extensions["storage"] = MemoryStorage()
    app.extensions["places"] = TwoPlaces()
    yield app.extensions["storage"]
    del app.extensions["storage"], app.extensions["places"]


@pytest.fixture
def provider(storage):
    """An organisation whose profile is complete."""
    return factories.organisation(facts={"staff": 3})


@pytest.fixture
def lead(provider):
    return factories.member(provider)


@pytest.fixture
def browser(client_for, lead):
    """A browser in which the lead is signed in."""
    return client_for(lead)


@pytest.fixture
def draft(provider, lead):
    """A draft application at silver for a framework of four criteria."""
    return factories.application(provider, factories.edition(), started_by=lead)


@pytest.fixture
def first(provider, lead):
    """A decided application under a framework that links its criteria to those of the second."""
    links = {
        MEETS: 'maps_to: [{to: "second-mark:GOV.1.1", extent: full}, "second-mark:SAFE"]',
        DUTIES: 'maps_to: ["second-mark:GOV.1.2"]',
    }
    edition = factories.edition(source=source("first-mark", links), code="first-mark", title="First Mark")
    return factories.application(provider, edition, started_by=lead, status=ApplicationStatus.AWARDED)


@pytest.fixture
def second(provider, lead):
    """A draft under the second framework."""
    edition = factories.edition(source=source("second-mark"), code="second-mark", title="Second Mark")
    return factories.application(provider, edition, started_by=lead)


@pytest.fixture
def colleague(client_for, provider):
    """A browser in which somebody else of the provider is signed in: Rose Hall."""
    return client_for(factories.member(provider, name="Rose Hall"))
