"""Who a private calendar address belongs to, and what it may still tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Organisation, PlanFeed, User
from app.queries.organisations import own_organisation
from app.queries.people import actor_of
from app.queries.plan import ActionRow, all_actions

GONE = "This calendar is not there any more. Take the subscription out of your calendar, or make a new address."
LONGEST_TOKEN = 100


@dataclass(frozen=True)
class FeedRow:
    """One's own private address, without its secret."""

    only_mine: bool
    made_at: datetime


@dataclass(frozen=True)
class CalendarPage:
    """The page on which somebody takes the plan into a calendar."""

    organisation_id: int
    organisation: str
    feed: FeedRow | None


@dataclass(frozen=True)
class Calendar:
    """What a calendar is told."""

    organisation: str
    rows: tuple[ActionRow, ...]
    only_mine: bool


def calendar_page(organisation_id: int, actor: Actor) -> CalendarPage:
    """Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PLAN)
    feed = db.session.scalars(
        select(PlanFeed).where(
            PlanFeed.user_id == actor.user_id,
            PlanFeed.organisation_id == organisation_id,
            PlanFeed.ended_at.is_(None),
        )
    ).first()
    row = FeedRow(feed.only_mine, feed.made_at) if feed else None
    return CalendarPage(organisation_id, organisation.name, row)


def calendar_of(organisation_id: int, actor: Actor, today: date, *, only_mine: bool) -> Calendar:
    """What a person downloads. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PLAN)
    rows = all_actions(organisation_id, actor, today, only_mine=only_mine)
    return Calendar(organisation.name, rows, only_mine)


def calendar_at(token: str, today: date) -> Calendar:
    """What the private address with that secret tells, as long as its owner may see the plan. Raises NotFound."""
    found = db.session.execute(
        select(PlanFeed, User, Organisation)
        .join(User, User.id == PlanFeed.user_id)
        .join(Organisation, Organisation.id == PlanFeed.organisation_id)
        .where(
            PlanFeed.token_hash == sha256(token[:LONGEST_TOKEN].encode()).hexdigest(),
            PlanFeed.ended_at.is_(None),
            User.closed_at.is_(None),
        )
    ).first()
    if found is None:
        raise NotFound(GONE)
    feed, user, organisation = found
    actor = actor_of(user, today)
    if not may(actor, Action.SEE_PLAN, Subject(organisation_id=feed.organisation_id)):
        raise NotFound(GONE)
    rows = all_actions(feed.organisation_id, actor, today, only_mine=feed.only_mine)
    return Calendar(organisation.name, rows, feed.only_mine)
