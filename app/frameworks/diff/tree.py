"""How the trees of two editions differ: criteria and nodes added, removed, split, merged, renamed, moved, reordered."""

from collections.abc import Iterator, Sequence

from app.domain.framework import Criterion, Framework, Node
from app.domain.matching import successors
from app.domain.wording import joined
from app.frameworks.diff.change import Change, Kind, Scene
from app.frameworks.diff.criteria import scale_told_elsewhere
from app.frameworks.diff.engine import Telling
from app.frameworks.diff.words import quoted


class Trees:
    """Both trees, and which node and criterion of the one is which of the other."""

    def __init__(self, telling: Telling) -> None:
        self.telling, self.old, self.new = telling, telling.old, telling.new
        self.matches, self.successors = telling.matches, successors(telling.matches)
        self.nodes = _matched_nodes(self.old, self.new)
        self.old_nodes = {node.code: node for node in self.old.nodes}
        self.old_criteria = {criterion.code: criterion for criterion in self.old.criteria}
        self.old_parents, self.new_parents = _parents(self.old), _parents(self.new)
        self.titles = {**_titles(self.old), **_titles(self.new)}

    def changes(self) -> Iterator[Change]:
        for node in self.new.nodes:
            yield from self._node(node)
            for criterion in node.criteria:
                yield from self._criterion(criterion)
        yield from self._gone()
        yield from self._orders()

    def _of_node(self, node: Node, kind: Kind = Kind.NODE) -> Scene:
        return Scene(kind, node.code, self.titles[node.code], node.code)

    def _of_criterion(self, code: str, framework: Framework, kind: Kind = Kind.OTHER) -> Scene:
        return Scene(kind, code, _titled(framework.node_of(code)[0]), code)

    def _criterion(self, criterion: Criterion) -> Iterator[Change]:
        origins = self.matches[criterion.code]
        scene = self._of_criterion(criterion.code, self.new)
        if not origins:
            heading = str(criterion.text)
            yield scene.told(f"{criterion.code} is new: {criterion.heading}", "", heading, kind=Kind.ADDED)
            return
        relation = list(self._relation(scene, criterion, origins))
        yield from relation
        yield from self._moved(scene, criterion.code, origins)
        old = self.old_criteria[origins[0]]
        skip = {"code"} | ({"was"} if relation else set())
        if scale_told_elsewhere(self.telling, old.scale, criterion.scale):
            skip.add("scale")
        yield from self.telling.things(scene, old, criterion, skip)

    def _relation(self, scene: Scene, criterion: Criterion, origins: Sequence[str]) -> Iterator[Change]:
        code, origin = criterion.code, origins[0]
        parts = self.successors[origin]
        if len(origins) > 1:
            yield scene.told(f"{code} brings together {joined(origins)}.", kind=Kind.MERGED)
        elif len(parts) > 1 and code == parts[0]:
            yield scene.told(f"{origin} is split into {joined(parts)}.", kind=Kind.SPLIT)
        elif len(parts) > 1:
            yield scene.told(f"{code} is a part of what was {origin}.", kind=Kind.SPLIT)
        elif code != origin:
            yield scene.told(f"{origin} has a new code: {code}.", kind=Kind.RENAMED)

    def _moved(self, scene: Scene, code: str, origins: Sequence[str]) -> Iterator[Change]:
        old_parent, new_parent = self.old.node_of(origins[0])[-1], self.new.node_of(code)[-1]
        if self.nodes.get(new_parent.code) != old_parent.code:
            was, now = _called(old_parent), _called(new_parent)
            yield scene.told(f"{code} moved to {now} from {was}.", kind=Kind.MOVED)

    def _node(self, node: Node) -> Iterator[Change]:
        scene = self._of_node(node)
        origin = self.nodes.get(node.code)
        if origin is None:
            yield scene.told(f"{node.kind.capitalize()} {_called(node)} is new.")
            return
        old, skip = self.old_nodes[origin], {"code", "children", "criteria"}
        if origin != node.code:
            yield scene.told(f"{origin} {old.title} has a new code: {node.code}.")
            skip.add("was")
        yield from self.telling.things(scene, old, node, skip)
        old_parent, new_parent = self.old_parents.get(origin), self.new_parents.get(node.code)
        if (old_parent and old_parent.code) != (self.nodes.get(new_parent.code) if new_parent else None):
            below = _called(new_parent) if new_parent else "the top"
            yield scene.told(f"{_called(node)} moved to {below}.", kind=Kind.MOVED)

    def _gone(self) -> Iterator[Change]:
        kept = set(self.nodes.values())
        for node in self.old.nodes:
            if node.code not in kept:
                scene = self._of_node(node)
                yield scene.told(f"{node.kind.capitalize()} {_called(node)} is gone.")
            for criterion in node.criteria:
                if criterion.code not in self.successors:
                    scene = self._of_criterion(criterion.code, self.old, Kind.REMOVED)
                    yield scene.told(f"{criterion.code} is no longer asked: {criterion.heading}", str(criterion.text))

    def _orders(self) -> Iterator[Change]:
        """Where what stands under the same node in both editions stands in another order."""
        tops = self._reordered([n.code for n in self.old.roots], [n.code for n in self.new.roots], self.nodes)
        if tops:
            yield Change(Kind.ORDER, "", "The whole framework", f"The order at the top is now {tops[1]}.", *tops)
        first = {code: origins[0] for code, origins in self.matches.items() if origins}
        for node in self.new.nodes:
            old = self.old_nodes.get(self.nodes.get(node.code, ""))
            if old is None:
                continue
            pairs = (
                ([each.code for each in old.children], [each.code for each in node.children], self.nodes),
                ([each.code for each in old.criteria], [each.code for each in node.criteria], first),
            )
            for found in filter(None, (self._reordered(*pair) for pair in pairs)):
                scene = self._of_node(node, Kind.ORDER)
                yield scene.told(f"The order in {_called(node)} is now {found[1]}.", *found)

    @staticmethod
    def _reordered(olds: list[str], news: list[str], origin: dict[str, str]) -> tuple[str, str] | None:
        """Both orders in the codes of their own edition; None where what is in both stands in the same order."""
        places = {code: place for place, code in enumerate(olds)}
        both = [code for code in news if origin.get(code) in places]
        before = sorted(both, key=lambda code: places[origin[code]])
        if both == before:
            return None
        return ", ".join(origin[code] for code in before), ", ".join(both)


def _called(node: Node) -> str:
    return f"{node.code} {quoted(node.title)}"


def _matched_nodes(old: Framework, new: Framework) -> dict[str, str]:
    """Each node's code in the new tree -> its code in the old one; the first that it names where it names several."""
    known = {node.code for node in old.nodes}
    found: dict[str, str] = {}
    for node in new.nodes:
        origin = next((code for code in (*node.was, node.code) if code in known), None)
        if origin is not None:
            found[node.code] = origin
    return found


def _parents(framework: Framework) -> dict[str, Node]:
    """The node right above each node; those at the top have none."""
    return {child.code: node for node in framework.nodes for child in node.children}


def _titles(framework: Framework) -> dict[str, str]:
    """Each node's code -> the code and title of the node at the top above it."""
    return {node.code: _titled(root) for root in framework.roots for node in root.walk()}


def _titled(node: Node) -> str:
    return f"{node.code} {node.title}"
