"""The parameters of a search: those of the page, under the same names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate
from werkzeug.datastructures import MultiDict

from app.api.contract import Asked, between
from app.backends.searching import Reach, Sort
from app.queries.register import DEFAULT_MILES, FACETS, MILES, MOST_PAGES, Search
from app.queries.register_facets import known_names, present_codes

MOST_CODES = 50
MOST_CHARACTERS = 200

CODES: Mapping[str, Collection[str]] = known_names()
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


USUAL: Mapping[str, Any] = {"q": "", "near": "", "miles": str(DEFAULT_MILES), "page": "1", "facets": None}
"""The parameters that are read without the schema, as they are where they are left out."""
MILES_AS_TEXT = frozenset(str(miles) for miles in MILES)
PAGE = re.compile("[1-9][0-9]{0,2}")


def known(facet: str) -> Callable[[str], None]:
    """Refuses a code that is not known, so that a slip is told from a search that finds nothing.

    A council or care board that was merged is taken for what it is now.
    """

    def check(code: str) -> None:
        if not all(present in CODES[facet] for present in present_codes(facet, code)):
            raise ValidationError(f"{code[:40]!r} is not a code that we know. The codes are at /api/v1/codes.")

    return check


def some_codes(facet: str) -> fields.List:
    """Any number of codes, given by naming the parameter several times."""
    check = known(facet) if facet in CODES else validate.Length(min=1, max=40)
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
    miles = fields.Integer(
        load_default=DEFAULT_MILES,
        validate=validate.OneOf(MILES),
        metadata={"description": "How far from the place, in a straight line."},
    )
    ended = fields.String(
        load_default="",
        validate=validate.OneOf(["", "yes", "no"]),
        metadata={"description": "“yes” finds approvals that have ended, too."},
    )
    sort = fields.String(
        load_default="",
        validate=validate.OneOf(["", *(sort.value for sort in Sort)]),
        metadata={"description": "Without it: the nearest first where a place is named, else the most relevant."},
    )
    reach = fields.String(
        load_default=Reach.EITHER.value,
        validate=validate.OneOf([reach.value for reach in Reach]),
        metadata={"description": "Whether “near” means that they are based there, that they work there, or either."},
    )
    exact = fields.String(
        load_default="0",
        validate=validate.OneOf(["0", "1"]),
        metadata={"description": "“1” takes the words as they are typed, though they find nothing."},
    )
    page = fields.Integer(
        load_default=1, validate=between(1, MOST_PAGES), metadata={"description": "Which page of the results."}
    )
    facets = fields.String(
        load_default=None,
        metadata={
            "description": "Which facets to count, separated by commas; “none” for none. Without it, all are counted. "
            "Ask for what you use: it is quicker.",
            "example": "service,area",
        },
    )

    def quickly(self, arguments: MultiDict[str, str]) -> tuple[Search, tuple[str, ...] | None] | None:
        """Words, a place, a page and facets as most ask them: twenty fields cost more than the search."""
        asked = dict(USUAL)
        for name, values in arguments.lists():
            if name not in asked or len(values) != 1 or len(values[0]) > MOST_CHARACTERS:
                return None
            asked[name] = values[0]
        if not (asked["miles"] in MILES_AS_TEXT and PAGE.fullmatch(asked["page"])):
            return None
        try:
            facets = _facets(asked["facets"])
        except ValidationError:
            return None
        miles, page = int(asked["miles"]), int(asked["page"])
        return Search(words=asked["q"].strip(), near=asked["near"].strip(), miles=miles, page=page), facets

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
        chosen={facet: _present(facet, data[facet]) for facet in FACETS if data[facet]},
        ended=data["ended"] == "yes",
        sort=data["sort"],
        page=data["page"],
        reach=data["reach"],
        exact=data["exact"] == "1",
    )


def _present(facet: str, codes: list[str]) -> frozenset[str]:
    return frozenset(present for code in codes for present in present_codes(facet, code))


def _facets(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(",") if name.strip() not in {"", "none"})
    wrong = [name for name in names if name not in FACETS]
    if wrong:
        raise ValidationError({"facets": [f"{wrong[0][:40]!r} is no facet. There are: {', '.join(FACETS)}."]})
    return names
