"""What stands beside a score: notes, phrases, which evidence was opened, notes of visits that name the criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.blind import all_in
from app.domain.visits import NOTE_WORDS, NoteKind
from app.extensions import db
from app.models import (
    Assessment,
    AssessorNote,
    AssessorPhrase,
    AttachedEvidence,
    Citation,
    EvidenceItem,
    EvidenceOpening,
    EvidenceVersion,
    User,
    VisitNote,
)
from app.queries.assessment_basics import readable_assessment
from app.queries.frameworks import framework_of

MOST_NOTES = 200
MOST_UNOPENED = 50
MOST_CITED = 5_000


@dataclass(frozen=True)
class NoteRow:
    """One's own note. `version` is 0 where there is none yet."""

    text: str = ""
    version: int = 0
    updated_at: datetime | None = None


@dataclass(frozen=True)
class SharedNote:
    """Another assessor's note on the same thing, open to read since all have handed in."""

    by: str
    text: str


@dataclass(frozen=True)
class VisitNoteRow:
    """A note of a visit that names this criterion. `cited` tells whether the score rests on it."""

    note_id: int
    kind: NoteKind
    role: str
    text: str
    happened_at: datetime
    cited: bool
    by: str = ""

    @property
    def what(self) -> str:
        """Interview with a volunteer."""
        words = NOTE_WORDS[self.kind]
        return f"{words}: {self.role}" if self.role else words


@dataclass(frozen=True)
class PhraseRow:
    """A phrase for reasons, with one score or with any (`point` is empty)."""

    phrase_id: int
    point: str
    text: str


@dataclass(frozen=True)
class Beside:
    """All of it for one criterion. `opened` maps versions of evidence to when they were first opened."""

    note: NoteRow
    shared: tuple[SharedNote, ...]
    visit_notes: tuple[VisitNoteRow, ...]
    opened: Mapping[int, datetime]
    phrases: tuple[PhraseRow, ...]


def beside(assessment: Assessment, code: str, versions: Sequence[int]) -> Beside:
    """What stands beside the score of one criterion: six statements at most, whatever there is."""
    opened = db.session.execute(
        select(EvidenceOpening.version_id, EvidenceOpening.opened_at).where(
            EvidenceOpening.assessment_id == assessment.id, EvidenceOpening.version_id.in_(versions)
        )
    )
    return Beside(
        note=notes_of(assessment.id).get(code, NoteRow()),
        shared=shared_notes(db.session(), assessment, code),
        visit_notes=_visit_notes(assessment, code),
        opened={version: when for version, when in opened},
        phrases=phrases_of(assessment.assessor_id),
    )


def notes_of(assessment_id: int) -> dict[str, NoteRow]:
    """One's own notes by the criterion's code; that on the whole case under an empty one."""
    found = db.session.execute(
        select(AssessorNote.criterion_code, AssessorNote.text, AssessorNote.version, AssessorNote.updated_at).where(
            AssessorNote.assessment_id == assessment_id
        )
    )
    return {code: NoteRow(text, version, at) for code, text, version, at in found}


def shared_notes(session: Session, assessment: Assessment, code: str) -> tuple[SharedNote, ...]:
    """The other assessors' notes on the same thing; none before everybody has handed in."""
    if not everybody_in(session, assessment):
        return ()
    found = session.execute(
        select(User.name, AssessorNote.text)
        .join(Assessment, Assessment.id == AssessorNote.assessment_id)
        .join(User, User.id == Assessment.assessor_id)
        .where(
            Assessment.application_id == assessment.application_id,
            Assessment.id != assessment.id,
            AssessorNote.criterion_code == code,
            AssessorNote.text != "",
        )
        .order_by(Assessment.id)
        .limit(MOST_NOTES)
    )
    return tuple(SharedNote(name, text) for name, text in found)


