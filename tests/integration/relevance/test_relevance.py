"""What commissioners and residents type, and who must come first: register.yaml, cases.yaml. In memory, and in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.backends.postgres_search import PostgresIndex
from app.extensions import db
from app.queries.register_index import current_index
from tests.integration.relevance.small_register import TODAY, Case, cases, fill, judge, keys_by_id
from tests.integration.rows import emptied


@pytest.fixture(scope="module")
def memory_keys(standing_app):
    fill()
    db.session.commit()
    return keys_by_id()


@pytest.fixture(scope="module")
def postgres_keys(postgres_app) -> Iterator[dict[int, str]]:
    with postgres_app.app_context():
        fill()
        db.session.commit()
        yield keys_by_id()
        emptied()


def wrong_with(case: Case, keys: dict[int, str]) -> list[str]:
    found = current_index().search(case.query, TODAY)
    return judge(case, [keys[entry] for entry, _ in found.page], found.total, found.corrected)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_the_right_provider_is_found_in_memory(case: Case, memory_keys):
    assert wrong_with(case, memory_keys) == []


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.title)
def test_the_right_provider_is_found_in_postgresql(case: Case, postgres_app, postgres_keys):
    with postgres_app.app_context():
        assert isinstance(current_index(), PostgresIndex)
        assert wrong_with(case, postgres_keys) == []
