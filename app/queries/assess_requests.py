"""An assessor's own requests to the provider: what was asked, by when, and what came in answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.extensions import db
from app.models import EvidenceItem, EvidenceVersion, Question, QuestionEvidence
from app.queries.assessment_basics import asked_of, editable, questions_of, readable_assessment
from app.queries.questions import ExtensionRow, extensions_of


@dataclass(frozen=True)
class QuestionRow:
    """A question on one criterion, with its reply. `late` compares its date with today; `came` names (version, title)."""

    question_id: int
    code: str
    text: str
    asked_at: datetime
    due_on: date | None
    late: bool
    reply: str
    replied_at: datetime | None
    came: tuple[tuple[int, str], ...] = ()
    extended: tuple[ExtensionRow, ...] = ()

    @property
    def waits(self) -> bool:
        return self.replied_at is None


@dataclass(frozen=True)
class RequestRow:
    """One request: its questions, asked together."""

    asked_at: datetime
    questions: tuple[QuestionRow, ...]
    extended: tuple[ExtensionRow, ...]

    @property
    def waiting(self) -> tuple[QuestionRow, ...]:
        return tuple(each for each in self.questions if each.waits)


@dataclass(frozen=True)
class RequestsPage:
    """Everything that one assessor asked in one case. `criteria` are (code, heading) of all that may be asked about."""

    assessment_id: int
    provider: str
    editable: bool
    rows: tuple[RequestRow, ...]
    criteria: tuple[tuple[str, str], ...]

    def request_with(self, question_id: int) -> RequestRow:
        """The request that holds a question. Raises NotFound."""
        for row in self.rows:
            if any(each.question_id == question_id for each in row.questions):
                return row
        raise NotFound("There is no such question.")


def requests_page(assessment_id: int, actor: Actor, today: date) -> RequestsPage:
    """The actor's own requests, those that wait first. Raises NotFound, NotAllowed."""
    assessment = readable_assessment(assessment_id, actor)
    rows = question_rows(questions_of(assessment.id), today)
    requests: dict[tuple[datetime, int], list[QuestionRow]] = {}
    for request_id, row in rows:
        requests.setdefault((row.asked_at, request_id or -row.question_id), []).append(row)
    found = [RequestRow(at, tuple(each), each[0].extended) for (at, _), each in requests.items()]
    return RequestsPage(
        assessment_id=assessment.id,
        provider=assessment.application.organisation.name,
        editable=editable(assessment),
        rows=tuple(sorted(found, key=lambda row: (not row.waiting, -row.asked_at.timestamp()))),
        criteria=tuple(
            (each.criterion.code, str(each.criterion.heading))
            for each in asked_of(assessment.application)
            if each.applies
        ),
    )


def question_rows(questions: Sequence[Question], today: date) -> list[tuple[int | None, QuestionRow]]:
    """Each question with the id of its request, what came in answer and how its date was put off: two statements."""
    came = _came([question.id for question in questions])
    later = extensions_of(question.request_id for question in questions)
    return [
        (
            question.request_id,
            QuestionRow(
                question_id=question.id,
                code=question.criterion_code,
                text=question.text,
                asked_at=question.asked_at,
                due_on=question.due_on,
                late=question.replied_at is None and question.due_on is not None and question.due_on < today,
                reply=question.reply,
                replied_at=question.replied_at,
                came=came.get(question.id, ()),
                extended=later.get(question.request_id or 0, ()),
            ),
        )
        for question in questions
    ]


def _came(ids: Sequence[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(
            QuestionEvidence.question_id,
            EvidenceVersion.id,
            func.coalesce(EvidenceVersion.title, EvidenceItem.title),
        )
        .join(EvidenceVersion, EvidenceVersion.id == QuestionEvidence.version_id)
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(QuestionEvidence.question_id.in_(ids))
        .order_by(EvidenceVersion.id)
    )
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for question_id, version_id, title in rows:
        found[question_id] = (*found.get(question_id, ()), (version_id, title))
    return found
