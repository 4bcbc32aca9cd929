"""Searching in process: the index in memory beside SQLite's FTS5 and tantivy, on the same rows and the same queries.

python -m bench.in_process [instance folder] [alone]    of an installation that holds a register (`flask demo register ...`)

Prints one JSON line a figure, in milliseconds of this process's own time: the median over the queries, and the slowest.
What is asked of all: the best twenty by relevance, without and with two facets counted over the whole result. FTS5 and
tantivy are given the same stems, so that the counts have to be equal; a difference is printed. Query by query, no search
with two facets may take longer than FTS5 takes for the twenty alone, or than a tenth of a millisecond where FTS5 finds at once
that there is nobody: each that does is printed, and the command fails.

Then some hundred questions that nobody asked before (bench/drawn.py), each asked once, with the slowest ten of them, and the
questions of bench/register.py likewise. With `alone` there is nothing else: for a register whose texts the memory does not hold.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from statistics import median
from time import process_time

from app.backends.search import BitmapIndex
from app.backends.search_words import stem, words_of
from app.backends.searching import FIELDS, Document, Query, Sort
from bench.drawn import Draw, Drawn

QUERIES = (
    "befriending", "dementia", "advocacy older people", "lunch club", "hospital transport", "carers support group",
    "mental health young people", "trust", "garden visits", "memory", "debt advice", "stroke", "support at home",
    "autism family", "sight loss", "drop-in counselling",
)  # fmt: skip
ROUNDS = 5
FACETS = ("service", "level")
LISTED = ("level", "scheme")
AT_ONCE = (
    0.1  # milliseconds within which nothing is slow: FTS5 is done sooner where a word stands nowhere, and tells nothing
)
OF_EACH = 100  # questions of each kind that are asked once
SAMPLE = 20_000  # entries from which they are drawn
Stemmed = tuple[int, list[str]]


def timed(
    name: str, entries: int, ask: Callable[[str], object], queries: tuple[str, ...] = QUERIES
) -> list[tuple[float, str]]:
    """Print the figure. What each query took, in milliseconds."""
    spent = []
    for query in queries:
        ask(query)
        rounds = []
        for _ in range(ROUNDS):
            start = process_time()
            ask(query)
            rounds.append((process_time() - start) * 1000)
        spent.append((median(rounds), query))
    slowest, of = max(spent)
    middle = median(each for each, _ in spent)
    figure = {
        "figure": name,
        "entries": entries,
        "median_ms": round(middle, 3),
        "slowest_ms": round(slowest, 3),
        "of": of,
    }
    print(json.dumps(figure), flush=True)
    return spent


def stems(text: str) -> str:
    return " ".join(stem(word) for word in words_of(text))


class Fts5:
    """The stems of each field in SQLite's full text index."""

    def __init__(self, documents: list[Stemmed], path: str) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.execute("CREATE VIRTUAL TABLE entry USING fts5(name, services, summary, description)")
        self.connection.executemany(
            "INSERT INTO entry (rowid, name, services, summary, description) VALUES (?, ?, ?, ?, ?)",
            ((number, *texts) for number, texts in documents),
        )
        self.connection.execute("INSERT INTO entry (entry) VALUES ('optimize')")
        self.connection.commit()

    def top(self, query: str) -> list[tuple[int]]:
        return self.connection.execute(
            "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY bm25(entry, 8, 4, 2, 1) LIMIT 20", (stems(query),)
        ).fetchall()

    def count(self, query: str) -> int:
        found = self.connection.execute("SELECT count(*) FROM entry WHERE entry MATCH ?", (stems(query),)).fetchone()
        return int(found[0])


class Tantivy:
    """The same in tantivy, with its count in the same search."""

    def __init__(self, documents: list[Stemmed], path: str) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True)
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="whitespace")
        self.index = tantivy.Index(builder.build(), path)
        writer = self.index.writer(200_000_000, 1)
        for number, texts in documents:
            writer.add_document(tantivy.Document(number=number, **dict(zip(FIELDS, texts, strict=True))))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def top(self, query: str) -> object:
        parsed = self.index.parse_query(
            " ".join(f"+{each}" for each in stems(query).split()),
            list(FIELDS),
            field_boosts=dict(zip(FIELDS, (8.0, 4.0, 2.0, 1.0), strict=True)),
        )
        return self.searcher.search(parsed, 20)


def main(folder: str, alone: bool = False) -> int:
    """How many queries FTS5 answered sooner."""
    os.environ |= {"INSTANCE_DIR": folder, "ENV": "demo"}
    from app import create_app
    from app.edge.session import today
    from app.queries.register_index import current_index

    with create_app().app_context():
        index, day = current_index(), today()
        index.warm(day)
        sample = list(islice(documents(), SAMPLE))
        drawn = list(Draw(sample).questions(OF_EACH))
        first_answers(index, day, drawn)
        listed(index, day)
        if alone:
            return 0
        texts = [(document.entry_id, [stems(document.texts[field]) for field in FIELDS]) for document in documents()]
        return compared(index, day, texts, [each.plain for each in drawn if each.plain])


def documents() -> Iterator[Document]:
    """Every entry as the search sees it."""
    from app.extensions import db
    from app.queries.register_documents import ROWS, document_of

    with db.engine.connect() as connection:
        yield from map(document_of, connection.execute(ROWS, execution_options={"yield_per": 2_000}))


def spent(ask: Callable[[], object]) -> float:
    start = process_time()
    ask()
    return (process_time() - start) * 1000


