"""The register as Open Referral reads it: services, organisations, taxonomies, page by page.

A service is one kind of service of one entry. They are listed kind by kind, and within each in the order of the entries'
ids, so that any page is cut out of the index's answers and read by its ids: the cost of a page does not grow with its
number, and no statement reads more than the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from threading import Lock

from sqlalchemy import Select, func, literal_column, select
from sqlalchemy.orm import aliased

from app.backends.searching import Near, Query
from app.domain.errors import Invalid
from app.domain.lifecycle import LEFT_OUT, AwardStatus
from app.extensions import db
from app.models import FrameworkEdition, RegisterChange, RegisterEntry, Scheme
from app.queries.frameworks import framework_of
from app.queries.lists import CLIENT_GROUPS, SERVICES, items, titles
from app.queries.register_documents import SHOWN
from app.queries.register_index import current_index
from app.queries.register_published import Published, published_by_id
from app.queries.register_rows import ENDED, STANDING

MOST_CHANGED = 20_000
"""Entries changed since a moment, beyond which one reads the whole list instead."""
MOST_OF_ONE = 50
MOST_EDITIONS = 200


@dataclass(frozen=True)
class Wanted:
    """Which services are looked for. Every condition has to hold.

    `filters` are those of the index beside "service"; `services` are the kinds, None for all. `never` stands for a
    condition on what the register does not hold: nothing fits it.
    """

    words: str = ""
    services: frozenset[str] | None = None
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    near: Near | None = None
    organisation_id: int | None = None
    modified_after: datetime | None = None
    never: bool = False


@dataclass(frozen=True)
class Service:
    """One kind of service of one entry."""

    entry: Published
    code: str


@dataclass(frozen=True)
class Term:
    """One term of a taxonomy. `filters` finds what bears it."""

    taxonomy: str
    code: str
    title: str
    words: str
    filters: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Taxonomy:
    """A list of codes, or the levels of a scheme."""

    code: str
    title: str
    words: str
    terms: tuple[Term, ...]


def services_page(wanted: Wanted, start: int, size: int, today: date) -> tuple[int, tuple[Service, ...]]:
    """How many services fit, and `size` of them from `start`. Raises Invalid for `modified_after`."""
    if wanted.never:
        return 0, ()
    few = wanted.organisation_id is not None or wanted.modified_after is not None
    total, page = _among_few(wanted, start, size, today) if few else _among_all(wanted, start, size, today)
    entries = published_by_id([entry_id for entry_id, _ in page], today)
    return total, tuple(Service(entries[entry_id], code) for entry_id, code in page if entry_id in entries)


def _query(wanted: Wanted, services: frozenset[str], *, ended: bool = False) -> Query:
    status = frozenset(each.value for each in (*STANDING, *(ENDED if ended else ())))
    return Query(
        words=wanted.words,
        filters={"status": status, **wanted.filters, "service": services},
        near=wanted.near,
        facets=("service",),
        limit=0,
    )


def _kinds(wanted: Wanted) -> list[str]:
    known = list(titles(SERVICES))
    return [code for code in known if wanted.services is None or code in wanted.services]


def _among_all(wanted: Wanted, start: int, size: int, today: date) -> tuple[int, list[tuple[int, str]]]:
    """The page as pairs of entry id and kind, cut out of the kinds' lists laid end to end."""
    kinds = _kinds(wanted)
    index = current_index()
    counts = index.search(_query(wanted, frozenset(kinds)), today).facets["service"]
    page: list[tuple[int, str]] = []
    before = 0
    for code in kinds:
        count = counts.get(code, 0)
        first, last = max(start - before, 0), min(start + size - before, count)
        if first < last:
            ids = index.matching(_query(wanted, frozenset({code})), today)[first:last]
            page += [(int(entry_id), code) for entry_id in ids]
        before += count
    return before, page


