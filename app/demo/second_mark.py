"""Two providers who prepare for a second mark with what they answered for the first."""

from __future__ import annotations

from datetime import date

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.queries.proposals_page import proposals_page
from app.services import applications, proposals

SECOND, EDITION, LEVEL = "peer-quality-mark", "2026", "level-1"
WANT_IT = ("kent-estuary", "quernmore-carers")
STARTED, LOOKED_THROUGH = 15, 9  # days ago
TAKEN_AT_ONCE = 6


def second_mark_story(stage: Stage, provider: Provider, today: date) -> Story:
    """Its lead starts, and takes the first answers that are offered. The others wait, to be looked at."""
    yield at(today - days(STARTED), 13, provider.serial % 60)
    lead = stage.actor(provider.people[0])
    organisation_id, edition_id = stage.organisation_ids[provider.key], stage.edition(SECOND, EDITION)[0]
    application_id = applications.start_application(organisation_id, edition_id, LEVEL, actor=lead, now=stage.now)
    yield at(today - days(LOOKED_THROUGH), 10, provider.serial % 60)
    for row in proposals_page(application_id, lead).rows[:TAKEN_AT_ONCE]:
        chosen = proposals.Chosen(row.code, row.offer.origin)
        proposals.accept_proposal(application_id, chosen, words=True, actor=lead, now=stage.now)
