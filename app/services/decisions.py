"""The chair records what the panel decided; an award follows in the same transaction, or nothing is saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor
from app.domain.appeals import terms_of
from app.domain.award_conditions import ConditionTerm, as_one_text, check_terms, first_day
from app.domain.deciding import GRANTING, RECOMMENDABLE, Ballot, Count, Verdict, departs, open_to
from app.domain.errors import Conflict, Incomplete, Invalid
from app.domain.lifecycle import STANDING, ApplicationMove, PanelMove
from app.domain.scoring import Outcome
from app.models import Application, Award, Decision, Panel
from app.queries.candidates import scores_in_doubt
from app.queries.frameworks import framework_of, scheme_details
from app.queries.gates import levels_barred
from app.queries.outcomes import case_outcome
from app.queries.passport_uses import used_in
from app.queries.publication import told_to_provider
from app.queries.votes import count_votes, outcome_words, tally_words
from app.services.award_rules import withdraw_by_rule
from app.services.casework import mail_leads, record_on, user_id
from app.services.conditions import set_conditions
from app.services.decision_letters import Decisive, keep_letter
from app.services.granting import Issue, grant
from app.services.sitting import held_panel
from app.services.transactions import transaction
from app.services.using_passports import settle_uses

LONGEST = 10_000
MOVES = {
    Verdict.AWARD: ApplicationMove.AWARD,
    Verdict.AWARD_WITH_CONDITIONS: ApplicationMove.AWARD,
    Verdict.DEFER: ApplicationMove.DEFER,
    Verdict.REFUSE: ApplicationMove.REFUSE,
}


@dataclass(frozen=True)
class Decided:
    """What the chair enters. `ballot` is what the votes carried when the page was shown.

    `departure` is needed where the level differs from the computed one, conditions where the ballot is for an award with
    some.
    """

    ballot: Ballot
    reasons: str
    departure: str = ""
    conditions: tuple[ConditionTerm, ...] = ()


def check_decided(decided: Decided, computed_level: str | None, today: date) -> None:
    """Whether what the chair entered is whole. Raises Invalid with every sentence by its field's name."""
    errors = {}
    if not decided.reasons.strip():
        errors["reasons"] = "Write the reasons. The provider will read them."
    if departs(decided.ballot, computed_level) and not decided.departure.strip():
        errors["departure"] = "Say why the decision differs from what the scores give."
    if decided.ballot.verdict is Verdict.AWARD_WITH_CONDITIONS:
        errors |= check_terms(decided.conditions, today)
    for name in ("reasons", "departure"):
        if len(getattr(decided, name)) > LONGEST:
            errors[name] = f"Keep this under {LONGEST:,} characters."
    if errors:
        raise Invalid(errors)


def record_decision(
    panel_id: int, decided: Decided, *, issue: Issue, storage: Storage, actor: Actor, now: datetime, today: date
) -> int:
    """Record the panel's decision with everything that follows from it. Returns the decision's id.

    Raises NotFound, NotAllowed to everybody but the chair, Conflict if it is recorded already or the votes have changed,
    Incomplete without quorum, majority or a finished assessment, or where a gate or another level stands before the one
    to be granted, Invalid by field.
    """
    with transaction() as session:
        panel, application = held_panel(session, panel_id, actor, Action.DECIDE)
        if panel.decision is not None:
            raise Conflict("The decision of this panel is recorded already. Load the page again to see it.")
        votes = _votes(session, panel, application, decided.ballot, today)
        outcome = _complete_outcome(session, application, decided.ballot.verdict, today)
        check_decided(decided, outcome.level, today)
        _check_open(session, application, decided.ballot, today)
        _check_scores(session, application, decided.ballot.verdict, today)
        decision = _decision(panel, application, decided, votes, outcome, actor, now)
        decision.appeal_by = last_day_to_appeal(application, today)
        session.add(decision)
        panel.make(PanelMove.DECIDE)
        settle_uses(session, application, actor, now, today)
        application.make(MOVES[decided.ballot.verdict], now)
        _record(session, application, decision, actor, now)
        award = None
        if decided.ballot.verdict in GRANTING:
            application.note = ""
            award = grant(
                session, application, decision, issue=issue, storage=storage, actor=actor, now=now, today=today
            )
            set_conditions(session, award, decision, _terms(decided), today)
        else:
            application.note = decision.reasons
            _end_what_was_set_aside(session, application, decision, now, today)
            _tell_of_no_award(session, application, decision, outcome, now)
        keep_letter(session, application, Decisive(decision, award, _terms(decided), outcome), issue, storage, actor)
        session.flush()
        return decision.id


