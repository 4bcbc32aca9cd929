"""What a provider does with a spreadsheet of answers: bring it, see what it would change, and have that done once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.backends.scanner import Refused, inspect_upload, safe_filename
from app.domain.access import Action, Actor
from app.domain.answer_sheet import Kind, Line, Plan, settled
from app.domain.errors import Conflict, Invalid
from app.frameworks.answer_reading import NotReadable, Returned, read_answers
from app.models import Answer, AnswerSheet, Application
from app.queries.answer_sheets import WAITS, plan_of, waiting_sheet
from app.services.answers import editable_application, keep_claim
from app.services.transactions import locked, record_application, transaction
from app.services.uploads import Upload

LARGEST = 10 * 1024 * 1024
OTHER_ENDINGS = {
    ".xls": "This is a workbook of an old kind (.xls).",
    ".xlsm": "This is a workbook with macros (.xlsm).",
    ".csv": "A CSV file does not know which application it belongs to.",
    ".ods": "This is an OpenDocument spreadsheet (.ods).",
    ".numbers": "This is a Numbers spreadsheet.",
}
AS_XLSX = "Save the file that you downloaded as an Excel workbook (.xlsx) and bring that one."


class PlanChanged(Conflict):
    """Somebody answered online after the page was made, so that other things would be changed than it showed."""


@dataclass(frozen=True)
class Applied:
    """What came of a file: how many answers it changed, and how many it left as a colleague wrote them."""

    changed: int
    kept_theirs: int


def bring_answers(application_id: int, upload: Upload | None, *, actor: Actor, now: datetime) -> int:
    """Read a file of answers and keep it until its person has looked at what it would change. Returns its id.

    It takes the place of one that the same person brought before. Raises NotFound, NotAllowed, Conflict, and Invalid on
    `file` where it cannot be taken.
    """
    returned = _read(upload)
    filename = safe_filename(upload.filename if upload else "")
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        _check_belongs(application, returned)
        _clear(session, application, actor, now)
        sheet = AnswerSheet(
            application_id=application.id,
            brought_by_id=actor.user_id or 0,
            brought_at=now,
            filename=filename,
            content=returned.file.as_data(),
            result={},
        )
        session.add(sheet)
        session.flush()
        record_application(
            session, actor, "answers.brought", application, now, file=filename, rows=len(returned.file.rows)
        )
        return sheet.id


def _read(upload: Upload | None) -> Returned:
    if upload is None:
        raise Invalid({"file": "Choose the file that you filled in."})
    ending = PurePath(upload.filename).suffix.lower()
    if ending != ".xlsx":
        raise Invalid({"file": f"{OTHER_ENDINGS.get(ending, 'This is not a spreadsheet of answers.')} {AS_XLSX}"})
    try:
        inspect_upload(upload.stream, upload.filename, limit=min(upload.limit, LARGEST))
        return read_answers(upload.stream)
    except (Refused, NotReadable) as refusal:
        raise Invalid({"file": refusal.message}) from refusal


def _check_belongs(application: Application, returned: Returned) -> None:
    if returned.application_id != application.id:
        raise Invalid({"file": "This file was downloaded for another application. Bring it back on that one's page."})
    if returned.sha256 != application.edition.sha256:
        raise Invalid({"file": "This file was made for another edition of the framework. Download it again."})


def _clear(session: Session, application: Application, actor: Actor, now: datetime) -> None:
    """Forget what this person brought here before, and what waited too long anywhere."""
    own = (AnswerSheet.application_id == application.id) & (AnswerSheet.brought_by_id == actor.user_id)
    session.execute(delete(AnswerSheet).where(own | (AnswerSheet.brought_at < now - WAITS)))


def apply_answers(
    application_id: int, sheet_id: int, token: str, kept: dict[str, str], *, actor: Actor, now: datetime
) -> Applied:
    """Write what a file changes. `token` is that of the plan which the person saw; `kept` maps each conflict to a Keep.

    A second time nothing is written and the first result is returned. Raises NotFound, NotAllowed, Conflict, PlanChanged,
    and Invalid, by criterion, on conflicts that nobody decided.
    """
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        sheet = locked(session, AnswerSheet, waiting_sheet(session, application_id, sheet_id, actor, now).id)
        if sheet.applied_at is not None:
            return Applied(**sheet.result)
        found = plan_of(session, application, sheet)
        if found.token != token:
            raise PlanChanged("Somebody answered online since you opened this page. Look again at what would change.")
        lines = settled(found, kept)
        _write(session, application, lines, actor, now)
        result = Applied(len(lines), len(found.of(Kind.CONFLICT)) - sum(line.kind is Kind.CONFLICT for line in lines))
        sheet.applied_at, sheet.content = now, {}
        sheet.result = {"changed": result.changed, "kept_theirs": result.kept_theirs}
        _record_applied(session, actor, application, found, lines, now)
        return result


def _write(session: Session, application: Application, lines: tuple[Line, ...], actor: Actor, now: datetime) -> None:
    stored = {
        answer.criterion_code: answer
        for answer in session.scalars(select(Answer).where(Answer.application_id == application.id))
    }
    for line in lines:
        code = line.criterion.code
        keep_claim(session, application, code, stored.get(code), line.mine, line.online.version, actor, now)


def _record_applied(
    session: Session, actor: Actor, application: Application, found: Plan, lines: tuple[Line, ...], now: datetime
) -> None:
    written = {line.criterion.code for line in lines}
    left = [line.criterion.code for line in found.of(Kind.CONFLICT) if line.criterion.code not in written]
    record_application(session, actor, "answers.applied", application, now, changed=sorted(written), kept_theirs=left)


def discard_answers(application_id: int, sheet_id: int, *, actor: Actor, now: datetime) -> None:
    """Forget a file without doing anything that it says. Raises NotFound, NotAllowed, Conflict."""
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        sheet = waiting_sheet(session, application_id, sheet_id, actor, now)
        record_application(session, actor, "answers.discarded", application, now, file=sheet.filename)
        session.delete(sheet)
