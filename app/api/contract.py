"""What a view of the API asks and answers, declared beside it: read by the view itself and by the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from difflib import get_close_matches
from functools import wraps
from typing import Any, TypeVar

import orjson
from flask import Response, request
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import MultiDict

from app.domain.errors import Invalid
from app.edge.problems import problem
from app.edge.session import UK, today

View = TypeVar("View", bound=Callable[..., Any])


class Asked(Schema):
    """Parameters of an address. What is not declared is refused by name."""

    class Meta:
        unknown = RAISE
        ordered = True

    def quickly(self, arguments: MultiDict[str, str]) -> Any:
        """The same as `load` for what is usually asked, without the schema; None leaves it to the schema."""
        return None


class Answered(Schema):
    """Part of an answer. Every field is always there, and there are no others; what is not known is null."""

    class Meta:
        unknown = RAISE


@dataclass(frozen=True)
class Contract:
    """`answers` describes the body of a 200; `refuses` are statuses beside those that every address may answer.

    `path` says in a sentence what each part of the address is, with an example.
    """

    answers: type[Schema]
    asks: type[Schema] | None = None
    refuses: tuple[int, ...] = ()
    path: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    many: bool = False


@dataclass(frozen=True)
class Dated:
    """A body with the moment of its last change. The body may be what `dumped` wrote."""

    body: Any
    changed_at: datetime


def contract(
    answers: type[Schema],
    asks: type[Asked] | None = None,
    refuses: tuple[int, ...] = (),
    path: Mapping[str, tuple[str, str]] | None = None,
) -> Callable[[View], View]:
    """Declare a view's contract. With `asks`, the view is given what was asked as its last argument.

    The view returns the body, a `Dated` body, or a Response. Put it beneath `allow`.
    """
    agreed = Contract(answers, asks, refuses, path or {})
    reader: Asked | None = asks() if asks else None

    def decorate(view: View) -> View:
        @wraps(view)
        def answering(*args: Any, **kwargs: Any) -> Response:
            if request.args and getattr(request, "left_out", False):
                return problem(400, "The address holds control characters, which are no text. Leave them out.")
            if reader is not None:
                try:
                    asked = reader.quickly(request.args)
                    args = (*args, reader.load(collected(request.args, reader)) if asked is None else asked)
                except ValidationError as error:
                    return refusal(error.normalized_messages(), reader.fields)
            elif request.args:
                return refusal({name: ["Unknown field."] for name in request.args}, ())
            try:
                return sent(view(*args, **kwargs))
            except Invalid as error:
                return refusal({name: [words] for name, words in error.errors.items()}, ())

        answering.__contract__ = agreed  # type: ignore[attr-defined]
        return answering  # type: ignore[return-value]

    return decorate


def between(least: int, most: int) -> validate.Range:
    """A bound that says in plain words what it is."""
    return validate.Range(least, most, error=f"Give a whole number from {least} to {most}.")


class Moment(fields.AwareDateTime):
    """A moment, UTC where it says no zone. One that no calendar has in UTC is refused like a word that is no date."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(load_default=None, default_timezone=UTC, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        found: datetime = super()._deserialize(value, attr, data, **more)
        try:
            return found.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


def collected(arguments: MultiDict[str, str], reader: Schema) -> dict[str, Any]:
    """The parameters with lists where the schema has lists. Raises ValidationError for one that is given twice."""
    asked: dict[str, Any] = {}
    twice: dict[str, list[str]] = {}
    for name, values in arguments.lists():
        known = reader.fields.get(name)
        if isinstance(known, fields.List):
            asked[name] = values
        elif len(values) > 1 and known is not None:
            twice[name] = ["Give this once."]
        else:
            asked[name] = values[0]
    if twice:
        raise ValidationError(twice)  # type: ignore[arg-type]
    return asked


def refusal(errors: Mapping[str, Any], known: Iterable[str]) -> Response:
    """A problem document about parameters, which says what may have been meant."""
    told = {name: _told(name, words, sorted(known)) for name, words in errors.items()}
    wrong = ", ".join(list(told)[:5])
    return problem(400, f"Look at {'this parameter' if len(told) == 1 else 'these parameters'}: {wrong[:200]}.", told)


def _told(name: str, words: Any, known: list[str]) -> list[str]:
    if words != ["Unknown field."]:
        return _flat(words)
    if not known:
        return ["This address takes no parameters."]
    likely = get_close_matches(name.lower(), known, 1, 0.6)
    meant = f" Did you mean {likely[0]}?" if likely else ""
    return [f"There is no such parameter.{meant} There are: {', '.join(known)}."]


def _flat(words: Any) -> list[str]:
    """The sentences of a marshmallow message, which for a list of values are kept by their place."""
    if isinstance(words, Mapping):
        return [sentence for inner in words.values() for sentence in _flat(inner)]
    return [str(word) for word in words]


def sent(answer: Any) -> Response:
    """A view's answer as the response."""
    if isinstance(answer, Response):
        return answer
    body, changed_at = (answer.body, answer.changed_at) if isinstance(answer, Dated) else (answer, None)
    response = Response(body if isinstance(body, bytes) else dumped(body), mimetype="application/json")
    if changed_at is not None:
        response.last_modified = max(changed_at, _this_morning())
    return response


def dumped(body: Any) -> bytes:
    """A body as JSON. Parts of it may be `orjson.Fragment`s, which were written before."""
    return orjson.dumps(body)


def _this_morning() -> datetime:
    """When the day began: what is said of an award is said as of today, so that no answer is older."""
    return datetime.combine(today(), time.min, UK).astimezone(UTC)
