"""Scores that differ: the lead records what is agreed and settles it, the other assessors look on and may dissent."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.access import Action
from app.domain.errors import Conflict, Incomplete, Invalid
from app.edge.session import allow, me, now, today
from app.queries.reconciling import DifferingPage, differing_page, reconcile_page
from app.services import reconciling
from app.services.reconciling import AgreedGiven
from app.web.assessor import bp
from app.web.assessor.forms import NOT_APPLICABLE, NOT_RATED, chosen, point_labels
from app.web.fields import DayField, choices
from app.web.jinja import clock_time
from app.web.refusals import show_on


class AgreedForm(FlaskForm):
    """The agreed score with its reason. `version` is that of the agreed score that the page showed."""

    point = RadioField("Agreed score", validators=[Optional()], validate_choice=False)
    reason = TextAreaField("Why this score")
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @classmethod
    def for_page(cls, page: DifferingPage) -> AgreedForm:
        """The form, filled with what is agreed so far."""
        form = cls(data={"point": chosen(page), "reason": page.reason, "version": page.version})
        form.point.choices = choices(point_labels(page).items())
        return form

    def given(self) -> AgreedGiven:
        """What was entered, as plain values. A point that is no number is off every scale."""
        text = self.point.data or ""
        number = int(text) if text.isdecimal() and len(text) < 10 else None
        off = -1 if text and number is None and text not in (NOT_APPLICABLE, NOT_RATED) else number
        reason, version = self.reason.data or "", self.version.data or 0
        return AgreedGiven(off, text == NOT_APPLICABLE, text == NOT_RATED, reason, version)


class MeetingForm(FlaskForm):
    """When and how the assessors met."""

    met_on = DayField("When did you meet?")
    meeting = TextAreaField("How did you meet, and what did you look at?")


class SettleForm(FlaskForm):
    """Nothing to fill in: the button says it."""


class DissentForm(FlaskForm):
    """Why an assessor sees an agreed score otherwise."""

    words = TextAreaField("Why do you see it otherwise?")


@bp.route("/assessments/<int:assessment_id>/reconcile", methods=["GET", "POST"])
@allow(Action.ASSESS)
def reconcile(assessment_id: int) -> ResponseReturnValue:
    """What differs, and the button that settles it."""
    form, missing = SettleForm(), ()
    if form.is_submitted() and form.validate():
        try:
            reconciling.settle(assessment_id, actor=me(), now=now())
            flash("The scores are settled. The case waits for its panel. Thank you.")
            return redirect(url_for(".reconcile", assessment_id=assessment_id))
        except Incomplete as error:
            missing = error.missing
            show_on(form, error)
    return _overview(assessment_id, settle=form, missing=missing), 422 if form.is_submitted() else 200


def _overview(
    assessment_id: int,
    settle: SettleForm | None = None,
    meeting: MeetingForm | None = None,
    missing: tuple[str, ...] = (),
) -> str:
    page = reconcile_page(assessment_id, me(), today())
    settle = settle or SettleForm(formdata=None)
    meeting = meeting or MeetingForm(formdata=None, data={"met_on": page.met_on, "meeting": page.meeting})
    return render_template(
        "assessor/reconcile.html", page=page, settle=settle, meeting=meeting, forms=[settle, meeting], missing=missing
    )


@bp.post("/assessments/<int:assessment_id>/reconcile/meeting")
@allow(Action.ASSESS)
def record_meeting(assessment_id: int) -> ResponseReturnValue:
    form = MeetingForm()
    if form.validate():
        try:
            day, words = form.met_on.data, form.meeting.data or ""
            reconciling.record_meeting(assessment_id, day, words, actor=me(), now=now())
            flash("It is noted when and how you met.")
            return redirect(url_for(".reconcile", assessment_id=assessment_id))
        except Invalid as error:
            show_on(form, error)
    return _overview(assessment_id, meeting=form), 422


@bp.route("/assessments/<int:assessment_id>/reconcile/criteria/<code>", methods=["GET", "POST"])
@allow(Action.ASSESS)
def reconcile_criterion(assessment_id: int, code: str) -> ResponseReturnValue:
    """One criterion: what each gave beside the evidence, and the agreed score."""
    page = differing_page(assessment_id, code, me(), today())
    form = AgreedForm.for_page(page)
    status = 200
    if form.is_submitted() and form.validate():
        try:
            reconciling.agree(assessment_id, code, form.given(), actor=me(), now=now())
            return redirect(_after(page))
        except Conflict as error:
            return _conflict(assessment_id, code, form, error)
        except Invalid as error:
            show_on(form, error)
            status = 422
    return _criterion(page, form), status


def _after(page: DifferingPage) -> str:
    if request.form.get("then") == "stay":
        return url_for(".reconcile_criterion", assessment_id=page.assessment_id, code=page.criterion.code)
    if page.next_code is None:
        return url_for(".reconcile", assessment_id=page.assessment_id)
    return url_for(".reconcile_criterion", assessment_id=page.assessment_id, code=page.next_code)


def _criterion(
    page: DifferingPage,
    form: AgreedForm,
    dissent: DissentForm | None = None,
    theirs: dict[str, str] | None = None,
) -> str:
    dissent = dissent or DissentForm(formdata=None, data={"words": page.own_dissent})
    return render_template(
        "assessor/reconcile_criterion.html",
        page=page,
        agreed_form=form,
        dissent=dissent,
        forms=[form, dissent],
        theirs=theirs,
    )


def _conflict(assessment_id: int, code: str, form: AgreedForm, error: Conflict) -> ResponseReturnValue:
    """Both versions side by side; saving again keeps what was typed here."""
    page = differing_page(assessment_id, code, me(), today())
    if not page.editable:
        show_on(form, error)
        return _criterion(page, form), 409
    form.version.raw_data = None
    form.version.data = page.version
    return _criterion(page, form, theirs=_as_saved(page)), 409


def _as_saved(page: DifferingPage) -> dict[str, str]:
    return {"Agreed score": point_labels(page).get(chosen(page) or "", "None"), "Reason": page.reason}


@bp.post("/assessments/<int:assessment_id>/reconcile/criteria/<code>/autosave")
@allow(Action.ASSESS)
def autosave_agreed(assessment_id: int, code: str) -> ResponseReturnValue:
    try:
        given = AgreedForm().given()
        saved = reconciling.agree(assessment_id, code, given, actor=me(), now=now(), partial=True)
    except Invalid as error:
        return {"errors": error.errors}, 422
    except Conflict as error:
        page = differing_page(assessment_id, code, me(), today())
        if not page.editable:
            return {"title": error.message}, 409
        return {"message": error.message, "theirs": _as_saved(page), "by": me().name, "version": page.version}, 409
    words = f"{saved.settled} of {saved.differing} agreed"
    return {
        "saved_at": clock_time(saved.saved_at),
        "version": saved.version,
        "progress": {"done": saved.settled, "total": saved.differing, "words": words},
    }


@bp.post("/assessments/<int:assessment_id>/reconcile/criteria/<code>/dissent")
@allow(Action.ASSESS)
def dissent(assessment_id: int, code: str) -> ResponseReturnValue:
    """Say that one sees it otherwise; with no words, take that back."""
    form = DissentForm()
    words = "" if request.form.get("take_back") else form.words.data or ""
    page = differing_page(assessment_id, code, me(), today())
    try:
        if page.may_dissent and not words.strip() and not request.form.get("take_back"):
            raise Invalid({"words": "Say why. The panel will read it."})
        reconciling.note_dissent(assessment_id, code, words, actor=me(), now=now())
    except Invalid as error:  # any other refusal has a page of its own: there is no form to show it on
        show_on(form, error)
        return _criterion(page, AgreedForm.for_page(page), dissent=form), 422
    flash("The panel will read why you see it otherwise." if words else "You no longer see it otherwise.")
    return redirect(url_for(".reconcile_criterion", assessment_id=assessment_id, code=code))
