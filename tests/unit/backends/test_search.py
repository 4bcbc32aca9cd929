"""The search index against a search that simply looks at every entry."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from threading import Thread

import pytest

from app.backends.search import BitmapIndex
from app.backends.search_synonyms import Synonyms
from app.backends.search_words import stem, words_of
from app.backends.searching import Document, Near, Query, Sort
from app.domain.places import miles_between

TODAY = date(2026, 11, 16)
WORDS = "befriending visits memory lunch advocacy harbour meadow garden carers transport".split()
SERVICES = ("befriending", "advocacy", "dementia-support", "transport")
SYNONYMS = Synonyms.of(
    "service", [("dementia-support", "Dementia support", ["memory loss"]), ("transport", "Transport", [])]
)


def status_of(stored, expires_on, today):
    return stored if today <= expires_on else "expired"


def document(random: Random, number: int) -> Document:
    return Document(
        entry_id=number,
        texts={
            "name": f"{random.choice(WORDS)} {random.choice(WORDS)}",
            "summary": " ".join(random.sample(WORDS, 3)),
            "description": " ".join(random.sample(WORDS, 4)),
        },
        facets={"service": tuple(random.sample(SERVICES, 2)), "level": (random.choice(("bronze", "gold")),)},
        easting=random.randint(300_000, 400_000),
        northing=random.randint(400_000, 500_000),
        status=random.choice(("awarded", "suspended")),
        expires_on=TODAY + timedelta(days=random.randint(-100, 900)),
    )


@pytest.fixture
def documents():
    random = Random(7)
    return [document(random, number) for number in range(1, 400)]


@pytest.fixture
def index(documents):
    index = BitmapIndex(SYNONYMS, status_of)
    index.put(documents)
    return index


def matches(entry: Document, query: Query, *, without: str = "") -> bool:
    """Whether an entry fits, looked at by itself; `without` leaves one facet's choice aside."""
    stems = {stem(word) for text in entry.texts.values() for word in words_of(text)}
    facets = {**entry.facets, "status": (status_of(entry.status, entry.expires_on, TODAY),)}
    chosen = {facet: codes for facet, codes in query.filters.items() if facet != without}
    return (
        all(stem(word) in stems for word in words_of(query.words))
        and all(codes & set(facets.get(facet, ())) for facet, codes in chosen.items())
        and (
            query.near is None
            or miles_between(query.near.easting, query.near.northing, entry.easting, entry.northing) <= query.near.miles
        )
    )


QUERIES = [
    Query(limit=1000),
    Query(words="befriend", limit=1000),
    Query(words="visiting lunches harbour", limit=1000),
    Query(filters={"service": frozenset({"advocacy"})}, limit=1000),
    Query(
        words="garden",
        filters={"service": frozenset({"advocacy", "befriending"}), "level": frozenset({"gold"})},
        limit=1000,
    ),
    Query(filters={"status": frozenset({"awarded"})}, near=Near(350_000, 450_000, 20), limit=1000),
    Query(words="nowhere", limit=1000),
]


@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
def test_the_index_finds_what_looking_at_every_entry_finds(index, documents, query):
    found = index.search(query, TODAY)
    expected = {entry.entry_id for entry in documents if matches(entry, query)}
    assert {entry_id for entry_id, _ in found.page} == expected
    assert found.total == len(expected)


@pytest.mark.parametrize("query", QUERIES[:-1], ids=range(len(QUERIES) - 1))
def test_each_count_of_a_facet_is_what_choosing_it_would_give(index, documents, query):
    counts = index.search(query, TODAY).facets
    for facet in ("service", "level"):
        fitting = [entry for entry in documents if matches(entry, query, without=facet)]
        expected = {}
        for entry in fitting:
            for code in entry.facets[facet]:
                expected[code] = expected.get(code, 0) + 1
        assert counts[facet] == expected
    assert sum(counts["status"].values()) == sum(matches(entry, query, without="status") for entry in documents)


