"""A provider with a lead and a draft under a framework that takes certificates, and the scheme's manager."""

from __future__ import annotations

import pytest

from app.backends.storage import MemoryStorage
from app.domain.access import Role
from tests import factories as make
from tests.integration.passports.holding import TAKES


@pytest.fixture(autouse=True)
def storage(app):
    app.extensions["storage"] = MemoryStorage()
    yield app.extensions["storage"]
    del app.extensions["storage"]


@pytest.fixture
def provider():
    return make.organisation(facts={"staff": 3})


@pytest.fixture
def lead(provider):
    return make.member(provider, name="Lead Lane")


@pytest.fixture
def edition():
    return make.edition(source=TAKES)


@pytest.fixture
def scheme(edition):
    return edition.scheme


@pytest.fixture
def manager(scheme):
    return make.officer(scheme, Role.MANAGER, name="Manager Morgan")


@pytest.fixture
def draft(provider, edition, lead):
    return make.application(provider, edition, started_by=lead)


@pytest.fixture
def browser(client_for, lead):
    return client_for(lead)


@pytest.fixture
def office(client_for, manager):
    return client_for(manager)
