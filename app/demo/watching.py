"""A commissioner of the demonstration: what she watches, a search that she keeps, and what she said is needed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.backends.searching import Query
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.needs import Answered, Said
from app.extensions import db
from app.models import NeedTold, RegisterEntry
from app.queries.register_rows import STANDING
from app.services.need_answers import answer_need
from app.services.need_news import close_needs, tell_providers
from app.services.needs import draft_need, publish_need
from app.services.saved_searches import Alert, Kept, save_search
from app.services.search_news import run_searches
from app.services.watch_news import tell_watchers
from app.services.watching import Wanted, watch

BOARD = "Lancashire and South Cumbria Integrated Care Board"
LANCASTER, WESTMORLAND = "E07000121", "E06000064"
WATCHED = ("bay-memory", "kent-estuary", "quernmore-carers", "lune-lantern")
FIRST_NEED = 88  # days ago
INTERESTED = (
    ("bay-memory", 18, "Two of our memory cafés have room, and carers can come along."),
    ("kent-estuary", 10, ""),
)


def watching_stories(stage: Stage, today: date) -> list[Story]:
    """One story: she signs up, watches, saves a search, and publishes two needs, of which one has closed."""
    return [_commissioner(stage, today)]


def _commissioner(stage: Stage, today: date) -> Story:
    who = stage.cast.health_commissioner
    yield at(today - days(FIRST_NEED + 2), 10)
    stage.sign_up(who)
    for key in WATCHED:
        entry = _entry(stage, key)
        if entry:
            watch(entry.slug, Wanted(), team_id=None, actor=stage.actor(who), now=stage.now)
    yield at(today - days(FIRST_NEED), 11)
    earlier = _publish(stage, _respite(today))
    yield at(today - days(FIRST_NEED - 3), 15)
    _answer(stage, earlier, INTERESTED[:1], today)
    yield at(today - days(FIRST_NEED - 30), 6)
    close_needs(stage.now)
    yield at(today - days(40), 12)
    query = Query(
        filters={
            "service": frozenset({"befriending"}),
            "area": frozenset({LANCASTER}),
            "status": frozenset(status.value for status in STANDING),
        }
    )
    kept = Kept(f"area={LANCASTER}&service=befriending", query)
    save_search(
        kept, Alert("Befriending in Lancaster"), team_id=None, actor=stage.actor(who), now=stage.now, today=stage.today
    )
    yield at(today - days(9), 11)
    memory = _publish(stage, _memory(today))
    yield at(today - days(5), 15)
    _answer(stage, memory, INTERESTED, today)
    yield at(today - days(1), 6)
    tell_watchers(stage.now)
    run_searches(stage.now)


def _publish(stage: Stage, said: Said) -> int:
    actor = stage.actor(stage.cast.health_commissioner)
    need_id = draft_need(said, team_id=None, actor=actor, now=stage.now)
    publish_need(need_id, actor=actor, now=stage.now, today=stage.today)
    tell_providers(stage.now)
    return need_id


def _answer(stage: Stage, need_id: int, interested: tuple[tuple[str, int, str], ...], today: date) -> None:
    """Those among them who were told of it answer."""
    told = set(db.session.scalars(select(NeedTold.organisation_id).where(NeedTold.need_id == need_id)))
    for key, people, words in interested:
        organisation_id = stage.organisation_ids[key]
        if organisation_id in told:
            answer = Answered(people, today + days(45), words)
            lead = stage.actor(stage.cast.provider(key).people[0])
            answer_need(need_id, organisation_id, answer, version=0, actor=lead, now=stage.now, today=stage.today)


def _entry(stage: Stage, key: str) -> RegisterEntry | None:
    return db.session.scalars(
        select(RegisterEntry).where(RegisterEntry.organisation_id == stage.organisation_ids.get(key))
    ).first()


def _memory(today: date) -> Said:
    return Said(
        organisation=BOARD,
        title="Company and support for people living with dementia, around Morecambe Bay",
        services=("dementia-support", "befriending"),
        client_groups=("people-with-dementia", "carers"),
        areas=(LANCASTER, WESTMORLAND),
        people=120,
        per="year",
        starts_on=today + days(150),
        ends_on=today + days(150 + 3 * 365),
        words=(
            "More people are told each year that they have dementia, and many hear nothing for months after that. We want to "
            "learn who could be there for them and their carers in the first year, in towns and in the villages.\n\n"
            "We have decided nothing yet. What you say here helps us to plan."
        ),
        answer_by=today + days(19),
        contact_name="Community commissioning team",
        contact_email="community@board.example.org",
    )


def _respite(today: date) -> Said:
    return Said(
        organisation=BOARD,
        title="Breaks for carers in Lancaster, at short notice",
        services=("carer-support",),
        areas=(LANCASTER,),
        people=3,
        per="week",
        words="Carers tell us that they need a few hours at short notice, in the evening and at the weekend.",
        answer_by=today - days(FIRST_NEED - 28),
        contact_name="Community commissioning team",
        contact_email="community@board.example.org",
    )
