"""Findings of the demonstration, in every state: of cases in assessment, and of holders since they were awarded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.demo.cast import Provider
from app.demo.clock import Story, at, days
from app.demo.stage import Stage
from app.domain.access import Actor
from app.domain.corrective import Given, PlanOffer
from app.domain.findings import FindingSource
from app.domain.lifecycle import AssessmentStatus, FindingMove
from app.extensions import db
from app.models import Application, Assessment, Award, Finding, User
from app.queries.people import actor_of
from app.services.finding_answers import offer_plan, say_put_right
from app.services.finding_checks import Check, check_finding
from app.services.findings import raise_after_award, raise_finding

TOLD = Path(__file__).with_name("findings.yaml")
MOVES = {
    "accept": FindingMove.ACCEPT_PLAN,
    "return": FindingMove.RETURN_PLAN,
    "close": FindingMove.VERIFY,
    "back": FindingMove.TAKE_BACK,
}
PLANNED_FOR = 40
"""Days after its offer by which a plan is done where the finding has no later last day."""


@dataclass
class _Thread:
    """One finding as it goes on: who finds it, and its id once it is there."""

    stage: Stage
    provider: Provider
    told: Mapping[str, Any]
    today: date
    finding_id: int = 0

    @property
    def lead(self) -> Actor:
        return self.stage.actor(self.provider.people[0])

    def given(self) -> Given:
        due = self.told.get("due")
        due_on = None if due is None else self.today + days(due)
        return Given(self.told["place"], self.told["grade"], self.told["title"], self.told["words"], due_on)

    def begin(self) -> None:
        stage = self.stage
        source = self.told.get("source")
        organisation_id = stage.organisation_ids[self.provider.key]
        common: dict[str, Any] = {"now": stage.now, "today": stage.today}
        if source:
            application_id = db.session.scalars(
                select(Award.application_id).where(Award.organisation_id == organisation_id).order_by(Award.id.desc())
            ).first()
            assert application_id is not None  # the yaml tells it of holders only
            manager = stage.actor(stage.cast.manager)
            self.finding_id = raise_after_award(
                application_id, self.given(), FindingSource(source), actor=manager, **common
            )
            return
        assessment = db.session.scalars(
            select(Assessment)
            .join(Application, Application.id == Assessment.application_id)
            .where(Application.organisation_id == organisation_id, Assessment.status == AssessmentStatus.OPEN)
            .order_by(Assessment.id)
        ).first()
        assert assessment is not None  # and of cases in assessment
        whose = actor_of(db.session.get_one(User, assessment.assessor_id))
        self.finding_id = raise_finding(assessment.id, self.given(), actor=whose, **common)

    def go_on(self, what: str, *words: str) -> None:
        stage = self.stage
        found = db.session.get_one(Finding, self.finding_id, populate_existing=True)
        common: dict[str, Any] = {"version": found.version, "now": stage.now, "today": stage.today}
        if what == "plan":
            last = found.due_on if found.due_on and found.due_on >= stage.today else stage.today + days(PLANNED_FOR)
            offer = PlanOffer(words[0], words[1], self.provider.people[0].name, last)
            offer_plan(self.finding_id, offer, actor=self.lead, **common)
        elif what == "right":
            piece = stage.items[self.provider.key]["training"]
            say_put_right(
                self.finding_id, words[0], storage=stage.storage, item_ids=(piece,), actor=self.lead, **common
            )
        else:
            manager = stage.actor(stage.cast.manager)
            check_finding(self.finding_id, Check(MOVES[what], words[0]), actor=manager, **common)


@lru_cache(maxsize=1)
def _told() -> Mapping[str, list[dict[str, Any]]]:
    return yaml.safe_load(TOLD.read_text("utf-8"))


def findings_stories(stage: Stage, today: date) -> Iterable[Story]:
    """The thread of each finding."""
    for key, found in _told().items():
        for number, told in enumerate(found):
            yield _thread(_Thread(stage, stage.cast.provider(key), told, today), number)


def _thread(thread: _Thread, number: int) -> Story:
    yield at(thread.today - days(thread.told["raised"]), 10, 3 * number)
    thread.begin()
    for ago, what, *words in thread.told.get("steps", ()):
        yield at(thread.today - days(ago), 15, 3 * number)
        thread.go_on(what, *words)