def _among_few(wanted: Wanted, start: int, size: int, today: date) -> tuple[int, list[tuple[int, str]]]:
    """The same among the entries of one organisation, or those that changed, which the database names.

    What changed may have ended: then it is told as such, so that whoever keeps a copy hears of it.
    """
    ended = wanted.modified_after is not None
    chosen = frozenset(_kinds(wanted))
    fits = set(current_index().matching(_query(wanted, chosen, ended=ended), today)) if chosen else set()
    # What was entered by mistake is in no index any more; a copy of any part of the list may hold it still.
    rows = [
        (entry_id, codes)
        for entry_id, codes, status in _few(wanted)
        if entry_id in fits or (ended and status in LEFT_OUT)
    ]
    pairs = [(entry_id, code) for code in _kinds(wanted) for entry_id, codes in rows if code in codes]
    return len(pairs), pairs[start : start + size]


def _few(wanted: Wanted) -> list[tuple[int, Sequence[str], AwardStatus]]:
    query = select(RegisterEntry.id, RegisterEntry.services, RegisterEntry.status).order_by(RegisterEntry.id)
    if wanted.organisation_id is not None:
        query = query.where(RegisterEntry.organisation_id == wanted.organisation_id)
    if wanted.modified_after is not None:
        query = query.where(RegisterEntry.updated_at >= wanted.modified_after)
    rows = db.session.execute(query.limit(MOST_CHANGED + 1)).all()
    if len(rows) > MOST_CHANGED:
        sentence = (
            f"More than {MOST_CHANGED} providers changed since then. Read the whole list, without modified_after."
        )
        raise Invalid({"modified_after": sentence})
    return [(entry_id, services, status) for entry_id, services, status in rows]


def service_of(entry_id: int, today: date) -> Published | None:
    """The entry that a service belongs to, whether its approval stands or not."""
    return published_by_id([entry_id], today).get(entry_id)


