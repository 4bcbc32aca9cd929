"""Two organisations in which nobody can be reached who leads: a colleague asks to, and somebody from outside does."""

from __future__ import annotations

from datetime import date

from app.demo.cast import Person, Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.services import lead_decisions, lead_requests

LEAD_ILL, LEAD_GONE = "fylde-advocacy", "heysham-harbour"
ASKED, WRITTEN = 17, 4  # days ago
ILL = (
    "Our lead has been in hospital for six weeks and cannot be reached. I have written to him twice and rung his family. "
    "The panel has our case, and nobody here could answer it."
)
GONE = "The person who had the account has moved abroad. We have written to the old address, and it comes back."
PROOF = "The chair's name and telephone number are on the charity register. The office is open on weekday mornings."


def leads_stories(stage: Stage, today: date) -> list[Story]:
    """A request that the scheme may decide by now, and one whose leads still have time."""
    ill, gone = (stage.cast.provider(key) for key in (LEAD_ILL, LEAD_GONE))
    return [_take_over(stage, ill, today), _let_in(stage, gone, today)]


def _take_over(stage: Stage, provider: Provider, today: date) -> Story:
    yield at(today - days(ASKED), 9, 20)
    contributor = stage.afresh(provider.people[1])
    lead_requests.ask_to_lead(stage.organisation_ids[provider.key], ILL, actor=contributor, now=stage.now)
    yield at(today - days(2), 6, 0)
    lead_decisions.do_lead_requests(stage.now)


def _let_in(stage: Stage, provider: Provider, today: date) -> Story:
    yield at(today - days(WRITTEN), 11, 45)
    person = Person(provider.chair, f"chair@{provider.key}.example.org")
    stage.sign_up(person)
    actor = stage.actor(person)
    lead_requests.ask_to_be_let_in(provider.name, "Chair of trustees", GONE, PROOF, actor=actor, now=stage.now)
