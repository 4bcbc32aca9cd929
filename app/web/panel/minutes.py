"""The minutes: to be read and corrected before the chair signs them, and on paper."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.certificates.minutes import meeting_minutes_pdf, minutes_pdf
from app.domain.access import Action
from app.domain.errors import Conflict, Incomplete
from app.domain.uk_time import UK, spoken
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.minutes import meeting_minutes, minutes_page
from app.services.minutes import sign_minutes
from app.web.panel import bp

NO_ROOM = "There is no room to store the minutes just now, so they are not signed. Tell whoever runs this service."


@bp.get("/panels/<int:panel_id>/minutes")
@allow(Action.SEE_PANEL_CASE)
def minutes(panel_id: int) -> ResponseReturnValue:
    page = minutes_page(panel_id, me(), today())
    return render_template("panel/minutes.html", page=page, case=page.case, problem="")


@bp.get("/panels/<int:panel_id>/minutes.pdf")
@allow(Action.SEE_PANEL_CASE)
def draft_minutes(panel_id: int) -> ResponseReturnValue:
    """The signed ones where they are, else a draft of them."""
    page = minutes_page(panel_id, me(), today())
    if page.signed:
        return redirect(url_for(".signed_minutes", decision_id=page.decision_id))
    return _pdf(minutes_pdf(page.facts, Path(current_app.config["FONT_DIR"])), f"minutes-draft-{panel_id}.pdf")


@bp.post("/panels/<int:panel_id>/minutes/sign")
@allow(Action.DECIDE)
def sign(panel_id: int) -> ResponseReturnValue:
    if request.form.get("read") != "yes":
        return _again(panel_id, "Tick that you have read the minutes.", 422)
    fonts = Path(current_app.config["FONT_DIR"])
    try:
        sign_minutes(panel_id, fonts, storage=storage(), actor=me(), now=now(), today=today())
    except (Incomplete, Conflict) as error:
        return _again(panel_id, error.message, 409)
    except StorageFull:
        return _again(panel_id, NO_ROOM, 507)
    flash("The minutes are signed. They do not change any more.")
    return redirect(url_for(".minutes", panel_id=panel_id))


def _again(panel_id: int, problem: str, status: int) -> ResponseReturnValue:
    page = minutes_page(panel_id, me(), today())
    return render_template("panel/minutes.html", page=page, case=page.case, problem=problem), status


@bp.get("/panels/meetings/<int:meeting_id>/minutes.pdf")
@allow(Action.SEE_EVIDENCE)
def minutes_of_meeting(meeting_id: int) -> ResponseReturnValue:
    """The minutes of those cases of a meeting that are open to the reader."""
    meeting, cases = meeting_minutes(meeting_id, me(), today())
    starts = meeting.starts_at.astimezone(UK)
    lead = [("When", f"{spoken(starts.date())} at {starts:%H:%M}")]
    lead += [
        ("Where", meeting.place or meeting.link),
        ("Called", "\n".join(each.user.name for each in meeting.members)),
    ]
    title = f"Minutes of the panel of {spoken(starts.date())}"
    pdf = meeting_minutes_pdf(title, lead, cases, Path(current_app.config["FONT_DIR"]))
    return _pdf(pdf, f"minutes-of-meeting-{meeting_id}.pdf")


def _pdf(data: bytes, name: str) -> ResponseReturnValue:
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "private, no-store"
    return response
