"""The evidence behind the criteria of a case, as those who decide on it read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import AttachedEvidence, EvidenceVersion, LinkCheck


@dataclass(frozen=True)
class EvidenceLink:
    """One piece of evidence in the version that the assessor saw, under the title and kind that it had then."""

    version_id: int
    title: str
    kind: str
    number: int
    issued_on: date | None
    expires_on: date | None
    url: str
    text: str
    details: Mapping[str, Any]
    dead_since: date | None
    collected: bool


def evidence_links(session: Session, application_id: int) -> dict[str, tuple[EvidenceLink, ...]]:
    """The evidence behind each criterion, in the version that was handed in, by criterion code. One statement."""
    found: dict[str, list[EvidenceLink]] = defaultdict(list)
    rows = session.execute(
        select(AttachedEvidence.criterion_code, EvidenceVersion, LinkCheck.dead_since)
        .join(EvidenceVersion, EvidenceVersion.id == AttachedEvidence.version_id)
        .outerjoin(LinkCheck, LinkCheck.version_id == EvidenceVersion.id)
        .options(joinedload(EvidenceVersion.item))
        .where(AttachedEvidence.application_id == application_id)
        .order_by(AttachedEvidence.id)
    )
    for code, version, dead_since in rows:
        found[code].append(
            EvidenceLink(
                version.id,
                version.title or version.item.title,
                version.kind or version.item.kind,
                version.number,
                version.issued_on,
                version.expires_on,
                version.url,
                version.text,
                version.details,
                dead_since,
                version.item.collected,
            )
        )
    return {code: tuple(links) for code, links in found.items()}
