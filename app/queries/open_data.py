"""The whole register as rows of open data, read as a stream from one moment of the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, func, select

from app.backends.postcodes import area_names
from app.domain.lifecycle import CURRENT, AwardStatus, status_on
from app.domain.offers import STALE_AFTER
from app.domain.open_data.records import Record, Row
from app.extensions import db
from app.models import Award, FrameworkEdition, RegisterChange, RegisterEntry, RegisterEvent, Scheme
from app.queries.kept import Kept
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, titles
from app.queries.register_documents import HIDDEN, SHOWN

BATCH = 2_000

E = RegisterEntry
_ENTRIES = (
    select(
        E.id, E.slug, E.name, E.kind, E.summary, E.description, E.strengths, E.identifiers, E.contact, E.postcode,
        E.easting, E.northing, E.area_code, E.size, E.scheme_id, E.level, E.level_title, Award.number, Award.edition_id,
        E.status, E.status_on, E.granted_on, E.expires_on, E.invented, E.revision, E.updated_at,
        E.services, E.client_groups, E.areas, E.languages, E.access, E.offers,
    )
    .join(Award, Award.id == E.award_id)
)  # fmt: skip
EVENT_COLUMNS = select(
    RegisterEvent.id,
    RegisterEvent.entry_id,
    RegisterEvent.at,
    RegisterEvent.kind,
    RegisterEvent.number,
    RegisterEvent.level_title,
    RegisterEvent.status,
    RegisterEvent.words,
)


@dataclass(frozen=True)
class Counts:
    """How much there is, and up to which change."""

    entries: int
    revision: int
    last_event: int


@dataclass(frozen=True)
class Publisher:
    """Who answers for the register: a name, an e-mail address or "", a web address or ""."""

    name: str
    contact: str
    url: str


class Reading:
    """The register as of one moment: what is committed meanwhile is not seen."""

    def __init__(self, connection: Connection, today: date, base_url: str) -> None:
        self._connection, self._today, self._base_url = connection, today, base_url
        editions = connection.execute(select(FrameworkEdition.id, FrameworkEdition.code, FrameworkEdition.edition))
        self._editions = {row.id: (row.code, row.edition) for row in editions}
        schemes = connection.execute(select(Scheme.id, Scheme.code, Scheme.title))
        self._schemes = {row.id: (row.code, row.title) for row in schemes}

    def counts(self) -> Counts:
        return _counts(self._connection)

    def records(self) -> Iterator[Sequence[Record]]:
        """Every entry but those that were entered by mistake, in the order of id, in batches."""
        for rows in self._batches(_ENTRIES.where(SHOWN).order_by(E.id)):
            yield [self._record(row) for row in rows]

    def records_since(self, revision: int, limit: int) -> list[Record]:
        """The entries that changed after a revision, in the order in which they did, at most `limit`."""
        found = _ENTRIES.where(E.revision > revision).order_by(E.revision, E.id).limit(limit)
        return [self._record(row) for row in self._connection.execute(found)]

    def events(self) -> Iterator[Sequence[Row]]:
        """Every change of these entries, in the order of id, in batches."""
        of_shown = EVENT_COLUMNS.join(E, E.id == RegisterEvent.entry_id).where(SHOWN)
        for rows in self._batches(of_shown.order_by(RegisterEvent.id)):
            yield [event_row(row) for row in rows]

    def _batches(self, statement: Select[Any]) -> Iterator[Sequence[Any]]:
        found = self._connection.execute(statement, execution_options={"yield_per": BATCH})
        yield from found.partitions()

    def _record(self, row: Any) -> Record:
        status = status_on(row.status, row.expires_on, self._today)
        scheme, scheme_title = self._schemes[row.scheme_id]
        framework, edition = self._editions[row.edition_id]
        numbers, contact = row.identifiers, row.contact
        entry = (
            row.id, row.slug, row.name, row.kind or None, titles(ORGANISATION_TYPES).get(row.kind, row.kind) or None,
            row.summary or None, row.description or None, row.strengths or None,
            numbers.get("charity"), numbers.get("company"), numbers.get("cqc"),
            contact.get("website"), contact.get("email"), contact.get("phone"), contact.get("address"),
            row.postcode or None, row.easting, row.northing,
            row.area_code or None, area_names().get(row.area_code), row.size or None,
            scheme, scheme_title, row.level, row.level_title, row.number, framework, edition,
            row.status.value, row.status_on, status.value, status in CURRENT, self._today,
            row.granted_on, row.expires_on, row.invented, row.revision, row.updated_at,
            f"{self._base_url}/register/{row.slug}",
        )  # fmt: skip
        return Record(entry, self._lists(row))

    def _lists(self, row: Any) -> Mapping[str, Sequence[Row]]:
        return {
            "services": _coded(row.id, row.services, titles(SERVICES)),
            "client_groups": _coded(row.id, row.client_groups, titles(CLIENT_GROUPS)),
            "areas": _coded(row.id, row.areas, area_names()),
            "languages": _coded(row.id, row.languages, titles(LANGUAGES)),
            "access": _coded(row.id, row.access, titles(ACCESS)),
            "offers": [_offer(row.id, offer, self._today) for offer in row.offers],
        }


@contextmanager
def reading(today: date, base_url: str) -> Iterator[Reading]:
    """A look at the register from one moment, on a connection of its own. `today` is the day that statuses are told for."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        try:
            yield Reading(connection, today, base_url)
        finally:
            connection.rollback()


