"""The schemes' published standards: which there are, every edition of one, and one edition whole or as its tree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.applicability import Asked
from app.domain.editions import order_of
from app.domain.errors import NotFound
from app.domain.framework import Framework, Node
from app.extensions import db
from app.frameworks.in_words import InWords, languages_to_read
from app.frameworks.outcome_in_words import level_rules, outcome_in_words
from app.frameworks.terms_in_words import terms_in_words
from app.models import Award, FrameworkEdition
from app.queries.editions import EditionState
from app.queries.frameworks import SchemeDetails, asked_under, framework_of, scheme_details
from app.queries.kept import Kept, register_state

MOST_EDITIONS = 200
MOST_OF_ONE = 200
MOST_WHOLE = 150
"""Up to so many criteria an edition, or a part of one, is shown with everything on one page."""


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
    state: EditionState
    published_at: datetime
    retired_at: datetime | None
    awards: int


def published_editions() -> tuple[EditionRow, ...]:
    """Every edition; within its scheme those that take applications first, then the newest. Two statements."""
    found = db.session.scalars(
        select(FrameworkEdition)
        .options(joinedload(FrameworkEdition.scheme))
        .order_by(FrameworkEdition.scheme_id, FrameworkEdition.id)
        .limit(MOST_EDITIONS)
    ).all()
    rows = _rows(list(found))
    return tuple(
        row for _, each in groupby(rows, key=lambda row: row.scheme.scheme_id) for row in _in_force_first(each)
    )


def framework_editions(code: str) -> tuple[EditionRow, ...]:
    """Every edition of one framework, as above. Two statements. Raises NotFound where there is none."""
    found = _editions_of(code)
    if not found:
        raise NotFound(f"No standard with the code {code} is published here. See the list of standards.")
    return tuple(_in_force_first(_rows(found)))


def _in_force_first(rows: Any) -> list[EditionRow]:
    """Those that take applications first, then the highest edition."""
    highest = sorted(rows, key=lambda row: (order_of(row.edition), row.code), reverse=True)
    return sorted(highest, key=lambda row: row.state is not EditionState.PUBLISHED)


def _editions_of(code: str) -> list[FrameworkEdition]:
    return list(
        db.session.scalars(
            select(FrameworkEdition)
            .where(FrameworkEdition.code == code)
            .options(joinedload(FrameworkEdition.scheme))
            .order_by(FrameworkEdition.id.desc())
            .limit(MOST_OF_ONE)
        )
    )


_awards: Kept[dict[int, int]] = Kept(1)


def _count_awards() -> dict[int, int]:
    """By edition, in one walk over an index. Every award that is made or changed changes the register."""
    counted = db.session.execute(select(Award.edition_id, func.count()).group_by(Award.edition_id))
    return {edition_id: count for edition_id, count in counted}


def _rows(editions: list[FrameworkEdition]) -> list[EditionRow]:
    awards = _awards.get("awards", register_state(), _count_awards)
    return [_row(edition, awards.get(edition.id, 0)) for edition in editions]


def _row(edition: FrameworkEdition, awards: int) -> EditionRow:
    framework = framework_of(edition)
    return EditionRow(
        code=edition.code,
        edition=edition.edition,
        title=edition.title,
        scheme=scheme_details(edition.scheme),
        summary=str(framework.summary),
        criteria=len(framework.criteria),
        levels=tuple(str(level.title) for level in framework.levels),
        state=state_of(edition),
        published_at=edition.loaded_at,
        retired_at=edition.retired_at,
        awards=awards,
    )


def state_of(edition: FrameworkEdition) -> EditionState:
    if edition.open:
        return EditionState.PUBLISHED
    return EditionState.RETIRED if edition.retired_at else EditionState.TO_READ


@dataclass(frozen=True)
class Edition:
    """What every page of an edition shows. `newer` is the highest edition above it that takes applications, empty where
    there is none; `earlier` the next lower one. `languages` are those that one can read it in, and `by_levels` tells
    whether its criteria start to count at different levels.
    """

    framework: Framework
    scheme: SchemeDetails
    sha256: str
    published_at: datetime
    state: EditionState
    retired_at: datetime | None
    newer: str
    earlier: Framework | None
    languages: tuple[str, ...]
    by_levels: bool

    @property
    def whole(self) -> bool:
        """Whether it is small enough to be shown with everything on one page."""
        return len(self.framework.criteria) <= MOST_WHOLE


def edition_of(code: str, edition: str) -> Edition:
    """One edition with its neighbours. One statement. Raises NotFound."""
    every = sorted(_editions_of(code), key=lambda each: order_of(each.edition))
    found = next((each for each in every if each.edition == edition), None)
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    lower = [each for each in every if order_of(each.edition) < order_of(edition)]
    higher = [each for each in every if each.open and order_of(each.edition) > order_of(edition)]
    framework = framework_of(found)
    return Edition(
        framework=framework,
        scheme=scheme_details(found.scheme),
        sha256=found.sha256,
        published_at=found.loaded_at,
        state=state_of(found),
        retired_at=found.retired_at,
        newer=higher[-1].edition if higher else "",
        earlier=framework_of(lower[-1]) if lower else None,
        languages=languages_to_read(framework),
        by_levels=_by_levels(framework),
    )


@lru_cache(maxsize=64)
def _by_levels(framework: Framework) -> bool:
    return len({criterion.level for criterion in framework.criteria}) > 1


@dataclass(frozen=True)
class Part:
    """A branch with what is in it. `asked` counts the criteria that an organisation with the given facts is asked."""

    node: Node
    criteria: int
    asked: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class StandardsPage:
    """One edition. `asked` maps a criterion's code to whether and why it is asked, given facts; `counted` counts those by level.

    `levels`, by code, `outcome` and `terms` say how it is judged and awarded. `parts` are the branches two levels deep.
    """

    edition: Edition
    asked: Mapping[str, Asked]
    filtered: bool
    counted: Mapping[str, int]
    parts: tuple[Part, ...]
    levels: Mapping[str, str]
    outcome: tuple[str, ...]
    terms: tuple[str, ...]

    @property
    def framework(self) -> Framework:
        return self.edition.framework


def standards_page(edition: Edition, facts: Mapping[str, Any], target: str | None) -> StandardsPage:
    """One edition, and what it asks of an organisation with `facts`. No statement. Raises Invalid."""
    framework, words = edition.framework, InWords(edition.framework)
    asked, filtered = asked_of(framework, facts, target)
    counted: dict[str, int] = {}
    for each in asked.values():
        if each.applies:
            counted[each.criterion.level] = counted.get(each.criterion.level, 0) + 1
    return StandardsPage(
        edition=edition,
        asked=asked,
        filtered=filtered,
        counted=counted,
        parts=tuple(part_of(root, asked, 1) for root in framework.roots),
        levels={level.code: level_rules(words, level) for level in framework.levels},
        outcome=tuple(outcome_in_words(words)),
        terms=tuple(terms_in_words(words)),
    )


def asked_of(framework: Framework, facts: Mapping[str, Any], target: str | None) -> tuple[dict[str, Asked], bool]:
    """What is asked, by code, and whether anything was said about the organisation. An unknown target is none."""
    target = target if target in {level.code for level in framework.levels} else None
    every = {each.criterion.code: each for each in asked_under(framework, facts, target)}
    return every, bool(facts) or target is not None


def part_of(node: Node, asked: Mapping[str, Asked], depth: int) -> Part:
    """A branch with `depth` levels of branches below it."""
    criteria = node.all_criteria
    parts = tuple(part_of(child, asked, depth - 1) for child in node.children) if depth else ()
    return Part(node, len(criteria), sum(asked[each.code].applies for each in criteria), parts)


def edition_source(code: str, edition: str) -> tuple[str, str]:
    """The file of an edition as it was published, and its SHA-256. One statement. Raises NotFound."""
    found = db.session.execute(
        select(FrameworkEdition.source, FrameworkEdition.sha256).where(
            FrameworkEdition.code == code, FrameworkEdition.edition == edition
        )
    ).first()
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    return found.source, found.sha256
