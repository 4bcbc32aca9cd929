"""The parts that everything else refers to: names of the tree, scales, facts, levels."""

from dataclasses import dataclass, field
from typing import Any

from app.domain.framework import Fact, FactKind, Scale
from app.domain.wording import NO_TEXT, Text
from app.frameworks import fields as f
from app.frameworks.problems import Path, Problems, suggestion
from app.frameworks.scales import read_scale, read_words
from app.frameworks.schemas import FactShape, LevelShape, NamesShape, RatingShape, TreeNameShape, shaped

NO_AWARD = "no-award"  # what limits and findings may say where no band or row stands for it
UNNAMED = "?"
PLURALS = {"criterion": "criteria", "child": "children", "person": "people"}


@dataclass(slots=True)
class Names:
    """What the other parts may refer to. A broken one is known by its code and None, so that it is not missed twice."""

    tree: tuple[tuple[str, str], ...] = ()
    scales: dict[str, Scale | None] = field(default_factory=dict)
    facts: dict[str, Fact | None] = field(default_factory=dict)
    levels: dict[str, dict[str, Any]] = field(default_factory=dict)
    ratings: dict[str, Text] = field(default_factory=dict)

    @property
    def tree_names(self) -> tuple[str, ...]:
        return tuple(one for one, _ in self.tree)

    def rank(self, level: str) -> int:
        return list(self.levels).index(level)


def read_names(header: dict[str, Any], problems: Problems) -> Names:
    names = Names(tree=_tree(header, problems))
    for code, data in _entries(header, "scales", problems):
        names.scales[code] = read_scale(code, data, ("scales", code), problems)
    for code, data in _entries(header, "facts", problems):
        names.facts[code] = _fact(code, data, ("facts", code), problems)
    names.levels = _levels(header.get("levels"), problems) if "levels" in header else {}
    names.ratings = _ratings(header.get("ratings"), problems) if "ratings" in header else {}
    return names


def refer(kind: str, code: str, known: Any, path: Path, problems: Problems) -> bool:
    """Whether `code` is among `known`; a problem at `path` where it is not."""
    if code in known:
        return True
    if kind == "level" and not known:  # the missing levels are told by themselves
        return False
    problems.add(path, f"there is no {kind} `{code}`{suggestion(code, known)}")
    return False


def plural(name: str) -> str:
    """The key of a list of things of that name."""
    last = name.split("-")[-1]
    start = name[: len(name) - len(last)]
    if last in PLURALS:
        return start + PLURALS[last]
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return start + last[:-1] + "ies"
    return start + last + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")


def _tree(header: dict[str, Any], problems: Problems) -> tuple[tuple[str, str], ...]:
    if "names" not in header:
        return ()
    path: Path = ("names", "tree")
    tree = shaped(NamesShape, header["names"], ("names",), problems).get("tree")
    if tree is None:
        return ()
    if not isinstance(tree, list) or len(tree) < 2:
        problems.add(path, "expected at least two names from the top down, such as [area, standard, criterion]")
        return ()
    names = tuple(_tree_name(entry, (*path, index), problems) for index, entry in enumerate(tree))
    keys = [key for _, key in names]
    for index, key in enumerate(keys):
        if key in keys[:index]:
            problems.add((*path, index), f"`{names[index][0]}` stands in the tree twice")
    good = len(set(keys)) == len(keys) and UNNAMED not in keys
    return names if good else ()  # what hangs on names that are unclear would only be told wrongly


def _tree_name(entry: Any, path: Path, problems: Problems) -> tuple[str, str]:
    if isinstance(entry, dict):
        named = shaped(TreeNameShape, entry, path, problems)
        one, many = named.get("one", UNNAMED), named.get("many", UNNAMED)
        return _slug(one), _slug(many)
    if not isinstance(entry, str) or not entry:
        problems.add(path, "expected a name, such as standard")
        return UNNAMED, UNNAMED
    if _slug(entry) == "whole":
        problems.add(path, "`whole` stands for the outcome of all; choose another name")
    return _slug(entry), plural(_slug(entry))


def _slug(name: str) -> str:
    return "-".join(name.lower().split())


def _entries(header: dict[str, Any], key: str, problems: Problems) -> list[tuple[str, Any]]:
    data = header.get(key)
    if data is None:
        return []
    if not isinstance(data, dict) or not data:
        problems.add((key,), f"expected a name for each of the {key}, with its keys below it")
        return []
    good = []
    for code, entry in data.items():
        if f.CODE.fullmatch(code):
            good.append((code, entry))
        else:
            problems.add_at_key((key, code), f"`{code}` is no code: use letters, digits, . - or _")
    return good


def _fact(code: str, data: Any, path: Path, problems: Problems) -> Fact | None:
    before = len(problems.found)
    valid = shaped(FactShape, data, path, problems)
    kind = valid.get("kind")
    choices = _choices(valid["choices"], (*path, "choices"), problems) if "choices" in valid else ()
    if kind is FactKind.CHOICE and "choices" not in valid:
        problems.add(path, "a fact of kind choice needs `choices`, such as {england: England}")
    if kind is FactKind.CODES and ("choices" in valid) == ("list" in valid):
        problems.add(path, "a fact of kind codes needs either `list` or `choices`")
    for key in ("choices", "list"):
        if (
            key in valid
            and kind is not None
            and kind is not FactKind.CODES
            and (key, kind) != ("choices", FactKind.CHOICE)
        ):
            problems.add_at_key((*path, key), f"`{key}` has no meaning for a fact of kind {kind}")
    if len(problems.found) > before:
        return None
    return Fact(code, valid["kind"], valid["title"], choices, valid.get("list"), valid.get("help", NO_TEXT))


def _choices(data: Any, path: Path, problems: Problems) -> tuple[tuple[str, Text], ...]:
    if isinstance(data, list) and data and all(isinstance(entry, str) for entry in data):
        data = {entry: entry.replace("-", " ").capitalize() for entry in data}
    if not isinstance(data, dict) or not data:
        problems.add(path, "expected a code and a title for each choice, such as {england: England}")
        return ()
    return tuple((code, read_words(title, (*path, code), problems)) for code, title in data.items())


def _levels(data: Any, problems: Problems) -> dict[str, dict[str, Any]]:
    if not isinstance(data, list) or not data:
        problems.add(("levels",), "expected a list of levels, lowest first, such as - {code: bronze, title: Bronze}")
        return {}
    levels: dict[str, dict[str, Any]] = {}
    for index, entry in enumerate(data):
        valid = shaped(LevelShape, entry, ("levels", index), problems)
        code = valid.get("code")
        if code in levels:
            problems.add(("levels", index, "code"), f"the level `{code}` stands here twice")
        elif code:
            levels[code] = valid
    return levels


def _ratings(data: Any, problems: Problems) -> dict[str, Text]:
    """The words in which parts are rated, the lowest first."""
    if not isinstance(data, list) or len(data) < 2:
        problems.add(("ratings",), "expected at least two ratings, lowest first, such as - {code: good, title: Good}")
        return {}
    ratings: dict[str, Text] = {}
    for index, entry in enumerate(data):
        valid = shaped(RatingShape, entry, ("ratings", index), problems)
        if valid.get("code") in ratings:
            problems.add(("ratings", index, "code"), f"the rating `{valid['code']}` stands here twice")
        elif "code" in valid:
            ratings[valid["code"]] = valid.get("title", NO_TEXT)
    return ratings