def _coded(entry: int, codes: Sequence[str], names: Mapping[str, str]) -> list[Row]:
    return [(entry, code, names.get(code, code)) for code in dict.fromkeys(codes)]


def _offer(entry: int, offer: Mapping[str, Any], today: date) -> Row:
    said_on = date.fromisoformat(offer["said_on"])
    return (
        entry,
        offer["service"],
        titles(SERVICES).get(offer["service"], offer["service"]),
        offer["taking"],
        offer.get("capacity"),
        offer.get("free"),
        offer.get("weeks"),
        offer.get("how") or None,
        said_on,
        today <= said_on + STALE_AFTER,
    )


def event_row(row: Any) -> Row:
    """A row of the table of events."""
    return (
        row.id,
        row.entry_id,
        row.at,
        row.kind,
        row.number,
        row.level_title,
        AwardStatus(row.status).value,
        row.words or None,
    )


_counted: Kept[Counts] = Kept(1)


def register_counts() -> Counts:
    """How large the register is now. One statement; it is counted again only where it has changed."""
    with db.engine.connect() as connection:
        state = connection.execute(_STATE).one()
        return _counted.get("counts", tuple(state), lambda: _counts(connection))


_STATE = select(
    select(func.max(E.revision)).scalar_subquery(),
    select(func.max(E.id)).scalar_subquery(),
    select(func.max(RegisterEvent.id)).scalar_subquery(),
)


def _counts(connection: Connection) -> Counts:
    entries, hidden, revision, last_event = connection.execute(
        select(
            select(func.count(E.id)).scalar_subquery(),
            HIDDEN.scalar_subquery(),
            select(func.max(E.revision)).scalar_subquery(),
            select(func.max(RegisterEvent.id)).scalar_subquery(),
        )
    ).one()
    return Counts(entries - hidden, revision or 0, last_event or 0)


def withdrawn_before() -> int:
    """The revision at which an address last became private: files of an earlier one may name it. 0 where none ever did."""
    became = select(func.max(RegisterChange.revision)).where(RegisterChange.kind == "private")
    return db.session.scalar(became) or 0


def publisher() -> Publisher:
    """Who publishes: the awarding bodies of the schemes with entries on the register; of all where it is still empty."""
    schemes = db.session.scalars(select(Scheme).order_by(Scheme.id)).all()
    listed = set(db.session.scalars(select(Scheme.id).where(select(E.id).where(E.scheme_id == Scheme.id).exists())))
    details = [{"title": each.title, **each.details} for each in schemes if each.id in listed or not listed]
    names = list(dict.fromkeys(str(each.get("awarding_body") or each["title"]) for each in details))
    first: Mapping[str, Any] = details[0] if details else {}
    return Publisher(
        name=" and ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or "Register of approved providers",
        contact=str(first.get("contact") or ""),
        url=str(first.get("website") or ""),
    )
