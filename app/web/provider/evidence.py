"""The evidence library: find, add, bring a new version, put away; and adding right beside a criterion."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import DomainError, Invalid
from app.domain.evidence import AlreadyInLibrary, Brought
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.answers import answer_page
from app.queries.evidence import ItemPage, item_page
from app.queries.library import library_page
from app.queries.organisations import own_organisation
from app.services import evidence
from app.services.evidence import Behind
from app.web.provider import bp
from app.web.provider.answers import show as show_criterion
from app.web.provider.forms import KINDS, EvidenceForm
from app.web.refusals import show_on


@bp.get("/organisations/<int:organisation_id>/evidence")
@allow(Action.SEE_LIBRARY)
def library(organisation_id: int) -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    page = library_page(
        organisation_id,
        me(),
        today(),
        words=request.args.get("q", "").strip()[:100],
        kind=kind if kind in KINDS else "",
        archived=request.args.get("show") == "archived",
        page=request.args.get("page", 1, type=int),
    )
    return render_template("provider/library.html", page=page, kinds=KINDS)


@bp.route("/organisations/<int:organisation_id>/evidence/new", methods=["GET", "POST"])
@allow(Action.ADD_EVIDENCE)
def add_evidence(organisation_id: int) -> ResponseReturnValue:
    name = own_organisation(organisation_id, me(), Action.ADD_EVIDENCE).name
    form, twin, status = EvidenceForm(), None, 200
    if not form.is_submitted():
        form.kind.data = request.args.get("kind") if request.args.get("kind") in KINDS else Brought.DOCUMENT.value
    else:
        status = 422
        try:
            if form.validate():
                item_id = evidence.add_evidence(
                    organisation_id, form.given(), storage=storage(), actor=me(), now=now(), today=today()
                )
                flash("The evidence is in your library.")
                return redirect(url_for(".evidence_item", organisation_id=organisation_id, item_id=item_id))
        except (Invalid, AlreadyInLibrary, StorageFull) as error:
            twin = refuse(form, error)
    return render_template(
        "provider/add_evidence.html", organisation_id=organisation_id, organisation=name, form=form, twin=twin
    ), status


def refuse(form: EvidenceForm, error: DomainError) -> AlreadyInLibrary | None:
    """Put a refusal onto the form; a file's own refusal onto the file. Returns what is in the library already."""
    if isinstance(error, AlreadyInLibrary):
        field = {Brought.LINK.value: "url", Brought.STATEMENT.value: "text"}.get(form.kind.data or "", "file")
        show_on(form, Invalid({field: error.message}))
        return error
    show_on(form, Invalid({"file": error.message}) if isinstance(error, StorageFull) else error)
    return None


@bp.get("/organisations/<int:organisation_id>/evidence/<int:item_id>")
@allow(Action.SEE_LIBRARY)
def evidence_item(organisation_id: int, item_id: int) -> ResponseReturnValue:
    return _item(item_page(organisation_id, item_id, me()))


@bp.post("/organisations/<int:organisation_id>/evidence/<int:item_id>/versions")
@allow(Action.ADD_EVIDENCE)
def add_version(organisation_id: int, item_id: int) -> ResponseReturnValue:
    page = item_page(organisation_id, item_id, me())
    form = EvidenceForm()
    form.kind.data = page.kind
    twin = None
    try:
        if form.validate():
            number = evidence.add_version(
                item_id, form.given(), storage=storage(), actor=me(), now=now(), today=today()
            )
            flash(f"Version {number} is in your library. The earlier ones are kept.")
            return redirect(url_for(".evidence_item", organisation_id=organisation_id, item_id=item_id))
    except (Invalid, AlreadyInLibrary, StorageFull) as error:
        twin = refuse(form, error)
    return _item(page, form, twin, 422)


def _item(
    page: ItemPage, form: EvidenceForm | None = None, twin: AlreadyInLibrary | None = None, status: int = 200
) -> ResponseReturnValue:
    fresh = form or EvidenceForm(formdata=None, data={"kind": page.kind, "title": page.title})
    return render_template(
        "provider/evidence_item.html", page=page, adding=fresh, forms=[form] if form else [], twin=twin, kinds=KINDS
    ), status


@bp.post("/organisations/<int:organisation_id>/evidence/<int:item_id>/<any(archive,unarchive):verb>")
@allow(Action.ADD_EVIDENCE)
def archive_evidence(organisation_id: int, item_id: int, verb: str) -> ResponseReturnValue:
    item_page(organisation_id, item_id, me())  # the piece must be in the library that the address names
    evidence.archive_evidence(item_id, verb == "archive", actor=me(), now=now())
    put_away = "It is archived: no longer offered, and kept wherever it is used."
    flash(put_away if verb == "archive" else "It is back in your library.")
    return redirect(url_for(".evidence_item", organisation_id=organisation_id, item_id=item_id))


@bp.post("/applications/<int:application_id>/criteria/<code>/evidence")
@allow(Action.ANSWER)
def add_evidence_here(application_id: int, code: str) -> ResponseReturnValue:
    page = answer_page(application_id, code, me(), today())
    form, twin = EvidenceForm(), None
    try:
        if form.validate():
            behind = Behind(application_id, code, form.shows.data or "")
            evidence.add_evidence(
                page.organisation_id,
                form.given(),
                storage=storage(),
                actor=me(),
                now=now(),
                today=today(),
                behind=behind,
            )
            flash("The evidence is attached, and in your library.")
            return redirect(url_for(".answer_criterion", application_id=application_id, code=code, _anchor="evidence"))
    except (Invalid, AlreadyInLibrary, StorageFull) as error:
        twin = refuse(form, error)
    return show_criterion(page, evidence_form=form, twin=twin, status=422)
