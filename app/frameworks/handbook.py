"""A framework as a handbook to read: Markdown, in the order of the file."""

from collections.abc import Iterator

from app.domain.framework import Criterion, Framework, Node, Scale
from app.frameworks.in_words import InWords, rule_in_words
from app.frameworks.outcome_in_words import level_rules, outcome_in_words
from app.frameworks.terms_in_words import terms_in_words

__all__ = ["handbook", "rule_in_words"]


def handbook(framework: Framework, language: str = "en") -> str:
    """The whole framework as Markdown, ending in a line break."""
    words = InWords(framework, language)
    lines = [
        f"# {words.say(framework.title)}",
        f"Edition {framework.edition}",
        *words.paragraphs(framework.summary),
        *_levels(words),
        *_scales(words),
    ]
    for root in framework.roots:
        lines += _node(words, root, 2)
    lines += ["## How the outcome is worked out", *outcome_in_words(words)]
    lines += ["## Award and assessment", *terms_in_words(words)]
    if words.missing:
        lines.append(words.missing)
    return "\n\n".join(lines) + "\n"


def _levels(words: InWords) -> Iterator[str]:
    if words.framework.levels:
        yield "## Levels"
        yield "\n".join(
            f"- **{words.say(level.title)}**: {level_rules(words, level)}. {words.say(level.summary)}".rstrip()
            for level in words.framework.levels
        )


def _scales(words: InWords) -> Iterator[str]:
    if words.framework.scales:
        yield "## Scales"
    for scale in words.framework.scales.values():
        yield f"**{words.scale_title(scale)}**"
        yield from _points(words, scale)
        yield from words.scale_rules(scale)


def _points(words: InWords, scale: Scale) -> Iterator[str]:
    lines = [
        "- " + ": ".join(part for part in (value, label) if part) + (f". {anchor}" if anchor else "")
        for value, label, anchor in words.points(scale)
    ]
    if lines:
        yield "\n".join(lines)


def _node(words: InWords, node: Node, depth: int) -> list[str]:
    lines = [f"{'#' * min(depth, 6)} {node.code} {words.say(node.title)}", *words.paragraphs(node.summary)]
    for criterion in node.criteria:
        lines += _criterion(words, criterion, min(depth + 1, 6))
    for child in node.children:
        lines += _node(words, child, depth + 1)
    return lines


def _criterion(words: InWords, criterion: Criterion, depth: int) -> Iterator[str]:
    yield f"{'#' * depth} {criterion.code} {words.say(criterion.title)}".rstrip()
    yield f"**{words.say(criterion.text)}**"
    if criterion.why:
        yield f"Why: {words.say(criterion.why)}"
    yield from words.paragraphs(criterion.guidance)
    if criterion.prompts:
        yield "What to look for:"
        yield "\n".join(f"- {words.say(prompt)}" for prompt in criterion.prompts)
    yield " ".join(
        [f"Scored on “{words.scale_title(criterion.scale)}”.", *words.counts(criterion), words.asked(criterion)]
    )
    if criterion.evidence:
        yield "Evidence:"
        yield "\n".join(f"- {words.evidence(ask)}" for ask in criterion.evidence)
    if criterion.lighter:
        yield words.lighter(criterion)
    if criterion.learn:
        yield "Learn more:"
        yield "\n".join(f"- [{words.say(each.title)}]({each.url})" for each in criterion.learn)