def everybody_in(session: Session, assessment: Assessment) -> bool:
    """Whether all who assess the case have handed in."""
    statuses = session.scalars(
        select(Assessment.status).where(Assessment.application_id == assessment.application_id)
    ).all()
    return all_in(statuses, framework_of(assessment.application.edition).assessment.assessors)


def _visit_notes(assessment: Assessment, code: str) -> tuple[VisitNoteRow, ...]:
    """One's own notes of visits that name the criterion, and those that it was cited with."""
    cited = set(
        db.session.scalars(
            select(Citation.note_id).where(Citation.assessment_id == assessment.id, Citation.criterion_code == code)
        )
    )
    found = db.session.scalars(
        select(VisitNote)
        .where(VisitNote.assessment_id == assessment.id)
        .order_by(VisitNote.happened_at, VisitNote.id)
        .limit(MOST_NOTES)
    )
    return tuple(
        VisitNoteRow(note.id, note.kind, note.role, note.text, note.happened_at, note.id in cited)
        for note in found
        if code in note.criteria or note.id in cited
    )


def phrases_of(user_id: int) -> tuple[PhraseRow, ...]:
    """An assessor's own phrases, in the order in which they were added."""
    found = db.session.execute(
        select(AssessorPhrase.id, AssessorPhrase.point, AssessorPhrase.text)
        .where(AssessorPhrase.user_id == user_id)
        .order_by(AssessorPhrase.id)
        .limit(MOST_NOTES)
    )
    return tuple(PhraseRow(*row) for row in found)


def own_phrases(actor: Actor) -> tuple[PhraseRow, ...]:
    """The actor's own phrases."""
    return phrases_of(actor.user_id or 0)


def own_note(assessment_id: int, code: str, actor: Actor) -> NoteRow:
    """The actor's own note on one criterion, or on the case where `code` is empty. Raises NotFound, NotAllowed."""
    return notes_of(readable_assessment(assessment_id, actor).id).get(code, NoteRow())


def not_opened(assessment_id: int, actor: Actor) -> tuple[tuple[str, str], ...]:
    """(code, title) of the evidence that the actor has not opened; at most 50. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    opened = (
        select(EvidenceOpening.version_id)
        .where(
            EvidenceOpening.assessment_id == assessment.id, EvidenceOpening.version_id == AttachedEvidence.version_id
        )
        .exists()
    )
    found = db.session.execute(
        select(AttachedEvidence.criterion_code, func.coalesce(EvidenceVersion.title, EvidenceItem.title))
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .join(EvidenceVersion, EvidenceVersion.id == AttachedEvidence.version_id)
        .where(AttachedEvidence.application_id == assessment.application_id, ~opened)
        .order_by(AttachedEvidence.criterion_code, AttachedEvidence.id)
        .limit(MOST_UNOPENED)
    )
    return tuple((code, title) for code, title in found)


@dataclass(frozen=True)
class CitedNote:
    """A note of a visit that a score rests on, as those who decide read it."""

    by: str
    what: str
    happened_at: datetime
    text: str


def cited_notes(session: Session, assessments: Sequence[Assessment]) -> dict[str, tuple[CitedNote, ...]]:
    """By criterion, the notes that the scores of these assessments rest on. One statement. They must be handed in."""
    names = {each.id: each.assessor.name for each in assessments}
    rows = session.execute(
        select(Citation.assessment_id, Citation.criterion_code, VisitNote)
        .join(VisitNote, VisitNote.id == Citation.note_id)
        .where(Citation.assessment_id.in_(names))
        .order_by(VisitNote.happened_at, VisitNote.id)
        .limit(MOST_CITED)
    )
    found: dict[str, tuple[CitedNote, ...]] = {}
    for assessment_id, code, note in rows:
        words = NOTE_WORDS[note.kind]
        what = f"{words}: {note.role}" if note.role else words
        cited = CitedNote(names[assessment_id], what, note.happened_at, note.text)
        found[code] = (*found.get(code, ()), cited)
    return found
