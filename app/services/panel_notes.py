"""What members of a panel note: that they have read the case, their notes for each other, the chair's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.errors import Conflict, check_length
from app.models import Panel, PanelNote
from app.services.casework import record_on, user_id
from app.services.sitting import held_panel, own_seat
from app.services.transactions import transaction

LONGEST = 20_000
TWICE = "This was saved in another window meanwhile. Your words are still in the form."
SIGNED = "The chair has signed the minutes, so nothing in them can change."


@dataclass(frozen=True)
class Saved:
    """The version of a note that stands now."""

    version: int
    saved_at: datetime


def mark_read(panel_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that a member has read the case pack. The first time counts. Raises NotFound, NotAllowed."""
    with transaction() as session:
        panel, application = held_panel(session, panel_id, actor, Action.SEE_PANEL_CASE)
        seat = own_seat(session, panel, actor)
        if seat.read_at is None:
            seat.read_at = now
            record_on(session, actor, "panel.pack-read", panel, application, now)


def write_note(panel_id: int, text: str, version: int, *, actor: Actor, now: datetime) -> Saved:
    """Keep one's own note on a case, for the others who sit on it. `version` is that of the note that was shown, 0 for none.

    Raises NotFound, NotAllowed, Invalid (`text`), Conflict where it was saved in another window, or the minutes are signed.
    """
    check_length(text, LONGEST, "text")
    with transaction() as session:
        panel, application = held_panel(session, panel_id, actor, Action.SEE_PANEL_CASE)
        _not_signed(panel)
        note = _note(session, panel.id, user_id(actor))
        if note.version != version:
            raise Conflict(TWICE)
        if note.text != text:
            note.text, note.version, note.updated_at = text, version + 1, now
            session.add(note)
            if not version:  # each save would fill the trail: that there is a note is what it tells
                record_on(session, actor, "panel.note-begun", panel, application, now)
        return Saved(note.version, note.updated_at or now)


def _note(session: Session, panel_id: int, who: int) -> PanelNote:
    """One's note, held by the panel's row; a new one where there is none."""
    found = session.scalars(select(PanelNote).where(PanelNote.panel_id == panel_id, PanelNote.user_id == who)).first()
    return found or PanelNote(panel_id=panel_id, user_id=who, text="", version=0)


def write_discussion(panel_id: int, text: str, version: int, *, actor: Actor, now: datetime) -> Saved:
    """Keep the chair's record of the discussion, which stands in the minutes. It can be corrected until they are signed.

    Raises NotFound, NotAllowed to everybody but the chair, Invalid (`text`), Conflict as `write_note`.
    """
    check_length(text, LONGEST, "text")
    with transaction() as session:
        panel, application = held_panel(session, panel_id, actor, Action.DECIDE)
        _not_signed(panel)
        if panel.discussion_version != version:
            raise Conflict(TWICE)
        if panel.discussion != text:
            before = panel.discussion
            panel.discussion, panel.discussion_version = text, version + 1
            if panel.decision is not None:  # a correction of what was there when the decision was recorded
                record_on(
                    session, actor, "panel.discussion-corrected", panel, application, now, before=before, after=text
                )
        return Saved(panel.discussion_version, now)


def _not_signed(panel: Panel) -> None:
    if panel.decision is not None and panel.decision.signed_at is not None:
        raise Conflict(SIGNED)
