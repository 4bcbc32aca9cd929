"""Memory and PostgreSQL give the same answers: totals, counts of facets, order, corrections, suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, text

from app.backends.postgres_search import PostgresIndex, put
from app.backends.search import BitmapIndex
from app.backends.search_synonyms import Synonyms
from app.backends.searching import Box, Document, Found, Near, Query, Reach, Sort
from app.demo.register_text import Writer
from app.domain.lifecycle import AwardStatus, status_on
from tests.integration.relevance.postgres import empty_search_tables

TODAY = date(2026, 11, 16)
SERVICES = ("home-care", "befriending", "lunch-club", "dementia-support")
SYNONYMS = Synonyms.of(
    "service",
    [("home-care", "Home care", ["domiciliary care"]), ("dementia-support", "Dementia support", ["memory loss"])],
    [["hospital", "infirmary"], ["bsl", "british sign language"]],
)
COUNT, QUERIES = 400, 200


def status(stored: str, last: date, today: date) -> str:
    return status_on(AwardStatus(stored), last, today).value


def documents() -> list[Document]:
    """Providers drawn from a seed, with something in every field of a document."""
    random = Random(11)
    writer = Writer(random, people=("older people", "carers"))
    found = []
    for entry_id in range(1, COUNT + 1):
        services = random.sample(SERVICES, random.randint(1, 3))
        writer.at = {"place": random.choice(("Kendal", "Bangor", "Leeds")), "near": "Barrow", "welsh": "Caerdydd"}
        writer.at["in_welsh"] = "yng Nghaerdydd"
        welsh = random.random() < 0.2
        offers = [
            (service, random.choice(("now", "full")), TODAY + timedelta(days=random.randint(-40, 90)))
            for service in services
        ]
        latest: dict[str, date] = {}
        for _, taking, last in offers:
            latest[taking] = max(last, latest.get(taking, last))
        placed = random.random() < 0.9
        found.append(
            Document(
                entry_id=entry_id * 7,
                texts={
                    "name": writer.name(services[0], welsh),
                    "services": " ".join(each.replace("-", " ") for each in services),
                    "summary": writer.summary(services, welsh),
                    "description": writer.description(services, welsh, random.random() < 0.1),
                },
                facets={
                    "service": services,
                    "area": random.sample(["E06000064", "E08000035", "W06000002"], random.randint(1, 2)),
                    "level": [random.choice(("gold", "silver", "bronze"))],
                    "size": [random.choice(("micro", "small", "large"))],
                },
                easting=random.randint(300_000, 400_000) if placed else None,
                northing=random.randint(400_000, 500_000) if placed else None,
                status=random.choice(("awarded", "conditional", "suspended", "withdrawn")),
                expires_on=TODAY + timedelta(days=random.randint(-50, 300)),
                granted_on=TODAY - timedelta(days=random.randint(0, 900)),
                until={
                    "availability": sorted(latest.items()),
                    "offer": [(f"{service}:{taking}", last) for service, taking, last in offers],
                },
            )
        )
    return found


def queries() -> Iterator[Query]:
    """Words, phrases, slips, beginnings, filters, places and orders, drawn from a seed."""
    random = Random(12)
    words = (
        "dementia befriending hospital infirmary kendal bangor mangor bridge harbour minibus epilepsy church carers carer "
        "befreinding demntia ofalwyr gofalwyr walking parking volunteers polsku mowimy st the and xqzvw o'brien"
    ).split()
    phrases = (
        '"church hall"',
        "domiciliary care",
        "memory loss",
        '"community centre" carers',
        "british sign language",
        "",
    )
    for _ in range(QUERIES):
        text_of = (
            random.choice(phrases) if random.random() < 0.3 else " ".join(random.sample(words, random.randint(1, 3)))
        )
        filters = {}
        for facet, codes in (
            ("service", SERVICES),
            ("availability", ("now", "full")),
            ("level", ("gold", "silver")),
            ("status", ("awarded", "expired", "suspended")),
            ("offer", ("home-care:now", "lunch-club:full")),
        ):
            if random.random() < 0.3:
                filters[facet] = frozenset(random.sample(codes, random.randint(1, 2)))
        near = Near(350_000, 450_000, random.choice((3, 10, 40)), "E06000064", random.choice(list(Reach)))
        yield Query(
            words=text_of,
            filters=filters,
            near=near if random.random() < 0.4 else None,
            sort=random.choice((None, *Sort)),
            prefix=random.random() < 0.3,
            offset=random.choice((0, 0, 5)),
            limit=random.choice((5, 20)),
        )


@pytest.fixture(scope="module")
def both(search_engine: Engine) -> Iterator[tuple[BitmapIndex, PostgresIndex]]:
    found = documents()
    memory = BitmapIndex(SYNONYMS, status)
    memory.put(found)
    empty_search_tables(search_engine)
    with search_engine.begin() as connection:
        put(connection, [(document, 1) for document in found])
    yield memory, PostgresIndex(search_engine, SYNONYMS, status)
    empty_search_tables(search_engine)


def told(found: Found) -> tuple[object, ...]:
    """What must be the same: counts of nobody aside, and miles to the metre."""
    counts = {name: {code: n for code, n in codes.items() if n} for name, codes in found.facets.items()}
    page = [(entry, None if miles is None else round(miles, 3)) for entry, miles in found.page]
    return found.total, {k: v for k, v in counts.items() if v}, page, found.also, found.instead, found.corrected


def test_two_hundred_drawn_queries_have_the_same_answers(both):
    memory, postgres = both
    found = [(query, memory.search(query, TODAY), postgres.search(query, TODAY)) for query in queries()]
    assert [query for query, mine, other in found if told(mine) != told(other)] == []
    totals = [mine.total for _, mine, _ in found]
    assert totals.count(0) < QUERIES / 2  # so that the test says something
    assert any(mine.corrected for _, mine, _ in found)


def test_everything_that_fits_is_the_same_for_maps_exports_and_alerts(both):
    memory, postgres = both
    for query in list(queries())[:40]:
        assert list(memory.matching(query, TODAY)) == list(postgres.matching(query, TODAY))


def test_maps_have_the_same_squares_lots_and_gaps(both):
    drawn = gaps = 0
    for number, query in enumerate(list(queries())[:40]):
        side = (5_000, 20_000, 66_000.5)[number % 3]
        box = Box(250_000, 50_000.5, 600_000, 700_000, side)
        mine, other = (each.on_map(query, TODAY, box, 7) for each in both)
        assert (mine.placed, mine.drawn) == (other.placed, other.drawn)
        assert [(each.count, each.entry_id) for each in mine.squares] == [
            (each.count, each.entry_id) for each in other.squares
        ]
        for ours, theirs in zip(mine.squares, other.squares, strict=True):
            assert (ours.easting, ours.northing) == pytest.approx((theirs.easting, theirs.northing))
        drawn += len(mine.drawn)
        codes = ("E06000064", "E08000035", "W06000002")
        mine, other = (each.without_place(query, TODAY, codes) for each in both)
        assert [mine.get(code, 0) for code in codes] == [other.get(code, 0) for code in codes]
        gaps += sum(mine.values())
    assert drawn > 40 and gaps > 3


def test_the_same_is_suggested_while_somebody_types(both):
    memory, postgres = both
    for typed in ("bef", "kend", "st m", "dem", "harb", "the village", "x", "", "100% _"):
        assert memory.suggest(typed, TODAY) == postgres.suggest(typed, TODAY), typed


def test_without_the_extension_for_likeness_slips_are_found_all_the_same(both, search_engine):
    memory, postgres = both
    with search_engine.begin() as connection:
        connection.execute(text("DROP EXTENSION IF EXISTS pg_trgm"))
    for words in ("befreinding", "demntia", "epilesy"):
        assert told(postgres.search(Query(words), TODAY)) == told(memory.search(Query(words), TODAY))
        assert postgres.search(Query(words), TODAY).corrected


def test_what_somebody_types_never_becomes_part_of_a_statement(both):
    _, postgres = both
    for words in ("'; DROP TABLE award; --", "' :* & | !", '"\\', "a:b <-> c", "\x00", "%_", "(" * 500):
        assert postgres.search(Query(words.replace("\x00", "")), TODAY).total >= 0
    with pytest.raises(ValueError, match="no name of a facet"):
        postgres.search(Query(filters={"level' OR 'a": frozenset({"gold"})}), TODAY)
