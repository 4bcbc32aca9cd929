"""Taking a complaint from anybody, without an account: it is kept, its receipt confirmed, and the right people told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.tokens import Tokens
from app.domain.access import NOBODY, Role
from app.domain.appeals import terms_of
from app.domain.complaints import Sent, acknowledged_by, answered_by, concerned, tidy
from app.domain.errors import NotFound
from app.domain.lifecycle import ComplaintStatus
from app.domain.topics import Topic
from app.models import Complaint, ComplaintPerson, ComplaintStep, RegisterEntry, Scheme, SchemePost, User
from app.queries.complaining import FOLLOW
from app.queries.reviewers import MOST_PEOPLE, free_auditors, free_managers, subject_of_complaint
from app.services.telling import tell
from app.services.throttling import Limit, take_turn
from app.services.transactions import queue_mail, record, transaction

PER_NETWORK = Limit(most=10, window=timedelta(hours=1))
PER_NETWORK_A_DAY = Limit(most=30, window=timedelta(days=1))
LINK_LENGTH = 40
RECEIVED = "received"


@dataclass(frozen=True)
class From:
    """From which page a complaint comes: `once` is that page's own text, `network` the address, which is not kept.

    `slug` is the register entry that the page was opened from; empty for none.
    """

    once: str
    network: str
    slug: str = ""


def follow_key(tokens: Tokens, secret: str) -> str:
    """What is kept of the secret in the link by which a complaint is followed."""
    return tokens.fingerprint(FOLLOW, secret)


def complain(code: str, sent: Sent, origin: From, *, tokens: Tokens, now: datetime, today: date) -> str:
    """Keep a complaint to the scheme `code` and confirm it. Returns the secret of the link by which it is followed.

    The same words from the same page are one complaint. Raises NotFound, Invalid, Throttled.
    """
    told = tidy(sent)
    page = "\n".join((code, origin.once, origin.slug, told.words, told.email))
    once, secret = tokens.fingerprint("complaint-once", page), tokens.fingerprint("complaint", page)[:LINK_LENGTH]
    take_turn(
        {
            tokens.fingerprint("complaint-limit", origin.network): PER_NETWORK,
            tokens.fingerprint("complaint-limit-day", origin.network): PER_NETWORK_A_DAY,
        },
        now,
    )
    with transaction() as session:
        scheme = session.scalars(select(Scheme).where(Scheme.code == code)).first()
        if scheme is None:
            raise NotFound("There is no such page.")
        if session.scalars(select(Complaint.id).where(Complaint.once == once)).first():
            return secret
        complaint = _keep(session, scheme, told, origin.slug, (once, follow_key(tokens, secret)), now, today)
        _note_whom_it_is_about(session, complaint, told)
        # The trail names no organisation and holds no words: its holder may have people in the scheme's office.
        record(session, NOBODY, "complaint.received", complaint, now, scheme_id=scheme.id, number=complaint.number)
        _confirm(session, complaint, scheme, secret, now)
        tell_office(session, complaint, now)
        return secret


def _keep(
    session: Session,
    scheme: Scheme,
    told: Sent,
    slug: str,
    keys: tuple[str, str],
    now: datetime,
    today: date,
) -> Complaint:
    """The row. `keys` are those of the page that was sent and of the link; the secret of the link is not among them."""
    terms = terms_of(scheme.details)
    complaint = Complaint(
        number=keys[0][:20],  # until the row has its id
        once=keys[0],
        follow_key=keys[1],
        scheme_id=scheme.id,
        organisation_id=holder_called(session, scheme.id, told.provider, slug),
        about=told.about,
        whom=told.whom or told.provider,
        safety=told.safety,
        told=told.told,
        words=told.words,
        wants=told.wants,
        name=told.name,
        email=told.email,
        may_name=told.may_name,
        status=ComplaintStatus.RECEIVED,
        received_at=now,
        acknowledge_by=acknowledged_by(today, terms),
        answer_by=answered_by(today, terms),
    )
    session.add(complaint)
    session.flush()
    complaint.number = f"C-{today:%Y}-{complaint.id:04}"
    session.add(ComplaintStep(complaint_id=complaint.id, kind=RECEIVED, at=now))
    return complaint


def holder_called(session: Session, scheme_id: int, name: str, slug: str = "") -> int | None:
    """The provider on the scheme's register of that address, or of exactly that name; None where there is none."""
    entries = select(RegisterEntry.organisation_id).where(RegisterEntry.scheme_id == scheme_id)
    if slug:
        return session.scalars(entries.where(RegisterEntry.slug == slug)).first()
    if not name.strip():
        return None
    called = " ".join(name.split()).lower()
    return session.scalars(entries.where(func.lower(RegisterEntry.name) == called).order_by(RegisterEntry.id)).first()


def _note_whom_it_is_about(session: Session, complaint: Complaint, told: Sent) -> None:
    found = session.execute(
        select(User.id, User.name, SchemePost.role)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == complaint.scheme_id, User.closed_at.is_(None))
        .limit(MOST_PEOPLE)
    ).all()
    managers = {user_id for user_id, _, role in found if role is Role.MANAGER}
    people = {user_id: name for user_id, name, _ in found}
    listed = [(user_id, name, user_id in managers) for user_id, name in people.items()]
    for user_id in sorted(concerned(told.about, told.whom, told.words, listed)):
        session.add(ComplaintPerson(complaint_id=complaint.id, user_id=user_id))
    session.flush()


def _confirm(session: Session, complaint: Complaint, scheme: Scheme, secret: str, now: datetime) -> None:
    if complaint.email:
        queue_mail(
            session,
            complaint.email,
            "complaint_received",
            now,
            scheme=scheme.title,
            number=complaint.number,
            acknowledge_by=complaint.acknowledge_by,
            answer_by=complaint.answer_by,
            secret=secret,
        )


def tell_office(session: Session, complaint: Complaint, now: datetime) -> None:
    """Tell who may look after it: of what concerns safety every manager at once, else those with no part in it.

    Where no manager may, the auditors hear of it. The messages hold no details.
    """
    scheme = complaint.scheme or session.get_one(Scheme, complaint.scheme_id)
    free = free_managers(session, subject_of_complaint(session, complaint))
    values = {
        "scheme": scheme.title,
        "code": scheme.code,
        "number": complaint.number,
        "complaint_id": complaint.id,
        "acknowledge_by": complaint.acknowledge_by,
    }
    if complaint.safety:
        everyone = free_managers(session, subject_of_complaint(session, complaint, at_once=True))
        tell(session, everyone, "complaint_safety", now, topic=Topic.SAFEGUARDING, **values)
    elif free:
        tell(session, free, "complaint_to_handle", now, topic=Topic.CASES, **values)
    if not free:
        auditors = free_auditors(session, subject_of_complaint(session, complaint, at_once=True))
        tell(session, auditors, "complaint_nobody_free", now, topic=Topic.CASES, **values)
