"""A provider's workspace of any size: a library, what stands behind a draft, comments, criteria handed over and a plan.

Written straight into the tables, as bench.big_case is: measuring needs rows, not their history.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from app.domain.plan import ActionState, Source
from app.extensions import db
from app.models import (
    Answer,
    AttachedEvidence,
    AuditRow,
    Comment,
    EvidenceItem,
    EvidenceVersion,
    HandedOver,
    LinkCheck,
    PlanAction,
)

BEHIND = 3  # pieces of evidence behind each criterion of the draft
KINDS = ("document", "document", "link", "statement")


def fill(organisation_id: int, draft_id: int, lead_id: int, codes: tuple[str, ...], pieces: int, now: datetime) -> int:
    """Give the organisation `pieces` pieces of evidence, put some behind each criterion of the draft, and the rest of it.

    Returns the id of a piece that stands behind many criteria.
    """
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(insert(EvidenceItem), list(_items(organisation_id, lead_id, pieces, now)))
        ids = list(
            connection.scalars(
                select(EvidenceItem.id)
                .where(EvidenceItem.organisation_id == organisation_id, EvidenceItem.title.startswith("Piece "))
                .order_by(EvidenceItem.id)
            )
        )
        connection.execute(insert(EvidenceVersion), list(_versions(ids, lead_id, now)))
        connection.execute(insert(AttachedEvidence), list(_attached(draft_id, ids, codes, lead_id, now)))
        connection.execute(insert(Comment), list(_comments(draft_id, codes, lead_id, now)))
        connection.execute(insert(HandedOver), list(_handed(draft_id, codes, lead_id, now)))
        connection.execute(insert(PlanAction), list(_actions(organisation_id, draft_id, codes, lead_id, now)))
        answers = connection.execute(
            select(Answer.id, Answer.criterion_code).where(Answer.application_id == draft_id)
        ).all()
        connection.execute(insert(AuditRow), list(_history(organisation_id, draft_id, answers, lead_id, now)))
        checked = select(LinkCheck.version_id)
        links = connection.scalars(
            select(EvidenceVersion.id).where(EvidenceVersion.url != "", EvidenceVersion.id.not_in(checked))
        ).all()
        connection.execute(insert(LinkCheck), [_check(key, now) for key in links])
    db.session.rollback()
    return ids[0]


def _items(organisation_id: int, lead_id: int, pieces: int, now: datetime) -> Iterator[dict[str, Any]]:
    for n in range(pieces):
        yield {
            "organisation_id": organisation_id,
            "title": f"Piece {n}: record of {('visits', 'training', 'minutes', 'complaints')[n % 4]}",
            "kind": KINDS[n % len(KINDS)],
            "created_at": now - timedelta(hours=n),
            "created_by_id": lead_id,
        }


def _versions(ids: list[int], lead_id: int, now: datetime) -> Iterator[dict[str, Any]]:
    """Two of each piece, the second newer; every fifth runs out soon or has."""
    for n, item_id in enumerate(ids):
        kind = KINDS[n % len(KINDS)]
        for number in (1, 2):
            yield {
                "item_id": item_id,
                "number": number,
                "filename": f"piece-{n}.pdf" if kind == "document" else "",
                "media_type": "application/pdf" if kind == "document" else "",
                "size": 40_000 if kind == "document" else 0,
                "storage_key": "none" if kind == "document" else "",
                "sha256": sha256(f"{n}.{number}".encode()).hexdigest(),
                "url": f"https://example.org/{n}/{number}" if kind == "link" else "",
                "text": "We keep this up to date." if kind == "statement" else "",
                "issued_on": now.date() - timedelta(days=100),
                "expires_on": now.date() + timedelta(days=n % 90 - 30) if n % 5 == 0 else None,
                "added_at": now,
                "added_by_id": lead_id,
            }


def _attached(
    draft_id: int, ids: list[int], codes: tuple[str, ...], lead_id: int, now: datetime
) -> Iterator[dict[str, Any]]:
    """The first piece behind every tenth criterion; others in turns."""
    for n, code in enumerate(codes):
        chosen = {ids[(n * BEHIND + k) % len(ids)] for k in range(BEHIND)} | ({ids[0]} if n % 10 == 0 else set())
        for item_id in sorted(chosen):
            yield {
                "application_id": draft_id,
                "criterion_code": code,
                "item_id": item_id,
                "asked_code": "",
                "attached_at": now,
                "attached_by_id": lead_id,
            }


def _comments(draft_id: int, codes: tuple[str, ...], lead_id: int, now: datetime) -> Iterator[dict[str, Any]]:
    for code in codes[::2]:
        said = {"text": "Ask the team in Bolton what they do.", "written_at": now, "written_by_id": lead_id}
        yield {"application_id": draft_id, "criterion_code": code, **said}


def _handed(draft_id: int, codes: tuple[str, ...], lead_id: int, now: datetime) -> Iterator[dict[str, Any]]:
    for n, code in enumerate(codes[::3]):
        due = now.date() + timedelta(days=n % 60)
        given = {"to_id": lead_id, "by_id": lead_id, "given_at": now, "due_on": due}
        yield {"application_id": draft_id, "criterion_code": code, **given}


def _actions(
    organisation_id: int, draft_id: int, codes: tuple[str, ...], lead_id: int, now: datetime
) -> Iterator[dict[str, Any]]:
    for n, code in enumerate(codes[::3]):
        yield {
            "organisation_id": organisation_id,
            "application_id": draft_id,
            "criterion_code": code,
            "part": code.rpartition(".")[0],
            "source": Source.GAP,
            "title": f"Write down what we do for {code}",
            "owner_id": lead_id if n % 2 else None,
            "due_on": now.date() + timedelta(days=n % 120 - 20),
            "state": ActionState.OPEN,
            "created_at": now,
            "created_by_id": lead_id,
            "updated_at": now,
            "updated_by_id": lead_id,
        }


def _history(
    organisation_id: int, draft_id: int, answers: Any, lead_id: int, now: datetime
) -> Iterator[dict[str, Any]]:
    """Five saves of each answer."""
    for answer_id, code in answers:
        for n in range(5):
            before = {"point": 1, "not_applicable": False, "reason": f"We do this. Draft {n}."}
            after = {**before, "reason": f"We do this. Draft {n + 1}."}
            yield {
                "at": now - timedelta(hours=5 - n),
                "actor_id": lead_id,
                "actor_name": "Somebody",
                "action": "answer.recorded",
                "subject": Answer.__tablename__,
                "subject_id": answer_id,
                "organisation_id": organisation_id,
                "application_id": draft_id,
                "detail": {"criterion": code, "before": before, "after": after},
            }


def _check(version_id: int, now: datetime) -> dict[str, Any]:
    return {"version_id": version_id, "checked_at": now, "next_on": now.date() + timedelta(days=7), "answer": "200 OK"}
