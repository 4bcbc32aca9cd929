"""The notes of a panel's members on one case, and the chair's record: for those who sit on it, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Actor
from app.extensions import db
from app.models import PanelNote
from app.queries.panels import PanelCase, panel_case, readable_panel


@dataclass(frozen=True)
class NoteRow:
    """What another member noted."""

    name: str
    text: str
    updated_at: datetime


@dataclass(frozen=True)
class NotesPage:
    """One's own note with those of the others, and the chair's record. `signed` closes both."""

    case: PanelCase
    text: str
    version: int
    saved_at: datetime | None
    others: tuple[NoteRow, ...]
    discussion: str
    discussion_version: int
    signed: bool


def notes_page(panel_id: int, actor: Actor) -> NotesPage:
    """Raises NotFound, and NotAllowed to whoever has not declared or has stood aside."""
    panel, seat = readable_panel(panel_id, actor)
    notes = db.session.scalars(
        select(PanelNote)
        .where(PanelNote.panel_id == panel.id)
        .options(joinedload(PanelNote.user))
        .order_by(PanelNote.id)
    ).all()
    own = next((note for note in notes if note.user_id == actor.user_id), None)
    return NotesPage(
        case=panel_case(panel, seat),
        text=own.text if own else "",
        version=own.version if own else 0,
        saved_at=own.updated_at if own else None,
        others=tuple(
            NoteRow(each.user.name, each.text, each.updated_at) for each in notes if each is not own and each.text
        ),
        discussion=panel.discussion,
        discussion_version=panel.discussion_version,
        signed=panel.decision is not None and panel.decision.signed_at is not None,
    )
