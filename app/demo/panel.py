"""Meetings of the panel with notes, signed minutes of what was decided lately, and a condition that was answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from sqlalchemy import select

from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor, Role
from app.domain.lifecycle import ApplicationStatus, ConditionStatus
from app.domain.meetings import MeetingPlan
from app.domain.uk_time import UK
from app.extensions import db
from app.models import Application, AwardCondition, Decision, Membership, Panel, PanelSeat, User
from app.queries.people import actor_of
from app.services import conditions, meetings
from app.services.minutes import sign_minutes
from app.services.panel_notes import mark_read, write_discussion, write_note
from app.services.sitting import stands_in_the_way

SIGNED_UP_TO, CALLED, NOTED, ANSWERED, IN = 330, 5, 2, 12, 9  # days
MOST_SIGNED, MOST_CASES, MOST_LOOKED_AT = 12, 3, 50
DISCUSSION = (
    "The panel went through the outcome part by part and looked longest at what held the level back. Members asked how the "
    "assessor had seen it in practice, and were content that the evidence was current. Nobody asked for more."
)
NOTES = (
    "The survey is strong, but it was answered by few. I would like to hear how those who did not answer were asked again.",
    "Training records are complete for staff. For volunteers I found only the last year.",
)
MET = "We have done what the condition asks. The board saw it on 3 November, and the record is in our library."


def panel_stories(stage: Stage, today: date) -> Iterable[Story]:
    """The meeting to come, the minutes of the decisions of the last months, and a condition that waits for the office."""
    yield _minutes_story(stage, today)
    yield _condition_story(stage, today)
    yield _meeting_story(stage, today)


def _meeting_story(stage: Stage, today: date) -> Story:
    yield at(today - days(CALLED), 15)
    manager, members = stage.actor(stage.cast.manager), [stage.user_id(each) for each in stage.cast.panel]
    found = _ready(stage, today)
    if found:
        starts = datetime.combine(today + days(IN), time(14), UK)
        link = "https://meet.example.org/community-care-mark"
        plan = MeetingPlan(starts, 150, "Friends Meeting House, Lancaster", link, tuple(members), members[0])
        meetings.call_meeting("community-care-mark", plan, found, actor=manager, now=stage.now, today=stage.today)
    yield at(today - days(NOTED), 19)
    for panel_id, words in zip(_open_panels(), NOTES, strict=False):
        _note(stage, panel_id, words)


def _ready(stage: Stage, today: date) -> list[int]:
    """The cases that can go to a panel, those first that have waited longest, then those whose panel was to meet alone."""
    assessed = db.session.scalars(
        select(Application)
        .where(Application.scheme_id == stage.scheme_id, Application.status == ApplicationStatus.ASSESSED)
        .order_by(Application.status_at)
        .limit(MOST_LOOKED_AT)
    ).all()
    alone = db.session.scalars(
        select(Panel.application_id)
        .join(Application, Application.id == Panel.application_id)
        .where(
            Application.scheme_id == stage.scheme_id,
            Application.status == ApplicationStatus.WITH_PANEL,
            Panel.meeting_id.is_(None),
            ~Panel.seats.any(PanelSeat.declared_at.is_not(None)),
        )
        .order_by(Panel.id)
        .limit(MOST_CASES)
    ).all()
    ready = [each.id for each in assessed if not stands_in_the_way(db.session(), each, today)]
    return [*ready, *alone][:MOST_CASES]


def _open_panels() -> list[int]:
    """The panels that have not decided and on which somebody has declared, the latest last."""
    declared = select(PanelSeat.panel_id).where(PanelSeat.declared_at.is_not(None), PanelSeat.conflicted.is_(False))
    return list(
        db.session.scalars(
            select(Panel.id)
            .join(Application, Application.id == Panel.application_id)
            .where(Application.status == ApplicationStatus.WITH_PANEL, Panel.id.in_(declared))
            .order_by(Panel.id)
        )
    )


def _note(stage: Stage, panel_id: int, words: str) -> None:
    """Whoever declared first has read the pack and notes something; a chair who declared keeps a record."""
    panel = db.session.get_one(Panel, panel_id)
    seats = [seat for seat in panel.seats if seat.declared_at and not seat.conflicted]
    who, chairs = seats[-1].user_id, any(seat.user_id == panel.chair_id for seat in seats)
    reader, chair = _actor(who), _actor(panel.chair_id)
    mark_read(panel_id, actor=reader, now=stage.now)
    write_note(panel_id, words, 0, actor=reader, now=stage.now)
    if chairs:
        write_discussion(panel_id, DISCUSSION, 0, actor=chair, now=stage.now)


def _actor(user_id: int) -> Actor:
    return actor_of(db.session.get_one(User, user_id))


def _minutes_story(stage: Stage, today: date) -> Story:
    """The chair signs what was decided in the last months; the newest waits."""
    yield at(today - days(1), 17)
    found = db.session.execute(
        select(Decision.panel_id, Panel.chair_id)
        .join(Panel, Panel.id == Decision.panel_id)
        .join(Application, Application.id == Panel.application_id)
        .where(
            Application.scheme_id == stage.scheme_id,
            Decision.letter_key != "",
            Decision.decided_at >= stage.now - days(SIGNED_UP_TO),
        )
        .order_by(Decision.id.desc())
        .limit(MOST_SIGNED + 1)
    ).all()
    for panel_id, chair_id in found[1:]:
        chair = _actor(chair_id)
        write_discussion(panel_id, DISCUSSION, 0, actor=chair, now=stage.now)
        fonts = stage.issue.font_dir
        sign_minutes(panel_id, fonts, storage=stage.storage, actor=chair, now=stage.now, today=stage.today)


def _condition_story(stage: Stage, today: date) -> Story:
    """A holder says that its condition is met; the office has not looked at it yet."""
    yield at(today - days(ANSWERED), 11)
    condition = db.session.scalars(
        select(AwardCondition)
        .where(AwardCondition.status == ConditionStatus.OPEN, AwardCondition.due_on >= today)
        .order_by(AwardCondition.id)
        .limit(1)
    ).first()
    if condition is None:
        return
    lead = db.session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == condition.award.organisation_id, Membership.role == Role.LEAD)
        .order_by(User.id)
        .limit(1)
    ).one()
    offer = conditions.Offer(MET)
    conditions.offer_condition(
        condition.id, offer, storage=stage.storage, actor=actor_of(lead), now=stage.now, today=stage.today
    )
