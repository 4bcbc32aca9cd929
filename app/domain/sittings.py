"""A sitting: saves of one answer by one person within minutes, told as one change though each is on record by itself.

The first save is kept whole, each further one as what it changed: a sentence saves itself a dozen times while it is typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

Data = Mapping[str, Any]
"""What an answer says: `point`, `not_applicable`, `reason`."""


def change(before: Data, after: Data) -> dict[str, Any]:
    """What one save changed: `cut` characters from `at` on gave way to `put`, and what the answer chose from then on."""
    old, new = str(before["reason"]), str(after["reason"])
    at = _alike(old, new)
    same = _alike(old[at:][::-1], new[at:][::-1])
    return {
        "at": at,
        "cut": len(old) - at - same,
        "put": new[at : len(new) - same],
        "point": after["point"],
        "not_applicable": after["not_applicable"],
    }


def changed(before: Data, by: Data) -> dict[str, Any]:
    """What an answer says after a save that `change` wrote down."""
    text, at = str(before["reason"]), int(by["at"])
    return {
        "point": by["point"],
        "not_applicable": by["not_applicable"],
        "reason": text[:at] + str(by["put"]) + text[at + int(by["cut"]) :],
    }


def told_as_one(first: Data, more: Iterable[Data]) -> dict[str, Any]:
    """The detail of a whole sitting: that of its first save, with what the answer said after the last, and `until` when."""
    whole = dict(first)
    for each in more:
        whole["after"] = changed(whole["after"], each["change"])
        whole["until"] = each["until"]
        if each.get("part"):
            whole["part"] = {**whole["part"], "after": changed(whole["part"]["after"], each["part"])}
    return whole


def _alike(one: str, other: str) -> int:
    """How many characters are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
