"""What holds when two people act at once: rows are read afresh when it is one's turn, and the case is held first."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, select, update

from app.domain.access import Role
from app.extensions import db
from app.models import Application, Interest
from app.services import assessments, panels
from app.services.assessments import GivenScore
from app.services.transactions import locked, transaction
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import assess, assign, call, submitted_case


def test_a_row_is_read_afresh_when_it_is_held(app):
    application_id = submitted_case().application_id
    with transaction() as session:
        seen = session.get(Application, application_id)
        assert seen.note == ""
        # What another transaction does between the look and the hold.
        change = update(Application).where(Application.id == application_id).values(note="Changed meanwhile.")
        session.connection().execute(change)
        assert locked(session, Application, application_id).note == "Changed meanwhile."


def held_first(action) -> str:
    """The table of the first row that an action holds. On SQLite the whole database is held; the order is the same."""
    asked: list[str] = []

    def note(state):
        if state.is_select and state.statement._for_update_arg is not None:
            asked.append(state.bind_mapper.local_table.name)

    factory = db.session.session_factory
    event.listen(factory, "do_orm_execute", note)
    try:
        action()
    finally:
        event.remove(factory, "do_orm_execute", note)
    return asked[0]


def test_assessors_hold_the_case_before_their_own_part_as_its_managers_do(app):
    case = submitted_case()
    assessment_id, actor = assign(case), make.actor(case.assessor)
    assert (
        held_first(
            lambda: assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=NOON)
        )
        == "application"
    )
    given = GivenScore(2, False, "Seen.", 0)
    assert (
        held_first(lambda: assessments.record_score(assessment_id, "GOV.1.1", given, actor=actor, now=NOON))
        == "application"
    )


def test_a_new_tie_is_kept_beside_one_that_had_ended(app):
    case = submitted_case()
    for person in (case.assessor, case.sitters[1]):
        make.save(
            Interest(
                user_id=person.id,
                organisation_id=case.provider.id,
                nature="Volunteered there",
                declared_at=NOON - timedelta(days=2000),
                ended_at=NOON - timedelta(days=1500),
            )
        )
    other = make.officer(case.scheme, Role.ASSESSOR)
    words = "My sister chairs it now."
    assessments.declare_interests(assign(case), conflict=True, words=words, actor=make.actor(case.assessor), now=NOON)
    assess(case, assessor=other)
    panels.declare_for_panel(call(case), conflict=True, words=words, actor=make.actor(case.sitters[1]), now=NOON)
    kept = db.session.scalars(select(Interest).order_by(Interest.id)).all()
    ended = ("Volunteered there", NOON - timedelta(days=1500))
    assert [(tie.nature, tie.ended_at) for tie in kept] == [ended, ended, (words, None), (words, None)]
