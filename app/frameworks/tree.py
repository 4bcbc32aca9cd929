"""The tree of a framework: nodes and criteria, with everything that they refer to."""

from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.framework import (
    Criterion,
    EvidenceAsk,
    EvidenceKind,
    Extent,
    Learning,
    Lighter,
    MapsTo,
    Node,
    Passport,
    Scale,
)
from app.domain.wording import NO_TEXT, Text
from app.frameworks import fields as f
from app.frameworks.header import Names, refer
from app.frameworks.problems import Path, Problems
from app.frameworks.rules import read_rule
from app.frameworks.scales import point_on
from app.frameworks.schemas import CriterionShape, MapsToShape, NodeShape, shaped

EVIDENCE_TITLES = {
    EvidenceKind.DOCUMENT: "A document",
    EvidenceKind.LINK: "A link to a web page",
    EvidenceKind.STATEMENT: "A statement",
    EvidenceKind.DATA: "Figures",
    EvidenceKind.OBSERVATION: "An observation",
    EvidenceKind.INTERVIEW: "An interview",
    EvidenceKind.USER_FEEDBACK: "Feedback from people who use the service",
    EvidenceKind.OUTCOME_MEASURE: "A measure of outcomes, with its method and period",
}
PLAIN_KEYS = ("text", "title", "why", "guidance", "weight", "answered_by", "met_by")


# Each criterion has an address of its own, /standards/<framework>/<edition>/<code>. These stand there for every framework.
RESERVED = frozenset(
    {"changes", "criteria.xlsx", "crosswalk", "crosswalk.csv", "framework.yaml", "handbook.pdf", "oscal.json", "try"}
)


