"""Open data: the page about it, its catalogue, and what changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.exports import Export
from app.backends.open_files import CsvWriter, as_line, row_object
from app.domain.access import Action, may_somewhere
from app.domain.open_data import ATTRIBUTIONS, LICENCES, TABLES, About, File, Licence, dcat_catalogue, files_of
from app.domain.open_data.records import Row, as_object
from app.edge.open_data import kept_exports, latest_export, open_data_terms
from app.edge.problems import problem
from app.edge.session import allow, me, now, today
from app.queries.open_data import publisher
from app.queries.open_data_changes import MOST, USUAL, changes, entries_since
from app.services.open_data import ask_for_open_data
from app.web.public import bp

EVENTS = TABLES[-1]
MOST_TOLD = 20
LINES = "application/x-ndjson"


@dataclass(frozen=True)
class Described:
    """An export with what the page says of it."""

    export: Export
    files: Mapping[str, File]
    licence: Licence
    made_at: str

    @property
    def entries(self) -> int:
        return self.files["entries.csv"].rows or 0


def described(export: Export) -> Described:
    package = export.package
    return Described(
        export=export,
        files={file.name: file for file in files_of(package)},
        licence=LICENCES[package["licenses"][0]["name"]],
        made_at=package["created"],
    )


@bp.get("/open-data")
@allow(Action.USE_PUBLIC_SITE)
def open_data() -> ResponseReturnValue:
    found = latest_export(now())
    exports = kept_exports()
    return render_template(
        "public/open_data.html",
        base_url=current_app.config["BASE_URL"],
        latest=described(found) if found else None,
        days=exports.days()[1:],
        tables=TABLES,
        attributions=ATTRIBUTIONS,
        may_ask=may_somewhere(me(), Action.MAKE_OPEN_DATA),
        asked=exports.wanted,
        most=MOST,
        usual=USUAL,
    )


@bp.post("/open-data")
@allow(Action.MAKE_OPEN_DATA)
def ask_for_export() -> ResponseReturnValue:
    ask_for_open_data(open_data_terms(), actor=me(), now=now())
    flash("An export is being made. It stands here within a few minutes.", "success")
    return redirect(url_for(".open_data"))


@bp.get("/open-data/catalog.jsonld")
@allow(Action.USE_PUBLIC_SITE)
def open_data_catalogue() -> ResponseReturnValue:
    """The DCAT catalogue of the latest export; of no files yet where there is none."""
    found, terms, who = latest_export(now()), open_data_terms(), publisher()
    package: Mapping[str, Any] = found.package if found else {}
    about = About(
        day=found.day if found else today(),
        made_at=now(),
        revision=package.get("revision", 0),
        last_event=package.get("last_event", 0),
        publisher=who.name,
        publisher_url=who.url or terms.base_url,
        licence=LICENCES[terms.licence],
        base_url=terms.base_url,
    )
    response = jsonify(dcat_catalogue(about, files_of(package) if package else (), who.contact))
    response.mimetype = "application/ld+json"
    return open_to_all(response)


@bp.get("/open-data/changes.jsonl")
@allow(Action.USE_PUBLIC_SITE)
def open_data_changes() -> ResponseReturnValue:
    """Changes in pages: `since` a day, `after` the number of one, `limit` at most. The next page is in the header Link."""
    return _changes(LINES, lambda rows: "".join(as_line(row_object(EVENTS, row)) for row in rows))


@bp.get("/open-data/changes.csv")
@allow(Action.USE_PUBLIC_SITE)
def open_data_changes_csv() -> ResponseReturnValue:
    """The same as CSV."""
    return _changes("text/csv", _as_csv)


def _changes(media_type: str, written: Callable[[Sequence[Row]], str]) -> ResponseReturnValue:
    asked, wrong = _asked({"since": _day, "after": _whole, "limit": _whole})
    if wrong:
        return _refused(wrong)
    page = changes(asked.get("after", 0), asked.get("since"), min(asked.get("limit", USUAL), MOST))
    response = Response(written(page.rows), mimetype=media_type)
    return _paged(response, page.more, after=page.last, limit=asked.get("limit"))


@bp.get("/open-data/changed-entries.jsonl")
@allow(Action.USE_PUBLIC_SITE)
def open_data_changed_entries() -> ResponseReturnValue:
    """Entries that changed after a `revision`, as they stand now, in pages: what keeps a copy up to date."""
    asked, wrong = _asked({"revision": _whole, "limit": _whole})
    if wrong:
        return _refused(wrong)
    limit = min(asked.get("limit", USUAL), MOST)
    page = entries_since(asked.get("revision", 0), today(), current_app.config["BASE_URL"], limit)
    response = Response("".join(as_line(as_object(record)) for record in page.records), mimetype=LINES)
    return _paged(response, page.more, revision=page.last, limit=asked.get("limit"))


def _as_csv(rows: Sequence[Row]) -> str:
    file = StringIO()
    CsvWriter(file, EVENTS).write(rows)
    return file.getvalue()


def _paged(response: Response, more: bool, **following: Any) -> Response:
    """The response with the address of the page after it, where there is one, and an ETag."""
    if more:
        address = url_for(
            str(request.endpoint), **{key: value for key, value in following.items() if value is not None}
        )
        response.headers["Link"] = f'<{current_app.config["BASE_URL"]}{address}>; rel="next"'
    response.add_etag()
    return open_to_all(response.make_conditional(request))


def open_to_all(response: Response) -> Response:
    """Any page may read this, and every cache asks first whether it is still so."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, ETag, Content-Range, Content-Length"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _asked(known: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the address asks for, and a sentence about each part of it that cannot be understood."""
    asked: dict[str, Any] = {}
    wrong = {name: f"is not known here. Use {', '.join(known)}." for name in request.args if name not in known}
    for name, read in known.items():
        text = request.args.get(name, "").strip()
        if text:
            try:
                asked[name] = read(text)
            except ValueError as error:
                wrong[name] = str(error)
    return asked, wrong


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a day such as 2026-11-01.") from None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 16):
        raise ValueError("must be a whole number such as 1000.")
    return int(text)


def _refused(wrong: Mapping[str, str]) -> ResponseReturnValue:
    """A problem document (RFC 9457) that names each part of the address that is wrong."""
    told = list(wrong.items())[:MOST_TOLD]
    detail = " ".join(f"{name[:40]} {words}" for name, words in told)
    return open_to_all(problem(400, detail, {name[:40]: [words] for name, words in told}))
