"""YAML text -> plain data with the place of every value. Scalars stay as text, so that `1.10` and `No` mean what they say."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import yaml

from app.frameworks.problems import Path, Place, Problems
from app.frameworks.syntax import syntax_mistake

MOST_BYTES = 8_000_000
MOST_VALUES = 300_000
MOST_DEPTH = 60
COMPOSED_DEPTH = 2 * MOST_DEPTH
"""Where composing stops. The reader says which place is too deep; a thousand times deeper and the process would have died."""
USUAL = gc.get_threshold()
COLLECT_AFTER = 100_000
PLAIN_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
NULLS = ("", "~", "null")
TOO_DEEP = f"the file nests deeper than {MOST_DEPTH} levels"


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Let the collector look around less often meanwhile. A large file is a million small things that all live on: going
    through them again and again in search of dead rings takes as long as reading them.
    """
    gc.set_threshold(COLLECT_AFTER, *USUAL[1:])
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)


def load(source: str, problems: Problems) -> Any:
    """The document as dicts, lists, text and None; None with a problem noted where it cannot be read."""
    if len(source) > MOST_BYTES or len(source.encode()) > MOST_BYTES:
        problems.at((1, 1), f"the file is over {MOST_BYTES // 1_000_000} MB, which no framework needs")
        return None
    try:
        node = _compose(source.removeprefix("\ufeff"), problems)
        return None if node is None else _Reader(problems).plain(node, (), 0)
    except _TooMuch as much:
        problems.at(much.place, str(much))
        return None


class _Loader(yaml.CSafeLoader):
    """Composes nodes without guessing what a scalar is, and gives up on a file of more or deeper parts than could be read."""

    parts = depth = 0

    def descend_resolver(self, parent: yaml.Node | None, _index: Any) -> None:
        """Called before each node is composed, a key or a value."""
        self.parts += 1
        self.depth += 1
        if self.depth > COMPOSED_DEPTH:  # the parser goes down by calling itself, without a net
            raise _TooMuch(_mark(parent), TOO_DEEP)
        if self.parts > 2 * MOST_VALUES:
            raise _TooMuch(_mark(parent), f"this file holds more than {MOST_VALUES:,} values, which no framework needs")

    def ascend_resolver(self) -> None:
        """Called after each node."""
        self.depth -= 1

    def resolve(self, kind: type[yaml.Node], _value: Any, _implicit: Any) -> str:
        return PLAIN_TAGS[kind]


def _compose(source: str, problems: Problems) -> yaml.Node | None:
    loader = None
    try:
        loader = _Loader(source)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        problems.at(*syntax_mistake(error, source))
        return None
    finally:
        if loader is not None:
            loader.dispose()
    if node is None:
        problems.at((1, 1), "the file is empty")
    return node


def _mark(node: yaml.Node | None) -> Place:
    return _place(node.start_mark if node else None)


def _place(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


class _TooMuch(Exception):
    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


@dataclass(slots=True)
class _Reader:
    problems: Problems
    values: int = 0
    signs: int = 0
    open: set[int] = field(default_factory=set)

    def plain(self, node: yaml.Node, path: Path, depth: int) -> Any:
        place = _place(node.start_mark)
        self.values += 1
        if self.values > MOST_VALUES:
            raise _TooMuch(place, f"aliases make this file grow past {MOST_VALUES:,} values; write the parts out")
        if id(node) in self.open:
            raise _TooMuch(place, "an alias here holds itself")
        if depth > MOST_DEPTH:
            raise _TooMuch(place, TOO_DEEP)
        self.problems.values[path] = place
        if isinstance(node, yaml.ScalarNode):
            self._count(node.value, place)
            self.problems.texts[path] = node.value
            return None if not node.style and node.value in NULLS else node.value
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.plain(item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
            return self._mapping(node, path, depth)
        finally:
            self.open.discard(id(node))

    def _count(self, text: str, place: Place) -> None:
        """An alias costs nothing here, but whoever writes its text out again pays for it each time."""
        if "\0" in text:
            self.problems.at(place, r"this text holds \0, which stands for no sign; leave it out")
        self.signs += len(text)
        if self.signs > MOST_BYTES:
            raise _TooMuch(place, f"aliases make the texts of this file grow past {MOST_BYTES // 1_000_000} MB")

    def _mapping(self, node: yaml.Node, path: Path, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = _place(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.at(place, "a key must be a plain word")
                continue
            key = key_node.value
            self._count(key, place)
            if key in result:
                first = self.problems.keys[(*path, key)][0]
                self.problems.at(place, f"`{key}` stands here twice, first on line {first}")
                continue
            self.problems.keys[(*path, key)] = place
            result[key] = self.plain(value_node, (*path, key), depth + 1)
        return result
