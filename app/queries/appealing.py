"""Appeals as their provider sees them: what can be appealed, the draft, and how an appeal stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, may
from app.domain.appeals import (
    AGAINST_WORDS,
    GROUND_WORDS,
    OUTCOME_WORDS,
    Against,
    Ground,
    Written,
    from_draft,
    last_day_after,
    terms_of,
)
from app.domain.errors import NotFound
from app.domain.lifecycle import AppealMove, AppealStatus, AwardStatus, DecisionStatus
from app.domain.lifecycle.appeal import APPEAL
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import (
    Appeal,
    AppealDraft,
    AppealEvidence,
    Application,
    Award,
    Decision,
    EvidenceItem,
    EvidenceVersion,
    User,
)
from app.queries.frameworks import framework_of
from app.queries.self_assessments import own_application, own_subject
from app.queries.votes import decided_words

APPEALABLE = frozenset({DecisionStatus.RECORDED, DecisionStatus.SIGNED})
LOST = {AwardStatus.SUSPENDED: Against.SUSPENSION, AwardStatus.WITHDRAWN: Against.WITHDRAWAL}
USUAL_DAYS = timedelta(days=28)
OFFERED_LATE = timedelta(days=56)
MOST_PIECES = 50
MOST_APPEALS = 20
STATUS_WORDS = {
    AppealStatus.RECEIVED: "Received",
    AppealStatus.ADMITTED: "Admitted, reviewers are looked for",
    AppealStatus.NOT_ADMITTED: "Not admitted",
    AppealStatus.IN_REVIEW: "In review",
    AppealStatus.UPHELD: "Upheld",
    AppealStatus.PARTLY_UPHELD: "Upheld in part",
    AppealStatus.DISMISSED: "Dismissed",
    AppealStatus.WITHDRAWN: "Taken back",
    AppealStatus.CLOSED: "Closed",
}
STANDING = frozenset({AppealStatus.RECEIVED, AppealStatus.ADMITTED, AppealStatus.IN_REVIEW})


@dataclass(frozen=True)
class Appealable:
    """One thing that can be appealed now, in words, with the last day for it. Later it takes a reason."""

    against: Against
    words: str
    last_day: date
    decision_id: int | None = None
    award_id: int | None = None


@dataclass(frozen=True)
class AppealForm:
    """What the form of an appeal shows. `version` is the draft's, 0 while there is none; `pieces` are (id, title)."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    open: tuple[Appealable, ...]
    written: Written
    version: int
    saved_at: datetime | None
    saved_by: str
    pieces: tuple[tuple[int, str], ...]
    more_pieces: bool
    reviewers: int
    lay: int


@dataclass(frozen=True)
class OwnAppeal:
    """One appeal as its provider reads it. Nothing in it tells who the reviewers are, or what they noted."""

    appeal_id: int
    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    number: str
    against: str
    state: str
    says: str
    standing: bool
    grounds: tuple[str, ...]
    words: str
    asks: str
    late_reason: str
    evidence: tuple[tuple[int, str], ...]
    lodged_at: datetime
    lodged_by: str
    due_on: date
    triage_reason: str
    outcome: str
    reasons: str
    changes: str
    ended_at: datetime | None
    may_take_back: bool


def appealable(session: Session, application: Application) -> tuple[Appealable, ...]:
    """What of a case can be appealed: its latest decision, and an award that was suspended or withdrawn. Three statements.

    What was appealed once is final.
    """
    found = []
    decision = session.scalars(
        select(Decision).where(Decision.application_id == application.id).order_by(Decision.id.desc()).limit(1)
    ).first()
    if decision is not None and decision.status in APPEALABLE:
        words = f"The decision of {_spoken(uk_day(decision.decided_at))}: {decided_words(framework_of(application.edition), decision)}"
        last_day = decision.appeal_by or uk_day(decision.decided_at) + USUAL_DAYS
        found.append(Appealable(Against.DECISION, words, last_day, decision_id=decision.id))
    award = session.scalars(
        select(Award)
        .where(Award.application_id == application.id, Award.status.in_(LOST))
        .order_by(Award.id.desc())
        .limit(1)
    ).first()
    if award is not None and not _appealed(session, award):
        terms, against = terms_of(application.edition.scheme.details), LOST[award.status]
        words = f"{AGAINST_WORDS[against].capitalize()} {award.number} on {_spoken(award.status_on)}"
        found.append(Appealable(against, words, last_day_after(award.status_on, terms), award_id=award.id))
    return tuple(found)