class _Counted:
    """How many organisations the register holds, counted again when it has changed."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.state: tuple[object, ...] = ()
        self.count = 0


_counted = _Counted()


def organisations_page(start: int, size: int, today: date) -> tuple[int, tuple[tuple[Published, ...], ...]]:
    """How many organisations there are, and the entries of each of `size` of them from `start`, in the order of their ids.

    The statement walks an index of organisations alone; it is counted anew only when the register has changed.
    """
    ids = db.session.scalars(
        select(RegisterEntry.organisation_id)
        .where(RegisterEntry.organisation_id.not_in(_only_mistakes()))
        .group_by(RegisterEntry.organisation_id)
        .order_by(RegisterEntry.organisation_id)
        .offset(start)
        .limit(size)
    ).all()
    found = _entries_of(ids, today)
    return _count(), tuple(found[each] for each in ids if each in found)


def _only_mistakes() -> Select[tuple[int]]:
    """Organisations that are on the register by mistake alone: few, and found by an index of such entries."""
    mistake, other = aliased(RegisterEntry), aliased(RegisterEntry)
    void = literal_column("'void'")
    stands = select(other.id).where(other.organisation_id == mistake.organisation_id, other.status != void)
    return select(mistake.organisation_id).where(mistake.status == void, ~stands.exists())


def _count() -> int:
    newest, changed = db.session.execute(
        select(  # two looks at the end of an index: counting the entries would walk all of them
            select(func.max(RegisterEntry.revision)).scalar_subquery(),
            select(func.max(RegisterChange.id)).scalar_subquery(),
        )
    ).one()
    state = (str(db.engine.url), newest, changed)
    with _counted.lock:
        if state != _counted.state:
            each = RegisterEntry.organisation_id
            counted = select(func.count(each.distinct())).where(each.not_in(_only_mistakes()))
            _counted.count = db.session.scalar(counted) or 0
            _counted.state = state
        return _counted.count


def organisation_entries(organisation_id: int, today: date) -> tuple[Published, ...]:
    """The entries of one organisation, the newest first; () where it has none."""
    return _entries_of([organisation_id], today).get(organisation_id, ())


def _entries_of(organisations: Sequence[int], today: date) -> dict[int, tuple[Published, ...]]:
    ids = db.session.scalars(
        select(RegisterEntry.id)
        .where(RegisterEntry.organisation_id.in_(list(organisations)), SHOWN)
        .order_by(RegisterEntry.revision.desc())
        .limit(len(organisations) * MOST_OF_ONE)
    ).all()
    entries = published_by_id(ids, today)
    found: dict[int, tuple[Published, ...]] = {}
    for entry_id in ids:
        entry = entries[entry_id]
        found[entry.organisation_id] = (*found.get(entry.organisation_id, ()), entry)
    return found


def taxonomies(today: date) -> tuple[Taxonomy, ...]:
    """The kinds of service, whom they are for, and the levels of every scheme."""
    kinds = _listed(SERVICES, "service", "Kinds of service", "What a provider may offer, in the register’s own list.")
    groups = _listed(CLIENT_GROUPS, "group", "Who a service is for", "Groups of people, in the register’s own list.")
    return (kinds, groups, *_schemes(today))


def _listed(name: str, facet: str, title: str, words: str) -> Taxonomy:
    terms = tuple(
        Term(name, item.code, str(item.title), _also(item.title, item.also), {facet: frozenset({item.code})})
        for item in items(name)
    )
    return Taxonomy(name, title, words, terms)


def _also(title: object, also: Sequence[str]) -> str:
    return f"{title}. Also: {', '.join(also)}." if also else f"{title}."


def _schemes(today: date) -> tuple[Taxonomy, ...]:
    """Each scheme with its levels: those of its editions, and any that somebody still holds."""
    index = current_index()
    named = _level_titles()
    found = []
    for scheme in db.session.scalars(select(Scheme).order_by(Scheme.id)):
        held = index.search(
            Query(filters={"scheme": frozenset({scheme.code})}, facets=("level",), limit=0), today
        ).facets.get("level", {})
        levels = {**dict.fromkeys((code for code, count in held.items() if count), ""), **named.get(scheme.id, {})}
        found.append(_scheme(scheme, levels))
    return tuple(found)


def _scheme(scheme: Scheme, levels: Mapping[str, str]) -> Taxonomy:
    taxonomy = f"scheme:{scheme.code}"
    body = str(scheme.details.get("awarding_body") or scheme.title)
    terms = tuple(
        Term(
            taxonomy,
            code,
            title or code.replace("-", " ").capitalize(),
            f"The level “{title or code}” of {scheme.title}, awarded by {body}.",
            {"scheme": frozenset({scheme.code}), "level": frozenset({code})},
        )
        for code, title in levels.items()
    )
    return Taxonomy(taxonomy, scheme.title, f"The levels of {scheme.title}, awarded by {body}.", terms)


def _level_titles() -> dict[int, dict[str, str]]:
    """The levels of each scheme's editions by code, by the scheme's id; the newest edition's words count."""
    found: dict[int, dict[str, str]] = {}
    for edition in db.session.scalars(select(FrameworkEdition).order_by(FrameworkEdition.id).limit(MOST_EDITIONS)):
        levels = {level.code: str(level.title) for level in framework_of(edition).levels}
        found.setdefault(edition.scheme_id, {}).update(levels)
    return found


def both(wanted: Wanted, filters: Mapping[str, frozenset[str]]) -> Wanted:
    """`wanted` with further filters, all of which have to hold."""
    services = wanted.services
    if "service" in filters:
        services = filters["service"] if services is None else services & filters["service"]
    others = {facet: codes for facet, codes in filters.items() if facet != "service"}
    joined = {**wanted.filters, **{facet: wanted.filters.get(facet, codes) & codes for facet, codes in others.items()}}
    never = wanted.never or any(not codes for codes in joined.values()) or (services is not None and not services)
    return replace(wanted, services=services, filters=joined, never=never)
