"""What one person watches and has published, for pages that are asked as everybody."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from app.backends.id_sets import packed
from app.domain.needs import NeedStatus
from app.domain.watching import Pace
from app.models import MailWatch, Need, NeedAnswer, NeedFacet, RegisterEntry, SavedSearch, User, Watch, WatchFeed
from tests import factories as make
from tests.conftest import NOON


@dataclass(frozen=True)
class Watched:
    """The ids of one person's things. `secret` ends the messages of somebody without an account."""

    watch_id: int
    search_id: int
    feed_id: int
    need_id: int
    secret: str


def watched(entry: RegisterEntry, by: User) -> Watched:
    made = {"created_at": NOON, "created_by_id": by.id}
    watch = make.save(Watch(owner_id=by.id, entry_id=entry.id, hears=["suspension", "withdrawal"], **made))
    secret = f"secret-{entry.id}"
    make.save(MailWatch(email=f"{secret}@example.org", secret=secret, entry_id=entry.id, confirmed_at=NOON))
    hashed = sha256(f"feed-{entry.id}".encode()).hexdigest()
    feed = make.save(WatchFeed(owner_id=by.id, token_hash=hashed, made_at=NOON, made_by_id=by.id))
    asked = need(by, **made)
    make.save(
        NeedAnswer(
            need_id=asked.id,
            organisation_id=entry.organisation_id,
            entry_id=entry.id,
            people=12,
            from_on=NOON.date().replace(month=12),
            answered_at=NOON,
            changed_at=NOON,
            by_id=by.id,
        )
    )
    return Watched(watch.id, saved_search(by, **made).id, feed.id, asked.id, secret)


def saved_search(by: User, **made: object) -> SavedSearch:
    days = {"seen_on": NOON.date(), "told_on": NOON.date(), "looked_at": NOON}
    asks = {"words": "", "filters": {"service": ["befriending"]}, "near": None}
    values = {"name": "Befriending", "query": "service=befriending", "asks": asks, "matched": packed([]), "total": 0}
    made = made or {"created_at": NOON, "created_by_id": by.id}
    return make.save(SavedSearch(owner_id=by.id, seen_revision=-1, pace=Pace.DAILY, **values, **days, **made))


def need(by: User, **values: object) -> Need:
    """Published, for befriending in Lancaster, open for answers for a month."""
    defaults: dict[str, object] = {
        "organisation": "Lancashire and South Cumbria Integrated Care Board",
        "title": "Befriending in Lancaster",
        "services": ["befriending"],
        "areas": ["E07000121"],
        "people": 40,
        "words": "Visits for people who live alone.",
        "answer_by": NOON.date().replace(month=12),
        "contact_name": "Commissioning team",
        "contact_email": "commissioning@example.org",
        "status": NeedStatus.PUBLISHED,
        "status_at": NOON,
        "published_at": NOON,
        "created_at": NOON,
        "updated_at": NOON,
        "created_by_id": by.id,
    }
    found = make.save(Need(owner_id=by.id, **{**defaults, **values}))
    for kind, codes in (("service", found.services), ("area", found.areas)):
        for code in codes:
            make.save(NeedFacet(need_id=found.id, kind=kind, code=code))
    return found
