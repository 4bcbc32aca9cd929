"""Atom feeds of what the register says: all changes, one provider's, and those that somebody watches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from hashlib import sha256

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.edge.backends import places
from app.edge.session import allow, today
from app.queries import register_feed as queries
from app.queries.matching import newest_ids
from app.queries.register import check_known, no_word
from app.queries.register_feed import Change, ChangesFeed
from app.web import atom
from app.web.atom import Feed, Item
from app.web.public import bp
from app.web.public.register import address, read_address, refusal, unknown_codes
from app.web.public.register_address import Refused

REGISTER = "Touchstone register of approved providers"
A_DAY = 86_400
NEWEST = 50


@bp.get("/register/changes.atom")
@allow(Action.USE_PUBLIC_SITE)
def changes_feed() -> Response:
    """The newest changes of the whole register. Older ones are in archived pages (RFC 5005), each of which says which comes next."""
    return atom.respond(_of_all(queries.newest_changes()))


@bp.get("/register/changes/<int:number>.atom")
@allow(Action.USE_PUBLIC_SITE)
def archived_changes_feed(number: int) -> Response:
    try:
        return atom.respond(_of_all(queries.archived_changes(number)), seconds=A_DAY)
    except NotFound as error:
        return _gone(error)


@bp.get("/register/<slug>/changes.atom")
@allow(Action.USE_PUBLIC_SITE)
def entry_feed(slug: str) -> Response:
    try:
        found = queries.changes_of(slug, today())
    except NotFound as error:
        return _gone(error)
    items = tuple(_item(change) for change in found.changes)
    page = url_for("public.entry", slug=slug)
    author = items[0].author if items else REGISTER
    words = "What changed in its entry on the register of approved providers."
    return atom.respond(Feed(f"feed/entry/{slug}", found.title, page, items, author, words))


@bp.get("/watching/feed/<token>.atom")
@allow(Action.USE_PUBLIC_SITE)
def watched_feed(token: str) -> Response:
    """What a feed reader gets, which cannot sign in: the address itself is the secret."""
    try:
        found = queries.watched_changes(token, today())
    except NotFound as error:
        return _gone(error)
    items = tuple(_item(change) for change in found.changes)
    whose = f"Providers that {found.title} watches" if found.title else "Providers that you watch"
    feed = Feed("feed/watched", whose, url_for("commissioner.watching"), items, REGISTER)
    return atom.respond(feed, private=True)


@bp.get("/register/search.atom")
@allow(Action.USE_PUBLIC_SITE)
def search_feed() -> ResponseReturnValue:
    """Who fits a search, the latest approved first: an entry that is new to a reader is a provider that newly fits."""
    asked = read_address(request.args)
    idle = no_word(asked.search)
    if asked.refused or idle:
        asked.refused += [Refused(idle)] if idle else []
        return refusal(asked)
    search = replace(asked.search, page=1)
    try:
        check_known(search, today())
    except Invalid as unknown:
        return unknown_codes(asked, unknown)
    ids = newest_ids(search, places(), today(), NEWEST)
    items = tuple(
        Item(
            name=f"entry/{entry_id}",
            title=row.name,
            path=url_for("public.entry", slug=row.slug),
            updated=updated,
            published=min(datetime.combine(granted_on, time(12), UTC), updated),
            words=f"{row.level_title}, {row.scheme}. {row.standing.words}. {row.summary}",
            author=row.scheme,
        )
        for entry_id, row, updated, granted_on in queries.rows_of(ids, today())
    )
    page = address(search)
    title = f"Approved providers: {search.words}" if search.words else "Approved providers that fit a search"
    name = f"feed/search/{sha256(page.encode()).hexdigest()[:16]}"
    return atom.respond(Feed(name, title, page, items, REGISTER, "The latest approved first."))


def _of_all(found: ChangesFeed) -> Feed:
    links = [] if found.archive is None else [("current", url_for("public.changes_feed"))]
    for relation, number in (("prev-archive", found.before), ("next-archive", found.after)):
        if number is not None:
            links.append((relation, url_for("public.archived_changes_feed", number=number)))
    return Feed(
        name="feed/changes",
        title="Changes of the register of approved providers",
        path=url_for("public.register"),
        items=tuple(_item(change) for change in found.changes),
        author=REGISTER,
        subtitle="Every award, suspension, withdrawal and change of an entry, as it is published.",
        links=links,
        archive=found.archive is not None,
    )


def _item(change: Change) -> Item:
    return Item(
        name=change.name,
        title=f"{change.provider}: {change.words}",
        path=url_for("public.entry", slug=change.slug),
        updated=change.at,
        words=f"{change.words} Certificate {change.number}." if change.number else change.words,
        author=change.scheme or REGISTER,
        category=change.kind,
    )


def _gone(error: NotFound) -> Response:
    return Response(f"{error.message}\n", status=404, mimetype="text/plain")