def test_pages_laid_side_by_side_are_the_whole_list_in_its_order(index):
    whole = index.search(Query(words="lunch", limit=1000), TODAY).page
    pages = [
        index.search(Query(words="lunch", offset=start, limit=20), TODAY).page for start in range(0, len(whole), 20)
    ]
    assert tuple(entry for page in pages for entry in page) == whole


def test_a_word_in_the_name_comes_before_one_in_the_summary(index, documents):
    names = {entry.entry_id: entry.texts["name"] for entry in documents}
    found = [entry_id for entry_id, _ in index.search(Query(words="garden", limit=1000), TODAY).page]
    in_name = ["garden" in names[entry_id] for entry_id in found]
    assert in_name == sorted(in_name, reverse=True)
    assert any(in_name)
    assert not all(in_name)


def test_the_nearest_come_first_with_their_miles(index):
    page = index.search(Query(near=Near(350_000, 450_000, 30), sort=Sort.DISTANCE, limit=1000), TODAY).page
    miles = [round(away, 1) for _, away in page]
    assert miles == sorted(miles)
    assert max(miles) <= 30


def test_ties_stand_in_another_order_each_day_and_in_one_order_within_it(index):
    def order(day):
        return [entry_id for entry_id, _ in index.search(Query(limit=1000), day).page]

    assert order(TODAY) == order(TODAY)
    assert order(TODAY) != order(TODAY + timedelta(days=1))


def test_other_words_for_a_service_find_those_who_offer_it(index, documents):
    found = index.search(Query(words="memory loss", limit=1000), TODAY)
    offering = {entry.entry_id for entry in documents if "dementia-support" in entry.facets["service"]}
    assert {entry_id for entry_id, _ in found.page} == offering
    assert found.also == ("Dementia support",)


def test_an_entry_put_again_replaces_itself(index, documents):
    first = documents[0]
    changed = Document(first.entry_id, {"name": "Entirely new"}, {}, None, None, "awarded", TODAY)
    index.put([changed])
    assert len(index) == len(documents)
    assert [entry_id for entry_id, _ in index.search(Query(words="entirely"), TODAY).page] == [first.entry_id]
    assert first.entry_id not in {
        entry_id for entry_id, _ in index.search(Query(words=WORDS[0], limit=1000), TODAY).page
    }


def test_who_works_in_the_council_is_found_wherever_it_is_based_and_comes_last(index):
    far = Document(9_001, {"name": "far"}, {"area": ("E1",)}, 10_000, 10_000, "awarded", TODAY)
    hidden = Document(9_002, {"name": "hidden"}, {"area": ("E1",)}, None, None, "awarded", TODAY)
    without = index.search(Query(near=Near(350_000, 450_000, 5), sort=Sort.DISTANCE, limit=1000), TODAY)
    index.put([far, hidden])
    found = index.search(Query(near=Near(350_000, 450_000, 5, "E1"), sort=Sort.DISTANCE, limit=1000), TODAY)
    assert found.page[:-2] == without.page
    assert {entry_id: miles for entry_id, miles in found.page[-2:]} == {9_001: None, 9_002: None}


def test_searching_while_entries_arrive_never_fails_and_ends_complete(documents):
    index = BitmapIndex(SYNONYMS, status_of)
    failures = []

    def search():
        try:
            while len(index) < len(documents):
                found = index.search(Query(words="garden", limit=1000), TODAY)
                assert found.total == len(found.page)
        except Exception as failure:
            failures.append(failure)

    readers = [Thread(target=search) for _ in range(3)]
    for reader in readers:
        reader.start()
    for entry in documents:
        index.put([entry])
    for reader in readers:
        reader.join()
    assert not failures
    status = {"status": frozenset({"awarded", "suspended", "expired"})}
    assert index.search(Query(filters=status, limit=1000), TODAY).total == len(documents)


def test_a_misspelt_word_is_met_with_the_likest_that_is_known(index):
    assert index.search(Query(words="advocasy"), TODAY).instead == "advocacy"
    assert index.search(Query(words="qqqq"), TODAY).instead is None
