"""One piece of evidence with its versions, and who may see which version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.errors import NotFound
from app.domain.evidence import Contents, fingerprint
from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import (
    Application,
    AttachedEvidence,
    Award,
    AwardCondition,
    ConditionEvidence,
    EvidenceItem,
    EvidenceVersion,
    FrameworkEdition,
    LinkCheck,
    User,
)
from app.queries.finding_detail import cases_shown_by
from app.queries.organisations import own_organisation
from app.queries.passport_subjects import subjects_of_proof
from app.queries.report_remarks import cases_commented_by
from app.queries.reviewers import subjects_of_reviews
from app.queries.subjects import subject_of
from app.queries.used_elsewhere import ElsewhereRow, used_elsewhere

MOST_VERSIONS = 200
MOST_USES = 200
MOST_CASES = 20


@dataclass(frozen=True)
class VersionRow:
    """One version of a piece of evidence."""

    version_id: int
    number: int
    filename: str
    media_type: str
    size: int
    sha256: str
    url: str
    text: str
    issued_on: date | None
    expires_on: date | None
    added_at: datetime
    added_by: str
    kind: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class UseRow:
    """One criterion behind which a piece stands. `number` is the version that is pinned there, None where none is.

    `framework` names its edition; `since` is when that application was submitted, or begun while it is not.
    """

    application_id: int
    code: str
    framework: str
    number: int | None
    status: ApplicationStatus
    since: datetime


@dataclass(frozen=True)
class LinkNews:
    """What the last look at the newest version's address found. `dead_since` is None while it counts as reachable."""

    checked_at: datetime
    answer: str
    failing_since: date | None
    dead_since: date | None


@dataclass(frozen=True)
class ItemPage:
    """One piece of evidence with its versions, newest first, and where it is used."""

    item_id: int
    organisation_id: int
    organisation: str
    title: str
    kind: str
    archived: bool
    collected: bool
    versions: tuple[VersionRow, ...]
    uses: tuple[UseRow, ...]
    elsewhere: tuple[ElsewhereRow, ...]
    link: LinkNews | None
    began_from: str

    @property
    def newest(self) -> VersionRow:
        return self.versions[0]


