"""Many criteria on one page, each with a form that saves itself."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, today
from app.queries.answering_many import ManyRow, many_page
from app.web.provider import bp
from app.web.provider.forms import AnswerForm, row_id


@bp.get("/applications/<int:application_id>/answer")
@allow(Action.ANSWER)
def answer_many(application_id: int) -> ResponseReturnValue:
    page = many_page(application_id, row_id(request.args.get("page")) or 1, me(), today())
    return render_template("provider/answer_many.html", page=page, forms_of=[(row, _form(row)) for row in page.rows])


def _form(row: ManyRow) -> AnswerForm:
    """The form of one criterion among many: its fields are called the same, and have ids of their own."""
    form = AnswerForm.of_claim(row, row.written.claim, row.written)
    for name in ("point", "reason", "version", "was_point", "was_reason"):
        form[name].id = f"{name}-{row.criterion.code}"
    return form
