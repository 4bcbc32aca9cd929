"""The text that a scheme's reports are made from: saved in versions that never change, and brought back from an earlier one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.report_template import read_template
from app.domain.wording import counted
from app.models import ReportTemplate, Scheme
from app.queries.report_words import built_in, template_in_use
from app.services.transactions import locked, record, transaction

LONGEST_NOTE = 500


class TemplateChanged(Conflict):
    """A colleague saved the template after the page was made. Nothing was overwritten."""


def save_template(scheme_id: int, source: str, note: str, version: int, *, actor: Actor, now: datetime) -> int:
    """Save the text as the template in use and return its version. `version` is the one that the page showed.

    Reports that are begun already stay with theirs. Saving what is in use changes nothing. Raises NotFound, NotAllowed,
    Invalid (`source`, `note`) where a mistake is in it, TemplateChanged.
    """
    check_length(note, LONGEST_NOTE, "note")
    text = _checked(source)
    with transaction() as session:
        scheme = _held(session, scheme_id, actor)
        return _keep(session, scheme, text, note.strip(), version, actor, now)


def restore_template(scheme_id: int, earlier: int, version: int, *, actor: Actor, now: datetime) -> int:
    """Put an earlier version, or with 0 the one that comes with the product, into use again, as a new version.

    Raises NotFound, NotAllowed, TemplateChanged, and Invalid (`source`) where what was right then is a mistake now.
    """
    with transaction() as session:
        scheme = _held(session, scheme_id, actor)
        text = built_in().source if not earlier else _source_of(session, scheme.id, earlier)
        note = "The one that comes with the product again" if not earlier else f"Version {earlier} again"
        return _keep(session, scheme, _checked(text), note, version, actor, now)


def _checked(source: str) -> str:
    """The text as it is kept. Raises Invalid (`source`)."""
    text = source.replace("\r\n", "\n").rstrip() + "\n"
    problems = read_template(text).problems
    if problems:
        first = problems[0]
        raise Invalid(
            {"source": f"{counted(len(problems), 'mistake')}, the first in line {first.line}. {first.sentence}"}
        )
    return text


def _held(session: Session, scheme_id: int, actor: Actor) -> Scheme:
    require(actor, Action.FRAMEWORK_EDIT, Subject(scheme_id=scheme_id))
    return locked(session, Scheme, scheme_id)


def _source_of(session: Session, scheme_id: int, version: int) -> str:
    found = session.scalar(
        select(ReportTemplate.source).where(ReportTemplate.scheme_id == scheme_id, ReportTemplate.version == version)
    )
    if found is None:
        raise NotFound("There is no such version of the template.")
    return found


def _keep(session: Session, scheme: Scheme, text: str, note: str, version: int, actor: Actor, now: datetime) -> int:
    current = template_in_use(session, scheme.id)
    if current.source == text:
        return current.version
    if current.version != version:
        raise TemplateChanged("A colleague saved the template after you opened it. Your text is still below.")
    row = ReportTemplate(
        scheme_id=scheme.id,
        version=current.version + 1,
        source=text,
        note=note,
        made_at=now,
        made_by_id=actor.user_id,
    )
    session.add(row)
    record(session, actor, "report-template.saved", row, now, scheme_id=scheme.id, version=row.version, note=note)
    return row.version
