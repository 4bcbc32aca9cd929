"""Words that mean the same: changed by managers of any scheme, read by everybody, heeded by the next search."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import func, select

from app.backends.searching import Query
from app.domain.access import Role
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.same_words import MOST, words_in
from app.extensions import db
from app.models import AuditRow, RegisterChange, SearchWords
from app.queries.register_index import current_index
from app.queries.search_words import word_groups
from app.queries.word_pages import try_words
from app.services import search_words
from tests import factories as make
from tests.conftest import NOON

TODAY = date(2026, 11, 16)
GARDEN = ("allotment", "garden plot")


@pytest.fixture
def manager(app):
    return make.officer(make.scheme(title="Community Mark"), Role.MANAGER, name="Maya Penrose")


@pytest.fixture
def by(manager):
    return {"actor": make.actor(manager), "now": NOON}


@pytest.fixture
def allotments(app):
    holder = make.organisation(name="Fell Allotment Society")
    return make.register_entry(make.award(make.application(holder, make.edition())), name="Fell Allotment Society")


def found(words):
    db.session.rollback()  # as between two requests
    return [each for each, _ in current_index().search(Query(words=words), TODAY).page]


def group(key):
    db.session.rollback()
    return next(each for each in word_groups() if each.key == key)


def test_words_may_be_written_on_lines_or_with_signs_between():
    assert words_in('dementia = “memory loss”\r\n Memory  Loss,; "forgetting"') == (
        "dementia",
        "memory loss",
        "forgetting",
    )


def test_a_group_that_is_added_is_heeded_by_the_next_search_and_no_more_once_it_is_off(allotments, by):
    assert found("garden plot") == []
    key = search_words.add_words(GARDEN, **by)
    assert found("garden plot") == [allotments.id]
    search_words.switch_off(key, 1, **by)
    assert found("garden plot") == []
    search_words.undo(key, 2, **by)
    assert found("garden plot") == [allotments.id]


SEARCHER = """
import sys
from datetime import date
from app import create_app
from app.backends.searching import Query
from app.extensions import db
from app.queries.register_index import current_index
with create_app().app_context():
    for line in sys.stdin:
        db.session.rollback()
        print(*[each for each, _ in current_index().search(Query(words=line.strip()), date(2026, 11, 16)).page], flush=True)
