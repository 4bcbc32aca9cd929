"""The API for people: its description as a page, made from the same document, and what each kind of problem means."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from app.api.openapi import REGISTER, described
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.limits import Limits
from app.edge.problems import BY_SLUG, KINDS
from app.edge.session import allow

bp = Blueprint("api_pages", __name__)

FIRST = ("/register", "/register/{slug}", "/certificates/{number}", "/organisations/{identifier}", "/suggest")
"""The addresses that most people come for, before those that keep a copy."""


@bp.get("/api")
@allow(Action.USE_PUBLIC_SITE)
def description() -> ResponseReturnValue:
    document = described(REGISTER, current_app.config["BASE_URL"])
    limits: Limits = current_app.extensions["limits"]
    operations = [
        _operation(path, item["get"], document) for path, item in sorted(document["paths"].items(), key=_place)
    ]
    return render_template(
        "api/description.html",
        operations=operations,
        limits=limits,
        kinds=KINDS,
        base_url=current_app.config["BASE_URL"],
    )


@bp.get("/api/problems/<slug>")
@allow(Action.USE_PUBLIC_SITE)
def problem_kind(slug: str) -> ResponseReturnValue:
    kind = BY_SLUG.get(slug)
    if kind is None:
        raise NotFound("There is no such kind of problem.")
    return render_template("api/problem_kind.html", kind=kind)


def _place(address: tuple[str, Any]) -> int:
    path = address[0].removeprefix("/api/v1")
    return FIRST.index(path) if path in FIRST else len(FIRST)


def _operation(path: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """What the page shows of one address."""
    body = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return {
        "path": path,
        "name": operation["operationId"],
        "title": operation["summary"],
        "words": operation["description"],
        "parameters": [_parameter(each) for each in operation.get("parameters", ())],
        "fields": _fields(body, document),
    }


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    schema = parameter["schema"]
    codes = schema.get("items", schema).get("enum", [])
    return {
        "name": parameter["name"],
        "words": parameter.get("description", ""),
        "form": _form(schema),
        "codes": [str(code) for code in codes if code != ""] if len(codes) <= 12 else [],
        "many": len(codes) > 12,
        "example": parameter.get("example") or schema.get("example") or "",
        "in_path": parameter["in"] == "path",
        "default": schema.get("default", ""),
    }


def _fields(schema: dict[str, Any], document: dict[str, Any]) -> list[dict[str, str]]:
    """The fields of an answer, those of what it holds beneath them."""
    name = schema.get("$ref", "").rpartition("/")[2]
    properties = document["components"]["schemas"].get(name, {}).get("properties", {})
    return [
        {"name": field, "form": _form(each), "words": each.get("description", "")} for field, each in properties.items()
    ]


FORMS = {"date": "day", "date-time": "moment", "uri": "address", "url": "address"}


def _form(schema: dict[str, Any]) -> str:
    """A schema in a few words: "list of Entry", "whole number", "text or null"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        return " or ".join(_form({**schema, "type": each}) if each != "null" else "null" for each in kind)
    if kind == "array":
        return f"list of {_form(schema.get('items', {}))}"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    return FORMS.get(schema.get("format", ""), words.get(kind, "object"))
