"""Notes of interviews, observations and documents seen, and resting a score on them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError
from app.edge.session import allow, me, now, today
from app.queries.assess_visit_notes import OwnNote, visit_notes_page
from app.queries.scoring import score_page
from app.services import visit_notes as service
from app.web.assessor import bp
from app.web.assessor.visit_forms import VisitNoteForm
from app.web.refusals import show_on

CASE = "/assessments/<int:assessment_id>"


@bp.route(f"{CASE}/visit-notes", methods=["GET", "POST"])
@allow(Action.ASSESS)
def visit_notes(assessment_id: int) -> ResponseReturnValue:
    page = visit_notes_page(assessment_id, me())
    form = VisitNoteForm.for_page(page, None, now())
    status = 200
    if form.is_submitted():
        status = _kept(form, lambda: service.add_note(assessment_id, form.new(), actor=me(), now=now()))
        if not status:
            flash("The note is kept. Nobody else sees it while you work.")
            return redirect(url_for(".visit_notes", assessment_id=assessment_id))
    return render_template("assessor/visit_notes.html", page=page, form=form), status


@bp.route(f"{CASE}/visit-notes/<int:note_id>", methods=["GET", "POST"])
@allow(Action.ASSESS)
def visit_note(assessment_id: int, note_id: int) -> ResponseReturnValue:
    page = visit_notes_page(assessment_id, me())
    note = page.note(note_id)
    form = VisitNoteForm.for_page(page, note, now())
    status = 200
    if form.is_submitted():
        version = form.version.data or 0
        status = _kept(form, lambda: service.change_note(note_id, form.new(), version, actor=me(), now=now()))
        if not status:
            flash("The note is changed.")
            return redirect(url_for(".visit_notes", assessment_id=assessment_id))
        form.version.raw_data, form.version.data = None, note.version
    return render_template("assessor/visit_note.html", page=page, note=_beside(note, status), form=form), status


def _beside(note: OwnNote, status: int) -> OwnNote | None:
    """What is kept, to show beside what was typed where the two met."""
    return note if status == 409 else None


def _kept(form: VisitNoteForm, keep) -> int:  # type: ignore[no-untyped-def]  # a call without arguments
    """0 where the note is kept, else the status of the page that says why not."""
    if not form.validate():
        return 422
    try:
        keep()
    except Conflict as error:
        show_on(form, error)
        return 409
    except DomainError as error:
        show_on(form, error)
        return 422
    return 0


@bp.post(f"{CASE}/criteria/<code>/visit-notes/<int:note_id>")
@allow(Action.ASSESS)
def cite_note(assessment_id: int, code: str, note_id: int) -> ResponseReturnValue:
    """Rest the score on a note (`cite` is yes), or no more."""
    score_page(assessment_id, code, me(), today())
    on = request.form.get("cite") == "yes"
    service.cite(assessment_id, code, note_id, on=on, actor=me(), now=now())
    return redirect(url_for(".score", assessment_id=assessment_id, code=code, _anchor="visit-notes"))
