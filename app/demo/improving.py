"""Two providers with an improvement plan: what was done over the months, what is late, what comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.lifecycle import EDITABLE
from app.domain.plan import ActionMove, Wanted
from app.extensions import db
from app.models import Application
from app.queries.plan_suggestions import suggestions_page
from app.services import plan
from app.services.readiness_snapshots import take_readiness_snapshots

LEAD, TEAM = 0, 1  # places among a provider's people
LOOKED = (60, 30, 16, 9, 4, 2)  # days ago, when readiness was kept
TAKEN = 4


@dataclass(frozen=True)
class Told:
    """One action. Days are counted back from today, those of `due` too; below 0 they lie ahead."""

    added: int
    title: str
    notes: str = ""
    who: int | str = LEAD
    due: int | None = None
    started: int | None = None
    done: int | None = None
    dropped: tuple[int, str] | None = None


PLANS: dict[str, tuple[Told, ...]] = {
    "bay-memory": (
        Told(150, "Write down who stands in for the coordinator", "So that a week of illness stops nothing.", done=118),
        Told(
            150, "Ask members what makes a good afternoon", "Cards with pictures, and time to talk.", TEAM, 90, done=96
        ),
        Told(120, "Check the first-aid certificates", "Two run out this year.", TEAM, 75, done=80),
        Told(96, "Find a second person who can pay bills", "The bank sends the form.", "Treasurer", 60, done=41),
        Told(80, "Put handrails by the garden door", who="Treasurer", due=30, dropped=(35, "The landlord did it.")),
        Told(62, "Go through the safeguarding policy with all volunteers", "At the autumn meeting.", TEAM, 20, 40, 18),
        Told(45, "Test the continuity plan", "One afternoon as if the hall were closed.", LEAD, 6, 25),
        Told(30, "Show trustees what members said, twice a year", "", LEAD, -9, 12),
        Told(21, "Agree with the memory clinic how news is passed on", "Their nurse leads on it.", TEAM, -26),
        Told(12, "Find a trustee who has used the service", "Ask at the carers’ lunch.", "Chair of trustees", -75),
        Told(5, "Measure how much paper and fuel we use", "A first count is enough."),
    ),
    "kent-estuary": (
        Told(70, "Renew the food hygiene certificates", "", LEAD, 40, done=44),
        Told(26, "Write a plain summary of the complaints procedure", "Large print, one side of paper.", LEAD, 3, 14),
        Told(26, "Ask a member to join interviews for new staff", "", LEAD, -40),
    ),
}


def improving_stories(stage: Stage, today: date) -> Iterable[Story]:
    """The plans, and how ready applications were on some days."""
    yield _looks(stage, today)
    for key, actions in PLANS.items():
        provider = stage.cast.provider(key)
        for place, told in enumerate(actions):
            yield _life(stage, provider, told, today, place)
        yield _from_what_is_missing(stage, provider, today)


def _looks(stage: Stage, today: date) -> Story:
    for ago in LOOKED:
        yield at(today - days(ago), 23, 30)
        take_readiness_snapshots(stage.now)


def _life(stage: Stage, provider: Provider, told: Told, today: date, place: int) -> Story:
    """One action from its first day on."""
    yield at(today - days(told.added), 11, place)
    actor = stage.actor(provider.people[LEAD])
    wanted = Wanted(
        title=told.title,
        notes=told.notes,
        owner_id=stage.user_id(provider.people[told.who]) if isinstance(told.who, int) else None,
        owner_name="" if isinstance(told.who, int) else told.who,
        due_on=None if told.due is None else today - days(told.due),
    )
    [action_id] = plan.add_actions(stage.organisation_ids[provider.key], [wanted], actor=actor, now=stage.now)
    if told.started is not None:
        yield at(today - days(told.started), 10, place)
        plan.move_action(action_id, ActionMove.START, actor=actor, now=stage.now)
    if told.done is not None:
        yield at(today - days(told.done), 16, place)
        plan.move_action(action_id, ActionMove.FINISH, actor=actor, now=stage.now)
    if told.dropped is not None:
        ago, reason = told.dropped
        yield at(today - days(ago), 16, place)
        plan.move_action(action_id, ActionMove.DROP, reason, actor=actor, now=stage.now)


def _from_what_is_missing(stage: Stage, provider: Provider, today: date) -> Story:
    """The first things that the self-assessment lacks, taken into the plan."""
    yield at(today - days(2), 14, 10)
    actor = stage.actor(provider.people[LEAD])
    application_id = db.session.scalars(
        select(Application.id)
        .where(Application.organisation_id == stage.organisation_ids[provider.key], Application.status.in_(EDITABLE))
        .order_by(Application.id)
        .limit(1)
    ).first()
    if application_id is None:
        return
    found = suggestions_page(application_id, actor, stage.today).suggestions[:TAKEN]
    wanted = [
        Wanted(
            each.title,
            each.notes,
            actor.user_id if place % 2 else None,
            due_on=today + days(12 + 9 * place),
            application_id=application_id,
            criterion_code=each.criterion_code,
            source=each.source,
        )
        for place, each in enumerate(found)
    ]
    if wanted:
        plan.add_actions(stage.organisation_ids[provider.key], wanted, actor=actor, now=stage.now)
