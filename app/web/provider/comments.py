"""Comments between colleagues, beside an answer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries.answers import answer_page
from app.queries.comments import own_comment
from app.services import comments
from app.web.provider import bp
from app.web.provider.answers import show
from app.web.provider.colleague_forms import CommentForm
from app.web.refusals import show_on


@bp.post("/applications/<int:application_id>/criteria/<code>/comments")
@allow(Action.COMMENT)
def add_comment(application_id: int, code: str) -> ResponseReturnValue:
    page, form = answer_page(application_id, code, me(), today()), CommentForm()
    try:
        comments.add_comment(application_id, code, form.words(), actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return show(page, comment_form=form, status=422)
    told = " Colleagues who worked on this are told." if len(page.colleagues) > 1 else ""
    flash(f"Your comment is there.{told}")
    return redirect(_comments_of(application_id, code))


@bp.route("/applications/<int:application_id>/comments/<int:comment_id>", methods=["GET", "POST"])
@allow(Action.COMMENT)
def comment(application_id: int, comment_id: int) -> ResponseReturnValue:
    page = own_comment(application_id, comment_id, me())
    form, status = CommentForm(data={"comment": page.text}), 200
    if form.is_submitted():
        try:
            comments.change_comment(comment_id, form.words(), actor=me(), now=now())
            flash("Your comment is changed.")
            return redirect(_comments_of(application_id, page.code))
        except Invalid as error:
            show_on(form, error)
            status = 422
    return render_template("provider/comment.html", page=page, form=form), status


@bp.post(
    "/applications/<int:application_id>/criteria/<code>/comments/<int:comment_id>/<any('take-back','put-back'):verb>"
)
@allow(Action.COMMENT)
def take_back_comment(application_id: int, code: str, comment_id: int, verb: str) -> ResponseReturnValue:
    answer_page(application_id, code, me(), today())  # whatever is sent, the address must name one's own
    if verb == "take-back":
        comments.take_back_comment(comment_id, actor=me(), now=now())
        flash("Your comment is taken back. Colleagues see only that there was one.")
    else:
        comments.put_back_comment(comment_id, actor=me(), now=now())
        flash("Your comment is there again.")
    return redirect(_comments_of(application_id, code))


def _comments_of(application_id: int, code: str) -> str:
    return url_for(".answer_criterion", application_id=application_id, code=code, _anchor="comments")
