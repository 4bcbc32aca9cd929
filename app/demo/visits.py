"""Visits in the demonstration: one that was held, with its sample and notes, and one to come for which a time is proposed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor
from app.domain.lifecycle import AssessmentStatus
from app.domain.visits import NoteKind, VisitWay
from app.extensions import db
from app.models import Application, Assessment
from app.services import assessor_notes, visit_draws, visit_notes, visit_replies, visits

VISITED, ASSESSOR = "kent-estuary", 0
"""Part way through its assessment, with the first of the assessors."""
PLANNED, HELD, AGAIN = 14, 5, 6
"""Days ago, days ago, and days from now."""
MEETS = "The treasurer\nTwo volunteers who drive\nSomebody who joined the staff this year"
PHRASES = (
    ("", "Seen in the minutes, and two people told me the same."),
    ("1", "It is written down, and nobody I spoke to knew of it."),
    ("2", "It is written down, and those I spoke to do it."),
    ("3", "They do it, look once a year whether it works, and changed it after that."),
)


def visits_stories(stage: Stage, today: date) -> list[Story]:
    return [_visit_story(stage, stage.cast.provider(VISITED), today)]


def _visit_story(stage: Stage, provider: Provider, today: date) -> Story:
    yield at(today - days(PLANNED), 11, 20)
    assessor = stage.actor(stage.cast.assessors[ASSESSOR])
    for point, words in PHRASES:
        assessor_notes.add_phrase(words, point, actor=assessor, now=stage.now)
    assessment_id = _open_assessment(stage, provider, assessor)
    held = visits.plan_visit(
        assessment_id, _plan(provider, assessor, today - days(HELD)), actor=assessor, now=stage.now
    )
    yield at(today - days(PLANNED - 1), 9, 5)
    lead = stage.actor(provider.people[0])
    visit_replies.confirm_visit(held, 1, actor=lead, now=stage.now)
    yield at(today - days(HELD), 9, 0)
    files = visit_draws.Wanted("files", "range", "1-86", size=8)
    visit_draws.draw_sample(held, files, sha256(provider.key.encode()).hexdigest()[:32], actor=assessor, now=stage.now)
    yield at(today - days(HELD), 15, 30)
    _write_notes(assessment_id, held, assessor, stage.now)
    visits.hold_visit(held, actor=assessor, now=stage.now)
    yield at(today - days(2), 10, 10)
    again = _plan(provider, assessor, today + days(AGAIN), VisitWay.ONLINE)
    next_id = visits.plan_visit(assessment_id, again, actor=assessor, now=stage.now)
    yield at(today - days(1), 12, 45)
    starts = at(today + days(AGAIN + 1), 13)
    words = "Our treasurer is away on that day. The day after suits all of us."
    visit_replies.propose_time(next_id, starts, starts + timedelta(hours=1), words, actor=lead, now=stage.now)


def _open_assessment(stage: Stage, provider: Provider, assessor: Actor) -> int:
    return db.session.scalars(
        select(Assessment.id)
        .join(Application, Application.id == Assessment.application_id)
        .where(
            Application.organisation_id == stage.organisation_ids[provider.key],
            Assessment.assessor_id == assessor.user_id,
            Assessment.status == AssessmentStatus.OPEN,
        )
    ).one()


def _plan(provider: Provider, assessor: Actor, day: date, way: VisitWay = VisitWay.ON_SITE) -> visits.VisitPlan:
    starts = at(day, 10)
    return visits.VisitPlan(
        way=way,
        starts_at=starts,
        ends_at=starts + timedelta(hours=5 if way is VisitWay.ON_SITE else 1),
        place="At your office" if way is VisitWay.ON_SITE else f"By video: {provider.website}/meet",
        sites=(),
        goers=(assessor.user_id or 0,),
        meets=MEETS,
        about="Please have the minute book and the list of case records at hand. Nobody needs to prepare anything.",
    )


def _write_notes(assessment_id: int, visit_id: int, assessor: Actor, now: datetime) -> None:
    codes = _scored_codes(assessment_id)
    told = (
        (NoteKind.INTERVIEW, "volunteer driver", "Knew whom to ring, day or night, and had done so once this year."),
        (NoteKind.OBSERVATION, "", "The complaints leaflet lies by the door, in large print as well."),
        (NoteKind.DOCUMENT, "", "Minute book: the risk list was gone through in four of the last six meetings."),
    )
    for number, (kind, role, words) in enumerate(told):
        code = codes[number % len(codes)]
        new = visit_notes.NewNote(kind, (code,), role, words, now - timedelta(hours=3 - number), visit_id)
        note_id = visit_notes.add_note(assessment_id, new, actor=assessor, now=now)
        visit_notes.cite(assessment_id, code, note_id, on=True, actor=assessor, now=now)
    words = "Warm people, thin on paper. Look again at who signs for medicines."
    assessor_notes.keep_note(assessment_id, "", words, 0, actor=assessor, now=now)


def _scored_codes(assessment_id: int) -> list[str]:
    return [score.criterion_code for score in db.session.get_one(Assessment, assessment_id).scores[:3]]
