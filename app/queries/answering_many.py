"""Many criteria of an application on one page, each with its answer: for whoever answers without a steady connection."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor
from app.domain.applicability import Asked
from app.domain.errors import Conflict
from app.domain.framework import Criterion
from app.domain.lifecycle import EDITABLE
from app.domain.self_assessment import Claim, may_leave_out
from app.extensions import db
from app.models import Answer, User
from app.queries.answers import Written
from app.queries.parts import asked_in_parts, givers_at
from app.queries.self_assessments import SelfAssessment, own_application, self_assessment_of

PER_PAGE = 30


@dataclass(frozen=True)
class ManyRow:
    """One criterion to answer. `opens` are the titles of the nodes that begin with it, the top one first.

    `instead` says why it is not answered here but on its own page: in parts, or by a certificate. Empty otherwise.
    """

    asked: Asked
    written: Written
    evidence: int
    opens: tuple[str, ...]
    instead: str = ""

    @property
    def criterion(self) -> Criterion:
        return self.asked.criterion

    @property
    def may_leave_out(self) -> bool:
        return may_leave_out(self.criterion)


@dataclass(frozen=True)
class ManyPage:
    """One page of the criteria of an application, in reading order."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    rows: tuple[ManyRow, ...]
    done: int
    total: int
    page: int
    pages: int


def many_page(application_id: int, page: int, actor: Actor, today: date) -> ManyPage:
    """Some criteria, without those that a certificate answers. Raises NotFound, NotAllowed, and Conflict once the application can no longer be changed."""
    application = own_application(application_id, actor, Action.ANSWER)
    if application.status not in EDITABLE:
        raise Conflict("This application has been handed in, so its answers cannot be changed now.")
    work = self_assessment_of(db.session(), application, today=today)
    to_write = [each for each in work.applying if each.criterion.code not in work.passports.answered]
    pages = max(1, -(-len(to_write) // PER_PAGE))
    page = min(max(page, 1), pages)
    here = to_write[(page - 1) * PER_PAGE : page * PER_PAGE]
    written = _written(application_id, [each.criterion.code for each in here])
    parted = asked_in_parts(work.framework, givers_at(db.session(), application.organisation_id))
    rows, before = [], ()
    for each in here:
        code = each.criterion.code
        trail = tuple(str(node.title) for node in work.framework.node_of(code))
        answer, pieces = written.get(code, Written(Claim())), len(work.evidence.get(code, ()))
        rows.append(ManyRow(each, answer, pieces, trail[_shared(before, trail) :], _instead(work, parted, code)))
        before = trail
    return ManyPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        rows=tuple(rows),
        done=work.done,
        total=work.total,
        page=page,
        pages=pages,
    )


def _instead(work: SelfAssessment, parted: Container[str], code: str) -> str:
    if code in parted:
        return "This is answered in parts, by each for themselves."
    return "A certificate of another body answers this." if code in work.passports.answered else ""


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How many steps two trails have in common from the top."""
    return next(
        (at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), min(len(one), len(other))
    )


def _written(application_id: int, codes: list[str]) -> dict[str, Written]:
    found = db.session.execute(
        select(Answer, User.name)
        .join(User, User.id == Answer.updated_by_id)
        .where(Answer.application_id == application_id, Answer.criterion_code.in_(codes))
    ).all()
    return {
        row.criterion_code: Written(
            Claim(row.point, row.not_applicable, row.reason), row.version, row.updated_at, name, row.review
        )
        for row, name in found
    }
