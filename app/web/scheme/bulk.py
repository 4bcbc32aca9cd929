"""Several cases at once: choose them, see what would become of each, confirm, and read what was refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from app.domain.access import Action
from app.domain.errors import DomainError
from app.edge.session import allow, me, now, today
from app.queries.bulk_cases import MOST, Bulk, BulkPage, Effect, bulk_page, effects
from app.services import cases, office
from app.services.cases import Asked
from app.web.fields import DayField, choices
from app.web.intake import row_id
from app.web.scheme import bp

ACTIONS = {
    Bulk.REMIND.value: "Remind the assessors who are late",
    Bulk.MOVE.value: "Give their assessors another day",
    Bulk.ASSIGN.value: "Ask the assessors who are proposed first",
}


class BulkForm(FlaskForm):
    """Which cases, what to do to them, and by when where it takes a day."""

    case = SelectMultipleField("Cases", coerce=row_id, validate_choice=False)
    action = RadioField(
        "What do you want to do?",
        choices=choices(ACTIONS.items()),
        validators=[InputRequired("Choose what you want to do.")],
    )
    due_on = DayField("By when?")

    @property
    def kind(self) -> Bulk:
        return Bulk(self.action.data)

    def complete(self) -> bool:
        """Whether everything that the action needs is there. Leaves its errors on the fields."""
        fine: bool = self.validate()
        if not self.case.data:
            self.case.errors = ["Choose at least one application."]
            return False
        if fine and self.kind is not Bulk.REMIND and not self._has_day():
            return False
        return fine

    def _has_day(self) -> bool:
        if self.due_on.data is None:
            self.due_on.errors = ["Enter a date."]
        elif self.due_on.data < today():
            self.due_on.errors = ["Enter a date that is today or later."]
        else:
            return True
        return False


@bp.route("/schemes/<code>/bulk", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def bulk(code: str) -> ResponseReturnValue:
    """Choose, then preview, then do: each step shows what the one before it gave."""
    form = BulkForm()
    if request.method == "GET":
        page = bulk_page(code, _asked_for(), actor=me(), today=today())
        form.case.data = [each.application_id for each in page.cases]
        return _choosing(page, form)
    page = bulk_page(code, form.case.data or _offered(), actor=me(), today=today())
    if not form.complete():
        return _choosing(page, form), 422
    found = effects(code, form.kind, form.case.data, form.due_on.data, actor=me(), today=today())
    if not request.form.get("confirmed"):
        return render_template("scheme/bulk_preview.html", page=page, form=form, effects=found, words=_words(form))
    done = tuple(_done(each, form) for each in found)
    return render_template("scheme/bulk_done.html", page=page, done=done, words=_words(form))


def _asked_for() -> list[int]:
    """The cases that the address names; what is no id is left out."""
    found = (_id(text) for text in request.args.getlist("case")[: MOST * 4])
    return [each for each in found if each is not None]


def _offered() -> list[int]:
    """The cases that the page offered, where none was chosen."""
    found = (_id(text) for text in request.form.getlist("offered")[: MOST * 4])
    return [each for each in found if each is not None]


def _id(text: str) -> int | None:
    try:
        return row_id(text)
    except ValueError:
        return None


def _choosing(page: BulkPage, form: BulkForm) -> str:
    return render_template("scheme/bulk.html", page=page, form=form, most=MOST)


def _words(form: BulkForm) -> str:
    return ACTIONS[form.action.data]


def _done(effect: Effect, form: BulkForm) -> Effect:
    """Do it to one case, in a transaction of its own. What is refused, then or already, changes nothing of the others."""
    if effect.refusal:
        return effect
    try:
        DOES[form.kind](effect, form.due_on.data)
    except DomainError as error:
        return Effect(effect.application_id, effect.provider, effect.what, error.message)
    return effect


def _remind(effect: Effect, due_on: date | None) -> None:
    office.remind_assessors(effect.application_id, actor=me(), now=now(), today=today())


def _move(effect: Effect, due_on: date | None) -> None:
    office.move_due_date(effect.application_id, due_on, actor=me(), now=now(), today=today())


def _assign(effect: Effect, due_on: date | None) -> None:
    asked = Asked(effect.assessors, due_on)
    cases.assign_assessors(effect.application_id, asked, actor=me(), now=now(), today=today())


DOES: dict[Bulk, Callable[[Effect, date | None], None]] = {
    Bulk.REMIND: _remind,
    Bulk.MOVE: _move,
    Bulk.ASSIGN: _assign,
}