def _end_what_was_set_aside(
    session: Session, application: Application, decision: Decision, now: datetime, today: date
) -> None:
    """After an appeal a new panel refuses: the award of the decision that was set aside has nothing to rest on any more."""
    if decision.outcome != Verdict.REFUSE.value:
        return
    standing = select(Award).where(Award.application_id == application.id, Award.status.in_(STANDING))
    for award in session.scalars(standing).all():
        reason = (
            f"The decision that granted it was set aside after an appeal, and a new panel refused. {decision.reasons}"
        )
        withdraw_by_rule(session, award, reason, "Withdrawn: a new panel decided after an appeal.", now, today)


def _record(session: Session, application: Application, decision: Decision, actor: Actor, now: datetime) -> None:
    words = outcome_words(framework_of(application.edition), decision.outcome, decision.level)
    record_on(session, actor, "decision.recorded", decision, application, now, outcome=words, tally=decision.tally)


def _votes(session: Session, panel: Panel, application: Application, expected: Ballot, today: date) -> Count:
    votes = count_votes(session, panel, framework_of(application.edition), today)
    if not votes.quorate:
        raise Incomplete(votes.quorum_sentence)
    if votes.carried is None:
        raise Incomplete(votes.majority_sentence)
    if votes.carried != expected or expected.verdict not in RECOMMENDABLE:
        raise Conflict(
            "The votes have changed since you opened this page. Read how they stand now before you record anything."
        )
    return votes


def _check_open(session: Session, application: Application, ballot: Ballot, today: date) -> None:
    """Whether what the votes carried can be done today: it may have been open when they were cast. Raises Incomplete."""
    framework = framework_of(application.edition)
    if ballot.verdict not in open_to(framework.panel):
        raise Incomplete("A panel of this scheme cannot decide that. Members can change their votes.")
    against = levels_barred(session, application, today).get(ballot.level or "", ())
    if ballot.verdict in GRANTING and against:
        raise Incomplete(" ".join((*against, "Members can change their votes.")))


def _check_scores(session: Session, application: Application, verdict: Verdict, today: date) -> None:
    """Nothing but a deferral rests on the scores of somebody with an interest. Raises Incomplete."""
    in_doubt = None if verdict is Verdict.DEFER else scores_in_doubt(session, application, today)
    if in_doubt:
        raise Incomplete(
            f"{in_doubt} The assessor can declare it on the case, which takes their scores out of it, or the panel defers."
        )


def _complete_outcome(session: Session, application: Application, verdict: Verdict, today: date) -> Outcome:
    """What the scores give. A case whose passports have ended meanwhile may be deferred, so that they are looked at again.

    Raises Incomplete.
    """
    outcome = case_outcome(session, application, today)
    if outcome is None:
        raise Incomplete("The assessment is not finished: nobody has handed in.")
    fallen = {code for code, each in used_in(session, application, today).items() if not each.stands}
    if outcome.complete or (verdict is Verdict.DEFER and set(outcome.missing) <= fallen):
        return outcome
    raise Incomplete("The assessment is not finished: some criteria have no score.", outcome.missing)


def _decision(
    panel: Panel,
    application: Application,
    decided: Decided,
    votes: Count,
    outcome: Outcome,
    actor: Actor,
    now: datetime,
) -> Decision:
    terms = _terms(decided)
    departing = departs(decided.ballot, outcome.level)
    return Decision(
        panel_id=panel.id,
        application_id=application.id,
        outcome=decided.ballot.verdict.value,
        level=decided.ballot.level,
        computed_level=outcome.level,
        departure=decided.departure.strip() if departing else "",
        reasons=decided.reasons.strip(),
        conditions=as_one_text(terms) if terms else "",
        conditions_due_on=first_day(terms),
        tally=dict(tally_words(framework_of(application.edition), votes)),
        decided_at=now,
        decided_by_id=user_id(actor),
    )


def last_day_to_appeal(application: Application, decided_on: date) -> date:
    """The last day on which the provider can appeal: so many days after the decision as the scheme says."""
    return decided_on + timedelta(days=terms_of(application.edition.scheme.details).within)


def _terms(decided: Decided) -> tuple[ConditionTerm, ...]:
    """The conditions that the decision sets: none where its outcome is not an award with conditions."""
    return decided.conditions if decided.ballot.verdict is Verdict.AWARD_WITH_CONDITIONS else ()


def _tell_of_no_award(
    session: Session, application: Application, decision: Decision, outcome: Outcome, now: datetime
) -> None:
    refused = decision.outcome == Verdict.REFUSE.value
    scheme = scheme_details(application.edition.scheme)
    mail_leads(
        session,
        application,
        "application_refused" if refused else "application_deferred",
        now,
        reasons=decision.reasons,
        e=told_to_provider(framework_of(application.edition)).explained(outcome),
        contact=scheme.details.get("contact") or "",
        awarding_body=scheme.awarding_body,
        appeal_by=decision.appeal_by,
        decision_id=decision.id,
    )
