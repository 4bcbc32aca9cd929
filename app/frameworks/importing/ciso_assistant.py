"""CISO Assistant libraries: a flat list of requirement nodes, each naming its parent, becomes a tree."""

from dataclasses import dataclass
from typing import Any

from app.domain.errors import Invalid
from app.domain.wording import counted, joined
from app.frameworks.importing.answers import Answers
from app.frameworks.importing.document import Foreign, edition_code, framework_code
from app.frameworks.importing.drafting import DEEPEST, Item, too_deep, wishes_for
from app.frameworks.importing.groups import Groups
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import Words, clean, joined_words, language_code, words_of

FORMAT = "CISO Assistant library"
NAMES = tuple("section subsection topic subtopic heading subheading point subpoint item subitem".split())
LEAF = "requirement"
YES = ("true", "yes", "x", "1")
OTHER_OBJECTS = {
    "requirement_mapping_set": "a mapping between frameworks",
    "requirement_mapping_sets": "mappings between frameworks",
    "risk_matrix": "a risk matrix",
    "threats": "threats",
    "reference_controls": "reference controls",
    "metric_definitions": "metrics",
}
# Keys of a requirement node that our format has no place for, as the report names them.
NO_PLACE = {
    "threats": "Threats named by requirements",
    "reference_controls": "Reference controls named by requirements",
    "importance": "Importance of requirements",
}
# Every key that is read somewhere or reported under a name of its own; any other is reported by its own name.
KNOWN = {
    "library": "urn locale ref_id name description copyright version publication_date provider packager objects translations "
    "convert_library_version dependencies",
    "framework": "urn ref_id name description translations requirement_nodes scores_definition min_score max_score locale "
    "implementation_groups_definition",
    "nodes": "urn ref_id name description translations annotation typical_evidence assessable depth parent_urn "
    "implementation_groups questions question weight order_id threats reference_controls importance",
}
PARENT_UNKNOWN = "Parents that are not in the file; the node stands where its depth puts it"


def is_library(data: Any) -> bool:
    return isinstance(data, dict) and isinstance(data.get("objects"), dict)


def read_library(data: dict[str, Any]) -> Foreign:
    """The framework of a library. Raises Invalid, saying what the file holds instead."""
    framework = _framework(data["objects"])
    notes = Notes()
    others = [each for key, each in OTHER_OBJECTS.items() if data["objects"].get(key)]
    if others:
        notes.leave("Other things in the library", joined(others), len(others))
    names = [_text(framework, "ref_id"), _text(data, "ref_id"), _text(framework, "name"), _text(data, "name")]
    _note_others("library", data, notes)
    _note_others("framework", framework, notes)
    reader = _Reader(framework, language_code(data.get("locale") or framework.get("locale")), notes)
    items = reader.items()
    return Foreign(
        format=FORMAT,
        origin=_origin(data, framework),
        code=framework_code(*names, _tail(framework.get("urn"), 0)),
        edition=edition_code(_text(data, "version"), _text(data, "publication_date")),
        title=words_of(framework, "name", reader.language)
        or words_of(data, "name", reader.language)
        or {"en": "Imported"},
        language=reader.language,
        items=items,
        names=NAMES,
        leaf=LEAF,
        notes=notes,
        nodes=len(reader.nodes),
        assessable=sum(_is_assessable(node) for node in reader.nodes),
        summary=_summary(data, framework, reader.language),
        scales=reader.answers.scales,
        facts=reader.groups.facts,
        levels=reader.groups.levels,
    )


def _framework(objects: dict[str, Any]) -> dict[str, Any]:
    found = objects.get("framework") or objects.get("frameworks")
    if isinstance(found, list):
        if len(found) > 1:
            raise Invalid({"file": f"This library holds {len(found)} frameworks. Split it into one file for each."})
        found = found[0] if found else None
    if not isinstance(found, dict):
        others = [words for key, words in OTHER_OBJECTS.items() if objects.get(key)]
        holds = f"It holds {joined(others)}" if others else "It is empty"
        raise Invalid({"file": f"This CISO Assistant library holds no framework. {holds}."})
    if not isinstance(found.get("requirement_nodes"), list) or not found["requirement_nodes"]:
        raise Invalid({"file": "The framework in this CISO Assistant library has no requirement nodes."})
    return found


def _note_others(what: str, holder: dict[str, Any], notes: Notes) -> None:
    """Reports the keys that nothing here reads."""
    known = KNOWN[what].split()
    for key, value in holder.items():
        if value and key not in known:
            notes.leave(f"Other keys of {what if what == 'nodes' else f'the {what}'}", key)


def _origin(data: dict[str, Any], framework: dict[str, Any]) -> str:
    parts = [f"Brought over from a CISO Assistant library: {_text(data, 'urn') or _text(framework, 'urn') or 'no urn'}"]
    for key, words in (("version", "version"), ("publication_date", "published"), ("packager", "packaged by")):
        if _text(data, key):
            parts.append(f"{words} {_text(data, key)}")
    return ", ".join(parts)


def _summary(data: dict[str, Any], framework: dict[str, Any], language: str) -> list[Words]:
    described = words_of(framework, "description", language) or words_of(data, "description", language)
    provider = _text(data, "provider")
    return [described, {language: provider} if provider else {}, words_of(data, "copyright", language)]


@dataclass(slots=True)
class _Placed:
    """A node with its place: `number` counts from 1 in the order of the file."""

    node: dict[str, Any]
    number: int
    urn: str
    children: list["_Placed"]


