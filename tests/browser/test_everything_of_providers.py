"""Every page of those in an organisation or beside it: axe finds nothing, nothing is too wide."""

from __future__ import annotations

import pytest

from app.domain.access import SCHEME_ROLES, Role
from tests.browser.conftest import PHONE
from tests.browser.everything import looked_at_in


@pytest.mark.parametrize("role", sorted(set(Role) - SCHEME_ROLES))
def test_everybody_in_a_role(site, side, new_page, role):
    wrong = looked_at_in(role, site, side, new_page(PHONE, user=side.people[role]))
    assert not wrong, "\n".join(wrong)
