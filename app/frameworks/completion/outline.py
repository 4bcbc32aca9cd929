"""What a text that may be broken already says of itself: its scales, facts, levels, names of the tree and codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from app.frameworks import positions
from app.frameworks.header import read_names
from app.frameworks.problems import Problems

TOP_KEY = re.compile(r"^([A-Za-z][\w-]*):", re.MULTILINE)
CHILD_KEY = re.compile(r"^( +)([\w.-]+):", re.MULTILINE)
CODE = re.compile(
    r"""-\s+(?:\{\s*)?code:[ ]*["']?(?P<code>[A-Za-z0-9][\w.-]*)["']?(?:\s*,\s*|[ ]*\n\s*)?(?:title:[ ]*(?P<title>[^\n,}]*))?"""
)
HEADER = ("names", "scales", "facts", "levels", "ratings", "outcome", "findings", "gates")
MOST_OFFERED = 2_000
Names = Mapping[str, str]  # code -> title


@dataclass(frozen=True)
class FactOutline:
    title: str
    kind: str
    list: str
    choices: Names


@dataclass(frozen=True)
class Outline:
    """`tree` are (one, many) names from the top down; `nodes` every code of the tree, criteria included."""

    tree: tuple[tuple[str, str], ...]
    scales: Names
    facts: Mapping[str, FactOutline]
    levels: Names
    ratings: Names
    nodes: Names
    grades: Names
    gates: Names
    no_award: Names  # names of bands that are no level


@lru_cache(maxsize=2)
def outline(source: str) -> Outline:
    """The outline of a text. What cannot be read is left out; a part that is broken is read as far as its keys show."""
    parts = _parts(source)
    header = {name: _loaded(parts.get(name, "")) for name in HEADER}
    names = header["names"] if isinstance(header["names"], dict) else {}
    tree = read_names({"names": names}, Problems("")).tree
    body = parts.get(tree[0][1], "") if tree else ""
    levels = _codes_in(header["levels"], parts.get("levels", ""))
    findings = header["findings"] if isinstance(header["findings"], dict) else {}
    return Outline(
        tree=tree,
        scales={code: _title(data) for code, data in _entries(header["scales"], parts.get("scales", ""))},
        facts={code: _fact(data) for code, data in _entries(header["facts"], parts.get("facts", ""))},
        levels=levels,
        ratings=_codes_in(header["ratings"], parts.get("ratings", "")),
        nodes=_codes(body),
        grades=_codes_in(findings.get("grades"), ""),
        gates=_codes_in(header["gates"], parts.get("gates", "")),
        no_award=_no_award(header["outcome"], levels),
    )


def _parts(source: str) -> dict[str, str]:
    """Each top key's own lines."""
    starts = [(match[1], match.start()) for match in TOP_KEY.finditer(source)]
    edges = [*(start for _, start in starts), len(source)]
    return {key: source[start:end] for (key, _), (start, end) in zip(starts, pairwise(edges), strict=True)}


def _loaded(part: str) -> Any:
    """The value of one top key; None where its lines are broken."""
    document = positions.load(part, Problems("")) if part else None
    return next(iter(document.values())) if isinstance(document, dict) and document else None


def _entries(data: Any, part: str) -> list[tuple[str, Any]]:
    if isinstance(data, dict):
        return [(str(code), value) for code, value in data.items()]
    found = [(match[1], match[2]) for match in CHILD_KEY.finditer(part)]
    least = min((len(indent) for indent, _ in found), default=0)
    return [(code, None) for indent, code in found if len(indent) == least]


def _codes_in(data: Any, part: str) -> dict[str, str]:
    if isinstance(data, list) and all(isinstance(entry, dict) for entry in data):
        return {code: _title(entry) for entry in data if (code := _text(entry.get("code")))}
    return _codes(part)


def _no_award(outcome: Any, levels: Names) -> dict[str, str]:
    bands = outcome.get("bands") if isinstance(outcome, dict) else None
    named = [_text(band.get("is")) for band in bands if isinstance(band, dict)] if isinstance(bands, list) else []
    return {name: "No award." for name in named if name and name not in levels}


def _codes(part: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in CODE.finditer(part):
        found.setdefault(match["code"], (match["title"] or "").strip().strip("\"'")[:80])
        if len(found) >= MOST_OFFERED:
            break
    return found


def _title(data: Any) -> str:
    title = data.get("title", "") if isinstance(data, dict) else ""
    if isinstance(title, dict):
        title = title.get("en") or next(iter(title.values()), "")
    return _text(title)[:80]


def _text(value: Any) -> str:
    """A text as it stands; nothing for what is none yet."""
    return value if isinstance(value, str) else ""


def _fact(data: Any) -> FactOutline:
    if not isinstance(data, dict):
        return FactOutline("", "", "", {})
    choices = data.get("choices")
    if isinstance(choices, list):
        choices = {str(code): "" for code in choices if isinstance(code, str)}
    given = {str(code): _text(words)[:80] for code, words in choices.items()} if isinstance(choices, dict) else {}
    return FactOutline(_title(data), _text(data.get("kind")), _text(data.get("list")), given)
