"""The register's search in PostgreSQL: full text with weights, facets counted in SQL. The twin of app.backends.search.

It reads words and queries by the same rules (search_words, search_query), keeps the stems that these give, and orders by
the same sum and the same lots, so that both find the same. Its tables are a copy of the register that can be made anew.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from app.backends.postgres_map import mapped, without_place
from app.backends.postgres_query import RANKED_UNITS, WEIGHTS, Sql, facets_statement, lexeme, tsquery
from app.backends.search_query import Parsed, Unit, Way, parse, sort_key
from app.backends.search_synonyms import NO_SYNONYMS, Synonyms
from app.backends.search_words import all_words, folded, stem, words_of
from app.backends.searching import AREA, FIELDS, OFFER, Box, Document, Found, Mapped, Query, Sort, Suggestion
from app.domain.lifecycle import AwardStatus

if TYPE_CHECKING:
    from app.backends.search_suggest import Titled

FIELD_GAP = 10  # positions between two fields, so that no phrase reaches from one into the next
LAST_POSITION = 16_383  # of a tsvector
MOST_CONTINUED = 64
MOST_LOOKED_AT = 60
FEW, COMMONER = 3, 20
PUT = text("""
INSERT INTO register_search.entry
  (entry_id, revision, words, codes, dated, status, expires_on, granted_on, easting, northing, name, name_key)
VALUES (:entry_id, :revision, CAST(:words AS tsvector), :codes, :dated, :status, :expires_on, :granted_on, :easting,
  :northing, :name, :name_key)
ON CONFLICT (entry_id) DO UPDATE SET revision = excluded.revision, words = excluded.words, codes = excluded.codes,
  dated = excluded.dated, status = excluded.status, expires_on = excluded.expires_on, granted_on = excluded.granted_on,
  easting = excluded.easting, northing = excluded.northing, name = excluded.name, name_key = excluded.name_key
""")
COUNT = text("""
INSERT INTO register_search.word AS known (word, number) VALUES (:word, :number)
ON CONFLICT (word) DO UPDATE SET number = known.number + excluded.number
""")


def put(connection: Connection, documents: Iterable[tuple[Document, int]]) -> None:
    """Add entries with their revisions, or replace those that are known. Within the caller's transaction."""
    rows, counted = [], Counter[str]()
    for document, revision in documents:
        rows.append({**_row(document), "revision": revision})
        for name in FIELDS:
            counted.update(words_of(document.texts.get(name, "")))
    if rows:
        connection.execute(PUT, rows)
        # In the order of the words, so that two who write at once never wait for each other.
        connection.execute(COUNT, [{"word": word, "number": counted[word]} for word in sorted(counted)])


def _row(document: Document) -> dict[str, Any]:
    name = document.texts.get("name", "")
    return {
        "entry_id": document.entry_id,
        "words": _vector(document.texts),
        "codes": [f"{facet}:{code}" for facet, codes in document.facets.items() for code in codes],
        "dated": [f"{facet}:{code}|{last}" for facet, pairs in document.until.items() for code, last in pairs],
        "status": document.status,
        "expires_on": document.expires_on,
        "granted_on": document.granted_on,
        "easting": document.easting,
        "northing": document.northing,
        "name": name,
        "name_key": sort_key(name),
    }


def _vector(texts: Mapping[str, str]) -> str:
    """The stems of all fields as a tsvector, each with its places and the weight of its field."""
    places: dict[str, list[str]] = {}
    position = 0
    for weight, name in zip(WEIGHTS, FIELDS, strict=True):
        for word in words_of(texts.get(name, "")):
            position = min(position + 1, LAST_POSITION)
            places.setdefault(stem(word), []).append(f"{position}{weight}")
        position = min(position + FIELD_GAP, LAST_POSITION)
    return " ".join(f"{lexeme(word)}:{','.join(found)}" for word, found in places.items())


