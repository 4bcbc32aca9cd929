"""The register as Open Referral reads it: services, organisations, taxonomies, page by page.

A service is one kind of service of one entry. They are listed kind by kind, and within each in the order of the entries'
ids, so that any page is cut out of the index's answers and read by its ids: the cost of a page does not grow with its
number, and no statement reads more than the page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.orm import aliased

from app.backends.searching import Near, Query
from app.domain.errors import Invalid
from app.domain.lifecycle import LEFT_OUT, AwardStatus
from app.extensions import db
from app.models import FrameworkEdition, RegisterEntry, Scheme
from app.queries.frameworks import framework_of
from app.queries.kept_parts import KeptParts
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
    few = _few(wanted)
    fits = (
        _fitting(_query(wanted, chosen, ended=ended), [entry_id for entry_id, _, _ in few], today) if chosen else set()
    )
    # What was entered by mistake is in no index any more; a copy of any part of the list may hold it still.
    rows = [(entry_id, codes) for entry_id, codes, status in few if entry_id in fits or (ended and status in LEFT_OUT)]
    pairs = [(entry_id, code) for code in _kinds(wanted) for entry_id, codes in rows if code in codes]
    return len(pairs), pairs[start : start + size]


def _fitting(query: Query, ids: Sequence[int], today: date) -> set[int]:
    """Those of the ids that the query finds, looked up among all that it finds, which are in order."""
    matching = current_index().matching(query, today)
    places = [(entry_id, bisect_left(matching, entry_id)) for entry_id in ids]
    return {entry_id for entry_id, place in places if place < len(matching) and matching[place] == entry_id}


def _few(wanted: Wanted) -> list[tuple[int, Sequence[str], AwardStatus]]:
    query = select(RegisterEntry.id, RegisterEntry.services, RegisterEntry.status)
    if wanted.modified_after is not None and wanted.organisation_id is None:
        _refuse_too_many(wanted.modified_after)
    if wanted.organisation_id is not None:
        query = query.where(RegisterEntry.organisation_id == wanted.organisation_id)
    if wanted.modified_after is not None:
        query = query.where(RegisterEntry.updated_at >= wanted.modified_after)
    rows = db.session.execute(query.limit(MOST_CHANGED))  # in no order: by the id, the whole table would be walked
    return sorted(((entry_id, services, status) for entry_id, services, status in rows), key=lambda row: row[0])


def _refuse_too_many(since: datetime) -> None:
    """Raises Invalid where more have changed than are read: told from an index, without reading one."""
    at = RegisterEntry.updated_at
    more = select(at).where(at >= since).order_by(at).offset(MOST_CHANGED).limit(1)
    if db.session.scalar(more) is not None:
        sentence = (
            f"More than {MOST_CHANGED} providers changed since then. Read the whole list, without modified_after."
        )
        raise Invalid({"modified_after": sentence})


def service_of(entry_id: int, today: date) -> Published | None:
    """The entry that a service belongs to, whether its approval stands or not."""
    return published_by_id([entry_id], today).get(entry_id)


def organisations_page(start: int, size: int, today: date) -> tuple[int, tuple[tuple[Published, ...], ...]]:
    """How many organisations there are, and the entries of each of `size` of them from `start`, in the order of their ids.

    How many have an id of each thousand is kept, so that a page far back is found without walking over those before it.
    """
    counts = in_thousands.get()
    before, passed = 0, 0  # the first id to look at, and how many organisations have a lower one
    for thousand, count in counts.items():
        if passed + count > start:
            before = thousand * THOUSAND
            break
        passed += count
    total = sum(counts.values())
    ids = _organisations(before, start - passed, size) if start < total else []
    found = _entries_of(ids, today)
    return total, tuple(found[each] for each in ids if each in found)


def _organisations(first: int, start: int, size: int) -> Sequence[int]:
    """`size` organisations from the `start`th with an id of at least `first`."""
    each = RegisterEntry.organisation_id
    asked = select(each).where(each >= first, each.not_in(_only_mistakes())).group_by(each).order_by(each)
    return db.session.scalars(asked.offset(start).limit(size)).all()


def _read_thousands(which: ColumnElement[bool]) -> dict[int, int]:
    """How many organisations the register holds, by the thousand in which their id is."""
    each, number = RegisterEntry.organisation_id, in_thousands.number
    asked = select(number, func.count(each.distinct())).where(which, each.not_in(_only_mistakes())).group_by(number)
    return {thousand: count for thousand, count in db.session.execute(asked)}


THOUSAND = 1_000
in_thousands: KeptParts[int] = KeptParts(RegisterEntry.organisation_id, THOUSAND, _read_thousands)


def _only_mistakes() -> Select[tuple[int]]:
    """Organisations that are on the register by mistake alone: few, and found by an index of such entries."""
    mistake, other = aliased(RegisterEntry), aliased(RegisterEntry)
    void = literal_column("'void'")
    stands = select(other.id).where(other.organisation_id == mistake.organisation_id, other.status != void)
    return select(mistake.organisation_id).where(mistake.status == void, ~stands.exists())


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
