"""Appeals as their scheme's office sees them, with who could review one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, may, require
from app.domain.appeals import AGAINST_WORDS, GROUND_WORDS, OUTCOME_WORDS, REMEDY_WORDS, Ground, Remedy, terms_of
from app.domain.errors import NotFound
from app.domain.lifecycle import APPEAL, AppealMove, AppealStatus
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Appeal, Application, Reviewer, User
from app.queries.appealing import STANDING, STATUS_WORDS, evidence_of
from app.queries.candidates import review_candidates
from app.queries.complaints import seat_state
from app.queries.own_parts import appeals_open_to
from app.queries.reviewers import Chosen, reviewer_candidates, subject_of_appeal
from app.queries.schemes import SchemeRow, office_scheme

PER_PAGE = 25


@dataclass(frozen=True)
class AppealRow:
    """One appeal in the list. `mine` is whether the reader may open it: they had no part in the matter."""

    appeal_id: int
    number: str
    provider: str
    against: str
    lodged_at: datetime
    state: str
    open: bool
    due_on: date
    late: bool
    mine: bool


@dataclass(frozen=True)
class AppealsPage:
    """A scheme's appeals: those without an outcome first."""

    scheme: SchemeRow
    rows: tuple[AppealRow, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class ReviewerRow:
    """One reviewer as the office sees them: never their notes, nor how they voted before all is decided."""

    user_id: int
    name: str
    lay: bool
    leads: bool
    state: str
    declaration: str
    current: bool
    declared: bool


@dataclass(frozen=True)
class AppealPage:
    """One appeal. `moves` are those that the reader may make now; `late` is by how it came, `overdue` by its answer."""

    scheme: SchemeRow
    appeal_id: int
    application_id: int
    number: str
    provider: str
    framework: str
    against: str
    status: AppealStatus
    state: str
    says: str
    grounds: tuple[str, ...]
    words: str
    asks: str
    evidence: tuple[tuple[int, str], ...]
    lodged_at: datetime
    last_day: date
    late: bool
    late_reason: str
    due_on: date
    overdue: bool
    triage_reason: str
    outcome: str
    remedy: str
    reasons: str
    changes: str
    ended_at: datetime | None
    learned: str
    reviewers: tuple[ReviewerRow, ...]
    candidates: tuple[Chosen, ...]
    needed: int
    lay: int
    handles: bool
    moves: frozenset[AppealMove]


def appeal_candidates(session: Session, appeal: Appeal, actor: Actor, today: date) -> tuple[Chosen, ...]:
    """Who could review the appeal, with what bars the others: the rules of the case, and a part in handling the appeal."""
    rules = {each.user_id: each.bar or "" for each in review_candidates(session, appeal.application, today)}
    gone = session.scalars(
        select(Reviewer.user_id).where(Reviewer.appeal_id == appeal.id, Reviewer.ended_at.is_not(None))
    )
    others = {who: why for who, why in rules.items() if why}
    others |= {who: "Stood aside from this appeal or was replaced." for who in gone}
    others |= {who: "Handles this appeal." for who in (appeal.triaged_by_id, actor.user_id) if who is not None}
    return reviewer_candidates(session, subject_of_appeal(session, appeal, today), others.items())


def appeals_page(code: str, page: int, actor: Actor, today: date) -> AppealsPage:
    """The appeals of a scheme but for those of the reader's own organisations. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_APPEALS)
    listed = select(Appeal).where(
        Appeal.scheme_id == scheme.scheme_id, Appeal.organisation_id.not_in(sorted(actor.judges_none_of))
    )
    total = db.session.scalar(listed.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.scalars(
        listed.options(joinedload(Appeal.organisation))
        .order_by(Appeal.status.not_in(STANDING), Appeal.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()
    mine = appeals_open_to(db.session(), actor, found)
    return AppealsPage(scheme, tuple(_row(each, each.id in mine, today) for each in found), page, pages)


def _row(each: Appeal, mine: bool, today: date) -> AppealRow:
    open_ = each.status in STANDING
    return AppealRow(
        appeal_id=each.id,
        number=each.number,
        provider=each.organisation.name,
        against=AGAINST_WORDS[each.against],
        lodged_at=each.lodged_at,
        state=_state(each),
        open=open_,
        due_on=each.due_on,
        late=open_ and each.due_on < today,
        mine=mine,
    )


def _state(appeal: Appeal) -> str:
    outcome = OUTCOME_WORDS.get(appeal.outcome, "")
    if outcome and appeal.status is AppealStatus.CLOSED:
        return f"{outcome}, closed"
    return outcome or STATUS_WORDS[appeal.status]


def appeal_page(code: str, appeal_id: int, actor: Actor, today: date) -> AppealPage:
    """One appeal, for those of the office with no part in the matter. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_APPEALS)
    appeal = appeal_or_not_found(appeal_id)
    if appeal.scheme_id != scheme.scheme_id:
        raise NotFound("There is no such page, or it is not open to you.")
    session, subject = db.session(), subject_of_appeal(db.session(), appeal, today)
    # The list names it to everybody of the office, so a refusal says why.
    require(actor, Action.SEE_APPEALS, subject)
    handles = may(actor, Action.HANDLE_APPEAL, subject)
    appoints = handles and (appeal.status, AppealMove.APPOINT) in APPEAL.moves
    terms = terms_of(appeal.application.edition.scheme.details)
    return AppealPage(
        scheme=scheme,
        **_facts(appeal, today),
        evidence=evidence_of(appeal.id),
        reviewers=_reviewers(appeal),
        candidates=appeal_candidates(session, appeal, actor, today) if appoints else (),
        needed=terms.reviewers,
        lay=terms.lay,
        handles=handles,
        moves=frozenset(APPEAL.open_to(appeal.status)) if handles else frozenset(),
    )


