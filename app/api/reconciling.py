"""A reconciliation service (W3C Reconciliation API 0.2): OpenRefine matches a column of names against the register.

The specification is at https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
JSONP is not served: every browser that can run OpenRefine's client knows CORS.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.api.answers import absolute
from app.api.contract import dumped
from app.api.open_to_all import open_to_all
from app.backends.postcodes import area_names
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.problems import problem
from app.edge.session import allow, today
from app.extensions import csrf
from app.queries.lists import CLIENT_GROUPS, LANGUAGES, SERVICES, title
from app.queries.name_matching import Candidate, Sought, match_all, named
from app.queries.register_published import Published, published_by_slug

bp = Blueprint("reconciling", __name__, url_prefix="/reconcile")
open_to_all(bp)
csrf.exempt(bp)  # what is posted only asks: nothing is changed, and nobody's session is read

BATCH = 50
MOST_ROWS = 200
MOST_CANDIDATES = 25
LONGEST = 300
PREVIEW = {"width": 420, "height": 200}
PROVIDER = {"id": "provider", "name": "Provider on the register"}
SOUGHT_BY = {
    "identifier": "Official number (charity, company or CQC)",
    "postcode": "Postcode",
    "council": "Council area",
}
Told = Callable[[Published], list[Any]]


def _texts(values: Any) -> list[dict[str, str]]:
    return [{"str": str(value)} for value in values if value]


EXTENSIONS: Mapping[str, tuple[str, Told]] = {
    "name": ("Name", lambda entry: _texts([entry.name])),
    "identifier": (SOUGHT_BY["identifier"], lambda entry: _texts(entry.identifiers)),
    "postcode": (SOUGHT_BY["postcode"], lambda entry: _texts([entry.postcode])),
    "council": (
        "Council areas in which it works",
        lambda entry: _texts(area_names().get(code, code) for code in entry.areas),
    ),
    "service": ("Services", lambda entry: _texts(title(SERVICES, code) for code in entry.services)),
    "group": ("Who it is for", lambda entry: _texts(title(CLIENT_GROUPS, code) for code in entry.client_groups)),
    "language": ("Languages", lambda entry: _texts(title(LANGUAGES, code) for code in entry.languages)),
    "scheme": ("Scheme", lambda entry: _texts([entry.scheme])),
    "level": ("Level", lambda entry: _texts([entry.level_title])),
    "status": ("Status today", lambda entry: _texts([entry.standing.status.value])),
    "approved": ("Approved today", lambda entry: [{"bool": entry.standing.approved}]),
    "certificate": ("Certificate", lambda entry: _texts([entry.certificate])),
    "granted_on": ("Awarded on", lambda entry: [{"date": entry.granted_on}]),
    "expires_on": ("Valid until", lambda entry: [{"date": entry.expires_on}]),
    "website": ("Website", lambda entry: _texts([entry.contact.get("website")])),
    "email": ("E-mail address", lambda entry: _texts([entry.contact.get("email")])),
    "phone": ("Telephone", lambda entry: _texts([entry.contact.get("phone")])),
    "page": ("Address on the register", lambda entry: _texts([absolute("public.entry", slug=entry.slug)])),
}


class Refused(ValueError):
    """What was sent cannot be read: the sentence that says why."""


@bp.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return problem(400, str(error))


@bp.route("", methods=["GET", "POST"], strict_slashes=False)
@allow(Action.USE_PUBLIC_SITE)
def reconcile() -> ResponseReturnValue:
    """The service's manifest; with `queries`, candidates for each; with `extend`, what is known of some."""
    if "queries" in request.values:
        queries = _object(request.values["queries"], "queries")
        if len(queries) > BATCH:
            return problem(413, f"At most {BATCH} queries fit into one batch.")
        return _answer(_candidates(queries))
    if "extend" in request.values:
        wanted = _object(request.values["extend"], "extend")
        ids, properties = _list(wanted.get("ids"), "ids"), _list(wanted.get("properties"), "properties")
        if len(ids) > MOST_ROWS:
            return problem(413, f"At most {MOST_ROWS} rows are extended at a time.")
        return _answer(_extended([str(each) for each in ids], properties))
    if request.method == "POST" and request.content_length and not request.form:
        return problem(
            415, "Send “queries” or “extend” as a form, or in the address. Nothing else that is posted is read."
        )
    return _answer(_manifest())


@bp.get("/preview/<slug>")
@allow(Action.USE_PUBLIC_SITE)
def preview(slug: str) -> ResponseReturnValue:
    """A provider in a small frame, which any site may show."""
    entry = published_by_slug([slug], today()).get(slug)
    if entry is None:
        raise NotFound("There is no provider under this id.")
    places = ", ".join(area_names().get(code, code) for code in entry.areas[:3])
    services = ", ".join(title(SERVICES, code) for code in entry.services[:4])
    answer = Response(render_template("api/preview.html", entry=entry, places=places, services=services))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; frame-ancestors *"
    )
    return answer


@bp.get("/suggest/entity")
@allow(Action.USE_PUBLIC_SITE)
def suggest_entity() -> ResponseReturnValue:
    """Providers whose name begins so."""
    prefix = request.args.get("prefix", "")[:LONGEST].strip()
    found = named(prefix, 10, today()) if prefix else ()
    return _answer(
        {"result": [{"id": each.slug, "name": each.name, "description": each.words} for each in found]},
    )


