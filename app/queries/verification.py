"""What a certificate's number stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import certificate_number
from app.extensions import db
from app.models import Award, RegisterEntry
from app.queries.publication import public_conditions
from app.queries.register_rows import Standing, standing


@dataclass(frozen=True)
class Verification:
    """What a certificate number stands for on a day. `known` is False for a number that was never issued."""

    typed: str
    number: str
    known: bool
    mistyped: bool
    standing: Standing | None = None
    holder: str = ""
    level: str = ""
    level_title: str = ""
    level_colour: str = "plain"
    scheme: str = ""
    awarding_body: str = ""
    framework: str = ""
    scope: tuple[str, ...] = ()
    conditions: str = ""
    granted_on: date | None = None
    expires_on: date | None = None
    reason: str = ""
    sha256: str = ""
    slug: str = ""
    superseded_by: str = ""
    brand: Mapping[str, str] = field(default_factory=dict)


def verify_certificate(typed: str, today: date) -> Verification:
    """What the certificate with this number, however it is typed, stands for today. Never raises."""
    read = certificate_number.parse(typed)
    number = read.number or typed.strip()[:40]
    award = db.session.scalars(
        select(Award).where(Award.number == number).options(joinedload(Award.scheme), joinedload(Award.edition))
    ).first()
    if award is None:
        return Verification(typed, number, known=False, mistyped=not read.checks)
    entry = db.session.execute(
        select(RegisterEntry.slug, Award.number)
        .join(Award, Award.id == RegisterEntry.award_id)
        .where(RegisterEntry.organisation_id == award.organisation_id, RegisterEntry.scheme_id == award.scheme_id)
    ).first()
    now = standing(award.status, award.status_on, award.expires_on, today)
    return Verification(
        typed=typed,
        number=award.number,
        known=True,
        mistyped=False,
        standing=now,
        holder=award.holder_name,
        level=award.level,
        level_title=award.level_title,
        level_colour=award.level_colour,
        scheme=award.scheme.title,
        awarding_body=str(award.scheme.details.get("awarding_body") or award.scheme.title),
        framework=f"{award.edition.title} {award.edition.edition}",
        scope=tuple(award.scope),
        conditions=public_conditions(award, now.status),
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        reason=award.status_reason,
        sha256=award.certificate_sha256,
        slug=entry.slug if entry else "",
        superseded_by=entry.number if entry and entry.number != award.number else "",
        brand=award.scheme.details.get("brand") or {},
    )
