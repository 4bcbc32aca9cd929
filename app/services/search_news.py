"""Running saved searches: what newly fits and what no longer does, each found once and told once.

A search whose register has not changed since its last run, on the same day, is not run at all. One that is run asks the
index for all that fits, a matter of bitmaps, and holds that against the set that it kept: no entry is read but those few
that are named in the message, and what the calendar alone changed (an award that ran out) is found too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.backends.asked import from_values
from app.backends.id_sets import difference, packed
from app.domain.topics import Topic, Way
from app.domain.uk_time import uk_day
from app.domain.watching import Pace, news_due
from app.extensions import db
from app.models import RegisterEntry, SavedSearch, SearchNews, Team, Watch
from app.queries.matching import matching_ids, register_revision
from app.services.owning import people_behind
from app.services.telling import tell_rather
from app.services.transactions import locked, transaction

BATCH = 200
MOST_KEPT = 200
"""Ids that one run keeps of what it found; the counts are exact whatever it found."""
MOST_NAMED = 20
NEWS_KEPT = timedelta(days=400)
REMOVED_KEPT = timedelta(days=30)


def run_searches(now: datetime, paces: Sequence[Pace] = tuple(Pace)) -> int:
    """Run what may have changed, and tell what is due. Returns how many searches found something or told something."""
    today, revision = uk_day(now), register_revision()
    done, after = 0, 0
    while ids := _due(after, paces, revision, today):
        done += sum(_run(search_id, now, today, revision) for search_id in ids)
        after = ids[-1]
    return done


def run_prompt_searches(now: datetime) -> int:
    """Those of which somebody wants to hear at once: every few minutes, where the register has changed."""
    return run_searches(now, (Pace.AT_ONCE,))


def _due(after: int, paces: Sequence[Pace], revision: int, today: date) -> list[int]:
    found = db.session.scalars(
        select(SavedSearch.id)
        .where(SavedSearch.id > after, SavedSearch.removed_at.is_(None), SavedSearch.paused.is_(False))
        .where(SavedSearch.pace.in_(paces))
        .where(or_(SavedSearch.seen_revision != revision, SavedSearch.seen_on != today))
        .order_by(SavedSearch.id)
        .limit(BATCH)
    ).all()
    db.session.rollback()
    return list(found)


def _run(search_id: int, now: datetime, today: date, revision: int) -> bool:
    """One search. What fits is found before anything is held.

    Where somebody else ran or changed it meanwhile, what was found here is not held against what they found: it may be
    the older of the two, and would be told the wrong way round. The next run sees to the rest.
    """
    asks, before = db.session.execute(
        select(SavedSearch.asks, SavedSearch.matched).where(SavedSearch.id == search_id)
    ).one()
    ids = matching_ids(from_values(asks), today)
    db.session.rollback()
    with transaction() as session:
        search = locked(session, SavedSearch, search_id)
        if (search.asks, search.matched) != (asks, before):
            return False
        current = packed(ids)
        found = difference(search.matched, current, MOST_KEPT)
        search.total, search.seen_revision, search.seen_on = len(ids), revision, today
        if found:
            search.matched = current
            session.add(
                SearchNews(
                    search_id=search.id,
                    found_at=now,
                    new_ids=list(found.new),
                    new_count=found.new_count,
                    gone_ids=list(found.gone),
                    gone_count=found.gone_count,
                )
            )
            session.flush()
        told = news_due(search.pace, search.told_on, today) and _tell(session, search, now, today)
        return bool(found) or told


@dataclass(frozen=True)
class _Found:
    """What the news that are not told yet come to."""

    new: tuple[int, ...]
    new_count: int
    gone: tuple[int, ...]
    gone_count: int


def _tell(session: Session, search: SavedSearch, now: datetime, today: date) -> bool:
    news = session.scalars(
        select(SearchNews)
        .where(SearchNews.search_id == search.id, SearchNews.told_at.is_(None))
        .order_by(SearchNews.id.desc())
        .limit(BATCH)
    ).all()
    if not news:
        return False
    for each in news:
        each.told_at = now
    search.told_on = today
    found = _gathered(search, news)
    if not found.new_count and not found.gone_count:
        return False
    team = session.get_one(Team, search.team_id).name if search.team_id else ""
    tell_rather(
        session,
        people_behind(session, search),
        "search_news",
        now,
        topic=Topic.SEARCHES,
        rather=Way.AT_ONCE if search.pace is Pace.AT_ONCE else Way.DAILY,
        search=search.name,
        team=team,
        new=_named(session, found.new),
        new_count=found.new_count,
        gone=_named(session, found.gone),
        gone_count=found.gone_count,
        path=f"/watching/searches/{search.id}",
    )
    return True


def _gathered(search: SavedSearch, news: Sequence[SearchNews]) -> _Found:
    """What is wanted of the news, each entry once, the newest first."""
    new = dict.fromkeys(entry for each in news for entry in each.new_ids) if search.on_new else {}
    gone = dict.fromkeys(entry for each in news for entry in each.gone_ids) if search.on_gone else {}
    return _Found(
        tuple(new)[:MOST_NAMED],
        sum(each.new_count for each in news) if search.on_new else 0,
        tuple(gone)[:MOST_NAMED],
        sum(each.gone_count for each in news) if search.on_gone else 0,
    )


def _named(session: Session, ids: Sequence[int]) -> list[tuple[str, str]]:
    """Name and path of these entries, in their order."""
    found = session.execute(
        select(RegisterEntry.id, RegisterEntry.name, RegisterEntry.slug).where(RegisterEntry.id.in_(ids))
    )
    by_id = {entry_id: (name, f"/register/{slug}") for entry_id, name, slug in found}
    return [by_id[each] for each in ids if each in by_id]


def forget_removed(now: datetime) -> int:
    """Take away for good what was deleted a month ago, and old news. Returns how many watches and searches went."""
    with transaction() as session:
        old = select(SavedSearch.id).where(SavedSearch.removed_at < now - REMOVED_KEPT)
        session.execute(delete(SearchNews).where(SearchNews.search_id.in_(old)))
        session.execute(delete(SearchNews).where(SearchNews.found_at < now - NEWS_KEPT))
        searches = session.execute(delete(SavedSearch).where(SavedSearch.removed_at < now - REMOVED_KEPT))
        watches = session.execute(delete(Watch).where(Watch.removed_at < now - REMOVED_KEPT))
        return int(searches.rowcount) + int(watches.rowcount)  # type: ignore[attr-defined]
