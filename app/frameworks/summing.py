"""Whether what stages, nodes, bands and conditions say of sums fits together: looked at once all of it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.domain.conditions import Itself, Measure, Stands
from app.domain.framework import Criterion, Method, Node, OutcomeRules, Rater, Way
from app.domain.judging import IN_MARKS
from app.frameworks.bands import check_first_band
from app.frameworks.problems import Path, Problems, listed
from app.frameworks.whens import Spot, WhenReader

WHOLE = "whole"
WITH_POINTS = IN_MARKS | {Method.SHARE_OF_MAXIMUM}
ALL_OR_NOTHING = frozenset({Method.ALL_OF, Method.AT_LEAST})


def check_sums(rules: OutcomeRules, roots: tuple[Node, ...], reader: WhenReader) -> None:
    """Notes what does not fit. Only for rules that were read without a mistake."""
    sums = _Sums(rules, roots, reader, reader.problems)
    sums.check_first_bands()
    sums.check_points()
    sums.check_starts()
    sums.check_nodes()
    sums.check_expected()
    _check_ratings(reader)


def _check_ratings(reader: WhenReader) -> None:
    """Levels and judgements that are ratings too stand in the same order in both: a better one must never count for less."""
    names = reader.tree.names
    levels = [code for code in names.levels if code in reader.ratings]
    for scale in names.scales.values():
        words = [point.code for point in scale.points if point.code in reader.ratings] if scale else []
        if scale and words != [code for code in reader.ratings if code in words]:
            message = f"these words are ratings, which rise in another order: {' '.join(reader.ratings)}"
            reader.problems.add(("scales", scale.code, "words"), message)
    if levels != [code for code in reader.ratings if code in levels]:
        reader.problems.add(
            ("ratings",), f"the levels stand here in another order than in `levels`: {' '.join(levels)}"
        )


@dataclass(slots=True)
class _Sums:
    rules: OutcomeRules
    roots: tuple[Node, ...]
    reader: WhenReader
    problems: Problems

    @property
    def _nodes(self) -> Iterator[Node]:
        return (node for root in self.roots for node in root.walk())

    @property
    def _ways(self) -> dict[str, Way]:
        return {stage.of: stage.way for stage in self.rules.stages}

    def _place(self, node: Node) -> Path:
        return self.reader.tree.paths.get(node.code, ())

    def check_first_bands(self) -> None:
        """No share may stand below the first band."""
        lowest: dict[tuple[str, str], Fraction] = {}
        whole = self._lowest(self.roots, (), self._ways[WHOLE], lowest)
        for rater, path, spot in self._raters():
            found = [share for key, share in lowest.items() if spot.code in ("", key[1]) and spot.kind == key[0]]
            if found and not rater.in_marks:
                check_first_band(rater.bands, min(found), (*path, "bands"), self.problems)
        if whole is not None and not self.rules.in_marks:
            capped = min([whole, *(limit.cap for limit in self.rules.caps if limit.cap is not None)])
            check_first_band(self.rules.bands, capped, ("outcome", "bands"), self.problems)

    def _lowest(
        self,
        nodes: tuple[Node, ...],
        criteria: tuple[Criterion, ...],
        way: Way,
        known: dict[tuple[str, str], Fraction],
    ) -> Fraction | None:
        """A share below which no scores lead; None where nothing earns marks. Notes it for each node by kind and code."""
        found = [Fraction(each.scale.minimum, each.scale.maximum) for each in criteria if each.scale.counts]
        for node in nodes:
            below = node.way or self._ways.get(node.kind) or way.handed_down
            share = self._lowest(node.children, node.criteria, below, known)
            if share is not None:
                rater = node.rate or self.rules.rates.get(node.kind)
                caps = [limit.cap for limit in rater.limits if limit.cap is not None] if rater else []
                known[node.kind, node.code] = min([share, *caps])
                found.append(known[node.kind, node.code])
        if way.method in ALL_OR_NOTHING:
            return Fraction(0)
        if not found or not way.add:
            return min(found, default=None)
        return max(way.low, min(found) + sum(min(each.by, Fraction(0)) for each in way.add))

    def _raters(self) -> Iterator[tuple[Rater, Path, Spot]]:
        for kind, rater in self.rules.rates.items():
            yield rater, ("outcome", "rate", kind), Spot(kind)
        for node in self._nodes:
            if node.rate:
                yield node.rate, (*self._place(node), "rate"), Spot(node.kind, node.code)

    def check_points(self) -> None:
        """Only a sum has points; elsewhere what is handed up is a share."""
        for when in self.reader.kept:
            if not isinstance(when, Stands | Itself) or when.measure is not Measure.POINTS:
                continue
            spot = self.reader.spots[id(when)]
            kind, code = (when.kind, "") if isinstance(when, Stands) else (spot.kind, spot.code)
            ways = self._ways_of(kind, code)
            if ways and not any(way.method in WITH_POINTS for way in ways):
                what = f"{'the' if kind == WHOLE else 'a'} {kind}"
                score = listed(dict.fromkeys(way.method for way in ways))
                message = f"{what} has no points here, as its score is {score}"
                self.problems.add_at_key(self.reader.places[id(when)][:-1], f"{message}; ask for the `share`")

    def _ways_of(self, kind: str, code: str) -> list[Way]:
        """How the whole, the nodes of a kind, or one node are summed up."""
        if kind == WHOLE:
            return [self._ways[WHOLE]]
        found: list[Way] = []

        def go_down(node: Node, above: Way) -> None:
            way = node.way or self._ways.get(node.kind) or above.handed_down
            if node.kind == kind and code in ("", node.code):
                found.append(way)
            for child in node.children:
                go_down(child, way)

        for root in self.roots:
            go_down(root, self._ways[WHOLE])
        return found

    def check_starts(self) -> None:
        """A sum can only start from what it sums up, and from something that weighs."""
        parts: dict[str, dict[str, bool]] = {}
        for node in self.roots:
            self._hand_up(node, WHOLE, parts)
        for way, path, summing in self._starting_ways():
            here = [parts.get(each, {}) for each in summing]
            if not any(way.base in each for each in here):
                message = f"`{way.base}` is not directly below what is summed up here, so nothing can start from it"
                self.problems.add((*path, "start_from"), message)
            elif not any(each.get(way.base) for each in here):
                self.problems.add((*path, "start_from"), f"`{way.base}` weighs nothing, so nothing can start from it")

    def _hand_up(self, node: Node, above: str, parts: dict[str, dict[str, bool]]) -> None:
        """Notes what each stage sums up, by its code: each part's code, and whether it weighs anything."""
        stage = node.way is not None or node.kind in self._ways
        if stage:
            parts.setdefault(above, {})[node.code] = bool(node.weight)
        mine = node.code if stage else above
        parts.setdefault(mine, {}).update({each.code: bool(each.weight) for each in node.criteria})
        for child in node.children:
            self._hand_up(child, mine, parts)

    def _starting_ways(self) -> Iterator[tuple[Way, Path, list[str]]]:
        for kind, way in self._ways.items():
            path: Path = ("outcome", "score", kind)
            codes = [WHOLE] if kind == WHOLE else [node.code for node in self._nodes if node.kind == kind]
            if way.base:
                yield way, path if path in self.problems.values else path[:-1], codes
        for node in self._nodes:
            if node.way and node.way.base:
                yield node.way, (*self._place(node), "score"), [node.code]

    def check_nodes(self) -> None:
        """A node that sums up in a way of its own must still give what is asked of it."""
        distance = self.rules.stages[-1].method is Method.DISTANCE
        for node in self._nodes:
            if node.way is None:
                continue
            path: Path = (*self._place(node), "score")
            if (node.way.method is Method.DISTANCE) is not distance:
                self.problems.add(path, "a distance is measured in every stage or in none")
            rater = self.rules.rates.get(node.kind)
            if rater and rater.in_marks and node.rate is None and node.way.method not in IN_MARKS:
                message = (
                    f"each {node.kind} is rated in points; sum points up here too, or say a `rate` for {node.code}"
                )
                self.problems.add(path, message)

    def check_expected(self) -> None:
        distance = self.rules.stages[-1].method is Method.DISTANCE
        if distance and not any(each.expected is not None for each in self.reader.tree.criteria):
            return  # told by itself
        for criterion in self.reader.tree.criteria:
            self._check_expected(criterion, distance)

    def _check_expected(self, criterion: Criterion, distance: bool) -> None:
        path = self.reader.tree.paths[criterion.code]
        if distance and criterion.expected is None and criterion.weight and criterion.scale.counts:
            self.problems.add(path, "`expected` is missing: the distance is measured from it")
        if not distance and criterion.expected is not None:
            message = "this has no effect: nothing is summed up as a `distance`"
            self.problems.add_at_key((*path, "expected"), message)
