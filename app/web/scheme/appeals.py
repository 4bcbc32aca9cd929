"""Appeals as the scheme's office handles them: those of it who had no part in the matter."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.lifecycle import AppealMove
from app.edge.session import allow, me, now, today
from app.queries.appeals import AppealPage, appeal_page, appeals_page
from app.services import appeal_handling as handling
from app.services.appeal_handling import Team
from app.web.fields import CheckboxesField, choices
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.pipeline import page_number, same_page_at

ADMIT, TURN_AWAY, APPOINT, CLOSE = "admit", "turn-away", "appoint", "close"


class AppealForm(FlaskForm):
    """What a manager does next. Each step reads the boxes that it needs."""

    step = RadioField("What do you do?", validate_choice=False)
    reason = TextAreaField("What you write to the provider")
    reviewers = CheckboxesField("Who reviews it", validate_choice=False)
    leads = RadioField("Who leads and records the outcome", validate_choice=False)
    learned = TextAreaField("What the scheme learned", description="For the scheme alone, and for its yearly report.")

    @classmethod
    def about(cls, page: AppealPage) -> AppealForm:
        form = cls()
        people = [each for each in page.candidates if not each.bar]
        listed = [(str(each.user_id), each.name + (" (lay)" if each.lay else "")) for each in people]
        form.reviewers.choices, form.leads.choices = choices(listed), choices(listed)
        form.step.choices = choices(
            (step, words)
            for step, words, move in (
                (ADMIT, "Admit it: it is in time and names grounds", AppealMove.ADMIT),
                (TURN_AWAY, "Turn it away", AppealMove.NOT_ADMIT),
            )
            if move in page.moves
        )
        if not form.is_submitted():
            sitting = [each for each in page.reviewers if each.current]
            form.reviewers.data = [str(each.user_id) for each in sitting]
            form.leads.data = next((str(each.user_id) for each in sitting if each.leads), None)
        return form

    def team(self) -> Team:
        chosen = tuple(int(each) for each in self.reviewers.data or () if _is_id(each))
        return Team(chosen, int(self.leads.data) if _is_id(self.leads.data or "") else None)


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 10


@bp.get("/schemes/<code>/appeals")
@allow(Action.SEE_APPEALS)
def appeals(code: str) -> ResponseReturnValue:
    page = appeals_page(code, page_number(), me(), today())
    return render_template("scheme/appeals.html", page=page, address=same_page_at)


@bp.get("/schemes/<code>/appeals/<int:appeal_id>")
@allow(Action.SEE_APPEALS)
def appeal(code: str, appeal_id: int) -> ResponseReturnValue:
    page = appeal_page(code, appeal_id, me(), today())
    return render_template("scheme/appeal.html", page=page, form=AppealForm.about(page))


@bp.post("/schemes/<code>/appeals/<int:appeal_id>")
@allow(Action.HANDLE_APPEAL)
def handle_appeal(code: str, appeal_id: int) -> ResponseReturnValue:
    page = appeal_page(code, appeal_id, me(), today())
    form, status = AppealForm.about(page), 422
    try:
        done = _do(request.form.get("do") or form.step.data or "", appeal_id, form)
    except Invalid as error:
        show_on(form, error)
    except (Conflict, IllegalMove) as error:
        page, status = appeal_page(code, appeal_id, me(), today()), 409
        form.form_errors.append(f"{error.message} Somebody else may have acted meanwhile. It stands as shown now.")
    else:
        flash(done)
        return redirect(url_for(".appeal", code=code, appeal_id=appeal_id))
    return render_template("scheme/appeal.html", page=page, form=form), status


def _do(step: str, appeal_id: int, form: AppealForm) -> str:
    """Make the step. Returns what to say of it. Raises Invalid, Conflict, IllegalMove."""
    by = {"actor": me(), "now": now(), "today": today()}
    if step == ADMIT:
        handling.admit(appeal_id, form.reason.data or "", **by)
        return "The appeal is admitted, and the provider is told. Now appoint its reviewers."
    if step == TURN_AWAY:
        handling.turn_away(appeal_id, form.reason.data or "", **by)
        return "The appeal is turned away, and the provider is told why."
    if step == APPOINT:
        handling.appoint_reviewers(appeal_id, form.team(), **by)
        return "The reviewers are appointed. Each is asked to declare their interests first."
    if step == CLOSE:
        handling.close_appeal(appeal_id, form.learned.data or "", **by)
        return "The appeal is closed."
    raise Invalid({"step": "Choose what you do."})
