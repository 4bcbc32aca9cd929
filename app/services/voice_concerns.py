"""What a scheme's managers do: look after concerns, and decide about answers that came many at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.models import (
    Scheme,
    Standing,
    StepKind,
    VoiceAnswer,
    VoiceConcern,
    VoiceConcernStep,
    VoiceRound,
)
from app.queries.concerns import concern_subject, looks_after
from app.queries.voice_held import in_scheme
from app.services.transactions import locked, record, transaction

LONGEST_WORDS = 4_000
LONGEST_TO = 200
CHANGED = "Another manager has written something meanwhile. It stands below. Read it, then send yours again."


@dataclass(frozen=True)
class Step:
    """What a manager did. `to_whom` is needed where it was passed on, `words` for a note and for closing."""

    kind: StepKind
    words: str = ""
    to_whom: str = ""


def handle_concern(code: str, concern_id: int, step: Step, version: int, *, actor: Actor, now: datetime) -> None:
    """Write down what was done about a concern. Nothing written before is changed.

    Raises NotFound for everybody but the managers who look after it, Invalid, and Conflict where somebody else has
    written meanwhile (`version` is that of the page).
    """
    with transaction() as session:
        concern, scheme = _held(session, code, concern_id, actor)
        _check(step)
        if concern.version != version:
            raise Conflict(CHANGED)
        if (step.kind is StepKind.REOPENED) != (concern.closed_at is not None):
            raise Conflict(
                "This concern is closed. Open it again first." if concern.closed_at else "It is open already."
            )
        concern.version += 1
        if step.kind in {StepKind.CLOSED, StepKind.REOPENED}:
            concern.closed_at = now if step.kind is StepKind.CLOSED else None
        session.add(
            VoiceConcernStep(
                concern_id=concern.id,
                kind=step.kind,
                at=now,
                by_id=actor.user_id,
                to_whom=step.to_whom.strip(),
                words=step.words.strip(),
            )
        )
        record(session, actor, f"concern.{step.kind.value}", concern, now, scheme_id=scheme.id)


def _held(session: Session, code: str, concern_id: int, actor: Actor) -> tuple[VoiceConcern, Scheme]:
    """The concern, held, under one of the schemes that look after it. Who may not see it learns nothing: NotFound."""
    scheme = session.scalars(select(Scheme).where(Scheme.code == code)).first()
    concern = session.get(VoiceConcern, concern_id)
    if scheme is None or concern is None or not looks_after(session, scheme.id, concern, actor):
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.HANDLE_CONCERN, concern_subject(session, scheme.id, concern.organisation_id))
    return locked(session, VoiceConcern, concern_id), scheme


def _check(step: Step) -> None:
    check_length(step.words, LONGEST_WORDS, "words")
    check_length(step.to_whom, LONGEST_TO, "to_whom")
    if step.kind is StepKind.PASSED_ON and not step.to_whom.strip():
        raise Invalid({"to_whom": "Say to whom you passed it on, such as the council's safeguarding team."})
    if step.kind in {StepKind.NOTE, StepKind.CLOSED, StepKind.REOPENED} and not step.words.strip():
        raise Invalid({"words": "Write what was done or found."})


def judge_held(code: str, round_id: int, count_them: bool, reason: str, *, actor: Actor, now: datetime) -> int:
    """Let the answers of a round that came many at once count, or leave them out for good. Returns how many it was.

    Raises NotFound, NotAllowed, Invalid without a reason, Conflict where none waits.
    """
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == code)).first()
        found = locked(session, VoiceRound, round_id)
        if scheme is None or not in_scheme(session, scheme.id, found.id):
            raise NotFound("There is no such page, or it is not open to you.")
        subject = concern_subject(session, scheme.id, found.organisation_id)
        require(actor, Action.HANDLE_CONCERN, subject)
        check_length(reason, LONGEST_WORDS, "reason")
        if not reason.strip():
            raise Invalid({"reason": "Say why, for the record."})
        waiting = (VoiceAnswer.round_id == round_id) & (VoiceAnswer.standing == Standing.HELD)
        number = len(session.scalars(select(VoiceAnswer.id).where(waiting)).all())
        if not number:
            raise Conflict("No answers of this round wait any more.")
        standing = Standing.COUNTED if count_them else Standing.LEFT_OUT
        session.execute(update(VoiceAnswer).where(waiting).values(standing=standing, network=None, received_on=None))
        action = "feedback.released" if count_them else "feedback.left-out"
        record(
            session, actor, action, found, now, organisation_id=found.organisation_id, scheme_id=scheme.id,
            answers=number, why=reason.strip(),
        )  # fmt: skip
        return number
