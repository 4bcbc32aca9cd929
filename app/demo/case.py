"""One application of one invented provider, and what each person does to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.demo.cast import Person
from app.demo.clock import days
from app.demo.editions import FRAMEWORK, edition_on
from app.demo.library import behind, brought, pieces_of
from app.demo.marks import claimed
from app.demo.plan import VERDICTS, Plan, texts
from app.domain.award_conditions import ConditionTerm
from app.domain.deciding import GRANTING, Ballot, Verdict
from app.domain.self_assessment import Claim
from app.extensions import db
from app.models import Assessment, Award, Question
from app.queries.proposals_page import proposals_page
from app.services import (
    applications,
    asking,
    assessments,
    awards,
    bulk,
    cases,
    decisions,
    evidence,
    panels,
    proposals,
    questions,
    recommendations,
    voting,
)
from app.services.assessments import GivenScore
from app.services.recommendations import Recommendation

RENEWED = frozenset(
    "minutes accounts insurance safeguarding training risks plan survey figures stand-in board-members".split()
)
"""What a provider brings anew with its next application."""

CHANGES = {
    "suspended": awards.suspend,
    "reinstated": awards.reinstate,
    "withdrawn": awards.withdraw,
    "surrendered": awards.surrender,
    "conditions-met": awards.accept_conditions,
}


class Case(Plan):
    """The acts on one application, each by the person whose it is, at the stage's time."""

    # --- The provider ---

    def start(self) -> None:
        self.edition = edition_on(self.stage.today)
        edition_id = self.stage.edition(FRAMEWORK, self.edition)[0]
        self.application_id = applications.start_application(
            self.stage.organisation_ids[self.provider.key], edition_id, self.level, actor=self.lead, now=self.stage.now
        )

    def bring_evidence(self) -> None:
        """Fill the library, or bring what has become old in it anew."""
        stage = self.stage
        kept = stage.items.setdefault(self.provider.key, {})
        common: dict[str, Any] = {"storage": stage.storage, "actor": self.lead, "now": stage.now, "today": stage.today}
        for piece in pieces_of(self.provider):
            new = brought(piece, stage.voice(self.provider))
            if piece.key not in kept:
                kept[piece.key] = evidence.add_evidence(stage.organisation_ids[self.provider.key], new, **common)
            elif piece.key in RENEWED:
                evidence.add_version(kept[piece.key], new, **common)

    def answer(self, codes: Sequence[str], *, by_colleague: bool = False) -> None:
        voice = self.stage.voice(self.provider)
        claims = {}
        for code in codes:
            point = claimed(self.marks[code], self.dice)
            claims[code] = Claim(point=point, reason=voice.reason(code, point))
        who = self.provider.people[1 if by_colleague and self.provider.two else 0]
        bulk.record_answers(
            self.application_id, claims, self._attachments(codes), actor=self.stage.actor(who), now=self.stage.now
        )

    def _attachments(self, codes: Sequence[str]) -> list[bulk.Attachment]:
        kept = self.stage.items[self.provider.key]
        return [
            bulk.Attachment(each.criterion.code, kept[key], shows)
            for each in self.asked
            if each.criterion.code in codes
            for key, shows in behind(self.provider, each.evidence)
        ]

    def use_again(self) -> None:
        """Take one answer that an earlier application offers, where there is one. The others wait, to be looked at."""
        open_yet = [row for row in proposals_page(self.application_id, self.lead).rows if not row.written]
        for row in open_yet[:1]:
            chosen = proposals.Chosen(row.code, row.offer.origin)
            proposals.accept_proposal(self.application_id, chosen, words=True, actor=self.lead, now=self.stage.now)

    def submit(self) -> None:
        declaration = applications.Declaration(self.provider.chair, texts()["declare_position"], agreed=True)
        applications.submit(self.application_id, declaration, actor=self.lead, now=self.stage.now)

    def withdraw(self) -> None:
        applications.withdraw_application(
            self.application_id, texts()["withdraw_application"], actor=self.lead, now=self.stage.now
        )

    def reply(self) -> None:
        stage = self.stage
        question = db.session.scalars(select(Question.id).where(Question.application_id == self.application_id)).one()
        questions.reply_to_question(
            question,
            self.words("reply", self.question_code),
            storage=stage.storage,
            actor=stage.actor(self.provider.people[self.provider.two]),
            now=stage.now,
            today=stage.today,
            item_ids=(stage.items[self.provider.key]["training"],),
        )

    # --- The assessor ---

    def assign(self) -> None:
        stage = self.stage
        cases.assign_assessor(
            self.application_id,
            stage.user_id(self.assessor),
            stage.today + days(56),
            actor=self.manager,
            now=stage.now,
            today=stage.today,
        )

    @cached_property
    def assessment_id(self) -> int:
        return db.session.scalars(
            select(Assessment.id).where(
                Assessment.application_id == self.application_id,
                Assessment.assessor_id == self.stage.user_id(self.assessor),
            )
        ).one()

    def declare(self) -> None:
        self._declare(conflict=False, words=self.words("no_interest"))

    def decline(self) -> None:
        self._declare(conflict=True, words=self.words("conflict"))

    def _declare(self, *, conflict: bool, words: str) -> None:
        actor = self.stage.actor(self.assessor)
        assessments.declare_interests(
            self.assessment_id, conflict=conflict, words=words, actor=actor, now=self.stage.now
        )

    def score(self, codes: Sequence[str]) -> None:
        voice = self.stage.voice(self.provider)
        titles = {each.criterion.code: str(each.evidence[0].title) if each.evidence else "" for each in self.asked}
        scores = {
            code: GivenScore(self.marks[code], False, voice.finding(code, self.marks[code], titles[code]), 0)
            for code in codes
        }
        bulk.record_scores(self.assessment_id, scores, actor=self.stage.actor(self.assessor), now=self.stage.now)

    def ask(self) -> None:
        asking.ask_for_more(
            self.assessment_id,
            {self.question_code: self.words("question", self.question_code)},
            actor=self.stage.actor(self.assessor),
            now=self.stage.now,
            today=self.stage.today,
        )

    def hand_in(self) -> None:
        verdict = self._verdict
        recommendation = Recommendation(
            verdict, self.level if verdict in GRANTING else None, self.words("recommend", verdict)
        )
        recommendations.hand_in(
            self.assessment_id, recommendation, actor=self.stage.actor(self.assessor), now=self.stage.now
        )

    @property
    def _verdict(self) -> Verdict:
        if self.step.get("conditions"):
            return Verdict.AWARD_WITH_CONDITIONS
        return VERDICTS.get(self.step["do"], Verdict.AWARD)

    # --- Panel and manager ---

    def send_back(self) -> None:
        cases.send_back(self.application_id, texts()["sent_back"], actor=self.manager, now=self.stage.now)

    def call_panel(self, meets_on: date, *, large: bool = False) -> None:
        stage = self.stage
        if large:
            self.panel = [*self.panel, stage.cast.panel[4]]
        members = tuple(stage.user_id(member) for member in self.panel)
        plan = panels.PanelPlan(members, members[0], meets_on)
        self.panel_id = panels.call_panel(
            self.application_id, plan, actor=self.manager, now=stage.now, today=stage.today
        )

    def declare_for_panel(self, member: Person) -> None:
        words = self.words("no_interest")
        actor = self.stage.actor(member)
        panels.declare_for_panel(self.panel_id, conflict=False, words=words, actor=actor, now=self.stage.now)

    def vote(self, member: Person, verdict: Verdict) -> None:
        voting.vote(
            self.panel_id,
            self._ballot(verdict),
            self.words("vote", verdict),
            actor=self.stage.actor(member),
            now=self.stage.now,
            today=self.stage.today,
        )

    def _ballot(self, verdict: Verdict) -> Ballot:
        return Ballot(verdict, self.level if verdict in GRANTING else None)

    def decide(self, verdict: Verdict) -> None:
        stage = self.stage
        decided = decisions.Decided(self._ballot(verdict), self.words("decide", verdict))
        if verdict is Verdict.AWARD_WITH_CONDITIONS:
            due = stage.today + days(180)
            decided = replace(decided, conditions=(ConditionTerm(self.words("condition"), due),))
        decisions.record_decision(
            self.panel_id,
            decided,
            issue=stage.issue,
            storage=stage.storage,
            actor=stage.actor(self.panel[0]),
            now=stage.now,
            today=stage.today,
        )

    def change_award(self, change: str) -> None:
        award = db.session.scalars(select(Award.id).where(Award.application_id == self.application_id)).one()
        written = awards.Change(**texts()[change])
        CHANGES[change](award, written, actor=self.manager, now=self.stage.now, today=self.stage.today)
