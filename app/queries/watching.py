"""What somebody watches: providers and searches, their own and their teams', and what is needed to begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import NotFound
from app.domain.watching import HEARD_WORDS, Heard
from app.extensions import db
from app.models import MailSetting, RegisterEntry, SavedSearch, Scheme, SearchNews, Team, Watch, WatchFeed
from app.queries.register_rows import Standing, standing

PAGE_SIZE = 50
MOST_SEARCHES = 100
MOST_TEAMS = 50
MOST_NEWS = 60
MOST_FOUND = 100


@dataclass(frozen=True)
class TeamRow:
    """A team of the actor's."""

    team_id: int
    name: str


@dataclass(frozen=True)
class WatchRow:
    """One provider that is watched. `team` is empty for one's own."""

    watch_id: int
    slug: str
    name: str
    level: str
    scheme: str
    standing: Standing
    expires_on: date
    hears: tuple[str, ...]
    codes: tuple[str, ...]
    way: str
    paused: bool
    removed: bool
    team: str
    team_id: int | None
    version: int


@dataclass(frozen=True)
class SearchRow:
    """One saved search. `new` and `gone` count since its owners last looked, `total` is how many fitted at the last run."""

    search_id: int
    name: str
    query: str
    total: int
    new: int
    gone: int
    pace: str
    on_new: bool
    on_gone: bool
    paused: bool
    removed: bool
    team: str
    team_id: int | None
    seen_on: date
    version: int


@dataclass(frozen=True)
class FeedRow:
    """A private address for feed readers, without its secret."""

    feed_id: int
    team: str
    team_id: int | None
    made_at: datetime


@dataclass(frozen=True)
class WatchingPage:
    """All that somebody watches: a page of providers, every search, and the private addresses."""

    watches: tuple[WatchRow, ...]
    total: int
    page: int
    pages: int
    searches: tuple[SearchRow, ...]
    feeds: tuple[FeedRow, ...]
    teams: tuple[TeamRow, ...]
    mail_comes_back: bool


@dataclass(frozen=True)
class BeginPage:
    """What somebody sees who may watch a provider. `mine` is their own watch of it, `of_teams` those of their teams."""

    slug: str
    name: str
    standing: Standing
    scheme: str
    teams: tuple[TeamRow, ...]
    mine: WatchRow | None
    of_teams: tuple[WatchRow, ...]


