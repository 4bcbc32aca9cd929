"""Locking a list as of a day, the page of what was locked, its files, and the check of a file that somebody holds."""

from __future__ import annotations

from datetime import datetime

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.certificates.pack import Kind, PackFacts, Section
from app.certificates.pack import Line as Paragraph
from app.domain.access import Action
from app.domain.errors import Invalid
from app.domain.locked_lists import LARGEST_CHECKED
from app.edge.session import allow, me, now, today
from app.queries.locked_content import Said
from app.queries.locked_lists import Locked, check_file, locked_list
from app.queries.provider_table import Row
from app.queries.shortlists import ListPage, list_page
from app.services import locking as services
from app.web.commissioner import bp
from app.web.commissioner.files import csv_stream, workbook
from app.web.commissioner.forms import LockForm
from app.web.commissioner.paper import send_paper
from app.web.commissioner.sharing import PRIVATE
from app.web.errors import status_of
from app.web.jinja import day, moment, plural
from app.web.refusals import show_on


@bp.route("/shortlists/<int:list_id>/lock", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def lock_list(list_id: int) -> ResponseReturnValue:
    page = list_page(list_id, me(), today())
    form, status = LockForm(data=_begun(page)), 200
    if form.is_submitted():
        try:
            return redirect(url_for(".snapshot", token=_lock(list_id, form)))
        except Invalid as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("commissioner/lock_list.html", page=page, form=form), status


def _begun(page: ListPage) -> dict[str, object]:
    return {
        "on_behalf": page.team or me().name,
        "criteria": page.criteria,
        "with_notes": True,
        "as_of": today(),
    }


def _lock(list_id: int, form: LockForm) -> str:
    """Raises Invalid."""
    if not form.validate():
        raise Invalid({})
    said = Said(
        form.on_behalf.data or "", form.reasons.data or "", form.criteria.data or "", bool(form.with_notes.data)
    )
    site = str(current_app.config["BASE_URL"])
    token = services.lock_list(list_id, said, form.as_of.data, site=site, actor=me(), now=now(), today=today())
    flash("The list is locked. Keep the JSON file with your papers: it is what can be checked.")
    return token


@bp.get("/snapshots/<token>")
@allow(Action.USE_PUBLIC_SITE)
def snapshot(token: str) -> ResponseReturnValue:
    return _private(make_response(render_template("commissioner/snapshot.html", locked=locked_list(token), on=_on)))


@bp.get("/snapshots/<token>/list.<any(json,pdf,xlsx,csv):ending>")
@allow(Action.USE_PUBLIC_SITE)
def snapshot_file(token: str, ending: str) -> ResponseReturnValue:
    locked = locked_list(token)
    name = f"locked-list-as-of-{locked.as_of.isoformat()}"
    if ending == "json":
        answer = Response(locked.text, mimetype="application/json")
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return _private(answer)
    if ending == "pdf":
        return _private(send_paper(name, _paper(locked)))
    heads, rows = _table(locked)
    if ending == "xlsx":
        return _private(workbook(name, heads, rows))
    return _private(csv_stream(name, [words for words, _ in heads], rows))


@bp.route("/snapshots/check", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def check_snapshot() -> ResponseReturnValue:
    """Whether a file, or the text or the fingerprint of one, is a list that was locked here, unchanged."""
    if request.method == "GET":
        return render_template("commissioner/check_snapshot.html", checked=None, problem="", typed="")
    file = request.files.get("file")
    data = file.stream.read(LARGEST_CHECKED + 1) if file and file.filename else b""
    typed = request.form.get("text", "")
    problem = _problem(data, typed)
    checked = None if problem else check_file(data or typed.encode())
    page = render_template("commissioner/check_snapshot.html", checked=checked, problem=problem, typed=typed[:100_000])
    return page, 422 if problem else 200


def _problem(data: bytes, typed: str) -> str:
    """Why nothing can be checked; "" where something can."""
    if not data and not typed.strip():
        return "Choose the JSON file, or paste its text or its fingerprint."
    if max(len(data), len(typed)) > LARGEST_CHECKED:
        return "This is larger than any locked list. Choose the JSON file that you downloaded."
    if data.startswith((b"%PDF", b"PK\x03\x04")):
        return "Only the JSON file can be checked as a file. Of the PDF or the Excel file, paste the fingerprint that it names."
    return ""


def _paper(locked: Locked) -> PackFacts:
    content = locked.content
    about = [
        Paragraph(content["list"]["purpose"]) if content["list"]["purpose"] else None,
        Paragraph(f"Made on {moment(locked.made_at)} on behalf of {content['on_behalf_of']}."),
        Paragraph(f"Why: {content['reasons']}") if content["reasons"] else None,
        Paragraph(f"How it was searched: {content['search']}", Kind.SMALL) if content["search"] else None,
        *(Paragraph(remark, Kind.SMALL) for remark in content["remarks"]),
        Paragraph(f"For safety left out: the address of {', '.join(locked.hidden)}.", Kind.SMALL)
        if locked.hidden
        else None,
        Paragraph(f"Fingerprint of the file (SHA-256): {locked.sha256}", Kind.SMALL),
        Paragraph(f"Look at it, and check it: {content['page']}", Kind.SMALL, content["page"]),
    ]
    return PackFacts(
        organisation=locked.name,
        what="Shortlist, locked",
        pack=plural(len(content["providers"]), "provider"),
        day=day(locked.as_of),
        sections=(
            Section("About this list", tuple(line for line in about if line)),
            *(Section(each["name"], tuple(_told(each))) for each in content["providers"]),
        ),
    )


def _told(each: dict) -> list[Paragraph]:  # type: ignore[type-arg]
    on = each["on_the_day"]
    standing = f"{on['words']}, {on['level']}, certificate {on['certificate']}" if on["known"] else on["words"]
    lines = [Paragraph(f"On the day: {standing}", Kind.ITEM)]
    lines += [Paragraph(each["decision"], Kind.WARNING)] if each["decision"] else []
    lines += [Paragraph(f"Note: {each['note']}")] if each["note"] else []
    lines.append(Paragraph(each["facts_are"], Kind.SMALL))
    lines += [Paragraph(f"{fact['about']}: {'; '.join(fact['says'])}", Kind.BULLET) for fact in each["facts"]]
    lines += [
        Paragraph(f"{_on(each_event['at'])}: {each_event['words']}", Kind.SMALL) for each_event in each["history"]
    ]
    return lines


def _table(locked: Locked) -> tuple[list[tuple[str, float]], list[Row]]:
    """A row for each provider: what was so on the day, then each fact in a column of its own."""
    providers = locked.content["providers"]
    about = list(dict.fromkeys(fact["about"] for each in providers for fact in each["facts"]))
    heads = [
        ("Name", 34.0),
        ("Decision", 14.0),
        ("Note", 50.0),
        ("Status on the day", 24.0),
        ("How the facts are known", 40.0),
    ]
    heads += [(name, 28.0) for name in about]
    heads.append(("Fingerprint of the list (SHA-256)", 66.0))
    rows: list[Row] = []
    for each in providers:
        says = {fact["about"]: "; ".join(fact["says"]) for fact in each["facts"]}
        first = (each["name"], each["decision"], each["note"], each["on_the_day"]["words"], each["facts_are"])
        rows.append((*first, *(says.get(name, "") for name in about), locked.sha256))
    return heads, rows


def _on(written: str) -> str:
    """The day, in the United Kingdom, of a moment as the file writes it."""
    return day(datetime.fromisoformat(written))


def _private(response: Response) -> Response:
    response.headers.update(PRIVATE)
    return response
