"""The template of a scheme's reports: change it, look at it on a case, bring an earlier version back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError
from app.domain.report import PART_SAYS
from app.domain.report_template import NAMES, Problem, read_template
from app.edge.session import allow, me, now, today
from app.queries.report_templates import Preview, TemplatePage, preview, template_page, template_source
from app.services import report_templates
from app.services.report_templates import TemplateChanged
from app.web.fields import choices
from app.web.provider.forms import row_id
from app.web.refusals import show_on
from app.web.scheme import bp


class TemplateForm(FlaskForm):
    """The template's text. `version` is that of the template which the page showed."""

    source = TextAreaField("Template")
    note = StringField("What you changed", description="For your colleagues, such as: a section on volunteers.")
    case = SelectField("Look at it on", validate_choice=False)
    version = IntegerField(widget=HiddenInput(), validators=[Optional()])

    @property
    def text(self) -> str:
        return (self.source.data or "").replace("\r\n", "\n")


class RestoreForm(FlaskForm):
    """The version that was in use when the page was made."""

    version = IntegerField(widget=HiddenInput(), validators=[Optional()])


@bp.get("/schemes/<code>/report-template")
@allow(Action.FRAMEWORKS_SEE)
def report_template(code: str) -> ResponseReturnValue:
    page = template_page(code, me())
    return _show(page, TemplateForm(formdata=None, data={"source": page.source, "version": page.version}))


@bp.post("/schemes/<code>/report-template")
@allow(Action.FRAMEWORK_EDIT)
def save_report_template(code: str) -> ResponseReturnValue:
    """Save the text, or only look at it on a case. Whatever is refused, the text stays in the form."""
    page, form = template_page(code, me(), Action.FRAMEWORK_EDIT), TemplateForm()
    case = row_id(form.case.data)
    if request.form.get("then") == "preview":
        return _show(page, form, seen=preview(code, case, form.text, me(), today()) if case else None)
    try:
        version = report_templates.save_template(
            page.scheme.scheme_id, form.text, form.note.data or "", form.version.data or 0, actor=me(), now=now()
        )
    except TemplateChanged as error:
        form.version.raw_data, form.version.data = None, page.version
        show_on(form, error)
        return _show(page, form, theirs=page.source), 409
    except DomainError as error:
        show_on(form, error)
        return _show(page, form), 422
    flash(f"Version {version} of the template is in use. Reports that are begun already stay with theirs.")
    return redirect(url_for(".report_template", code=code))


def _show(page: TemplatePage, form: TemplateForm, *, seen: Preview | None = None, theirs: str = "") -> str:
    form.case.choices = choices([(str(case_id), words) for case_id, words in page.cases])
    mistakes: tuple[Problem, ...] = read_template(form.text).problems if form.is_submitted() else ()
    return render_template(
        "scheme/report_template.html",
        page=page,
        form=form,
        seen=seen,
        theirs=theirs,
        mistakes=mistakes,
        names=NAMES,
        parts=PART_SAYS,
    )


@bp.get("/schemes/<code>/report-template/versions/<int:version>")
@allow(Action.FRAMEWORKS_SEE)
def report_template_version(code: str, version: int) -> ResponseReturnValue:
    """An earlier version's text. 0 is the one that comes with the product."""
    page, source = template_source(code, version, me())
    form = RestoreForm(data={"version": page.version})
    return render_template("scheme/report_template_version.html", page=page, version=version, source=source, form=form)


@bp.post("/schemes/<code>/report-template/versions/<int:version>")
@allow(Action.FRAMEWORK_EDIT)
def restore_report_template(code: str, version: int) -> ResponseReturnValue:
    page, form = template_page(code, me(), Action.FRAMEWORK_EDIT), RestoreForm()
    try:
        made = report_templates.restore_template(
            page.scheme.scheme_id, version, form.version.data or 0, actor=me(), now=now()
        )
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for(".report_template_version", code=code, version=version))
    flash(f"It is in use again, as version {made}.")
    return redirect(url_for(".report_template", code=code))
