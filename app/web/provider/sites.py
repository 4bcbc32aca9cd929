"""Sites: places and services that answer for themselves where a framework says so."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now
from app.queries.organisations import open_frameworks
from app.queries.parts import SitesPage, sites_page
from app.services import sites as services
from app.web.provider import bp
from app.web.provider.helping_forms import SITE_KINDS, SiteForm
from app.web.refusals import show_on


@bp.get("/organisations/<int:organisation_id>/sites")
@allow(Action.SEE_ORGANISATION)
def sites(organisation_id: int) -> ResponseReturnValue:
    return _show(_page(organisation_id), SiteForm())


@bp.post("/organisations/<int:organisation_id>/sites")
@allow(Action.MANAGE_SITES)
def add_site(organisation_id: int) -> ResponseReturnValue:
    page, form = _page(organisation_id), SiteForm()
    try:
        services.add_site(organisation_id, form.facts(), actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return _show(page, form, 422)
    flash("The site is added. Answers that each site gives for itself are marked in your applications.")
    return redirect(url_for(".sites", organisation_id=organisation_id))


@bp.route("/organisations/<int:organisation_id>/sites/<int:site_id>", methods=["GET", "POST"])
@allow(Action.MANAGE_SITES)
def site(organisation_id: int, site_id: int) -> ResponseReturnValue:
    page = _page(organisation_id)
    row = page.site(site_id)
    form = SiteForm(data={"name": row.name, "kind": row.kind.value, "about": row.about, "version": row.version})
    if form.is_submitted():
        try:
            services.change_site(site_id, form.facts(), form.version.data or 0, actor=me(), now=now())
            flash("The site is saved.")
            return redirect(url_for(".sites", organisation_id=organisation_id))
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            flash(error.message, "warning")
            return redirect(url_for(".site", organisation_id=organisation_id, site_id=site_id))
    return render_template("provider/site.html", page=page, row=row, form=form), 422 if form.errors else 200


@bp.post("/organisations/<int:organisation_id>/sites/<int:site_id>/<any(close,open):verb>")
@allow(Action.MANAGE_SITES)
def close_site(organisation_id: int, site_id: int, verb: str) -> ResponseReturnValue:
    row = _page(organisation_id).site(site_id)
    try:
        services.close_site(site_id, verb == "close", actor=me(), now=now())
    except Invalid as error:
        flash(" ".join(error.errors.values()), "warning")
    else:
        closed = f"{row.name} is closed. It is no longer asked; what it answered is kept, and you can open it again."
        flash(closed if verb == "close" else f"{row.name} is open again, with what it answered before.")
    return redirect(url_for(".sites", organisation_id=organisation_id))


def _page(organisation_id: int) -> SitesPage:
    return sites_page(organisation_id, me(), open_frameworks())


def _show(page: SitesPage, form: SiteForm, status: int = 200) -> ResponseReturnValue:
    return render_template("provider/sites.html", page=page, form=form, kinds=SITE_KINDS), status
