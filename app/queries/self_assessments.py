"""A self-assessment as it stands: what is asked, what is claimed, what is attached. Pages and submission build on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Subject, require
from app.domain.applicability import Asked
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Fact, Framework
from app.domain.lifecycle import EDITABLE
from app.domain.profile import facts_of_profile
from app.domain.scoring import Outcome, outcome_so_far
from app.domain.self_assessment import NO_CLAIM, Claim, Gap, Progress, gaps
from app.extensions import db
from app.models import Answer, Application, AttachedEvidence, EvidenceItem, EvidenceVersion, LinkCheck
from app.queries.frameworks import asked_under, framework_of
from app.queries.organisations import facts_of
from app.queries.passport_uses import passports_on
from app.queries.passports import NO_PASSPORTS, PassportsHere
from app.queries.subjects import seen_by_scheme


def own_subject(application: Application) -> Subject:
    """What permission for the provider's own people depends on: no statement, unlike `subject_of`."""
    return Subject(
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        submitted=seen_by_scheme(application),
    )


def own_application(application_id: int, actor: Actor, action: Action = Action.SEE_APPLICATION) -> Application:
    """The application with its organisation and edition, for its own people. Raises NotFound, NotAllowed."""
    application = db.session.get(
        Application,
        application_id,
        options=[joinedload(Application.organisation), joinedload(Application.edition)],
    )
    if application is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, action, own_subject(application))
    return application


@dataclass(frozen=True, slots=True)
class Behind:
    """That a piece stands behind a criterion, and which evidence asked for it is; empty for none in particular."""

    item_id: int
    asked_code: str


@dataclass(frozen=True)
class AttachedRow:
    """One piece of evidence behind a criterion, in the version that counts: see `attached_to`."""

    attached_id: int
    item_id: int
    version_id: int
    title: str
    kind: str
    number: int
    filename: str
    media_type: str
    size: int
    url: str
    text: str
    issued_on: date | None
    expires_on: date | None
    asked_code: str
    attached_at: datetime
    details: Mapping[str, Any]
    dead_since: date | None
    collected: bool


AS_BROUGHT = (
    func.coalesce(EvidenceVersion.title, EvidenceItem.title),
    func.coalesce(EvidenceVersion.kind, EvidenceItem.kind),
)
"""Title and kind of a version: what assessors saw keeps the name under which they saw it."""
ATTACHED_COLUMNS = (  # in the order of AttachedRow, after the ids, the title and the kind
    EvidenceVersion.number,
    EvidenceVersion.filename,
    EvidenceVersion.media_type,
    EvidenceVersion.size,
    EvidenceVersion.url,
    EvidenceVersion.text,
    EvidenceVersion.issued_on,
    EvidenceVersion.expires_on,
    AttachedEvidence.asked_code,
    AttachedEvidence.attached_at,
    EvidenceVersion.details,
    LinkCheck.dead_since,
    EvidenceItem.collected,
)


@dataclass(frozen=True)
class SelfAssessment:
    """One application's self-assessment. Facts are the live profile's while it can be edited, then the frozen ones.

    `reviews` maps criteria whose answer was carried over to why it must be looked at again. What `passports` answer is
    done, and lacks nothing.
    """

    framework: Framework
    facts: Mapping[str, Any]
    target: str | None
    asked: tuple[Asked, ...]
    claims: Mapping[str, Claim]
    evidence: Mapping[str, tuple[Behind, ...]]
    reviews: Mapping[str, str]
    passports: PassportsHere = NO_PASSPORTS

    @cached_property
    def applying(self) -> tuple[Asked, ...]:
        """The criteria that are asked, in reading order."""
        return tuple(each for each in self.asked if each.applies)

    @cached_property
    def asked_codes(self) -> frozenset[str]:
        return frozenset(each.criterion.code for each in self.applying)

    @property
    def total(self) -> int:
        return len(self.applying)

    @cached_property
    def done(self) -> int:
        return sum(self.progress(each.criterion) is Progress.DONE for each in self.applying)

    def claim(self, criterion: Criterion) -> Claim:
        return self.claims.get(criterion.code, NO_CLAIM)

    def claim_or_passport(self, criterion: Criterion) -> Claim:
        """What is claimed, or what a passport counts as where one answers."""
        answered = self.passports.answered.get(criterion.code)
        if answered is None:
            return self.claim(criterion)
        point = answered.score.point
        return Claim(criterion.scale.best if point is None else point, False, f"Answered by {answered.score.by}.")

    def progress(self, criterion: Criterion) -> Progress:
        return Progress.DONE if criterion.code in self.passports.answered else self.claim(criterion).progress

    def finished(self, code: str) -> bool:
        """Whether a criterion's answer is whole and need not be looked at again, or a passport gives it."""
        if code in self.passports.answered:
            return True
        return self.claims.get(code, NO_CLAIM).progress is Progress.DONE and code not in self.reviews

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """What is missing before it can be submitted, and what an assessor may ask for."""
        return self._gaps(self.asked)

    def gaps_on(self, asked: Asked) -> tuple[Gap, ...]:
        """The same for one criterion."""
        return self._gaps((asked,))

    def _gaps(self, asked: tuple[Asked, ...]) -> tuple[Gap, ...]:
        attached = {code: tuple(row.asked_code for row in rows) for code, rows in self.evidence.items()}
        open_here = tuple(each for each in asked if each.criterion.code not in self.passports.answered)
        return gaps(open_here, self.claims, attached, self.reviews)

    @cached_property
    def blocked(self) -> frozenset[str]:
        """The criteria on which something is missing that must be there."""
        return frozenset(gap.code for gap in self.gaps if gap.blocks)

    @cached_property
    def outcome(self) -> Outcome:
        """What the claims and the passports would give if an assessor agreed with every claim."""
        claimed = {code: score for code, claim in self.claims.items() if (score := claim.score) is not None}
        every = {**claimed, **self.passports.scores}
        scores = {code: score for code, score in every.items() if code in self.asked_codes}
        return outcome_so_far(self.framework, scores, self.facts, target=self.target)


