"""Pages that somebody opens for the first time, with nothing of their own yet."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "address", ["/watching", "/needs/mine", "/needs/new", "/watching/searches/new", "/needs", "/needs.atom"]
)
def test_a_page_opens_where_there_is_nothing_yet(client_for, commissioner, address):
    assert client_for(commissioner).get(address).status_code == 200
