"""Two colleagues at work on one self-assessment: comments, criteria handed over, an answer written again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor
from app.domain.lifecycle import EDITABLE
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Answer, Application
from app.queries.self_assessments import SelfAssessment, self_assessment_of
from app.services import answers, comments, handing_over
from app.services.handing_over import Handing

AT_WORK = "bay-memory"
CODE = "QUA.4.1"
WRITTEN, PUT_RIGHT = "checked each quarter", "checked in May and October"
DUE = 10  # days from today
QUESTION = (
    "You write that we check the list each quarter. Since the new rota it is twice a year, I think.\n"
    "The trustees asked about it in the spring."
)
REPLY = "You are right: May and October. I have put it in."
REQUEST = "Could you take these? You know the rota, and who was trained when."


def colleagues_story(stage: Stage, provider: Provider, today: date) -> Story:
    """The contributor doubts a sentence, the lead puts it right, says so, and hands over what is left."""
    yield at(today - days(1), 15, 40)
    lead, contributor = (stage.actor(person) for person in provider.people)
    application, work = _open(stage, provider)
    left = [each.criterion.code for each in work.applying if not work.finished(each.criterion.code)]
    if not work.finished(CODE):
        return
    comments.add_comment(application.id, CODE, QUESTION, actor=contributor, now=stage.now)
    yield at(today - days(1), 16, 5)
    handing = Handing(tuple(left[:4]) or (CODE,), contributor.user_id, today + days(DUE), REQUEST)
    handing_over.hand_over(application.id, handing, actor=lead, now=stage.now, today=stage.today)
    yield at(today - days(1), 16, 20)
    _put_right(application.id, lead, stage)
    comments.add_comment(application.id, CODE, REPLY, actor=lead, now=stage.now)


def _open(stage: Stage, provider: Provider) -> tuple[Application, SelfAssessment]:
    application = db.session.scalars(
        select(Application)
        .where(Application.organisation_id == stage.organisation_ids[provider.key], Application.status.in_(EDITABLE))
        .order_by(Application.id)
        .limit(1)
    ).one()
    return application, self_assessment_of(db.session(), application, today=stage.today)


def _put_right(application_id: int, actor: Actor, stage: Stage) -> None:
    stored = db.session.scalars(
        select(Answer).where(Answer.application_id == application_id, Answer.criterion_code == CODE)
    ).one()
    claim = Claim(stored.point, stored.not_applicable, stored.reason.replace(WRITTEN, PUT_RIGHT))
    answers.record_answer(application_id, CODE, claim, stored.version, actor=actor, now=stage.now)
