"""A framework as an OSCAL catalog: nodes become groups, criteria become controls, one language at a time.

OSCAL has no place for scoring, facts, limits and terms of an award. Weights, levels, scales, required points and evidence go
along as properties and parts of our own namespace, which other programs pass over.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from app.domain.framework import Criterion, Extent, Framework, Node, NotApplicableRule, Scale, ScaleKind
from app.domain.wording import Text
from app.frameworks.importing.drafting import TOP, group_code
from app.frameworks.importing.words import one_line, shortened
from app.frameworks.oscal_prose import NAMESPACE, items_in

OSCAL_VERSION = "1.1.3"
Part = dict[str, Any]


def catalog(framework: Framework, language: str, modified: datetime) -> dict[str, Any]:
    """The edition as an OSCAL catalog document, with its texts in `language`. The same edition gives the same document.

    `modified` is when the edition was last changed, with its time zone.
    """
    return _Writer(framework, language).document(modified)


def as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_yaml(document: dict[str, Any]) -> str:
    return yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=110)


class _Writer:
    def __init__(self, framework: Framework, language: str) -> None:
        self.framework, self.language = framework, language

    def document(self, modified: datetime) -> dict[str, Any]:
        known = self.framework
        held: dict[str, Any] = {
            "uuid": str(uuid5(NAMESPACE_URL, f"{NAMESPACE}:{known.code}/{known.edition}/{self.language}")),
            "metadata": {
                "title": one_line(self._said(known.title)),
                "last-modified": modified.isoformat(timespec="seconds"),
                "version": known.edition,
                "oscal-version": OSCAL_VERSION,
                "props": list(self._metadata()),
                "remarks": self._said(known.summary),
            },
            **self._top(),
        }
        return {"catalog": _full(held)}

    def _said(self, text: Text) -> str:
        return text.in_(self.language).strip()

    def _top(self) -> dict[str, Any]:
        roots = self.framework.roots
        if (
            len(roots) == 1
            and roots[0].code == TOP
            and not roots[0].children
            and self._bare(roots[0], self.framework.title)
        ):
            return {"controls": [self._control(each) for each in roots[0].criteria]}
        if self._are_controls(roots):
            return {"controls": [self._control_with(node) for node in roots]}
        return {"groups": [self._group(node) for node in roots]}

    def _bare(self, node: Node, title: Text) -> bool:
        """Whether a node says nothing beside that title."""
        return node.title == title and not node.summary and node.weight == 1

    def _are_controls(self, nodes: Iterable[Node]) -> bool:
        """Whether siblings are what controls with controls inside are brought over as; see `importing.drafting`."""
        nodes = tuple(nodes)
        return bool(nodes) and all(map(self._is_control, nodes)) and any(_holds_more(node) for node in nodes)

    def _is_control(self, node: Node) -> bool:
        if not node.criteria:
            return False
        own, rest = node.criteria[0], node.criteria[1:]
        if node.code != group_code(own.code) or not self._bare(node, own.title):
            return False
        return not node.children or (not rest and self._are_controls(node.children))

    def _control_with(self, node: Node) -> dict[str, Any]:
        """The control that a node of its own stands for, with those inside it."""
        inside = [self._control(each) for each in node.criteria[1:]]
        inside += [self._control_with(child) for child in node.children]
        return _full({**self._control(node.criteria[0]), "controls": inside})

    def _group(self, node: Node) -> dict[str, Any]:
        head: dict[str, Any] = {
            "id": _id(node.code),
            "class": node.kind,
            "title": one_line(self._said(node.title)) or node.code,
            "props": [_label(node.code), *_props(weight=node.weight if node.weight != 1 else None)],
            "parts": [_part("overview", _id(node.code), self._said(node.summary))],
        }
        if not node.children:
            return _full({**head, "controls": [self._control(each) for each in node.criteria]})
        if not node.criteria and self._are_controls(node.children):
            return _full({**head, "controls": [self._control_with(child) for child in node.children]})
        # OSCAL lets a group hold groups or controls, not both.
        own = self._criteria_of(node) if node.criteria else None
        return _full({**head, "groups": [own, *(self._group(child) for child in node.children)]})

    def _criteria_of(self, node: Node) -> dict[str, Any]:
        return {
            "id": f"{_id(node.code)}_criteria",
            "title": one_line(self._said(node.title)) or node.code,
            "props": _props(holds="criteria"),
            "controls": [self._control(each) for each in node.criteria],
        }

    def _control(self, criterion: Criterion) -> dict[str, Any]:
        own_id = _id(criterion.code)
        title = one_line(self._said(criterion.title))
        parts = [
            self._statement(own_id, self._said(criterion.text)),
            _part("rationale", own_id, self._said(criterion.why), NAMESPACE),
            _part("guidance", own_id, self._said(criterion.guidance)),
            *self._prompts(own_id, criterion),
            *self._evidence(own_id, criterion),
        ]
        return _full(
            {
                "id": own_id,
                "class": self.framework.criterion_name,
                "title": title or shortened(self._said(criterion.text)),
                "props": [_label(criterion.code), *self._terms(criterion), *([] if title else _props(untitled="yes"))],
                "links": list(_links(criterion, self.language)),
                "parts": parts,
            }
        )

    def _statement(self, own_id: str, text: str) -> Part | None:
        """The text; where it is a list, its items with their labels."""
        opening, items = items_in(text)
        statement: Part = _part("statement", own_id, opening) or {"id": f"{own_id}_statement", "name": "statement"}
        above = [statement]
        for number, (depth, label, prose) in enumerate(items, 1):
            item = {"id": f"{own_id}_item.{number}", "name": "item", "props": [_prop("label", label)], "prose": prose}
            del above[depth + 1 :]
            above[-1].setdefault("parts", []).append(item)
            above.append(item)
        return statement if text else None

    def _prompts(self, own_id: str, criterion: Criterion) -> Iterator[Part | None]:
        for number, prompt in enumerate(criterion.prompts, 1):
            yield _part("assessment-objective", f"{own_id}_{number}", self._said(prompt))

    def _evidence(self, own_id: str, criterion: Criterion) -> Iterator[Part]:
        for number, ask in enumerate(criterion.evidence, 1):
            least = ask.at_least if ask.at_least > 1 else None
            props = _props(kind=ask.kind, code=ask.code, at_least=least, newest_within=ask.newest_within)
            yield {
                "id": f"{own_id}_evidence.{number}",
                "name": "evidence",
                "ns": NAMESPACE,
                "props": props,
                "prose": self._said(ask.title),
            }

    def _terms(self, criterion: Criterion) -> list[dict[str, str]]:
        scale, usual = criterion.scale, self.framework.scales[criterion.scale.code]
        rule = scale.not_applicable if scale.not_applicable is not usual.not_applicable else None
        required = [
            _prop("required", f"{level} {_point(scale, point)}", NAMESPACE)
            for level, point in criterion.required.items()
        ]
        level = criterion.level if self.framework.rank_of(criterion.code) else None
        weight = criterion.weight if criterion.weight != 1 else None
        expected = None if criterion.expected is None else _point(scale, criterion.expected)
        return [
            *_props(scale=scale.code, weight=weight, level=level, not_applicable=rule, expected=expected),
            *required,
        ]

    def _metadata(self) -> Iterator[dict[str, str]]:
        known = self.framework
        yield from _props(framework=known.code, language=self.language, tree=" -> ".join(known.tree_names))
        for level in known.levels:
            yield {**_prop("level", level.code, NAMESPACE), "remarks": self._said(level.title)}
        for scale in known.scales.values():
            yield _full({**_prop("scale", scale.code, NAMESPACE), "remarks": self._said(scale.title)})
            yield from self._scale(scale)

    def _scale(self, scale: Scale) -> Iterator[dict[str, str]]:
        """What a scale holds. Each value begins with the scale's code."""
        if scale.span:
            span = scale.span
            yield _prop("range", f"{scale.code} {span.low} {span.high} {span.step} {span.unit}".strip(), NAMESPACE)
        for point in scale.points:
            name = "words" if scale.kind is ScaleKind.WORDS else "points"
            value = f"{scale.code} {_point(scale, point.value)}"
            yield {**_prop(name, value, NAMESPACE), "remarks": self._said(point.label)}
            if point.anchor and name == "points":
                yield {**_prop("anchors", value, NAMESPACE), "remarks": self._said(point.anchor)}
        rules = {"not_applicable": scale.not_applicable, "not_rated": scale.not_rated}
        settings = {name: rule for name, rule in rules.items() if rule is not NotApplicableRule.NEVER}
        settings |= {"better": "lower"} if scale.lower_is_better else {}
        settings |= {"met_from": _point(scale, scale.met_from)} if scale.met_from is not None else {}
        yield from (_prop(name, f"{scale.code} {value}", NAMESPACE) for name, value in settings.items())