class PostgresIndex:
    """A RegisterIndex over the tables of the schema register_search. Each question is answered as of one moment."""

    def __init__(
        self,
        engine: Engine,
        synonyms: Synonyms = NO_SYNONYMS,
        status_of: Callable[[str, date, date], str] | None = None,
        titled: Titled | None = None,
    ) -> None:
        """`status_of(stored, expires_on, today)` tells what a status is on a day; `titled` is offered while one types."""
        self.engine, self.synonyms, self.titled = engine, synonyms, titled or {}
        self._status_of = status_of or (lambda status, _expires, _today: status)

    def search(self, query: Query, today: date) -> Found:
        """The entries that fit, as of `today`: best words first or nearest first, ties in the day's neutral order."""
        from app.backends.postgres_words import Words
        from app.backends.search_spelling import Spelling

        with self._asking() as connection:
            found = self._search(connection, query, today)
            if found.total > FEW or not query.words:
                return found
            parsed = parse(query.words, self.synonyms)
            spelling = Spelling(Words(connection, parsed.words), {})
            if found.total:
                return replace(found, instead=spelling.commoner(parsed, COMMONER))
            instead = spelling.mended(parsed)
            if instead is None:
                return found
            better = self._search(connection, replace(query, words=instead, prefix=False), today)
            return replace(better if better.total else found, instead=instead, corrected=better.total > 0)

    def with_synonyms(self, synonyms: Synonyms) -> PostgresIndex:
        """The same entries, searched with other words: to try them."""
        return PostgresIndex(self.engine, synonyms, self._status_of, self.titled)

    def warm(self, today: date) -> None:
        """Nothing is kept in this process, so there is nothing to prepare."""

    def _asking(self) -> Connection:
        return self.engine.connect().execution_options(isolation_level="REPEATABLE READ")

    def _search(self, connection: Connection, query: Query, today: date) -> Found:
        parsed, sql, tests, status = self._asked(connection, query, today)
        chosen = {facet: codes for facet, codes in query.filters.items() if codes}
        counting = facets_statement(sql, tests, status, replace(query, filters=chosen), today)
        counts = dict(connection.execute(text(counting), sql.values).all())
        total = counts.pop("total")
        steps = self._steps(connection, parsed, query, sql)
        order = sql.order(query, steps, parsed.name, sql.lot(today))
        where = " AND ".join([sql.base, *tests.values()])
        page = text(
            f"SELECT entry_id, {sql.miles} FROM register_search.entry WHERE {where} ORDER BY {order}"  # noqa: S608
            f" LIMIT {int(query.limit)} OFFSET {int(query.offset)}"
        )
        rows = connection.execute(page, sql.values) if total > query.offset else ()
        return Found(
            total=total,
            page=tuple((entry, miles) for entry, miles in rows),
            facets=_by_facet(counts, chosen, query.facets),
            also=parsed.also,
        )

    def _asked(self, connection: Connection, query: Query, today: date) -> tuple[Parsed, Sql, dict[str, str], str]:
        parsed, sql = parse(query.words, self.synonyms, query.prefix), Sql()
        for unit in parsed.units:
            sql.add_unit(self._carried_on(connection, unit), self.synonyms.facet)
        if query.near:
            sql.add_place(query.near)
        long_ago = today - timedelta(days=1)
        lapsed = {each.value: self._status_of(each.value, long_ago, today) for each in AwardStatus}
        status = sql.status(lapsed, today)
        filters = {facet: codes for facet, codes in query.filters.items() if codes}
        return parsed, sql, sql.filters(filters, status, today), status

    def _carried_on(self, connection: Connection, unit: Unit) -> Unit:
        """A unit with the words that go on from its beginning as ways to say it."""
        if not unit.beginning:
            return unit
        words = beginning(connection, unit.beginning, MOST_CONTINUED)
        return replace(unit, ways=(*unit.ways, *(Way((each,)) for each in dict.fromkeys(map(stem, words)))))

    def _steps(self, connection: Connection, parsed: Parsed, query: Query, sql: Sql) -> list[tuple[int, float]]:
        """The rarest units by their places, and how much each counts. One that stands alone needs no counting."""
        if query.order is not Sort.RELEVANCE or not parsed.units:
            return []
        if len(parsed.units) == 1:
            return [(0, 1.0)]
        counts = ", ".join(
            f"(SELECT count(*) FROM register_search.entry WHERE {test})"  # noqa: S608
            for test in sql.unit_tests
        )
        found = connection.execute(text(f"SELECT {counts}"), sql.values).one()
        rarest = sorted(enumerate(found), key=lambda unit: unit[1])[:RANKED_UNITS]
        return [(unit, round(32 / (1 + count) ** 0.5, 6)) for unit, count in rarest]

    def matching(self, query: Query, today: date) -> Sequence[int]:
        """The ids of all entries that fit, in the order of id. `offset` and `limit` are left aside."""
        with self._asking() as connection:
            _, sql, tests, _ = self._asked(connection, query, today)
            where = " AND ".join([sql.base, *tests.values()])
            statement = f"SELECT entry_id FROM register_search.entry WHERE {where} ORDER BY entry_id"  # noqa: S608
            return array("q", connection.execute(text(statement), sql.values).scalars().all())

    def on_map(self, query: Query, today: date, box: Box, most: int) -> Mapped:
        """The entries that fit on a map, counted by its squares, with `most` of them drawn by lot."""
        with self._asking() as connection:
            _, sql, tests, _ = self._asked(connection, query, today)
            return mapped(connection, sql, " AND ".join([sql.base, *tests.values()]), today, (box, most))

    def without_place(self, query: Query, today: date, councils: Sequence[str]) -> Mapping[str, int]:
        """How many of those that fit work in each of these councils and say not where they are based."""
        chosen = {facet: codes for facet, codes in query.filters.items() if facet != AREA}
        with self._asking() as connection:
            _, sql, tests, _ = self._asked(connection, replace(query, filters=chosen), today)
            return without_place(connection, sql, " AND ".join([sql.base, *tests.values()]), councils)

    def facet_counts(self, query: Query, today: date, facets: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """The counts of these facets alone, as `search` gives them."""
        with self._asking() as connection:
            found = self._search(connection, replace(query, facets=tuple(facets), limit=0), today)
        return found.facets

    def suggest(self, beginning: str, today: date, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a word or name, the most useful first."""
        found: dict[str, Suggestion] = {}
        with self._asking() as connection:
            for each in self._suggestions(connection, beginning[:80]):
                found.setdefault(each.words.lower(), each)
                if len(found) >= limit:
                    break
        return tuple(found.values())

    def _suggestions(self, connection: Connection, typed_so_far: str) -> Iterator[Suggestion]:
        typed = " ".join(all_words(typed_so_far))
        if not typed:
            return
        for facet, items in self.titled.items():
            fits = {
                f"{facet}:{code}": title
                for code, title, called in items
                if any(each.startswith(typed) or f" {typed}" in each for each in called)
            }
            counts = connection.execute(_COUNT_OF_CODES, {"codes": list(fits)}) if fits else ()
            titles = [Suggestion(facet, fits[code], count) for code, count in counts]
            yield from sorted(titles, key=lambda each: (-each.count, each.words))
        names = connection.execute(_NAMES, {"pattern": _like(typed), "most": MOST_LOOKED_AT}).scalars()
        yield from (Suggestion("name", name, 1) for name in dict.fromkeys(names))
        yield from self._words(connection, folded(typed_so_far))

    def _words(self, connection: Connection, typed: str) -> Iterator[Suggestion]:
        """The last word carried on, with those before it as they are."""
        words = all_words(typed)
        if not typed[-1:].isalnum():
            return
        before = " & ".join(lexeme(stem(word)) for word in words[:-1])
        for word in beginning(connection, words[-1], 8):
            unit = Unit((Way((stem(word),)),))
            tiers = [f"count(*) FILTER (WHERE words @@ CAST(:{weight} AS tsquery))" for weight in WEIGHTS]
            values = {weight: tsquery(unit, weight) for weight in WEIGHTS}
            values["all"] = f"{lexeme(stem(word))} & {before}" if before else lexeme(stem(word))
            statement = (
                f"SELECT count(*), {', '.join(tiers)} FROM register_search.entry WHERE words @@ CAST(:all AS tsquery)"  # noqa: S608
            )
            count, *by_field = connection.execute(text(statement), values).one()
            if count:
                best = next(name for name, number in zip(FIELDS, by_field, strict=True) if number)
                yield Suggestion(best, " ".join([*words[:-1], word]), count)


_COUNT_OF_CODES = text("""
SELECT code, count(*) FROM register_search.entry, unnest(codes) code
WHERE codes && CAST(:codes AS text[]) AND code = ANY(CAST(:codes AS text[])) GROUP BY code
""")
_NAMES = text(
    "SELECT name FROM register_search.entry WHERE name_key LIKE :pattern ORDER BY name_key, entry_id LIMIT :most"
)
_BEGINNING = text(
    "SELECT word FROM register_search.word WHERE word LIKE :pattern ORDER BY number DESC, word LIMIT :most"
)


def _like(beginning: str) -> str:
    return beginning.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"


def beginning(connection: Connection, letters: str, most: int) -> list[str]:
    """The most frequent words that begin so, the most frequent first, and of equal ones the first in the alphabet."""
    return list(connection.execute(_BEGINNING, {"pattern": _like(letters), "most": most}).scalars())


def _by_facet(
    counts: Mapping[str, int], chosen: Mapping[str, frozenset[str]], wanted: Sequence[str] | None
) -> dict[str, dict[str, int]]:
    """Counts by facet and code. What is chosen is named even where nobody has it."""
    found: dict[str, dict[str, int]] = {facet: {} for facet in wanted or ()}
    every = {**{f"{facet}:{code}": 0 for facet, codes in chosen.items() for code in codes}, **counts}
    for key, number in every.items():
        facet, _, code = key.partition(":")
        if facet in found or (wanted is None and facet != OFFER):
            found.setdefault(facet, {})[code] = number
    return found
