"""The shape of each part of a framework file. What parts mean to each other is checked where they are put together."""

from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from app.domain.clauses import AnsweredBy, MetBy
from app.domain.framework import EvidenceKind, Excluded, Extent, FactKind, NotApplicableRule, RateBy
from app.frameworks import fields as f
from app.frameworks.problems import Path, Problems, suggestion

ROUNDING = ("half-up", "half-even", "down", "up")


class Shape(Schema):
    class Meta:
        unknown = RAISE


def need(parse: Any) -> f.Parsed:
    return f.Parsed(parse, required=True)


def may(parse: Any) -> f.Parsed:
    return f.Parsed(parse)


def many(shape: type[Schema]) -> fields.List[Any]:
    return fields.List(fields.Nested(shape))


class HeaderShape(Shape):
    framework = need(f.code)
    edition = need(f.code)
    title = need(f.words)
    summary = may(f.words)
    names = need(f.raw)
    scales = need(f.raw)
    facts = may(f.raw)
    levels = need(f.raw)
    ratings = may(f.raw)
    outcome = need(f.raw)
    award = may(f.raw)
    assessment = may(f.raw)
    panel = may(f.raw)
    gates = may(f.raw)
    findings = may(f.raw)
    members = may(f.raw)
    publication = may(f.raw)
    retention = may(f.raw)
    languages = may(f.raw)


class NamesShape(Shape):
    tree = need(f.raw)


class TreeNameShape(Shape):
    one = need(f.plain)
    many = need(f.plain)


class ScaleShape(Shape):
    title = may(f.words)
    points = may(f.raw)
    range = may(f.raw)
    words = may(f.raw)
    better = may(f.one_of(("higher", "lower")))
    met_from = may(f.plain)
    not_applicable = may(f.one_of(NotApplicableRule))
    not_rated = may(f.one_of((NotApplicableRule.NEVER, NotApplicableRule.WITH_REASON)))


class RangeShape(Shape):
    low = f.Parsed(f.whole(0), required=True, data_key="from")
    high = f.Parsed(f.whole(1), required=True, data_key="to")
    step = may(f.whole(1))
    unit = may(f.plain)


class PointShape(Shape):
    label = need(f.words)
    anchor = may(f.words)
    finding = may(f.code)


class FactShape(Shape):
    kind = need(f.one_of(FactKind))
    title = need(f.words)
    help = may(f.words)
    choices = may(f.raw)
    list = may(f.code)


class LevelShape(Shape):
    code = need(f.code)
    title = need(f.words)
    summary = may(f.words)
    after = may(f.raw)
    once = may(f.flag)


class NodeShape(Shape):
    code = need(f.code)
    title = need(f.words)
    summary = may(f.words)
    weight = may(f.exact)
    was = may(f.codes)
    score = may(f.raw)
    rate = may(f.raw)


class EvidenceShape(Shape):
    kind = need(f.one_of(EvidenceKind))
    code = may(f.code)
    title = may(f.words)
    newest_within = may(f.length)
    at_least = may(f.whole(1, 1000))


class LighterShape(Shape):
    when = need(f.raw)
    evidence = fields.List(f.Parsed(f.code), required=True)


class LearningShape(Shape):
    title = need(f.words)
    url = need(f.url)


class MapsToShape(Shape):
    to = need(f.plain)
    extent = may(f.one_of(Extent))


class PassportShape(Shape):
    scheme = need(f.code)
    level = may(f.code)
    criterion = may(f.code)
    counts_as = may(f.plain)


class CriterionShape(Shape):
    code = need(f.code)
    title = may(f.words)
    text = need(f.words)
    why = may(f.words)
    guidance = may(f.words)
    scale = need(f.code)
    not_applicable = may(f.one_of(NotApplicableRule))
    required = may(f.raw)
    weight = may(f.exact)
    level = may(f.code)
    applies = may(f.raw)
    lighter = fields.Nested(LighterShape)
    evidence = many(EvidenceShape)
    learn = many(LearningShape)
    maps_to = may(f.raw)
    was = may(f.codes)
    prompts = fields.List(f.Parsed(f.words))
    expected = may(f.plain)
    passports = many(PassportShape)
    answered_by = may(f.one_of(AnsweredBy))
    met_by = may(f.one_of(MetBy))


class OutcomeShape(Shape):
    of = need(f.plain)
    score = may(f.raw)
    rate = may(f.raw)
    rounding = may(f.raw)
    not_applicable = may(f.one_of(Excluded))
    bands = may(f.raw)
    needs = may(f.raw)
    table = may(f.raw)
    by = may(f.plain)
    no_award = may(f.words)
    limits = may(f.raw)


class AtLeastShape(Shape):
    at_least = need(f.plain)


class StartFromShape(Shape):
    start_from = need(f.plain)
    add = may(f.raw)
    between = may(f.raw)


class ModifierShape(Shape):
    when = need(f.raw)
    by = need(f.signed_share)
    because = need(f.words)


class RaterShape(Shape):
    bands = may(f.raw)
    table = may(f.raw)
    by = may(f.one_of(by.value for by in RateBy if by not in (RateBy.BANDS, RateBy.TABLE)))
    limits = may(f.raw)


