"""A second scheme in which two assess every case: some are settled, and in one its assessors are at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import yaml
from sqlalchemy import select

from app.demo.cast import HERE, Person
from app.demo.clock import Story, at, days
from app.demo.plan import texts
from app.demo.stage import Stage
from app.domain.access import Role
from app.domain.applicability import counting
from app.domain.framework import Criterion
from app.domain.self_assessment import BROUGHT_AS_EVIDENCE, Claim
from app.extensions import db
from app.models import Application, Assessment, Scheme
from app.queries.frameworks import framework_of
from app.services import applications, assessments, bulk, cases, recommendations, reconciling
from app.services.assessments import GivenScore
from app.services.recommendations import Recommendation
from app.services.reconciling import AgreedGiven

SCHEME, EDITION = "voice-and-dignity", "2026"
BEGAN = 400  # days ago
MET, EXCEEDED = 2, 3


@lru_cache(maxsize=1)
def written() -> Mapping[str, Any]:
    """What was seen, and which cases there are; see reconciling.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((HERE / "reconciling.yaml").read_text("utf-8"))
    return found


def reconciling_stories(stage: Stage, today: date) -> Iterator[Story]:
    """The scheme's people, and each of its cases."""
    yield _scheme_story(stage, today - days(BEGAN))
    for number, each in enumerate(written()["cases"]):
        yield _DoubleCase(stage, each, number).story(today)


def _scheme_story(stage: Stage, begins: date) -> Story:
    yield at(begins, 9)
    scheme_id = db.session.scalars(select(Scheme.id).where(Scheme.code == SCHEME)).one()
    manager = stage.cast.voice_manager
    stage.appoint(manager, SCHEME)
    for number, person in enumerate(stage.cast.voice_assessors, 1):
        yield at(begins, 9 + number)
        stage.invite(person, Role.ASSESSOR, scheme_id, manager)


@dataclass
class _DoubleCase:
    """One application to the scheme, which two assess without seeing each other's judgements."""

    stage: Stage
    told: Mapping[str, Any]
    number: int
    application_id: int = 0

    def story(self, today: date) -> Story:
        """Prepared, submitted, assessed by both, and settled as far as it is."""
        applied = today - days(self.told["ago"])
        yield self._at(applied, 10)
        self._apply()
        yield self._at(applied + days(8), 16)
        self._submit()
        yield self._at(applied + days(10), 10)
        self._assign()
        for turn, person in enumerate(self.stage.cast.voice_assessors):
            yield self._at(applied + days(13 + turn), 18)
            self._assess(person, turn)
        for turn, person in enumerate(self.stage.cast.voice_assessors):
            yield self._at(applied + days(30 + 4 * turn), 17)
            self._hand_in(person)
        yield self._at(applied + days(38), 11)
        self._settle()

    def _at(self, day: date, hour: int) -> Any:
        return at(day, hour, 7 * self.number)

    @property
    def _provider(self) -> Any:
        return self.stage.cast.provider(self.told["key"])

    @cached_property
    def _asked(self) -> tuple[Criterion, ...]:
        application = db.session.get_one(Application, self.application_id)
        profile = application.organisation.facts
        return counting(framework_of(application.edition), application.facts or profile, application.target)

    def _apply(self) -> None:
        lead = self.stage.afresh(self._provider.people[0])
        edition_id = self.stage.edition(SCHEME, EDITION)[0]
        organisation_id = self.stage.organisation_ids[self.told["key"]]
        self.application_id = applications.start_application(
            organisation_id, edition_id, self.told["level"], actor=lead, now=self.stage.now
        )

    def _submit(self) -> None:
        lead = self.stage.actor(self._provider.people[0])
        claims = {each.code: Claim(point=MET, reason=f"{written()['claim']} {each.text}") for each in self._asked}
        bulk.record_answers(self.application_id, claims, self._evidence(), actor=lead, now=self.stage.now)
        declaration = applications.Declaration(self._provider.chair, texts()["declare_position"], agreed=True)
        applications.submit(self.application_id, declaration, actor=lead, now=self.stage.now)

    def _evidence(self) -> list[bulk.Attachment]:
        """For each piece that is asked for, one that the provider has in its library already."""
        kept = list(self.stage.items[self.told["key"]].values())
        asks = [
            (each.code, ask.code) for each in self._asked for ask in each.evidence if ask.kind in BROUGHT_AS_EVIDENCE
        ]
        return [bulk.Attachment(code, kept[place % len(kept)], shows) for place, (code, shows) in enumerate(asks)]

    def _assign(self) -> None:
        stage, manager = self.stage, self.stage.actor(self.stage.cast.voice_manager)
        for person in stage.cast.voice_assessors:
            assessor, due_on = stage.user_id(person), stage.today + days(42)
            cases.assign_assessor(
                self.application_id, assessor, due_on, actor=manager, now=stage.now, today=stage.today
            )

    def _assessment_id(self, person: Person) -> int:
        return db.session.scalars(
            select(Assessment.id).where(
                Assessment.application_id == self.application_id,
                Assessment.assessor_id == self.stage.user_id(person),
            )
        ).one()

    def _assess(self, person: Person, turn: int) -> None:
        stage, actor, assessment_id = self.stage, self.stage.actor(person), self._assessment_id(person)
        assessments.declare_interests(
            assessment_id, conflict=False, words="I know nobody there.", actor=actor, now=stage.now
        )
        judged = self.told[("first", "second")[turn]]
        scores = {each.code: self._judged(each.code, judged.get(each.code, MET), turn) for each in self._asked}
        bulk.record_scores(assessment_id, scores, actor=actor, now=stage.now)

    def _judged(self, code: str, point: int, turn: int) -> GivenScore:
        words = written()["saw"][code]["good" if point >= MET else "short"][turn]
        more = " Others come to see how it is done." if point == EXCEEDED else ""
        return GivenScore(point, False, words + more, 0)

    def _hand_in(self, person: Person) -> None:
        recommendation = Recommendation("award", self.told["level"], written()["recommend"])
        recommendations.hand_in(
            self._assessment_id(person), recommendation, actor=self.stage.actor(person), now=self.stage.now
        )

    def _settle(self) -> None:
        lead, other = self.stage.cast.voice_assessors
        actor, assessment_id, now = self.stage.actor(lead), self._assessment_id(lead), self.stage.now
        settled = list(self.told["agreed"].items())
        left = self.told.get("left", 0)
        for code, point in settled[: len(settled) - left]:
            words = written()["agreed"]["higher" if point >= MET else "lower"]
            reconciling.agree(assessment_id, code, AgreedGiven(point, False, False, words, 0), actor=actor, now=now)
        if left:
            return
        reconciling.record_meeting(assessment_id, self.stage.today, written()["meeting"], actor=actor, now=now)
        reconciling.settle(assessment_id, actor=actor, now=now)
        if "dissent" in self.told:
            code, words = self.told["dissent"], written()["dissent"]
            reconciling.note_dissent(self._assessment_id(other), code, words, actor=self.stage.actor(other), now=now)
