"""Everything that a framework will ask of an organisation like this, before it starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may
from app.domain.applicability import Asked, asked
from app.domain.errors import NotFound
from app.domain.framework import Fact, Framework, Level, Node
from app.domain.lifecycle import ENDED
from app.domain.profile import facts_of_profile
from app.extensions import db
from app.frameworks import load_list
from app.frameworks.clauses_in_words import gates_in_words
from app.frameworks.in_words import InWords
from app.models import Application, FrameworkEdition, Organisation
from app.queries.frameworks import framework_of, scheme_details
from app.queries.gates import levels_not_yet, not_eligible
from app.queries.organisations import facts_of, own_organisation


@dataclass(frozen=True)
class AreaCount:
    """How many criteria of one top node are asked at each level, lowest first, each with those below it."""

    code: str
    title: str
    summary: str
    by_level: tuple[int, ...]
    asked: tuple[tuple[str, tuple[Asked, ...]], ...]


@dataclass(frozen=True)
class StartPage:
    """A framework as it meets one organisation. `level` is the one looked at; `chosen` its criteria, asked or not.

    `stopped` says why it cannot apply at all. `not_yet` maps the code of a level that could not be granted to it today,
    whatever its scores, to the reason: by the day of a decision that may have changed. `gates` are sentences about what
    has to hold beside the criteria.
    """

    organisation_id: int
    organisation: str
    edition_id: int
    framework: Framework
    scheme: str
    awarding_body: str
    about: str
    levels: tuple[Level, ...]
    level: Level
    totals: tuple[int, ...]
    areas: tuple[AreaCount, ...]
    left_out: tuple[Asked, ...]
    later: int
    evidence: int
    lighter: int
    known: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    open: bool
    may_start: bool
    application_id: int | None
    stopped: tuple[str, ...]
    not_yet: Mapping[str, str]
    gates: tuple[str, ...]


def start_page(organisation_id: int, edition_id: int, level: str | None, actor: Actor, today: date) -> StartPage:
    """What one edition would ask of an organisation at a level; of the lowest where none is named.

    Raises NotFound, NotAllowed.
    """
    organisation = own_organisation(organisation_id, actor)
    edition = db.session.get(FrameworkEdition, edition_id)
    if edition is None:
        raise NotFound("There is no such framework.")
    framework, facts = framework_of(edition), facts_of(organisation)
    chosen = framework.level(level) if level else framework.levels[0]
    at_level = asked(framework, facts, chosen.code)
    applying = [each for each in at_level if each.applies]
    known, unknown = _facts(framework, organisation)
    details = scheme_details(edition.scheme)
    return StartPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        edition_id=edition.id,
        framework=framework,
        scheme=details.title,
        awarding_body=details.awarding_body,
        about=str(details.details.get("about", "")),
        levels=framework.levels,
        level=chosen,
        totals=tuple(_count(framework, organisation, each.code) for each in framework.levels),
        areas=tuple(_area(framework, organisation, root, applying) for root in framework.roots),
        left_out=tuple(each for each in at_level if not each.applies and _counts_at(framework, each, chosen)),
        later=sum(not _counts_at(framework, each, chosen) for each in at_level),
        evidence=sum(len(each.evidence) for each in applying),
        lighter=sum(bool(each.lighter_because) for each in applying),
        known=known,
        unknown=unknown,
        open=edition.open,
        may_start=may(actor, Action.START_APPLICATION, Subject(organisation_id=organisation.id)),
        application_id=open_application_id(organisation.id, edition.code),
        stopped=not_eligible(framework, organisation),
        gates=tuple(gates_in_words(InWords(framework))),
        not_yet=levels_not_yet(db.session(), edition, organisation.id, today),
    )


def _counts_at(framework: Framework, each: Asked, level: Level) -> bool:
    return framework.rank_of(each.criterion.code) <= level.rank


def _count(framework: Framework, organisation: Organisation, level: str) -> int:
    return sum(each.applies for each in asked(framework, facts_of(organisation), level))


def _area(framework: Framework, organisation: Organisation, root: Node, applying: list[Asked]) -> AreaCount:
    within = {criterion.code for criterion in root.all_criteria}
    every = [
        each for each in asked(framework, facts_of(organisation)) if each.applies and each.criterion.code in within
    ]
    ranks = [framework.rank_of(each.criterion.code) for each in every]
    groups: dict[str, tuple[Asked, ...]] = {}
    for each in applying:
        if each.criterion.code in within:
            title = str(framework.node_of(each.criterion.code)[-1].title)
            groups[title] = (*groups.get(title, ()), each)
    return AreaCount(
        code=root.code,
        title=str(root.title),
        summary=str(root.summary),
        by_level=tuple(sum(rank <= level.rank for rank in ranks) for level in framework.levels),
        asked=tuple(groups.items()),
    )


def _facts(framework: Framework, organisation: Organisation) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    """(title, value in words) of the facts that decided, and the titles of those that are not known yet."""
    facts = facts_of_profile([framework])
    values = organisation.facts
    known = tuple((str(fact.title), fact_in_words(fact, values[fact.code])) for fact in facts if _has(values, fact))
    return known, tuple(str(fact.title) for fact in facts if not _has(values, fact))


def _has(values: dict[str, object], fact: Fact) -> bool:
    return values.get(fact.code) is not None


def fact_in_words(fact: Fact, value: object) -> str:
    """A fact's value as a person would write it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return f"£{value:,}" if fact.kind == "money" else f"{value:,}"
    titles = {code: str(title) for code, title in fact.choices}
    if fact.list:
        titles |= {item.code: str(item.title) for item in load_list(fact.list)}
    if isinstance(value, list):
        return ", ".join(titles.get(str(code), str(code)) for code in value) or "None"
    return titles.get(str(value), str(value))


def open_application_id(organisation_id: int, framework_code: str) -> int | None:
    """The application that the organisation has open for a framework, in any edition."""
    return db.session.scalars(
        select(Application.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id == organisation_id,
            FrameworkEdition.code == framework_code,
            Application.status.not_in(ENDED),
        )
        .order_by(Application.id.desc())
        .limit(1)
    ).first()
