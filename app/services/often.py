"""Work that is done every few minutes, since somebody waits to hear of it: each piece costs a statement where nothing is new."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from app.extensions import db
from app.services.need_news import tell_providers
from app.services.search_news import run_prompt_searches
from app.services.watch_news import tell_watchers

OFTEN: tuple[tuple[str, Callable[[datetime], int]], ...] = (
    ("what happened at watched providers", tell_watchers),
    ("searches of which somebody hears at once", run_prompt_searches),
    ("needs that fit providers", tell_providers),
)
log = logging.getLogger(__name__)


def run_often(now: datetime) -> int:
    """Do each piece; what breaks off does not stop the rest and is tried again next time. Returns what they counted."""
    done = 0
    for name, work in OFTEN:
        try:
            done += work(now)
        except Exception:
            db.session.rollback()
            log.exception("Work that is done often broke off: %s", name)
    return done
