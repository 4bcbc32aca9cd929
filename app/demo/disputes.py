"""Appeals and complaints: one appeal that is closed, one in review, and complaints in several states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.demo.cast import Person
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor
from app.domain.appeals import Against, Written
from app.domain.complaints import Sent
from app.domain.lifecycle import AppealMove, ComplaintMove
from app.extensions import db
from app.models import Application, Award, Complaint, Decision, Reviewer
from app.queries.appeals import appeal_page
from app.queries.complaints import complaint_page
from app.queries.reviewers import Chosen
from app.services import appeal_handling, appeals, complaints, review_decisions, reviewing
from app.services import complaint_handling as handling
from app.services.appeal_handling import Team
from app.services.complaints import From
from app.services.review_decisions import Answer, Ruling

SCHEME = "community-care-mark"
REVIEWERS = 3


@lru_cache(maxsize=1)
def told() -> Mapping[str, Any]:
    """What was written, from disputes.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "disputes.yaml").read_text("utf-8"))
    return found


def disputes_stories(stage: Stage, today: date) -> list[Story]:
    """Both appeals and every complaint."""
    sent = told()["complaints"]
    return [
        _closed_appeal(stage, today),
        _appeal_in_review(stage, today),
        _answered(stage, today, sent["answered"]),
        _unsafe(stage, today, sent["unsafe"]),
        _confirmed(stage, today, sent["confirmed"]),
        _complaint(stage, today, sent["fresh"]),
    ]


def _deputy(stage: Stage) -> Actor:
    return stage.actor(stage.cast.deputy_manager)


def _closed_appeal(stage: Stage, today: date) -> Story:
    written = told()["closed"]
    yield at(today - days(115), 10, 20)
    appeal_id = _lodge(stage, written, Against.DECISION)
    yield at(today - days(108), 9, 30)
    team = _appoint(stage, appeal_id)
    yield at(today - days(96), 19)
    _declare(stage, appeal_id, team)
    yield at(today - days(86), 20)
    _vote(stage, appeal_id, team, AppealMove.DISMISS)
    yield at(today - days(84), 18)
    seat, lead = _seats(appeal_id)[0], stage.actor(team[0])
    ruling = Ruling(AppealMove.DISMISS.value, "", written["reasons"])
    review_decisions.decide_appeal(seat, ruling, actor=lead, now=stage.now, today=stage.today)
    yield at(today - days(80), 11)
    appeal_handling.close_appeal(appeal_id, written["learned"], actor=_deputy(stage), now=stage.now, today=stage.today)


def _appeal_in_review(stage: Stage, today: date) -> Story:
    """All have declared; all but the lead have voted."""
    yield at(today - days(20), 15, 40)
    appeal_id = _lodge(stage, told()["in_review"], Against.SUSPENSION)
    yield at(today - days(17), 9, 10)
    team = _appoint(stage, appeal_id)
    yield at(today - days(12), 20)
    _declare(stage, appeal_id, team)
    yield at(today - days(3), 21)
    _vote(stage, appeal_id, team, AppealMove.UPHOLD, but=1)


def _lodge(stage: Stage, written: Mapping[str, Any], against: Against) -> int:
    provider = stage.cast.provider(written["provider"])
    organisation_id = stage.organisation_ids[provider.key]
    theirs = Application.organisation_id == organisation_id
    if against is Against.DECISION:
        case = select(Decision.application_id).join(Application, Application.id == Decision.application_id)
    else:
        case = select(Award.application_id).join(Application, Application.id == Award.application_id)
    application_id = db.session.scalars(case.where(theirs).order_by(Application.id.desc())).first()
    assert application_id is not None  # its story has come so far by then
    said = Written(against.value, tuple(written["grounds"]), written["words"], written["asks"])
    lead = stage.actor(provider.people[0])
    return appeals.lodge_appeal(application_id, said, actor=lead, now=stage.now, today=stage.today)


def _appoint(stage: Stage, appeal_id: int) -> list[Person]:
    """The deputy admits the appeal and appoints those who may, the lead first. One of them is lay."""
    actor = _deputy(stage)
    appeal_handling.admit(appeal_id, "", actor=actor, now=stage.now, today=stage.today)
    team = _free(stage, appeal_page(SCHEME, appeal_id, actor, stage.today).candidates)
    ids = tuple(stage.user_id(person) for person in team)
    appeal_handling.appoint_reviewers(appeal_id, Team(ids, ids[0]), actor=actor, now=stage.now, today=stage.today)
    return team


def _free(stage: Stage, candidates: Iterable[Chosen]) -> list[Person]:
    """As many as are needed of those who may, in the order of the cast, with a lay member among them."""
    free = {each.user_id for each in candidates if not each.bar}
    people = [person for person in (*stage.cast.assessors, *stage.cast.panel) if stage.user_id(person) in free]
    lay = [person for person in people if person.lay][:1]
    others = [person for person in people if person not in lay]
    return [*others[: REVIEWERS - len(lay)], *lay]


