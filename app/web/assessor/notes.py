"""An assessor's own notes and phrases, and links of evidence that are followed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.assess_beside import NoteRow, own_note, own_phrases
from app.queries.assessment_basics import readable_assessment
from app.queries.evidence import evidence_version_for
from app.queries.scoring import score_page
from app.services import assessor_notes, openings
from app.web.assessor import bp
from app.web.assessor.forms import NOTE, NoteForm, PhraseForm
from app.web.jinja import clock_time
from app.web.refusals import show_on

CASE = "/assessments/<int:assessment_id>"


@bp.post(f"{CASE}/note")
@allow(Action.ASSESS)
def note(assessment_id: int) -> ResponseReturnValue:
    return _keep(assessment_id, "", url_for(".case", assessment_id=assessment_id, _anchor="notes"))


@bp.post(f"{CASE}/criteria/<code>/note")
@allow(Action.ASSESS)
def criterion_note(assessment_id: int, code: str) -> ResponseReturnValue:
    score_page(assessment_id, code, me(), today())  # the address names a criterion of one's own case
    return _keep(assessment_id, code, url_for(".score", assessment_id=assessment_id, code=code, _anchor="notes"))


def _keep(assessment_id: int, code: str, then: str) -> ResponseReturnValue:
    """Save a note: as JSON for the script that saves while one types, else with the page again."""
    form = NoteForm(prefix=NOTE)
    text, version = (form.text.data or "").replace("\r\n", "\n"), form.version.data or 0
    by_script = request.headers.get("X-Requested-With") == "autosave"
    try:
        kept = assessor_notes.keep_note(assessment_id, code, text, version, actor=me(), now=now())
    except Invalid as error:
        return ({"errors": error.errors}, 422) if by_script else _again(assessment_id, form, error, then)
    except Conflict as error:
        if not by_script:
            return _again(assessment_id, form, error, then)
        current = own_note(assessment_id, code, me())
        return {"message": error.message, "theirs": {"Notes": current.text}, "version": current.version}, 409
    return {"saved_at": clock_time(now()), "version": kept} if by_script else redirect(then)


def _again(assessment_id: int, form: NoteForm, error: Invalid | Conflict, then: str) -> ResponseReturnValue:
    """The words that were not kept, on a page of their own, beside what is kept."""
    code = request.view_args.get("code", "") if request.view_args else ""
    kept: NoteRow = own_note(assessment_id, code, me())
    show_on(form, error)
    form.version.raw_data, form.version.data = None, kept.version
    status = 409 if isinstance(error, Conflict) else 422
    return render_template("assessor/note.html", form=form, kept=kept, code=code, back=then), status


@bp.route("/assessments/phrases", methods=["GET", "POST"])
@allow(Action.SEE_ASSESSMENTS)
def phrases() -> ResponseReturnValue:
    form = PhraseForm()
    status = 200
    if form.is_submitted() and form.validate():
        try:
            point = (form.point.data or "").strip()
            assessor_notes.add_phrase(form.text.data or "", point, actor=me(), now=now())
            flash("The phrase is kept.")
            return redirect(url_for(".phrases"))
        except Invalid as error:
            show_on(form, error)
            status = 422
    return render_template("assessor/phrases.html", rows=own_phrases(me()), form=form), status


@bp.post("/assessments/phrases/<int:phrase_id>/remove")
@allow(Action.SEE_ASSESSMENTS)
def remove_phrase(phrase_id: int) -> ResponseReturnValue:
    assessor_notes.remove_phrase(phrase_id, actor=me(), now=now())
    flash("The phrase is removed.")
    return redirect(url_for(".phrases"))


@bp.get(f"{CASE}/evidence/<int:version_id>/follow")
@allow(Action.ASSESS)
def follow(assessment_id: int, version_id: int) -> ResponseReturnValue:
    """A link of evidence, followed: noted as opened, then the browser goes there."""
    readable_assessment(assessment_id, me())
    version = evidence_version_for(version_id, me())
    if not version.url.startswith(("https://", "http://")):
        raise NotFound("This evidence is no link.")
    openings.note_opening(version_id, actor=me(), now=now())
    return redirect(version.url)
