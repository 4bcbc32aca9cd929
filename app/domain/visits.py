"""Visits of an assessor: how they go on, and the marks on their notes."""

from collections.abc import Mapping
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.lifecycle.life import after


class VisitStatus(StrEnum):
    """Where a visit stands."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"


class VisitMove(StrEnum):
    """What can happen to a visit."""

    CONFIRM = "confirm"
    CHANGE = "change"
    HOLD = "note as held"
    CANCEL = "cancel"


class VisitWay(StrEnum):
    """How people meet."""

    ON_SITE = "on-site"
    ONLINE = "online"
    TELEPHONE = "telephone"


class NoteKind(StrEnum):
    """What a note of a visit is of."""

    INTERVIEW = "interview"
    OBSERVATION = "observation"
    DOCUMENT = "document"


class ProposalState(StrEnum):
    """What became of another time that a provider proposed."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


_S, _M = VisitStatus, VisitMove
VISIT_MOVES: Mapping[tuple[VisitStatus, VisitMove], VisitStatus] = {
    (_S.PLANNED, _M.CONFIRM): _S.CONFIRMED,
    (_S.PLANNED, _M.CHANGE): _S.PLANNED,
    (_S.PLANNED, _M.HOLD): _S.HELD,
    (_S.PLANNED, _M.CANCEL): _S.CANCELLED,
    (_S.CONFIRMED, _M.CHANGE): _S.PLANNED,
    (_S.CONFIRMED, _M.HOLD): _S.HELD,
    (_S.CONFIRMED, _M.CANCEL): _S.CANCELLED,
}
TO_COME = frozenset({VisitStatus.PLANNED, VisitStatus.CONFIRMED})
WAY_WORDS = {
    VisitWay.ON_SITE: "At the place itself",
    VisitWay.ONLINE: "Online",
    VisitWay.TELEPHONE: "By telephone",
}
NOTE_WORDS = {
    NoteKind.INTERVIEW: "Interview",
    NoteKind.OBSERVATION: "Observation",
    NoteKind.DOCUMENT: "Document seen",
}


def visit_after(status: VisitStatus, move: VisitMove) -> VisitStatus:
    """The status that `move` leads to. Raises IllegalMove."""
    return after(VISIT_MOVES, status, move, "visit")


def check_note(kind: NoteKind, role: str, text: str) -> None:
    """An interview needs the role of who was spoken to, and every note its words. Raises Invalid."""
    errors: dict[str, str] = {}
    if not text.strip():
        errors["text"] = "Write what you heard, saw or read."
    if kind is NoteKind.INTERVIEW and not role.strip():
        errors["role"] = "Say what role the person has, such as “volunteer”. Do not write a name."
    if errors:
        raise Invalid(errors)
