"""Recording what the scheme itself knows about a provider."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, TextAreaField

from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.framework import Fact, FactKind
from app.edge.session import allow, me, now, today
from app.queries.scheme_facts import SchemeFactsPage, scheme_facts_page
from app.services import scheme_facts
from app.web.fields import CheckboxesField, CountField, PoundsField, choices
from app.web.refusals import show_on
from app.web.scheme import bp

NOT_KNOWN = ("", "Not known")


class FactsForm(FlaskForm):
    """Where the facts are from. `facts_form` adds the facts."""

    source = TextAreaField(
        "Where this is from",
        description="For example the regulator's notice, with its date. The provider will read it.",
    )


def facts_form(page: SchemeFactsPage) -> FactsForm:
    """The form for the framework's facts, filled with what is on record."""
    kind = type("FactsFormWithFacts", (FactsForm,), {f"fact_{fact.code}": _field(fact) for fact in page.facts})
    as_typed = {True: "yes", False: "no", None: ""}
    values = {
        code: value if value not in (True, False, None) else as_typed[value] for code, value in page.values.items()
    }
    form: FactsForm = kind(data={f"fact_{code}": value for code, value in values.items()})
    return form


def _field(fact: Fact) -> Field:
    title, hint = str(fact.title), str(fact.help)
    if fact.kind is FactKind.MONEY:
        return PoundsField(title, description=hint)
    if fact.kind is FactKind.COUNT:
        return CountField(title, description=hint)
    if fact.kind is FactKind.CODES:
        return CheckboxesField(title, description=hint, choices=choices((c, str(t)) for c, t in fact.choices))
    yes_no = [("yes", "Yes"), ("no", "No")]
    options = yes_no if fact.kind is FactKind.YES_NO else [(code, str(words)) for code, words in fact.choices]
    return RadioField(title, description=hint, choices=choices([*options, NOT_KNOWN]), validate_choice=False)


@bp.route("/schemes/<code>/cases/<int:application_id>/facts", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def record_facts(code: str, application_id: int) -> ResponseReturnValue:
    page = scheme_facts_page(code, application_id, me(), today())
    form = facts_form(page)
    if form.validate_on_submit():
        values = {fact.code: form[f"fact_{fact.code}"].data for fact in page.facts}
        try:
            scheme_facts.record_facts(application_id, values, form.source.data or "", actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
        else:
            flash("It is on record. The outcome follows it, and the provider is told.")
            return redirect(url_for(".case", code=code, application_id=application_id))
    kinds = {fact.code: fact.kind.value for fact in page.facts}
    answer = render_template("scheme/record_facts.html", page=page, head=page.head, form=form, kinds=kinds)
    return answer, 422 if form.errors else 200
