"""What our OSCAL import and export share: names of our own, and lists in prose <-> parts of a statement."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

# A name for what OSCAL has no word for. It need not be an address: it says whose word it is.
NAMESPACE = "urn:touchstone:framework"
STEP = "  "
# a. (a) 1. 1) iv. (2) 1.2. and the like, or a dash where there is no label
LABEL = r"\(?(?:[0-9]{1,3}|[A-Za-z]|[ivxIVX]{1,5})(?:\.[0-9A-Za-z]{1,3})*[.)]"
ITEM = re.compile(rf"(?P<margin>(?:  )*)(?P<label>{LABEL}|-) (?P<prose>\S.*)", re.DOTALL)
UNLABELLED = "-"


def label_of(thing: dict[str, Any]) -> str:
    """The label that a part, group or control carries, empty where it has none. Labels of a class of their own come last."""
    labels = [prop for prop in _props(thing) if prop.get("name") == "label" and isinstance(prop.get("value"), str)]
    plain = [prop for prop in labels if "class" not in prop]
    return next((str(prop["value"]).strip() for prop in [*plain, *labels]), "")


def own_prop(thing: dict[str, Any], name: str) -> str:
    """The value of a property of our own namespace, empty where it is not there."""
    return next(iter(own_props(thing, name)), "")


def own_props(thing: dict[str, Any], name: str) -> list[str]:
    mine = [prop for prop in _props(thing) if prop.get("ns") == NAMESPACE and prop.get("name") == name]
    return [str(prop["value"]) for prop in mine if isinstance(prop.get("value"), str)]


def _props(thing: dict[str, Any]) -> list[dict[str, Any]]:
    props = thing.get("props")
    return [prop for prop in props if isinstance(prop, dict)] if isinstance(props, list) else []


def listed(parts: Iterable[tuple[int, str, str]]) -> str:
    """(depth, label, prose) of each item -> a text: one paragraph an item, indented by its depth."""
    return "\n\n".join(f"{STEP * depth}{label or UNLABELLED} {prose}" for depth, label, prose in parts)


def items_in(text: str) -> tuple[str, list[tuple[int, str, str]]]:
    """A text as `listed` wrote it, below an opening that may be empty -> the opening, and (depth, label, prose) of each item.

    Where the items do not give exactly the same text again, all of it is opening.
    """
    blocks = text.split("\n\n")
    first = next((n for n, block in enumerate(blocks) if ITEM.fullmatch(block)), len(blocks))
    found = list(_items(blocks[first:]))
    opening = "\n\n".join(blocks[:first])
    again = "\n\n".join(part for part in (opening, listed(found)) if part)
    return (opening, found) if again == text and _rises_by_one(found) else (text, [])


def _items(blocks: list[str]) -> Iterator[tuple[int, str, str]]:
    for block in blocks:
        match = ITEM.fullmatch(block)
        if match is None:
            return
        label = match["label"]
        yield len(match["margin"]) // len(STEP), "" if label == UNLABELLED else label, match["prose"]


def _rises_by_one(items: list[tuple[int, str, str]]) -> bool:
    """Whether each item is at most one deeper than the one before it, so that the items make a tree."""
    depths = [-1, *(depth for depth, _, _ in items)]
    return all(after <= before + 1 for before, after in pairwise(depths))
