"""What a certificate's number stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain import certificate_number
from app.extensions import db
from app.models import Award, CertificateVersion, RegisterEntry
from app.queries.publication import public_conditions
from app.queries.register_rows import Standing, standing

MOST_VERSIONS = 50


@dataclass(frozen=True)
class Issued:
    """One certificate as it was issued under the number. `sha256` is the fingerprint of its file."""

    version: int
    issued_on: date
    sha256: str
    current: bool


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
    versions: tuple[Issued, ...] = ()
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
        versions=_versions(award),
        slug=entry.slug if entry else "",
        superseded_by=entry.number if entry and entry.number != award.number else "",
        brand=award.scheme.details.get("brand") or {},
    )


def _versions(award: Award) -> tuple[Issued, ...]:
    """Every certificate issued under the number, the newest first, where there is more than one."""
    rows = db.session.execute(
        select(CertificateVersion.version, CertificateVersion.issued_on, CertificateVersion.sha256)
        .where(CertificateVersion.award_id == award.id)
        .order_by(CertificateVersion.version.desc())
        .limit(MOST_VERSIONS)
    ).all()
    if len(rows) < 2:
        return ()
    return tuple(Issued(version, day, sha256, sha256 == award.certificate_sha256) for version, day, sha256 in rows)
