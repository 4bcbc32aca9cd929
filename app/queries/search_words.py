"""Which words stand for each other in the search: the lists, and what managers changed of them."""

from __future__ import annotations

from dataclasses import dataclass

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


def word_groups() -> tuple[WordGroup, ...]:
    """Every group in the order of its first word, those that were emptied last. One statement."""
    found = _groups(db.session.connection())
    return tuple(sorted(found, key=lambda group: (not group.words, [word.lower() for word in group.words])))


def _groups(connection: Connection) -> list[WordGroup]:
    rows = connection.execute(
        select(SearchWords.id, SearchWords.code, SearchWords.words, SearchWords.version)
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
            groups.append(WordGroup(item.code, tuple(row.words), row.version, ours=False, given=given))
    groups += [WordGroup(str(row.id), tuple(row.words), row.version, ours=False) for row in rows if not row.code]
    return groups


def synonyms(connection: Connection) -> Synonyms:
    """All other words as the search uses them. One statement."""
    services = [(item.code, str(item.title), item.also) for item in items(SERVICES)]
    titles = {code: title for code, title, _ in services}
    services += [
        (item.code, titles[item.code], (str(item.title), *item.also))
        for item in items(SERVICES_IN_WELSH)
        if item.code in titles
    ]
    return Synonyms.of("service", services, [group.words for group in _groups(connection)])


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
