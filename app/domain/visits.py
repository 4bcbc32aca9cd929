"""Visits of an assessor: how they go on, and the marks on their notes."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.lifecycle.life import after
from app.domain.uk_time import UK

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


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


def moment_of(day: date, clock: str, field: str) -> datetime:
    """The moment at which clocks in the United Kingdom show `clock` ("9:30", "14.00") on `day`. Raises Invalid on `field`.

    The hour that is skipped in spring is refused; of the hour that comes twice in autumn, the first is meant.
    """
    found = _CLOCK.fullmatch(clock.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        raise Invalid({field: "Write the time like 9:30 or 14:00."})
    local = datetime.combine(day, time(int(found[1]), int(found[2] or 0)), UK)
    moment = local.astimezone(UTC)
    if moment.astimezone(UK).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Invalid({field: "Clocks go forward in that hour of that day, so it does not exist. Choose another."})
    return moment


def check_note(kind: NoteKind, role: str, text: str) -> None:
    """An interview needs the role of who was spoken to, and every note its words. Raises Invalid."""
    errors: dict[str, str] = {}
    if not text.strip():
        errors["text"] = "Write what you heard, saw or read."
    if kind is NoteKind.INTERVIEW and not role.strip():
        errors["role"] = "Say what role the person has, such as “volunteer”. Do not write a name."
    if errors:
        raise Invalid(errors)
