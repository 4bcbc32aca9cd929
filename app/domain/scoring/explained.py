"""An outcome laid out for reading: what it is, what lifts it, why each level is or is not reached, what each part got.

Everyone who reads why an outcome is as it is reads this: the provider, the assessor, the panel, and the letter.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.framework import Framework, Node, ScaleKind
from app.domain.wording import percent

if TYPE_CHECKING:
    from app.domain.scoring.node_result import NodeResult
    from app.domain.scoring.result import Outcome

MOST_PARTS = 60


@dataclass(frozen=True, slots=True)
class LevelWords:
    """One level with every reason why it is reached or not. `headings` of criteria are in the sentences."""

    title: str
    reached: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartWords:
    """What one node got, in words: `got` is its rating, share or points, "" where it has none; `because` is from what.

    `depth` is 0 for the top of the tree. `code` is "" where it says no more than a machine's name would.
    """

    code: str
    title: str
    depth: int
    got: str
    because: str

    @property
    def in_short(self) -> str:
        """What it got, or else what was given in it: there is always one of them."""
        return self.got or self.because.rstrip(".")


@dataclass(frozen=True, slots=True)
class Explained:
    """`headline` is the outcome in one sentence; `beside` what else holds: caps, modifiers, states; `lift` the least that
    lifts it. `levels` stand lowest first. Of a tree with more than 60 nodes `parts` has only the top.
    """

    headline: str
    beside: tuple[str, ...] = ()
    lift: tuple[str, ...] = ()
    levels: tuple[LevelWords, ...] = ()
    parts: tuple[PartWords, ...] = ()

    @property
    def next_level(self) -> LevelWords | None:
        """The lowest level that is not reached."""
        return next((level for level in self.levels if not level.reached), None)


def explained(outcome: "Outcome") -> Explained:
    """The whole explanation of an outcome. Criteria that miss a required point are named with their headings."""
    framework = outcome.sheet.framework
    return Explained(
        headline=outcome.headline,
        beside=outcome.beside,
        lift=outcome.least_lift,
        levels=tuple(
            LevelWords(level.title, level.reached, tuple(_named(level.sentences, framework)))
            for level in outcome.levels
            if outcome.rated
        ),
        parts=parts_in_words(outcome) if outcome.rated else (),
    )


def _named(sentences: Iterable[str], framework: Framework) -> Iterator[str]:
    """The sentences with its heading behind each criterion that misses a point: codes alone tell few readers anything."""
    headings = {criterion.code: criterion.heading for criterion in framework.criteria}

    def name(found: re.Match[str]) -> str:
        code = found.group(1)
        return f"in {code} “{headings[code]}”, which has " if code in headings else found.group(0)

    return (re.sub(r"in (\S+), which has ", name, sentence) for sentence in sentences)


def parts_in_words(outcome: "Outcome") -> tuple[PartWords, ...]:
    """What each node got, in reading order, those left out in which nothing is asked."""
    roots = outcome.sheet.framework.roots
    only_top = len(outcome.nodes) > MOST_PARTS
    asked = {criterion.code for criterion in outcome.sheet.criteria}
    return tuple(
        part_in_words(outcome, node, depth)
        for root in roots
        for node, depth in ([(root, 0)] if only_top else _with_depth(root, 0))
        if node.code in outcome.nodes and any(criterion.code in asked for criterion in node.all_criteria)
    )


def _with_depth(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    yield node, depth
    for child in node.children:
        yield from _with_depth(child, depth + 1)


def part_in_words(outcome: "Outcome", node: Node, depth: int = 0) -> PartWords:
    """What one node of the outcome's tree got."""
    result = outcome.nodes[node.code]
    tally = words_given(outcome, node)
    because = [f"{tally}." if tally else "", result.because]
    return PartWords(
        code=node.code if node.code != node.code.lower() else "",
        title=str(node.title),
        depth=depth,
        got=got_in_words(outcome, result),
        because=" ".join(filter(None, because)) or ("" if result.share is not None else "Nothing here counts."),
    )


def got_in_words(outcome: "Outcome", result: "NodeResult") -> str:
    """A node's rating, then its points or its share; "" where it has neither."""
    got = [result.rating_title] if result.rating_title else []
    if result.told_as_sum and result.share is not None:
        got.append(result.sum_words.rstrip("."))
    elif result.share is not None:
        got.append(percent(result.share))
    return ", ".join(got)


def words_given(outcome: "Outcome", node: Node) -> str:
    """How often each word was given below a node, the best first: "2 Met, 1 Nearly met"; "" where nothing is judged so."""
    in_words = [scale for scale in outcome.sheet.framework.scales.values() if scale.kind is ScaleKind.WORDS]
    if not in_words:
        return ""
    given: Counter[str] = Counter()
    for criterion in node.all_criteria:
        point, scale = outcome.sheet.points.get(criterion.code), criterion.scale
        if scale.kind is ScaleKind.WORDS and point is not None:
            given[scale.label_of(point)] += 1
    order = [str(point.label) for scale in in_words for point in reversed(scale.points)]
    return ", ".join(f"{given[label]:,} {label}" for label in dict.fromkeys(order) if given[label])
