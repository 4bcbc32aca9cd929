"""The words of the register as PostgreSQL keeps them, for finding out what a slip of the finger meant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

from app.backends.search_words import has_letters_alone, stem

SLIPS = 2
ALIKE = 0.15  # of pg_trgm: low enough for two slips in a word of eight letters
MOST = 50_000
_BY_LENGTH = "SELECT word, number FROM register_search.word WHERE length(word) BETWEEN :least AND :most"


class Words:
    """What search_spelling asks for, about the words that were typed: those of about their length, by how alike they are.

    Where the extension pg_trgm is there, it leaves out what is nothing like them; without it all are looked at.
    """

    def __init__(self, connection: Connection, typed: Sequence[str]) -> None:
        self._connection = connection
        self._counts: dict[str, int] = {}
        trigrams = connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
        for word in typed[:16]:
            self._look(word, bool(trigrams))
        self._stems = {stem(word) for word in self._counts}

    def _look(self, word: str, trigrams: bool) -> None:
        values = {"word": word, "alike": ALIKE, "least": len(word) - SLIPS, "most": len(word) + SLIPS, "limit": MOST}
        alike = " AND similarity(word, :word) >= :alike" if trigrams else ""
        rows = self._connection.execute(text(f"{_BY_LENGTH}{alike} ORDER BY word LIMIT :limit"), values)
        self._counts.update(rows.all())  # type: ignore[arg-type]

    def like(self, word: str, slips: int, at_least: int) -> Sequence[str]:
        """Words that were written so often, of about the length of `word`."""
        return [
            each
            for each, count in self._counts.items()
            if count >= at_least and abs(len(each) - len(word)) <= slips and has_letters_alone(each)
        ]

    def count(self, word: str) -> int:
        """How often a word was written, as it is spelt."""
        return self._counts.get(word, 0)

    def knows(self, stemmed: str) -> bool:
        if stemmed in self._stems:
            return True
        found = self._connection.scalar(
            text("SELECT 1 FROM register_search.entry WHERE words @@ CAST(:stem AS tsquery) LIMIT 1"),
            {"stem": "'" + stemmed.replace("\\", "\\\\").replace("'", "''") + "'"},
        )
        return found is not None
