"""The pages about words that mean the same: every group, one with its history, and what a change would find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, select

from app.backends.search_words import all_words
from app.backends.searching import Query, RegisterIndex
from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import AuditRow, Scheme, SearchWords
from app.queries.history import words_for
from app.queries.register_index import current_index
from app.queries.register_rows import STANDING
from app.queries.search_words import WordGroup, groups_of, synonyms_of, word_groups

PER_PAGE = 50
MOST_CHANGES = 20
MOST_TRIED = 13
APPROVED = {"status": frozenset(status.value for status in STANDING)}


@dataclass(frozen=True)
class WordChange:
    """One change of a group: from which words to which. `who` is a person for managers, their scheme for everybody else."""

    at: datetime
    who: str
    action: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class WordsPage:
    """A page of the groups that have what was looked for, `changes` the latest of all, newest first."""

    groups: tuple[WordGroup, ...]
    changes: tuple[WordChange, ...]
    found: int
    whole: int
    off: int
    page: int
    pages: int
    may_edit: bool


@dataclass(frozen=True)
class GroupPage:
    """One group with its changes, newest first."""

    group: WordGroup
    changes: tuple[WordChange, ...]


@dataclass(frozen=True)
class Tried:
    """How many approved providers a search finds with the words as they are, and as they would be."""

    search: str
    before: int
    after: int


def words_page(looked_for: str, page: int, actor: Actor) -> WordsPage:
    """The groups with `looked_for` in a word, those that are switched off last. Two statements."""
    groups = word_groups()
    wanted = " ".join(all_words(looked_for))
    found = [group for group in groups if not wanted or _has(group, wanted)]
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(page, 1), pages)
    manages = manages_a_scheme(actor)
    return WordsPage(
        groups=tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE]),
        changes=_changes(_rows(), manages),
        found=len(found),
        whole=len(groups),
        off=sum(not group.words for group in groups),
        page=page,
        pages=pages,
        may_edit=manages,
    )


def group_page(key: str, actor: Actor) -> GroupPage:
    """One group for who may change it. Two statements. Raises NotFound."""
    may_edit_words(actor)
    group = next((each for each in word_groups() if each.key == key), None)
    if group is None:
        raise NotFound("There is no such group of words.")
    rows = _rows().where(AuditRow.subject_id == group.row_id)
    return GroupPage(group, _changes(rows, True) if group.row_id else ())


def manages_a_scheme(actor: Actor) -> bool:
    return actor.viewing is None and any(Role.MANAGER in roles for roles in actor.schemes.values())


def may_edit_words(actor: Actor) -> None:
    """Raises NotFound or NotAllowed for who manages no scheme."""
    managed = sorted(actor.schemes, key=lambda each: (Role.MANAGER not in actor.schemes[each], each))
    require(actor, Action.EDIT_SEARCH_WORDS, Subject(scheme_id=managed[0] if managed else None))


def try_words(key: str | None, words: tuple[str, ...], search: str, today: date) -> tuple[Tried, ...]:
    """What each of the words, and `search`, finds now, and if the group `key` (None for a new one) had these words.

    At most 26 searches. Nothing is saved.
    """
    index = current_index()
    groups = groups_of(db.session.connection())
    changed = [replace(group, words=words) if group.key == key else group for group in groups]
    if key is None:
        changed.append(WordGroup("", words, 0, ours=False))
    other = index.with_synonyms(synonyms_of(changed))
    asked = list(dict.fromkeys(filter(None, (search.strip(), *words))))[:MOST_TRIED]
    return tuple(Tried(each, _count(index, each, today), _count(other, each, today)) for each in asked)


def _count(index: RegisterIndex, words: str, today: date) -> int:
    found = index.search(Query(words=words, filters=APPROVED, limit=1, facets=()), today)
    return 0 if found.corrected else found.total  # what another spelling finds is not what these words find


def _has(group: WordGroup, wanted: str) -> bool:
    return any(wanted in " ".join(all_words(each)) for each in (*group.words, *group.given))


def _rows() -> Select[tuple[AuditRow, str | None]]:
    return (
        select(AuditRow, Scheme.title)
        .outerjoin(Scheme, Scheme.id == AuditRow.scheme_id)
        .where(AuditRow.subject == SearchWords.__tablename__)
        .order_by(AuditRow.id.desc())
        .limit(MOST_CHANGES)
    )


def _changes(rows: Select[tuple[AuditRow, str | None]], names: bool) -> tuple[WordChange, ...]:
    return tuple(_change(row, scheme or "", names) for row, scheme in db.session.execute(rows))


def _change(row: AuditRow, scheme: str, names: bool) -> WordChange:
    detail: Mapping[str, list[str]] = row.detail or {}
    who = f"{row.actor_name}, {scheme}" if names and row.actor_name else scheme
    return WordChange(
        row.at, who, words_for(row.action), tuple(detail.get("before") or ()), tuple(detail.get("after") or ())
    )
