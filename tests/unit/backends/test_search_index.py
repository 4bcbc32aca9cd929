"""The index in memory: every facet, sort, reach and day against looking at each entry, and what is written to disk."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

import pytest

from app.backends import search
from app.backends.search import BitmapIndex
from app.backends.search_build import Building
from app.backends.search_draw import Draw
from app.backends.search_query import sort_key
from app.backends.search_store import load, save
from app.backends.search_synonyms import Synonyms
from app.backends.search_words import stem, words_of
from app.backends.searching import AREA, OFFER, Box, Document, Near, Query, Reach, Sort
from app.domain.places import miles_between

TODAY = date(2026, 11, 16)
WORDS = "befriending visits memory loss lunch advocacy harbour meadow garden carers transport café gofal".split()
SERVICES = ("befriending", "advocacy", "dementia-support")
TAKING = ("now", "full")
SYNONYMS = Synonyms.of("service", [("dementia-support", "Dementia support", [])], [("memory loss", "harbour")])


def status_of(stored, expires_on, today):
    return stored if today <= expires_on else "expired"


def document(random: Random, number: int) -> Document:
    offers = [
        (f"{service}:{random.choice(TAKING)}", TODAY + timedelta(days=random.randint(-2, 2)))
        for service in random.sample(SERVICES, random.randint(0, 2))
    ]
    private = random.random() < 0.2
    return Document(
        entry_id=number * 7 % 1009,
        texts={
            "name": " ".join(random.choices(WORDS, k=2)).title(),
            "summary": " ".join(random.sample(WORDS, 4)),
            "description": " ".join(random.sample(WORDS, 6)),
        },
        facets={
            "service": tuple(random.sample(SERVICES, 2)),
            "size": random.choice(((), ("micro",), ("large",))),
            AREA: tuple(random.sample(("E1", "E2", "E3"), random.randint(0, 2))),
        },
        easting=None if private else random.randint(300_000, 400_000),
        northing=None if private else random.randint(400_000, 500_000),
        status=random.choice(("awarded", "suspended")),
        expires_on=TODAY + timedelta(days=random.randint(-3, 3)),
        granted_on=TODAY - timedelta(days=random.randint(0, 9)),
        until={"availability": [(code.partition(":")[2], last) for code, last in offers], OFFER: offers},
    )


@pytest.fixture(scope="module")
def documents():
    random = Random(11)
    return [document(random, number) for number in range(1, 500)]


def fresh(documents):
    index = BitmapIndex(SYNONYMS, status_of)
    index.put(documents)
    return index


def built(documents, batch=120):
    building = Building()
    for begin in range(0, len(documents), batch):
        building.add(documents[begin : begin + batch])
    return building.sections()


@pytest.fixture(
    scope="module", params=["put at once", "built", "written and read", "partly changed since", "one by one"]
)
def index(request, documents, tmp_path_factory):
    """The same entries, come by in each way in which they can come into an index."""
    path = tmp_path_factory.mktemp("index") / "register.index"
    if request.param == "put at once":
        return fresh(documents)
    if request.param == "built":
        return BitmapIndex(SYNONYMS, status_of, sections=built(documents))
    if request.param == "one by one":
        index = BitmapIndex(SYNONYMS, status_of)
        for each in documents:
            index.put([each])
            index.search(Query(sort=Sort.NEWEST), TODAY)
        return index
    if request.param == "written and read":
        save(path, fresh(documents).sections())
        return BitmapIndex(SYNONYMS, status_of, sections=load(path))
    stale = [replace(each, texts={"name": "old"}, facets={}, until={}) for each in documents[:200]]
    gone = replace(documents[0], entry_id=5_000)
    save(path, fresh([*stale, *documents[200:400], gone]).sections())
    index = BitmapIndex(SYNONYMS, status_of, sections=load(path))
    index.search(Query(sort=Sort.NAME), TODAY)
    index.put(documents[:150])
    index.put([*documents[150:200], *documents[400:]])
    index.remove([5_000, 6_000])
    save(path, index.sections())
    return BitmapIndex(SYNONYMS, status_of, sections=load(path))


def facets_of(entry: Document, today: date) -> dict[str, set[str]]:
    until = {facet: {code for code, last in pairs if last >= today} for facet, pairs in entry.until.items()}
    fixed = {facet: set(codes) for facet, codes in entry.facets.items()}
    return {**fixed, **until, "status": {status_of(entry.status, entry.expires_on, today)}}


def reached(entry: Document, near: Near | None) -> bool:
    if near is None:
        return True
    based = entry.easting is not None and (
        miles_between(near.easting, near.northing, entry.easting, entry.northing) <= near.miles
    )
    served = near.area_code in entry.facets[AREA]
    return {Reach.BASED: based, Reach.SERVED: served, Reach.EITHER: based or served}[near.reach]


def says(entry: Document, words: str) -> bool:
    """Every word, or a phrase in quotes as neighbours in one text; "harbour" and "memory loss" say the same."""
    texts = [[stem(word) for word in words_of(text)] for text in entry.texts.values()]
    pairs = {pair for text in texts for pair in pairwise(text)}
    if words.startswith('"'):
        return all(pair in pairs for pair in pairwise([stem(word) for word in words_of(words)]))
    if words == "harbour":
        return any("harbour" in text for text in texts) or ("memori", "loss") in pairs
    return all(any(stem(word) in text for text in texts) for word in words_of(words))


def matches(entry: Document, query: Query, today: date, changed: dict[str, frozenset[str]] | None = None) -> bool:
    filters = {**query.filters, **(changed or {})}
    facets = facets_of(entry, today)
    if filters.get("service") and filters.get("availability"):
        fitting = {f"{service}:{taking}" for service in filters["service"] for taking in filters["availability"]}
        if not fitting & facets[OFFER]:
            return False
        filters = {facet: codes for facet, codes in filters.items() if facet != "availability"}
    return (
        says(entry, query.words)
        and reached(entry, query.near)
        and all(not codes or codes & facets.get(facet, set()) for facet, codes in filters.items())
    )


CASES = [
    Query(),
    Query(words="garden"),
    Query(words='"memory loss"'),
    Query(words='"garden cafe lunch"'),
    Query(words="harbour"),
    Query(words="ofal gardens"),
    Query(filters={"service": frozenset({"advocacy"}), "size": frozenset({"large", "micro"})}),
    Query(filters={"availability": frozenset({"now"})}),
    Query(filters={"service": frozenset({"advocacy"}), "availability": frozenset({"now"})}),
    Query(words="lunch", filters={"status": frozenset({"awarded"}), AREA: frozenset({"E1", "E3"})}),
    Query(near=Near(350_000, 450_000, 15, "E2")),
    Query(near=Near(350_000, 450_000, 15, "E2", Reach.BASED), words="garden"),
    Query(near=Near(350_000, 450_000, 15, "E2", Reach.SERVED)),
]
DAYS = [TODAY, TODAY + timedelta(days=2)]


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("query", CASES, ids=range(len(CASES)))
def test_what_is_found_and_counted_is_what_looking_at_each_entry_says(index, documents, query, today):
    expected = sorted(entry.entry_id for entry in documents if matches(entry, query, today))
    assert list(index.matching(query, today)) == expected
    found = index.search(replace(query, limit=600), today)
    assert found.total == len(expected) == len(found.page)
    for facet in ("service", "size", AREA, "status", "availability"):
        counted = Counter()
        for entry in documents:
            for code in facets_of(entry, today).get(facet, ()):
                if matches(entry, query, today, {facet: frozenset({code})}):
                    counted[code] += 1
        assert {code: count for code, count in found.facets[facet].items() if count} == counted, facet


@pytest.mark.parametrize("sort", [Sort.NAME, Sort.NEWEST, Sort.DISTANCE, Sort.RELEVANCE])
def test_results_stand_in_the_order_that_was_asked_for_and_ties_in_that_of_the_lots(index, documents, sort):
    lot = {entry.entry_id: Draw.of(TODAY).lots(entry.entry_id) for entry in documents}
    by_id = {entry.entry_id: entry for entry in documents}
    near = Near(350_000, 450_000, 15, "E2")

    def away(number):
        entry = by_id[number]
        if entry.easting is None:
            return 9_999
        miles = miles_between(near.easting, near.northing, entry.easting, entry.northing)
        return round(miles, 1) if miles <= near.miles else 9_999

    first = {
        Sort.NAME: lambda number: sort_key(by_id[number].texts["name"]),
        Sort.NEWEST: lambda number: -by_id[number].granted_on.toordinal(),
        Sort.DISTANCE: away,
        Sort.RELEVANCE: lambda number: 0,
    }[sort]
    query = Query(near=near if sort is Sort.DISTANCE else None, sort=sort)
    expected = sorted(index.matching(query, TODAY), key=lambda number: (first(number), lot[number]))
    pages = [index.search(replace(query, offset=start), TODAY).page for start in range(0, 500, 20)]
    assert [number for page in pages for number, _ in page] == expected


def test_only_the_facets_that_are_asked_for_are_counted(index):
    found = index.search(Query(facets=("size",)), TODAY)
    assert set(found.facets) == {"size"}
    assert found.facets == index.facet_counts(Query(), TODAY, ("size",))


def test_a_word_that_is_only_begun_finds_what_it_may_become(index, documents):
    found = index.search(Query(words="gard", prefix=True, limit=600), TODAY)
    assert {number for number, _ in found.page} == {each.entry_id for each in documents if says(each, "garden")}
    assert index.search(Query(words="gard"), TODAY).total == 0 or index.search(Query(words="gard"), TODAY).corrected


def test_who_is_called_exactly_so_comes_first(index, documents):
    name = documents[3].texts["name"]
    alike = {each.entry_id for each in documents if sort_key(each.texts["name"]) == sort_key(name)}
    page = index.search(Query(words=name, limit=600), TODAY).page
    assert {number for number, _ in page[: len(alike)]} == alike


def test_a_slip_is_mended_where_the_words_as_typed_find_nothing(index):
    found = index.search(Query(words="transprot"), TODAY)
    assert (found.instead, found.corrected) == ("transport", True)
    assert found.total == index.search(Query(words="transport"), TODAY).total > 0
    assert index.search(Query(words="zzzzzzzz"), TODAY).instead is None


def test_a_map_counts_each_of_those_that_say_where_they_are_once_in_its_square(index, documents):
    fits = [each for each in documents if each.easting is not None and says(each, "garden")]
    box = Box(300_000, 200_000, 500_000, 600_000, 25_000)
    here = [each for each in fits if 300_000 <= each.easting <= 500_000 and 200_000 <= each.northing <= 600_000]
    squares: dict[tuple[int, int], list[Document]] = {}
    for each in here:
        squares.setdefault((each.easting // 25_000, each.northing // 25_000), []).append(each)
    found = index.on_map(Query(words="garden"), TODAY, box, 5)
    assert (found.placed, len(found.drawn)) == (len(fits), min(5, len(here)))
    expected = sorted((-len(group), min(each.entry_id for each in group)) for group in squares.values())
    assert [(-each.count, each.entry_id) for each in found.squares] == expected and len(expected) > 1
    first = next(group for group in squares.values() if min(e.entry_id for e in group) == found.squares[0].entry_id)
    assert found.squares[0].easting == pytest.approx(sum(each.easting for each in first) / len(first))
    by_id = {each.entry_id: each for each in here}
    for entry_id, number in found.drawn:
        one = by_id[entry_id]
        group = squares[one.easting // 25_000, one.northing // 25_000]
        assert found.squares[number].entry_id == min(each.entry_id for each in group)
    assert index.on_map(Query(words="garden"), TODAY, Box(0, 0, 1, 1, 1), 5).squares == ()


def test_what_is_typed_suggests_services_names_and_words_that_find_something(documents):
    index = BitmapIndex(SYNONYMS, status_of, {"service": (("advocacy", "Advocacy", ("advocacy",)),)})
    index.put(documents)
    found = index.suggest("adv", TODAY)
    assert (found[0].kind, found[0].words) == ("service", "Advocacy")
    assert found[0].count == sum("advocacy" in each.facets["service"] for each in documents)
    assert all(each.words.lower().startswith("adv") for each in found if each.kind == "name")
    assert index.suggest("", TODAY) == index.suggest("((", TODAY) == ()
    (word,) = index.suggest("visits garden transpo", TODAY)
    assert word.words == "visits garden transport"
    assert word.count == index.search(Query(words=word.words), TODAY).total > 0


def test_a_file_that_is_cut_off_or_another_is_refused(tmp_path, documents):
    path = tmp_path / "register.index"
    save(path, fresh(documents).sections())
    whole = path.read_bytes()
    for broken in (b"", b"something else entirely", whole[: len(whole) // 2]):
        path.write_bytes(broken)
        with pytest.raises(ValueError, match=r"."):
            load(path)


def test_what_was_kept_of_a_search_is_not_kept_beyond_a_change(monkeypatch, documents):
    monkeypatch.setattr(search, "MANY", 1)
    index = BitmapIndex(SYNONYMS, status_of)
    index.put(documents)
    before = index.search(Query(words="harbour"), TODAY).total
    assert index.search(Query(words="harbour"), TODAY).total == before
    index.put([replace(documents[0], entry_id=7_000, texts={"name": "Harbour"})])
    assert index.search(Query(words="harbour"), TODAY).total == before + 1
    index.remove([7_000])
    assert index.search(Query(words="harbour"), TODAY).total == before
    index.synonyms = Synonyms.of("service", [])
    fits = [each for each in documents if any("harbour" in text.lower() for text in each.texts.values())]
    assert index.search(Query(words="harbour"), TODAY).total == len({each.entry_id for each in fits}) < before


def test_where_there_is_nobody_only_what_was_chosen_is_counted(index):
    chosen = {"service": frozenset({"befriending", "nothing-of-ours"}), "size": frozenset({"micro"})}
    found = index.search(Query(words="zzzzzzzz", filters=chosen, facets=("service", "size", "level")), TODAY)
    assert (found.total, found.page) == (0, ())
    assert found.facets == {"service": {"befriending": 0}, "size": {"micro": 0}, "level": {}}
    nobody = BitmapIndex(SYNONYMS, status_of).search(Query(filters=chosen, facets=("service", "level")), TODAY)
    assert nobody.facets == {"service": {}, "level": {}}
