"""Codes that open a pack: make one, see who used it, end it."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.packs import PackPage, ShareRow, log_page, own_pack, pack_page
from app.services import pack_shares
from app.web.provider import bp
from app.web.provider.pack_forms import ShareForm
from app.web.provider.packs import ONE
from app.web.refusals import show_on

TOLD_ONCE = "pack_code"


@bp.route(f"{ONE}/share", methods=["GET", "POST"])
@allow(Action.SHARE_PACK)
def share_pack(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    own_pack(organisation_id, pack_id, me(), Action.SHARE_PACK)
    page, form, status = pack_page(organisation_id, pack_id, me(), today()), ShareForm.from_today(today()), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                code = pack_shares.share_pack(
                    organisation_id, pack_id, form.recipient_given(), actor=me(), now=now(), today=today()
                )
                session[TOLD_ONCE] = {"pack": pack_id, "code": code, "recipient": (form.recipient.data or "").strip()}
                return redirect(url_for(".pack_shared", organisation_id=organisation_id, pack_id=pack_id))
        except Invalid as error:
            show_on(form, error)
    return render_template("provider/share_pack.html", page=page, form=form), status


@bp.get(f"{ONE}/shared")
@allow(Action.SHARE_PACK)
def pack_shared(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    """The new code, this once: it is kept nowhere, and looking again shows nothing."""
    page = pack_page(organisation_id, pack_id, me(), today())
    own_pack(organisation_id, pack_id, me(), Action.SHARE_PACK)
    told = session.pop(TOLD_ONCE, None)
    if not told or told["pack"] != pack_id:
        flash("A code is shown only once. If it is lost, make a new one and end the old one.", "warning")
        return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id, _anchor="codes"))
    link = current_app.config["BASE_URL"] + url_for("public.open_pack", share_code=told["code"])
    answer = current_app.make_response(
        render_template("provider/pack_shared.html", page=page, code=told["code"], link=link, told=told)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.route(f"{ONE}/shares/<int:share_id>/end", methods=["GET", "POST"])
@allow(Action.SHARE_PACK)
def end_share(organisation_id: int, pack_id: int, share_id: int) -> ResponseReturnValue:
    own_pack(organisation_id, pack_id, me(), Action.SHARE_PACK)
    page = pack_page(organisation_id, pack_id, me(), today())
    share = _share(page, share_id)
    if request.method == "POST":
        pack_shares.end_share(organisation_id, pack_id, share_id, actor=me(), now=now())
        flash("The code has ended. It opens nothing any more, also for those who have the pack open.")
        return redirect(url_for(".pack", organisation_id=organisation_id, pack_id=pack_id, _anchor="codes"))
    return render_template("provider/end_share.html", page=page, share=share)


def _share(page: PackPage, share_id: int) -> ShareRow:
    found = next((share for share in page.shares if share.share_id == share_id), None)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return found


@bp.get(f"{ONE}/log")
@allow(Action.MAKE_PACK)
def pack_log(organisation_id: int, pack_id: int) -> ResponseReturnValue:
    page = log_page(organisation_id, pack_id, me(), request.args.get("page", 1, type=int))
    return render_template("provider/pack_log.html", page=page)