def appeal_or_not_found(appeal_id: int) -> Appeal:
    """The appeal with its case. Raises NotFound."""
    appeal = db.session.get(
        Appeal,
        appeal_id,
        options=[
            joinedload(Appeal.application).joinedload(Application.organisation),
            joinedload(Appeal.application).joinedload(Application.edition),
        ],
    )
    if appeal is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return appeal


def _facts(appeal: Appeal, today: date) -> dict[str, object]:
    application = appeal.application
    return {
        "appeal_id": appeal.id,
        "provider": application.organisation.name,
        "framework": f"{application.edition.title} {application.edition.edition}",
        "against": AGAINST_WORDS[appeal.against],
        "state": _state(appeal),
        "says": APPEAL.says[appeal.status],
        "grounds": tuple(GROUND_WORDS[Ground(each)] for each in appeal.grounds),
        "late": uk_day(appeal.lodged_at) > appeal.last_day,
        "overdue": appeal.status in STANDING and appeal.due_on < today,
        "outcome": OUTCOME_WORDS.get(appeal.outcome, ""),
        "remedy": REMEDY_WORDS[Remedy(appeal.remedy)] if appeal.remedy else "",
        **{
            name: getattr(appeal, name)
            for name in (
                "application_id", "number", "status", "words", "asks", "lodged_at", "last_day", "late_reason",
                "due_on", "triage_reason", "reasons", "changes", "ended_at", "learned",
            )
        },
    }  # fmt: skip


def _reviewers(appeal: Appeal) -> tuple[ReviewerRow, ...]:
    found = db.session.execute(
        select(Reviewer, User.name)
        .join(User, User.id == Reviewer.user_id)
        .where(Reviewer.appeal_id == appeal.id)
        .order_by(Reviewer.id)
    ).all()
    return tuple(
        ReviewerRow(
            user_id=seat.user_id,
            name=name,
            lay=seat.lay,
            leads=seat.leads,
            state=seat_state(seat),
            declaration=seat.declaration,
            current=seat.ended_at is None,
            declared=seat.declared_at is not None,
        )
        for seat, name in found
    )