def _seats(appeal_id: int) -> list[int]:
    """The ids of the seats, in the order in which they were appointed."""
    return list(db.session.scalars(select(Reviewer.id).where(Reviewer.appeal_id == appeal_id).order_by(Reviewer.id)))


def _mine(appeal_id: int, user_id: int) -> int:
    return db.session.scalars(
        select(Reviewer.id).where(Reviewer.appeal_id == appeal_id, Reviewer.user_id == user_id)
    ).one()


def _declare(stage: Stage, appeal_id: int, team: list[Person]) -> None:
    for person in team:
        seat = _mine(appeal_id, stage.user_id(person))
        reviewing.declare_for_review(
            seat,
            conflict=False,
            words=told()["no_interest"],
            actor=stage.actor(person),
            now=stage.now,
            today=stage.today,
        )


def _vote(stage: Stage, appeal_id: int, team: list[Person], vote: AppealMove, but: int = 0) -> None:
    """All vote alike, but for the first `but` of them, who have not yet."""
    reasons = told()["votes"]
    for number, person in enumerate(team[but:]):
        seat, reason = _mine(appeal_id, stage.user_id(person)), reasons[number % len(reasons)]
        actor = stage.actor(person)
        reviewing.vote_on_appeal(seat, vote.value, reason, actor=actor, now=stage.now, today=stage.today)


def _send(stage: Stage, said: Mapping[str, Any]) -> int:
    """Somebody complains. Returns the complaint's id."""
    provider = stage.cast.provider(said["provider"]).name if "provider" in said else ""
    names = ("words", "wants", "whom", "told", "name", "email")
    sent = Sent(
        about=said["about"],
        provider=provider,
        safety=said.get("safety", False),
        **{name: said[name] for name in names if name in said and name != "words"},
        words=said["words"],
    )
    origin = From(once=f"demonstration, {said['ago']} days ago", network=f"demonstration {said['ago']}")
    complaints.complain(SCHEME, sent, origin, tokens=stage.tokens, now=stage.now, today=stage.today)
    return db.session.scalars(select(Complaint.id).order_by(Complaint.id.desc()).limit(1)).one()


def _complaint(stage: Stage, today: date, said: Mapping[str, Any]) -> Story:
    yield at(today - days(said["ago"]), 12, 15)
    _send(stage, said)


def _confirmed(stage: Stage, today: date, said: Mapping[str, Any]) -> Story:
    yield at(today - days(said["ago"]), 17, 5)
    complaint_id = _send(stage, said)
    yield at(today - days(said["ago"] - 2), 9, 40)
    handling.acknowledge(complaint_id, said["letter"], actor=_deputy(stage), now=stage.now)


def _unsafe(stage: Stage, today: date, said: Mapping[str, Any]) -> Story:
    """Passed on within hours, confirmed, and looked into."""
    yield at(today - days(said["ago"]), 11, 50)
    complaint_id = _send(stage, said)
    yield at(today - days(said["ago"]), 14, 30)
    handling.note(complaint_id, said["passed"], said["passed_to"], actor=_deputy(stage), now=stage.now)
    yield at(today - days(said["ago"] - 1), 9, 15)
    handling.acknowledge(complaint_id, said["letter"], actor=_deputy(stage), now=stage.now)
    yield at(today - days(said["ago"] - 2), 10, 0)
    _investigator(stage, complaint_id)


def _investigator(stage: Stage, complaint_id: int) -> Person:
    page = complaint_page(SCHEME, complaint_id, _deputy(stage), stage.today)
    person = _free(stage, page.candidates)[0]
    handling.investigate(complaint_id, stage.user_id(person), actor=_deputy(stage), now=stage.now)
    return person


def _answered(stage: Stage, today: date, said: Mapping[str, Any]) -> Story:
    """From receipt to what was learned."""
    begun = today - days(said["ago"])
    yield at(begun, 13, 25)
    complaint_id = _send(stage, said)
    yield at(begun + days(2), 9, 30)
    handling.acknowledge(complaint_id, said["letter"], actor=_deputy(stage), now=stage.now)
    yield at(begun + days(3), 10, 0)
    person = _investigator(stage, complaint_id)
    handling.put_to_provider(complaint_id, said["put"], actor=_deputy(stage), now=stage.now)
    seat = db.session.scalars(select(Reviewer.id).where(Reviewer.complaint_id == complaint_id)).one()
    by: dict[str, Any] = {"actor": stage.actor(person)}
    yield at(begun + days(5), 19, 0)
    at_now = {"now": stage.now, "today": stage.today}
    reviewing.declare_for_review(seat, conflict=False, words=told()["no_interest"], **by, **at_now)
    reviewing.keep_notes(seat, said["notes"], 1, **by, **at_now)
    yield at(begun + days(20), 20, 0)
    answer = Answer(ComplaintMove(said["outcome"]).value, said["answer"], said["follow"], said["follow_words"])
    review_decisions.answer_complaint(seat, answer, **by, now=stage.now, today=stage.today)
    yield at(begun + days(24), 11, 0)
    handling.close_complaint(complaint_id, said["learned"], actor=_deputy(stage), now=stage.now)
