"""What a pack shows on a day: to whoever opens it by a code, and before that to its own people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select

from app.backends.postcodes import area_names
from app.domain.framework import Fact, FactKind
from app.domain.identifiers import (
    charity_org_id,
    charity_register_url,
    company_org_id,
    company_register_url,
    cqc_register_url,
)
from app.domain.pack import GROUP_TITLES, SLOTS, TROUBLES, Group, Part, Slot, SlotState, slot_state
from app.extensions import db
from app.models import EvidenceItem, EvidenceVersion, Organisation, Pack, PackPiece
from app.queries.lists import CLIENT_GROUPS, ORGANISATION_TYPES, SERVICES, title
from app.queries.organisations import profile_facts
from app.queries.pack_certificates import CertificateRow, certificate_rows
from app.queries.pack_results import ResultRow, result_rows
from app.queries.starting import fact_in_words

MOST_PIECES = 60


@dataclass(frozen=True)
class PieceRow:
    """One piece in a slot, in its newest version. `cover` is in pounds; `size` in bytes, 0 where there is no file."""

    piece_id: int
    item_id: int
    slot: str
    title: str
    kind: str
    cover: int | None
    label: str
    version_id: int
    number: int
    filename: str
    media_type: str
    size: int
    sha256: str
    storage_key: str
    url: str
    text: str
    issued_on: date | None
    expires_on: date | None
    added_at: datetime
    expired: bool

    @property
    def has_file(self) -> bool:
        return bool(self.storage_key)


@dataclass(frozen=True)
class SlotRow:
    """One slot with what is in it. `note` says why nothing is, where the provider wrote that."""

    slot: Slot
    state: SlotState
    pieces: tuple[PieceRow, ...]
    note: str

    @property
    def trouble(self) -> str:
        """What is wrong with it, as a sentence; "" where nothing is."""
        name = self.slot.title
        sentences = {
            SlotState.MISSING: f"{name}: nothing is here.",
            SlotState.EXPIRED: f"{name}: something here has run out.",
            SlotState.NO_END: f"{name}: the library does not say when this insurance ends.",
        }
        return sentences.get(self.state, "")


@dataclass(frozen=True)
class NumberRow:
    """An official number: its register, the number, its org-id ("" where there is none) and where the register shows it."""

    register: str
    number: str
    org_id: str
    url: str


@dataclass(frozen=True)
class About:
    """The organisation, as far as the pack's parts let it be shown. What a part leaves out is empty."""

    name: str
    kind: str
    summary: str
    description: str
    numbers: tuple[NumberRow, ...]
    services: tuple[str, ...]
    client_groups: tuple[str, ...]
    areas: tuple[str, ...]
    website: str
    email: str
    phone: str
    address: str
    council: str
    address_private: bool
    facts: tuple[tuple[str, str], ...]
    invented: bool


@dataclass(frozen=True)
class Contents:
    """A pack as it stands on `today`. `groups` hold every slot; `left_out` says in words what the provider leaves out."""

    pack_id: int
    organisation_id: int
    name: str
    words: str
    about: About
    groups: tuple[tuple[Group, tuple[SlotRow, ...]], ...]
    results: tuple[ResultRow, ...]
    certificates: tuple[CertificateRow, ...]
    left_out: tuple[str, ...]
    updated_at: datetime
    today: date

    @property
    def slots(self) -> tuple[SlotRow, ...]:
        return tuple(row for _, rows in self.groups for row in rows)

    @property
    def pieces(self) -> tuple[PieceRow, ...]:
        return tuple(piece for row in self.slots for piece in row.pieces)

    @property
    def files(self) -> tuple[PieceRow, ...]:
        """The pieces that are files, each version once however many slots it fills."""
        return tuple({piece.version_id: piece for piece in self.pieces if piece.has_file}.values())

    @property
    def troubles(self) -> tuple[SlotRow, ...]:
        return tuple(row for row in self.slots if row.state in TROUBLES)

    @property
    def shown_groups(self) -> tuple[tuple[str, tuple[SlotRow, ...]], ...]:
        """(title, slots) as a reader sees them: without the slots that are empty and not usually asked for."""
        shown = ((GROUP_TITLES[group], tuple(_shown(rows))) for group, rows in self.groups)
        return tuple((words, rows) for words, rows in shown if rows)


def _shown(rows: Sequence[SlotRow]) -> list[SlotRow]:
    return [row for row in rows if row.state is not SlotState.EMPTY]


def contents_of(pack: Pack, today: date) -> Contents:
    """What a pack shows. A fixed number of statements, and some for each result that it shows in full."""
    pieces = piece_rows(pack.id, today)
    by_slot: dict[str, list[PieceRow]] = {}
    for piece in pieces:
        by_slot.setdefault(piece.slot, []).append(piece)
    parts, held = frozenset(pack.parts), certificate_rows(pack.organisation_id, today)
    rows = [_slot_row(slot, by_slot.get(slot.code, []), str(pack.notes.get(slot.code, "")), today) for slot in SLOTS]
    return Contents(
        pack_id=pack.id,
        organisation_id=pack.organisation_id,
        name=pack.name,
        words=pack.words,
        about=_about(pack.organisation, parts),
        groups=tuple((group, tuple(row for row in rows if row.slot.group is group)) for group in Group),
        results=result_rows(pack, today),
        certificates=held if Part.HELD in parts else (),
        left_out=_left_out(pack.organisation, parts, bool(held)),
        updated_at=pack.updated_at,
        today=today,
    )


