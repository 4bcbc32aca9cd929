"""PostgreSQL takes out of its search what was entered by mistake, whether it knew the entry before or reads it anew."""

from __future__ import annotations

from datetime import date

from app.backends.searching import Query
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.queries.register_index import current_index
from app.queries.register_postgres import catch_up
from tests import factories as make
from tests.integration.relevance.conftest import emptied

TODAY = date(2026, 11, 16)


def test_an_entry_that_was_a_mistake_leaves_the_search_in_postgresql(postgres_app):
    with postgres_app.app_context():
        try:
            kept, mistake = (
                make.register_entry(make.award(make.application(make.organisation(name=name), make.edition())))
                for name in ("Hill Friends", "Bay Care")
            )
            assert current_index().matching(Query(), TODAY).tolist() == sorted([kept.id, mistake.id])
            mistake.status, mistake.revision = AwardStatus.VOID, mistake.revision + 1_000
            db.session.commit()
            assert current_index().matching(Query(), TODAY).tolist() == [kept.id]
            assert [each.words for each in current_index().suggest("bay", TODAY)] == []
            catch_up(db.engine, afresh=True)
            assert current_index().search(Query(), TODAY).facets["status"] == {"awarded": 1}
        finally:
            emptied()
