"""Evidence that stands behind a criterion and no longer holds: it has run out, or its page cannot be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.access import Actor
from app.domain.lifecycle import EDITABLE
from app.extensions import db
from app.models import Application, AttachedEvidence, EvidenceItem, EvidenceVersion, LinkCheck
from app.queries.self_assessments import own_application
from app.queries.subjects import seen_by_scheme

MOST = 200


@dataclass(frozen=True)
class Troubled:
    """One piece behind criteria of one application. `dead_since` is set where its page cannot be reached."""

    organisation_id: int
    application_id: int
    codes: tuple[str, ...]
    item_id: int
    title: str
    expires_on: date | None
    dead_since: date | None


def trouble_behind(application_id: int, actor: Actor, today: date) -> tuple[Troubled, ...]:
    """What no longer holds behind an application, as it was handed in or would be now; at most 200, one statement more.

    Raises NotFound, NotAllowed.
    """
    application = own_application(application_id, actor)
    newest = application.status in EDITABLE or not seen_by_scheme(application)
    return _troubled(today, AttachedEvidence.application_id == application.id, newest)


def trouble_in(organisation_id: int, today: date) -> tuple[Troubled, ...]:
    """What no longer holds behind any criterion of an organisation that the reader may see already; one statement.

    Each piece once, with the application that used it last.
    """
    newest_last = reversed(_troubled(today, Application.organisation_id == organisation_id, True))
    return tuple(reversed({each.item_id: each for each in newest_last}.values()))


def _troubled(today: date, where: ColumnElement[bool], newest: bool) -> tuple[Troubled, ...]:
    last = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == AttachedEvidence.item_id)
        .correlate(AttachedEvidence)
        .scalar_subquery()
    )
    counts = EvidenceVersion.number == last if newest else EvidenceVersion.id == AttachedEvidence.version_id
    found = db.session.execute(
        select(
            Application.organisation_id,
            Application.id,
            AttachedEvidence.criterion_code,
            EvidenceItem.id,
            EvidenceItem.title,
            EvidenceVersion.expires_on,
            LinkCheck.dead_since,
        )
        .select_from(AttachedEvidence)
        .join(Application, Application.id == AttachedEvidence.application_id)
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .join(EvidenceVersion, (EvidenceVersion.item_id == EvidenceItem.id) & counts)
        .outerjoin(LinkCheck, LinkCheck.version_id == EvidenceVersion.id)
        .where(where, or_(EvidenceVersion.expires_on < today, LinkCheck.dead_since.is_not(None)))
        .order_by(Application.id.desc(), AttachedEvidence.id)
        .limit(MOST)
    )
    return _together(found)


def _together(rows: Iterable[Any]) -> tuple[Troubled, ...]:
    """A piece once for each application, with every criterion behind which it stands there."""
    found: dict[tuple[int, int], Troubled] = {}
    for organisation_id, application_id, code, item_id, title, expires_on, dead_since in rows:
        key = (application_id, item_id)
        codes = (*found[key].codes, code) if key in found else (code,)
        found[key] = Troubled(organisation_id, application_id, codes, item_id, title, expires_on, dead_since)
    return tuple(found.values())
