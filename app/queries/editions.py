"""A scheme's published editions as its office sees them: their state, who published them, how much stands under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.editions import Standing, order_of
from app.domain.errors import NotFound
from app.domain.lifecycle import ENDED, AwardStatus
from app.extensions import db
from app.models import Application, Award, FrameworkEdition, Scheme, User
from app.queries.schemes import SchemeRow, office_scheme

MOST_EDITIONS = 200
MOST_OF_ONE = 2_000  # editions of one framework: more than any will ever have
NO_SUCH = "There is no such page, or it is not open to you."


class EditionState(StrEnum):
    """The life of a published edition."""

    PUBLISHED = "published"
    RETIRED = "retired"
    TO_READ = "to-read"  # published without ever taking applications


@dataclass(frozen=True)
class EditionLine:
    """A published edition. `applications` are those handed in and not ended, `awards` those that stand, today."""

    edition_id: int
    code: str
    edition: str
    title: str
    state: EditionState
    published_at: datetime
    published_by: str  # empty where a file of the installation published it
    retired_at: datetime | None
    applications: int
    awards: int

    @property
    def name(self) -> str:
        return f"{self.title} {self.edition}"


@dataclass(frozen=True)
class RetirePage:
    """An edition about to be retired or opened again. `others` are the framework's editions that take applications."""

    scheme: SchemeRow
    edition: EditionLine
    others: tuple[str, ...]


def retire_page(edition_id: int, actor: Actor, today: date) -> RetirePage:
    """An edition, and what retiring it or opening it again means. Raises NotFound, NotAllowed."""
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound(NO_SUCH)
    scheme = office_of(edition.scheme, actor, Action.FRAMEWORK_PUBLISH)
    line = edition_lines(with_ids([edition_id]), today)[0]
    standing = sorted(standing_of(db.session(), edition.code), key=lambda each: order_of(each.edition), reverse=True)
    others = tuple(each.edition for each in standing if each.open and each.edition_id != edition_id)
    return RetirePage(scheme, line, others)


def standing_of(session: Session, code: str) -> tuple[Standing, ...]:
    """Every published edition of a framework, whichever scheme published it, oldest row first."""
    rows = session.execute(
        select(FrameworkEdition.id, FrameworkEdition.scheme_id, FrameworkEdition.edition, FrameworkEdition.open)
        .where(FrameworkEdition.code == code)
        .order_by(FrameworkEdition.id)
        .limit(MOST_OF_ONE)
    )
    return tuple(Standing(*row) for row in rows)


def office_of(scheme: Scheme, actor: Actor, action: Action) -> SchemeRow:
    """The scheme, for whoever may do `action` there. Raises NotFound, NotAllowed."""
    return office_scheme(scheme.code, actor, action)


def with_ids(ids: list[int]) -> Select[tuple[int]]:
    return select(FrameworkEdition.id).where(FrameworkEdition.id.in_(ids))


def edition_lines(which: Select[tuple[int]], today: date) -> tuple[EditionLine, ...]:
    """Published editions without their text, by framework and highest first. Three statements."""
    rows = db.session.execute(
        select(
            FrameworkEdition.id,
            FrameworkEdition.code,
            FrameworkEdition.edition,
            FrameworkEdition.title,
            FrameworkEdition.open,
            FrameworkEdition.loaded_at,
            User.name,
            FrameworkEdition.retired_at,
        )
        .outerjoin(User, User.id == FrameworkEdition.published_by_id)
        .where(FrameworkEdition.id.in_(which))
        .order_by(FrameworkEdition.id.desc())
        .limit(MOST_EDITIONS)
    ).all()
    applications, awards = _counts(which, today)
    lines = [
        EditionLine(
            edition_id=id_,
            code=code,
            edition=edition,
            title=title,
            state=_state(open=open_, retired=retired_at is not None),
            published_at=at,
            published_by=by or "",
            retired_at=retired_at,
            applications=applications.get(id_, 0),
            awards=awards.get(id_, 0),
        )
        for id_, code, edition, title, open_, at, by, retired_at in rows
    ]
    lines.sort(key=lambda line: order_of(line.edition), reverse=True)
    return tuple(sorted(lines, key=lambda line: line.code))


def _counts(which: Select[tuple[int]], today: date) -> tuple[dict[int, int], dict[int, int]]:
    """How many applications go on under each edition, and how many of its awards stand. What no scheme sees is not counted."""
    applications = (
        select(Application.edition_id, func.count())
        .where(
            Application.edition_id.in_(which),
            Application.submitted_at.is_not(None),
            Application.status.not_in(ENDED),
        )
        .group_by(Application.edition_id)
    )
    over = (AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED, AwardStatus.REPLACED, AwardStatus.VOID)
    awards = (
        select(Award.edition_id, func.count())
        .where(Award.edition_id.in_(which), Award.status.not_in(over), Award.expires_on >= today)
        .group_by(Award.edition_id)
    )
    first, second = (db.session.execute(each).all() for each in (applications, awards))
    return {key: count for key, count in first}, {key: count for key, count in second}


def _state(*, open: bool, retired: bool) -> EditionState:
    if open:
        return EditionState.PUBLISHED
    return EditionState.RETIRED if retired else EditionState.TO_READ
