"""What commissioners and residents type, and who must come first: register.yaml, cases.yaml."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.queries.register_index import current_index
from tests.integration.relevance.small_register import TODAY, Case, cases, fill, judge, keys_by_id


@pytest.fixture(scope="module")
def keys(standing_app):
    fill()
    db.session.commit()
    return keys_by_id()


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_the_right_provider_is_found(case: Case, keys):
    found = current_index().search(case.query, TODAY)
    assert judge(case, [keys[entry] for entry, _ in found.page], found.total, found.corrected) == []
