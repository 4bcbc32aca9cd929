"""Answers on their way out to a spreadsheet and back: what is downloaded, and what a file would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.answer_sheet import AnswerFile, Kind, Line, Plan, Standing, plan
from app.domain.answer_words import written
from app.domain.applicability import asked, counting
from app.domain.errors import NotFound
from app.domain.framework import Criterion
from app.domain.lifecycle import EDITABLE
from app.domain.self_assessment import Claim
from app.extensions import db
from app.frameworks.answer_sheet import AnswerBook
from app.frameworks.in_words import languages_to_read
from app.models import Answer, AnswerSheet, Application, User
from app.queries.frameworks import framework_of
from app.queries.parts import asked_in_parts, givers_at
from app.queries.self_assessments import facts_for, own_application, own_subject

WAITS = timedelta(days=1)
"""How long a file that was brought waits for its person. Then it is as if it had never been brought."""


def answer_book(application_id: int, actor: Actor, now: datetime) -> AnswerBook:
    """All that stands in the workbook of one application: what sites or members answer each for themselves is left out.

    Raises NotFound, NotAllowed.
    """
    application = own_application(application_id, actor)
    framework = framework_of(application.edition)
    parts = asked_in_parts(framework, givers_at(db.session(), application.organisation_id))
    every = asked(framework, facts_for(application), application.target)
    return AnswerBook(
        application_id=application.id,
        sha256=application.edition.sha256,
        framework=framework,
        organisation=application.organisation.name,
        asked=tuple(each for each in every if each.applies and each.criterion.code not in parts),
        claims={code: (each.claim, each.version) for code, each in standing_of(db.session(), application.id).items()},
        made_at=now,
        reviews=_reviews(application.id),
    )


def _reviews(application_id: int) -> dict[str, str]:
    found = db.session.execute(
        select(Answer.criterion_code, Answer.review).where(Answer.application_id == application_id, Answer.review != "")
    )
    return {code: review for code, review in found}


def standing_of(session: Session, application_id: int) -> dict[str, Standing]:
    """Every answer of an application as it stands, by criterion code. One statement."""
    found = session.execute(
        select(Answer.criterion_code, Answer.point, Answer.not_applicable, Answer.reason, Answer.version).where(
            Answer.application_id == application_id
        )
    )
    return {code: Standing(Claim(point, left_out, reason), version) for code, point, left_out, reason, version in found}


def plan_of(session: Session, application: Application, sheet: AnswerSheet) -> Plan:
    """What a file that was brought would change now. Three statements."""
    framework = framework_of(application.edition)
    parts = asked_in_parts(framework, givers_at(session, application.organisation_id))
    every = counting(framework, facts_for(application), application.target)
    criteria = tuple(each for each in every if each.code not in parts)
    file = AnswerFile.from_data(sheet.content)
    return plan(file, framework.criteria, criteria, standing_of(session, application.id), parts.keys())


def waiting_sheet(session: Session, application_id: int, sheet_id: int, actor: Actor, now: datetime) -> AnswerSheet:
    """The file that this person brought to this application. Raises NotFound, also where it has waited too long."""
    sheet = session.get(AnswerSheet, sheet_id)
    own = sheet is not None and (sheet.application_id, sheet.brought_by_id) == (application_id, actor.user_id)
    if sheet is None or not own or now - sheet.brought_at > WAITS:
        raise NotFound("There is no such file any more: it waits for a day, or until you bring a newer one.")
    return sheet


@dataclass(frozen=True)
class OfflinePage:
    """One application's page for working offline. `waiting` is the file that this person has brought and not applied."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    framework_code: str
    edition: str
    total: int
    editable: bool
    languages: tuple[str, ...]
    waiting_id: int | None
    waiting_name: str


def offline_page(application_id: int, actor: Actor, now: datetime) -> OfflinePage:
    """Where answers are downloaded and brought back. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    framework = framework_of(application.edition)
    waiting = db.session.scalars(
        select(AnswerSheet)
        .where(
            AnswerSheet.application_id == application.id,
            AnswerSheet.brought_by_id == actor.user_id,
            AnswerSheet.applied_at.is_(None),
            AnswerSheet.brought_at >= now - WAITS,
        )
        .order_by(AnswerSheet.id.desc())
        .limit(1)
    ).first()
    return OfflinePage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        framework_code=application.edition.code,
        edition=application.edition.edition,
        total=len(counting(framework, facts_for(application), application.target)),
        editable=application.status in EDITABLE,
        languages=languages_to_read(framework),
        waiting_id=waiting.id if waiting else None,
        waiting_name=waiting.filename if waiting else "",
    )


@dataclass(frozen=True)
class ClaimWords:
    """An answer as people read it: the words of its point, and the reason."""

    words: str
    reason: str


@dataclass(frozen=True)
class SheetPage:
    """What one file would change. `written_by` names who wrote each answer online last, where it changed meanwhile."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    sheet_id: int
    filename: str
    brought_at: datetime
    plan: Plan
    written_by: Mapping[str, tuple[str, datetime]]
    applied_at: datetime | None
    result: Mapping[str, int]

    @property
    def changes(self) -> tuple[Line, ...]:
        return self.plan.of(Kind.CHANGE)

    @property
    def conflicts(self) -> tuple[Line, ...]:
        return self.plan.of(Kind.CONFLICT)

    @property
    def problems(self) -> tuple[Line, ...]:
        return self.plan.of(Kind.PROBLEM)

    @property
    def changed_online(self) -> tuple[Line, ...]:
        return self.plan.of(Kind.CHANGED_ONLINE)

    @property
    def same(self) -> int:
        return len(self.plan.of(Kind.SAME))

    def in_words(self, line: Line, mine: bool) -> ClaimWords:
        """The answer in the file, or the one online."""
        claim = line.mine if mine else line.online.claim
        return ClaimWords(written(line.criterion, claim), claim.reason)


def sheet_page(application_id: int, sheet_id: int, actor: Actor, now: datetime) -> SheetPage:
    """What a file would change, cell by cell, as things stand. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    require(actor, Action.ANSWER, own_subject(application))
    sheet = waiting_sheet(db.session(), application_id, sheet_id, actor, now)
    framework = framework_of(application.edition)
    found = plan_of(db.session(), application, sheet)
    both = [line.criterion for line in (*found.of(Kind.CONFLICT), *found.of(Kind.CHANGED_ONLINE))]
    return SheetPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{framework.title} {framework.edition}",
        sheet_id=sheet.id,
        filename=sheet.filename,
        brought_at=sheet.brought_at,
        plan=found,
        written_by=_written_by(application.id, both),
        applied_at=sheet.applied_at,
        result=sheet.result,
    )


def _written_by(application_id: int, criteria: list[Criterion]) -> dict[str, tuple[str, datetime]]:
    if not criteria:
        return {}
    wanted = {criterion.code for criterion in criteria}
    found = db.session.execute(
        select(Answer.criterion_code, User.name, Answer.updated_at)
        .join(User, User.id == Answer.updated_by_id)
        .where(Answer.application_id == application_id)
    )
    return {code: (name, at) for code, name, at in found if code in wanted}
