"""What a scheme has established about a provider on one case, and whether more can be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.access import Action, Actor
from app.domain.framework import Fact
from app.domain.lifecycle import ENDED
from app.domain.profile import established_by_scheme
from app.queries.cases import CaseHead, case_head
from app.queries.frameworks import framework_of
from app.queries.schemes import office_case
from app.queries.starting import fact_in_words


@dataclass(frozen=True)
class SchemeFactsPage:
    """The facts that the framework leaves to the scheme, and what is on record of them. `open`: more can be recorded."""

    head: CaseHead
    facts: tuple[Fact, ...]
    values: Mapping[str, Any]
    open: bool


def scheme_facts_page(code: str, application_id: int, actor: Actor, today: date) -> SchemeFactsPage:
    """The facts that a manager records. Raises NotFound, NotAllowed."""
    _, application = office_case(code, application_id, actor, Action.MANAGE_CASE, today)
    facts = established_by_scheme(framework_of(application.edition))
    return SchemeFactsPage(
        head=case_head(code, application_id, actor, today, Action.MANAGE_CASE),
        facts=facts,
        values={fact.code: application.facts.get(fact.code) for fact in facts},
        open=bool(facts) and application.status not in ENDED,
    )


def in_words(fact: Fact, value: object) -> str:
    """What is on record of a fact, as a person would write it."""
    return "Not known" if value is None else fact_in_words(fact, value)
