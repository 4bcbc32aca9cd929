"""Certificates of an award: the first, and each that is issued again after a change. Not a use-case: others call it.

No certificate is ever altered or thrown away. The award points at the newest; what was issued before stays on file, and the
page that verifies the number says which one is current.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.certificates import CertificateFacts, certificate_pdf
from app.domain.access import Actor
from app.domain.lifecycle import AwardStatus
from app.models import Application, Award, CertificateVersion
from app.queries.frameworks import scheme_details

CHAIR = "Chair of the panel"
OFFICE = "For the scheme"


@dataclass(frozen=True)
class Issue:
    """What a certificate needs from outside: the product's address, for its QR code, and the folder of print fonts."""

    base_url: str
    font_dir: Path


@dataclass(frozen=True)
class Press:
    """Where certificates are made and kept."""

    issue: Issue
    storage: Storage


def issue_certificate(
    session: Session,
    award: Award,
    application: Application,
    actor: Actor,
    press: Press,
    now: datetime,
    today: date,
    *,
    why: str = "",
) -> CertificateVersion:
    """Make the certificate of the award as it stands and point the award at it. `why` is empty for the first alone.

    A file that is stored before a failure stays behind unused: nothing refers to it.
    """
    session.flush()
    number = (
        session.scalar(select(func.max(CertificateVersion.version)).where(CertificateVersion.award_id == award.id)) or 0
    ) + 1
    facts = _facts(award, application, actor, press.issue, number, today)
    stored = press.storage.put(BytesIO(certificate_pdf(facts, press.issue.font_dir)))
    award.certificate_key, award.certificate_sha256 = stored.key, stored.sha256
    version = CertificateVersion(
        award_id=award.id,
        version=number,
        issued_on=today,
        issued_at=now,
        issued_by=actor.name,
        why=why,
        level=award.level,
        level_title=award.level_title,
        holder_name=award.holder_name,
        scope=list(award.scope),
        expires_on=award.expires_on,
        storage_key=stored.key,
        sha256=stored.sha256,
    )
    session.add(version)
    return version


def _facts(
    award: Award, application: Application, actor: Actor, issue: Issue, version: int, today: date
) -> CertificateFacts:
    scheme = scheme_details(application.edition.scheme)
    return CertificateFacts(
        awarding_body=scheme.awarding_body,
        scheme_title=scheme.title,
        framework_title=application.edition.title,
        edition=application.edition.edition,
        provider_name=award.holder_name,
        scope=tuple(award.scope),
        level_title=award.level_title,
        level_colour=award.level_colour,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        number=award.number,
        verify_url=f"{issue.base_url}/verify/{award.number}",
        chair_name=actor.name,
        chair_role=CHAIR if version == 1 else OFFICE,
        colour=scheme.brand["colour"],
        accent=scheme.brand["accent"],
        conditional=award.status is AwardStatus.CONDITIONAL,
        invented=application.organisation.invented,
        provisional=award.provisional,
        version=version,
        issued_on=today if version > 1 else None,
    )