"""


def test_a_worker_in_a_process_of_its_own_hears_of_other_words_with_its_next_search(allotments, by, app):
    environment = {
        **os.environ,
        "ENV": "test",
        "SECRET_KEY": "a key for tests alone, which is long enough",
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "INSTANCE_DIR": app.config["INSTANCE_DIR"],
    }
    command = [sys.executable, "-c", SEARCHER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as worker:

        def asked(words):
            worker.stdin.write(f"{words}\n")
            worker.stdin.flush()
            return [int(number) for number in worker.stdout.readline().split()]

        assert asked("garden plot") == []
        key = search_words.add_words(GARDEN, **by)
        assert asked("garden plot") == [allotments.id]
        search_words.change_words(key, ("allotment", "vegetable patch"), 1, **by)
        assert asked("garden plot") == []
        assert asked("vegetable patch") == [allotments.id]
        worker.stdin.close()


def test_a_group_of_the_list_is_changed_switched_off_and_put_back_and_the_trail_says_so(by):
    given = group("dementia").words
    search_words.change_words("dementia", ("dementia", "forgetfulness"), 0, **by)
    search_words.switch_off("dementia", 1, **by)
    assert (group("dementia").words, group("dementia").given) == ((), given)
    search_words.undo("dementia", 2, **by)
    assert group("dementia").words == ("dementia", "forgetfulness")
    search_words.put_back("dementia", 3, **by)
    assert group("dementia").words == given
    rows = db.session.scalars(select(AuditRow).where(AuditRow.subject == "search_words").order_by(AuditRow.id)).all()
    assert [row.action for row in rows] == ["words.changed", "words.switched-off", "words.undone", "words.put-back"]
    assert tuple(rows[0].detail["before"]) == given
    assert {(row.actor_name, row.scheme_id) for row in rows} == {("Maya Penrose", next(iter(by["actor"].schemes)))}
    assert db.session.scalar(select(func.count(RegisterChange.id)).where(RegisterChange.kind == "words")) == 4


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("allotment",), "at least two"),
        (("allotment", "the"), "left out of every search"),
        (("allotment", "…"), "left out of every search"),
        (("allotment", "Allotments"), "one word already"),
        (("allotment", "x" * 61), "under 60 characters"),
        (("allotment", "a plot that one digs on Sundays at noon"), "6 words at most"),
        (tuple(f"allotment{number}" for number in range(MOST + 1)), "12 words or phrases at most"),
        (("forgetting", "Memory Losses"), "in another group already as “memory loss”: dementia = memory loss"),
    ],
)
def test_words_that_the_search_cannot_use_are_refused_with_the_reason_and_nothing_is_written(by, typed, sentence):
    with pytest.raises(Invalid) as refused:
        search_words.add_words(typed, **by)
    assert sentence in refused.value.errors["words"]
    assert db.session.scalar(select(func.count(SearchWords.id))) == 0
    assert db.session.scalar(select(func.count(RegisterChange.id)).where(RegisterChange.kind == "words")) == 0


def test_no_group_of_the_list_would_be_refused_by_these_rules(app):
    groups = word_groups()
    for each in groups:
        search_words.check_group(each.words, [other for other in groups if other is not each])


def test_of_two_who_change_a_group_at_once_the_second_overwrites_nothing(by):
    search_words.change_words("bsl", ("BSL", "signing"), 0, **by)
    with pytest.raises(Conflict):
        search_words.change_words("bsl", ("BSL", "deaf club"), 0, **by)
    assert group("bsl").words == ("BSL", "signing")


def test_what_is_undone_is_refused_where_another_group_took_its_words_meanwhile(by):
    key = search_words.add_words(GARDEN, **by)
    search_words.switch_off(key, 1, **by)
    search_words.add_words(("garden plot", "vegetable patch"), **by)
    with pytest.raises(Invalid, match="another group"):
        search_words.undo(key, 2, **by)


@pytest.mark.parametrize(
    ("role", "refusal"), [(Role.AUDITOR, NotAllowed), (Role.ASSESSOR, NotAllowed), (None, NotFound)]
)
def test_only_managers_change_words(app, role, refusal):
    person = make.officer(make.scheme(), role) if role else make.user()
    with pytest.raises(refusal):
        search_words.switch_off("bsl", 0, actor=make.actor(person), now=NOON)


def test_trying_words_counts_before_and_after_and_changes_nothing(allotments, by):
    tried = {each.search: (each.before, each.after) for each in try_words(None, GARDEN, "fell garden plot", TODAY)}
    assert tried == {"fell garden plot": (0, 1), "allotment": (1, 1), "garden plot": (0, 1)}
    assert found("garden plot") == []
    search_words.add_words(GARDEN, **by)
    tried = try_words(group_key(), ("allotment", "plot of land"), "garden plot", TODAY)
    assert next((each.search, each.before, each.after) for each in tried) == ("garden plot", 1, 0)


def group_key():
    db.session.rollback()
    return next(each.key for each in word_groups() if each.words == GARDEN)


def test_a_manager_adds_tries_and_changes_words_on_the_page(allotments, manager, client_for):
    browser = client_for(manager)
    tried = browser.post("/register/words/new", data={"words": "allotment = garden plot", "do": "try"})
    assert "Nothing is saved yet" in tried.text and "allotment = garden plot</textarea>" in tried.text
    saved = browser.post(
        "/register/words/new", data={"words": "allotment = garden plot", "do": "save"}, follow_redirects=True
    )
    assert "Saved." in saved.text and "allotment = garden plot" in saved.text and "Maya Penrose" in saved.text
    key = group_key()
    refused = browser.post(f"/register/words/{key}", data={"words": "allotment", "do": "save", "version": "1"})
    assert (
        refused.status_code == 422
        and "at least two" in refused.text
        and ">allotment</textarea>" in refused.text.replace("\r\n", "")
    )
    browser.post(f"/register/words/{key}", data={"words": "allotment\nplot", "do": "save", "version": "1"})
    late = browser.post(f"/register/words/{key}", data={"words": "allotment\nearth", "do": "save", "version": "1"})
    assert late.status_code == 409 and "Somebody changed this group" in late.text
    assert "earth</textarea>" in late.text and "<b>allotment = plot</b>" in late.text
    off = browser.post(f"/register/words/{key}/off", data={"version": "2"}, follow_redirects=True)
    assert "Switch it on again" in off.text
    stale = browser.post(f"/register/words/{key}/undo", data={"version": "2"})
    assert stale.status_code == 409


def test_everybody_reads_the_words_and_which_scheme_changed_them_but_no_names(by, client, client_for):
    search_words.add_words(GARDEN, **by)
    page = client.get("/register/words").text
    assert "allotment = garden plot" in page and "Community Mark" in page
    assert "Maya Penrose" not in page and "/register/words/new" not in page
    looked = client.get("/register/words?q=Memory").text
    assert "dementia = memory loss" in looked and "1 group with “Memory”" in looked
    assert "No group has" in client.get("/register/words?q=zzz").text
    assert "/register/words" in client.get("/register/how-results-are-ordered").text
    assert client_for(make.user()).get("/register/words/new").status_code in (403, 404)


def test_the_page_costs_the_same_whatever_the_number_of_groups(by, client, count_statements):
    def cost():
        with count_statements() as statements:
            client.get("/register/words")
        return len(statements)

    cost()
    before = cost()
    for number in range(5):
        search_words.add_words((f"one{number} thing", f"other{number} thing"), **by)
    assert cost() == before
