"""Pre-qualification packs: make one, put in what is asked for, look at it as its readers will."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action, Subject, may
from app.domain.errors import DomainError, Invalid
from app.domain.pack import Group
from app.edge.session import allow, me, now, today
from app.queries.pack_contents import contents_of
from app.queries.pack_slots import proposals_page, slot_page
from app.queries.packs import own_pack, pack_page, packs_page
from app.services import pack_pieces, packs
from app.services.packs import PackChanged
from app.web.jinja import plural
from app.web.pack_files import send_archive, send_paper
from app.web.provider import bp
from app.web.provider.pack_forms import DescribeForm, NameForm, NoteForm, PieceForm, results_sent
from app.web.refusals import show_on

ALL = "/organisations/<int:organisation_id>/packs"
ONE = f"{ALL}/<int:pack_id>"
SLOT = f"{ONE}/slots/<slot>"


@bp.route(ALL, methods=["GET", "POST"], endpoint="packs")
@allow(Action.MAKE_PACK)
def all_packs(organisation_id: int) -> ResponseReturnValue:
    page, form, status = packs_page(organisation_id, me(), today()), NameForm(), 200
    if form.is_submitted():
        try:
            pack_id = packs.make_pack(organisation_id, form.name.data or "", actor=me(), now=now())
            flash("The pack is made. Now put in what is asked for.")
            return redirect(url_for(_first_page(organisation_id), organisation_id=organisation_id, pack_id=pack_id))
        except Invalid as error:
            show_on(form, error)
            status = 422
    return render_template("provider/packs.html", page=page, form=form), status


def _first_page(organisation_id: int) -> str:
    """On to what the library holds, for those who may see it."""
    sees = may(me(), Action.SEE_LIBRARY, Subject(organisation_id=organisation_id))
    return ".pack_from_library" if sees else ".pack"


@bp.route(f"{ONE}/from-library", methods=["GET", "POST"])
@allow(Action.MAKE_PACK)
def pack_from_library(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    """What the library holds for the empty places of a pack; posted, what was ticked is put in."""
    page = proposals_page(organisation_id, pack_id, me(), today())
    if request.method == "POST":
        offered = {row.value: (row.slot.code, row.item_id) for row in page.rows}
        chosen = [offered[value] for value in request.form.getlist("put") if value in offered]
        count = pack_pieces.add_pieces(organisation_id, pack_id, chosen, actor=me(), now=now())
        flash(f"{plural(count, 'document is', 'documents are')} in the pack now." if count else "Nothing was put in.")
        return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id))
    return render_template("provider/pack_from_library.html", page=page)


@bp.get(ONE)
@allow(Action.MAKE_PACK)
def pack(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    return render_template("provider/pack.html", page=pack_page(organisation_id, pack_id, me(), today()))


@bp.route(f"{ONE}/description", methods=["GET", "POST"])
@allow(Action.MAKE_PACK)
def pack_description(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    page = pack_page(organisation_id, pack_id, me(), today())
    form, status, theirs = DescribeForm.of(page), 200, None
    if form.is_submitted():
        try:
            said = form.description()
            packs.describe_pack(organisation_id, pack_id, said, form.version.data or 0, actor=me(), now=now())
            flash("The description is saved.")
            return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id))
        except PackChanged as error:
            theirs, status = pack_page(organisation_id, pack_id, me(), today()), 409
            form.version.process_data(theirs.version)
            form.version.raw_data = None
            show_on(form, error)
        except Invalid as error:
            show_on(form, error)
            status = 422
    return render_template("provider/pack_description.html", page=page, form=form, theirs=theirs), status


@bp.route(f"{ONE}/results", methods=["GET", "POST"])
@allow(Action.MAKE_PACK)
def pack_results(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    page = pack_page(organisation_id, pack_id, me(), today())
    if request.method == "POST":
        chosen = results_sent(request.form, page.offers)
        pack_pieces.choose_results(organisation_id, pack_id, chosen, actor=me(), now=now())
        flash("Your choice is saved.")
        return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id))
    return render_template("provider/pack_results.html", page=page)


@bp.route(SLOT, methods=["GET", "POST"])
@allow(Action.MAKE_PACK)
def pack_slot(organisation_id: int, pack_id: int, slot: str) -> ResponseReturnValue:
    """What is in a slot, and what the library holds for it; posted, why nothing is in it."""
    form = NoteForm()
    if form.is_submitted():
        try:
            note = form.note.data or ""
            pack_pieces.explain_slot(organisation_id, pack_id, slot, note, actor=me(), now=now())
            flash("Saved.")
            return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id))
        except Invalid as error:
            show_on(form, error)
            return _slot(organisation_id, pack_id, slot, form, 422)
    return _slot(organisation_id, pack_id, slot, None)


def _slot(
    organisation_id: int, pack_id: int, slot: str, note: NoteForm | None, status: int = 200, **more: object
) -> ResponseReturnValue:
    page = slot_page(organisation_id, pack_id, slot, me(), today(), request.args.get("q"))
    shown = note or NoteForm(formdata=None, data={"note": page.note})
    pieces = {
        piece.piece_id: PieceForm(
            formdata=None, prefix=f"piece{piece.piece_id}-", data={"cover": piece.cover, "label": piece.label}
        )
        for piece in page.row.pieces
    }
    edited = more.pop("edited", None)
    if isinstance(edited, tuple):
        pieces[edited[0]] = edited[1]
    return render_template(
        "provider/pack_slot.html",
        page=page,
        note=shown,
        pieces=pieces,
        forms=[shown, *pieces.values()],
        insured=page.slot.group is Group.INSURANCES,
    ), status


@bp.post(f"{SLOT}/add")
@allow(Action.MAKE_PACK)
def add_to_pack(organisation_id: int, pack_id: int, slot: str) -> ResponseReturnValue:
    here = url_for(".pack_slot", organisation_id=organisation_id, pack_id=pack_id, slot=slot)
    try:
        item_id = request.form.get("item", 0, type=int)
        pack_pieces.add_piece(organisation_id, pack_id, slot, item_id, actor=me(), now=now())
        flash("It is in the pack.")
    except Invalid as error:
        flash(error.message, "error")
    return redirect(here)


@bp.post(f"{ONE}/pieces/<int:piece_id>")
@allow(Action.MAKE_PACK)
def change_in_pack(organisation_id: int, pack_id: int, piece_id: int) -> ResponseReturnValue:
    slot = _slot_holding(organisation_id, pack_id, piece_id)
    form = PieceForm(prefix=f"piece{piece_id}-")
    values = {"cover": form.cover.data, "label": form.label.data or ""}
    try:
        if form.validate():
            pack_pieces.change_piece(organisation_id, pack_id, piece_id, **values, actor=me(), now=now())
            flash("Saved.")
            return redirect(url_for(".pack_slot", organisation_id=organisation_id, pack_id=pack_id, slot=slot))
    except Invalid as error:
        show_on(form, error)
    return _slot(organisation_id, pack_id, slot, None, 422, edited=(piece_id, form))


def _slot_holding(organisation_id: int, pack_id: int, piece_id: int) -> str:
    """The slot in which a piece is. Raises NotFound."""
    found = contents_of(own_pack(organisation_id, pack_id, me()), today()).pieces
    slot = next((piece.slot for piece in found if piece.piece_id == piece_id), None)
    if slot is None:
        raise packs.gone()
    return slot


@bp.post(f"{ONE}/pieces/<int:piece_id>/remove")
@allow(Action.MAKE_PACK)
def remove_from_pack(organisation_id: int, pack_id: int, piece_id: int) -> ResponseReturnValue:
    slot = pack_pieces.remove_piece(organisation_id, pack_id, piece_id, actor=me(), now=now())
    flash("It is out of the pack. It stays in your library.")
    return redirect(url_for(".pack_slot", organisation_id=organisation_id, pack_id=pack_id, slot=slot))


@bp.route(f"{ONE}/copy", methods=["GET", "POST"])
@allow(Action.MAKE_PACK)
def copy_pack(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    page, status = pack_page(organisation_id, pack_id, me(), today()), 200
    form = NameForm(data={"name": f"{page.name} (copy)"[:120]})
    if form.is_submitted():
        try:
            copy_id = packs.copy_pack(organisation_id, pack_id, form.name.data or "", actor=me(), now=now())
            flash("The copy is made. It has no codes yet.")
            return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=copy_id))
        except Invalid as error:
            show_on(form, error)
            status = 422
    return render_template("provider/copy_pack.html", page=page, form=form), status


@bp.route(f"{ONE}/delete", methods=["GET", "POST"])
@allow(Action.MAKE_PACK)
def delete_pack(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    page = pack_page(organisation_id, pack_id, me(), today())
    if request.method == "POST":
        packs.delete_pack(organisation_id, pack_id, actor=me(), now=now(), today=today())
        flash("The pack is deleted, and its codes open nothing any more.")
        return redirect(url_for(".packs", organisation_id=organisation_id))
    return render_template("provider/delete_pack.html", page=page)


@bp.get(f"{ONE}/preview")
@allow(Action.MAKE_PACK)
def preview_pack(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    contents = contents_of(own_pack(organisation_id, pack_id, me()), today())
    return render_template("provider/preview_pack.html", contents=contents, now=now())


@bp.get(f"{ONE}/pack.pdf")
@allow(Action.MAKE_PACK)
def own_pack_pdf(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    return send_paper(contents_of(own_pack(organisation_id, pack_id, me()), today()))


@bp.get(f"{ONE}/pack.zip")
@allow(Action.MAKE_PACK)
def own_pack_zip(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    pack = own_pack(organisation_id, pack_id, me())
    try:
        return send_archive(contents_of(pack, today()))
    except DomainError as error:
        flash(error.message, "error")
        return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id))
