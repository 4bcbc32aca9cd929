"""An answer as it stands in a cell: the words of a drop-down list, and every way in which people type them."""

from __future__ import annotations

from app.domain.errors import Invalid
from app.domain.framework import Criterion, Scale, ScaleKind
from app.domain.self_assessment import Claim, check_claim, may_leave_out
from app.domain.wording import FALLBACK, joined

NOT_APPLICABLE = "Not applicable"
LEFT_OUT = frozenset({"not applicable", "n/a", "na", "does not apply"})
LONGEST_QUOTE = 60


def choice(scale: Scale, value: int, language: str = FALLBACK) -> str:
    """A point as the drop-down list names it: 2 In place, Met, or the bare number of a range."""
    if scale.span:
        return str(value)
    label = " ".join(scale.point(value).label.in_(language).split())
    return label if scale.kind is ScaleKind.WORDS else f"{value} {label}"


def choices(criterion: Criterion, language: str = FALLBACK) -> tuple[str, ...]:
    """What the drop-down list of a criterion offers; nothing but not applicable where any number of a range may stand."""
    points = (
        ()
        if criterion.scale.span
        else tuple(choice(criterion.scale, value, language) for value in criterion.scale.values)
    )
    return (*points, NOT_APPLICABLE) if may_leave_out(criterion) else points


def written(criterion: Criterion, claim: Claim, language: str = FALLBACK) -> str:
    """The answer cell of a claim."""
    if claim.not_applicable:
        return NOT_APPLICABLE
    if claim.point is None or claim.point not in criterion.scale.values:
        return ""
    return choice(criterion.scale, claim.point, language)


def understood(criterion: Criterion, answer: str, reason: str) -> Claim:
    """What the two cells of a row say. Raises Invalid on `answer`, `reason` or both."""
    words = _folded(answer)
    point = _point(criterion.scale, words) if words else None
    claim = Claim(point, words in LEFT_OUT and point is None, reason.replace("\r\n", "\n").strip())
    errors: dict[str, str] = {}
    if words and point is None and not claim.not_applicable:
        errors["answer"] = f"“{quoted(answer)}” is not {_offered(criterion)}."
    try:
        check_claim(criterion, claim)
    except Invalid as refusal:
        errors |= {"answer" if name == "point" else name: sentence for name, sentence in refusal.errors.items()}
    if errors:
        raise Invalid(errors)
    return claim


def _point(scale: Scale, words: str) -> int | None:
    """The point that folded words name; None where they name none."""
    if scale.span is None:
        return _named(scale).get(words)
    number = words.removesuffix(_folded(scale.span.unit)).strip() if scale.span.unit else words
    return scale.value_of(number)


def _named(scale: Scale) -> dict[str, int]:
    """Every way to name a point, folded: 2 In place, 2, In place, in every language that the scale has."""
    names: dict[str, int] = {}
    labels: dict[str, set[int]] = {}
    for point in scale.points:
        for _, label in point.label.by_language:
            labels.setdefault(_folded(label), set()).add(point.value)
            names[_folded(f"{point.value} {label}")] = point.value
    names |= {label: min(values) for label, values in labels.items() if len(values) == 1}
    if scale.kind is not ScaleKind.WORDS:
        names |= {str(point.value): point.value for point in scale.points}
    return names


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def quoted(text: str) -> str:
    """The beginning of what stood in a cell, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_QUOTE else line[:LONGEST_QUOTE] + "…"


def _offered(criterion: Criterion) -> str:
    scale = criterion.scale
    named = choices(criterion)
    if scale.span:
        steps = f", in steps of {scale.span.step}" if scale.span.step > 1 else ""
        words = f"a whole number from {scale.minimum} to {scale.maximum}{steps}"
        return f"{words}, or {NOT_APPLICABLE}" if named else words
    return f"one of {joined(named, 'or')}"
