"""How far what an organisation has answered once covers every other published framework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.access import Action, Actor, Subject, may
from app.domain.applicability import counting
from app.domain.coverage import Counts, Coverage, Work, coverage, walk_for
from app.domain.editions import order_of
from app.domain.framework import Framework
from app.domain.lifecycle import ENDED
from app.domain.self_assessment import BROUGHT_AS_EVIDENCE
from app.extensions import db
from app.queries.crosswalks import EditionRef, edition_ref, newest_editions, walk_among
from app.queries.frameworks import framework_of
from app.queries.given_elsewhere import Source, answered_in, sources_of
from app.queries.organisations import facts_of, own_organisation

DEEPEST = 2
"""How many levels of a framework's tree the page counts one by one."""


@dataclass(frozen=True)
class NodeRow:
    """One node at the top of a framework, or just below. `depth` is 0 at the top."""

    code: str
    title: str
    depth: int
    counts: Counts


@dataclass(frozen=True)
class CoveredRow:
    """How far one framework is covered by what was answered under others. `counts` are criteria asked of the organisation.

    `not_asked` are those that would not be asked of it. `own` counts what is answered with its evidence in an
    application under this framework itself, and `application_id` names the one that is open, if any.
    """

    edition: EditionRef
    counts: Counts
    not_asked: int
    own: int
    application_id: int | None
    nodes: tuple[NodeRow, ...]


@dataclass(frozen=True)
class CoveragePage:
    """Every published framework, the best covered first. `work` lists (edition, criteria answered with their evidence)."""

    organisation_id: int
    organisation: str
    work: tuple[tuple[str, int], ...]
    rows: tuple[CoveredRow, ...]
    may_start: bool


def coverage_page(organisation_id: int, actor: Actor) -> CoveragePage:
    """How far one organisation's evidence reaches. Five statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor)
    sources = sources_of(db.session(), organisation.id)
    work = _work(sources, answered_in(db.session(), [source.application_id for source in sources]))
    facts = facts_of(organisation)
    rows: list[CoveredRow] = []
    for edition in newest_editions(db.session()):
        framework = framework_of(edition)
        asked = frozenset(criterion.code for criterion in counting(framework, facts))
        walk = walk_among(walk_for(work, framework))
        found = coverage(walk, work, framework, asked)
        rows.append(_row(edition_ref(edition), found, asked, work, sources))
    rows.sort(key=lambda row: (-row.counts.full, -row.counts.partial, row.edition.title.lower()))
    return CoveragePage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        work=tuple((f"{each.framework.title} {each.framework.edition}", len(each.answered)) for each in work),
        rows=tuple(rows),
        may_start=may(actor, Action.START_APPLICATION, Subject(organisation_id=organisation.id)),
    )


def _work(sources: Sequence[Source], given: dict[tuple[int, str], bool]) -> tuple[Work, ...]:
    """What counts as given, edition by edition, older ones first: finished answers with evidence where any is asked for."""
    answered: dict[tuple[str, str], tuple[Framework, set[str]]] = {}
    for source in sources:
        edition = (source.framework.code, source.framework.edition)
        _, done = answered.setdefault(edition, (source.framework, set()))
        for criterion in source.framework.criteria:
            there = given.get((source.application_id, criterion.code))
            if there is None:
                continue
            owed = any(ask.kind in BROUGHT_AS_EVIDENCE for ask in criterion.evidence)
            if there or not owed:
                done.add(criterion.code)
    works = [Work(framework, frozenset(codes)) for framework, codes in answered.values() if codes]
    return tuple(sorted(works, key=lambda each: (each.framework.code, order_of(each.framework.edition))))


def _row(
    edition: EditionRef, found: Coverage, asked: frozenset[str], work: Sequence[Work], sources: Sequence[Source]
) -> CoveredRow:
    framework = found.framework
    own = [each.answered for each in work if _same(each.framework, framework)]
    mine = [source for source in sources if source.framework.code == framework.code and source.status not in ENDED]
    return CoveredRow(
        edition=edition,
        counts=found.counts,
        not_asked=len(framework.criteria) - len(asked),
        own=len(own[0] & asked) if own else 0,
        application_id=mine[0].application_id if mine else None,
        nodes=tuple(
            NodeRow(each.node.code, str(each.node.title), each.depth, each.counts)
            for each in found.nodes
            if each.depth < DEEPEST
        ),
    )


def _same(one: Framework, other: Framework) -> bool:
    return (one.code, one.edition) == (other.code, other.edition)
