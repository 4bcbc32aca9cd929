"""Editions side by side: which are the newest, what one says of another, and the page that shows it to anyone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Subject, may
from app.domain.crosslinks import Extent
from app.domain.crosswalk import CrossWalk, Lack, Link, Place, Unresolved, beside, links
from app.domain.editions import order_of
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.extensions import db
from app.models import FrameworkEdition
from app.queries.frameworks import SchemeDetails, framework_of, scheme_details

MOST_EDITIONS = 500
PER_PAGE = 200


@dataclass(frozen=True)
class EditionRef:
    """A published edition without its text. `open` says whether it takes applications."""

    edition_id: int
    code: str
    edition: str
    title: str
    open: bool

    @property
    def name(self) -> str:
        return f"{self.title} {self.edition}"


def newest_editions(session: Session) -> tuple[FrameworkEdition, ...]:
    """The highest edition of each framework that is not retired, by title. One statement."""
    found: dict[str, FrameworkEdition] = {}
    statement = (
        select(FrameworkEdition)
        .where(FrameworkEdition.retired_at.is_(None))
        .order_by(FrameworkEdition.title, FrameworkEdition.id.desc())
        .limit(MOST_EDITIONS)
    )
    for row in session.scalars(statement):
        known = found.get(row.code)
        if known is None or order_of(row.edition) > order_of(known.edition):
            found[row.code] = row
    return tuple(sorted(found.values(), key=lambda row: (row.title.lower(), row.code)))


def edition_ref(row: FrameworkEdition) -> EditionRef:
    """An edition's row as plain values."""
    return EditionRef(row.id, row.code, row.edition, row.title, row.open)


@lru_cache(maxsize=128)
def walk_between(one: Framework, other: Framework) -> CrossWalk:
    """What two editions say of each other. Editions never change, so it is worked out once and kept."""
    return links(sorted((one, other), key=lambda each: order_of(each.edition)))


@lru_cache(maxsize=64)
def walk_among(frameworks: tuple[Framework, ...]) -> CrossWalk:
    """What these editions say of each other; of two of one framework the older comes first."""
    return links(frameworks)


def links_into(here: Framework, code: str, there: Framework) -> tuple[Link, ...]:
    """By which criteria of `there` the criterion `code` of `here` is answered, the strongest first.

    Under the very same edition, an answer answers its own criterion.
    """
    at = Place(here.code, here.edition, code)
    if (there.code, there.edition) == (here.code, here.edition):
        return (Link(at, at, Extent.FULL),)
    return walk_between(there, here).into(at)


@dataclass(frozen=True)
class EndRow:
    """A criterion, or a whole node, as a row of the table names it."""

    code: str
    heading: str
    whole: bool


@dataclass(frozen=True)
class LinkRow:
    """Two ends that are linked. `outward` says how far the first answers the second, `inward` the other way."""

    here: EndRow
    there: EndRow
    outward: Extent
    inward: Extent


@dataclass(frozen=True)
class Beside:
    """Links with one other edition: `rows` are those shown, `total` counts all."""

    edition: EditionRef
    rows: tuple[LinkRow, ...]
    total: int


@dataclass(frozen=True)
class ElsewhereRow:
    """A link to a framework that is not published here: all that is known of its end is its code."""

    here: EndRow
    code: str
    extent: Extent


@dataclass(frozen=True)
class Elsewhere:
    """Links with a framework that is not published here, known by its code alone. As with `Beside`."""

    framework: str
    rows: tuple[ElsewhereRow, ...]
    total: int


Side = TypeVar("Side", Beside, Elsewhere)


@dataclass(frozen=True)
class CrossWalkPage:
    """What one edition has in common with each other framework, one page of it. `broken` is for the scheme's office alone."""

    framework: Framework
    scheme: SchemeDetails
    others: tuple[Beside, ...]
    elsewhere: tuple[Elsewhere, ...]
    broken: tuple[tuple[str, str], ...]
    unlinked: tuple[EditionRef, ...]
    page: int
    pages: int


