"""Every page of those who run a scheme or look into how it is run: axe finds nothing, nothing is too wide."""

from __future__ import annotations

import pytest

from tests.browser.conftest import PHONE
from tests.browser.everything import OFFICE, looked_at_in


@pytest.mark.parametrize("role", sorted(OFFICE))
def test_everybody_in_a_role(site, side, new_page, role):
    wrong = looked_at_in(role, site, side, new_page(PHONE, user=side.people[role]))
    assert not wrong, "\n".join(wrong)
