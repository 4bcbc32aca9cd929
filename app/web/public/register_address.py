"""The address of a search of the register: read, refused where it cannot be understood, and written short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from rapidfuzz import process
from werkzeug.datastructures import MultiDict

from app.backends.searching import Reach, Sort
from app.domain.errors import Invalid
from app.queries.register import DEFAULT_MILES, MILES, MOST_PAGES, Search
from app.queries.register_facets import FACET_TITLES, FACETS, OF_EDITIONS, known_names, present_codes

PLAIN = ("q", "near", "miles", "reach", "sort", "ended", "exact", "page")
KNOWN = (*PLAIN, *FACETS)
PASSED_OVER = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")  # what mailers and networks hang on to a link
LONGEST = 200
MOST_CODES = 50
LONGEST_CODE = 40
MOST_TOLD = 10  # parts of one kind that mean nothing
ALIKE = 60
WORDS: dict[str, tuple[str, ...]] = {
    "miles": tuple(map(str, MILES)),
    "reach": tuple(reach.value for reach in Reach),
    "sort": tuple(sort.value for sort in Sort),
    "ended": ("yes", "no"),
    "exact": ("1", "0"),
}
DEFAULTS = {"miles": str(DEFAULT_MILES), "reach": Reach.EITHER.value, "ended": "no", "exact": "0", "page": "1"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A part of an address that means nothing here: what it says, and what may have been meant, as (words, changes)."""

    sentence: str
    hints: tuple[tuple[str, dict[str, Any]], ...] = ()


@dataclass
class Asked:
    """What an address asks for. `refused` says what could not be understood; `cut` how long words were that were cut."""

    search: Search
    refused: list[Refused] = field(default_factory=list)
    cut: int = 0


def read_address(arguments: MultiDict[str, str]) -> Asked:
    """The search that an address asks for, and whatever of it is not known."""
    strange = [name for name in arguments if name not in KNOWN and not name.startswith(PASSED_OVER)]
    refused = [_unknown_name(name) for name in strange[:MOST_TOLD]]
    chosen: dict[str, frozenset[str]] = {}
    for facet in FACETS:
        codes = list(dict.fromkeys(code for code in arguments.getlist(facet) if code))
        if len(codes) > MOST_CODES:  # not the first ones alone: whoever asked would take that for the whole answer
            refused.append(_too_many(facet, len(codes)))
            codes = codes[:MOST_CODES]
        present = {new for code in codes for new in present_codes(facet, code[:LONGEST_CODE])}
        known = known_names().get(facet)
        wrong = sorted(code for code in present if known is not None and code not in known)
        refused += [_unknown_code(facet, code) for code in wrong[:MOST_TOLD]]
        if present.difference(wrong):
            chosen[facet] = frozenset(present.difference(wrong))
    plain = {name: _plain(arguments, name, refused) for name in WORDS}
    typed = " ".join(arguments.get("q", "").split())
    search = Search(
        words=_cut(typed),
        near=_cut(" ".join(arguments.get("near", "").split())),
        miles=int(plain["miles"] or DEFAULT_MILES),
        chosen=chosen,
        ended=plain["ended"] == "yes",
        sort=plain["sort"],
        page=_page(arguments, refused),
        reach=plain["reach"] or Reach.EITHER.value,
        exact=plain["exact"] == "1",
    )
    return Asked(search, refused, len(typed) if len(typed) > LONGEST else 0)


def search_from(arguments: MultiDict[str, str]) -> Search:
    """The search that an address asks for. Raises Invalid where a part of it is not known."""
    asked = read_address(arguments)
    if asked.refused:
        raise Invalid({"search": " ".join(each.sentence for each in asked.refused)})
    return asked.search


def _cut(text: str) -> str:
    """At most LONGEST characters, whole words where there are any."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST + 1].rsplit(" ", 1)[0][:LONGEST]


def _plain(arguments: MultiDict[str, str], name: str, refused: list[Refused]) -> str:
    value = arguments.get(name, "")
    if value and value not in WORDS[name]:
        known = ", ".join(WORDS[name])
        refused.append(Refused(f"“{value[:LONGEST_CODE]}” is not known for “{name}”. It can be {known}."))
        return ""
    return value


def _page(arguments: MultiDict[str, str], refused: list[Refused]) -> int:
    value = arguments.get("page", "") or "1"
    if value.isascii() and value.isdigit() and int(value[:9]) >= 1:
        return min(int(value[:9]), MOST_PAGES + 1)
    refused.append(Refused(f"“{value[:LONGEST_CODE]}” is not the number of a page. Pages count from 1."))
    return 1


def _unknown_name(name: str) -> Refused:
    likest = process.extractOne(name[:LONGEST_CODE].lower(), KNOWN, score_cutoff=ALIKE)
    hint = f" Did you mean “{likest[0]}”?" if likest else f" We know {', '.join(KNOWN)}."
    return Refused(f"There is no filter called “{name[:LONGEST_CODE]}”.{hint}")


def _too_many(facet: str, count: int) -> Refused:
    title = FACET_TITLES[facet].lower()
    return Refused(
        f"{count} choices of “{title}” are too many at once. Choose at most {MOST_CODES}, or search in parts."
    )


def _unknown_code(facet: str, code: str) -> Refused:
    """What may have been meant: codes like it, or titles like it."""
    known = known_names()[facet]
    said = {**{each: each for each in known}, **{title.lower(): each for each, title in known.items()}}
    likest = process.extract(code.lower(), said.keys(), limit=4, score_cutoff=ALIKE)
    codes = list(dict.fromkeys(said[words] for words, _, _ in likest))[:3]
    sentence = f"“{code}” is not known for “{FACET_TITLES[facet].lower()}”."
    return Refused(sentence, tuple((known[each], {facet: [each]}) for each in codes))


def unknown_of_edition(errors: Iterable[tuple[str, str]]) -> list[Refused]:
    """Levels and schemes that the database does not know."""
    return [Refused(sentence) for facet, sentence in errors if facet in OF_EDITIONS]


def parameters(search: Search, **changes: Any) -> dict[str, Any]:
    """The parts of a search's address that are not what they would be by default, with some things changed."""
    known: dict[str, Any] = {
        "q": search.words,
        "near": search.near,
        "miles": search.miles if search.near and search.miles != DEFAULT_MILES else None,
        "reach": search.reach if search.near and search.reach != Reach.EITHER else None,
        **{facet: sorted(search.chosen[facet]) for facet in FACETS if facet in search.chosen},
        "ended": "yes" if search.ended else None,
        "sort": search.sort,
        "exact": 1 if search.exact and search.words else None,
        **changes,
    }
    return {key: value for key, value in known.items() if value}


def written(path: str, parts: dict[str, Any]) -> str:
    """`path` with its parameters. By urlencode: a page has a hundred addresses, and url_for takes its time for each."""
    return f"{path}?{urlencode(parts, doseq=True)}" if parts else path


def address(search: Search, **changes: Any) -> str:
    """The address of the same search with some things changed: q, near, miles, page, sort ... or a facet's codes."""
    return written(url_for("public.register"), parameters(search, **changes))


def shorter(arguments: MultiDict[str, str], search: Search) -> str | None:
    """The short address of the same search, where a form sent fields that are empty or say what goes without saying."""
    idle = [
        name
        for name, value in arguments.items(multi=True)
        if name in KNOWN and (not value or DEFAULTS.get(name) == value)
    ]
    if not idle:
        return None
    return address(search, page=search.page if search.page > 1 else None)
