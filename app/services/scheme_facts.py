"""What a scheme establishes about a provider itself, such as a regulator's finding that is still open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid
from app.domain.framework import Fact
from app.domain.lifecycle import ENDED
from app.domain.profile import established_by_scheme
from app.domain.rules import known
from app.queries.frameworks import framework_of
from app.queries.scheme_facts import in_words
from app.services.casework import mail_leads, managed, record_on
from app.services.transactions import transaction

LONGEST = 2_000


def record_facts(application_id: int, values: Mapping[str, Any], source: str, *, actor: Actor, now: datetime) -> None:
    """Keep on the case what the scheme found out; `values` maps the codes of its facts, None for not known.

    The outcome follows at once, and so does the provider's letter: nobody is held down by what they are not told. What
    is recorded stays when the application comes back from a deferral. Recording what stands already changes nothing.
    Raises NotFound, NotAllowed, Invalid (`fact_<code>`, `source`), Conflict once the case has ended.
    """
    with transaction() as session:
        application = managed(session, application_id, actor, now.date())
        if application.status in ENDED:
            raise Conflict("This case has ended, so nothing can be recorded on it.")
        facts = established_by_scheme(framework_of(application.edition))
        kept = _checked(facts, values, source)
        before = {code: application.facts.get(code) for code in kept}
        if before == kept:
            return
        application.facts = {**application.facts, **kept}
        words = [f"{fact.title} {in_words(fact, kept[fact.code])}" for fact in facts]
        record_on(
            session,
            actor,
            "application.facts-recorded",
            application,
            application,
            now,
            before=before,
            after=kept,
            note=". ".join([*words, source.strip()]),
        )
        mail_leads(session, application, "facts_recorded", now, facts=words, source=source.strip())


def _checked(facts: tuple[Fact, ...], values: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Each fact's value as it is kept. Raises Invalid with every mistake."""
    errors: dict[str, str] = {}
    kept: dict[str, Any] = {}
    for fact in facts:
        value = values.get(fact.code)
        try:
            exact = known(fact, value)
        except Invalid as refusal:
            errors[f"fact_{fact.code}"] = refusal.message
            continue
        kept[fact.code] = exact if isinstance(exact, bool) else (None if exact is None else value)
    if not source.strip():
        errors["source"] = "Say where this is from. The provider will read it."
    elif len(source) > LONGEST:
        errors["source"] = f"Keep this under {LONGEST:,} characters."
    if errors:
        raise Invalid(errors)
    return kept
