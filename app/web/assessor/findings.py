"""An assessor writes findings down, words them otherwise, and takes them back, while the case is assessed."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.clauses import WHOLE
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.lifecycle import FindingMove
from app.edge.session import allow, me, now, today
from app.queries.finding_writing import RaisePage, raise_page
from app.services import findings
from app.services.finding_checks import Check, check_finding
from app.web.assessor import bp
from app.web.finding_forms import FindingForm
from app.web.refusals import show_on


@bp.route("/assessments/<int:assessment_id>/findings/new", methods=["GET", "POST"])
@allow(Action.RAISE_FINDING)
def raise_finding(assessment_id: int) -> ResponseReturnValue:
    """A new finding. `where` in the address names the criterion from which one came, and goes back to."""
    page = raise_page(assessment_id, me(), today())
    where = request.args.get("where", "")
    where = where if where in dict(page.places) else WHOLE
    form, status = FindingForm(data={"place": where}), 200
    form.offer(page.grades, page.places)
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                findings.raise_finding(assessment_id, form.given(), actor=me(), now=now(), today=today())
                flash("The finding is written down. The provider is told once the case is assessed.")
                return redirect(_back(page, where))
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            show_on(form, error)
            status = 409
    return render_template("assessor/raise_finding.html", page=page, form=form, back=_back(page, where)), status


def _back(page: RaisePage, where: str) -> str:
    """The score page of a criterion, else the case."""
    if where in {code for code, title in page.places if title.startswith(f"{code} ")}:
        return url_for(".score", assessment_id=page.assessment_id, code=where)
    return url_for(".case", assessment_id=page.assessment_id)


@bp.route("/assessments/<int:assessment_id>/findings/<int:finding_id>", methods=["GET", "POST"])
@allow(Action.RAISE_FINDING)
def change_finding(assessment_id: int, finding_id: int) -> ResponseReturnValue:
    """One's own finding, to word otherwise or to take back while nobody was told of it."""
    page = raise_page(assessment_id, me(), today(), finding_id)
    row = page.row
    if row is None or not page.editable:
        address = {"code": page.scheme, "application_id": page.application_id, "finding_id": finding_id}
        return redirect(url_for("scheme.check_finding", **address))
    said = {"place": row.where, "grade": row.grade, "title": row.title, "words": row.words, "due_on": row.due_on}
    form, status = FindingForm(data={**said, "version": row.version}), 200
    form.offer(page.grades, page.places)
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                _change(finding_id, form)
                return redirect(_back(page, form.place.data if request.form.get("then") != "take-back" else row.where))
        except Invalid as error:
            show_on(form, error)
        except (Conflict, IllegalMove) as error:
            show_on(form, error)
            form.version.raw_data, form.version.data = None, row.version
            status = 409
    return render_template("assessor/raise_finding.html", page=page, form=form, back=_back(page, row.where)), status


def _change(finding_id: int, form: FindingForm) -> None:
    version = form.version.data or 0
    if request.form.get("then") == "take-back":
        check = Check(FindingMove.TAKE_BACK, "Taken back by its assessor before anybody was told.")
        check_finding(finding_id, check, version=version, actor=me(), now=now(), today=today())
        flash("The finding is taken back. It stays on record.")
        return
    findings.change_finding(finding_id, form.given(), version=version, actor=me(), now=now(), today=today())
    flash("The finding is changed.")
