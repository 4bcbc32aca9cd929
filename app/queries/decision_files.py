"""The papers of a decision to download: its letter, and the minutes once they are signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.access import Action, Actor, may, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Decision
from app.queries.subjects import subject_of
from app.queries.votes import subject_of_panel

NONE_HERE = "There is no such page, or it is not open to you."


@dataclass(frozen=True)
class PaperFile:
    """Where a stored paper is, its hash, and the name to download it under."""

    storage_key: str
    sha256: str
    filename: str


def letter_file(decision_id: int, actor: Actor, today: date) -> PaperFile:
    """The letter of a decision, for the provider, the scheme's office and the panel. Raises NotFound, NotAllowed."""
    decision = _decision(decision_id)
    subject = subject_of(db.session(), decision.panel.application, today)
    if not _judges(decision, actor, today):
        require(actor, Action.SEE_APPLICATION, subject)
    if not decision.letter_key:
        raise NotFound("This decision was recorded before letters were kept. Its reasons stand on the case.")
    return PaperFile(decision.letter_key, decision.letter_sha256, f"decision-{decision.id}.pdf")


def minutes_file(decision_id: int, actor: Actor, today: date) -> PaperFile:
    """The signed minutes of a decision, for the scheme's office and the panel. Raises NotFound."""
    decision = _decision(decision_id)
    if not _judges(decision, actor, today) or not decision.minutes_key:
        raise NotFound(NONE_HERE)
    return PaperFile(decision.minutes_key, decision.minutes_sha256, f"minutes-{decision.id}.pdf")


def _judges(decision: Decision, actor: Actor, today: date) -> bool:
    """Whether the actor reads the case for the scheme: in its office, or on the panel that decided."""
    application = decision.panel.application
    in_office = may(actor, Action.SEE_CASE, subject_of(db.session(), application, today))
    return in_office or may(actor, Action.SEE_PANEL_CASE, subject_of_panel(db.session(), decision.panel))


def _decision(decision_id: int) -> Decision:
    decision = db.session.get(Decision, decision_id)
    if decision is None:
        raise NotFound(NONE_HERE)
    return decision
