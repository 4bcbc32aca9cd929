"""What every foreign format is brought to before it is written in ours: items in a tree, some of which are asked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import indent
from typing import Any

from app.domain.errors import Invalid
from app.frameworks.header import plural
from app.frameworks.importing.report import Notes
from app.frameworks.importing.words import LONGEST_CODE, Codes, Words, ending, joined_words, one_line, shortened, usable
from app.frameworks.writing import Inline

DEEPEST = 24
STEP = "  "
TOP = "top"
GROUP_ENDING = "-group"
ORDER = "title text why guidance scale not_applicable level required expected weight applies evidence learn maps_to prompts".split()
PASSAGES = "Passages that ask nothing, now in the summary or guidance of what they stood under"
WRAPPED = "Criteria that stood beside a group, now each in a group of its own so that the order stays"


@dataclass(slots=True)
class Item:
    """A thing in a foreign tree. `id` is its own id there, `wishes` are codes for it, the best first.

    `asked` says whether it is assessed; `asks`, whether it or anything below it is, which `settle` finds out. A `direct`
    one is known to come before all nodes beside it. `more` holds further keys of the criterion that it becomes, ready
    to be written.
    """

    id: str
    wishes: tuple[str, ...]
    title: Words
    text: Words
    asked: bool
    children: list["Item"] = field(default_factory=list)
    why: Words = field(default_factory=dict)
    guidance: Words = field(default_factory=dict)
    prompts: list[Words] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)
    direct: bool = False
    asks: bool = False

    @property
    def is_branch(self) -> bool:
        """Whether anything below it is asked, so that it needs a node."""
        return any(child.asks for child in self.children)

    def walk(self) -> Iterator["Item"]:
        yield self
        for child in self.children:
            yield from child.walk()


def settle(items: list[Item]) -> None:
    """Finds out what asks. Raises Invalid where the tree is deeper than our format may be."""
    levels = [items]
    while levels[-1]:
        if len(levels) > DEEPEST:
            raise too_deep()
        levels.append([child for item in levels[-1] for child in item.children])
    for level in reversed(levels):
        for item in level:
            item.asks = item.asked or item.is_branch


def too_deep() -> Invalid:
    return Invalid({"file": f"The tree is deeper than {DEEPEST} levels, which no framework needs."})


def said(words: Words) -> Any:
    """Words as our files write them: a plain text where they are English alone, else a text for each language."""
    if set(words) <= {"en"}:
        return words.get("en", "")
    short = all("\n" not in text for text in words.values())
    return Inline(words) if short else dict(words)


def group_code(code: str) -> str:
    """The code of the node that stands around a criterion."""
    return code[: LONGEST_CODE - len(GROUP_ENDING)] + GROUP_ENDING


@dataclass(slots=True)
class TreeDraft:
    """Brings items into the shape of our tree.

    `names` are those of its levels from the top down, `leaf` that of what is asked; it has at least `levels` levels of nodes.
    """

    names: tuple[str, ...]
    leaf: str
    notes: Notes
    levels: int = 1
    codes: Codes = field(default_factory=Codes)
    by_id: dict[str, str] = field(default_factory=dict)
    nodes: int = 0
    criteria: int = 0
    deepest: int = 0

    def drawn(self, items: list[Item], title: Words) -> tuple[list[dict[str, Any]], list[Words]]:
        """The top nodes as they are written, and the passages that stand above them all. Raises Invalid if nothing is asked."""
        settle(items)
        asking = [item for item in items if item.asks]
        if not asking:
            raise Invalid({"file": "Nothing in this file is marked as assessable, so there is nothing to ask."})
        if any(item.is_branch for item in asking):
            for item in asking:
                item.direct = False
            return self._level(items, 0)[1], self._passages(items)
        self._count_node(0)
        top = {"code": self.codes.take(TOP), "title": said(title), plural(self.leaf): self._level(items, 0)[0]}
        self.notes.choose(
            plural(self.names[0]), "What is asked has nothing above it in the file, so one node holds it all."
        )
        return [top], self._passages(items)

    @property
    def tree_names(self) -> list[str]:
        """The names of the levels that were needed, down to what is asked; of all levels where the file names its own."""
        return [*self._names(max(self.deepest + 1, self.levels)), self.leaf]

    def _names(self, count: int) -> list[str]:
        return [self.names[depth] if depth < len(self.names) else f"layer-{depth + 1}" for depth in range(count)]

    def _level(self, items: list[Item], depth: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The criteria and the nodes that siblings become. All are nodes where some are, so that their order holds."""
        asking = [item for item in items if item.asks]
        if not any(item.is_branch for item in asking):
            return [self._criterion(item) for item in asking], []
        direct = [self._criterion(item) for item in asking if item.direct]
        others = [item for item in asking if not item.direct]
        for item in others:
            if not item.is_branch:
                self.notes.move(WRAPPED, item.wishes[0])
        return direct, [self._node(item, depth) for item in others]

    def _node(self, item: Item, depth: int) -> dict[str, Any]:
        self._count_node(depth)
        own = [self._criterion(item)] if item.asked else []
        wishes = [group_code(self.by_id[item.id])] if item.asked else list(item.wishes)
        code = self.codes.take(*wishes)
        if not item.asked:
            self.by_id[item.id] = code
        title, summary = _heading(item, code)
        summaries = ([] if item.asked else [summary]) + (self._passages(item.children) if item.is_branch else [])
        criteria, nodes = self._level(item.children, depth + 1)
        node = {
            "code": code,
            "title": said(title),
            "summary": said(joined_words(summaries)),
            plural(self.leaf): own + criteria,
            plural(self._names(depth + 2)[-1]): nodes,
        }
        return {key: value for key, value in node.items() if value}

    def _count_node(self, depth: int) -> None:
        self.nodes += 1
        self.deepest = max(self.deepest, depth)

    def _criterion(self, item: Item) -> dict[str, Any]:
        self.criteria += 1
        code = self.by_id[item.id] = self.codes.take(*item.wishes)
        title, text = (item.title, item.text) if item.text else ({}, item.title)
        if not text:
            self.notes.leave("Assessable nodes without any text, whose code stands for it", code)
        below = [] if item.is_branch else self._passages(item.children)
        values = {
            "title": said(title),
            "text": said(text or {"en": code}),
            "why": said(item.why),
            "guidance": said(joined_words([item.guidance, *below])),
            "prompts": [said(prompt) for prompt in item.prompts],
            **item.more,
        }
        return {"code": code, **{key: values[key] for key in ORDER if values.get(key)}}

    def _passages(self, items: list[Item]) -> list[Words]:
        """The texts of those that ask nothing, in reading order; what stands below one is indented under it."""
        found = []
        for item in items:
            if not item.asks:
                self.notes.move(PASSAGES, next(iter((item.title or item.text).values()), item.wishes[0]))
                below = {lang: indent(text, STEP) for lang, text in joined_words(self._passages(item.children)).items()}
                found.append(joined_words([item.title, item.text, below]))
        return found


def _heading(item: Item, code: str) -> tuple[Words, Words]:
    """A node's title, and the text that the title leaves to say."""
    if item.title:
        return {language: one_line(text) for language, text in item.title.items()}, item.text
    if not item.text:
        return {"en": code}, {}
    title = {language: shortened(text) for language, text in item.text.items()}
    return title, {} if title == item.text else item.text


def wishes_for(*names: str, place: str) -> tuple[str, ...]:
    """Codes to wish for: names that make codes, ends of those that are too long, the place in the tree, such as n-2.1.4."""
    good = dict.fromkeys(code for name in names if (code := usable(name)))
    ends = dict.fromkeys(code for name in names if (code := ending(name)))
    return (*good, *ends, f"n-{place}"[:LONGEST_CODE].rstrip(".-"))
