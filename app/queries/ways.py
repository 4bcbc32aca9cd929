"""The way from one edition to a later one, and which edition an application could be carried over to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.domain.carrying import Carrying
from app.domain.editions import is_higher, order_of
from app.domain.framework import Framework
from app.extensions import db
from app.frameworks.diff.marks import Piece, marked
from app.models import Application, FrameworkEdition
from app.queries.frameworks import framework_of

MOST_EDITIONS = 200


@dataclass(frozen=True)
class NewerEdition:
    """A later edition that takes applications, to which an application can be carried over."""

    edition_id: int
    code: str
    edition: str
    name: str


def way_between(session: Session, old: FrameworkEdition, new: FrameworkEdition) -> Carrying:
    """The way from one published edition to a later one of the same framework, through those published between."""
    return along((framework_of(old), *between(session, old, new.edition), framework_of(new)))


def between(session: Session, old: FrameworkEdition, edition: str) -> Sequence[Framework]:
    """The published editions after `old` and before the one called `edition`, in their order.

    One statement, and one for each edition between whose text is not remembered.
    """
    rows = session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.code == old.code)
        .options(defer(FrameworkEdition.source))
        .limit(MOST_EDITIONS)
    ).all()
    found = [row for row in rows if is_higher(row.edition, old.edition) and is_higher(edition, row.edition)]
    return [framework_of(row) for row in sorted(found, key=lambda row: order_of(row.edition))]


@lru_cache(maxsize=32)
def along(editions: tuple[Framework, ...]) -> Carrying:
    """The way through these editions, worked out once. Frameworks are one object for each text, and compare by that."""
    return Carrying.along(editions)


def newest_after(edition: FrameworkEdition) -> NewerEdition | None:
    """The highest edition of the same framework that takes applications, if it is a later one. One statement."""
    top = newest_open({edition.code}).get(edition.code)
    return top if top is not None and is_higher(top.edition, edition.edition) else None


def newest_open(codes: set[str]) -> dict[str, NewerEdition]:
    """The highest edition of each of these frameworks that takes applications, by its code. One statement."""
    rows = db.session.execute(
        select(FrameworkEdition.id, FrameworkEdition.code, FrameworkEdition.edition, FrameworkEdition.title)
        .where(FrameworkEdition.code.in_(codes), FrameworkEdition.open.is_(True))
        .limit(MOST_EDITIONS)
    ).all()
    rising = sorted(rows, key=lambda row: order_of(row.edition))
    return {row.code: NewerEdition(row.id, row.code, row.edition, f"{row.title} {row.edition}") for row in rising}


def reworded(application: Application, code: str) -> tuple[Piece, ...]:
    """A criterion's text with the words marked that are new since the edition that the application was carried over from.

    Nothing where the text is the same, or where it was not one criterion before. Two statements.
    """
    old = db.session.scalars(
        select(FrameworkEdition)
        .join(Application, Application.edition_id == FrameworkEdition.id)
        .where(Application.id == application.carried_from_id)
    ).first()
    if old is None:
        return ()
    link = way_between(db.session(), old, application.edition).by_code[code]
    if len(link.origins) != 1:
        return ()
    before, after = str(link.origins[0].text), str(link.criterion.text)
    return marked(before, after) if before.split() != after.split() else ()
