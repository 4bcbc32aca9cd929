"""Appeals and complaints for tests, as rows: with everybody who had a part in the first decision somebody else."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from flask import current_app

from app.domain.appeals import Against
from app.domain.complaints import About
from app.domain.lifecycle import AppealStatus, ApplicationStatus, ComplaintStatus, DecisionStatus
from app.models import Appeal, Application, Complaint, Decision, Organisation, Panel, Reviewer, Scheme, User
from app.queries.complaining import FOLLOW
from tests import factories as make
from tests.conftest import NOON

_serial = count(1)


def a_complaint(to: Scheme, of: Organisation | None = None, **values: Any) -> Complaint:
    """One that has just come in. `secret` is that of its link."""
    n = next(_serial)
    secret = values.pop("secret", f"secret-{n}")
    defaults = {
        "number": f"C-2026-{n:04}",
        "follow_key": current_app.extensions["tokens"].fingerprint(FOLLOW, secret),
        "once": f"once-{n}",
        "organisation_id": of.id if of else None,
        "about": About.HOLDER if of else About.SCHEME,
        "words": "Nobody answers the telephone.",
        "status": ComplaintStatus.RECEIVED,
        "received_at": NOON,
        "acknowledge_by": NOON.date() + timedelta(days=5),
        "answer_by": NOON.date() + timedelta(days=28),
    }
    return make.save(Complaint(scheme_id=to.id, **{**defaults, **values}))


def a_refusal(of: Application, **values: Any) -> Decision:
    """That a panel of people who do nothing else refused the application."""
    chair, caller = make.user(), make.user()
    panel = make.save(Panel(application_id=of.id, chair_id=chair.id, called_at=NOON, called_by_id=caller.id))
    of.status = ApplicationStatus.REFUSED
    defaults = {
        "outcome": "refuse",
        "reasons": "Too little is in place.",
        "status": DecisionStatus.RECORDED,
        "appeal_by": NOON.date() + timedelta(days=28),
        "decided_at": NOON,
        "decided_by_id": chair.id,
    }
    return make.save(Decision(panel_id=panel.id, application_id=of.id, **{**defaults, **values}))


def an_appeal(against: Decision, of: Application, by: User, **values: Any) -> Appeal:
    """One that has just come in, on the ground that facts are wrong."""
    n = next(_serial)
    against.status = DecisionStatus.APPEALED
    defaults = {
        "number": f"A-2019-{n:04}",
        "against": Against.DECISION,
        "status": AppealStatus.RECEIVED,
        "grounds": ["facts"],
        "words": "The minutes were there.",
        "asks": "Decide again.",
        "last_day": NOON.date() + timedelta(days=28),
        "lodged_at": NOON,
        "lodged_by_id": by.id,
        "due_on": NOON.date() + timedelta(days=60),
    }
    of_case = {"organisation_id": of.organisation_id, "scheme_id": of.scheme_id, "application_id": of.id}
    return make.save(Appeal(decision_id=against.id, **of_case, **{**defaults, **values}))


def a_reviewer(of: Appeal | Complaint, who: User, by: User, **values: Any) -> Reviewer:
    """Appointed, declared, and leading."""
    which = {"appeal_id": of.id} if isinstance(of, Appeal) else {"complaint_id": of.id}
    defaults = {"leads": True, "appointed_at": NOON, "appointed_by_id": by.id, "declared_at": NOON}
    return make.save(Reviewer(user_id=who.id, **which, **{**defaults, **values}))


def disputes_of(
    organisation: Organisation, application: Application, manager: User, judge: User, lead: User
) -> dict[str, Any]:
    """What one side of tests/integration/everything.py has: a complaint, and an appeal in review that `judge` reviews."""
    scheme = application.edition.scheme
    complaint = a_complaint(scheme, secret=f"link-of-{scheme.code}")
    appeal = an_appeal(a_refusal(application), application, lead, status=AppealStatus.IN_REVIEW)
    appeal.triaged_at, appeal.triaged_by_id = NOON, manager.id
    seat = a_reviewer(appeal, judge, manager)
    taken_up = a_complaint(scheme, status=ComplaintStatus.INVESTIGATING)
    return {
        "complaint_id": complaint.id,
        "appeal_id": appeal.id,
        "review_id": seat.id,
        "complaint_review_id": a_reviewer(taken_up, judge, manager).id,
    }
