"""The pipeline: every case of a scheme, what is late first."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries.pipeline import Filters
from app.queries.pipeline import pipeline as pipeline_page
from app.queries.schemes import office_schemes
from app.services.saved_filters import as_query, drop_filter, keep_filter
from app.web.intake import row_id
from app.web.refusals import show_on
from app.web.scheme import bp

LISTED = {"scheme.keep_view": "scheme.pipeline"}
"""Where the list is shown again with what was wrong: its links lead to the list."""


@bp.get("/schemes")
@bp.get("/schemes/<code>/pipeline")
@allow(Action.SEE_PIPELINE)
def pipeline(code: str | None = None) -> ResponseReturnValue:
    """Cases in order of urgency. Without a code: the one scheme of one's office, or a choice where there are several."""
    if code is None:
        schemes = office_schemes(me())
        if len(schemes) == 1:
            return redirect(url_for(".pipeline", code=schemes[0].code))
        return render_template("scheme/schemes.html", schemes=schemes)
    return _listed(code, _filters(request.args), KeepForm(formdata=None))


class KeepForm(FlaskForm):
    """The name under which a view is kept."""

    name = StringField("Name of this view")


def _listed(code: str, filters: Filters, keep: KeepForm) -> str:
    page = pipeline_page(code, filters, page_number(), actor=me(), today=today())
    return render_template(
        "scheme/pipeline.html",
        page=page,
        filters=filters,
        address=same_page_at,
        keep=keep,
        form=keep,
        here=as_query(filters),
    )


def _filters(given: MultiDict[str, str]) -> Filters:
    return Filters(
        state=given.get("state", "open")[:20],
        assessor=given.get("assessor", type=row_id),
        words=given.get("q", "").strip()[:100],
        late=given.get("late") == "yes",
    )


@bp.post("/schemes/<code>/views")
@allow(Action.SEE_PIPELINE)
def keep_view(code: str) -> ResponseReturnValue:
    """Keep what the list is narrowed to, for oneself. Its address can be passed on as it is."""
    form, filters = KeepForm(), _filters(request.form)
    if form.validate():
        try:
            keep_filter(code, form.name.data or "", filters, actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
        else:
            flash(f"This view is kept as {' '.join((form.name.data or '').split())}.")
            return redirect(f"{url_for('.pipeline', code=code)}?{as_query(filters)}")
    return _listed(code, filters, form), 422


@bp.post("/schemes/<code>/views/<int:filter_id>/drop")
@allow(Action.SEE_PIPELINE)
def drop_view(code: str, filter_id: int) -> ResponseReturnValue:
    drop_filter(code, filter_id, actor=me(), now=now())
    flash("The view was taken away.")
    return redirect(url_for(".pipeline", code=code))


def page_number() -> int:
    """The page asked for, from 1; 1 where the address says nothing sensible."""
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), 100_000)


def same_page_at(number: int | None = None, **changes: str | int | None) -> str:
    """This page's address with another page number, or with other filters and back on page 1."""
    given: dict[str, str | int | None] = {**request.args.to_dict(), "page": number, **changes}
    kept = {key: value for key, value in given.items() if value not in (None, "")}
    return url_for(LISTED.get(str(request.endpoint), str(request.endpoint)), **{**(request.view_args or {}), **kept})
