"""A saved search tells what newly fits and what no longer does: each once, in the way that was chosen."""

from __future__ import annotations

from array import array
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import SavedSearch, SearchNews
from app.services import search_news
from app.services.saved_searches import pause_search, remove_search
from app.services.search_news import forget_removed, run_prompt_searches, run_searches
from tests import factories as make
from tests.conftest import NOON
from tests.integration.watching.conftest import acts, approve, change, team_of
from tests.told import told

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def save(client_for, commissioner):
    """Save a search as its page does. Returns its id."""

    def saving(query: str = "service=befriending", person=None, **values: str) -> int:
        data = {"name": "Befrienders", "on_new": "y", "pace": "daily", **values}
        answer = client_for(person or commissioner).post(f"/watching/searches/new?{query}", data=data)
        assert answer.status_code == 302, answer.text
        return db.session.scalars(select(SavedSearch.id).order_by(SavedSearch.id.desc())).first()

    return saving


def test_a_provider_that_newly_fits_is_told_once_and_one_that_was_there_is_not(save, commissioner):
    approve("Already There")
    save()
    assert run_searches(NOON) == 0
    approve("New Friends")
    approve("Advice Alone", services=["advice"])
    assert run_searches(NOON) == 1
    assert run_searches(TOMORROW) == 0
    (message,) = told(commissioner)
    assert message.waits and message.subject == "Befrienders: 1 new"
    assert "New Friends" in message.text and "Advice Alone" not in message.text and "Already There" not in message.text


def test_what_changes_at_one_that_fits_is_no_news(save, commissioner):
    hope = approve()
    save(on_gone="y")
    change(hope.award, AwardStatus.CONDITIONAL, "conditions-set", "A condition.", NOON)
    assert run_searches(TOMORROW) == 0
    assert told(commissioner) == []


def test_one_that_no_longer_fits_is_told_also_where_the_calendar_alone_did_it(save, commissioner):
    hope = approve("Hope Trust", expires_on=NOON.date() + timedelta(days=5))
    save(on_gone="y", pace="at-once")
    assert run_searches(NOON + timedelta(days=5)) == 0
    assert run_searches(NOON + timedelta(days=6)) == 1
    (message,) = told(commissioner)
    assert not message.waits and message.subject == "Befrienders: 1 no longer fits"
    assert hope.entry.slug in message.text


def test_what_is_heard_at_once_is_found_within_minutes_and_the_rest_waits_for_its_day(save, commissioner):
    save(name="Prompt", pace="at-once")
    save(name="Daily", pace="daily")
    approve("New Friends")
    assert run_prompt_searches(NOON) == 1
    assert [(each.subject, each.waits) for each in told(commissioner)] == [("Prompt: 1 new", False)]


def test_once_a_week_gathers_what_the_days_found(save, commissioner):
    save(pace="weekly")
    for day in range(1, 7):
        approve(f"Friends {day}")
        run_searches(NOON + timedelta(days=day))
    assert told(commissioner) == []
    run_searches(NOON + timedelta(days=7))
    (message,) = told(commissioner)
    assert message.subject == "Befrienders: 6 new" and "Friends 1" in message.text and "Friends 6" in message.text


def test_a_paused_search_tells_nothing_and_what_came_meanwhile_when_it_goes_on(save, commissioner):
    search_id = save()
    pause_search(search_id, True, actor=acts(commissioner), now=NOON)
    approve("New Friends")
    assert run_searches(TOMORROW) == 0
    pause_search(search_id, False, actor=acts(commissioner), now=TOMORROW)
    assert run_searches(TOMORROW) == 1
    assert len(told(commissioner)) == 1


def test_a_teams_search_is_told_to_each_of_its_members(save, commissioner):
    colleague = make.user()
    team = team_of(commissioner, colleague)
    save(whose=str(team.id))
    approve("New Friends")
    run_searches(NOON)
    assert len(told(commissioner)) == len(told(colleague)) == 1


def test_a_search_is_not_run_while_nothing_changed(save, count_statements):
    for number in range(5):
        save(name=f"Search {number}")
    run_searches(NOON)
    with count_statements() as statements:
        assert run_searches(NOON) == 0
    assert len([each for each in statements if each.startswith("SELECT")]) == 2


def test_the_page_counts_what_is_new_until_somebody_looks(save, client_for, commissioner):
    search_id, client = save(), client_for(commissioner)
    approve("New Friends")
    approve("More Friends")
    run_searches(NOON + timedelta(minutes=5))
    assert "2 new" in client.get("/watching").text
    page = client.get(f"/watching/searches/{search_id}").text
    assert "2 new since you last looked" in page and "New Friends" in page
    client.application.extensions["clock"].forward(hours=1)
    answer = client.get(f"/watching/searches/{search_id}/open")
    assert answer.location == "/register?service=befriending"
    assert "2 new" not in client.get("/watching").text


def test_ten_thousand_new_ones_are_counted_and_only_the_first_of_them_named(save, commissioner, monkeypatch):
    save()
    many = array("q", range(1, 10_001))  # as the index answers
    monkeypatch.setattr("app.services.search_news.matching_ids", lambda query, today: many)
    approve("New Friends")
    run_searches(NOON)
    news = db.session.scalars(select(SearchNews)).one()
    assert (news.new_count, len(news.new_ids), news.new_ids[0]) == (10_000, 200, 10_000)
    assert "And 10000 more." in told(commissioner)[0].text
    assert len(db.session.scalars(select(SavedSearch.matched)).one()) < 200


def test_what_was_typed_stays_when_a_search_cannot_be_saved(client_for, commissioner):
    client = client_for(commissioner)
    page = client.post("/watching/searches/new?q=day+centre&service=befriending", data={"name": " ", "pace": "weekly"})
    assert "Give it a name" in page.text and "“day centre”" in page.text
    assert 'value="weekly" checked' in page.text


def test_a_deleted_search_comes_back_with_undo_and_goes_for_good_after_a_month(save, client_for, commissioner):
    search_id, client = save(), client_for(commissioner)
    assert "Undo" in client.post(f"/watching/searches/{search_id}/remove", follow_redirects=True).text
    client.post(f"/watching/searches/{search_id}/put-back")
    assert "Befrienders" in client.get("/watching").text
    remove_search(search_id, actor=acts(commissioner), now=NOON)
    assert forget_removed(NOON + timedelta(days=29)) == 0
    assert forget_removed(NOON + timedelta(days=31)) == 1
    assert db.session.scalars(select(SavedSearch)).all() == []


def test_of_two_workers_that_run_one_search_the_one_with_the_older_look_tells_nothing(save, commissioner, monkeypatch):
    save(on_gone="y")
    approve("First Friends")
    look = search_news.matching_ids

    def slow(query, today):
        """Between this worker's look and its turn to write, the register goes on and another worker runs the search."""
        found = look(query, today)
        monkeypatch.setattr(search_news, "matching_ids", look)
        approve("Second Friends")
        assert run_searches(NOON) == 1
        return found

    monkeypatch.setattr(search_news, "matching_ids", slow)
    assert run_searches(NOON) == 0
    assert run_searches(NOON) == 0
    (message,) = told(commissioner)
    assert message.subject == "Befrienders: 2 new"
    assert db.session.scalars(select(SearchNews.gone_count)).all() == [0]
