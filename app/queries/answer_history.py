"""Everything that happened to one answer: who wrote what when, word by word, and which evidence came and went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.access import Action, Actor, may
from app.domain.clauses import AnsweredBy
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework
from app.domain.lifecycle import EDITABLE
from app.domain.parts import givers_of
from app.extensions import db
from app.frameworks.diff.marks import Piece, marked
from app.models import Answer, Application, AuditRow, EvidenceItem
from app.queries.frameworks import framework_of
from app.queries.history import words_for
from app.queries.parts import givers_at
from app.queries.self_assessments import own_application, own_subject
from app.queries.sittings import BEGUN, whole_details

PER_PAGE = 20
OF_THE_WORDS = (BEGUN, "answer.restored", "answer.set-aside", "answer.confirmed")
BESIDE_THEM = ("evidence.attached", "evidence.detached", "evidence.shows-changed", "proposal.accepted")
CARRIED = "application.carried-over"


@dataclass(frozen=True)
class Entry:
    """One thing that happened to an answer. A sitting of one person lasts from `at` to `until`.

    `pieces` mark what went out and came in; `levels` are the level before and after where it changed. `brings_back` are
    the sides of it ("after", "before") whose words can be made the answer again; "before" only where nothing older is on
    record.
    """

    row_id: int
    at: datetime
    until: datetime | None
    who: str
    what: str
    pieces: tuple[Piece, ...]
    levels: tuple[str, str] | None
    evidence: str
    note: str
    brings_back: tuple[str, ...]


@dataclass(frozen=True)
class AnswerHistoryPage:
    """The history of one answer, newest first. `version` is the answer's now; `refusal` why nothing can be brought back."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    code: str
    heading: str
    entries: tuple[Entry, ...]
    version: int
    may_restore: bool
    refusal: str
    found: int
    page: int
    pages: int


def answer_history(application_id: int, code: str, page: int, actor: Actor) -> AnswerHistoryPage:
    """One page of the history of an answer. Nine statements at most. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    framework = framework_of(application.edition)
    if code not in {criterion.code for criterion in framework.criteria}:
        raise NotFound("There is no such criterion.")
    criterion = framework.criterion(code)
    answer = db.session.scalars(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == code)
    ).first()
    which = _rows_of(application, code, answer)
    found = db.session.scalar(select(func.count()).select_from(AuditRow).where(which)) or 0
    pages = max(1, -(-found // PER_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        select(AuditRow).where(which).order_by(AuditRow.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
    ).all()
    refusal = _why_nothing_comes_back(application, framework, criterion)
    return AnswerHistoryPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        code=code,
        heading=str(criterion.heading),
        entries=_entries(rows, criterion, answer),
        version=answer.version if answer else 0,
        may_restore=not refusal and may(actor, Action.ANSWER, own_subject(application)),
        refusal=refusal,
        found=found,
        page=page,
        pages=pages,
    )


def _why_nothing_comes_back(application: Application, framework: Framework, criterion: Criterion) -> str:
    if application.status not in EDITABLE:
        return "The application is handed in, so no earlier words can be brought back now."
    sites = criterion.answered_by is AnsweredBy.EACH_SITE
    if givers_of(framework, criterion, givers_at(db.session(), application.organisation_id, sites=sites)):
        return "This is answered in parts. To use earlier words again, copy them into the part that they belong to."
    return ""


def _rows_of(application: Application, code: str, answer: Answer | None) -> ColumnElement[bool]:
    """The audit rows that tell of one answer: of its row, of evidence and offers on its criterion, and of its origin."""
    about = and_(
        AuditRow.application_id == application.id,
        AuditRow.action.in_(BESIDE_THEM),
        AuditRow.detail["criterion"].as_string() == code,
    )
    if answer is None:
        return about
    words = and_(
        AuditRow.subject == Answer.__tablename__, AuditRow.subject_id == answer.id, AuditRow.action.in_(OF_THE_WORDS)
    )
    carried = and_(AuditRow.application_id == application.id, AuditRow.action == CARRIED)
    return or_(words, about, carried) if application.carried_from_id else or_(words, about)


def _entries(rows: Sequence[AuditRow], criterion: Criterion, answer: Answer | None) -> tuple[Entry, ...]:
    titles = _titles(rows)
    oldest = _oldest(answer)
    now = _as_data(answer) if answer else None
    details = whole_details(db.session(), rows)
    return tuple(
        _entry(row, details[row.id], criterion, titles, now, row.id == oldest)
        for row in rows
        if row.action != CARRIED or criterion.code in row.detail.get("origins", {})
    )


def _titles(rows: Sequence[AuditRow]) -> Mapping[int, str]:
    """The titles of the evidence that is told of. One statement."""
    ids = {row.detail["item"] for row in rows if row.detail.get("item")}
    if not ids:
        return {}
    found = db.session.execute(select(EvidenceItem.id, EvidenceItem.title).where(EvidenceItem.id.in_(ids))).all()
    return {item_id: title for item_id, title in found}


def _oldest(answer: Answer | None) -> int | None:
    """The first change of the answer's words that is on record."""
    if answer is None:
        return None
    return db.session.scalar(
        select(func.min(AuditRow.id)).where(
            AuditRow.subject == Answer.__tablename__,
            AuditRow.subject_id == answer.id,
            AuditRow.action == BEGUN,
        )
    )


def _as_data(answer: Answer) -> dict[str, Any]:
    return {"point": answer.point, "not_applicable": answer.not_applicable, "reason": answer.reason}


def _entry(
    row: AuditRow,
    detail: Mapping[str, Any],
    criterion: Criterion,
    titles: Mapping[int, str],
    now: dict[str, Any] | None,
    oldest: bool,
) -> Entry:
    before, after = detail.get("before"), detail.get("after")
    was, then = (detail["part"]["before"], detail["part"]["after"]) if detail.get("part") else (before, after)
    return Entry(
        row_id=row.id,
        at=row.at,
        until=datetime.fromisoformat(detail["until"]) if detail.get("until") else None,
        who=row.actor_name,
        what=_what(row),
        pieces=_pieces(was, then) if then else (),
        levels=_levels(was, then, criterion) if then else None,
        evidence=titles.get(detail.get("item") or 0, ""),
        note=str(detail.get("looked_at", "")),
        brings_back=_sides(before, after, now, oldest),
    )


def _what(row: AuditRow) -> str:
    if row.detail.get("part"):
        return f"{row.detail['part']['name']}: changed what it says"
    if row.action == BEGUN:
        return "Changed the answer" if row.detail.get("before") else "Wrote the first answer"
    if row.action == CARRIED:
        return f"Carried over to edition {row.detail.get('edition', '')}".strip()
    return words_for(row.action)


def _pieces(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> tuple[Piece, ...]:
    return marked(before["reason"] if before else "", after["reason"])


def _levels(before: Mapping[str, Any] | None, after: Mapping[str, Any], criterion: Criterion) -> tuple[str, str] | None:
    was, now = (_level(each, criterion) for each in (before, after))
    return None if was == now else (was, now)


def _level(data: Mapping[str, Any] | None, criterion: Criterion) -> str:
    if data is None:
        return "none"
    if data["not_applicable"]:
        return "not applicable"
    point = data["point"]
    return criterion.scale.shown(point) if point is not None and point in criterion.scale.values else "none"


def _sides(before: object, after: object, now: object, oldest: bool) -> tuple[str, ...]:
    """The sides of a change that say something else than the answer now. A change before it shows what stood before."""
    sides = [("after", after)] + ([("before", before)] if oldest else [])
    return tuple(side for side, data in sides if data is not None and data != now)