def item_page(organisation_id: int, item_id: int, actor: Actor) -> ItemPage:
    """One piece of the library, for its own people. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_LIBRARY)
    item = db.session.get(EvidenceItem, item_id)
    if item is None or item.organisation_id != organisation.id:
        raise NotFound("There is no such page, or it is not open to you.")
    versions = db.session.execute(
        select(EvidenceVersion, User.name)
        .join(User, User.id == EvidenceVersion.added_by_id)
        .where(EvidenceVersion.item_id == item.id)
        .order_by(EvidenceVersion.number.desc())
        .limit(MOST_VERSIONS)
    ).all()
    return ItemPage(
        item_id=item.id,
        organisation_id=organisation.id,
        organisation=organisation.name,
        title=item.title,
        kind=item.kind,
        archived=item.archived_at is not None,
        collected=item.collected,
        versions=tuple(_version_row(item, version, name) for version, name in versions),
        uses=_uses(item.id),
        elsewhere=used_elsewhere(organisation.id, item.id, actor),
        link=_link_news(versions[0][0]) if versions else None,
        began_from=_fingerprint(item, versions[0][0]) if versions else "",
    )


def _fingerprint(item: EvidenceItem, newest: EvidenceVersion) -> str:
    contents = Contents(newest.url, newest.text, newest.issued_on, newest.expires_on, newest.details)
    return fingerprint(newest.number, item.title, item.kind, contents)


def _link_news(newest: EvidenceVersion) -> LinkNews | None:
    found = db.session.get(LinkCheck, newest.id) if newest.url else None
    return LinkNews(found.checked_at, found.answer, found.failing_since, found.dead_since) if found else None


def _version_row(item: EvidenceItem, version: EvidenceVersion, name: str) -> VersionRow:
    return VersionRow(
        version_id=version.id,
        number=version.number,
        filename=version.filename,
        media_type=version.media_type,
        size=version.size,
        sha256=version.sha256,
        url=version.url,
        text=version.text,
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        added_at=version.added_at,
        added_by=name,
        kind=version.kind or item.kind,
        details=version.details,
    )


def _uses(item_id: int) -> tuple[UseRow, ...]:
    found = db.session.execute(
        select(AttachedEvidence, Application, FrameworkEdition.title, FrameworkEdition.edition, EvidenceVersion.number)
        .join(Application, Application.id == AttachedEvidence.application_id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .outerjoin(EvidenceVersion, EvidenceVersion.id == AttachedEvidence.version_id)
        .where(AttachedEvidence.item_id == item_id)
        .order_by(AttachedEvidence.application_id.desc(), AttachedEvidence.id)
        .limit(MOST_USES)
    ).all()
    return tuple(
        UseRow(
            row.application_id,
            row.criterion_code,
            f"{title} {edition}",
            number,
            application.status,
            application.submitted_at or application.started_at,
        )
        for row, application, title, edition, number in found
    )


@dataclass(frozen=True)
class SeenVersion:
    """One version as somebody who may see it gets it."""

    version_id: int
    item_id: int
    title: str
    kind: str
    filename: str
    media_type: str
    size: int
    storage_key: str
    url: str
    text: str
    details: Mapping[str, Any]
    number: int


def evidence_version_for(version_id: int, actor: Actor) -> SeenVersion:
    """One version of a piece of evidence, for whoever may see it.

    The organisation's own people see every version. Everyone else sees a version only where it stands behind a
    criterion of a case that is open to them: assigned without a conflict, sitting on its panel, or its scheme's office.
    Raises NotFound, NotAllowed.
    """
    found = db.session.execute(
        select(EvidenceVersion, EvidenceItem)
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(EvidenceVersion.id == version_id)
    ).first()
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    version, item = found
    own = Subject(organisation_id=item.organisation_id)
    if not may(actor, Action.SEE_EVIDENCE, own):
        _require_a_case(version.id, own, actor)
    return SeenVersion(
        version_id=version.id,
        item_id=item.id,
        title=version.title or item.title,
        kind=version.kind or item.kind,
        filename=version.filename,
        media_type=version.media_type,
        size=version.size,
        storage_key=version.storage_key,
        url=version.url,
        text=version.text,
        details=version.details,
        number=version.number,
    )


def _require_a_case(version_id: int, own: Subject, actor: Actor) -> None:
    """Refuse an actor to whom no case is open in which this very version is pinned, shows that a condition is met, or
    proves a certificate.

    So does a certificate that their scheme was asked to check.
    """
    pinned = select(AttachedEvidence.application_id).where(AttachedEvidence.version_id == version_id)
    on_conditions = (
        select(Award.application_id)
        .join(AwardCondition, AwardCondition.award_id == Award.id)
        .join(ConditionEvidence, ConditionEvidence.condition_id == AwardCondition.id)
        .where(ConditionEvidence.version_id == version_id)
    )
    cases = db.session.scalars(
        select(Application)
        .where(
            Application.id.in_(pinned.union(on_conditions, cases_shown_by(version_id), cases_commented_by(version_id))),
            Application.scheme_id.in_(list(actor.schemes)),
        )
        .order_by(Application.id.desc())
        .limit(MOST_CASES)
    ).all()
    subjects = [subject_of(db.session(), case) for case in cases]
    subjects += subjects_of_proof(db.session(), version_id, actor)
    subjects += subjects_of_reviews(db.session(), version_id, actor)
    if not any(may(actor, Action.SEE_EVIDENCE, subject) for subject in subjects):
        require(actor, Action.SEE_EVIDENCE, subjects[0] if subjects else own)
