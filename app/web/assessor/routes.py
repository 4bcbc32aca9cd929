"""The way of an assessor through a case."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.confidence import WORDS as CONFIDENCE_WORDS
from app.domain.errors import Conflict, DomainError, Incomplete, Invalid
from app.domain.lifecycle import AssessmentStatus
from app.edge.session import allow, me, now, today
from app.queries.assess_beside import not_opened
from app.queries.assessment_basics import status_of
from app.queries.assessments import case_page
from app.queries.assignments import assignments, declaration_page
from app.queries.scoring import ScorePage, score_page
from app.services import assessments, openings, recommendations
from app.web.assessor import bp
from app.web.assessor.forms import (
    DeclarationForm,
    HandInForm,
    NoteForm,
    QuestionForm,
    ScoreForm,
    chosen,
    point_labels,
)
from app.web.fields import choices
from app.web.jinja import clock_time
from app.web.refusals import show_on


@bp.get("/assessments")
@allow(Action.SEE_ASSESSMENTS)
def home() -> ResponseReturnValue:
    return render_template("assessor/home.html", rows=assignments(me(), today()))


@bp.route("/assessments/<int:assessment_id>/declare", methods=["GET", "POST"])
@allow(Action.DECLARE_INTERESTS)
def declare(assessment_id: int) -> ResponseReturnValue:
    page = declaration_page(assessment_id, me())
    form = DeclarationForm()
    if form.is_submitted() and form.validate():
        try:
            conflict = form.conflict.data == "yes"
            assessments.declare_interests(
                assessment_id, conflict=conflict, words=form.words.data or "", actor=me(), now=now()
            )
            if conflict:
                flash("Thank you. The case is closed to you, and the scheme has been told.")
                return redirect(url_for(".home"))
            flash("Thank you. The case is open to you.")
            return redirect(url_for(".case", assessment_id=assessment_id))
        except Invalid as error:
            show_on(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("assessor/declare.html", page=page, form=form), status


@bp.get("/assessments/<int:assessment_id>")
@allow(Action.ASSESS)
def case(assessment_id: int) -> ResponseReturnValue:
    if status_of(assessment_id, me()) in {AssessmentStatus.ASSIGNED, AssessmentStatus.DECLINED}:
        return redirect(url_for(".declare", assessment_id=assessment_id))
    page = case_page(assessment_id, me(), today(), request.args.get("part"))
    return render_template("assessor/case.html", page=page, note=NoteForm.for_note(page.note))


@bp.route("/assessments/<int:assessment_id>/criteria/<code>", methods=["GET", "POST"])
@allow(Action.ASSESS)
def score(assessment_id: int, code: str) -> ResponseReturnValue:
    page = score_page(assessment_id, code, me(), today())
    form = ScoreForm.for_page(page)
    status = 200
    if form.is_submitted() and form.validate():
        try:
            assessments.record_score(assessment_id, code, form.given(), actor=me(), now=now())
            return redirect(_after_saving(assessment_id, page))
        except Conflict as error:
            return _conflict(page, form, error)
        except DomainError as error:
            show_on(form, error)
            status = 422
    return show_score(page, form), status


def _after_saving(assessment_id: int, page: ScorePage) -> str:
    if request.form.get("then") == "sheet":
        return url_for(".visit_sheet", assessment_id=assessment_id)
    if request.form.get("then") == "stay":
        return url_for(".score", assessment_id=assessment_id, code=page.criterion.code)
    if page.next_code is None:
        return url_for(".case", assessment_id=assessment_id)
    return url_for(".score", assessment_id=assessment_id, code=page.next_code)


def show_score(
    page: ScorePage, form: ScoreForm, question: QuestionForm | None = None, theirs: dict[str, str] | None = None
) -> str:
    chosen = request.args.get("evidence", type=int)
    viewed = next(
        (row for row in page.evidence if row.version_id == chosen), page.evidence[0] if page.evidence else None
    )
    question = question or QuestionForm(formdata=None)
    if viewed and viewed.text and not viewed.filename:  # a statement is read here; files note it where they are shown
        openings.note_opening(viewed.version_id, actor=me(), now=now())
    return render_template(
        "assessor/score.html",
        page=page,
        score_form=form,
        note=NoteForm.for_note(page.beside.note),
        question=question,
        forms=[form, question],
        viewed=viewed,
        theirs=theirs,
    )


def _conflict(page: ScorePage, form: ScoreForm, error: Conflict) -> ResponseReturnValue:
    """Both versions side by side; saving again keeps what was typed here."""
    if not page.editable:
        show_on(form, error)
        return show_score(page, form), 409
    form.version.raw_data = None
    form.version.data = page.version
    return show_score(page, form, theirs=_as_saved(page)), 409


def _as_saved(page: ScorePage) -> dict[str, str]:
    sure = CONFIDENCE_WORDS[page.confidence] if page.confidence else "Not said"
    return {
        "Score": point_labels(page).get(chosen(page) or "", "None"),
        "Reason": page.reason,
        "How sure": sure,
    }


@bp.post("/assessments/<int:assessment_id>/criteria/<code>/autosave")
@allow(Action.ASSESS)
def autosave_score(assessment_id: int, code: str) -> ResponseReturnValue:
    form = ScoreForm()
    try:
        saved = assessments.record_score(assessment_id, code, form.given(), actor=me(), now=now(), partial=True)
    except Invalid as error:
        return {"errors": error.errors}, 422
    except Conflict as error:
        page = score_page(assessment_id, code, me(), today())
        return {"message": error.message, "theirs": _as_saved(page), "by": me().name, "version": page.version}, 409
    return {
        "saved_at": clock_time(saved.saved_at),
        "version": saved.version,
        "progress": {
            "done": saved.scored,
            "total": saved.asked,
            "words": f"{saved.scored} of {saved.asked} criteria scored",
        },
    }


@bp.route("/assessments/<int:assessment_id>/hand-in", methods=["GET", "POST"])
@allow(Action.ASSESS)
def hand_in(assessment_id: int) -> ResponseReturnValue:
    page = case_page(assessment_id, me(), today())
    if page.status is AssessmentStatus.HANDED_IN:
        return redirect(url_for(".case", assessment_id=assessment_id))
    form = HandInForm()  # nothing chosen beforehand: a recommendation is the assessor's own
    form.level.choices = choices(page.levels)
    missing: tuple[str, ...] = ()
    if form.is_submitted() and form.validate():
        try:
            recommendations.hand_in(assessment_id, form.recommendation(), actor=me(), now=now())
            flash("Your recommendation is with the scheme. Thank you.")
            return redirect(url_for(".case", assessment_id=assessment_id))
        except Incomplete as error:
            missing = error.missing
            show_on(form, error)
        except DomainError as error:
            show_on(form, error)
    status = 422 if form.is_submitted() else 200
    unopened = not_opened(assessment_id, me())
    return render_template("assessor/hand_in.html", page=page, form=form, missing=missing, unopened=unopened), status