def crosswalk_page(code: str, edition: str, actor: Actor, page: int | None = 1) -> CrossWalkPage:
    """One edition beside the newest edition of every other framework; all its links where `page` is None.

    Two statements. Raises NotFound.
    """
    found = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
        .options(joinedload(FrameworkEdition.scheme))
    ).first()
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    here = framework_of(found)
    others = [row for row in newest_editions(db.session()) if row.code != code]
    walk = walk_among((here, *(framework_of(row) for row in others)))
    sides = [_beside(walk, here, row) for row in others]
    lost = [each for each in walk.unresolved if each.source.of == (code, edition)]
    away = _elsewhere(here, [each for each in lost if each.lacks is Lack.FRAMEWORK])
    office = may(actor, Action.SEE_PIPELINE, Subject(scheme_id=found.scheme_id))
    total = sum(each.total for each in (*sides, *away))
    pages = max(1, -(-total // PER_PAGE))
    shown = slice(0, total) if page is None else slice((min(page, pages) - 1) * PER_PAGE, min(page, pages) * PER_PAGE)
    return CrossWalkPage(
        framework=here,
        scheme=scheme_details(found.scheme),
        others=_cut(sides, shown),
        elsewhere=_cut(away, shown, before=sum(each.total for each in sides)),
        broken=tuple(_broken(each) for each in lost if each.lacks is not Lack.FRAMEWORK) if office else (),
        unlinked=tuple(side.edition for side in sides if not side.total),
        page=min(page or 1, pages),
        pages=pages,
    )


def _cut(sides: Sequence[Side], shown: slice, before: int = 0) -> tuple[Side, ...]:
    """The sides with those of their rows that lie in `shown`, counted over all of them; `before` rows come first."""
    found: list[Side] = []
    for side in sides:
        rows = side.rows[max(0, shown.start - before) : max(0, shown.stop - before)]
        before += side.total
        if rows:
            found.append(replace(side, rows=rows))
    return tuple(found)


def _beside(walk: CrossWalk, here: Framework, other: FrameworkEdition) -> Beside:
    rows = _rows(walk, here, framework_of(other))
    return Beside(edition_ref(other), rows, len(rows))


@lru_cache(maxsize=64)
def _rows(walk: CrossWalk, here: Framework, there: Framework) -> tuple[LinkRow, ...]:
    ours, theirs = _headings(here), _headings(there)
    return tuple(
        LinkRow(_end(ours, row.here), _end(theirs, row.there), row.outward, row.inward)
        for row in beside(walk, here, there)
    )


def _headings(framework: Framework) -> dict[tuple[str, bool], str]:
    criteria = {(each.code, False): str(each.heading) for each in framework.criteria}
    return criteria | {(node.code, True): str(node.title) for node in framework.nodes}


def _end(headings: dict[tuple[str, bool], str], at: Place) -> EndRow:
    return EndRow(at.code, headings[at.code, at.whole], at.whole)


def _elsewhere(here: Framework, lost: Sequence[Unresolved]) -> tuple[Elsewhere, ...]:
    found: dict[str, list[ElsewhereRow]] = {}
    for each in lost:
        criterion = here.criterion(each.source.code)
        end = EndRow(criterion.code, str(criterion.heading), whole=False)
        found.setdefault(each.to.framework, []).append(ElsewhereRow(end, each.to.code, each.to.extent))
    return tuple(Elsewhere(framework, tuple(rows), len(rows)) for framework, rows in sorted(found.items()))


def _broken(lost: Unresolved) -> tuple[str, str]:
    if lost.lacks is Lack.ITSELF:
        return lost.source.code, f"{lost.to} is in this framework itself. A link goes to another framework."
    return lost.source.code, f"{lost.to} is neither a criterion nor a part of the edition that is published here."