class _Reader:
    """Reads the nodes once, in the order of the file."""

    def __init__(self, framework: dict[str, Any], language: str, notes: Notes) -> None:
        self.language, self.notes = language, notes
        listed = framework["requirement_nodes"]
        self.nodes = [node for node in listed if isinstance(node, dict)]
        notes.leave("Entries among the nodes that are no nodes", count=len(listed) - len(self.nodes))
        assessable = [node for node in self.nodes if _is_assessable(node)]
        self.groups = Groups(framework, assessable, language, notes)
        self.answers = Answers(framework, assessable, language, notes)

    def items(self) -> list[Item]:
        roots = self._tree()
        _check_depth(roots)
        items = [self._item(each, str(index)) for index, each in enumerate(roots, 1)]
        self._note_what_came()
        return items

    def _tree(self) -> list[_Placed]:
        """The nodes below their parents, siblings in the order of the file."""
        placed = [_Placed(node, number, _text(node, "urn"), []) for number, node in enumerate(self.nodes, 1)]
        by_urn: dict[str, _Placed] = {}
        for each in placed:
            if each.urn in by_urn:
                self.notes.move("Nodes whose urn another node has too", each.urn)
            elif each.urn:
                by_urn[each.urn] = each
        roots: list[_Placed] = []
        above: list[_Placed] = []
        parents: dict[int, _Placed] = {}
        for each in placed:
            while above and _depth(above[-1].node) >= _depth(each.node):
                above.pop()
            parent = self._parent(each, by_urn, above, parents)
            if parent is None:
                roots.append(each)
            else:
                parents[each.number] = parent
                parent.children.append(each)
            above.append(each)
        return roots

    def _parent(
        self, each: _Placed, by_urn: dict[str, _Placed], above: list[_Placed], parents: dict[int, _Placed]
    ) -> _Placed | None:
        """The parent that the node names; the last node before it that is less deep where it names none that there is."""
        urn = _text(each.node, "parent_urn")
        named = by_urn.get(urn)
        if named is not None and not _is_below(named, each, parents):
            return named
        if urn:
            self.notes.move(PARENT_UNKNOWN, urn)
        return above[-1] if above and not _is_below(above[-1], each, parents) else None

    def _item(self, placed: _Placed, place: str) -> Item:
        node = placed.node
        item = Item(
            id=placed.urn or f"#{placed.number}",
            wishes=wishes_for(_text(node, "ref_id"), _tail(placed.urn, 1), place=place),
            title=words_of(node, "name", self.language),
            text=words_of(node, "description", self.language),
            asked=_is_assessable(node),
            children=[self._item(child, f"{place}.{index}") for index, child in enumerate(placed.children, 1)],
        )
        self._note_node(node, item)
        guidance = [words_of(node, key, self.language) for key in ("annotation", "typical_evidence")]
        item.guidance = joined_words(guidance)
        if item.asked:
            self._ask(node, item)
        elif item.guidance:
            item.text = joined_words([item.text, item.guidance])
        return item

    def _ask(self, node: dict[str, Any], item: Item) -> None:
        scale, item.prompts = self.answers.of(node)
        item.more = {"scale": scale, **self.groups.of(node)}
        weight = _text(node, "weight")
        if weight.isascii() and weight.isdigit() and int(weight) > 1:
            item.more["weight"] = weight
        if not item.title and not item.text and item.prompts:
            item.text = item.prompts.pop(0)
            self.notes.move("Questions that stand for requirements without a text", next(iter(item.text.values())))

    def _note_node(self, node: dict[str, Any], item: Item) -> None:
        _note_others("nodes", node, self.notes)
        for key, what in NO_PLACE.items():
            value = node.get(key)
            if value and value != "undefined":
                self.notes.leave(
                    what, value if isinstance(value, str) else str(value[0]) if isinstance(value, list) else ""
                )
        if not item.asked:
            self.notes.leave(
                "Implementation groups of nodes that are not assessed", count=len(_list(node, "implementation_groups"))
            )
            self.notes.leave("Questions of nodes that are not assessed", count=len(node.get("questions") or ()))
        ref = _text(node, "ref_id")
        if ref and ref not in item.wishes:
            self.notes.move("Names that no code can be, written otherwise", f"{ref} is {item.wishes[0]}")

    def _note_what_came(self) -> None:
        with_guidance = sum(bool(node.get("annotation") or node.get("typical_evidence")) for node in self.nodes)
        if with_guidance:
            self.notes.came.append(f"annotations and typical evidence of {counted(with_guidance, 'part')}, as guidance")


def _is_below(one: _Placed, other: _Placed, parents: dict[int, _Placed]) -> bool:
    """Whether `one` is `other` or stands somewhere below it, so that it cannot be its parent. Raises Invalid if too deep."""
    each: _Placed | None = one
    for _ in range(DEEPEST):
        if each is other:
            return True
        each = parents.get(each.number)
        if each is None:
            return False
    raise too_deep()


def _check_depth(roots: list[_Placed]) -> None:
    """Raises Invalid where the tree is too deep to be walked down."""
    level, depth = roots, 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise too_deep()
        level = [child for each in level for child in each.children]


def _is_assessable(node: dict[str, Any]) -> bool:
    return _text(node, "assessable").lower() in YES


def _depth(node: dict[str, Any]) -> int:
    depth = _text(node, "depth")
    return int(depth) if depth.isascii() and depth.isdigit() and len(depth) < 4 else 1


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    return clean(value) if isinstance(value, str) else ""


def _list(data: dict[str, Any], key: str) -> list[str]:
    value = data.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _tail(urn: Any, parts: int) -> str:
    """What a urn says of the thing itself: urn:who:risk:req_node:framework:a:b -> a-b with `parts` 1, framework-a-b with 0."""
    pieces = urn.split(":") if isinstance(urn, str) else []
    return "-".join(pieces[4 + parts :])
