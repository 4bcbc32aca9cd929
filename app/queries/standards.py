"""The schemes' published standards: which there are, and one of them whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import defer, joinedload

from app.domain.applicability import Asked, asked
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.extensions import db
from app.models import Award, FrameworkEdition
from app.queries.frameworks import SchemeDetails, framework_of, scheme_details

MOST_EDITIONS = 200


@dataclass(frozen=True)
class EditionRow:
    """One published edition."""

    code: str
    edition: str
    title: str
    scheme: SchemeDetails
    summary: str
    criteria: int
    levels: tuple[str, ...]
    open: bool
    awards: int


def published_editions() -> tuple[EditionRow, ...]:
    """Every edition; within its scheme those that take applications first, then the newest. Two statements."""
    editions = db.session.scalars(
        select(FrameworkEdition)
        .options(joinedload(FrameworkEdition.scheme))
        .order_by(
            FrameworkEdition.scheme_id,
            FrameworkEdition.open.desc(),
            FrameworkEdition.edition.desc(),
            FrameworkEdition.code,
        )
        .limit(MOST_EDITIONS)
    ).all()
    awards: dict[int, int] = {
        key: count
        for key, count in db.session.execute(select(Award.edition_id, func.count()).group_by(Award.edition_id))
    }
    return tuple(_edition(edition, awards.get(edition.id, 0)) for edition in editions)


def _edition(edition: FrameworkEdition, awards: int) -> EditionRow:
    framework = framework_of(edition)
    return EditionRow(
        code=edition.code,
        edition=edition.edition,
        title=edition.title,
        scheme=scheme_details(edition.scheme),
        summary=str(framework.summary),
        criteria=len(framework.criteria),
        levels=tuple(str(level.title) for level in framework.levels),
        open=edition.open,
        awards=awards,
    )


@dataclass(frozen=True)
class StandardsPage:
    """One edition as a handbook. `asked` maps a criterion's code to whether and why it is asked, given `facts`."""

    framework: Framework
    scheme: SchemeDetails
    sha256: str
    loaded_at: datetime
    asked: Mapping[str, Asked]
    filtered: bool
    counted: Mapping[str, int]


def standards_page(code: str, edition: str, facts: Mapping[str, Any], target: str | None) -> StandardsPage:
    """The whole of one edition, and what it asks of an organisation with `facts`. Raises NotFound, Invalid."""
    found = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
        .options(joinedload(FrameworkEdition.scheme), defer(FrameworkEdition.source, raiseload=False))
    ).first()
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    framework = framework_of(found)
    target = target if target in {level.code for level in framework.levels} else None
    every = {each.criterion.code: each for each in asked(framework, facts, target)}
    counted: dict[str, int] = {}
    for each in every.values():
        if each.applies:
            counted[each.criterion.level] = counted.get(each.criterion.level, 0) + 1
    return StandardsPage(
        framework=framework,
        scheme=scheme_details(found.scheme),
        sha256=found.sha256,
        loaded_at=found.loaded_at,
        asked=every,
        filtered=bool(facts) or target is not None,
        counted=counted,
    )
