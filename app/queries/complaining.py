"""Complaints as anybody sees them: how to make one, and how one's own stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.backends.tokens import Tokens
from app.domain.appeals import OUTCOME_WORDS, terms_of
from app.domain.complaints import ABOUT_WORDS, acknowledged_by, answered_by
from app.domain.errors import NotFound
from app.domain.lifecycle import COMPLAINT, ComplaintStatus
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Complaint, RegisterEntry, Scheme
from app.queries.complaints import OPEN, STATUS_WORDS, steps_of
from app.queries.frameworks import scheme_details

MOST_SCHEMES = 200
FOLLOW = "complaint-follow"
"""The purpose for which the secret of a link is hashed."""
FOLLOWED_AS = {
    **STATUS_WORDS,
    ComplaintStatus.RECEIVED: "Received",
    ComplaintStatus.ACKNOWLEDGED: "Read by a person of the scheme",
    ComplaintStatus.INVESTIGATING: "Being looked into",
}


@dataclass(frozen=True)
class Following:
    """What whoever complained reads by their link: where it stands, and what was written to them."""

    scheme: str
    scheme_code: str
    number: str
    about: str
    received_at: datetime
    state: str
    says: str
    acknowledge_by: date
    answer_by: date
    open: bool
    outcome: str
    email: bool
    letters: tuple[tuple[datetime, str], ...]


def following(secret: str, tokens: Tokens) -> Following:
    """One's own complaint by the secret of its link. Raises NotFound."""
    complaint = db.session.scalars(
        select(Complaint)
        .where(Complaint.follow_key == tokens.fingerprint(FOLLOW, secret))
        .options(joinedload(Complaint.organisation), joinedload(Complaint.scheme))
    ).first()
    if complaint is None:
        raise NotFound("There is no complaint with this link. Check that you copied the whole of it.")
    about = complaint.organisation.name if complaint.organisation else complaint.whom or ABOUT_WORDS[complaint.about]
    letters = tuple((step.at, step.letter) for step in steps_of(complaint.id) if step.letter)
    status = complaint.status
    return Following(
        scheme=complaint.scheme.title,
        scheme_code=complaint.scheme.code,
        number=complaint.number,
        about=about,
        received_at=complaint.received_at,
        state=FOLLOWED_AS[status],
        says=COMPLAINT.says[status],
        acknowledge_by=complaint.acknowledge_by,
        answer_by=complaint.answer_by,
        open=status in OPEN,
        outcome=OUTCOME_WORDS.get(complaint.outcome, ""),
        email=bool(complaint.email),
        letters=letters,
    )


@dataclass(frozen=True)
class HowTo:
    """How a scheme takes complaints and appeals, and the entry that is complained about, where one was named.

    `acknowledged` and `answered` are working days, with the days that they would be from today.
    """

    code: str
    scheme: str
    awarding_body: str
    contact: str
    provider: str
    slug: str
    provider_contact: tuple[tuple[str, str], ...]
    acknowledged: int
    answered: int
    acknowledge_by: date
    answer_by: date
    appeal_within: int
    reviewers: int
    lay: int


def how_to(code: str, slug: str, now: datetime) -> HowTo:
    """What the public page and the form say. Two statements. Raises NotFound."""
    scheme = db.session.scalars(select(Scheme).where(Scheme.code == code)).first()
    if scheme is None:
        raise NotFound("There is no such page.")
    entry = None
    if slug:
        entry = db.session.scalars(
            select(RegisterEntry).where(RegisterEntry.scheme_id == scheme.id, RegisterEntry.slug == slug)
        ).first()
        if entry is None:
            raise NotFound("There is no such page.")
    terms, today = terms_of(scheme.details), uk_day(now)
    contact = entry.contact if entry else {}
    return HowTo(
        code=scheme.code,
        scheme=scheme.title,
        awarding_body=scheme_details(scheme).awarding_body,
        contact=str(scheme.details.get("contact") or ""),
        provider=entry.name if entry else "",
        slug=slug,
        provider_contact=tuple((kind, str(contact[kind])) for kind in ("phone", "email") if contact.get(kind)),
        acknowledged=terms.acknowledged,
        answered=terms.answered,
        acknowledge_by=acknowledged_by(today, terms),
        answer_by=answered_by(today, terms),
        appeal_within=terms.within,
        reviewers=terms.reviewers,
        lay=terms.lay,
    )


def schemes_to_complain_to() -> tuple[tuple[str, str, str], ...]:
    """(code, title, awarding body) of every scheme, by title. One statement."""
    found = db.session.scalars(select(Scheme).order_by(Scheme.title, Scheme.id).limit(MOST_SCHEMES))
    return tuple((each.code, each.title, scheme_details(each).awarding_body) for each in found)
