"""Notes of interviews, observations and documents seen, and the scores that rest on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.visits import NoteKind, check_note
from app.models import Assessment, Citation, Visit, VisitGoer, VisitNote
from app.services.assessing import asked_criterion, open_for_scoring, record_on_assessment
from app.services.transactions import locked, transaction

LONGEST = 20_000
MOST_CRITERIA = 40


@dataclass(frozen=True)
class NewNote:
    """What was heard, seen or read, and on which criteria. `role` is that of the person spoken to, never a name."""

    kind: NoteKind
    criteria: tuple[str, ...]
    role: str
    text: str
    happened_at: datetime
    visit_id: int | None = None


def add_note(assessment_id: int, new: NewNote, *, actor: Actor, now: datetime) -> int:
    """Keep a note of one's own. Returns its id. The audit row never holds its words. Raises NotFound, NotAllowed, Invalid."""
    _check(new, now)
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        note = VisitNote(assessment_id=assessment.id, version=0)
        _write(session, assessment, note, new, actor, now)
        session.add(note)
        session.flush()
        record_on_assessment(
            session,
            actor,
            "visit.note-kept",
            assessment,
            now,
            note=note.id,
            kind=new.kind.value,
            criteria=note.criteria,
        )
        return note.id


def change_note(note_id: int, new: NewNote, version: int, *, actor: Actor, now: datetime) -> None:
    """Change a note of one's own. Raises NotFound, NotAllowed, Invalid, Conflict."""
    _check(new, now)
    with transaction() as session:
        note, assessment = _own(session, note_id, actor)
        if note.version != version:
            raise Conflict("This note was changed in another window since you opened it here.")
        _write(session, assessment, note, new, actor, now)
        record_on_assessment(
            session,
            actor,
            "visit.note-changed",
            assessment,
            now,
            note=note.id,
            version=note.version,
            criteria=note.criteria,
        )


def cite(assessment_id: int, code: str, note_id: int, *, on: bool, actor: Actor, now: datetime) -> None:
    """Rest the score of a criterion on a note, or no more. A second time changes nothing. Raises NotFound, NotAllowed."""
    with transaction() as session:
        note, assessment = _own(session, note_id, actor)
        if assessment.id != assessment_id:
            raise NotFound("There is no such note.")
        asked_criterion(assessment.application, code)
        here = (Citation.assessment_id == assessment.id, Citation.criterion_code == code, Citation.note_id == note.id)
        known = session.scalars(select(Citation).where(*here)).first()
        if (known is not None) == on:
            return
        if known is not None:
            session.delete(known)
        else:
            session.add(Citation(assessment_id=assessment.id, criterion_code=code, note_id=note.id, at=now))
        action = "visit.note-cited" if on else "visit.note-uncited"
        record_on_assessment(session, actor, action, assessment, now, note=note.id, criterion=code)


def _check(new: NewNote, now: datetime) -> None:
    check_note(new.kind, new.role, new.text)
    check_length(new.text, LONGEST, "text")
    check_length(new.role, 200, "role")
    if new.happened_at > now:
        raise Invalid({"on": "A note is of something that has happened. Choose a time that is past."})
    if not new.criteria:
        raise Invalid({"criteria": "Say on which criteria this is, such as GOV.1.1."})
    if len(new.criteria) > MOST_CRITERIA:
        raise Invalid({"criteria": f"Name at most {MOST_CRITERIA} criteria."})


def _write(
    session: Session, assessment: Assessment, note: VisitNote, new: NewNote, actor: Actor, now: datetime
) -> None:
    for code in new.criteria:
        asked_criterion(assessment.application, code)
    note.visit_id = _visit(session, assessment, new.visit_id, actor)
    note.kind, note.criteria, note.role = new.kind, list(new.criteria), new.role.strip()
    note.text, note.happened_at, note.updated_at = new.text.strip(), new.happened_at, now
    note.version += 1


def _visit(session: Session, assessment: Assessment, visit_id: int | None, actor: Actor) -> int | None:
    """A visit of the same case that the actor goes on. Raises Invalid."""
    if visit_id is None:
        return None
    goes = (
        select(Visit.id)
        .join(VisitGoer, VisitGoer.visit_id == Visit.id)
        .where(
            Visit.id == visit_id,
            Visit.application_id == assessment.application_id,
            VisitGoer.user_id == actor.user_id,
        )
    )
    if session.scalars(goes).first() is None:
        raise Invalid({"visit": "Choose a visit that you go on."})
    return visit_id


def _own(session: Session, note_id: int, actor: Actor) -> tuple[VisitNote, Assessment]:
    found = session.get(VisitNote, note_id)
    assessment = open_for_scoring(session, found.assessment_id if found else 0, actor)
    return locked(session, VisitNote, note_id), assessment
