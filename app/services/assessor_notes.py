"""Notes that an assessor writes for themselves, and the phrases that their reasons begin with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, may_somewhere
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, check_length
from app.models import Assessment, AssessorNote, AssessorPhrase
from app.services.assessing import asked_criterion, open_for_scoring, record_on_assessment
from app.services.transactions import record, transaction

LONGEST = 20_000
LONGEST_PHRASE = 500
MOST_PHRASES = 60


def keep_note(assessment_id: int, code: str, text: str, version: int, *, actor: Actor, now: datetime) -> int:
    """Keep the actor's note on one criterion, or on the whole case where `code` is empty. Returns its version.

    `version` is that of the note which was changed, 0 for none. The audit row says that a note was kept and never what it
    says: it is the assessor's own. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    check_length(text, LONGEST, "text")
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        if code:
            asked_criterion(assessment.application, code)
        note = _note(session, assessment, code)
        if note is None:
            note = AssessorNote(assessment_id=assessment.id, criterion_code=code, version=0)
            session.add(note)
        elif note.text == text.strip():
            return note.version
        elif note.version != version:
            raise Conflict("This note was changed in another window since you opened it here.")
        note.text, note.version, note.updated_at = text.strip(), note.version + 1, now
        record_on_assessment(session, actor, "note.kept", assessment, now, criterion=code, version=note.version)
        return note.version


def _note(session: Session, assessment: Assessment, code: str) -> AssessorNote | None:
    mine = (AssessorNote.assessment_id == assessment.id, AssessorNote.criterion_code == code)
    return session.scalars(select(AssessorNote).where(*mine)).first()


def add_phrase(text: str, point: str, *, actor: Actor, now: datetime) -> None:
    """Keep a phrase for the actor's own reasons, with one score or with any. Raises NotAllowed, Invalid."""
    words = text.strip()
    if not words:
        raise Invalid({"text": "Write the phrase."})
    check_length(words, LONGEST_PHRASE, "text")
    with transaction() as session:
        user_id = _own(actor)
        mine = AssessorPhrase.user_id == user_id
        if (session.scalar(select(func.count()).select_from(AssessorPhrase).where(mine)) or 0) >= MOST_PHRASES:
            raise Invalid({"text": f"You have {MOST_PHRASES} phrases. Remove one that you do not use first."})
        if session.scalars(select(AssessorPhrase).where(mine, AssessorPhrase.text == words)).first():
            raise Invalid({"text": "You have this phrase already."})
        phrase = AssessorPhrase(user_id=user_id, point=point[:20], text=words, created_at=now)
        session.add(phrase)
        record(session, actor, "phrase.added", phrase, now)


def remove_phrase(phrase_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget one of the actor's own phrases. Raises NotAllowed, NotFound."""
    with transaction() as session:
        user_id = _own(actor)
        phrase = session.get(AssessorPhrase, phrase_id)
        if phrase is None or phrase.user_id != user_id:
            raise NotFound("There is no such phrase.")
        record(session, actor, "phrase.removed", phrase, now)
        session.delete(phrase)


def _own(actor: Actor) -> int:
    if actor.user_id is None or not may_somewhere(actor, Action.SEE_ASSESSMENTS):
        raise NotAllowed("Only assessors keep phrases.")
    return actor.user_id