def facts_for(application: Application) -> Mapping[str, Any]:
    """The facts that count for an application now."""
    if application.status in EDITABLE or not application.facts:
        return facts_of(application.organisation)
    return application.facts


def profile_facts_of(application: Application) -> tuple[Fact, ...]:
    """The facts that the application's own framework asks the provider's profile for."""
    return facts_of_profile([framework_of(application.edition)])


def self_assessment_of(
    session: Session,
    application: Application,
    code: str | None = None,
    *,
    today: date | None = None,
    pieces: bool = False,
) -> SelfAssessment:
    """The self-assessment of one application: two statements, whatever its size, and with passports at most two more.

    With `code` only the evidence behind that criterion is read, which is enough for `gaps_on` it and for all but `gaps`.
    Without it, evidence is read by what stands where alone, and as AttachedRow only where `pieces` asks for it.
    Which passports stand depends on the day: without `today` they are left aside.
    """
    framework = framework_of(application.edition)
    facts = facts_for(application)
    claims, reviews = claims_of(session, application.id)
    passports = passports_on(session, application, today) if today else NO_PASSPORTS
    newest = application.status in EDITABLE or not seen_by_scheme(application)
    whole = pieces or code is not None
    return SelfAssessment(
        framework=framework,
        facts=facts,
        target=application.target,
        asked=asked_under(framework, facts, application.target),
        claims=claims,
        evidence=attached_to(session, application.id, code, newest=newest)
        if whole
        else standing_behind(session, application.id, newest=newest),
        reviews={code: review for code, review in reviews.items() if code not in passports.answered},
        passports=passports,
    )


def claims_of(session: Session, application_id: int) -> tuple[dict[str, Claim], dict[str, str]]:
    """What was said on each criterion, and why some of it must be looked at again, by criterion code. One statement."""
    found = session.execute(
        select(Answer.criterion_code, Answer.point, Answer.not_applicable, Answer.reason, Answer.review).where(
            Answer.application_id == application_id
        )
    ).all()
    claims = {code: Claim(point, left_out, reason) for code, point, left_out, reason, _ in found}
    return claims, {code: review for code, *_, review in found if review}


def standing_behind(session: Session, application_id: int, *, newest: bool = False) -> dict[str, tuple[Behind, ...]]:
    """Which pieces stand behind each criterion, by its code, and what they show. One statement; `newest` as below."""
    statement = (
        select(AttachedEvidence.criterion_code, AttachedEvidence.item_id, AttachedEvidence.asked_code)
        .where(AttachedEvidence.application_id == application_id)
        .order_by(AttachedEvidence.id)
    )
    if not newest:
        statement = statement.where(AttachedEvidence.version_id.is_not(None))
    found: dict[str, list[Behind]] = {}
    for code, item_id, asked_code in session.execute(statement):
        found.setdefault(code, []).append(Behind(item_id, asked_code))
    return {code: tuple(rows) for code, rows in found.items()}


def attached_to(
    session: Session, application_id: int, code: str | None = None, *, newest: bool = False
) -> dict[str, tuple[AttachedRow, ...]]:
    """The evidence behind each criterion of an application, or behind one, by criterion code. One statement.

    Each piece in the version that was handed in, and none that was not: so assessors and panel go on reading what was
    scored while the provider works on a deferred application. With `newest` in the version that would be handed in now:
    so the provider reads it while it can still be changed.
    """
    last = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == AttachedEvidence.item_id)
        .correlate(AttachedEvidence)
        .scalar_subquery()
    )
    counts = EvidenceVersion.number == last if newest else EvidenceVersion.id == AttachedEvidence.version_id
    named = (EvidenceItem.title, EvidenceItem.kind) if newest else AS_BROUGHT
    ids = (AttachedEvidence.id, AttachedEvidence.item_id, EvidenceVersion.id)
    statement = (
        select(AttachedEvidence.criterion_code, *ids, *named, *ATTACHED_COLUMNS)
        .select_from(AttachedEvidence)
        .join(EvidenceItem, EvidenceItem.id == AttachedEvidence.item_id)
        .join(EvidenceVersion, and_(EvidenceVersion.item_id == AttachedEvidence.item_id, counts))
        .outerjoin(LinkCheck, LinkCheck.version_id == EvidenceVersion.id)
        .where(AttachedEvidence.application_id == application_id)
        .order_by(AttachedEvidence.id)
    )
    if code is not None:
        statement = statement.where(AttachedEvidence.criterion_code == code)
    rows: dict[str, tuple[AttachedRow, ...]] = {}
    for here, *values in session.execute(statement):
        rows[here] = (*rows.get(here, ()), AttachedRow(*values))
    return rows