def _spoken(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _appealed(session: Session, award: Award) -> bool:
    """Whether an appeal came since the award's status is what it is."""
    came = session.scalars(
        select(Appeal.lodged_at)
        .where(Appeal.award_id == award.id, Appeal.against == LOST[award.status])
        .order_by(Appeal.id.desc())
        .limit(1)
    ).first()
    return came is not None and uk_day(came) >= award.status_on


def appeal_form(application_id: int, actor: Actor) -> AppealForm:
    """The form with its draft. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor, Action.LODGE_APPEAL)
    session = db.session()
    draft = session.execute(
        select(AppealDraft, User.name)
        .join(User, User.id == AppealDraft.updated_by_id)
        .where(AppealDraft.application_id == application.id)
    ).first()
    kept, by = draft if draft else (None, "")
    pieces = session.execute(
        select(EvidenceItem.id, EvidenceItem.title)
        .where(EvidenceItem.organisation_id == application.organisation_id, EvidenceItem.archived_at.is_(None))
        .order_by(EvidenceItem.created_at.desc(), EvidenceItem.id.desc())
        .limit(MOST_PIECES + 1)
    ).all()
    terms = terms_of(application.edition.scheme.details)
    return AppealForm(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        open=appealable(session, application),
        written=from_draft(kept.content) if kept else Written(),
        version=kept.version if kept else 0,
        saved_at=kept.updated_at if kept else None,
        saved_by=by,
        pieces=tuple((item_id, title) for item_id, title in pieces[:MOST_PIECES]),
        more_pieces=len(pieces) > MOST_PIECES,
        reviewers=terms.reviewers,
        lay=terms.lay,
    )


def own_appeal(appeal_id: int, actor: Actor) -> OwnAppeal:
    """One's own appeal. Raises NotFound, NotAllowed."""
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is None:
        raise NotFound("There is no such page, or it is not open to you.")
    application = own_application(appeal.application_id, actor)
    facts = (
        "number",
        "words",
        "asks",
        "late_reason",
        "lodged_at",
        "due_on",
        "triage_reason",
        "reasons",
        "changes",
        "ended_at",
    )
    withdrawable = (appeal.status, AppealMove.WITHDRAW) in APPEAL.moves
    return OwnAppeal(
        appeal_id=appeal.id,
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        against=AGAINST_WORDS[appeal.against],
        state=OUTCOME_WORDS.get(appeal.outcome, "") or STATUS_WORDS[appeal.status],
        says=APPEAL.says[AppealStatus(appeal.outcome) if appeal.outcome else appeal.status],
        standing=appeal.status in STANDING,
        grounds=tuple(GROUND_WORDS[Ground(each)] for each in appeal.grounds),
        evidence=evidence_of(appeal.id),
        lodged_by=db.session.scalar(select(User.name).where(User.id == appeal.lodged_by_id)) or "",
        outcome=OUTCOME_WORDS.get(appeal.outcome, ""),
        may_take_back=withdrawable and may(actor, Action.LODGE_APPEAL, own_subject(application)),
        **{name: getattr(appeal, name) for name in facts},
    )


def evidence_of(appeal_id: int) -> tuple[tuple[int, str], ...]:
    """The pieces shown with an appeal, as (version, title)."""
    found = db.session.scalars(
        select(AppealEvidence)
        .where(AppealEvidence.appeal_id == appeal_id)
        .options(joinedload(AppealEvidence.version).joinedload(EvidenceVersion.item))
        .order_by(AppealEvidence.id)
    )
    return tuple((each.version_id, each.version.title or each.version.item.title) for each in found)


@dataclass(frozen=True)
class AppealsHere:
    """What an application's own page says of appeals: those there were as (id, number, state), and what can be appealed."""

    appeals: tuple[tuple[int, str, str], ...]
    open: tuple[Appealable, ...]
    drafted: bool
    scheme_code: str


def appeals_here(application_id: int, actor: Actor, today: date) -> AppealsHere:
    """For the page of an application. Six statements at most. Raises NotFound, NotAllowed.

    What could only be appealed very late is left out: whoever has a reason even then finds the form by its address.
    """
    application, session = own_application(application_id, actor), db.session()
    found = session.scalars(
        select(Appeal).where(Appeal.application_id == application.id).order_by(Appeal.id.desc()).limit(MOST_APPEALS)
    ).all()
    rows = tuple(
        (each.id, each.number, OUTCOME_WORDS.get(each.outcome, "") or STATUS_WORDS[each.status]) for each in found
    )
    lodges = may(actor, Action.LODGE_APPEAL, own_subject(application))
    drafted = session.scalar(select(func.count()).where(AppealDraft.application_id == application.id))
    found_open = appealable(session, application) if lodges else ()
    open_ = tuple(each for each in found_open if drafted or today <= each.last_day + OFFERED_LATE)
    return AppealsHere(rows, open_, bool(drafted), application.edition.scheme.code)
