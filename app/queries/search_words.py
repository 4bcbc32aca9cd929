"""Which words stand for each other in the search: the lists, and what managers changed of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from app.backends.postcodes import area_names
from app.backends.search_synonyms import Synonyms
from app.backends.search_words import all_words
from app.extensions import db
from app.models import SearchWords
from app.queries.lists import CLIENT_GROUPS, SAME_WORDS, SERVICES, SERVICES_IN_WELSH, items

MOST_GROUPS = 2_000


@dataclass(frozen=True)
class WordGroup:
    """Words of which each stands for the others. `key` names the group in addresses; `ours` says that it is the list's own."""

    key: str
    words: tuple[str, ...]
    version: int
    ours: bool
    given: tuple[str, ...] = ()  # what the list says, where it was changed
    row_id: int | None = None  # of the table, where there is one
    changed_at: datetime | None = None

    @property
    def listed(self) -> bool:
        """Whether the list that comes with the product has it, changed or not."""
        return self.ours or bool(self.given)


def word_groups() -> tuple[WordGroup, ...]:
    """Every group in the order of its first word, those that were emptied last. One statement."""
    found = groups_of(db.session.connection())
    return tuple(sorted(found, key=lambda group: (not group.words, [word.lower() for word in group.words])))


def groups_of(connection: Connection) -> list[WordGroup]:
    """Every group as the connection sees it: first the list's, then those that were added. One statement."""
    rows = connection.execute(
        select(SearchWords.id, SearchWords.code, SearchWords.words, SearchWords.version, SearchWords.changed_at)
        .order_by(SearchWords.id)
        .limit(MOST_GROUPS)
    ).all()
    changed = {row.code: row for row in rows if row.code}
    groups = []
    for item in items(SAME_WORDS):
        given = (str(item.title), *item.also)
        row = changed.get(item.code)
        if row is None:
            groups.append(WordGroup(item.code, given, 0, ours=True))
        else:
            groups.append(_changed(item.code, row, given))
    groups += [_changed(str(row.id), row) for row in rows if not row.code]
    return groups


def _changed(key: str, row: Any, given: tuple[str, ...] = ()) -> WordGroup:
    return WordGroup(key, tuple(row.words), row.version, False, given, row.id, row.changed_at)


def synonyms(connection: Connection) -> Synonyms:
    """All other words as the search uses them. One statement."""
    return synonyms_of(groups_of(connection))


def synonyms_of(groups: Iterable[WordGroup]) -> Synonyms:
    """The same where the groups were these."""
    services = [(item.code, str(item.title), item.also) for item in items(SERVICES)]
    titles = {code: title for code, title, _ in services}
    services += [
        (item.code, titles[item.code], (str(item.title), *item.also))
        for item in items(SERVICES_IN_WELSH)
        if item.code in titles
    ]
    return Synonyms.of("service", services, [group.words for group in groups])


def titled() -> dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """By facet: code, title and, folded, whatever it may be called, for suggestions while somebody types."""
    welsh = {item.code: (str(item.title), *item.also) for item in items(SERVICES_IN_WELSH)}
    return {
        "service": tuple(
            (item.code, str(item.title), _folded(str(item.title), *item.also, *welsh.get(item.code, ())))
            for item in items(SERVICES)
        ),
        "group": tuple(
            (item.code, str(item.title), _folded(str(item.title), *item.also)) for item in items(CLIENT_GROUPS)
        ),
        "area": tuple((code, name, _folded(name)) for code, name in area_names().items()),
    }


def _folded(*names: str) -> tuple[str, ...]:
    return tuple(" ".join(all_words(name)) for name in names)
