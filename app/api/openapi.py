"""The description of the register API as OpenAPI 3.1, made from the contracts that its views declare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from inspect import cleandoc, isclass
from typing import Any

from flask import Flask, current_app
from marshmallow import Schema, fields
from werkzeug.routing import Rule

from app.api.asking import CODES
from app.api.contract import Answered, Contract, contract
from app.api.v1 import bp
from app.domain.access import Action
from app.edge.problems import KINDS, TYPE
from app.edge.session import allow
from app.queries.register import FACETS

TEXT = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
"""Control characters are no text: they are refused."""
ALWAYS = (400, 401, 406, 429)
"""What any address may answer: an unknown parameter, a wrong key, a form that there is not, too many requests."""
TITLES = {
    "search": "Search",
    "suggest": "Suggest while typing",
    "entry": "One provider",
    "certificate": "One certificate",
    "entries": "Everything, and what changed since",
    "changes": "What happened",
    "organisation": "By official number",
    "codes": "Codes",
    "openapi": "This description",
}


@dataclass(frozen=True)
class Described:
    """An API that is described: its blueprint, and what the document says of the whole."""

    blueprint: str
    title: str
    version: str
    words: str


REGISTER = Described(
    "register_api",
    "Register API",
    "1.0.0",
    "The public register of approved providers. Open to everyone, without a key. Answers are JSON, refusals are problem "
    "details (RFC 9457). Every answer may be kept for a second and asked for again with its ETag.",
)


class DocumentSchema(Schema):
    """An OpenAPI 3.1 document."""

    openapi = fields.String()
    info = fields.Dict()
    paths = fields.Dict()


@bp.get("/openapi.json")
@allow(Action.USE_PUBLIC_SITE)
@contract(answers=DocumentSchema)
def openapi() -> dict[str, Any]:
    """The description of this API for programs, as OpenAPI 3.1."""
    return described(REGISTER, current_app.config["BASE_URL"])


@lru_cache(maxsize=8)
def described(api: Described, base_url: str) -> dict[str, Any]:
    """The document of an API that is reached at `base_url`. Made once."""
    return _document(current_app._get_current_object(), api, base_url)  # type: ignore[attr-defined]


def _document(app: Flask, api: Described, base_url: str) -> dict[str, Any]:
    from apispec import APISpec  # read only where somebody asks for the description
    from apispec.ext.marshmallow import MarshmallowPlugin

    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec(
        api.title,
        api.version,
        "3.1.0",
        plugins=[plugin],
        info={
            "description": api.words,
            "license": {
                "name": "Open Government Licence v3.0",
                "url": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            },
            "contact": {"url": f"{base_url}/api"},
        },
        servers=[{"url": base_url}],
        security=[{}, {"key": []}],
    )
    spec.components.security_scheme(
        "key", {"type": "http", "scheme": "bearer", "description": "Optional: more requests a second."}
    )
    _add_problem(spec, base_url)
    for rule, view in _views(app, api):
        spec.path(path=_braced(rule), operations={"get": _operation(rule, view)})
    document = spec.to_dict()
    _complete(document)
    return document


def _views(app: Flask, api: Described) -> list[tuple[Rule, Any]]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{api.blueprint}.")]
    return [(rule, app.view_functions[rule.endpoint]) for rule in rules]


def _braced(rule: Rule) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _name(schema: Any) -> str | None:
    kind = schema if isclass(schema) else type(schema)
    return kind.__name__.removesuffix("Schema")


def _operation(rule: Rule, view: Any) -> dict[str, Any]:
    agreed: Contract = view.__contract__
    summary, _, rest = cleandoc(view.__doc__ or "").partition("\n")
    name = rule.endpoint.partition(".")[2]
    answer = {
        "description": cleandoc(agreed.answers.__doc__ or "").partition("\n")[0],
        "headers": _headers(),
        "content": {"application/json": {"schema": agreed.answers}},
    }
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in (*agreed.refuses, *ALWAYS)}
    parameters: list[Any] = [
        {
            "in": "path",
            "name": part,
            "required": True,
            "description": words,
            "schema": {"type": "string", "minLength": 1},
            "example": example,
        }
        for part, (words, example) in agreed.path.items()
    ]
    if agreed.asks:
        parameters.append({"in": "query", "schema": agreed.asks})
    return {
        "operationId": name,
        "summary": TITLES.get(name, summary.rstrip(".")),
        "description": " ".join(f"{summary} {rest}".split()),
        "parameters": parameters,
        "responses": {"200": answer, "304": {"description": "Not changed since you asked."}, **refused},
    }


def _headers() -> dict[str, Any]:
    return {
        "ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}},
        "RateLimit": {"description": "What is left of your allowance.", "schema": {"type": "string"}},
    }


def _add_problem(spec: Any, base_url: str) -> None:
    """The shape of a refusal, and one response for each kind."""
    spec.components.schema(
        "Problem",
        {
            "type": "object",
            "description": "Problem details (RFC 9457).",
            "required": ["type", "title", "status", "detail", "instance"],
            "properties": {
                "type": {"type": "string", "format": "uri", "description": "Leads to a page that explains it."},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "instance": {"type": "string"},
                "errors": {
                    "type": "object",
                    "description": "By parameter, what is wrong with it.",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
            "additionalProperties": False,
        },
    )
    for kind in {kind.status: kind for kind in KINDS}.values():  # of two with one status the more particular
        spec.components.response(
            str(kind.status),
            {
                "description": f"{kind.title}. See {base_url}/api/problems/{kind.slug}",
                "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )


def _complete(document: dict[str, Any]) -> None:
    """What the schemas cannot say by themselves: that every field is always there, and which codes there are."""
    always = {_name(kind) for kind in _kinds_of(Answered)}
    for name, schema in document["components"]["schemas"].items():
        if name in always:
            schema["required"] = sorted(schema["properties"])
    for path in document["paths"].values():
        for parameter in path["get"].get("parameters", ()):
            _complete_parameter(parameter)


def _complete_parameter(parameter: dict[str, Any]) -> None:
    schema = parameter["schema"]
    if parameter["name"] in CODES and schema.get("type") == "array":
        schema["items"]["enum"] = sorted(CODES[parameter["name"]])
    if parameter["name"] == "facets":
        one = "|".join(FACETS)
        schema["pattern"] = f"^(none|({one})(,({one}))*)?$"
    if schema.get("default", "") is None:
        del schema["default"]
    if isinstance(schema.get("type"), list):  # a parameter is there or not there, and never null
        schema["type"] = next(kind for kind in schema["type"] if kind != "null")
    each = schema.get("items", schema)
    if parameter["in"] == "query" and each.get("type") == "string" and not {"enum", "pattern", "format"} & set(each):
        each["pattern"] = TEXT


def _kinds_of(kind: type[Schema]) -> set[type[Schema]]:
    return {kind, *(each for child in kind.__subclasses__() for each in _kinds_of(child))}
