"""Every page of those who assess and decide: axe finds nothing, nothing is too wide."""

from __future__ import annotations

import pytest

from app.domain.access import SCHEME_ROLES
from tests.browser.conftest import PHONE
from tests.browser.everything import OFFICE, looked_at_in


@pytest.mark.parametrize("role", sorted(SCHEME_ROLES - OFFICE))
def test_everybody_in_a_role(site, side, new_page, role):
    wrong = looked_at_in(role, site, side, new_page(PHONE, user=side.people[role]))
    assert not wrong, "\n".join(wrong)