def first_answers(index: BitmapIndex, day: date, drawn: Sequence[Drawn]) -> None:
    """What each question took that was asked once, by kind and in all, and which were the slowest."""
    took = [(spent(lambda each=each: index.search(each.query, day)), each) for each in drawn]
    for kind in dict.fromkeys(each.kind for each in drawn):
        told(f"first answers: {kind}", len(index), [(ms, each.name) for ms, each in took if each.kind == kind])
    told("first answers", len(index), [(ms, each.name) for ms, each in took])
    for ms, each in sorted(took, key=lambda one: -one[0])[:10]:
        print(json.dumps({"among the slowest": each.name, "ms": round(ms, 3)}))


def listed(index: BitmapIndex, day: date) -> None:
    """The questions of bench/register.py, each asked once."""
    from bench.register import FILTERS, TEXTS

    told("first answers: its words", len(index), [
        (spent(lambda words=words: index.search(Query(words=words, facets=LISTED), day)), words) for words in TEXTS
    ])  # fmt: skip
    chosen = [{facet: frozenset({code}) for facet, code in each.items()} for each in FILTERS]
    told("first answers: its filters", len(index), [
        (spent(lambda each=each: index.search(Query(filters=each, facets=LISTED), day)), str(dict(each))) for each in chosen
    ])  # fmt: skip


def told(name: str, entries: int, took: Sequence[tuple[float, str]]) -> None:
    """Print median, slowest but one of a hundred, and slowest, with what the slowest was."""
    times = sorted(ms for ms, _ in took)
    slowest, of = max(took)
    figure = {
        "figure": name,
        "entries": entries,
        "questions": len(times),
        "median_ms": round(median(times), 3),
        "p99_ms": round(times[len(times) * 99 // 100], 3),
        "slowest_ms": round(slowest, 3),
        "of": of,
        "slowest_to_median": round(slowest / median(times), 2),
    }
    print(json.dumps(figure), flush=True)


def compared(index: BitmapIndex, day: date, texts: list[Stemmed], drawn: Sequence[str]) -> int:
    """Beside the others. How many queries FTS5 answered sooner."""
    entries = len(index)

    def ask(**more: object) -> Callable[[str], object]:
        return lambda words: index.search(Query(words=words, **more), day)

    plain = tuple(
        f'"{query}"' if " " not in query else " ".join(f'"{word}"' for word in query.split()) for query in QUERIES
    )
    timed("touchstone, top 20, the words alone", entries, ask(facets=()), plain)
    timed("touchstone, top 20, with other words", entries, ask(facets=()))
    ours = timed("touchstone, top 20 and two facets, the words alone", entries, ask(facets=FACETS), plain)
    timed("touchstone, top 20 and two facets", entries, ask(facets=FACETS))
    timed("touchstone, top 20 and every facet", entries, ask())
    others(index, day, entries)
    return slower(ours, rivals(index, day, entries, texts, plain, drawn))


def slower(ours: list[tuple[float, str]], theirs: list[tuple[float, str]]) -> int:
    """Print each query that took longer than in FTS5, and that there is none where there is none."""
    later = [
        {"slower than FTS5": query, "touchstone_ms": round(our, 3), "fts5_ms": round(their, 3)}
        for (our, _), (their, query) in zip(ours, theirs, strict=True)
        if our > max(their, AT_ONCE)
    ]
    for each in later or [{"slower than FTS5": None, "queries": len(ours)}]:
        print(json.dumps(each))
    return len(later)


def others(index: BitmapIndex, day: date, entries: int) -> None:
    """Searches for which the others have nothing to hold against."""

    def ask(**more: object) -> Callable[[str], object]:
        return lambda words: index.search(Query(words=words, **more), day)

    services = ("befriending", "dementia-support", "advocacy", "home-care")

    def chosen(service: str) -> object:
        return index.search(Query(filters={"service": frozenset({service})}, facets=FACETS), day)

    timed("touchstone, filter only, two facets", entries, chosen, services)
    timed("touchstone, everything, every facet", entries, ask(), ("",))
    for sort in (Sort.NAME, Sort.NEWEST):
        timed(f"touchstone, everything by {sort.value}", entries, ask(sort=sort, facets=()), ("",))
    timed(
        "touchstone, a phrase", entries, ask(facets=()), ('"older people"', '"lunch club"', '"mental health support"')
    )
    timed("touchstone, a beginning", entries, ask(facets=(), prefix=True), ("be", "deme", "older pe"))
    timed("touchstone, a slip", entries, ask(facets=()), ("advocasy", "dementai", "befreinding", "qqqqqqqq"))
    timed("touchstone, suggestions", entries, lambda text: index.suggest(text, day), ("be", "lanc", "older p", "trus"))


def rivals(
    index: BitmapIndex,
    day: date,
    entries: int,
    texts: list[Stemmed],
    plain: tuple[str, ...],
    drawn: Sequence[str],
) -> list[tuple[float, str]]:
    """The others on the same stems, and where they count another number. What FTS5 took for each query."""
    with tempfile.TemporaryDirectory() as temporary:
        fts5, tantivy = Fts5(texts, f"{temporary}/fts5.sqlite"), Tantivy(texts, temporary)
        took = timed("FTS5, top 20", entries, fts5.top)
        timed("tantivy, top 20", entries, tantivy.top)
        asked = [words for words in drawn if stems(words)]
        told("FTS5, first answers: words", entries, [(spent(lambda: fts5.top(words)), words) for words in asked])  # noqa: B023
        for query, words in zip(QUERIES, plain, strict=True):
            ours, theirs = index.search(Query(words=words), day).total, fts5.count(query)
            if ours != theirs:
                print(json.dumps({"difference": query, "touchstone": ours, "fts5": theirs}))
    return took


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1] if len(sys.argv) > 1 else "instance", "alone" in sys.argv[2:]) else 0)
