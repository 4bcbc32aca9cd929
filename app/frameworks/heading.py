"""What the text of an edition says of itself at its top, even where the rest is full of mistakes; and raising its edition."""

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any

import yaml

from app.frameworks import positions
from app.frameworks.problems import Problems

KEY = re.compile(r"^(framework|edition|title)\s*:", re.MULTILINE)
NEXT_KEY = re.compile(r"^[^\s#]", re.MULTILINE)
MOST_TRIED = 100
MARKS = re.compile(r"(?:[&!]\S*\s+)*")  # an anchor or a tag before a value


@dataclass(frozen=True, slots=True)
class Heading:
    """`code`, `edition` and `title` of a framework, each empty where the text does not say it."""

    code: str = ""
    edition: str = ""
    title: str = ""


def heading(source: str) -> Heading:
    """Read line by line, so that a mistake elsewhere does not hide it."""
    found: dict[str, str] = {}
    for key in islice(KEY.finditer(source), MOST_TRIED):
        if key[1] in found:
            continue
        after = NEXT_KEY.search(source, key.end())
        said = positions.load(source[key.start() : after.start() if after else len(source)], Problems(""))
        if isinstance(said, dict):
            found[key[1]] = _words(said.get(key[1]))
    return Heading(found.get("framework", ""), found.get("edition", ""), found.get("title", ""))


def _words(value: Any) -> str:
    """A text, or of a text in several languages the English one, else the first."""
    if isinstance(value, dict):
        value = value.get("en") or next(iter(value.values()), "")
    return " ".join(value.replace("\0", "").split()) if isinstance(value, str) else ""


def with_edition(source: str, edition: str) -> str:
    """The same text, sign for sign, with another edition. Raises ValueError where it names none."""
    text = source.removeprefix("\ufeff")
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    for key, value in pairs:
        if key.value == "edition" and isinstance(value, yaml.ScalarNode):
            start, end = value.start_mark.index, value.end_mark.index
            marks = MARKS.match(text, start, end)
            start = marks.end() if marks else start
            return text[:start] + _written(edition, value.style) + text[end:]
    raise ValueError("This text names no edition.")


def _written(edition: str, style: str | None) -> str:
    """A code as its line had it: plain, or in its quotes. Codes hold nothing that would have to be escaped."""
    if style in {"|", ">"}:  # such a value runs on to the line below it
        return f'"{edition}"\n'
    return f"{style or ''}{edition}{style or ''}"
