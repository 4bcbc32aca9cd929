"""Everything that the register says of a few providers that somebody chose, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.backends.postcodes import area_names
from app.domain.appeals import Against
from app.domain.offers import TAKING_WORDS, Offer, Taking
from app.domain.size import SIZE_WORDS
from app.extensions import db
from app.models import Appeal, Application, Award, RegisterEntry
from app.queries.appealing import STANDING
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, title
from app.queries.publication import public_conditions
from app.queries.published_scores import PublishedScores, published_scores
from app.queries.register_entry import registers_of
from app.queries.register_rows import EntryRow, entry_row


@dataclass(frozen=True)
class OfferRow:
    """What the provider said of one service's capacity. `words` say whether it takes people on; `stale` that it is old."""

    service: str
    words: str
    capacity: int | None
    free: int | None
    weeks: int | None
    how: str
    said_on: date
    stale: bool


@dataclass(frozen=True)
class Provider:
    """One provider as the register shows it on a day. `scores` are empty unless they were asked for."""

    entry_id: int
    entry: EntryRow
    scheme_code: str
    awarding_body: str
    framework: str
    number: str
    granted_on: date
    conditions: str
    conditions_due_on: date | None
    status_reason: str
    under_appeal: bool
    scope: tuple[str, ...]
    service_codes: tuple[str, ...]
    offers: tuple[OfferRow, ...]
    client_groups: tuple[str, ...]
    languages: tuple[str, ...]
    access: tuple[str, ...]
    size: str
    kind: str
    council: str
    postcode: str
    contact: Mapping[str, str]
    identifiers: Mapping[str, str]
    registers: tuple[tuple[str, str, str], ...]
    strengths: str
    description: str
    scores: PublishedScores
    invented: bool
    revision: int
    updated_at: datetime

    @property
    def slug(self) -> str:
        return self.entry.slug

    @property
    def name(self) -> str:
        return self.entry.name


def chosen_providers(slugs: Sequence[str], today: date, *, with_scores: bool = False) -> tuple[Provider, ...]:
    """Those of `slugs` that are on the register, current or ended, in that order. Two statements.

    With `scores` a few more for each provider whose scheme publishes them: for few providers only.
    """
    session = db.session()
    found = session.scalars(_asked().where(RegisterEntry.slug.in_(set(slugs)))).all()
    rows = {row.slug: row for row in _providers(session, found, today, with_scores)}
    return tuple(rows[slug] for slug in dict.fromkeys(slugs) if slug in rows)


def providers_by_id(
    ids: Collection[int], today: date, *, with_scores: bool = False, session: Session | None = None
) -> dict[int, Provider]:
    """The same by the ids of their entries; in `session`, where it is to be of one moment with what is written there."""
    session = session or db.session()
    found = session.scalars(_asked().where(RegisterEntry.id.in_(set(ids)))).all()
    return {row.entry_id: row for row in _providers(session, found, today, with_scores)}


def _asked() -> Select[tuple[RegisterEntry]]:
    award = joinedload(RegisterEntry.award)
    return select(RegisterEntry).options(
        joinedload(RegisterEntry.scheme),
        award.joinedload(Award.edition),
        award.joinedload(Award.application).joinedload(Application.edition),
        award.joinedload(Award.application).joinedload(Application.organisation),
    )


def _providers(session: Session, entries: Sequence[RegisterEntry], today: date, with_scores: bool) -> list[Provider]:
    appealed = _under_appeal(session, [entry.award_id for entry in entries])
    found = []
    for entry in entries:
        scores = published_scores(session, entry.award) if with_scores else PublishedScores()
        found.append(_provider(entry, entry.award_id in appealed, today, scores))
    return found


def _under_appeal(session: Session, award_ids: Collection[int]) -> set[int]:
    asked = select(Appeal.award_id).where(
        Appeal.award_id.in_(award_ids), Appeal.against != Against.DECISION, Appeal.status.in_(STANDING)
    )
    return {award_id for award_id in session.scalars(asked) if award_id is not None}


def _provider(entry: RegisterEntry, appealed: bool, today: date, scores: PublishedScores) -> Provider:
    award, scheme = entry.award, entry.scheme
    row = entry_row(entry, None, scheme, today)
    conditions = public_conditions(award, row.standing.status)
    return Provider(
        entry_id=entry.id,
        entry=row,
        scheme_code=scheme.code,
        awarding_body=str(scheme.details.get("awarding_body") or scheme.title),
        framework=f"{award.edition.title} {award.edition.edition}",
        number=award.number,
        granted_on=award.granted_on,
        conditions=conditions,
        conditions_due_on=award.conditions_due_on if conditions else None,
        status_reason=award.status_reason,
        under_appeal=appealed,
        scope=tuple(award.scope),
        service_codes=tuple(entry.services),
        offers=_offers(entry, today),
        client_groups=tuple(title(CLIENT_GROUPS, code) for code in entry.client_groups),
        languages=tuple(title(LANGUAGES, code) for code in entry.languages),
        access=tuple(title(ACCESS, code) for code in entry.access),
        size=SIZE_WORDS.get(entry.size, ""),
        kind=title(ORGANISATION_TYPES, entry.kind),
        council=area_names().get(entry.area_code, ""),
        postcode=entry.postcode,
        contact=dict(entry.contact),
        identifiers=dict(entry.identifiers),
        registers=registers_of(entry.identifiers),
        strengths=entry.strengths,
        description=entry.description,
        scores=scores,
        invented=entry.invented,
        revision=entry.revision,
        updated_at=entry.updated_at,
    )


def _offers(entry: RegisterEntry, today: date) -> tuple[OfferRow, ...]:
    """Of the services that the entry lists, in their order: what was said of others is not assessed."""
    said = {each["service"]: each for each in entry.offers}
    return tuple(_offer(said[code], today) for code in entry.services if code in said)


def _offer(said: Mapping[str, Any], today: date) -> OfferRow:
    offer = Offer(
        service=said["service"],
        taking=Taking(said["taking"]),
        said_on=date.fromisoformat(said["said_on"]),
        capacity=said.get("capacity"),
        free=said.get("free"),
        weeks=said.get("weeks"),
        how=said.get("how") or "",
    )
    return OfferRow(
        service=title(SERVICES, offer.service),
        words=TAKING_WORDS[offer.taking],
        capacity=offer.capacity,
        free=offer.free,
        weeks=offer.weeks,
        how=offer.how,
        said_on=offer.said_on,
        stale=offer.stale(today),
    )
