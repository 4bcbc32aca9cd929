"""What changes from one edition to another, as a page: counted, sorted by kind and by part of the framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import defer

from app.domain.access import Action, Actor
from app.domain.editions import is_higher, order_of
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.extensions import db
from app.frameworks import Problem, read
from app.frameworks.diff import KIND_TITLES, Change, Kind, changes
from app.frameworks.diff.marks import Piece, marked
from app.models import FrameworkEdition
from app.queries.drafts import own_draft, problems_in
from app.queries.editions import MOST_OF_ONE, NO_SUCH, office_of
from app.queries.frameworks import framework_of
from app.queries.schemes import SchemeRow
from app.queries.ways import between

MOST_SHOWN = 2_000
"""More changes than anybody reads on one page; the command line gives them all."""


@dataclass(frozen=True)
class ChangeRow:
    """One change in its sentence. `pieces` are its words, marked, where it changes words; `language` theirs, if not English."""

    code: str
    sentence: str
    pieces: tuple[Piece, ...]
    language: str


@dataclass(frozen=True)
class ChangeGroup:
    """The changes of one kind, by the part of the framework that they belong to."""

    kind: Kind
    title: str
    count: int
    parts: tuple[tuple[str, tuple[ChangeRow, ...]], ...]


@dataclass(frozen=True)
class Comparison:
    """Two editions side by side. `groups` leave out the edition's own name, which always differs."""

    title: str
    code: str
    old: str
    new: str
    count: int
    shown: int
    groups: tuple[ChangeGroup, ...]


@dataclass(frozen=True)
class EditionChoice:
    """A published edition that can be compared with."""

    edition_id: int
    edition: str


@dataclass(frozen=True)
class ComparePage:
    """A comparison for a scheme's office. `comparison` is None while a draft's `problems` keep it from being read.

    One of `draft_id` and `edition_id` is that of the newer side; `others` are what it can be compared with.
    """

    scheme: SchemeRow
    name: str
    draft_id: int | None
    edition_id: int | None
    since: EditionChoice | None
    others: tuple[EditionChoice, ...]
    comparison: Comparison | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class PublicChanges:
    """What changed in a published edition since an earlier one; `others` are the earlier ones, the highest first."""

    title: str
    code: str
    edition: str
    since: str | None
    others: tuple[str, ...]
    comparison: Comparison | None


def compare_draft(draft_id: int, since_id: int | None, actor: Actor) -> ComparePage:
    """A draft against a published edition of its framework: the highest, unless `since_id` names one.

    Raises NotFound, NotAllowed.
    """
    draft, scheme = own_draft(draft_id, actor, Action.FRAMEWORKS_SEE)
    editions = _editions(draft.code)
    since = _chosen(editions, since_id)
    problems = problems_in(draft.source)
    comparison = None
    if since is not None and not problems:
        comparison = compared(since, read(draft.source, "draft.yaml"))
    name = " ".join(part for part in (draft.title or draft.code, draft.edition) if part) or "Untitled draft"
    return ComparePage(
        scheme, name, draft.id, None, _choice(since), tuple(map(_as_choice, editions)), comparison, problems
    )


def compare_editions(edition_id: int, since_id: int | None, actor: Actor) -> ComparePage:
    """A published edition against another one: the one before it, unless `since_id` names one. Raises NotFound, NotAllowed."""
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound(NO_SUCH)
    scheme = office_of(edition.scheme, actor, Action.FRAMEWORKS_SEE)
    others = [each for each in _editions(edition.code) if each.id != edition.id]
    before = [each for each in others if is_higher(edition.edition, each.edition)]
    since = _chosen(others, since_id) if since_id is not None else (before[0] if before else None)
    comparison = compared(since, framework_of(edition)) if since else None
    name = f"{edition.title} {edition.edition}"
    return ComparePage(scheme, name, None, edition.id, _choice(since), tuple(map(_as_choice, others)), comparison)


def public_changes(code: str, edition: str, since: str | None) -> PublicChanges:
    """What changed in a published edition since an earlier one: the one right before, unless `since` names it.

    Raises NotFound.
    """
    editions = _editions(code)
    found = next((each for each in editions if each.edition == edition), None)
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    earlier = [each for each in editions if is_higher(edition, each.edition)]
    old = next((each for each in earlier if since in {None, each.edition}), None)
    if old is None and since:
        raise NotFound("There is no such earlier edition. See the list of standards.")
    return PublicChanges(
        title=found.title,
        code=code,
        edition=edition,
        since=old.edition if old else None,
        others=tuple(each.edition for each in earlier),
        comparison=compared(old, framework_of(found)) if old else None,
    )


def compared(old: FrameworkEdition, new: Framework) -> Comparison:
    """What changes from a stored edition to a framework, through the editions published between. One statement."""
    return _compared(framework_of(old), tuple(between(db.session(), old, new.edition)), new)


@lru_cache(maxsize=32)
def _compared(old: Framework, way: tuple[Framework, ...], new: Framework) -> Comparison:
    """Frameworks are one object for each text, and compare by that."""
    found = [change for change in changes(old, new, way) if change.kind is not Kind.EDITION]
    shown = found[:MOST_SHOWN]
    groups = tuple(
        group for kind in KIND_TITLES if (group := _group(kind, [each for each in shown if each.kind is kind])).count
    )
    return Comparison(str(new.title), new.code, old.edition, new.edition, len(found), len(shown), groups)


def _group(kind: Kind, found: Sequence[Change]) -> ChangeGroup:
    parts: dict[str, list[ChangeRow]] = {}
    for change in found:
        pieces = marked(change.before, change.after) if change.before or change.after else ()
        parts.setdefault(change.where, []).append(ChangeRow(change.code, change.sentence, pieces, change.language))
    return ChangeGroup(kind, KIND_TITLES[kind], len(found), tuple((part, tuple(rows)) for part, rows in parts.items()))


def _editions(code: str) -> list[FrameworkEdition]:
    """The published editions of a framework, the highest first. One statement."""
    rows = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.code == code)
        .options(defer(FrameworkEdition.source))
        .limit(MOST_OF_ONE)
    ).all()
    return sorted(rows, key=lambda row: order_of(row.edition), reverse=True)


def _chosen(editions: Sequence[FrameworkEdition], edition_id: int | None) -> FrameworkEdition | None:
    """The edition of that id, the first where none is named. Raises NotFound."""
    if edition_id is None:
        return editions[0] if editions else None
    found = next((each for each in editions if each.id == edition_id), None)
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _as_choice(edition: FrameworkEdition) -> EditionChoice:
    return EditionChoice(edition.id, edition.edition)


def _choice(edition: FrameworkEdition | None) -> EditionChoice | None:
    return _as_choice(edition) if edition is not None else None
