"""Putting right what a piece of evidence is called, what kind it is, and its dates."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.evidence import KIND_WORDS, ChangedMeanwhile, kinds_for
from app.edge.session import allow, me, now, today
from app.queries.evidence import ItemPage, item_page
from app.queries.organisations import own_organisation
from app.services.evidence_editing import edit_evidence as save
from app.web.fields import choices
from app.web.provider import bp
from app.web.provider.evidence_forms import EditForm
from app.web.refusals import show_on


@bp.route("/organisations/<int:organisation_id>/evidence/<int:item_id>/edit", methods=["GET", "POST"])
@allow(Action.ADD_EVIDENCE)
def edit_evidence(organisation_id: int, item_id: int) -> ResponseReturnValue:
    """With `kind` in the address, or the button that goes with it, the page shows what that kind asks for."""
    own_organisation(organisation_id, me(), Action.ADD_EVIDENCE)
    page, form = item_page(organisation_id, item_id, me()), EditForm()
    back = redirect(url_for(".evidence_item", organisation_id=organisation_id, item_id=item_id))
    if not form.is_submitted():
        return _show(page, EditForm.for_page(page, request.args.get("kind") or page.kind))
    if request.form.get("then") == "kind":  # another kind was chosen: show what it asks for, and keep what was typed
        return _show(page, form)
    try:
        if form.validate():
            number = save(item_id, form.edit(), actor=me(), now=now(), today=today())
            newer = number > page.newest.number
            kept = f" The version that was handed in stays as it was; this is version {number}."
            flash("Saved." + (kept if newer else ""))
            return back
    except Invalid as error:
        show_on(form, error)
    except ChangedMeanwhile as error:
        form.began_from.process_data(page.began_from)
        form.began_from.raw_data = None
        return _show(page, form, 409, message=error.message)
    return _show(page, form, 422)


def _show(page: ItemPage, form: EditForm, status: int = 200, message: str = "") -> ResponseReturnValue:
    newest = page.newest
    possible = kinds_for(
        page.kind, has_file=bool(newest.filename), has_url=bool(newest.url), has_text=bool(newest.text)
    )
    form.kind.choices = choices([(each.value, KIND_WORDS[each]) for each in possible])
    return render_template(
        "provider/edit_evidence.html", page=page, form=form, message=message, kinds=len(possible)
    ), status
