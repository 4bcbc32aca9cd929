"""What RFC 4287 and RFC 5005 ask of an Atom document, checked by hand: `mistakes(text)` names what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")  # RFC 3339, T and Z in capitals
TAG = re.compile(r"tag:[a-z0-9.@-]+,\d{4}(-\d\d(-\d\d)?)?:[!-~]+")  # RFC 4151
ONCE = ("id", "title", "updated")
AT_MOST_ONCE = ("subtitle", "generator", "rights", "published", "summary", "content", "logo", "icon")
IN_FEED = frozenset(
    "author category contributor generator icon id link logo rights subtitle title updated entry".split()
)
IN_ENTRY = frozenset(
    "author category content contributor id link published rights source summary title updated".split()
)


def mistakes(text: bytes | str) -> list[str]:
    """Every mistake in the feed document, with where it stands."""
    root = Xml.fromstring(text)  # our own feed
    if root.tag != f"{ATOM}feed":
        return [f"The root is {root.tag}."]
    entries = root.findall(f"{ATOM}entry")
    found = [*_element(root, "feed", IN_FEED), *_history(root)]
    for entry in entries:
        where = f"entry {entry.findtext(f'{ATOM}title')!r}"
        found += _element(entry, where, IN_ENTRY)
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            found.append(f"{where}: no author (4.1.2)")
        if entry.find(f"{ATOM}content") is None and not _links(entry, "alternate"):
            found.append(f"{where}: neither content nor an alternate link (4.1.2)")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    found += [f"{each} stands twice (4.1.1)" for each in sorted({each for each in ids if ids.count(each) > 1})]
    newest = max((entry.findtext(f"{ATOM}updated") for entry in entries), default=None)
    if newest and root.findtext(f"{ATOM}updated") < newest:
        found.append("The feed is older than its newest entry.")
    return found


def _element(element: Xml.Element, where: str, known: frozenset[str]) -> Iterator[str]:
    for name in ONCE:
        if len(element.findall(ATOM + name)) != 1:
            yield f"{where}: {name} must stand exactly once"
    for name in AT_MOST_ONCE:
        if len(element.findall(ATOM + name)) > 1:
            yield f"{where}: {name} stands more than once"
    for child in element:
        if child.tag.startswith(ATOM) and child.tag.removeprefix(ATOM) not in known:
            yield f"{where}: {child.tag.removeprefix(ATOM)} has no place here"
    if not TAG.fullmatch(element.findtext(f"{ATOM}id") or ""):
        yield f"{where}: the id {element.findtext(f'{ATOM}id')!r} is no tag address"
    for name in ("updated", "published"):
        for moment in element.findall(ATOM + name):
            if not MOMENT.fullmatch(moment.text or ""):
                yield f"{where}: {name} is {moment.text!r} (3.3)"
    for author in element.findall(f"{ATOM}author"):
        if not (author.findtext(f"{ATOM}name") or "").strip() or len(author) != 1:
            yield f"{where}: an author is a name and here nothing more"
    alternates = [(link.get("type"), link.get("hreflang")) for link in _links(element, "alternate")]
    if len(alternates) != len(set(alternates)):
        yield f"{where}: two alternate links of one kind (4.1.1)"
    for link in element.findall(f"{ATOM}link"):
        if urlsplit(link.get("href") or "").scheme not in {"http", "https"}:
            yield f"{where}: the link {link.get('href')!r} is not whole"
    for name in ("title", "subtitle", "summary"):
        for words in element.findall(ATOM + name):
            if (
                words.get("type", "text") not in {"text", "html", "xhtml"}
                or len(words)
                or not (words.text or "").strip()
            ):
                yield f"{where}: {name} is no text (3.1)"


def _history(root: Xml.Element) -> Iterator[str]:
    """RFC 5005: an archived document names the current one, and leads to others by whole addresses, each once."""
    if len(_links(root, "self")) != 1:
        yield "feed: no self link"
    archive = root.find(f"{HISTORY}archive") is not None
    if archive != bool(_links(root, "current")):
        yield "feed: an archived document, and no other, names the current one"
    for relation in ("prev-archive", "next-archive", "current"):
        if len(_links(root, relation)) > 1:
            yield f"feed: {relation} stands twice"


def _links(element: Xml.Element, relation: str) -> list[Xml.Element]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == relation]