def _slot_row(slot: Slot, pieces: list[PieceRow], note: str, today: date) -> SlotRow:
    state = slot_state(slot, [piece.expires_on for piece in pieces], note, today)
    return SlotRow(slot, state, tuple(pieces), "" if pieces else note)


def piece_rows(pack_id: int, today: date) -> tuple[PieceRow, ...]:
    """The pieces of a pack in their newest versions, in the order in which they were put in. One statement.

    What was archived in the library since is not shown any more: archived is what its people no longer use.
    """
    newest = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    found = db.session.execute(
        select(PackPiece, EvidenceItem, EvidenceVersion)
        .join(EvidenceItem, EvidenceItem.id == PackPiece.item_id)
        .join(EvidenceVersion, and_(EvidenceVersion.item_id == EvidenceItem.id, EvidenceVersion.number == newest))
        .where(PackPiece.pack_id == pack_id, EvidenceItem.archived_at.is_(None))
        .order_by(PackPiece.id)
        .limit(MOST_PIECES)
    ).all()
    return tuple(_piece_row(piece, item, version, today) for piece, item, version in found)


def _piece_row(piece: PackPiece, item: EvidenceItem, version: EvidenceVersion, today: date) -> PieceRow:
    return PieceRow(
        piece_id=piece.id,
        item_id=item.id,
        slot=piece.slot,
        title=item.title,
        kind=item.kind,
        cover=piece.cover,
        label=piece.label,
        version_id=version.id,
        number=version.number,
        filename=version.filename,
        media_type=version.media_type,
        size=version.size,
        sha256=version.sha256,
        storage_key=version.storage_key,
        url=version.url,
        text=version.text,
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        added_at=version.added_at,
        expired=version.expires_on is not None and version.expires_on < today,
    )


def _about(organisation: Organisation, parts: frozenset[str]) -> About:
    contact, services, words = (part in parts for part in (Part.CONTACT, Part.SERVICES, Part.DESCRIPTION))
    private = organisation.address_private
    return About(
        name=organisation.name,
        kind=title(ORGANISATION_TYPES, organisation.kind) if organisation.kind else "",
        summary=organisation.summary if words else "",
        description=organisation.description if words else "",
        numbers=_numbers(organisation) if Part.NUMBERS in parts else (),
        services=tuple(title(SERVICES, code) for code in organisation.services) if services else (),
        client_groups=tuple(title(CLIENT_GROUPS, code) for code in organisation.client_groups) if services else (),
        areas=tuple(area_names().get(code, code) for code in organisation.areas) if services else (),
        website=organisation.website if contact else "",
        email=organisation.email if contact else "",
        phone=organisation.phone if contact else "",
        address=_address(organisation) if contact and not private else "",
        council=area_names().get(organisation.area_code, "") if contact else "",
        address_private=contact and private,
        facts=_facts(organisation, profile_facts()) if Part.FACTS in parts else (),
        invented=organisation.invented,
    )


def _address(organisation: Organisation) -> str:
    lines = " ".join(organisation.address.split("\n")).strip().rstrip(",")
    return ", ".join(part for part in (lines, organisation.postcode) if part)


def _numbers(organisation: Organisation) -> tuple[NumberRow, ...]:
    found: list[NumberRow] = []
    charity, company, cqc = organisation.charity_number, organisation.company_number, organisation.cqc_provider_id
    if charity:
        found.append(NumberRow("Charity number", charity, charity_org_id(charity), charity_register_url(charity)))
    if company:
        found.append(NumberRow("Company number", company, company_org_id(company), company_register_url(company)))
    if cqc:
        found.append(NumberRow("CQC provider ID", cqc, "", cqc_register_url(cqc)))
    return tuple(found)


FIGURES = frozenset({FactKind.MONEY, FactKind.COUNT, FactKind.CHOICE})
"""What reads as a fact about an organisation. A question with yes or no decides what a scheme asks, and says little alone."""


def _facts(organisation: Organisation, facts: tuple[Fact, ...]) -> tuple[tuple[str, str], ...]:
    known = ((fact, organisation.facts.get(fact.code)) for fact in facts if fact.kind in FIGURES)
    return tuple((str(fact.title), fact_in_words(fact, value)) for fact, value in known if value is not None)


LEFT_OUT = {
    Part.DESCRIPTION: "what it does",
    Part.NUMBERS: "its official numbers",
    Part.SERVICES: "its services and where it works",
    Part.CONTACT: "its contact details",
    Part.FACTS: "figures such as income and staff",
}


def _left_out(organisation: Organisation, parts: frozenset[str], holds: bool) -> tuple[str, ...]:
    words = [text for part, text in LEFT_OUT.items() if part not in parts]
    if organisation.address_private and Part.CONTACT in parts:
        words.append("its address, which is kept private")
    if holds and Part.HELD not in parts:
        words.append("certificates of other bodies that it holds")
    return tuple(words)
