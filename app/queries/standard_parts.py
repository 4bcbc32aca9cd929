"""One branch or one criterion of a published edition, at its own address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from app.domain.applicability import Asked
from app.domain.editions import order_of
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Extent, Framework, MapsTo, Node
from app.domain.wording import Text
from app.extensions import db
from app.frameworks.in_words import InWords
from app.models import FrameworkEdition
from app.queries.frameworks import framework_of
from app.queries.standards import MOST_OF_ONE, MOST_WHOLE, Edition, Part, asked_of, part_of

MOST_NEAR = 5


class NoSuchPart(NotFound):
    """The edition has no such code. `near` are codes that may have been meant, with their titles."""

    def __init__(self, edition: Edition, code: str, near: tuple[tuple[str, Text], ...]) -> None:
        super().__init__(f"{edition.framework.title} {edition.framework.edition} has nothing with the code {code}.")
        self.edition, self.code, self.near = edition, code, near


@dataclass(frozen=True)
class Earlier:
    """A code that it had before. `known` tells whether the edition before is published here and has that code."""

    code: str
    known: bool


@dataclass(frozen=True)
class Mapped:
    """A link to another framework. `title` and `edition` are empty where that framework, or the code in it, is not here."""

    framework: str
    code: str
    full: bool
    name: str = ""
    edition: str = ""
    title: Text | None = None


@dataclass(frozen=True)
class NodePage:
    """A branch: those below it, its own criteria, and where all of it is few enough, everything below it."""

    edition: Edition
    node: Node
    above: tuple[Node, ...]
    part: Part
    whole: bool
    asked: Mapping[str, Asked]
    filtered: bool
    previous: Node | None
    next: Node | None
    was: tuple[Earlier, ...]


@dataclass(frozen=True)
class CriterionPage:
    """A criterion with all that its framework says about it. `who`, `counts` and `lighter` are sentences."""

    edition: Edition
    criterion: Criterion
    above: tuple[Node, ...]
    who: str
    counts: tuple[str, ...]
    lighter: str
    scale_rules: tuple[str, ...]
    evidence: tuple[str, ...]
    maps: tuple[Mapped, ...]
    was: tuple[Earlier, ...]
    position: int
    total: int
    previous: Criterion | None
    next: Criterion | None


@dataclass(frozen=True)
class _Places:
    """Where everything of a framework stands: nodes with the path above them, criteria with their place in reading order."""

    nodes: Mapping[str, tuple[Node, ...]]
    criteria: Mapping[str, int]

    @property
    def codes(self) -> list[str]:
        return [*self.nodes, *self.criteria]

    def __contains__(self, code: str) -> bool:
        return code in self.nodes or code in self.criteria


@lru_cache(maxsize=64)
def _places(framework: Framework) -> _Places:
    nodes: dict[str, tuple[Node, ...]] = {}

    def go_down(node: Node, above: tuple[Node, ...]) -> None:
        nodes[node.code] = (*above, node)
        for child in node.children:
            go_down(child, (*above, node))

    for root in framework.roots:
        go_down(root, ())
    return _Places(nodes, {criterion.code: place for place, criterion in enumerate(framework.criteria)})


def page_of_part(edition: Edition, part: str, facts: Mapping[str, Any], target: str | None) -> NodePage | CriterionPage:
    """The page of a branch or a criterion. No statement, or one where it maps to other frameworks.

    Raises NoSuchPart, and Invalid for a fact of the wrong kind.
    """
    places = _places(edition.framework)
    if part in places.criteria:
        return _criterion_page(edition, part, places.criteria[part])
    if part in places.nodes:
        return _node_page(edition, places.nodes[part], asked_of(edition.framework, facts, target))
    raise NoSuchPart(edition, part, _near(edition.framework, places, part))


def spelt(edition: Edition, part: str) -> str | None:
    """The code that is meant by `part` in other letters, such as gov.1 for GOV.1; None where there is none, or several."""
    found = [code for code in _places(edition.framework).codes if code.lower() == part.lower()]
    return found[0] if len(found) == 1 else None


def _near(framework: Framework, places: _Places, part: str) -> tuple[tuple[str, Text], ...]:
    """Codes that may have been meant: what had this code in an earlier edition, then what is spelt like it."""
    renamed = [node.code for node in framework.nodes if part in node.was]
    renamed += [criterion.code for criterion in framework.criteria if part in criterion.was]
    by_lower = {code.lower(): code for code in places.codes}
    alike = [by_lower[found] for found in get_close_matches(part.lower(), by_lower, MOST_NEAR, 0.7)]
    codes = list(dict.fromkeys([*renamed, *alike]))[:MOST_NEAR]
    return tuple((code, _title(framework, places, code)) for code in codes)


def _title(framework: Framework, places: _Places, code: str) -> Text:
    if code in places.nodes:
        return places.nodes[code][-1].title
    return framework.criterion(code).heading


def _node_page(head: Edition, path: tuple[Node, ...], answered: tuple[dict[str, Asked], bool]) -> NodePage:
    node = path[-1]
    asked, filtered = answered
    siblings = path[-2].children if len(path) > 1 else head.framework.roots
    here = next(place for place, each in enumerate(siblings) if each is node)
    return NodePage(
        edition=head,
        node=node,
        above=path[:-1],
        part=part_of(node, asked, 1),
        whole=len(node.all_criteria) <= MOST_WHOLE,
        asked=asked,
        filtered=filtered,
        previous=siblings[here - 1] if here else None,
        next=siblings[here + 1] if here + 1 < len(siblings) else None,
        was=_earlier(node.was, head.earlier),
    )


def _criterion_page(head: Edition, code: str, place: int) -> CriterionPage:
    framework = head.framework
    every, criterion = framework.criteria, framework.criteria[place]
    words = InWords(framework)
    return CriterionPage(
        edition=head,
        criterion=criterion,
        above=framework.node_of(code),
        who=words.asked(criterion),
        counts=tuple(words.counts(criterion)),
        lighter=words.lighter(criterion),
        scale_rules=tuple(words.scale_rules(criterion.scale)),
        evidence=tuple(words.evidence(ask) for ask in criterion.evidence),
        maps=_mapped(criterion.maps_to),
        was=_earlier(criterion.was, head.earlier),
        position=place + 1,
        total=len(every),
        previous=every[place - 1] if place else None,
        next=every[place + 1] if place + 1 < len(every) else None,
    )


def _earlier(codes: Sequence[str], before: Framework | None) -> tuple[Earlier, ...]:
    return tuple(Earlier(code, before is not None and code in _places(before)) for code in codes)


def _mapped(links: Sequence[MapsTo]) -> tuple[Mapped, ...]:
    """Each link with the edition that it leads to: the highest that takes applications, or else the highest."""
    if not links:
        return ()
    found = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.code.in_({link.framework for link in links}))
        .order_by(FrameworkEdition.id.desc())
        .limit(MOST_OF_ONE)
    ).all()
    best: dict[str, FrameworkEdition] = {}
    for each in sorted(found, key=lambda edition: (edition.open, order_of(edition.edition))):
        best[each.code] = each
    return tuple(_link(link, best.get(link.framework)) for link in links)


def _link(link: MapsTo, edition: FrameworkEdition | None) -> Mapped:
    full = link.extent is Extent.FULL
    if edition is None:
        return Mapped(link.framework, link.code, full)
    framework = framework_of(edition)
    places = _places(framework)
    name = f"{framework.title} {framework.edition}"
    if link.code not in places:
        return Mapped(link.framework, link.code, full, name)
    title = _title(framework, places, link.code)
    return Mapped(link.framework, link.code, full, name, edition.edition, title)
