"""Plain data -> YAML in the layout of our framework files: what a scheme manager would have written by hand."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import yaml

WIDTH = 110
# What YAML does not take as it stands; in double quotes it is written by its number.
UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=")
RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers
NUMBER_LIKE = re.compile(r"[-+.]?[0-9][0-9_.,:eE+x-]*|0o[0-7]+")


class Inline(dict[str, Any]):
    """Keys and values that stand on one line, {kind: document, title: Minutes}, where they fit."""


def written(document: Mapping[str, Any], notes: Mapping[str, str] | None = None) -> str:
    """The document as YAML, ending in a line break. Values are text, lists, or keys with values; `None` and empties are left out.

    `notes` are comments: the one under "" stands on top, every other above the key of that name.
    """
    notes = notes or {}
    blocks = [_comment(notes[""])] if notes.get("") else []
    for key, value in document.items():
        if _empty(value):
            continue
        comment = _comment(notes[key]) + "\n" if notes.get(key) else ""
        blocks.append(comment + "\n".join(_entry(key, value, 0)))
    return _spaced(blocks) + "\n"


def _spaced(blocks: list[str]) -> str:
    """Short lines that follow each other stay together; anything of several lines is set apart."""
    text = blocks[0]
    for before, block in pairwise(blocks):
        text += ("\n\n" if "\n" in before or "\n" in block or before.startswith("#") else "\n") + block
    return text


def _comment(words: str) -> str:
    """A comment, cut into lines; what would break one is left out."""
    lines: list[str] = []
    for word in UNPRINTABLE.sub(" ", words).split():
        if lines and len(lines[-1]) + len(word) < WIDTH:
            lines[-1] += " " + word
        else:
            lines.append("# " + word)
    return "\n".join(lines)


def _empty(value: Any) -> bool:
    return value is None or (not isinstance(value, str | int) and not value) or value == ""


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """`key: value`, over as many lines as it takes."""
    margin = " " * indent
    name = _key(key)
    if isinstance(value, Mapping | list):
        line = inline(value)
        if line is not None and len(margin) + len(name) + 2 + len(line) <= WIDTH:
            yield f"{margin}{name}: {line}"
        else:
            yield f"{margin}{name}:"
            yield from _inside(value, indent + 2)
        return
    text = str(value)
    if _is_block(text):
        yield f"{margin}{name}: |-"
        yield from (f"{margin}  {line}" if line else "" for line in text.split("\n"))
    else:
        yield f"{margin}{name}: {scalar(text)}"


def _inside(value: Mapping[str, Any] | list[Any], indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not _empty(inner):
                yield from _entry(key, inner, indent)
        return
    for item in value:
        yield from _item(item, indent)


def _item(item: Any, indent: int) -> Iterator[str]:
    """One entry of a list: a dash, and what belongs to it indented below."""
    margin = " " * indent
    line = inline(item) if isinstance(item, Mapping | list) else None
    if line is not None and len(line) + indent + 2 <= WIDTH:
        yield f"{margin}- {line}"
    elif isinstance(item, Mapping | list):
        lines = list(_inside(item, indent + 2))
        yield f"{margin}- {lines[0].lstrip(' ')}"
        yield from lines[1:]
    elif _is_block(str(item)):
        yield f"{margin}- |-"
        yield from (f"{margin}  {part}" if part else "" for part in str(item).split("\n"))
    else:
        yield f"{margin}- {scalar(str(item))}"


def inline(value: Any) -> str | None:
    """The value on one line; None where it holds texts of several lines, or is not meant to stand on one."""
    if isinstance(value, Inline):
        parts = [(_key(key), inline(inner)) for key, inner in value.items() if not _empty(inner)]
        return (
            None if any(inner is None for _, inner in parts) else "{" + ", ".join(f"{k}: {v}" for k, v in parts) + "}"
        )
    if isinstance(value, list) and value and all(isinstance(each, str) and "\n" not in each for each in value):
        return "[" + ", ".join(scalar(each, flow=True) for each in value) + "]" if _short(value) else None
    if isinstance(value, str | int) and "\n" not in str(value):
        return scalar(str(value), flow=True)
    return None


def _short(texts: list[str]) -> bool:
    return all(len(text) <= 40 and " " not in text for text in texts)


def _is_block(text: str) -> bool:
    return "\n" in text and not UNPRINTABLE.search(text) and not text[0].isspace() and text[-1] != "\n"


def _key(text: str) -> str:
    return text if text.isascii() and text.isdigit() else scalar(text, flow=True)


def scalar(text: str, *, flow: bool = False) -> str:
    """A text as YAML writes it on one line: as it is where that is safe for every reader, else in quotes."""
    if _is_plain(text) and not (flow and any(sign in text for sign in ",[]{}?")):
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + UNPRINTABLE.sub(_by_number, quoted) + '"'


def _by_number(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _is_plain(text: str) -> bool:
    if not text or text != text.strip() or text[0] in INDICATORS or text.endswith(":"):
        return False
    if "\n" in text or "\t" in text or ": " in text or " #" in text or UNPRINTABLE.search(text):
        return False
    if NUMBER_LIKE.fullmatch(text):
        return False
    return not any(pattern.match(text) for _, pattern in RESOLVERS.get(text[0], ()))
