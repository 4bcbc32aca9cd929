"""Notes of interviews, observations and documents seen: one's own, and the page on which one is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.visits import NOTE_WORDS, NoteKind
from app.extensions import db
from app.models import Citation, Visit, VisitGoer, VisitNote
from app.queries.assessment_basics import editable, readable_assessment

MOST = 500


@dataclass(frozen=True)
class OwnNote:
    """One's own note. `cited` are the criteria whose score rests on it."""

    note_id: int
    kind: NoteKind
    criteria: tuple[str, ...]
    role: str
    text: str
    happened_at: datetime
    visit_id: int | None
    version: int
    cited: tuple[str, ...]

    @property
    def what(self) -> str:
        """Interview: a volunteer."""
        words = NOTE_WORDS[self.kind]
        return f"{words}: {self.role}" if self.role else words


@dataclass(frozen=True)
class NotesPage:
    """One's own notes in one case, the latest first, and the visits that they may be of, as (id, when it starts)."""

    assessment_id: int
    provider: str
    editable: bool
    rows: tuple[OwnNote, ...]
    visits: tuple[tuple[int, datetime], ...]

    def note(self, note_id: int) -> OwnNote:
        """One of them. Raises NotFound."""
        for row in self.rows:
            if row.note_id == note_id:
                return row
        raise NotFound("There is no such note.")


def visit_notes_page(assessment_id: int, actor: Actor) -> NotesPage:
    """The actor's own notes in one case. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    cited: dict[int, tuple[str, ...]] = {}
    for note_id, code in db.session.execute(
        select(Citation.note_id, Citation.criterion_code)
        .where(Citation.assessment_id == assessment.id)
        .order_by(Citation.criterion_code)
    ):
        cited[note_id] = (*cited.get(note_id, ()), code)
    found = db.session.scalars(
        select(VisitNote)
        .where(VisitNote.assessment_id == assessment.id)
        .order_by(VisitNote.happened_at.desc(), VisitNote.id.desc())
        .limit(MOST)
    )
    return NotesPage(
        assessment_id=assessment.id,
        provider=assessment.application.organisation.name,
        editable=editable(assessment),
        rows=tuple(_row(note, cited.get(note.id, ())) for note in found),
        visits=_visits(assessment.application_id, actor),
    )


def _row(note: VisitNote, cited: tuple[str, ...]) -> OwnNote:
    return OwnNote(
        note_id=note.id,
        kind=note.kind,
        criteria=tuple(note.criteria),
        role=note.role,
        text=note.text,
        happened_at=note.happened_at,
        visit_id=note.visit_id,
        version=note.version,
        cited=cited,
    )


def _visits(application_id: int, actor: Actor) -> tuple[tuple[int, datetime], ...]:
    found = db.session.execute(
        select(Visit.id, Visit.starts_at)
        .join(VisitGoer, VisitGoer.visit_id == Visit.id)
        .where(Visit.application_id == application_id, VisitGoer.user_id == actor.user_id)
        .order_by(Visit.starts_at)
        .limit(MOST)
    )
    return tuple((visit_id, starts_at) for visit_id, starts_at in found)
