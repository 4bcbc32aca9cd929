"""The draft of the flagship's next edition, which the demonstration's managers are writing."""

from __future__ import annotations

import re
from datetime import date

from app.demo.clock import Story, at, days
from app.demo.editions import FRAMEWORK, NOW
from app.demo.stage import Stage
from app.extensions import db
from app.models import FrameworkDraft
from app.services import drafts

BEGUN, SAVED = 12, 3  # days ago
LAST_CRITERION = "QUA.4.4"
ADDED = """\
          - code: QUA.4.5
            title: Ready for heat, cold and floods
            text: >-
              The organisation knows who of the people it supports is most at risk in extreme weather, and what it does
              for them when a warning is given.
            why: Most deaths in a heatwave are of people who live alone and whom nobody called.
            guidance: >-
              Keep a list of who to call first, and try it out once a year. In place means a list that is right today
              and a note of what was done at the last warning.
            scale: fulfilment
            level: silver
            evidence:
              - {kind: document, code: weather-plan, title: Plan for extreme weather}
"""
CHANGES = (
    ("{from: 75%, is: silver}", "{from: 80%, is: silver}"),
    ("knows its three biggest effects on the environment", "knows its two biggest effects on the environment"),
)


class Lost(LookupError):
    """The shipped edition no longer holds what the draft changes."""


def next_source(source: str) -> str:
    """The copied text with what its managers want next year: a higher silver, an easier wording, one criterion more."""
    for before, after in CHANGES:
        if before not in source:
            raise Lost(before)
        source = source.replace(before, after, 1)
    last = re.search(rf"\n( +)- code: {re.escape(LAST_CRITERION)}\n(?:\1 .*\n)+", source)
    if last is None:
        raise Lost(LAST_CRITERION)
    return source[: last.end()] + ADDED + source[last.end() :]


def next_edition_story(stage: Stage, today: date) -> Story:
    """One manager copies the edition in force, another writes on it."""
    yield at(today - days(BEGUN), 14)
    edition_id, _ = stage.edition(FRAMEWORK, NOW)
    draft_id = drafts.copy_edition(edition_id, actor=stage.actor(stage.cast.manager), now=stage.now)
    yield at(today - days(SAVED), 11)
    source = db.session.get_one(FrameworkDraft, draft_id).source
    drafts.save_draft(draft_id, next_source(source), 1, actor=stage.actor(stage.cast.deputy_manager), now=stage.now)
