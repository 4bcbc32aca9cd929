"""One part of an answer: what one site, or one member of a consortium, says on a criterion."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action, Actor
from app.domain.errors import Invalid, NotFound
from app.domain.parts import MEMBER
from app.domain.self_assessment import Claim
from app.edge.session import allow, me, now, today
from app.queries import answers as queries
from app.queries.parts import PartRow, PartsPage, own_library, parts_page
from app.services import lending, parts
from app.services.answers import ChangedMeanwhile
from app.services.evidence import Behind
from app.web.jinja import clock_time
from app.web.provider import bp
from app.web.provider.forms import NOT_APPLICABLE, AnswerForm, point_labels, row_id
from app.web.refusals import show_on

NOT_THERE = "There is no such page, or it is not open to you."
PART = "/applications/<int:application_id>/criteria/<code>/<any(site,member):kind>/<int:giver_id>"


@bp.route(PART, methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def answer_part(application_id: int, code: str, kind: str, giver_id: int) -> ResponseReturnValue:
    page, of, row = _found(application_id, code, kind, giver_id)
    form = part_form(page, row)
    if not form.is_submitted():
        return _show(page, of, row, form)
    try:
        parts.record_part(
            application_id, code, kind, giver_id, form.claim(), form.version.data or 0, actor=me(), now=now()
        )
    except Invalid as error:
        show_on(form, error)
        return _show(page, of, row, form, 422)
    except ChangedMeanwhile as error:
        return _show_both(page, form, kind, giver_id, error)
    return redirect(_onward(of, row))


def part_form(page: queries.AnswerPage, row: PartRow) -> AnswerForm:
    """The form of one part, filled as it stands."""
    claim = row.claim
    point = NOT_APPLICABLE if claim.not_applicable else (None if claim.point is None else str(claim.point))
    form = AnswerForm(data={"point": point, "reason": claim.reason, "version": row.version})
    form.point.choices = AnswerForm.for_page(page).point.choices
    return form


def _found(application_id: int, code: str, kind: str, giver_id: int) -> tuple[queries.AnswerPage, PartsPage, PartRow]:
    page = queries.answer_page(application_id, code, me(), today())
    of = parts_page(application_id, page.criterion, me())
    if of is None:
        raise NotFound(NOT_THERE)
    return page, of, of.row(kind, giver_id)


def _show(
    page: queries.AnswerPage, of: PartsPage, row: PartRow, form: AnswerForm, status: int = 200, **more: object
) -> ResponseReturnValue:
    return render_template(
        "provider/answer_part.html",
        page=page,
        of=of,
        row=row,
        answer=form,
        forms=[form],
        library=own_library(row.giver.giver_id) if _lends(row, me()) and of.editable else (),
        **more,
    ), status


def _lends(row: PartRow, actor: Actor) -> bool:
    """Whether the reader works for the member whose part it is, and so may bring from its library."""
    return row.giver.kind == MEMBER and row.giver.giver_id in actor.organisations


def _show_both(
    page: queries.AnswerPage, form: AnswerForm, kind: str, giver_id: int, error: ChangedMeanwhile
) -> ResponseReturnValue:
    """The part as a colleague left it beside one's own words, which stay in the form. Saving again keeps one's own."""
    _, of, row = _found(page.application_id, page.criterion.code, kind, giver_id)
    form.version.process_data(row.version)
    form.version.raw_data = None
    theirs = in_words(page, row.claim)
    return _show(page, of, row, form, 409, theirs=theirs, message=error.message)


def in_words(page: queries.AnswerPage, claim: Claim) -> dict[str, str]:
    """A claim for reading beside another."""
    point = NOT_APPLICABLE if claim.not_applicable else str(claim.point)
    return {"Level": point_labels(page).get(point, "None chosen"), "Reason": claim.reason}


def _onward(of: PartsPage, row: PartRow) -> str:
    following = of.next_after(row)
    if request.form.get("then") == "stay":
        following = row
    if following is None:
        return url_for(".answer_criterion", application_id=of.application_id, code=of.code)
    giver = following.giver
    return url_for(
        ".answer_part", application_id=of.application_id, code=of.code, kind=giver.kind, giver_id=giver.giver_id
    )


@bp.post(f"{PART}/autosave")
@allow(Action.SEE_APPLICATION)
def autosave_part(application_id: int, code: str, kind: str, giver_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    try:
        saved = parts.record_part(
            application_id, code, kind, giver_id, form.claim(), form.version.data or 0, actor=me(), now=now()
        )
    except Invalid as error:
        return {"errors": error.errors}, 422
    except ChangedMeanwhile as error:
        page, _, row = _found(application_id, code, kind, giver_id)
        return {
            "message": error.message,
            "theirs": in_words(page, row.claim),
            "by": row.by,
            "at": clock_time(row.updated_at),
            "version": row.version,
        }, 409
    return {"saved_at": clock_time(saved.saved_at), "version": saved.version}


@bp.post("/applications/<int:application_id>/criteria/<code>/member/<int:giver_id>/lend")
@allow(Action.SEE_APPLICATION)
def lend_evidence(application_id: int, code: str, giver_id: int) -> ResponseReturnValue:
    _found(application_id, code, MEMBER, giver_id)
    here = url_for(".answer_part", application_id=application_id, code=code, kind=MEMBER, giver_id=giver_id)
    item_id = row_id(request.form.get("item"))
    if item_id is None:
        flash("Choose a piece of evidence from the list first.", "warning")
        return redirect(here)
    lending.lend_evidence(item_id, giver_id, Behind(application_id, code), actor=me(), now=now())
    flash("A copy is attached for the consortium. Yours stays as it is.")
    return redirect(here)
