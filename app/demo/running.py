"""What happens to awards while they run: yearly returns, spot checks, and one that is provisional."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

import yaml
from sqlalchemy import select

from app.demo.cast import HERE, Person
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor, Role
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import DomainError
from app.domain.lifecycle import NOT_RETURNED, SurveillanceStatus
from app.domain.yearly_return import YearlyReturn
from app.extensions import db
from app.models import Application, Award, Membership, Scheme, SpotCheck, Surveillance, User
from app.queries.frameworks import framework_of
from app.queries.people import actor_of
from app.queries.surveillance import again_asked
from app.services import decisions, panels, spot_checks, surveillance, voting
from app.services.award_work import look_after_awards

WATCHED_SINCE, EVERY = 126, 14  # days
ANSWERED_AFTER, READ_AFTER = timedelta(days=10), timedelta(days=6)
SILENT, VAGUE = 3, 5
"""Of fifteen holders, which one does not answer and which one is asked for more."""
OF = 15
DRAWN, GIVEN_OUT, SEEN = 40, 38, 12  # days ago
VOICE, PROVISIONAL_CASE, LEVEL = "voice-and-dignity", "leith", "provisional"
CALLED = 128  # days ago


@lru_cache(maxsize=1)
def written() -> Mapping[str, Any]:
    """What people say; see running.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((HERE / "running.yaml").read_text("utf-8"))
    return found


def running_stories(stage: Stage, today: date) -> Iterable[Story]:
    """The regular work over some months with what comes of it, the spot checks, and the provisional award."""
    yield _returns_story(stage, today)
    yield _spot_story(stage, today)
    yield _provisional_story(stage, today)


def _returns_story(stage: Stage, today: date) -> Story:
    for ago in range(WATCHED_SINCE, -1, -EVERY):
        yield at(today - days(ago), 6)
        look_after_awards(stage.now)
        _answer(stage)
        _read(stage)


def _looks(statuses: Sequence[SurveillanceStatus]) -> list[Surveillance]:
    found = db.session.scalars(
        select(Surveillance).where(Surveillance.status.in_(statuses)).order_by(Surveillance.id)
    ).all()
    db.session.rollback()
    return list(found)


def _answer(stage: Stage) -> None:
    """Leads send what was asked for some days ago. One in fifteen is silent."""
    for look in _looks(sorted(NOT_RETURNED)):
        award = db.session.get_one(Award, look.award_id)
        due = look.status is SurveillanceStatus.FOLLOW_UP or look.opened_at <= stage.now - ANSWERED_AFTER
        if award.id % OF == SILENT or not due:
            continue
        told = written()["returns"][award.id % len(written()["returns"])]
        again = {each.code: "As it was when we were assessed." for each in _again(award, look.number)}
        given = YearlyReturn(told, again, confirmed=True)
        surveillance.send_return(award.id, look.number, given, actor=_lead(award), now=stage.now)


def _again(award: Award, number: int) -> Sequence[Any]:
    return again_asked(framework_of(award.edition), award, number)


def _lead(award: Award) -> Actor:
    member = select(Membership.user_id).where(
        Membership.organisation_id == award.organisation_id, Membership.role == Role.LEAD
    )
    return actor_of(db.session.scalars(select(User).where(User.id.in_(member)).order_by(User.id)).one())


def _read(stage: Stage) -> None:
    """The manager reads what came in a week ago, and asks one in fifteen for more."""
    office: dict[str, Any] = {"now": stage.now, "today": stage.today}
    for look in _looks([SurveillanceStatus.RETURNED]):
        award = db.session.get_one(Award, look.award_id)
        if look.returned_at is None or look.returned_at > stage.now - READ_AFTER:
            continue
        manager = stage.actor(stage.cast.voice_manager if award.scheme.code == VOICE else stage.cast.manager)
        if award.id % OF == VAGUE and not look.note:
            due_on = stage.today + days(21)
            surveillance.ask_more(award.id, look.number, written()["asks"], due_on, actor=manager, **office)
        else:
            surveillance.accept_return(award.id, look.number, written()["thanks"], actor=manager, **office)


def _spot_story(stage: Stage, today: date) -> Story:
    """A draw, each award of it given to an assessor but the last, and the first looked at."""
    yield at(today - days(DRAWN), 11)
    manager = stage.actor(stage.cast.manager)
    seed = sha256(f"spot checks of {stage.today}".encode()).hexdigest()[:32]
    spot_checks.draw_spot_checks("community-care-mark", 8, seed, actor=manager, now=stage.now, today=stage.today)
    yield at(today - days(GIVEN_OUT), 11)
    checks = db.session.scalars(select(SpotCheck.id).order_by(SpotCheck.id)).all()
    for number, check_id in enumerate(checks[:-1]):
        _give_out(stage, check_id, number, today)
    yield at(today - days(SEEN), 17)
    first = db.session.get_one(SpotCheck, checks[0])
    if first.assessor_id is not None:
        assessor = actor_of(db.session.get_one(User, first.assessor_id))
        spot_checks.record_spot_check(first.id, written()["seen"], actor=assessor, now=stage.now, today=stage.today)


def _give_out(stage: Stage, check_id: int, number: int, today: date) -> None:
    """To the next assessor in turn who has no tie with the holder."""
    people = stage.cast.assessors
    for turn in range(len(people)):
        who = stage.user_id(people[(number + turn) % len(people)])
        try:
            spot_checks.assign_spot_check(
                check_id,
                who,
                today + days(9 + number),
                actor=stage.actor(stage.cast.manager),
                now=stage.now,
                today=stage.today,
            )
            return
        except DomainError:
            continue


def _provisional_story(stage: Stage, today: date) -> Story:
    """A case of the second scheme, which its panel awards provisionally for a year."""
    yield at(today - days(CALLED), 10)
    scheme_id = db.session.scalars(select(Scheme.id).where(Scheme.code == VOICE)).one()
    members = [Person(**each) for each in written()["panel"]]
    for person in members:
        stage.invite(person, Role.PANEL_MEMBER, scheme_id, stage.cast.voice_manager)
    yield at(today - days(CALLED), 12)
    panel_id = _call(stage, members)
    yield at(today - days(CALLED - 2), 19)
    ballot = Ballot(Verdict.AWARD, LEVEL)
    for person in members:
        actor = stage.afresh(person)
        panels.declare_for_panel(panel_id, conflict=False, words="I know nobody there.", actor=actor, now=stage.now)
        words = written()["provisional"]["vote"]
        voting.vote(panel_id, ballot, words, actor=actor, now=stage.now, today=stage.today)
    yield at(today - days(CALLED - 3), 14)
    decided = decisions.Decided(ballot, written()["provisional"]["reason"])
    decisions.record_decision(
        panel_id,
        decided,
        issue=stage.issue,
        storage=stage.storage,
        actor=stage.actor(members[0]),
        now=stage.now,
        today=stage.today,
    )


def _call(stage: Stage, members: Sequence[Person]) -> int:
    application_id = db.session.scalars(
        select(Application.id)
        .join(Scheme, Scheme.id == Application.scheme_id)
        .where(Scheme.code == VOICE, Application.organisation_id == stage.organisation_ids[PROVISIONAL_CASE])
    ).one()
    ids = tuple(stage.user_id(person) for person in members)
    plan = panels.PanelPlan(ids, ids[0], stage.today + days(3))
    manager = stage.actor(stage.cast.voice_manager)
    return panels.call_panel(application_id, plan, actor=manager, now=stage.now, today=stage.today)
