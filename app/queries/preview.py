"""A draft as providers will see it: what an organisation would be asked, and each criterion on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.applicability import Asked, asked
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Framework, Level
from app.frameworks import read
from app.queries.drafts import DraftPage
from app.queries.sandbox import Part, Row, parts_of, rows_of


@dataclass(frozen=True)
class PreviewPage:
    """What an organisation with some facts would be asked. `counted` is how many criteria by the code of their level."""

    framework: Framework
    parts: tuple[Part, ...]
    shown: Part
    rows: tuple[Row, ...]
    counted: Mapping[str, int]

    @property
    def asked(self) -> int:
        return sum(self.counted.values())

    @property
    def total(self) -> int:
        return len(self.framework.criteria)


@dataclass(frozen=True)
class PreviewCriterion:
    """One criterion as its page will be. `required` are (level, words of the point needed) pairs."""

    framework: Framework
    criterion: Criterion
    asked: Asked
    trail: tuple[str, ...]
    starts_at: Level
    required: tuple[tuple[str, str], ...]
    position: int
    total: int
    previous_code: str | None
    next_code: str | None


def draft_framework(draft: DraftPage) -> Framework | None:
    """The framework of a draft; None while its text has mistakes."""
    return None if draft.problems else read(draft.source, "draft.yaml")


def preview_page(
    framework: Framework, facts: Mapping[str, object], target: str | None, part: str | None
) -> PreviewPage:
    """What would be asked. An unknown `part` is the first. Raises NotFound for an unknown level."""
    every = {each.criterion.code: each for each in asked(framework, facts, target)}
    parts = parts_of(framework)
    shown = next((each for each in parts if each.key == part), parts[0])
    counted: dict[str, int] = {}
    for each in every.values():
        if each.applies:
            counted[each.criterion.level] = counted.get(each.criterion.level, 0) + 1
    return PreviewPage(framework, parts, shown, rows_of(framework, shown, every), counted)


def preview_criterion(
    framework: Framework, code: str, facts: Mapping[str, object], target: str | None
) -> PreviewCriterion:
    """One criterion, asked or not, among those that are asked. Raises NotFound for an unknown code or level."""
    every = asked(framework, facts, target)
    here = next((each for each in every if each.criterion.code == code), None)
    if here is None:
        raise NotFound("The draft has no such criterion. It may have been changed meanwhile.")
    codes = [each.criterion.code for each in every if each.applies or each is here]
    position = codes.index(code)
    return PreviewCriterion(
        framework=framework,
        criterion=here.criterion,
        asked=here,
        trail=tuple(str(node.title) for node in framework.node_of(code)),
        starts_at=framework.level(here.criterion.level),
        required=_required(framework, here.criterion),
        position=position + 1,
        total=len(codes),
        previous_code=codes[position - 1] if position else None,
        next_code=codes[position + 1] if position + 1 < len(codes) else None,
    )


def _required(framework: Framework, criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """Levels that require no more than the one before are left out."""
    found: list[tuple[str, str]] = []
    for level in framework.levels:
        point = criterion.required.get(level.code)
        words = None if point is None else criterion.scale.label_of(point)
        if words is not None and (not found or found[-1][1] != words):
            found.append((str(level.title), words))
    return tuple(found)