def _holds_more(node: Node) -> bool:
    return bool(node.children) or len(node.criteria) > 1


def _id(code: str) -> str:
    """An id, which in OSCAL must not begin with a digit."""
    return code if not code[0].isdigit() else f"_{code}"


def _label(code: str) -> dict[str, str]:
    return _prop("label", code)


def _prop(name: str, value: Any, ns: str = "") -> dict[str, str]:
    return {"name": name, **({"ns": ns} if ns else {}), "value": str(value)}


def _props(**values: Any) -> list[dict[str, str]]:
    """Properties of our namespace, without those that are None."""
    return [_prop(name, value, NAMESPACE) for name, value in values.items() if value is not None]


def _part(name: str, own_id: str, prose: str, ns: str = "") -> Part | None:
    if not prose:
        return None
    return {"id": f"{own_id}_{name}", "name": name, **({"ns": ns} if ns else {}), "prose": prose}


def _point(scale: Scale, value: int) -> str:
    """A point as a file writes it."""
    return scale.point(value).code if scale.kind is ScaleKind.WORDS else str(value)


def _links(criterion: Criterion, language: str) -> Iterator[dict[str, str]]:
    for learning in criterion.learn:
        yield {"href": learning.url, "rel": "reference", "text": one_line(learning.title.in_(language))}
    for link in criterion.maps_to:
        yield {"href": f"#{link}", "rel": "maps-to-full" if link.extent is Extent.FULL else "maps-to"}


def _full(held: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, which OSCAL does not allow to be there."""
    lists = {key: [each for each in value if each] if isinstance(value, list) else value for key, value in held.items()}
    return {key: value for key, value in lists.items() if value}