class RowShape(Shape):
    code = f.Parsed(f.code, data_key="is")
    when = may(f.raw)
    otherwise = may(f.code)
    title = may(f.words)


class RatingShape(Shape):
    code = need(f.code)
    title = need(f.words)


class RoundingShape(Shape):
    mode = need(f.one_of(ROUNDING))
    to = need(f.share)


class BandShape(Shape):
    start = f.Parsed(f.plain, required=True, data_key="from")
    code = f.Parsed(f.code, required=True, data_key="is")
    title = may(f.words)


class LimitShape(Shape):
    when = need(f.raw)
    at_most = need(f.plain)
    because = need(f.words)


class TermsShape(Shape):
    valid = may(f.length)
    surveillance = may(f.length)
    renewal_opens = may(f.length)
    restore_within = may(f.length)


class LevelTermsShape(TermsShape):
    provisional = may(f.flag)


class BrandShape(Shape):
    colour = need(f.colour)
    accent = need(f.any_colour)


class AppealShape(Shape):
    within = may(f.length)
    decided = may(f.length)
    reviewers = may(f.whole(1, 9))
    lay = may(f.whole(0, 9))


class ComplaintsShape(Shape):
    acknowledged = may(f.whole(1, 20))
    answered = may(f.whole(1, 120))


class MinutesShape(Shape):
    votes = need(f.one_of(("named", "counted")))


class ReportShape(Shape):
    required = need(f.flag)
    check_days = may(f.whole(1, 60))


class SchemeShape(Shape):
    scheme = need(f.code)
    title = need(f.words)
    awarding_body = need(f.words)
    contact = need(f.email)
    website = need(f.url)
    brand = fields.Nested(BrandShape, required=True)
    about = need(f.words)
    invented = may(f.flag)
    takes_applications = may(f.flag)
    appeal = fields.Nested(AppealShape)
    complaints = fields.Nested(ComplaintsShape)
    minutes = fields.Nested(MinutesShape)
    report = fields.Nested(ReportShape)


class ListItemShape(Shape):
    code = need(f.code)
    title = need(f.words)
    also = fields.List(f.Parsed(f.plain))
    awarded_by = may(f.plain)
    identifiers = fields.List(f.Parsed(f.code))


class CaseShape(Shape):
    name = need(f.plain)
    edition = may(f.code)
    facts = may(f.raw)
    target = may(f.code)
    scores = need(f.raw)
    expect = need(f.raw)


@cache
def _schema(shape: type[Schema]) -> Schema:
    return shape()  # marshmallow copies every field to make one: it costs more than reading a criterion


def shaped(
    shape: type[Schema], data: Any, path: Path, problems: Problems, beside: tuple[str, ...] = ()
) -> dict[str, Any]:
    """What of `data` has the right shape, every mistake noted. `beside` are keys that are read elsewhere."""
    if not isinstance(data, dict):
        problems.add(path, f"expected {keys_of(shape)}" + (" here, but it is empty" if data is None else ""))
        return {}
    schema = _schema(shape)
    try:
        return dict(schema.load({key: value for key, value in data.items() if key not in beside}))
    except ValidationError as error:
        _note(error.messages, path, problems, schema, beside)
        return dict(error.valid_data) if isinstance(error.valid_data, dict) else {}


def keys_of(shape: type[Schema]) -> str:
    named = {field.data_key or name: field.required for name, field in _schema(shape).fields.items()}
    needed = [name for name, required in named.items() if required] or list(named)
    return "keys such as " + ", ".join(f"`{name}`" for name in needed[:4])


def _note(messages: Any, path: Path, problems: Problems, schema: Schema | None, beside: tuple[str, ...] = ()) -> None:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            here = path if key == "_schema" else (*path, key)
            _note_entry(inner, here, problems, schema if key != "_schema" else None, beside)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        problems.add(path, PHRASES.get(str(message), str(message)))


def _note_entry(inner: Any, here: Path, problems: Problems, schema: Schema | None, beside: tuple[str, ...]) -> None:
    key = str(here[-1]) if here else ""
    if inner == ["Unknown field."]:
        if " " in key and problems.texts.get(here) == "":
            problems.add_at_key(here, f"`{key}` is not known here; put quotes around a text that holds a comma")
            return
        known = [field.data_key or name for name, field in schema.fields.items()] if schema else []
        problems.add_at_key(here, f"`{key}` is not known here{suggestion(key, [*known, *beside])}")
    elif inner == ["Missing data for required field."]:
        problems.add(here[:-1], f"`{key}` is missing")
    elif inner == ["Field may not be null."]:
        problems.add_at_key(here, f"`{key}` is empty; fill it in, or leave the line out")
    else:
        _note(inner, here, problems, _inner_schema(schema, key) if isinstance(here[-1], str) else schema)


def _inner_schema(schema: Schema | None, key: str) -> Schema | None:
    field = schema.fields.get(key) if schema else None
    if isinstance(field, fields.List):
        field = field.inner
    return field.schema if isinstance(field, fields.Nested) else None


PHRASES = {
    "Not a valid list.": "expected a list: lines that start with a dash, or [a, b]",
    "Invalid input type.": "expected keys and values",
    "Field may not be null.": "this is empty; fill it in, or leave it out",
}
