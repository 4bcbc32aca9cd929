"""How ready an application is: the picture, what is missing, the way up, what changed; and all of it as a report to print."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from flask import Response, current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from app.certificates.readiness_report import PlannedAction, ReportFacts, readiness_report_pdf
from app.domain.access import Action
from app.domain.plan import STATE_WORDS
from app.edge.session import allow, me, today
from app.queries.readiness_page import ReadinessPage, readiness_page
from app.web.jinja import day
from app.web.provider import bp


@bp.get("/applications/<int:application_id>/readiness")
@allow(Action.SEE_APPLICATION)
def readiness(application_id: int) -> ResponseReturnValue:
    page = readiness_page(application_id, me(), today(), request.args.get("open", ""))
    return render_template("provider/readiness.html", page=page)


@bp.get("/applications/<int:application_id>/readiness.pdf")
@allow(Action.SEE_APPLICATION)
def readiness_report(application_id: int) -> Response:
    """The report for trustees, as of today."""
    page = readiness_page(application_id, me(), today())
    data = readiness_report_pdf(report_facts(page), Path(current_app.config["FONT_DIR"]))
    name = f"readiness-{page.framework_code}-{page.today.isoformat()}.pdf"
    return send_file(BytesIO(data), "application/pdf", as_attachment=True, download_name=name, max_age=0)


def report_facts(page: ReadinessPage) -> ReportFacts:
    """What the report of a page says."""
    return ReportFacts(
        provider=page.organisation,
        scheme=page.scheme,
        framework=page.framework,
        edition=page.edition,
        made_on=page.today,
        readiness=page.readiness,
        axes=page.axes,
        lift=page.lift,
        up=page.up,
        missing=_missing(page),
        changed=_changed(page),
        actions=tuple(
            PlannedAction(each.title, each.owner, each.due_on, STATE_WORDS[each.state], each.late)
            for each in page.planned
        ),
        more_actions=page.more_planned,
        colour=page.colour,
    )


def _missing(page: ReadinessPage) -> tuple[tuple[str, str], ...]:
    """What must be there before it can be handed in, in the order of the page."""
    profile = [("Profile", sentence) for sentence in page.profile_missing]
    criteria = [(f"{gap.code} {page.headings[gap.code]}", gap.sentence) for gap in page.blocking]
    return (*profile, *criteria, *(("The whole", sentence) for sentence in page.stopped))


def _changed(page: ReadinessPage) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = []
    for words, on, change in page.changes:
        parts = [
            f"{part.name}: {f'{part.before} then, ' if part.before else 'not asked then, '}{part.after} now"
            for part in change.parts
        ]
        found.append((words.format(on=day(on)), (*change.sentences, *parts)))
    return tuple(found)