def watching_page(actor: Actor, today: date, page: int = 1) -> WatchingPage:
    """Six statements, whatever is watched. Raises NotFound if nobody is signed in."""
    require(actor, Action.USE_LISTS)
    teams = teams_of(actor)
    names = {team.team_id: team.name for team in teams}
    live = (_own(Watch, actor), Watch.removed_at.is_(None))
    total = db.session.scalar(select(func.count(Watch.id)).where(*live)) or 0
    pages = max(-(-total // PAGE_SIZE), 1)
    page = min(max(page, 1), pages)
    return WatchingPage(
        watches=_watches(live, names, today, page),
        total=total,
        page=page,
        pages=pages,
        searches=_searches((_own(SavedSearch, actor), SavedSearch.removed_at.is_(None)), names),
        feeds=_feeds(actor, names),
        teams=teams,
        mail_comes_back=_comes_back(actor),
    )


def begin_page(slug: str, actor: Actor, today: date) -> BeginPage:
    """The page on which a provider is watched, for anybody. Raises NotFound."""
    found = db.session.execute(
        select(RegisterEntry, Scheme.title)
        .join(Scheme, Scheme.id == RegisterEntry.scheme_id)
        .where(RegisterEntry.slug == slug)
    ).first()
    if found is None:
        raise NotFound("There is no provider at this address. Search the register for its name.")
    entry, scheme = found
    teams = teams_of(actor) if actor.signed_in else ()
    live = (_own(Watch, actor), Watch.removed_at.is_(None), Watch.entry_id == entry.id)
    rows = _watches(live, {team.team_id: team.name for team in teams}, today, 1) if actor.signed_in else ()
    return BeginPage(
        slug=slug,
        name=entry.name,
        standing=standing(entry.status, entry.status_on, entry.expires_on, today),
        scheme=scheme,
        teams=teams,
        mine=next((row for row in rows if row.team_id is None), None),
        of_teams=tuple(row for row in rows if row.team_id is not None),
    )


def one_watch(watch_id: int, actor: Actor, today: date) -> WatchRow:
    """One's own watch or one's team's, also one that was taken away. Raises NotFound."""
    owner = db.session.get(Watch, watch_id)
    if owner is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.KEEP_LIST, Subject(owner_id=owner.owner_id, team_id=owner.team_id))
    names = {team.team_id: team.name for team in teams_of(actor)}
    return _watches((Watch.id == watch_id,), names, today, 1)[0]


def teams_of(actor: Actor) -> tuple[TeamRow, ...]:
    """The actor's teams, by name; no statement for who is in none."""
    if not actor.teams:
        return ()
    found = db.session.scalars(select(Team).where(Team.id.in_(actor.teams)).order_by(Team.name).limit(MOST_TEAMS))
    return tuple(TeamRow(team.id, team.name) for team in found)


def _own(kind: type[Watch] | type[SavedSearch] | type[WatchFeed], actor: Actor) -> ColumnElement[bool]:
    return or_(kind.owner_id == actor.user_id, kind.team_id.in_(actor.teams))


def _watches(
    conditions: tuple[ColumnElement[bool], ...], teams: Mapping[int, str], today: date, page: int
) -> tuple[WatchRow, ...]:
    rows = db.session.execute(
        select(Watch, RegisterEntry, Scheme.title)
        .join(RegisterEntry, RegisterEntry.id == Watch.entry_id)
        .join(Scheme, Scheme.id == RegisterEntry.scheme_id)
        .where(*conditions)
        .order_by(func.lower(RegisterEntry.name), Watch.id)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return tuple(
        WatchRow(
            watch_id=watch.id,
            slug=entry.slug,
            name=entry.name,
            level=entry.level_title,
            scheme=scheme,
            standing=standing(entry.status, entry.status_on, entry.expires_on, today),
            expires_on=entry.expires_on,
            hears=tuple(HEARD_WORDS[Heard(code)] for code in watch.hears if code in set(Heard)),
            codes=tuple(watch.hears),
            way=watch.way.value,
            paused=watch.paused,
            removed=watch.removed_at is not None,
            team=teams.get(watch.team_id or 0, ""),
            team_id=watch.team_id,
            version=watch.version,
        )
        for watch, entry, scheme in rows
    )


def _searches(conditions: tuple[ColumnElement[bool], ...], teams: Mapping[int, str]) -> tuple[SearchRow, ...]:
    """Without the sets of ids, which may be large: only what the rows show is read."""
    since = (SearchNews.search_id == SavedSearch.id) & (SearchNews.found_at > SavedSearch.looked_at)
    counts = (
        select(
            SearchNews.search_id,
            func.sum(SearchNews.new_count).label("new"),
            func.sum(SearchNews.gone_count).label("gone"),
        )
        .join(SavedSearch, since)
        .group_by(SearchNews.search_id)
        .subquery()
    )
    kept = SavedSearch
    rows = db.session.execute(
        select(
            *(kept.id, kept.name, kept.query, kept.total, counts.c.new, counts.c.gone, kept.pace, kept.on_new),
            *(kept.on_gone, kept.paused, kept.removed_at, kept.team_id, kept.seen_on, kept.version),
        )
        .outerjoin(counts, counts.c.search_id == kept.id)
        .where(*conditions)
        .order_by(func.lower(kept.name), kept.id)
        .limit(MOST_SEARCHES)
    )
    return tuple(
        SearchRow(
            search_id=row.id,
            name=row.name,
            query=row.query,
            total=row.total,
            new=int(row.new or 0),
            gone=int(row.gone or 0),
            pace=row.pace.value,
            on_new=row.on_new,
            on_gone=row.on_gone,
            paused=row.paused,
            removed=row.removed_at is not None,
            team=teams.get(row.team_id or 0, ""),
            team_id=row.team_id,
            seen_on=row.seen_on,
            version=row.version,
        )
        for row in rows
    )


def _feeds(actor: Actor, teams: Mapping[int, str]) -> tuple[FeedRow, ...]:
    found = db.session.scalars(
        select(WatchFeed).where(_own(WatchFeed, actor), WatchFeed.ended_at.is_(None)).order_by(WatchFeed.id).limit(50)
    )
    return tuple(FeedRow(feed.id, teams.get(feed.team_id or 0, ""), feed.team_id, feed.made_at) for feed in found)


def _comes_back(actor: Actor) -> bool:
    """Whether mail to the actor is refused, so that no alert arrives."""
    bounced = select(MailSetting.user_id).where(
        MailSetting.user_id == actor.user_id, MailSetting.bounced_at.is_not(None)
    )
    return db.session.scalar(bounced) is not None


@dataclass(frozen=True)
class FoundRow:
    """One provider that a search found, or that no longer fits. `unseen` is true where its owners have not looked since."""

    slug: str
    name: str
    found_at: datetime
    gone: bool
    unseen: bool


@dataclass(frozen=True)
class SearchPage:
    """One saved search with what it found lately, the newest first."""

    row: SearchRow
    found: tuple[FoundRow, ...]


def one_search(search_id: int, actor: Actor) -> SearchPage:
    """One's own search or one's team's. Five statements. Raises NotFound."""
    owner = db.session.execute(
        select(SavedSearch.owner_id, SavedSearch.team_id, SavedSearch.looked_at).where(SavedSearch.id == search_id)
    ).first()
    if owner is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.KEEP_LIST, Subject(owner_id=owner.owner_id, team_id=owner.team_id))
    names = {team.team_id: team.name for team in teams_of(actor)}
    return SearchPage(_searches((SavedSearch.id == search_id,), names)[0], _found_lately(search_id, owner.looked_at))


def _found_lately(search_id: int, looked_at: datetime) -> tuple[FoundRow, ...]:
    news = db.session.scalars(
        select(SearchNews).where(SearchNews.search_id == search_id).order_by(SearchNews.id.desc()).limit(MOST_NEWS)
    ).all()
    told = [(entry, each.found_at, gone) for each in news for gone, ids in _both(each) for entry in ids][:MOST_FOUND]
    entries = db.session.execute(
        select(RegisterEntry.id, RegisterEntry.slug, RegisterEntry.name).where(
            RegisterEntry.id.in_({entry for entry, *_ in told})
        )
    )
    named = {entry_id: (slug, name) for entry_id, slug, name in entries}
    return tuple(
        FoundRow(*named[entry], found_at, gone, found_at > looked_at)
        for entry, found_at, gone in told
        if entry in named
    )


def _both(news: SearchNews) -> tuple[tuple[bool, list[int]], tuple[bool, list[int]]]:
    return (False, news.new_ids), (True, news.gone_ids)
