"""Changing which words mean the same to the register's search. Every worker hears of it with its next search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.search_words import stems_of
from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.same_words import check_words
from app.models import AuditRow, RegisterChange, Scheme, SearchWords
from app.queries.search_words import WordGroup, groups_of
from app.services.transactions import record, transaction

MOST_ADDED = 1_000
CHANGED_MEANWHILE = "Somebody changed this group while you were writing. What you typed is still here and is not saved."


def add_words(words: tuple[str, ...], *, actor: Actor, now: datetime) -> str:
    """Begin a group. Returns its key. Raises Invalid (`words`), NotAllowed."""
    with transaction() as session:
        scheme_id = _allowed(session, actor)
        check_group(words, groups_of(session.connection()))
        added = select(func.count(SearchWords.id)).where(SearchWords.code.is_(None))
        if (session.scalar(added) or 0) >= MOST_ADDED:
            raise Invalid(
                {"words": f"There are {MOST_ADDED:,} groups already. Change one that is switched off instead."}
            )
        row = SearchWords(words=[], version=0, changed_at=now)
        session.add(row)
        _write(session, row, (), words, "words.added", scheme_id, actor, now)
        return str(row.id)


def change_words(key: str, words: tuple[str, ...], version: int, *, actor: Actor, now: datetime) -> None:
    """Give a group other words. Raises NotFound, Invalid (`words`), Conflict where somebody was faster."""
    with transaction() as session:
        scheme_id = _allowed(session, actor)
        group, others = _group(session, key, version)
        if words != group.words:
            check_group(words, others)
            _write(session, _row(session, group, now), group.words, words, "words.changed", scheme_id, actor, now)


def switch_off(key: str, version: int, *, actor: Actor, now: datetime) -> None:
    """Make the search heed a group no more; `undo` brings it back. Raises NotFound, Conflict."""
    with transaction() as session:
        scheme_id = _allowed(session, actor)
        group, _ = _group(session, key, version)
        if group.words:
            _write(session, _row(session, group, now), group.words, (), "words.switched-off", scheme_id, actor, now)


def undo(key: str, version: int, *, actor: Actor, now: datetime) -> None:
    """Take the last change of a group back. Raises NotFound, Invalid (`words`) where another group has them now, Conflict."""
    with transaction() as session:
        scheme_id = _allowed(session, actor)
        group, others = _group(session, key, version)
        before = _before(session, group)
        if before:
            check_group(before, others)
        _write(session, _row(session, group, now), group.words, before, "words.undone", scheme_id, actor, now)


def put_back(key: str, version: int, *, actor: Actor, now: datetime) -> None:
    """Give a group the words of the list that comes with the product. Raises NotFound, Invalid (`words`), Conflict."""
    with transaction() as session:
        scheme_id = _allowed(session, actor)
        group, others = _group(session, key, version)
        if not group.listed:
            raise NotFound("This group was added here, so the list says nothing of it.")
        if group.given and group.words != group.given:
            check_group(group.given, others)
            row = _row(session, group, now)
            _write(session, row, group.words, group.given, "words.put-back", scheme_id, actor, now)


def check_group(words: tuple[str, ...], others: Iterable[WordGroup]) -> None:
    """Refuse words that the search cannot use, or that stand in one of the other groups. Raises Invalid (`words`)."""
    check_words(words)
    stems = {each: stems_of(each) for each in words}
    for each, stemmed in stems.items():
        if not stemmed:
            raise Invalid(
                {"words": f"“{each}” is left out of every search, so it can stand for nothing. Take it away."}
            )
    if len(set(stems.values())) < 2:
        raise Invalid(
            {"words": f"To the search {_listed(words)} are one word already. Write another that means the same."}
        )
    taken = {stems_of(each): (each, group) for group in others for each in group.words}
    for each, stemmed in stems.items():
        if stemmed in taken:
            theirs, group = taken[stemmed]
            same = "" if theirs.casefold() == each.casefold() else f" as “{theirs}”"
            raise Invalid(
                {
                    "words": f"“{each}” is in another group already{same}: {' = '.join(group.words)}. Change that group instead."
                }
            )


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(f"“{each}”" for each in words)


def _allowed(session: Session, actor: Actor) -> int:
    """The scheme in whose name the actor changes words: the first that they manage. All who change words take turns.

    Raises NotFound or NotAllowed for who manages none.
    """
    managed = sorted(each for each, roles in actor.schemes.items() if Role.MANAGER in roles)
    scheme_id = managed[0] if managed else next(iter(sorted(actor.schemes)), None)
    require(actor, Action.EDIT_SEARCH_WORDS, Subject(scheme_id=scheme_id))
    # Two groups must not take one word at once, and rows of register_change must be read in the order they are committed.
    session.scalars(select(Scheme.id).order_by(Scheme.id).limit(1).with_for_update()).all()
    return managed[0]


def _group(session: Session, key: str, version: int) -> tuple[WordGroup, list[WordGroup]]:
    """The group, if it is still of that version, and all others."""
    groups = groups_of(session.connection())
    group = next((each for each in groups if each.key == key), None)
    if group is None:
        raise NotFound("There is no such group of words.")
    if group.version != version:
        raise Conflict(CHANGED_MEANWHILE)
    return group, [each for each in groups if each is not group]


def _row(session: Session, group: WordGroup, now: datetime) -> SearchWords:
    """The group's row; a new one where it is the list's own and was never changed."""
    if group.row_id is not None:
        return session.get_one(SearchWords, group.row_id)
    row = SearchWords(code=group.key, words=list(group.words), version=0, changed_at=now)
    session.add(row)
    return row


def _before(session: Session, group: WordGroup) -> tuple[str, ...]:
    """What the group said before its last change."""
    last = session.scalars(
        select(AuditRow)
        .where(AuditRow.subject == SearchWords.__tablename__, AuditRow.subject_id == group.row_id)
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()
    if group.row_id is None or last is None or "before" not in last.detail:
        raise Conflict("There is no change to undo here.")
    return tuple(last.detail["before"])


def _write(
    session: Session,
    row: SearchWords,
    before: tuple[str, ...],
    words: tuple[str, ...],
    action: str,
    scheme_id: int,
    actor: Actor,
    now: datetime,
) -> None:
    """The words, what tells every search of them, and who changed them: together or not at all."""
    row.words, row.version, row.changed_at = list(words), row.version + 1, now
    session.add(RegisterChange(kind="words"))
    record(session, actor, action, row, now, scheme_id=scheme_id, before=list(before), after=list(words))
