"""The format as JSON Schema, for editors that complete and check YAML while it is written.

Generated from the shapes that the check itself uses. It knows the form of a file; what parts mean to each other (codes that are
referred to, bands without holes) only `flask framework check` can tell. The tree's lists are called as the file says in
`names: tree:`, so a list under any other name is taken for one.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields

from app.frameworks import clause_shapes as clauses
from app.frameworks import fields as f
from app.frameworks import schemas
from app.frameworks.completion.vocabulary import KEYS
from app.frameworks.raters import BELOW
from app.frameworks.scales import KINDS
from app.frameworks.ways import WORDS
from app.frameworks.whens import ITSELF

Schemas = dict[str, Any]
NUMBER: Schemas = {"type": "number", "minimum": 0}
SHARE: Schemas = {
    "anyOf": [
        {"type": "string", "pattern": r"^\d{1,6}(\.\d{1,6})?%$"},
        {"type": "string", "pattern": r"^\d{1,6}/[1-9]\d{0,5}$"},
        {"const": 0},
    ]
}
CODE: Schemas = {"type": ["string", "integer"], "pattern": f"^{f.CODE.pattern}$"}
WORDS_OF: Schemas = {"$ref": "#/$defs/words"}
SCALARS: Schemas = {"type": ["string", "number", "boolean"]}
KINDS_OF: Mapping[Any, Schemas] = {
    f.words: WORDS_OF,
    f.code: CODE,
    f.codes: {"anyOf": [CODE, {"type": "array", "items": CODE, "minItems": 1}]},
    f.plain: {"type": ["string", "number"]},
    f.exact: {"anyOf": [NUMBER, {"type": "string", "pattern": f"^({f.NUMBER.pattern})$"}]},
    f.share: SHARE,
    f.signed_share: {"type": "string", "pattern": r"^[+-]?(\d{1,6}(\.\d{1,6})?%|\d{1,6}/[1-9]\d{0,5})$"},
    f.unit_share: {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, *SHARE["anyOf"]]},
    f.length: {"type": "string", "pattern": r"^\d{1,4} (year|month|week|day)s?"},
    f.flag: {"type": "boolean"},
    f.url: {"type": "string", "pattern": "^https?://"},
}


def json_schema() -> Schemas:
    """The whole schema, JSON Schema 2020-12."""
    definitions = {**_parts(), **_rules(), **_conditions(), **_judging(), **_clauses()}
    header = _object(schemas.HeaderShape, _header())
    header["additionalProperties"] = {"$ref": "#/$defs/tree"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A framework edition of Touchstone",
        **header,
        "$defs": definitions,
    }


def _ref(name: str) -> Schemas:
    return {"$ref": f"#/$defs/{name}"}


def _many(item: Schemas) -> Schemas:
    return {"type": "array", "items": item, "minItems": 1}


def _named(item: Schemas) -> Schemas:
    return {"type": "object", "additionalProperties": item, "minProperties": 1}


def _object(shape: type[Schema], inside: Mapping[str, Schemas] | None = None) -> Schemas:
    """A shape as an object: `inside` says what its fields hold where the shape leaves that open."""
    inside = inside or {}
    made = shape()
    properties = {}
    for name, field in made.fields.items():
        key = field.data_key or name
        properties[key] = {**(inside.get(key) or _field(field)), **_described(shape, key)}
    required = [field.data_key or name for name, field in made.fields.items() if field.required]
    whole: Schemas = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**whole, "required": required} if required else whole


def _described(shape: type[Schema], key: str) -> dict[str, str]:
    words = KEYS.get(f"{shape.__name__.removesuffix('Shape')}.{key}") or KEYS.get(key)
    return {"description": words} if words else {}


def _field(field: fields.Field[Any]) -> Schemas:
    if isinstance(field, fields.List):
        return _many(_field(field.inner))
    if isinstance(field, fields.Nested):
        return _object(type(field.schema), NESTED.get(type(field.schema).__name__))
    assert isinstance(field, f.Parsed)
    parse = field.parse
    if isinstance(parse, f.OneOf):
        return {"enum": list(parse.choices)}
    if isinstance(parse, f.Whole):
        return {"type": "integer", "minimum": parse.least, "maximum": parse.most}
    return dict(KINDS_OF.get(parse, {}))


def _parts() -> Schemas:
    text = {"type": ["string", "number", "boolean"]}
    languages = {
        "type": "object",
        "propertyNames": {"pattern": f"^{f.LANGUAGE.pattern}$"},
        "additionalProperties": {"type": "string"},
        "minProperties": 1,
    }
    tree = _many({"if": {"required": ["scale"]}, "then": _ref("criterion"), "else": _ref("node")})
    node = _object(schemas.NodeShape, {"score": _ref("way"), "rate": _ref("rater")})
    node["additionalProperties"] = _ref("tree")
    return {
        "words": {"anyOf": [text, languages]},
        "tree": tree,
        "node": node,
        "criterion": _object(schemas.CriterionShape, _criterion()),
        "point": {"anyOf": [_ref("words"), _object(schemas.PointShape)]},
        "scale": _scale(),
        "fact": _object(schemas.FactShape, {"choices": {"anyOf": [_many(CODE), _named(WORDS_OF)]}}),
    }


def _header() -> dict[str, Schemas]:
    name = {"anyOf": [{"type": "string"}, _object(schemas.TreeNameShape)]}
    after = {"anyOf": [CODE, _object(clauses.PrerequisiteShape)]}
    return {
        "names": _object(schemas.NamesShape, {"tree": {"type": "array", "items": name, "minItems": 2}}),
        "scales": _named(_ref("scale")),
        "facts": _named(_ref("fact")),
        "levels": _many(_object(schemas.LevelShape, {"after": after})),
        "ratings": _many(_object(schemas.RatingShape)),
        "outcome": _ref("outcome"),
        **{key: _ref(key) for key in CLAUSES},
    }


def _scale() -> Schemas:
    inside = {
        "points": _named(_ref("point")),
        "words": _named(_ref("point")),
        "range": _object(schemas.RangeShape),
    }
    scale = _object(schemas.ScaleShape, inside)
    return {**scale, "oneOf": [{"required": [kind]} for kind in KINDS]}


def _criterion() -> dict[str, Schemas]:
    point = {"type": ["integer", "string"]}
    link = {"anyOf": [{"type": "string", "pattern": "^[^:]+:.+"}, _object(schemas.MapsToShape)]}
    return {"required": {"anyOf": [point, _named(point)]}, "applies": _ref("rule"), "maps_to": _many(link)}


def _rules() -> Schemas:
    """Rules about facts: joined by all, any and not, or a fact with what is asked of it."""
    comparisons = {"at_least", "at_most", "above", "below"}
    compared = {
        "type": "object",
        "properties": {
            **{word: {"type": ["number", "string"]} for word in sorted(comparisons)},
            "is": SCALARS,
            "includes": {"anyOf": [CODE, _many(CODE)]},
        },
        "additionalProperties": False,
        "minProperties": 1,
    }
    rule = {
        "type": "object",
        "properties": {"all": _many(_ref("rule")), "any": _many(_ref("rule")), "not": _ref("rule")},
        "additionalProperties": {"anyOf": [SCALARS, _many(CODE), compared]},
        "minProperties": 1,
    }
    return {"rule": rule}


def _conditions() -> Schemas:
    """Conditions over scores: one key each."""
    edge = {
        "type": "object",
        "properties": {word: {"type": ["number", "string"]} for word in ("at_least", "at_most", "above", "below")},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    codes = {"anyOf": [CODE, _many(CODE)]}
    measured = {
        "type": "object",
        "properties": {**{word: _ref("edge") for word in ("score", "share", "points", "rating")}, "in": codes},
        "additionalProperties": False,
    }
    part = {
        "type": "object",
        "properties": {"at_least": {"type": ["integer", "string"]}},
        "additionalProperties": measured,
    }
    grade = {
        "type": "object",
        "properties": {"at_least": {"type": "integer"}, "in": codes},
        "additionalProperties": False,
        "required": ["at_least"],
    }
    joined = {"anyOf": [_many(_ref("condition")), part]}
    keys = {
        "any": joined,
        "all": joined,
        "count": part,
        "fact": _ref("rule"),
        "findings": {**_named(grade), "maxProperties": 1},
        **{word: _ref("edge") for word in ITSELF},
    }
    condition = {
        "type": "object",
        "properties": keys,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"edge": edge, "condition": condition}


def _judging() -> Schemas:
    modifier = _object(schemas.ModifierShape, {"when": _ref("condition")})
    start = _object(schemas.StartFromShape, {"add": _many(modifier), "between": _many(SHARE)})
    at_least = _object(schemas.AtLeastShape, {"at_least": {"type": ["integer", "string"]}})
    way = {"anyOf": [{"enum": list(WORDS)}, at_least, start]}
    row = _object(schemas.RowShape, {"when": _ref("condition")})
    limit = _object(schemas.LimitShape, {"when": _ref("condition")})
    rated = {"bands": _many(_object(schemas.BandShape)), "table": _many(row), "limits": _many(limit)}
    need = {"anyOf": [{"type": ["string", "number"]}, _ref("condition")]}
    outcome = _object(
        schemas.OutcomeShape,
        {
            **rated,
            "score": {"anyOf": [_ref("way"), _named(_ref("way"))]},
            "rate": _named(_ref("rater")),
            "rounding": {"anyOf": [{"const": "none"}, _object(schemas.RoundingShape)]},
            "needs": {"anyOf": [need, _named(need)]},
            "by": {"enum": list(BELOW)},
        },
    )
    givers = [{"required": [key]} for key in ("bands", "needs", "table", "by")]
    return {
        "way": way,
        "rater": {"anyOf": [{"enum": list(BELOW)}, _object(schemas.RaterShape, rated)]},
        "outcome": {**outcome, "oneOf": givers},
    }


def _clauses() -> Schemas:
    sample = _object(clauses.SampleShape, {"share": {"anyOf": [SHARE, {"type": "string"}]}})
    gate = _object(clauses.GateShape, {"facts": _ref("rule"), "self_assessment": _object(clauses.SelfAssessedShape)})
    findings = {
        "grades": _many(_object(clauses.GradeShape)),
        "from_scores": _named(_named({"type": ["integer", "string"]})),
        "escalation": _many(_object(clauses.EscalationShape)),
    }
    award = {
        "by_level": _named(_object(schemas.LevelTermsShape)),
        "reassess": _object(clauses.ReassessShape),
        "suspension": _object(clauses.SuspensionShape),
    }
    return {
        "award": _object(clauses.AwardShape, award),
        "assessment": _object(clauses.AssessmentShape, {"samples": _named(sample)}),
        "panel": _object(clauses.PanelShape),
        "gates": _many(gate),
        "findings": _object(clauses.FindingsShape, findings),
        "members": _object(clauses.MembersShape),
        "publication": _object(clauses.PublicationShape),
        "retention": _object(clauses.RetentionShape),
        "languages": _many({"type": "string", "pattern": f"^{f.LANGUAGE.pattern}$"}),
    }


CLAUSES = ("award", "assessment", "panel", "gates", "findings", "members", "publication", "retention", "languages")
NESTED: Mapping[str, dict[str, Schemas]] = {"LighterShape": {"when": {"$ref": "#/$defs/rule"}}}
