"""Which part of a long list of criteria a page shows: all of it where it is short, else one top branch at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.domain.framework import Framework, Node

MOST_AT_ONCE = 150


def open_branches(
    framework: Framework, codes: Collection[str], wanted: str | None, next_code: str | None
) -> Collection[str]:
    """The codes of the top branches that a list of the criteria `codes` shows in full.

    Of a long list that is the branch `wanted`, else the one that holds `next_code`, else the first with any of `codes`.
    """
    roots = [root for root in framework.roots if _holds(root, codes)]
    if len(codes) <= MOST_AT_ONCE or len(roots) < 2:
        return [root.code for root in roots]
    return [_one(framework, roots, wanted, next_code)]


def _holds(root: Node, codes: Collection[str]) -> bool:
    return any(criterion.code in codes for criterion in root.all_criteria)


def _one(framework: Framework, roots: Sequence[Node], wanted: str | None, next_code: str | None) -> str:
    if wanted in {root.code for root in roots}:
        return str(wanted)
    return framework.node_of(next_code)[0].code if next_code else roots[0].code