@dataclass(slots=True)
class TreeReader:
    """Reads the tree once. `paths` gives the place of every code for what refers to it later.

    `criteria` are those without mistakes, in order; `all_read` says that there are no others. `own` holds, by code, what
    nodes say for themselves about how they are summed up and rated, to be read once all that it refers to is known.
    """

    names: Names
    problems: Problems
    paths: dict[str, Path] = field(default_factory=dict)
    criteria: list[Criterion] = field(default_factory=list)
    starting_levels: set[str | None] = field(default_factory=set)
    all_read: bool = True
    own: dict[str, dict[str, Any]] = field(default_factory=dict)

    def is_inside(self, code: str, within: tuple[str, ...]) -> bool:
        """Whether what has that code is one of these, or stands below one of them."""
        path = self.paths[code]
        return any(path[: len(self.paths[each])] == self.paths[each] for each in within)

    def roots(self, document: dict[str, Any]) -> tuple[Node, ...]:
        key = self.names.tree[0][1]
        if key not in document:
            self.problems.add((), f"`{key}` is missing: the list of every {self.names.tree[0][0]}")
            return ()
        return self._nodes(document[key], (key,), 0)

    def _items(self, data: Any, path: Path, depth: int) -> list[tuple[Any, Path]]:
        if not isinstance(data, list) or not data:
            name = self.names.tree[depth][0]
            self.problems.add(path, f"expected a list with at least one {name}: lines that start with a dash")
            return []
        return [(item, (*path, index)) for index, item in enumerate(data)]

    def _nodes(self, data: Any, path: Path, depth: int) -> tuple[Node, ...]:
        return tuple(self._node(item, here, depth) for item, here in self._items(data, path, depth))

    def _node(self, data: Any, path: Path, depth: int) -> Node:
        child_key, leaf_key = self.names.tree[depth + 1][1], self.names.tree[-1][1]
        beside = tuple(dict.fromkeys((child_key, leaf_key)))
        valid = shaped(NodeShape, data, path, self.problems, beside)
        code = self._claim(valid.get("code"), path)
        own = {key: valid[key] for key in ("score", "rate") if key in valid}
        if own:
            self.own[code] = own
        inside = data if isinstance(data, dict) else {}
        if valid and not any(key in inside for key in beside):
            self.problems.add(path, f"`{child_key}` is missing: nothing is asked below {code or 'this'}")
            self.all_read = False
        children: tuple[Node, ...] = ()
        if child_key in inside and child_key != leaf_key:
            children = self._nodes(inside[child_key], (*path, child_key), depth + 1)
        criteria: tuple[Criterion, ...] = ()
        if leaf_key in inside:
            items = self._items(inside[leaf_key], (*path, leaf_key), len(self.names.tree) - 1)
            read = [self._criterion(item, here) for item, here in items]
            criteria = tuple(criterion for criterion in read if criterion)
        kind, weight = self.names.tree[depth][0], valid.get("weight", 1)
        return Node(
            code,
            valid.get("title", NO_TEXT),
            kind,
            children,
            criteria,
            valid.get("summary", NO_TEXT),
            weight,
            valid.get("was", ()),
        )

    def _claim(self, code: str | None, path: Path) -> str:
        """Notes the code of a node or criterion, which nothing else may carry."""
        if code is None:
            return ""
        if code in RESERVED:
            self.problems.add(
                (*path, "code"), f"`{code}` is the address of a page about every framework; choose another code"
            )
        if code in self.paths:
            line = self.problems.values[(*self.paths[code], "code")][0]
            self.problems.add((*path, "code"), f"the code `{code}` is taken, on line {line}")
        else:
            self.paths[code] = path
        return code

    def _criterion(self, data: Any, path: Path) -> Criterion | None:
        before = len(self.problems.found)
        valid = shaped(CriterionShape, data, path, self.problems)
        code = self._claim(valid.get("code"), path)
        scale = self._scale(valid, path)
        level = self._level(valid, path)
        self.starting_levels.add(level)
        required = self._required(data, level, scale, path) if "required" in valid else {}
        applies = lighter = None
        if "applies" in valid:
            applies = read_rule(valid["applies"], (*path, "applies"), self.names, self.problems)
        evidence = self._evidence(valid.get("evidence", []), path)
        if "lighter" in valid:
            lighter = self._lighter(valid["lighter"], evidence, (*path, "lighter"))
        maps_to = self._maps(valid.get("maps_to", []), (*path, "maps_to"))
        expected = self._expected(valid, scale, path)
        passports = self._passports(valid.get("passports", []), scale, (*path, "passports"))
        if len(self.problems.found) > before or scale is None or level is None:
            self.all_read = False
            return None
        criterion = Criterion(
            code=code,
            scale=scale,
            level=level,
            required=required,
            applies=applies,
            lighter=lighter,
            evidence=evidence,
            learn=tuple(Learning(each["title"], each["url"]) for each in valid.get("learn", [])),
            maps_to=maps_to,
            was=valid.get("was", ()),
            prompts=tuple(valid.get("prompts", ())),
            expected=expected,
            passports=passports,
            **{key: valid[key] for key in PLAIN_KEYS if key in valid},
        )
        self.criteria.append(criterion)
        return criterion

    def _scale(self, valid: dict[str, Any], path: Path) -> Scale | None:
        code = valid.get("scale")
        if code is None or not refer("scale", code, self.names.scales, (*path, "scale"), self.problems):
            return None
        scale = self.names.scales[code]
        if scale and "not_applicable" in valid:
            return replace(scale, not_applicable=valid["not_applicable"])
        return scale

    def _level(self, valid: dict[str, Any], path: Path) -> str | None:
        levels = self.names.levels
        if "level" not in valid:
            return next(iter(levels), None)
        known = refer("level", valid["level"], levels, (*path, "level"), self.problems)
        return valid["level"] if known else None

    def _required(self, data: dict[str, Any], level: str | None, scale: Scale | None, path: Path) -> dict[str, int]:
        """Level code -> point needed, for every level at which the knock-out holds."""
        if level is None or scale is None:
            return {}
        asked, here = data["required"], (*path, "required")
        by_level = asked if isinstance(asked, dict) else {level: asked}
        required: dict[str, int] = {}
        for code in self.names.levels:
            point = required.get(self._before(code) or "")
            if code in by_level:
                place = (*here, code) if isinstance(asked, dict) else here
                point = self._required_point(code, by_level[code], level, scale, point, place)
            if point is not None:
                required[code] = point
        for code in by_level:
            if code not in self.names.levels:
                refer("level", code, self.names.levels, (*here, code), self.problems)
        return required

    def _before(self, level: str) -> str | None:
        codes = list(self.names.levels)
        return codes[codes.index(level) - 1] if codes.index(level) else None

    def _required_point(
        self, code: str, asked: Any, starts: str, scale: Scale, lower: int | None, path: Path
    ) -> int | None:
        if self.names.rank(code) < self.names.rank(starts):
            self.problems.add(
                path, f"this criterion only starts to count at {starts}, so nothing is required at {code}"
            )
        point = point_on(scale, asked, path, self.problems)
        if point is None:
            return None
        if point == scale.worst:
            words = "highest" if scale.lower_is_better else "lowest"
            message = f"{asked} is the {words} point of the scale {scale.code}, so this requires nothing"
            self.problems.add(path, message)
        if lower is not None and scale.better(lower, point):
            self.problems.add(path, f"{code} requires less than a lower level, which asks for {scale.said(lower)}")
        return point

    def _expected(self, valid: dict[str, Any], scale: Scale | None, path: Path) -> int | None:
        if "expected" not in valid or scale is None:
            return None
        return point_on(scale, valid["expected"], (*path, "expected"), self.problems)

    def _passports(self, entries: list[dict[str, Any]], scale: Scale | None, path: Path) -> tuple[Passport, ...]:
        passports: list[Passport] = []
        for index, entry in enumerate(entries):
            here = (*path, index)
            point = None
            if scale and "counts_as" in entry:
                point = point_on(scale, entry["counts_as"], (*here, "counts_as"), self.problems)
            if "scheme" not in entry:
                continue
            passport = Passport(entry["scheme"], entry.get("level"), entry.get("criterion"), point)
            if any((passport.scheme, passport.level, passport.criterion) == _held(other) for other in passports):
                self.problems.add(here, "this passport stands here twice")
            passports.append(passport)
        return tuple(passports)

    def _evidence(self, asks: list[dict[str, Any]], path: Path) -> tuple[EvidenceAsk, ...]:
        evidence: list[EvidenceAsk] = []
        for index, ask in enumerate(asks):
            if "kind" not in ask:
                continue
            code = ask.get("code", str(ask["kind"]))
            title = ask.get("title") or Text.plain(EVIDENCE_TITLES[ask["kind"]])
            if any(code == other.code for other in evidence):
                message = f"the evidence `{code}` stands here twice; give each a `code` of its own"
                self.problems.add((*path, "evidence", index), message)
            evidence.append(EvidenceAsk(ask["kind"], code, title, ask.get("newest_within"), ask.get("at_least", 1)))
        return tuple(evidence)

    def _lighter(self, valid: dict[str, Any], evidence: tuple[EvidenceAsk, ...], path: Path) -> Lighter | None:
        if "when" not in valid or "evidence" not in valid:
            return None
        rule = read_rule(valid["when"], (*path, "when"), self.names, self.problems)
        known = [ask.code for ask in evidence]
        for index, code in enumerate(valid["evidence"]):
            refer("evidence", code, known, (*path, "evidence", index), self.problems)
        if known and set(known) == set(valid["evidence"]):
            self.problems.add((*path, "evidence"), "this is all the evidence there is, so nothing is lighter")
        return Lighter(rule, tuple(valid["evidence"])) if rule else None

    def _maps(self, links: Any, path: Path) -> tuple[MapsTo, ...]:
        if not isinstance(links, list):
            self.problems.add(path, 'expected a list of links, such as ["cqc-local-authorities:GOV"]')
            return ()
        found = [self._map(link, (*path, index)) for index, link in enumerate(links)]
        return tuple(link for link in found if link)

    def _map(self, link: Any, path: Path) -> MapsTo | None:
        valid = {"to": link} if isinstance(link, str) else shaped(MapsToShape, link, path, self.problems)
        framework, _, code = str(valid.get("to", "")).partition(":")
        if "to" not in valid:
            return None
        if not f.CODE.fullmatch(framework) or not code.strip():
            message = f"expected <framework>:<code>, such as cqc-local-authorities:GOV, not `{valid['to']}`"
            self.problems.add(path, message)
            return None
        return MapsTo(framework, code.strip(), valid.get("extent", Extent.PARTIAL))


def _held(passport: Passport) -> tuple[str, str | None, str | None]:
    return passport.scheme, passport.level, passport.criterion