@bp.get("/suggest/property")
@allow(Action.USE_PUBLIC_SITE)
def suggest_property() -> ResponseReturnValue:
    """What a query may say of somebody beside the name."""
    prefix = request.args.get("prefix", "").strip().lower()
    found = [{"id": each, "name": name} for each, name in SOUGHT_BY.items() if prefix in f"{each} {name}".lower()]
    return _answer({"result": found})


@bp.get("/suggest/type")
@allow(Action.USE_PUBLIC_SITE)
def suggest_type() -> ResponseReturnValue:
    """There is one type."""
    return _answer({"result": [PROVIDER]})


@bp.get("/properties")
@allow(Action.USE_PUBLIC_SITE)
def properties() -> ResponseReturnValue:
    """What rows that are matched can be extended with."""
    limit = request.args.get("limit", len(EXTENSIONS), type=int)
    found = [{"id": each, "name": name} for each, (name, _) in EXTENSIONS.items()]
    return _answer({"limit": limit, "type": PROVIDER["id"], "properties": found[: max(limit, 0)]})


def _answer(body: Any) -> Response:
    return Response(dumped(body), mimetype="application/json")


def _manifest() -> dict[str, Any]:
    base = current_app.config["BASE_URL"]
    return {
        "versions": ["0.2"],
        "name": "Register of approved providers",
        "identifierSpace": f"{base}/register/",
        "schemaSpace": f"{base}/api#",
        "documentation": f"{base}/api",
        "defaultTypes": [PROVIDER],
        "batchSize": BATCH,
        "view": {"url": f"{base}/register/{{{{id}}}}"},
        "preview": {"url": f"{base}/reconcile/preview/{{{{id}}}}", **PREVIEW},
        "suggest": {
            kind: {"service_url": base, "service_path": f"/reconcile/suggest/{kind}"}
            for kind in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
    }


def _object(text: str, name: str) -> dict[str, Any]:
    """A JSON object that was sent. Raises Refused."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Refused(f"“{name}” is not a JSON object.")
    return found


def _list(found: Any, name: str) -> list[Any]:
    if not isinstance(found, list):
        raise Refused(f"“{name}” is not a list.")
    return found


def _candidates(queries: Mapping[str, Any]) -> dict[str, Any]:
    sought = {key: _sought(key, query) for key, query in queries.items()}
    found = match_all({key: each for key, each in sought.items() if each is not None}, today())
    return {key: {"result": [_candidate(each) for each in found.get(key, ())]} for key in queries}


def _sought(key: str, query: Any) -> Sought | None:
    """What a query asks; None where it asks for a type that there is not. Raises Refused."""
    if not isinstance(query, dict) or not isinstance(query.get("query", ""), str):
        raise Refused(f"The query “{key[:40]}” is not an object with the text “query”.")
    if not _is_provider(query.get("type")):
        return None
    said = _said(query.get("properties") or [])
    limit = query.get("limit")
    bound = limit if isinstance(limit, int) and not isinstance(limit, bool) else 5
    return Sought(
        name=query.get("query", "")[:LONGEST],
        identifiers=tuple(said.get("identifier", ()))[:5],
        postcode=next(iter(said.get("postcode", ())), ""),
        council=next(iter(said.get("council", ())), ""),
        limit=min(max(bound, 1), MOST_CANDIDATES),
    )


def _is_provider(kind: Any) -> bool:
    kinds = kind if isinstance(kind, list) else [kind]
    return any(each in (None, "", PROVIDER["id"]) or each == PROVIDER for each in kinds) or not kinds


def _said(properties: Any) -> dict[str, list[str]]:
    """The values of each property as texts. Raises Refused."""
    said: dict[str, list[str]] = {}
    for each in _list(properties, "properties"):
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str):
            raise Refused("A property has no “pid”.")
        values = each.get("v")
        for value in values if isinstance(values, list) else [values]:
            text = value.get("name") or value.get("id") if isinstance(value, dict) else value
            if text not in (None, ""):
                said.setdefault(each["pid"], []).append(str(text)[:LONGEST])
    return said


def _candidate(found: Candidate) -> dict[str, Any]:
    return {
        "id": found.slug,
        "name": found.name,
        "description": found.words,
        "type": [PROVIDER],
        "score": found.score,
        "match": found.match,
        "features": [{"id": name, "value": value} for name, value in found.features.items()],
    }


def _extended(ids: list[str], properties: list[Any]) -> dict[str, Any]:
    wanted = [each.get("id") if isinstance(each, dict) else each for each in properties]
    known = [each for each in wanted if isinstance(each, str) and each in EXTENSIONS]
    if len(known) != len(wanted):
        raise Refused(f"A property is not known. There are: {', '.join(EXTENSIONS)}.")
    entries = published_by_slug(ids, today())
    return {
        "meta": [{"id": each, "name": EXTENSIONS[each][0]} for each in known],
        "rows": {
            slug: {each: EXTENSIONS[each][1](entries[slug]) if slug in entries else [] for each in known}
            for slug in ids
        },
    }
