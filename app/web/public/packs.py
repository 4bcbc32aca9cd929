"""Packs behind a code, for whoever was given one: no account is needed."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.domain.pack import Did, in_groups, read_code
from app.edge.session import allow, me, now, today
from app.queries.pack_contents import PieceRow
from app.queries.shared_packs import ENDED, UNKNOWN, CodeEnded, Gate, SharedPack, UnknownCode, gate, shared_pack
from app.services import pack_shares
from app.services.pack_shares import Opener
from app.web.account.tools import network_address, tokens
from app.web.jinja import plural
from app.web.pack_files import PRIVATE, send_archive, send_paper, send_piece
from app.web.public import bp
from app.web.refusals import show_on

OPENED = "packs"
MOST_REMEMBERED = 8
LONGEST_TYPED = 80


class CodeForm(FlaskForm):
    """A code as somebody types it."""

    code = StringField("Code", description="20 letters and digits in five groups, such as K7MP-22XR-9FHT-QW4C-3NBD.")


class OpenerForm(FlaskForm):
    """Who opens the pack."""

    name = StringField("Your name")
    organisation = StringField("The organisation that you work for")

    def opener(self) -> Opener:
        return Opener(self.name.data or "", self.organisation.data or "")


@bp.route("/packs", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def enter_code() -> ResponseReturnValue:
    form = CodeForm()
    if not form.is_submitted():
        return _page("public/pack_code.html", form=form)
    typed = (form.code.data or "").strip()[:LONGEST_TYPED]
    if not typed:
        show_on(form, Invalid({"code": "Enter the code that you were given."}))
        return _page("public/pack_code.html", 422, form=form)
    try:
        _found(typed)
    except UnknownCode as error:
        show_on(form, Invalid({"code": error.message}))
        return _page("public/pack_code.html", 422, form=form)
    except CodeEnded:
        return _ended()
    return redirect(url_for(".open_pack", share_code=in_groups(read_code(typed) or "")))


@bp.route("/packs/<share_code>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def open_pack(share_code: str) -> ResponseReturnValue:
    """Who asks, once in each browser; then the pack as it stands."""
    try:
        found = _found(share_code)
        if request.method == "POST":
            return _open(share_code, found)
        if _opening(found) is None:
            return _page("public/pack_gate.html", gate=found, form=OpenerForm())
        _note_the_day(share_code, found)
        shared = shared_pack(share_code, today())
    except UnknownCode:
        return _unknown()
    except CodeEnded:
        return _ended()
    return _page("public/pack.html", shared=shared, contents=shared.contents, code=share_code, now=now())


def _open(share_code: str, found: Gate) -> ResponseReturnValue:
    form = OpenerForm()
    try:
        opening_id = pack_shares.open_pack(share_code, form.opener(), actor=me(), now=now(), today=today())
    except Invalid as error:
        show_on(form, error)
        return _page("public/pack_gate.html", 422, gate=found, form=form)
    _remember(found, opening_id)
    return redirect(url_for(".open_pack", share_code=share_code))


@bp.get("/packs/<share_code>/files/<int:version_id>")
@allow(Action.USE_PUBLIC_SITE)
def pack_file(share_code: str, version_id: int) -> ResponseReturnValue:
    def send(shared: SharedPack) -> Response:
        piece = next((each for each in shared.contents.files if each.version_id == version_id), None)
        if piece is None:
            raise NotFound("This file is no longer in the pack. Open the pack again to see what is.")
        _note(share_code, shared, Did.FILE, _words(piece))
        return send_piece(piece)

    return _fetch(share_code, send)


@bp.get("/packs/<share_code>/pack.pdf")
@allow(Action.USE_PUBLIC_SITE)
def pack_pdf(share_code: str) -> ResponseReturnValue:
    def send(shared: SharedPack) -> Response:
        _note(share_code, shared, Did.PDF)
        return send_paper(shared.contents)

    return _fetch(share_code, send)


@bp.get("/packs/<share_code>/pack.zip")
@allow(Action.USE_PUBLIC_SITE)
def pack_zip(share_code: str) -> ResponseReturnValue:
    def send(shared: SharedPack) -> Response:
        _note(share_code, shared, Did.ZIP, plural(len(shared.contents.files), "file"))
        return send_archive(shared.contents)

    return _fetch(share_code, send)


def _fetch(share_code: str, send: Any) -> ResponseReturnValue:
    """What `send` makes of the pack, for a browser that has opened it; else the page that asks who it is."""
    try:
        found = _found(share_code)
        if _opening(found) is None:
            flash("Open the pack first.", "warning")
            return redirect(url_for(".open_pack", share_code=share_code))
        response: Response = send(shared_pack(share_code, today()))
    except UnknownCode:
        return _unknown()
    except CodeEnded:
        return _ended()
    return response


def _note(share_code: str, shared: SharedPack, did: Did, what: str = "") -> None:
    """Write it into the log, which also refuses what the code does not open."""
    opening_id = _opening(shared.gate) or 0
    pack_shares.note_taken(share_code, did, what, opening_id, actor=me(), now=now(), today=today())


def _words(piece: PieceRow) -> str:
    return f"{piece.title}, version {piece.number}"


def _found(share_code: str) -> Gate:
    """The gate of a code. One that this browser opened before is no guess."""
    if read_code(share_code) and session.get(OPENED):
        try:
            known = gate(share_code, today())
            if str(known.share_id) in session[OPENED]:
                return known
        except UnknownCode:
            pass
    return pack_shares.find_gate(share_code, address=network_address(), tokens=tokens(), now=now(), today=today())


def _opening(found: Gate) -> int | None:
    """The line of the log by which this browser opened the pack; None where it has not. Names stay out of the cookie."""
    kept = session.get(OPENED, {}).get(str(found.share_id))
    return kept[0] if kept else None


def _remember(found: Gate, opening_id: int) -> None:
    kept = {key: value for key, value in session.get(OPENED, {}).items() if key != str(found.share_id)}
    latest = list(kept.items())[-(MOST_REMEMBERED - 1) :]
    session[OPENED] = {**dict(latest), str(found.share_id): [opening_id, today().isoformat()]}


def _note_the_day(share_code: str, found: Gate) -> None:
    """A pack that stays open in a browser over days is noted once a day."""
    opening_id, day = session[OPENED][str(found.share_id)]
    if day != today().isoformat():
        again = pack_shares.open_again(share_code, opening_id, actor=me(), now=now(), today=today())
        _remember(found, again)


def _unknown() -> ResponseReturnValue:
    form = CodeForm(formdata=None)
    show_on(form, Invalid({"code": UNKNOWN}))
    return _page("public/pack_code.html", 404, form=form)


def _ended() -> ResponseReturnValue:
    """The same for every code that is over, whyever; whose it was is not said."""
    return _page("public/pack_ended.html", 410, sentence=ENDED)


def _page(template: str, status: int = 200, **values: Any) -> ResponseReturnValue:
    response = make_response(render_template(template, **values), status)
    response.headers.update(PRIVATE)
    # Nothing of the address is told to another site. A form of ours needs it, so that it is not kept back from ourselves.
    response.headers["Referrer-Policy"] = "same-origin"
    return response
