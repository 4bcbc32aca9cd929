"""Signing the minutes of a panel: from then on they never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from app.backends.storage import Storage
from app.certificates.minutes import minutes_pdf
from app.domain.access import Action, Actor
from app.domain.errors import Conflict, Incomplete
from app.domain.lifecycle import DECISION, DecisionMove
from app.queries.minutes import minutes_facts, signed_words
from app.services.casework import record_on, user_id
from app.services.sitting import held_panel
from app.services.transactions import transaction


def sign_minutes(panel_id: int, font_dir: Path, *, storage: Storage, actor: Actor, now: datetime, today: date) -> str:
    """Sign the minutes as they stand and store them by their hash, which is returned.

    Raises NotFound, NotAllowed to everybody but the chair, Incomplete before the decision or without a record of the
    discussion, Conflict where they are signed already.
    """
    with transaction() as session:
        panel, application = held_panel(session, panel_id, actor, Action.DECIDE)
        decision = panel.decision
        if decision is None:
            raise Incomplete("Record the decision first: the minutes say what was decided.")
        if decision.signed_at is not None:
            raise Conflict("These minutes are signed already.")
        if not panel.discussion.strip():
            raise Incomplete("Write the record of the discussion first. It stands in the minutes.")
        if DecisionMove.SIGN in DECISION.open_to(decision.status):  # after an appeal the signature is late, and no news
            decision.make(DecisionMove.SIGN)
        facts = replace(minutes_facts(session, panel, today), signed=signed_words(actor.name, now))
        stored = storage.put(BytesIO(minutes_pdf(facts, font_dir)))
        decision.minutes_key, decision.minutes_sha256 = stored.key, stored.sha256
        decision.signed_at, decision.signed_by_id = now, user_id(actor)
        record_on(session, actor, "decision.minutes-signed", decision, application, now, sha256=stored.sha256)
        return stored.sha256
