"""What the scheme answers about a finding: to its plan, to its evidence, and whether it was one at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require, roles_at
from app.domain.corrective import LATE_IN, LONGEST_WORDS, check_words, due_after_return
from app.domain.errors import Conflict, Invalid, NotAllowed, check_length
from app.domain.findings import PlanAnswer
from app.domain.lifecycle import ApplicationStatus, FindingMove, FindingStatus
from app.models import Application, Assessment, CorrectivePlan, Finding
from app.queries.subjects import subject_of
from app.services.casework import managed
from app.services.finding_steps import (
    check_version,
    due_words,
    held_finding,
    mail_of_findings,
    mail_provider,
    moved,
    record_finding,
    restart,
    say,
)
from app.services.transactions import locked, transaction

MISSING: Mapping[FindingMove, str] = {
    FindingMove.RETURN_PLAN: "Say what the plan lacks. The provider will read it.",
    FindingMove.RETURN_EVIDENCE: "Say what is still missing. The provider will read it.",
    FindingMove.VERIFY: "Say how it was seen that it is put right.",
    FindingMove.REOPEN: "Say what was found again. The provider will read it.",
    FindingMove.TAKE_BACK: "Say why it was no finding.",
}
"""What is asked for where nothing is said; accepting a plan needs no words."""

EVENTS: Mapping[FindingMove, str] = {
    FindingMove.ACCEPT_PLAN: "plan-accepted",
    FindingMove.RETURN_PLAN: "plan-returned",
    FindingMove.RETURN_EVIDENCE: "returned",
    FindingMove.VERIFY: "closed",
    FindingMove.REOPEN: "reopened",
    FindingMove.TAKE_BACK: "taken-back",
}
TEMPLATES: Mapping[FindingMove, str] = {
    FindingMove.ACCEPT_PLAN: "finding_plan_accepted",
    FindingMove.RETURN_PLAN: "finding_plan_returned",
    FindingMove.RETURN_EVIDENCE: "finding_returned",
    FindingMove.VERIFY: "finding_closed",
    FindingMove.TAKE_BACK: "finding_taken_back",
}
PLAN_ANSWERS = {FindingMove.ACCEPT_PLAN: PlanAnswer.ACCEPTED, FindingMove.RETURN_PLAN: PlanAnswer.RETURNED}


@dataclass(frozen=True)
class Check:
    """What somebody of the scheme decides: the move, what they say to it, and the finding that it is the same as, if any."""

    move: FindingMove
    words: str = ""
    same_as: int | None = None


def check_finding(
    finding_id: int, check: Check, *, version: int, actor: Actor, now: datetime, today: date
) -> FindingStatus:
    """Answer to a finding: accept or return its plan, return its evidence, close, reopen or take it back.

    Evidence that comes back leaves a fortnight at least. Raises NotFound, NotAllowed, Invalid (`move`, `words`, `same_as`),
    IllegalMove, and Conflict where somebody did something about it meanwhile.
    """
    if check.move not in EVENTS:
        raise Invalid({"move": "Choose what you decide."})
    if check.move in MISSING:
        check_words("words", check.words, MISSING[check.move])
    check_length(check.words, LONGEST_WORDS, "words")
    with transaction() as session:
        finding, application = held_finding(session, finding_id)
        subject = subject_of(session, application, today)
        require(actor, Action.VERIFY_FINDING, subject)
        _check_blind(session, finding, application, actor, subject)
        check_version(finding, version)
        told = finding.told_at is not None
        detail = _with_it(session, finding, application, check, today)
        moved(
            session,
            finding,
            application,
            actor,
            check.move,
            check.words.strip(),
            now,
            event=EVENTS[check.move],
            **detail,
        )
        if told:
            _tell(session, finding, application, check, now)
        return finding.status


def _check_blind(session: Session, finding: Finding, application: Application, actor: Actor, subject: Subject) -> None:
    """While a case is being assessed nobody touches what another assessor wrote down and nobody was told of.

    A manager does, unless they assess the case themselves and must not see what the others write.
    """
    if finding.told_at is not None or application.status is not ApplicationStatus.IN_ASSESSMENT:
        return
    whose = session.get(Assessment, finding.assessment_id) if finding.assessment_id else None
    manages = Role.MANAGER in roles_at(actor, subject) and actor.user_id not in subject.blind
    if whose is not None and whose.assessor_id != actor.user_id and not manages:
        raise NotAllowed("This is another assessor’s finding. You see it once the case is assessed.")


def _with_it(session: Session, finding: Finding, application: Application, check: Check, today: date) -> dict[str, Any]:
    """What the move changes beside the status. Returns what the audit row says of it."""
    if check.move in PLAN_ANSWERS:
        plan = session.scalars(
            select(CorrectivePlan)
            .where(CorrectivePlan.finding_id == finding.id, CorrectivePlan.answer == PlanAnswer.WAITS)
            .order_by(CorrectivePlan.number.desc())
        ).first()
        if plan is not None:
            plan.answer = PLAN_ANSWERS[check.move]
            return {"plan": plan.number}
    if check.move is FindingMove.RETURN_EVIDENCE:
        finding.due_on = due_after_return(finding.due_on, today)
        return {"due_on": due_words(finding.due_on)}
    if check.move is FindingMove.REOPEN:
        return {"due_on": due_words(restart(finding, application, today))}
    if check.move is FindingMove.TAKE_BACK and check.same_as is not None:
        return {"same_as": _same_as(session, finding, check.same_as)}
    return {}


def _same_as(session: Session, finding: Finding, other_id: int) -> int:
    """Refer to the finding that says the same. Raises Invalid where it is none of the case, or was taken back itself."""
    other = session.get(Finding, other_id)
    usable = other is not None and other.id != finding.id and other.application_id == finding.application_id
    if other is None or not usable or other.status is FindingStatus.TAKEN_BACK:
        raise Invalid({"same_as": "Choose another finding of this case, or none."})
    finding.same_as_id = other.id
    return other.id


def _tell(session: Session, finding: Finding, application: Application, check: Check, now: datetime) -> None:
    if check.move is FindingMove.REOPEN:
        mail_of_findings(session, application, [finding], now)
    else:
        mail_provider(session, finding, application, TEMPLATES[check.move], now, words=check.words.strip())


def allow_more_time(
    finding_id: int, due_on: date | None, reason: str, *, version: int, actor: Actor, now: datetime, today: date
) -> None:
    """A manager moves the last day of a finding further out, for a reason that the provider reads.

    Raises NotFound, NotAllowed, Invalid (`due_on`, `reason`), Conflict where no time runs or somebody was quicker.
    """
    check_words("reason", reason, "Say why. The provider will read it, and whoever asks later.")
    with transaction() as session:
        found = session.get(Finding, finding_id)
        application = managed(session, found.application_id if found else 0, actor, today)
        finding = locked(session, Finding, finding_id)
        check_version(finding, version)
        if finding.due_on is None or finding.status not in LATE_IN:
            raise Conflict("No time runs for this finding now, so there is none to add.")
        before = finding.due_on
        if due_on is None or due_on <= max(before, today):
            raise Invalid({"due_on": "Enter a date after today and after the last day that there is now."})
        if due_on.year > today.year + 5:
            raise Invalid({"due_on": "Enter a date within the next five years."})
        finding.due_on, finding.warned = due_on, None
        finding.version += 1
        say(session, finding, actor, "allow more time", reason.strip(), now)
        days = {"before": due_words(before), "after": due_words(due_on), "reason": reason.strip()}
        record_finding(session, actor, "finding.more-time", finding, application, now, **days)
        mail_provider(session, finding, application, "finding_more_time", now, words=reason.strip())
