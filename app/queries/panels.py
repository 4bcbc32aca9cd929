"""What panel members see: their cases, the declaration, the case, the votes, the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.access import Action, Actor, may_somewhere, require
from app.domain.errors import NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus, PanelStatus
from app.extensions import db
from app.models import Application, Panel, PanelSeat
from app.queries.assessment_basics import facts_in_words
from app.queries.frameworks import framework_of
from app.queries.outcomes import level_title
from app.queries.reading import AreaReading, CaseReading, area_reading, case_reading
from app.queries.votes import (
    DecisionRow,
    SeatRow,
    decided_words,
    decision_row,
    seat_row,
    subject_of_panel,
)

MOST_PANELS = 200


@dataclass(frozen=True)
class PanelRow:
    """One panel in a member's list. `next_step` says what the member has to do; empty when there is nothing."""

    panel_id: int
    provider: str
    framework: str
    meets_on: date | None
    late: bool
    chairs: bool
    next_step: str
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True)
class PanelCase:
    """What every page of one panel shows. Before the declaration only names and dates."""

    panel_id: int
    application_id: int
    provider: str
    framework: str
    target: str
    meets_on: date | None
    declared: bool
    conflicted: bool
    chairs: bool
    bar: str
    decided: bool
    voted: bool
    closed_at: datetime | None = None
    meeting_id: int | None = None
    read_at: datetime | None = None


@dataclass(frozen=True)
class PanelPage:
    """The case as a sitting member reads it."""

    case: PanelCase
    summary: str
    reading: CaseReading
    facts: tuple[tuple[str, str], ...]
    seats: tuple[SeatRow, ...]
    decision: DecisionRow | None
    open: bool


def panel_home(actor: Actor, today: date) -> tuple[PanelRow, ...]:
    """The panels that the actor is called to: those to act on first, by date, then the latest. Three statements.

    Raises NotAllowed to those who sit on no panel of any scheme.
    """
    if not may_somewhere(actor, Action.SEE_PANELS):
        raise NotAllowed("Only panel members have panels.")
    seats = db.session.scalars(
        select(PanelSeat)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .where(PanelSeat.user_id == actor.user_id)
        .options(
            joinedload(PanelSeat.panel).joinedload(Panel.application).joinedload(Application.organisation),
            joinedload(PanelSeat.panel).joinedload(Panel.application).joinedload(Application.edition),
            joinedload(PanelSeat.panel).joinedload(Panel.decision),
        )
        .order_by(Panel.id.desc())
        .limit(MOST_PANELS)
    ).all()
    held = {scheme_id for scheme_id, roles in actor.schemes.items() if roles}
    rows = [_panel_row(seat, today) for seat in seats if seat.panel.application.scheme_id in held]
    rows.sort(key=lambda row: row.meets_on or date.max)
    waiting = [row for row in rows if row.next_step]
    return (*waiting, *(row for row in reversed(rows) if not row.next_step))


def _panel_row(seat: PanelSeat, today: date) -> PanelRow:
    panel, application = seat.panel, seat.panel.application
    decision = panel.decision
    open_ = decision is None and application.status is ApplicationStatus.WITH_PANEL
    return PanelRow(
        panel_id=panel.id,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        meets_on=panel.meets_on,
        late=open_ and panel.meets_on is not None and panel.meets_on < today,
        chairs=panel.chair_id == seat.user_id,
        next_step=_next_step(seat, panel) if open_ else "",
        decision=decided_words(framework_of(application.edition), decision) if decision else "",
        decided_at=decision.decided_at if decision else None,
    )


def _next_step(seat: PanelSeat, panel: Panel) -> str:
    if seat.conflicted:
        return ""
    if seat.declared_at is None:
        return "Declare interests"
    if not seat.vote and panel.status is PanelStatus.CALLED:
        return "Read the case and vote"
    return "Record the decision" if panel.chair_id == seat.user_id else ""


def own_panel(panel_id: int, actor: Actor) -> PanelCase:
    """What a called member may know before declaring, and whether they have. Raises NotFound to everybody else."""
    panel = _panel(panel_id)
    return panel_case(panel, _own_seat(panel, actor))


def _panel(panel_id: int) -> Panel:
    panel = db.session.get(
        Panel,
        panel_id,
        options=[
            joinedload(Panel.application).joinedload(Application.organisation),
            joinedload(Panel.application).joinedload(Application.edition),
            joinedload(Panel.decision),
            selectinload(Panel.seats).joinedload(PanelSeat.user),
        ],
    )
    if panel is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return panel


def _own_seat(panel: Panel, actor: Actor) -> PanelSeat:
    """The actor's seat. One who stood aside still finds it, and nothing more."""
    seat = next((seat for seat in panel.seats if seat.user_id == actor.user_id), None)
    if seat is None or not actor.signed_in:
        raise NotFound("There is no such page, or it is not open to you.")
    if not seat.conflicted:
        require(actor, Action.DECLARE_FOR_PANEL, subject_of_panel(db.session(), panel))
    return seat


def panel_case(panel: Panel, seat: PanelSeat) -> PanelCase:
    application = panel.application
    framework = framework_of(application.edition)
    return PanelCase(
        panel_id=panel.id,
        application_id=application.id,
        provider=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        target=level_title(framework, application.target),
        meets_on=panel.meets_on,
        declared=seat.declared_at is not None,
        conflicted=seat.conflicted,
        chairs=panel.chair_id == seat.user_id,
        bar=str(framework.assessment.conflict_bar),
        decided=panel.decision is not None,
        voted=bool(seat.vote),
        closed_at=panel.vote_closed_at if panel.status is PanelStatus.VOTE_CLOSED else None,
        meeting_id=panel.meeting_id,
        read_at=seat.read_at,
    )


def readable_panel(panel_id: int, actor: Actor) -> tuple[Panel, PanelSeat]:
    """The panel and the actor's seat, if the case is open to them. Raises NotFound, NotAllowed."""
    panel = _panel(panel_id)
    require(actor, Action.SEE_PANEL_CASE, subject_of_panel(db.session(), panel))
    return panel, _own_seat(panel, actor)


def panel_page(panel_id: int, actor: Actor, today: date) -> PanelPage:
    """The case in short with the votes. Raises NotFound, and NotAllowed before the declaration or after a conflict."""
    panel, seat = readable_panel(panel_id, actor)
    application = panel.application
    framework = framework_of(application.edition)
    shown = votes_shown(panel, seat)
    return PanelPage(
        case=panel_case(panel, seat),
        summary=application.organisation.summary,
        reading=case_reading(db.session(), application, today),
        facts=facts_in_words(framework, application.facts),
        seats=tuple(seat_row(framework, panel, each, shown or each is seat) for each in panel.seats),
        decision=decision_row(framework, panel.decision) if panel.decision else None,
        open=panel.decision is None and application.status is ApplicationStatus.WITH_PANEL,
    )


def votes_shown(panel: Panel, seat: PanelSeat) -> bool:
    """Whether a member may see how the others voted: once they have voted themselves, or nothing changes any more."""
    return (
        bool(seat.vote) or panel.status in (PanelStatus.VOTE_CLOSED, PanelStatus.DECIDED) or panel.decision is not None
    )


def panel_area(panel_id: int, code: str, actor: Actor, today: date) -> tuple[PanelCase, AreaReading]:
    """One area of the case, criterion by criterion. Raises NotFound, NotAllowed."""
    panel, seat = readable_panel(panel_id, actor)
    return panel_case(panel, seat), area_reading(db.session(), panel.application, code, today)
