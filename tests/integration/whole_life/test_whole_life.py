"""The whole life of a case and its award, walked at random by everybody at once: the rules of a trustworthy scheme hold.

Whoever exists tries whatever there is to try, in any order, on the real use-cases and the real database. Much of it is
refused, in words and without leaving anything behind; after every step the invariants are looked at (`holding.py`).
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.domain.access import Action, Actor, Role, may
from app.domain.appeals import VOTES, Against, Ground, Remedy, Written
from app.domain.corrective import Given
from app.domain.deciding import GRANTING, Ballot, Verdict
from app.domain.lifecycle import ApplicationStatus, AwardStatus, FindingMove
from app.extensions import db
from app.models import Assessment, Finding
from app.queries.candidates import assessor_candidates, panel_candidates, review_candidates
from app.queries.frameworks import framework_of
from app.queries.outcomes import case_outcome
from app.queries.subjects import subject_of
from app.queries.votes import count_votes
from app.services import (
    appeal_handling,
    appeals,
    applications,
    assessments,
    awards,
    cases,
    conditions,
    decisions,
    finding_checks,
    findings,
    interests,
    panels,
    recommendations,
    reconciling,
    recusal,
    review_decisions,
    reviewing,
    voting,
)
from app.services.appeal_handling import Team
from app.services.assessments import GivenScore
from app.services.awards import Change
from app.services.conditions import Offer
from app.services.daily import OUTSIDE, REGULAR
from app.services.decisions import ConditionTerm, Decided
from app.services.finding_checks import Check
from app.services.panels import PanelPlan
from app.services.recommendations import Recommendation
from app.services.reconciling import AgreedGiven
from app.services.recusal import Found
from tests.integration.whole_life.acting import ISSUE, OPEN_APPEALS, WORKING, World, later, version_of, world
from tests.integration.whole_life.holding import everything_holds, whole_trail_holds

EXAMPLES, STEPS = (int(number) for number in os.environ.get("WHOLE_LIFE", "14 30").split())
"""How many lives of how many steps; `WHOLE_LIFE="500 200"` looks long and far."""

people = st.integers(0, 14)
mostly_managers = st.one_of(people, st.sampled_from([5, 12, 13]), st.sampled_from([5, 12]))
all_points = st.lists(st.integers(1, 3), min_size=4, max_size=4)
chances = st.integers(0, 3).map(lambda number: number == 0)
ballots = st.sampled_from(
    [
        Ballot(Verdict.AWARD, "silver"),
        Ballot(Verdict.AWARD, "bronze"),
        Ballot(Verdict.AWARD_WITH_CONDITIONS, "bronze"),
        Ballot(Verdict.REFUSE),
        Ballot(Verdict.DEFER),
        Ballot(Verdict.ABSTAIN),
    ]
)
WORDS = "Because of what was seen."


def whenever(**drawn):
    """A rule for what somebody tries. Half of the time what would come next if all went well comes first.

    Without it few lives would get far: Hypothesis leaves some rules out of each life.
    """

    def as_rule(what):
        def tries(self, first=False, points=None, ballot_of_all=None, **given):
            if first:
                self._go_on(points, ballot_of_all)
            what(self, **given)

        tries.__name__ = what.__name__
        return rule(first=st.booleans(), points=all_points, ballot_of_all=ballots, **drawn)(tries)

    return as_rule


class WholeLife(RuleBasedStateMachine):
    """One case, from the day on which it was handed in."""

    w: World

    @initialize(double=st.booleans(), with_findings=st.booleans())
    def hand_in_the_application(self, double, with_findings):
        self.w = world(double=double, findings=with_findings)

    def who(self, number: int) -> Actor:
        return self.w.actors[number]

    def attempt(self, what) -> bool:
        return self.w.attempt(what.__name__, what)

    # --- What would come next if all went well; the other rules get in its way ---

    @rule(points=all_points, ballot=ballots)
    def go_on(self, points, ballot):
        self._go_on(points, ballot)

    def _go_on(self, points, ballot) -> None:
        status = self.w.application.status
        if status in {ApplicationStatus.SUBMITTED, ApplicationStatus.IN_ASSESSMENT}:
            self._assess(points)
        elif status is ApplicationStatus.RECONCILING:
            for number in range(len(self.w.people)):
                self.settle(by=number, point=points[0])
        elif status is ApplicationStatus.ASSESSED:
            self._call()
        elif status is ApplicationStatus.WITH_PANEL:
            self._decide(ballot)
        elif status is ApplicationStatus.DEFERRED:
            self.submit_again(by=0)
        elif status is ApplicationStatus.AWARDED and points[0] > 1:
            held = self.w.award.status
            verb = "reinstate" if held is AwardStatus.SUSPENDED else "suspend" if points[1] > 1 else "accept_conditions"
            self.change_the_award(by=self._manager(), verb=verb, really=True)
        elif self.w.appeal is None or self.w.appeal.status not in OPEN_APPEALS:
            self.appeal(by=0, against=Against.DECISION)
        else:
            self._review()

    def _number(self, user_id: int) -> int:
        return next(number for number, person in enumerate(self.w.people) if person.id == user_id)

    def _manager(self) -> int:
        free = [n for n, actor in enumerate(self.w.actors) if may(actor, Action.MANAGE_CASE, self._subject())]
        return free[0] if free else 5

    def _subject(self):
        return subject_of(db.session(), self.w.application, self.w.today)

    def _assess(self, points) -> None:
        working = [each for each in self.w.rows(Assessment) if each.status in WORKING]
        if not working:
            free = [
                each for each in assessor_candidates(db.session(), self.w.application, self.w.today) if not each.bar
            ]
            for candidate in free[: framework_of(self.w.application.edition).assessment.assessors]:
                self.assign(by=self._manager(), assessor=self._number(candidate.user_id))
        for assessment in [each.assessor_id for each in self.w.rows(Assessment) if each.status in WORKING]:
            number = self._number(assessment)
            self.declare(by=number, conflict=False)
            self.score_and_hand_in(by=number, scored=points, hands_in=True, verdict=Ballot(Verdict.AWARD, "silver"))
            points = [*points[1:], points[0]]

    def _call(self) -> None:
        free = [each for each in panel_candidates(db.session(), self.w.application, self.w.today) if not each.bar]
        lay, others = [each for each in free if each.lay], [each for each in free if not each.lay]
        members = {self._number(each.user_id) for each in [*lay[:1], *others[:2]]}  # lay ones are left for an appeal
        self.call_panel(by=self._manager(), members=members)

    def _decide(self, ballot) -> None:
        for seat in [each.user_id for each in self.w.panel.seats]:
            self.sit(by=self._number(seat), conflict=False, ballot=ballot)
        self.agree_on_a_vote(ballot=ballot)
        self.decide(by=0, departs=True, chair=True)

    def _review(self) -> None:
        managers = [n for n, actor in enumerate(self.w.actors) if Role.MANAGER in actor.roles]
        free = review_candidates(db.session(), self.w.application, self.w.today)
        team = {
            self._number(each.user_id) for each in sorted((e for e in free if not e.bar), key=lambda e: not e.lay)[:3]
        }
        for number in managers:
            self.handle_the_appeal(by=number, reviewers=team, admits=True)
        self.review(vote=VOTES[0].value, conflict=False, remedy=Remedy.DECIDE_AGAIN)

    # --- The case ---

    @whenever(by=mostly_managers, assessor=people)
    def assign(self, by, assessor):
        def assigns():
            due = self.w.today + timedelta(days=20)
            cases.assign_assessor(
                self.w.case.application_id,
                self.w.people[assessor].id,
                due,
                actor=self.who(by),
                now=self.w.now,
                today=self.w.today,
            )

        self.attempt(assigns)

    @whenever(by=people, conflict=chances)
    def declare(self, by, conflict):
        if mine := self.w.own_assessment(self.who(by)):
            words = WORDS if conflict else ""

            def declares_interests():
                assessments.declare_interests(
                    mine.id, conflict=conflict, words=words, actor=self.who(by), now=self.w.now
                )

            self.attempt(declares_interests)

    @whenever(by=people)
    def turn_down(self, by):
        if mine := self.w.own_assessment(self.who(by)):

            def turns_down():
                recusal.turn_down(mine.id, "No time.", actor=self.who(by), now=self.w.now)

            self.attempt(turns_down)

    @whenever(by=people, scored=all_points, hands_in=st.booleans(), verdict=ballots)
    def score_and_hand_in(self, by, scored, hands_in, verdict):
        mine = self.w.own_assessment(self.who(by))
        if mine is None:
            return
        for code, point in zip(self.w.codes, scored, strict=False):

            def scores(code=code, point=point):
                given = GivenScore(point, False, f"Seen for {code}.", version_of(mine.id, code))
                assessments.record_score(mine.id, code, given, actor=self.who(by), now=self.w.now)

            if not self.attempt(scores):
                return
        if hands_in:

            def hands_it_in():
                words = Recommendation(verdict.verdict.value, verdict.level, WORDS)
                recommendations.hand_in(mine.id, words, actor=self.who(by), now=self.w.now)

            self.attempt(hands_it_in)

    @whenever(by=people, grade=st.sampled_from(["minor", "major"]))
    def raise_finding(self, by, grade):
        if mine := self.w.own_assessment(self.who(by)):

            def raises_a_finding():
                given = Given("GOV.1.1", grade, "Not seen", WORDS)
                findings.raise_finding(mine.id, given, actor=self.who(by), now=self.w.now, today=self.w.today)

            self.attempt(raises_a_finding)

    @whenever(
        by=mostly_managers,
        which=st.integers(0, 5),
        move=st.sampled_from([FindingMove.VERIFY, FindingMove.TAKE_BACK, FindingMove.REOPEN]),
    )
    def check_finding(self, by, which, move):
        found = self.w.rows(Finding)
        if found:
            finding = found[which % len(found)]

            def checks_a_finding():
                finding_checks.check_finding(
                    finding.id,
                    Check(move, WORDS),
                    version=finding.version,
                    actor=self.who(by),
                    now=self.w.now,
                    today=self.w.today,
                )

            self.attempt(checks_a_finding)

    @whenever(by=people, point=st.integers(1, 3))
    def settle(self, by, point):
        mine = self.w.own_assessment(self.who(by))
        if mine is None or self.w.application.status is not ApplicationStatus.RECONCILING:
            return
        for code in self.w.codes:

            def agrees(code=code):
                given = AgreedGiven(point, False, False, WORDS, 0)
                reconciling.agree(mine.id, code, given, actor=self.who(by), now=self.w.now)

            self.attempt(agrees)

        def meets():
            reconciling.record_meeting(mine.id, self.w.today, WORDS, actor=self.who(by), now=self.w.now)

        def settles():
            reconciling.settle(mine.id, actor=self.who(by), now=self.w.now)

        self.attempt(meets)
        self.attempt(settles)

    @whenever(by=mostly_managers, of=people)
    def take_off(self, by, of):
        if theirs := self.w.own_assessment(self.who(of)):

            def takes_off():
                cases.remove_assessor(theirs.id, WORDS, actor=self.who(by), now=self.w.now)

            self.attempt(takes_off)

    @whenever(by=mostly_managers, of=people)
    def reopen(self, by, of):
        if theirs := self.w.own_assessment(self.who(of)):

            def reopens():
                due = self.w.today + timedelta(days=20)
                cases.reopen_assessment(theirs.id, WORDS, due, actor=self.who(by), now=self.w.now, today=self.w.today)

            self.attempt(reopens)

    @whenever(by=people)
    def discover_a_conflict(self, by):
        mine, panel = self.w.own_assessment(self.who(by)), self.w.panel

        def stops_assessing():
            recusal.stop_assessing(mine.id, Found(WORDS), actor=self.who(by), now=self.w.now)

        def stops_sitting():
            recusal.stop_sitting(panel.id, Found(WORDS), actor=self.who(by), now=self.w.now)

        if mine:
            self.attempt(stops_assessing)
        elif panel:
            self.attempt(stops_sitting)

    # --- The panel ---

    @whenever(by=mostly_managers, members=st.sets(people, min_size=2, max_size=5))
    def call_panel(self, by, members):
        ids = tuple(self.w.people[member].id for member in sorted(members))

        def calls_a_panel():
            plan = PanelPlan(ids, next(iter(ids), None), self.w.today + timedelta(days=10))
            panels.call_panel(self.w.case.application_id, plan, actor=self.who(by), now=self.w.now, today=self.w.today)

        self.attempt(calls_a_panel)

    @precondition(lambda self: self.w.panel is not None)
    @whenever(by=people, conflict=chances, ballot=ballots)
    def sit(self, by, conflict, ballot):
        panel_id, actor = self.w.panel.id, self.who(by)

        def declares_for_the_panel():
            panels.declare_for_panel(
                panel_id, conflict=conflict, words=WORDS if conflict else "", actor=actor, now=self.w.now
            )

        def votes():
            voting.vote(panel_id, ballot, WORDS, actor=actor, now=self.w.now, today=self.w.today)

        self.attempt(declares_for_the_panel)
        self.attempt(votes)

    @precondition(lambda self: self.w.panel is not None)
    @whenever(ballot=ballots)
    def agree_on_a_vote(self, ballot):
        """Those who sit vote alike: else a majority is rare."""
        for seat in list(self.w.panel.seats):

            def votes(who=seat.user_id):
                actor = next(each for each in self.w.actors if each.user_id == who)
                voting.vote(self.w.panel.id, ballot, WORDS, actor=actor, now=self.w.now, today=self.w.today)

            self.attempt(votes)

    @precondition(lambda self: self.w.panel is not None)
    @whenever(by=people, opens=st.booleans())
    def close_or_open_the_vote(self, by, opens):
        panel_id, actor = self.w.panel.id, self.who(by)

        def closes_the_vote():
            voting.close_vote(panel_id, actor=actor, now=self.w.now)

        def opens_the_vote_again():
            voting.reopen_vote(panel_id, WORDS, actor=actor, now=self.w.now)

        self.attempt(opens_the_vote_again if opens else closes_the_vote)

    @precondition(lambda self: self.w.panel is not None)
    @whenever(by=people, departs=st.booleans(), chair=st.booleans())
    def decide(self, by, departs, chair):
        panel = self.w.panel
        actor = next(each for each in self.w.actors if each.user_id == panel.chair_id) if chair else self.who(by)
        carried = count_votes(db.session(), panel, framework_of(self.w.application.edition), self.w.today).carried
        ballot = carried or Ballot(Verdict.REFUSE)
        due = (ConditionTerm("Show the minutes.", self.w.today + timedelta(days=60)),)
        conditional = ballot.verdict is Verdict.AWARD_WITH_CONDITIONS

        def decides():
            words = Decided(ballot, WORDS, WORDS if departs else "", due if conditional else ())
            decisions.record_decision(
                panel.id, words, issue=ISSUE, storage=self.w.storage, actor=actor, now=self.w.now, today=self.w.today
            )

        outcome = case_outcome(db.session(), self.w.application, self.w.today)
        if self.attempt(decides) and ballot.verdict in GRANTING:
            assert departs or (outcome and outcome.level == ballot.level), "a departure without a rationale"

    # --- The provider ---

    @whenever(by=people)
    def submit_again(self, by):
        def submits_again():
            declaration = applications.Declaration("Nomsa Khumalo", "Manager", True)
            applications.submit(self.w.case.application_id, declaration, actor=self.who(by), now=self.w.now)

        if self.w.application.status is ApplicationStatus.DEFERRED:
            self.attempt(submits_again)

    @whenever(by=people, really=chances)
    def withdraw_the_application(self, by, really):
        def takes_the_application_back():
            applications.withdraw_application(self.w.case.application_id, WORDS, actor=self.who(by), now=self.w.now)

        if really:
            self.attempt(takes_the_application_back)

    # --- The award ---

    @precondition(lambda self: self.w.award is not None)
    @whenever(
        by=mostly_managers,
        verb=st.sampled_from(["suspend", "reinstate", "withdraw", "surrender", "give_up", "accept_conditions"]),
        really=chances,
    )
    def change_the_award(self, by, verb, really):
        ends = verb in {"withdraw", "surrender", "give_up"}
        if ends and not really:
            return
        award_id = self.w.award.id

        def changes_the_award():
            use_case = getattr(awards, verb)
            use_case(award_id, Change(WORDS, "So it is."), actor=self.who(by), now=self.w.now, today=self.w.today)

        self.w.attempt(verb, changes_the_award)

    @precondition(lambda self: self.w.award is not None)
    @whenever(by=mostly_managers)
    def work_on_conditions(self, by):
        for condition in self.w.conditions():

            def offers(condition_id=condition.id):
                conditions.offer_condition(
                    condition_id,
                    Offer(WORDS),
                    storage=self.w.storage,
                    actor=self.who(0),
                    now=self.w.now,
                    today=self.w.today,
                )

            def accepts(condition_id=condition.id):
                conditions.accept_condition(condition_id, WORDS, actor=self.who(by), now=self.w.now, today=self.w.today)

            self.attempt(offers)
            self.attempt(accepts)

    @whenever(days=st.sampled_from([1, 7, 30, 90, 200]))
    def let_days_pass(self, days):
        """The regular work is done on the last of them alone: it has to catch up."""
        later(self.w, days)
        if days >= 30:  # most keep their register of interests up to date; who does not is barred
            for actor in self.w.actors[days % 2 :]:
                for nothing in (True, False):

                    def confirms_interests(actor=actor, nothing=nothing):
                        interests.confirm_register(nothing=nothing, actor=actor, now=self.w.now)

                    if self.attempt(confirms_interests):
                        break
        for name, work in REGULAR:
            if name not in OUTSIDE:
                work(self.w.now)
                db.session.rollback()

    # --- The appeal ---

    @whenever(by=people, against=st.sampled_from(list(Against)))
    def appeal(self, by, against):
        def appeals_against_it():
            written = Written(against.value, (Ground.FACTS,), WORDS, "To look again.", "We were ill.")
            appeals.lodge_appeal(
                self.w.case.application_id, written, actor=self.who(by), now=self.w.now, today=self.w.today
            )

        self.attempt(appeals_against_it)

    @precondition(lambda self: self.w.appeal is not None)
    @whenever(by=people, reviewers=st.sets(people, min_size=3, max_size=5), admits=st.booleans())
    def handle_the_appeal(self, by, reviewers, admits):
        appeal_id, at = self.w.appeal.id, {"actor": self.who(by), "now": self.w.now, "today": self.w.today}
        ids = tuple(self.w.people[each].id for each in sorted(reviewers))

        def admits_it():
            (appeal_handling.admit if admits else appeal_handling.turn_away)(appeal_id, WORDS, **at)

        def appoints_reviewers():
            appeal_handling.appoint_reviewers(appeal_id, Team(ids, next(iter(ids), None)), **at)

        def closes_it():
            appeal_handling.close_appeal(appeal_id, WORDS, **at)

        for step in (admits_it, appoints_reviewers, closes_it):
            self.attempt(step)

    @precondition(lambda self: self.w.appeal is not None)
    @whenever(
        vote=st.sampled_from([move.value for move in VOTES]), conflict=chances, remedy=st.sampled_from(list(Remedy))
    )
    def review(self, vote, conflict, remedy):
        at = {"now": self.w.now, "today": self.w.today}
        seats = [(self.w.review_of(actor), actor) for actor in self.w.actors]
        for seat, actor in [(seat, actor) for seat, actor in seats if seat]:

            def declares_for_the_review(review_id=seat.id, actor=actor, one=seat.leads and conflict):
                reviewing.declare_for_review(review_id, conflict=one, words=WORDS, actor=actor, **at)

            def votes_on_the_appeal(review_id=seat.id, actor=actor):
                reviewing.vote_on_appeal(review_id, vote, WORDS, actor=actor, **at)

            self.attempt(declares_for_the_review)
            self.attempt(votes_on_the_appeal)
        for seat, actor in [(seat, actor) for seat, actor in seats if seat]:

            def rules_on_the_appeal(review_id=seat.id, actor=actor):
                ruling = review_decisions.Ruling(vote, remedy.value, WORDS, WORDS)
                review_decisions.decide_appeal(review_id, ruling, actor=actor, **at)

            self.attempt(rules_on_the_appeal)

    @invariant()
    def rules_of_a_trustworthy_scheme(self):
        if hasattr(self, "w"):
            db.session.rollback()
            everything_holds(self.w)

    def teardown(self):
        if hasattr(self, "w"):
            whole_trail_holds(self.w)
            REACHED.update(self.w.done)


REACHED: set[str] = set()


@pytest.fixture
def machine(app):
    REACHED.clear()
    return WholeLife


def test_the_rules_hold_whoever_does_whatever_in_whichever_order(machine):
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # to make a failing life short takes minutes: it is told as it was lived
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    far = {
        "settles",
        "decides",
        "suspend",
        "reinstate",
        "appeals_against_it",
        "rules_on_the_appeal",
        "confirms_interests",
    }
    assert far <= REACHED, far - REACHED
