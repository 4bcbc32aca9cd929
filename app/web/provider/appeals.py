"""Appealing: the form with its draft, how an appeal stands, taking it back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField

from app.domain.access import Action
from app.domain.appeals import GROUND_WORDS, Written
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.edge.session import allow, me, now, today
from app.queries.appealing import AppealForm, appeal_form, own_appeal
from app.services import appeals
from app.web.fields import CheckboxesField, choices
from app.web.provider import bp
from app.web.refusals import show_on


class WriteForm(FlaskForm):
    """An appeal. `version` is that of the draft behind the page."""

    version = HiddenField()
    against = RadioField("What do you appeal against?", validate_choice=False)
    grounds = CheckboxesField(
        "On which grounds?",
        choices=choices((ground.value, words) for ground, words in GROUND_WORDS.items()),
        validate_choice=False,
    )
    words = TextAreaField(
        "What is wrong, and why?", description="Name the part of the decision and what shows that it is wrong."
    )
    asks = TextAreaField("What do you ask for?", description="Such as: decide anew, or take a condition away.")
    late_reason = TextAreaField("Why could you not appeal in time?")
    evidence = CheckboxesField("Evidence", validate_choice=False)

    @classmethod
    def about(cls, page: AppealForm) -> WriteForm:
        """The form as it was sent, or with the draft."""
        form = cls()
        form.against.choices = choices((each.against.value, each.words) for each in page.open)
        form.evidence.choices = choices((str(item_id), title) for item_id, title in page.pieces)
        if not form.is_submitted():
            form.fill(page)
        return form

    def fill(self, page: AppealForm) -> None:
        written = page.written
        self.version.data = str(page.version)
        self.against.data = written.against or (page.open[0].against.value if len(page.open) == 1 else None)
        self.grounds.data = list(written.grounds)
        self.words.data, self.asks.data, self.late_reason.data = written.words, written.asks, written.late_reason
        self.evidence.data = [str(each) for each in written.evidence]

    def written(self) -> Written:
        """What was entered."""
        return Written(
            against=self.against.data or "",
            grounds=tuple(self.grounds.data or ()),
            words=self.words.data or "",
            asks=self.asks.data or "",
            late_reason=self.late_reason.data or "",
            evidence=_numbers(self.evidence.data or ()),
        )

    @property
    def seen(self) -> int:
        return int(self.version.data) if (self.version.data or "").isdecimal() else 0


def _numbers(texts: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(text) for text in texts if text.isdecimal() and len(text) < 10)


@bp.route("/applications/<int:application_id>/appeal", methods=["GET", "POST"])
@allow(Action.LODGE_APPEAL)
def write_appeal(application_id: int) -> ResponseReturnValue:
    page = appeal_form(application_id, me())
    form, status = WriteForm.about(page), 200
    if form.is_submitted():
        try:
            return _save(application_id, form) if request.form.get("step") == "save" else _lodge(application_id, form)
        except Invalid as error:
            show_on(form, error)
            status = 422
        except Conflict as error:
            page, status = appeal_form(application_id, me()), 409
            form.version.data = str(page.version)
            form.form_errors.append(error.message)
    late = any(each.last_day < today() for each in page.open)
    shown = render_template(
        "provider/write_appeal.html", page=page, form=form, conflict=status == 409, late=late, on=today()
    )
    return shown, status


def _save(application_id: int, form: WriteForm) -> ResponseReturnValue:
    appeals.save_draft(application_id, form.written(), form.seen, actor=me(), now=now())
    flash("Your appeal is saved. It is not sent yet.")
    return redirect(url_for(".write_appeal", application_id=application_id))


def _lodge(application_id: int, form: WriteForm) -> ResponseReturnValue:
    appeal_id = appeals.lodge_appeal(application_id, form.written(), actor=me(), now=now(), today=today())
    flash("We have your appeal. Your receipt is below, and the leads of your organisation get it by e-mail.")
    return redirect(url_for(".appeal", appeal_id=appeal_id))


@bp.get("/appeals/<int:appeal_id>")
@allow(Action.SEE_APPLICATION)
def appeal(appeal_id: int) -> ResponseReturnValue:
    return render_template("provider/appeal.html", page=own_appeal(appeal_id, me()))


@bp.route("/appeals/<int:appeal_id>/take-back", methods=["GET", "POST"])
@allow(Action.LODGE_APPEAL)
def take_back_appeal(appeal_id: int) -> ResponseReturnValue:
    page, form = own_appeal(appeal_id, me()), FlaskForm()
    if form.is_submitted() and form.validate():
        try:
            appeals.take_back_appeal(appeal_id, actor=me(), now=now())
        except IllegalMove as error:
            flash(error.message, "warning")
        else:
            flash("Your appeal is taken back.")
        return redirect(url_for(".appeal", appeal_id=appeal_id))
    return render_template("provider/take_back_appeal.html", page=page, form=form)
