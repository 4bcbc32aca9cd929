"""Atom feeds (RFC 4287), whole or in pages (RFC 5005), and how a reader learns that nothing is new.

Ids are tag addresses (RFC 4151) made of the site's own name and a number that is never given twice, so that they stay
the same whatever becomes of titles and paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

from flask import Response, current_app, request

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA_TYPE = "application/atom+xml"
BEGAN = "2026"  # the year in which this product's own names begin, as a tag address must say
NOTHING_YET = datetime(2026, 1, 1, tzinfo=UTC)
PERMITTED_CONTROLS = "\t\n\r"

Xml.register_namespace("", ATOM)
Xml.register_namespace("fh", HISTORY)


@dataclass(frozen=True)
class Item:
    """One entry of a feed. `name` is the end of its id, which never changes; `path` begins at the site's address."""

    name: str
    title: str
    path: str
    updated: datetime
    words: str
    author: str
    published: datetime | None = None
    category: str = ""


@dataclass(frozen=True)
class Feed:
    """A feed. `path` is the page that it is about. `links` are (relation, path) beside those that every feed has.

    `archive` says that the document is complete and never changes.
    """

    name: str
    title: str
    path: str
    items: Sequence[Item]
    author: str
    subtitle: str = ""
    links: Sequence[tuple[str, str]] = field(default_factory=tuple)
    archive: bool = False

    @property
    def updated(self) -> datetime:
        return max((item.updated for item in self.items), default=NOTHING_YET)


def respond(feed: Feed, *, private: bool = False, seconds: int = 0) -> Response:
    """The feed as an answer; 304 without a body where the reader has it already.

    Without `seconds` nobody on the way keeps it unasked: a suspension is in the next answer, whatever stands between.
    """
    body = document(feed)
    response = Response(body, mimetype=MEDIA_TYPE)
    response.set_etag(sha256(body).hexdigest()[:32])
    response.last_modified = feed.updated
    kept = f"max-age={seconds}" if seconds else "no-cache"
    response.headers["Cache-Control"] = f"{'private' if private else 'public'}, {kept}"
    if private:
        response.headers["X-Robots-Tag"] = "noindex"
    return response.make_conditional(request)


def document(feed: Feed) -> bytes:
    """The feed as XML."""
    root = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})
    _text(root, "id", tag(feed.name))
    _text(root, "title", feed.title)
    if feed.subtitle:
        _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _moment(feed.updated))
    _author(root, feed.author)
    _link(root, "self", absolute(request.full_path.rstrip("?")), MEDIA_TYPE)
    _link(root, "alternate", absolute(feed.path), "text/html")
    for relation, path in feed.links:
        _link(root, relation, absolute(path), MEDIA_TYPE)
    _text(root, "generator", "Touchstone")
    if feed.archive:
        Xml.SubElement(root, f"{{{HISTORY}}}archive")
    for item in feed.items:
        _entry(root, item, feed.author)
    Xml.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="utf-8") + b"\n"


def tag(name: str) -> str:
    """The permanent id of the thing `name`, such as event/12."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return f"tag:{host},{BEGAN}:{name}"


def absolute(path: str) -> str:
    return str(current_app.config["BASE_URL"]) + path


def _entry(root: Xml.Element, item: Item, author: str) -> None:
    entry = Xml.SubElement(root, f"{{{ATOM}}}entry")
    _text(entry, "id", tag(item.name))
    _text(entry, "title", item.title)
    _text(entry, "updated", _moment(item.updated))
    _text(entry, "published", _moment(item.published or item.updated))
    if item.author != author:
        _author(entry, item.author)
    if item.category:
        Xml.SubElement(entry, f"{{{ATOM}}}category", {"term": item.category})
    _link(entry, "alternate", absolute(item.path), "text/html")
    summary = _text(entry, "summary", item.words)
    summary.set("type", "text")


def _author(parent: Xml.Element, name: str) -> None:
    _text(Xml.SubElement(parent, f"{{{ATOM}}}author"), "name", name)


def _link(parent: Xml.Element, relation: str, address: str, kind: str) -> None:
    Xml.SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": address, "type": kind})


def _text(parent: Xml.Element, name: str, words: str) -> Xml.Element:
    found = Xml.SubElement(parent, f"{{{ATOM}}}{name}")
    found.text = "".join(letter for letter in words if _is_permitted(letter))
    return found


def _is_permitted(letter: str) -> bool:
    """Whether XML 1.0 has the character at all: an old system may have left controls in a name."""
    return (
        letter >= " " and not "\ud800" <= letter <= "\udfff" and letter not in "\ufffe\uffff"
    ) or letter in PERMITTED_CONTROLS


def _moment(value: datetime) -> str:
    """RFC 3339, in UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
