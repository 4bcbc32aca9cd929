"""Concerns about people's safety, which providers never see; and feedback that came many at once."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now
from app.queries.concerns import ConcernPage, concern_page, concerns_page
from app.queries.voice_held import held_page, held_rows
from app.services import voice_concerns
from app.services.voice_concerns import Step, StepKind
from app.web.fields import choices
from app.web.jinja import plural
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.pipeline import page_number, same_page_at

WHILE_OPEN = (
    (StepKind.READ, "I have read it"),
    (StepKind.PASSED_ON, "I have passed it on"),
    (StepKind.NOTE, "A note"),
    (StepKind.CLOSED, "It is dealt with: close it"),
)
ONCE_CLOSED = ((StepKind.REOPENED, "Open it again"),)


class StepForm(FlaskForm):
    """What was done about a concern."""

    kind = RadioField("What have you done?", [InputRequired("Choose what you have done.")])
    to_whom = StringField(
        "To whom, if you passed it on", description="Such as the council's safeguarding team, by telephone."
    )
    words = TextAreaField("What was done or found", description="Other managers who look after this read it.")
    version = IntegerField()

    @classmethod
    def about(cls, page: ConcernPage) -> StepForm:
        form = cls()
        kinds = ONCE_CLOSED if page.closed_at else WHILE_OPEN
        form.kind.choices = choices(
            (kind.value, words) for kind, words in kinds if not (kind is StepKind.READ and page.read)
        )
        if not form.is_submitted():
            form.version.data = page.version
        return form


class HeldForm(FlaskForm):
    """What becomes of answers that came many at once, and why."""

    verdict = RadioField(
        "What should become of them?",
        [InputRequired("Choose whether they count.")],
        choices=choices([("count", "Count them"), ("leave", "Leave them out for good")]),
    )
    reason = TextAreaField("Why", description="For the record. Say what you asked the provider, and what it said.")


@bp.get("/schemes/<code>/concerns")
@allow(Action.SEE_CONCERNS)
def concerns(code: str) -> ResponseReturnValue:
    page = concerns_page(code, page_number(), me())
    held = held_rows(page.scheme.scheme_id, me())
    return render_template("scheme/concerns.html", page=page, held=held, address=same_page_at)


@bp.route("/schemes/<code>/concerns/<int:concern_id>", methods=["GET", "POST"])
@allow(Action.HANDLE_CONCERN)
def concern(code: str, concern_id: int) -> ResponseReturnValue:
    page = concern_page(code, concern_id, me())
    form, status = StepForm.about(page), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            step = Step(StepKind(form.kind.data), form.words.data or "", form.to_whom.data or "")
            version = form.version.data or 0
            try:
                voice_concerns.handle_concern(code, concern_id, step, version, actor=me(), now=now())
            except Invalid as error:
                show_on(form, error)
            except Conflict as error:
                page, status = concern_page(code, concern_id, me()), 409
                form.version.data, form.version.raw_data = page.version, None
                form.form_errors.append(error.message)
            else:
                flash("It is on the record.")
                return redirect(url_for(".concern", code=code, concern_id=concern_id))
    return render_template("scheme/concern.html", page=page, form=form), status


@bp.route("/schemes/<code>/feedback/<int:round_id>", methods=["GET", "POST"])
@allow(Action.HANDLE_CONCERN)
def held_feedback(code: str, round_id: int) -> ResponseReturnValue:
    page, form = held_page(code, round_id, me()), HeldForm()
    if form.validate_on_submit():
        try:
            number = voice_concerns.judge_held(
                code, round_id, form.verdict.data == "count", form.reason.data or "", actor=me(), now=now()
            )
        except Invalid as error:
            show_on(form, error)
        else:
            done = "now counts" if form.verdict.data == "count" else "is left out"
            many = "now count" if form.verdict.data == "count" else "are left out"
            flash(f"{plural(number, f'answer {done}', f'answers {many}')}.")
            return redirect(url_for(".concerns", code=code))
    return render_template("scheme/held_feedback.html", page=page, form=form), 422 if form.errors else 200
