"""One criterion as the provider answers it: the question, the claim, the evidence behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, may
from app.domain.applicability import Asked
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Level
from app.domain.lifecycle import EDITABLE, ApplicationStatus
from app.domain.self_assessment import Claim, Gap, Progress, age_problem, evidence_missing, may_leave_out
from app.extensions import db
from app.frameworks.diff.marks import Piece
from app.models import Answer, Application, EvidenceItem, User
from app.queries.comments import CommentRow, comments_on
from app.queries.handed_over import Holding, colleagues_of, holdings
from app.queries.outcomes import required_words
from app.queries.passport_here import PassportHere, passport_here
from app.queries.self_assessments import AttachedRow, SelfAssessment, own_application, own_subject, self_assessment_of
from app.queries.ways import reworded

MOST_OFFERED = 300


@dataclass(frozen=True)
class Written:
    """An answer as it is stored. `version` is 0 where there is none yet.

    `review` says why an answer that was carried over must be looked at again; empty once that is done.
    """

    claim: Claim
    version: int = 0
    at: datetime | None = None
    by: str = ""
    review: str = ""


def written_answer(application_id: int, code: str, actor: Actor) -> Written:
    """The stored answer on one criterion, with who wrote it last. Raises NotFound, NotAllowed."""
    own_application(application_id, actor)
    return _written(application_id, code)


def _written(application_id: int, code: str) -> Written:
    found = db.session.execute(
        select(Answer, User.name)
        .join(User, User.id == Answer.updated_by_id)
        .where(Answer.application_id == application_id, Answer.criterion_code == code)
    ).first()
    if found is None:
        return Written(Claim())
    answer, name = found
    claim = Claim(answer.point, answer.not_applicable, answer.reason)
    return Written(claim, answer.version, answer.updated_at, name, answer.review)


@dataclass(frozen=True)
class AnswerPage:
    """One criterion with what surrounds it. `levels` are the points that each level requires here, lowest first.

    `reworded` marks what is new in its text, where its answer was carried over and must be looked at again. `comments`
    are what colleagues said, `holding` in whose hands it is, `colleagues` (id, name) who could take it on. `passports` says
    what a certificate of another body does here; None where none does anything.
    """

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    trail: tuple[str, ...]
    criterion: Criterion
    asked: Asked
    written: Written
    may_leave_out: bool
    evidence: tuple[AttachedRow, ...]
    evidence_missing: tuple[str, ...]
    too_old: Mapping[int, str]
    gaps: tuple[Gap, ...]
    starts_at: Level
    required: tuple[tuple[str, str], ...]
    library: tuple[tuple[int, str], ...]
    editable: bool
    status: ApplicationStatus
    position: int
    done: int
    total: int
    previous_code: str | None
    next_code: str | None
    reworded: tuple[Piece, ...]
    may_comment: bool
    comments: tuple[CommentRow, ...]
    holding: Holding | None
    colleagues: tuple[tuple[int, str], ...]
    passports: PassportHere | None

    @property
    def progress(self) -> Progress:
        return self.written.claim.progress

    def asked_title(self, code: str) -> str:
        """The title of what is asked for under that code; nothing for evidence that answers nothing in particular."""
        return next((str(ask.title) for ask in self.criterion.evidence if ask.code == code), "")


def answer_page(application_id: int, code: str, actor: Actor, today: date) -> AnswerPage:
    """The page of one asked criterion. Raises NotFound (also where it is not asked), NotAllowed."""
    application = own_application(application_id, actor)
    work = self_assessment_of(db.session(), application, code, today=today)
    codes = [each.criterion.code for each in work.applying]
    if code not in codes:
        raise NotFound(_why_not_asked(work, code))
    here = codes.index(code)
    return _page(application, work, work.applying[here], codes, here, today, actor)


def _why_not_asked(work: SelfAssessment, code: str) -> str:
    left_out = next((each for each in work.asked if each.criterion.code == code), None)
    if left_out is None:
        return "There is no such criterion."
    return f"{code} is not part of this application. {left_out.because}"


def _page(
    application: Application,
    work: SelfAssessment,
    asked: Asked,
    codes: list[str],
    here: int,
    today: date,
    actor: Actor,
) -> AnswerPage:
    criterion, framework = asked.criterion, work.framework
    evidence = work.evidence.get(criterion.code, ())
    written = _written(application.id, criterion.code)
    talks = may(actor, Action.COMMENT, own_subject(application))
    return AnswerPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        trail=tuple(str(node.title) for node in framework.node_of(criterion.code)),
        criterion=criterion,
        asked=asked,
        written=written,
        may_leave_out=may_leave_out(criterion),
        evidence=evidence,
        evidence_missing=evidence_missing(asked.evidence, [row.asked_code for row in evidence]),
        too_old=_too_old(asked, evidence, today),
        gaps=work.gaps_on(asked),
        starts_at=framework.level(criterion.level),
        required=required_words(framework, criterion),
        library=offered(application.organisation_id, {row.item_id for row in evidence}),
        editable=application.status in EDITABLE and may(actor, Action.ANSWER, own_subject(application)),
        status=application.status,
        position=here + 1,
        done=work.done,
        total=work.total,
        previous_code=codes[here - 1] if here else None,
        next_code=codes[here + 1] if here + 1 < len(codes) else None,
        reworded=reworded(application, criterion.code) if written.review else (),
        may_comment=talks,
        comments=comments_on(application.id, criterion.code, actor) if talks else (),
        holding=holdings(db.session(), application.id, work, criterion.code).get(criterion.code),
        colleagues=colleagues_of(db.session(), application.organisation_id),
        passports=passport_here(work, criterion),
    )


def _too_old(asked: Asked, evidence: tuple[AttachedRow, ...], today: date) -> dict[int, str]:
    """What is wrong with the age of attached pieces, in words, by the attachment's id."""
    asks = {ask.code: ask for ask in asked.evidence}
    found = {
        row.attached_id: age_problem(asks.get(row.asked_code), row.issued_on, row.expires_on, today) for row in evidence
    }
    return {attached_id: words for attached_id, words in found.items() if words}


def offered(organisation_id: int, attached: set[int]) -> tuple[tuple[int, str], ...]:
    """(id, title) of what the library could still put behind a criterion, newest first; `attached` are there already."""
    found = db.session.execute(
        select(EvidenceItem.id, EvidenceItem.title)
        .where(EvidenceItem.organisation_id == organisation_id, EvidenceItem.archived_at.is_(None))
        .order_by(EvidenceItem.id.desc())
        .limit(MOST_OFFERED)
    ).all()
    return tuple((item_id, title) for item_id, title in found if item_id not in attached)
