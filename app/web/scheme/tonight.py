"""What the regular work will do to a scheme's awards, before it does it."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Form

from app.domain.access import Action
from app.edge.session import allow, me
from app.edge.session import today as this_day
from app.queries.tonight import GRAVE, tonight_page
from app.web.fields import DayField
from app.web.scheme import bp

FARTHEST = timedelta(days=5 * 366)


class DayForm(Form):
    """Which day is tried, asked for by GET: nothing changes."""

    on = DayField("Day to look at", required="Enter a day.")


@bp.get("/schemes/<code>/tonight")
@allow(Action.SEE_PIPELINE)
def tonight(code: str) -> ResponseReturnValue:
    """The changes of the day that is asked for, or of tomorrow's work."""
    form, usual = _form(), this_day() + timedelta(days=1)
    day = form.on.data if form.on.data and not form.errors else usual
    page = tonight_page(code, day, me())
    return render_template("scheme/tonight.html", page=page, form=form, grave=GRAVE), 422 if form.errors else 200


def _form() -> DayForm:
    """The day as three boxes, or as an address writes it (`?on=2027-03-31`)."""
    day = this_day() + timedelta(days=1)
    if "on" in request.args:
        try:
            day = date.fromisoformat(request.args["on"])
        except ValueError:
            day = this_day() + timedelta(days=1)
    asked = any(f"on-{part}" in request.args for part in ("day", "month", "year"))
    form = DayForm(request.args if asked else None, data={"on": day})
    if asked and form.validate() and not this_day() <= form.on.data <= this_day() + FARTHEST:
        form.on.errors = ["Enter a day from today on, at most five years ahead."]
    return form
