"""The parameters of a search: those of the page, under the same names."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.api.contract import Asked, between
from app.backends.postcodes import area_names
from app.domain.offers import Taking
from app.domain.size import SIZES
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, SERVICES, titles
from app.queries.register import DEFAULT_MILES, FACETS, MILES, MOST_PAGES, Search
from app.queries.register_rows import STATUS_TITLES

MOST_CODES = 50
MOST_CHARACTERS = 200

CODES: dict[str, Callable[[], Collection[str]]] = {
    "service": lambda: titles(SERVICES),
    "group": lambda: titles(CLIENT_GROUPS),
    "area": area_names,
    "status": lambda: [status.value for status in STATUS_TITLES],
    "size": lambda: SIZES,
    "language": lambda: titles(LANGUAGES),
    "access": lambda: titles(ACCESS),
    "availability": lambda: [taking.value for taking in Taking],
}
"""The codes of the facets that are the same in every scheme; levels and schemes are whatever there are."""
MEANING = {
    "service": "Kind of service.",
    "group": "Who it is for.",
    "area": "Council area, by GSS code.",
    "region": "Region or nation, by GSS code.",
    "icb": "Integrated care board, by GSS code.",
    "level": "Level of the award.",
    "scheme": "Scheme that awarded it.",
    "status": "Status of the award today. Without it, those that stand: approved in any way, or suspended.",
    "size": "Size of the organisation by yearly income.",
    "language": "Language in which the service can be used.",
    "access": "What makes it usable for people who would otherwise be kept out.",
    "availability": "Whether it takes people on, as the provider last said.",
}


def known(codes: Callable[[], Collection[str]]) -> Callable[[str], None]:
    """Refuses a code that is not known, so that a slip is told from a search that finds nothing."""

    def check(code: str) -> None:
        if code not in codes():
            raise ValidationError(f"{code[:40]!r} is not a code that we know. The codes are at /api/v1/codes.")

    return check


def some_codes(facet: str) -> fields.List:
    """Any number of codes, given by naming the parameter several times."""
    check = known(CODES[facet]) if facet in CODES else validate.Length(min=1, max=40)
    text = f"{MEANING.get(facet, '')} Name it several times for any of them.".strip()
    return fields.List(
        fields.String(validate=check),
        load_default=list,
        validate=validate.Length(max=MOST_CODES),
        metadata={"description": text},
    )


class _Search(Asked):
    q = fields.String(
        load_default="",
        validate=validate.Length(max=MOST_CHARACTERS),
        metadata={"description": "Words, with “phrases” in double quotes."},
    )
    near = fields.String(
        load_default="",
        validate=validate.Length(max=MOST_CHARACTERS),
        metadata={"description": "A postcode, the first part of one, a town or a council.", "example": "LA1 4AB"},
    )
    miles = fields.Integer(load_default=DEFAULT_MILES, validate=validate.OneOf(MILES))
    ended = fields.String(
        load_default="",
        validate=validate.OneOf(["", "yes", "no"]),
        metadata={"description": "“yes” finds approvals that have ended, too."},
    )
    sort = fields.String(load_default="", validate=validate.OneOf(["", "relevance", "distance"]))
    page = fields.Integer(load_default=1, validate=between(1, MOST_PAGES))
    facets = fields.String(
        load_default=None,
        metadata={
            "description": "Which facets to count, separated by commas; “none” for none. Without it, all are counted. "
            "Ask for what you use: it is quicker.",
            "example": "service,area",
        },
    )

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> tuple[Search, tuple[str, ...] | None]:
        """The search, and the facets to count; None for all."""
        return search_of(data), _facets(data["facets"])


SearchSchema = type(_Search)("SearchSchema", (_Search,), {facet: some_codes(facet) for facet in FACETS})
"""A search with one parameter for every facet that the register has."""


def search_of(data: dict[str, Any]) -> Search:
    return Search(
        words=data["q"].strip(),
        near=data["near"].strip(),
        miles=data["miles"],
        chosen={facet: frozenset(data[facet]) for facet in FACETS if data[facet]},
        ended=data["ended"] == "yes",
        sort=data["sort"],
        page=data["page"],
    )


def _facets(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(",") if name.strip() not in {"", "none"})
    wrong = [name for name in names if name not in FACETS]
    if wrong:
        raise ValidationError({"facets": [f"{wrong[0][:40]!r} is no facet. There are: {', '.join(FACETS)}."]})
    return names
