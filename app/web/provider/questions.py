"""An assessor's questions, and replying to them."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.domain.evidence import AlreadyInLibrary, Brought
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.provider_visits import visits_of
from app.queries.questions import ReplyPage, questions_page, reply_page
from app.services.questions import reply_to_question as reply
from app.web.fields import choices
from app.web.provider import bp
from app.web.provider.evidence import refuse
from app.web.provider.forms import ReplyForm
from app.web.refusals import show_on


@bp.get("/applications/<int:application_id>/questions")
@allow(Action.SEE_APPLICATION)
def questions(application_id: int) -> ResponseReturnValue:
    page = questions_page(application_id, me(), today())
    return render_template("provider/questions.html", page=page, visits=visits_of(application_id, me()))


@bp.route("/applications/<int:application_id>/questions/<int:question_id>", methods=["GET", "POST"])
@allow(Action.ANSWER_QUESTION)
def reply_to_question(application_id: int, question_id: int) -> ResponseReturnValue:
    page = reply_page(application_id, question_id, me(), today())
    form, status, twin = ReplyForm(), 200, None
    if not form.is_submitted():
        form.kind.data = Brought.DOCUMENT.value
    else:
        try:
            if form.validate():
                _send(page, form)
                flash(f"Your reply on {page.question.code} is sent.")
                return redirect(url_for(".questions", application_id=application_id))
            status = 422
        except (AlreadyInLibrary, StorageFull) as error:
            twin, status = refuse(form, error), 422
        except Invalid as error:
            show_on(form, error)
            status = 422
        except Conflict as error:
            show_on(form, error)
            status = 409
    form.item.choices = choices([("", "No evidence"), *((str(item_id), title) for item_id, title in page.library)])
    form.also.choices = choices([(str(other_id), code) for other_id, code in page.together])
    return render_template("provider/reply_to_question.html", page=page, form=form, twin=twin), status


def _send(page: ReplyPage, form: ReplyForm) -> None:
    reply(
        page.question.question_id,
        (form.reply.data or "").replace("\r\n", "\n"),
        storage=storage(),
        actor=me(),
        now=now(),
        today=today(),
        item_ids=form.item_ids(),
        new=None if form.empty else form.given(),
        also=form.also_ids(),
    )
