"""The examples on a page about the format, each put into the file that the page has built so far."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
TEXT = re.compile(r"^```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
NOTE = re.compile(r"# (put in|for once, put in|add to|cases)(?:: (.+))?\n")
LIST_OF = re.compile(r"the (\S+) of (\S+)")


@dataclass(frozen=True)
class Example:
    """One block of a page: a whole framework as text, and the cases scored with it, if the block holds cases."""

    line: int
    framework: str
    cases: str = ""


def examples(page: str) -> Iterator[Example]:
    """The framework after each block of `page`, and each list of cases with the framework that it is about."""
    text = (DOCS / page).read_text("utf-8")
    kept: dict[str, Any] = {}
    shown = ""
    for block in BLOCK.finditer(text):
        line, source = text.count("\n", 0, block.start()) + 1, block[1]
        note = NOTE.match(source)
        if source.startswith("framework:"):
            kept, shown = kept or yaml.load(source, yaml.BaseLoader), source
            yield Example(line, shown)
        elif note and note[1] == "cases":
            yield Example(line, shown, source)
        elif note:
            changed = _changed(kept, note[1], note[2], yaml.load(source, yaml.BaseLoader))
            kept = kept if note[1].startswith("for once") else changed
            shown = yaml.safe_dump(changed, sort_keys=False, allow_unicode=True)
            yield Example(line, shown)


def said(page: str) -> Iterator[tuple[Example, str, list[str]]]:
    """What the page says that a case says: the cases it is among, its name, and the sentences."""
    text = (DOCS / page).read_text("utf-8")
    every = list(examples(page))
    for block in TEXT.finditer(text):
        line = text.count("\n", 0, block.start()) + 1
        about = [each for each in every if each.cases and each.line < line][-1]
        for part in block[1].split("# ")[1:]:
            name, *sentences = part.strip().splitlines()
            yield about, name, sentences


def loose_blocks(page: str) -> list[str]:
    """The blocks that nothing runs."""
    text = (DOCS / page).read_text("utf-8")
    found = [block[1] for block in BLOCK.finditer(text)]
    return [source for source in found if not source.startswith("framework:") and not NOTE.match(source)]


def _changed(document: dict[str, Any], how: str, where: str, block: Any) -> dict[str, Any]:
    document = copy.deepcopy(document)
    if how == "add to":
        found = LIST_OF.fullmatch(where)
        assert found, where
        _with_code(document, found[2])[found[1]] += block
        return document
    place = document if where == "the file" else document[where] if where in document else _with_code(document, where)
    place.update(block)
    for key in [key for key, value in place.items() if value == ""]:
        del place[key]
    return document


def _with_code(document: Any, code: str) -> dict[str, Any]:
    """The node or criterion with that code. Raises AssertionError where there is not just one."""
    inner = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    found = [document] if isinstance(document, dict) and document.get("code") == code else []
    for each in inner:
        if isinstance(each, dict | list):
            found += [_with_code(each, code)] if _has(each, code) else []
    assert len(found) == 1, code
    return found[0]


def _has(document: Any, code: str) -> bool:
    if isinstance(document, dict):
        return document.get("code") == code or any(_has(each, code) for each in document.values())
    return isinstance(document, list) and any(_has(each, code) for each in document)
