"""An index that is built of all entries at once holds what one does into which they were put."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from app.backends import search_build, search_spill
from app.backends.search import BitmapIndex
from app.backends.search_build import Building
from app.backends.search_facets import CELL, Facets
from app.backends.search_spill import Runs
from app.backends.search_vocabulary import BETWEEN, NOTHING, Vocabulary
from app.backends.search_words import words_of
from app.backends.searching import AREA, FIELDS, Document

TODAY = date(2026, 11, 16)
ODD = (
    "O'Brien's", "'quoted'", "it''s", "don't", "''", "'", "Tŷ Gofal", "café", "snake_case", "مساعدة", "straße", "1234567",
    "the", "x" * 50, "x" * 40 + "y", "a\0b", "half-way", "Alzheimer’s", "carers'", "i'r", "\u00a0", "e\u0301te", "",
)  # fmt: skip


def document(random: Random, number: int) -> Document:
    return Document(
        entry_id=number,
        texts={field: " ".join(random.choices(ODD, k=random.randint(0, 6))) for field in FIELDS},
        facets={
            "service": random.sample(("a", "b", "c"), 2),
            AREA: random.choice(((), ("E1", "E2"), ("E2",))),
            "size": (),
        },
        easting=random.choice((None, random.randint(0, 90_000))),
        northing=random.randint(0, 90_000),
        status="awarded",
        expires_on=TODAY + timedelta(days=random.randint(0, 3)),
        until={"availability": [(random.choice(("now", "full")), TODAY + timedelta(days=random.randint(0, 2)))]},
    )


def standing(each: Document) -> tuple[str, int, int]:
    """By what the position of an entry is chosen: its first council, its square, and in what order it came."""
    place = (each.easting // CELL, each.northing // CELL) if each.easting is not None else (-(2**31), -(2**31))
    return (*each.facets[AREA], "")[0], *place


@pytest.mark.parametrize("run", [30, 50_000])
def test_building_gives_what_putting_gives(monkeypatch, run):
    monkeypatch.setattr(search_build, "RUN", run)
    monkeypatch.setattr(search_spill, "PART", run * 10)
    random = Random(5)
    documents = sorted((document(random, number) for number in range(1, 301)), key=standing)
    index = BitmapIndex()
    index.put(documents)
    building = Building()
    for begin in range(0, 300, 37):
        building.add(documents[begin : begin + 37])
    put, built = index.sections(), building.sections()
    assert built.facts == put.facts
    assert set(built.arrays) == set(put.arrays)
    for name, values in put.arrays.items():
        if not name.startswith("facet"):
            assert built.arrays[name].dtype.itemsize == values.dtype.itemsize, name
            assert np.array_equal(built.arrays[name], values), name
    assert vars(Facets(built)) == vars(Facets(put))


@pytest.mark.parametrize("text", [*ODD, " ".join(ODD), "It''s O'Brien's 'half-way' don''t", "Gofal i'r Teulu’s"])
def test_a_text_is_cut_into_the_words_that_a_query_is_cut_into(text):
    known = Vocabulary()
    numbers = known.numbers([text, "other words"])
    assert list(numbers).count(BETWEEN) == 2
    first = list(numbers)[: list(numbers).index(BETWEEN)]
    assert [known.words[number] for number in first if number != NOTHING] == words_of(text)


def test_an_index_of_nobody_can_be_built():
    assert len(BitmapIndex(sections=Building().sections())) == 0


def test_runs_come_back_in_order_with_what_belongs_together_in_one_piece(monkeypatch):
    monkeypatch.setattr(search_spill, "PART", 50)
    draw = np.random.default_rng(3)
    runs = Runs()
    written = [
        np.sort(draw.integers(0, 40, 200).astype(np.uint64) << np.uint64(32) | np.uint64(run)) for run in range(4)
    ]
    for run in written:
        runs.append(run)
    pieces = list(runs.merged())
    assert len(pieces) > 3
    assert np.array_equal(np.concatenate(pieces), np.sort(np.concatenate(written)))
    highest = [int(piece[-1] >> np.uint64(32)) for piece in pieces[:-1]]
    lowest = [int(piece[0] >> np.uint64(32)) for piece in pieces[1:]]
    assert all(before < after for before, after in zip(highest, lowest, strict=True))
