"""The evidence library: find, add, bring a new version, put away; and adding right beside a criterion."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import DomainError, Invalid, NotFound
from app.domain.evidence import KIND_WORDS, LONGEST_TITLE, AlreadyInLibrary, Brought
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.answers import AnswerPage, answer_page
from app.queries.evidence import ItemPage, item_page
from app.queries.library import Asked, Sort, State, library_page
from app.queries.organisations import own_organisation
from app.services import evidence
from app.services.evidence import Behind
from app.web.fields import choices
from app.web.intake import row_id
from app.web.provider import bp
from app.web.provider.answers import show as show_criterion
from app.web.provider.answers import shown_choices
from app.web.provider.evidence_forms import OTHERS, EvidenceForm
from app.web.provider.words import STATUS_WORDS
from app.web.refusals import show_on


@bp.get("/organisations/<int:organisation_id>/evidence")
@allow(Action.SEE_LIBRARY)
def library(organisation_id: int) -> ResponseReturnValue:
    """The listing; with a criterion of one's own in the address each row can be put behind that."""
    kind, state, sort = (request.args.get(name, "") for name in ("kind", "show", "sort"))
    asked = Asked(
        words=request.args.get("q", "").strip()[:100],
        kind=kind if kind in KIND_WORDS else "",
        state=State(state) if state in set(State) else None,
        sort=Sort(sort) if sort in set(Sort) else Sort.NEWEST,
        page=request.args.get("page", 1, type=int),
    )
    page = library_page(organisation_id, me(), today(), asked)
    limit, here = current_app.config["EVIDENCE_LIMIT"], _here(organisation_id)
    return render_template("provider/library.html", page=page, kinds=KIND_WORDS, limit=limit, here=here)


@bp.route("/organisations/<int:organisation_id>/evidence/new", methods=["GET", "POST"])
@allow(Action.ADD_EVIDENCE)
def add_evidence(organisation_id: int) -> ResponseReturnValue:
    """A piece of any kind; behind a criterion straight away where the address names one of one's own."""
    name = own_organisation(organisation_id, me(), Action.ADD_EVIDENCE).name
    here = _here(organisation_id)
    form, twin, status = EvidenceForm(), None, 200
    if not form.is_submitted():
        wanted = request.args.get("kind")
        form.kind.data = wanted if wanted in KIND_WORDS else Brought.DOCUMENT.value
        form.title.data = request.args.get("title", "")[:LONGEST_TITLE]
        form.shows.data = request.args.get("shows", "")
    else:
        status = 422
        try:
            if form.validate():
                return _added(organisation_id, form, here)
        except (Invalid, AlreadyInLibrary, StorageFull) as error:
            twin = refuse(form, error)
    form.shows.choices = choices(shown_choices(here)) if here else []
    return render_template(
        "provider/add_evidence.html",
        organisation_id=organisation_id,
        organisation=name,
        form=form,
        twin=twin,
        here=here,
        others=OTHERS,
    ), status


def _here(organisation_id: int) -> AnswerPage | None:
    """The criterion that the address names as `application` and `criterion`; None where it names none of one's own."""
    application_id, code = request.args.get("application", type=row_id), request.args.get("criterion", "")
    if application_id is None or not code:
        return None
    page = answer_page(application_id, code, me(), today())
    if page.organisation_id != organisation_id:
        raise NotFound("There is no such page, or it is not open to you.")
    return page


def _added(organisation_id: int, form: EvidenceForm, here: AnswerPage | None) -> ResponseReturnValue:
    behind = Behind(here.application_id, here.criterion.code, form.shows.data or "") if here else None
    item_id = evidence.add_evidence(
        organisation_id, form.given(), storage=storage(), actor=me(), now=now(), today=today(), behind=behind
    )
    if here is None:
        flash("The evidence is in your library.")
        return redirect(url_for(".evidence_item", organisation_id=organisation_id, item_id=item_id))
    flash("The evidence is attached, and in your library.")
    return redirect(
        url_for(".answer_criterion", application_id=here.application_id, code=here.criterion.code, _anchor="evidence")
    )


def refuse(form: EvidenceForm, error: DomainError) -> AlreadyInLibrary | None:
    """Put a refusal onto the form; a file's own refusal onto the file. Returns what is in the library already."""
    if isinstance(error, AlreadyInLibrary):
        kind = form.kind.data or ""
        field = {Brought.LINK.value: "url", Brought.STATEMENT.value: "text"}.get(
            kind, "file" if form.has_file else "title"
        )
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
    fresh = form or EvidenceForm.for_version(page)
    return render_template(
        "provider/evidence_item.html",
        page=page,
        adding=fresh,
        forms=[form] if form else [],
        twin=twin,
        status_words=STATUS_WORDS,
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
