"""Proves an import against the foreign file itself, which is read here a second time and in another way."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from app.domain.framework import Criterion, Framework, Node
from app.domain.wording import Text
from app.frameworks.checking import check_source
from app.frameworks.importing.drafting import TOP, group_code
from app.frameworks.importing.report import ImportResult

INSERTED = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Thing:
    """One node of the foreign file: the ids above it from the top down, whether it is assessed, and its texts in pieces."""

    id: str
    above: tuple[str, ...]
    asked: bool
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in the foreign file, and every way in which the import differs from it."""

    nodes: int
    assessable: int
    signs: int
    faults: tuple[str, ...]


def proof(data: bytes, result: ImportResult) -> Proof:
    """Compares numbers, parents and texts, and checks what was written."""
    things = list(_things(data))
    assessable = sum(thing.asked for thing in things)
    faults = [str(problem) for problem in check_source(result.source, result.report.source)]
    signs = sum(len(_bare(text)) for thing in things for text in thing.texts)
    if result.framework is not None:
        faults += _miscounted(len(things), assessable, result)
        checker = _Checker(result.framework, result)
        faults += [fault for thing in things for fault in checker.faults(thing)]
    return Proof(len(things), assessable, signs, tuple(faults))


def _miscounted(nodes: int, assessable: int, result: ImportResult) -> Iterator[str]:
    brought = len(result.framework.criteria) if result.framework else 0
    pairs = {"nodes": (nodes, result.report.nodes), "assessable": (assessable, brought)}
    yield from (
        f"{what}: {theirs} in the file, {ours} brought over" for what, (theirs, ours) in pairs.items() if theirs != ours
    )


class _Checker:
    """Looks up what became of a thing. Whatever asks nothing stands in the texts of what it stood under."""

    def __init__(self, framework: Framework, result: ImportResult) -> None:
        self.framework, self.codes = framework, result.codes
        self.nodes = {node.code: node for node in framework.nodes}
        self.asked = {criterion.code for criterion in framework.criteria}
        self.above = dict(_paths(framework.roots, []))

    def faults(self, thing: Thing) -> Iterator[str]:
        """What is wrong with one thing. What asks nothing, and nothing below it does, has no place of its own."""
        code = self.codes.get(thing.id, "")
        found = self._path(code)
        expected = [self._node_code(each) for each in thing.above]
        if found is None and thing.asked:
            yield f"{thing.id}: did not come over"
        elif found not in (None, expected) and (found != [TOP] or expected):
            yield f"{thing.id}: stands below {expected} in the file, below {found} here"
        texts = _bare(" ".join(self._texts(thing)))
        for text in thing.texts:
            if _bare(text) not in texts:
                yield f"{thing.id}: not whole: {text[:80]}"

    def _path(self, code: str) -> list[str] | None:
        """The codes of the nodes above a node or criterion, without the node that stands around a criterion alone."""
        if code not in self.asked:
            return self.above.get(code)
        path = [node.code for node in self.framework.node_of(code)]
        return path[:-1] if path[-1] == group_code(code) else path

    def _node_code(self, thing_id: str) -> str:
        code = self.codes.get(thing_id, "")
        return code if code in self.nodes else group_code(code)

    def _texts(self, thing: Thing) -> list[str]:
        """All texts of what became of the thing, or of the nearest thing above it of which something became."""
        for each in (thing.id, *reversed(thing.above)):
            code = self.codes.get(each)
            if code in self.nodes:
                return _of_node(self.nodes[code])
            if code is not None and code in self.asked:
                around = self.nodes.get(group_code(code))
                return _of_criterion(self.framework.criterion(code)) + (_of_node(around) if around else [])
        return _said(self.framework.summary)


def _paths(nodes: Iterable[Node], above: list[str]) -> Iterator[tuple[str, list[str]]]:
    for node in nodes:
        yield node.code, above
        yield from _paths(node.children, [*above, node.code])


def _of_node(node: Node) -> list[str]:
    return _said(node.title) + _said(node.summary)


def _of_criterion(criterion: Criterion) -> list[str]:
    texts = [criterion.title, criterion.text, criterion.why, criterion.guidance, *criterion.prompts]
    return [words for text in texts for words in _said(text)]


def _said(text: Text) -> list[str]:
    return [words for _, words in text.by_language]


def _bare(text: str) -> str:
    """The text without white space, which lists and titles may set otherwise."""
    return "".join(text.split())


def _things(data: bytes) -> Iterator[Thing]:
    text = data.decode("utf-8-sig")
    document = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, yaml.CSafeLoader)
    if "catalog" in document:
        yield from _in_catalog(document["catalog"], ())
        return
    nodes = document["objects"]["framework"]["requirement_nodes"]
    parents = {node["urn"]: node.get("parent_urn") for node in nodes}
    for node in nodes:
        texts = [node[key] for key in ("name", "description", "annotation", "typical_evidence") if node.get(key)]
        yield Thing(node["urn"], _above(node["urn"], parents), bool(node["assessable"]), tuple(texts))


def _above(urn: str, parents: dict[str, Any]) -> tuple[str, ...]:
    found: list[str] = []
    while parent := parents.get(found[0] if found else urn):
        found.insert(0, parent)
    return tuple(found)


def _in_catalog(holder: dict[str, Any], above: tuple[str, ...]) -> Iterator[Thing]:
    for key in ("groups", "controls"):
        for inner in holder.get(key, []):
            prose = [piece for part in _parts(inner) for piece in INSERTED.split(part.get("prose", ""))]
            yield Thing(inner["id"], above, key == "controls", (inner["title"], *prose))
            yield from _in_catalog(inner, (*above, inner["id"]))


def _parts(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in holder.get("parts", []):
        yield part
        yield from _parts(part)
