"""A framework of any size with a draft, a case under assessment and a case before its panel, written straight into the tables.

Measuring needs rows, not their history: every criterion has an answer, half of them evidence, the cases a score each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.frameworks import digest, read
from app.models import (
    Answer,
    Application,
    Assessment,
    AttachedEvidence,
    EvidenceItem,
    EvidenceVersion,
    FrameworkEdition,
    Panel,
    PanelSeat,
    Score,
)
from bench.big_framework import source

FACTS = {"staff": 3, "income": 40_000, "visits": True}


@dataclass(frozen=True)
class People:
    """Ids of those around the cases. `panel` holds its members, the first in the chair."""

    scheme: int
    organisation: int
    lead: int
    assessor: int
    panel: tuple[int, ...]


@dataclass(frozen=True)
class Cases:
    """What was made. `codes` are all criteria in reading order."""

    framework: str
    edition: str
    draft: int
    in_assessment: int
    assessment: int
    with_panel: int
    panel: int
    codes: tuple[str, ...]


def make(criteria: int, people: People, now: datetime, code: str = "large-mark") -> Cases:
    """An edition of that many criteria in a scheme that exists, and three applications of one provider under it."""
    text = source(criteria, code=code)
    codes = tuple(criterion.code for criterion in read(text, code).criteria)
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        edition = _row(
            connection,
            FrameworkEdition,
            scheme_id=people.scheme,
            code=code,
            edition="2026",
            title="Large Mark",
            source=text,
            sha256=digest(text),
            loaded_at=now,
            open=True,
        )
        version = _evidence(connection, people, now)
        made = {
            status: _application(connection, status, edition, people, now, codes, version)
            for status in (ApplicationStatus.DRAFT, ApplicationStatus.IN_ASSESSMENT, ApplicationStatus.WITH_PANEL)
        }
        open_, done = AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN
        assessment = _assessment(connection, made[ApplicationStatus.IN_ASSESSMENT], open_, people, now, codes)
        _assessment(connection, made[ApplicationStatus.WITH_PANEL], done, people, now, codes)
        panel = _panel(connection, made[ApplicationStatus.WITH_PANEL], people, now)
    db.session.rollback()
    draft, in_assessment, with_panel = made.values()
    return Cases(code, "2026", draft, in_assessment, assessment, with_panel, panel, codes)


def _row(connection: Connection, table: Any, **values: Any) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    if key is None:
        raise RuntimeError(f"{table} gave no key.")
    return int(key[0])


def _evidence(connection: Connection, people: People, now: datetime) -> tuple[int, int]:
    """(item, version) of one document that stands behind everything."""
    by = {"title": "Our yearly report", "kind": "document", "created_at": now, "created_by_id": people.lead}
    item = _row(connection, EvidenceItem, organisation_id=people.organisation, **by)
    file = {"number": 1, "filename": "report.pdf", "media_type": "application/pdf", "size": 42_000, "sha256": "0" * 64}
    text = {"storage_key": "none", "url": "", "text": "", "added_at": now, "added_by_id": people.lead}
    return item, _row(connection, EvidenceVersion, item_id=item, **file, **text)


def _application(
    connection: Connection,
    status: ApplicationStatus,
    edition: int,
    people: People,
    now: datetime,
    codes: tuple[str, ...],
    version: tuple[int, int],
) -> int:
    draft = status is ApplicationStatus.DRAFT
    application = _row(
        connection,
        Application,
        organisation_id=people.organisation,
        scheme_id=people.scheme,
        edition_id=edition,
        status=status,
        target="gold",
        facts={} if draft else FACTS,
        started_at=now,
        started_by_id=people.lead,
        status_at=now,
        submitted_at=None if draft else now,
    )
    here = {"application_id": application}
    said = {**here, "not_applicable": False, "reason": "We do this, and our records show it.", "version": 1}
    answers = [
        {**said, "criterion_code": code, "point": n % 2, "updated_at": now, "updated_by_id": people.lead}
        for n, code in enumerate(codes)
        if not draft or n % 10
    ]
    item, number = version
    put = {**here, "item_id": item, "version_id": None if draft else number, "asked_code": "d"}
    attached = [
        {**put, "criterion_code": code, "attached_at": now, "attached_by_id": people.lead} for code in codes[::2]
    ]
    for row in answers:
        row["point"] = 0 if row["point"] == 0 else _one(codes.index(row["criterion_code"]))
    connection.execute(insert(Answer), answers)
    connection.execute(insert(AttachedEvidence), attached)
    return application


def _one(number: int) -> int:
    """A point above the lowest of the scale that bench.big_framework gives the criterion of that number."""
    return 5 if number % 3 == 2 else 1


def _assessment(
    connection: Connection,
    application: int,
    status: AssessmentStatus,
    people: People,
    now: datetime,
    codes: tuple[str, ...],
) -> int:
    done = status is AssessmentStatus.HANDED_IN
    recommended = {"recommended": "award", "recommended_level": "bronze", "recommendation": "Sound work."}
    assessment = _row(
        connection,
        Assessment,
        application_id=application,
        assessor_id=people.assessor,
        status=status,
        assigned_at=now,
        assigned_by_id=people.lead,
        declared_at=now,
        handed_in_at=now if done else None,
        **(recommended if done else {}),
    )
    given = {"assessment_id": assessment, "not_applicable": False, "version": 1, "updated_at": now}
    scores = [
        {**given, "criterion_code": code, "point": _one(n), "reason": "The records show it."}
        for n, code in enumerate(codes)
        if done or n % 3
    ]
    connection.execute(insert(Score), scores)
    return assessment


def _panel(connection: Connection, application: int, people: People, now: datetime) -> int:
    called = {"called_at": now, "called_by_id": people.lead}
    panel = _row(connection, Panel, application_id=application, chair_id=people.panel[0], **called)
    seats = [{"panel_id": panel, "user_id": user, "lay": False, "declared_at": now} for user in people.panel]
    connection.execute(insert(PanelSeat), seats)
    return panel
