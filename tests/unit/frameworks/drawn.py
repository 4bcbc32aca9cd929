"""Framework files drawn at random over the whole of the format, and score sheets with every state for them."""

import json
from random import Random
from typing import Any

from app.domain.framework import Criterion, Framework
from app.domain.scoring import NotApplicable, NotRated, Passported, Score, Scored
from app.frameworks import FrameworkInvalid, read

SCALES: dict[str, dict[str, Any]] = {
    "steps": {"points": {"0": "None", "1": "Some", "2": "Most", "3": "All"}, "met_from": 2},
    "odd": {"points": {"0": "None", "5": "Little", "10": "Some", "25": "All"}},
    "risk": {"better": "lower", "points": {"1": "Low", "2": "Medium", "3": "High"}},
    "percent": {"range": {"from": 0, "to": 100, "step": 10, "unit": "%"}},
    "words": {"words": {"weak": "Weak", "bronze": "Fair", "silver": "Good"}, "met_from": "bronze"},
}
STATES = {"not_applicable": "with-reason", "not_rated": "with-reason"}
STAGES = (
    "criterion -> whole",
    "criterion -> standard -> whole",
    "criterion -> area -> whole",
    "criterion -> standard -> area -> whole",
)
WAYS = ("mean", "share-of-maximum", "lowest", "highest", "all-of")
SHARES = ("10%", "20%", "30%", "1/3", "50%", "60%", "70%", "2/3", "90%", "100%")
KINDS = ("criterion", "standard", "area")
FACTS = {"breach": {"kind": "yes-no", "title": "A breach"}, "staff": {"kind": "count", "title": "Paid staff"}}


class Draw:
    """Draws one file. `document` is its data; the same seed always gives the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.one = self.random.choice
        self.scales = self.random.sample(sorted(SCALES), k=self.one((1, 2, 3)))
        self.levels = ["bronze", "silver", "gold"][: self.one((1, 2, 2, 3))]
        self.ratings = self.one(([], ["weak", "bronze", "nearly", "silver", "gold"], ["weak", *self.levels]))
        self.findings = self.random.random() < 0.25
        self.count = 0
        self.leaves: list[str] = []
        self.nodes: dict[str, list[str]] = {"area": [], "standard": []}
        self.document = self._document()

    def _sometimes(self, likely: float) -> bool:
        return self.random.random() < likely

    def _document(self) -> dict[str, Any]:
        areas = [self._area(place) for place in range(self.one((1, 2, 2)))]
        document: dict[str, Any] = {
            "framework": "drawn",
            "edition": "1",
            "title": "Drawn",
            "names": {"tree": ["area", "standard", "criterion"]},
            "scales": {code: SCALES[code] | STATES for code in self.scales},
            "facts": FACTS,
            "levels": [{"code": code, "title": code.capitalize()} for code in self.levels],
        }
        if self.ratings:
            document["ratings"] = [{"code": code, "title": code.capitalize()} for code in self.ratings]
        if self.findings and "steps" in self.scales:
            document["findings"] = {
                "grades": [{"code": "minor", "title": "Minor"}, {"code": "major", "title": "Major"}],
                "from_scores": {"steps": {"major": "0", "minor": self.one(("1", "2"))}},
                "escalation": [
                    {
                        "at_least": self.one((2, 3)),
                        "of": "minor",
                        "in_one": self.one(("standard", "area", "whole")),
                        "become": "major",
                    }
                ],
            }
        return document | {"areas": areas, "outcome": self._outcome()}

    def _area(self, place: int) -> dict[str, Any]:
        code = f"A{place}"
        self.nodes["area"].append(code)
        area: dict[str, Any] = {"code": code, "title": code}
        area["standards"] = [self._standard(f"{code}.{each}") for each in range(self.one((1, 2)))]
        if self._sometimes(0.3):
            area["criteria"] = [self._criterion(f"{code}.d") for _ in range(self.one((1, 2)))]
        return self._own(area)

    def _standard(self, code: str) -> dict[str, Any]:
        self.nodes["standard"].append(code)
        criteria = [self._criterion(f"{code}.c") for _ in range(self.one((1, 2, 3)))]
        return self._own({"code": code, "title": code, "criteria": criteria})

    def _own(self, node: dict[str, Any]) -> dict[str, Any]:
        if self._sometimes(0.2):
            node["score"] = self._way()
            node["weight"] = self.one(("1", "2", "1/3"))
        if self._sometimes(0.1):
            node["rate"] = self._rater()
        return node

    def _criterion(self, above: str) -> dict[str, Any]:
        self.count += 1
        scale = self.one(self.scales)
        criterion: dict[str, Any] = {"code": f"{above}{self.count}", "text": "x", "scale": scale}
        self.leaves.append(criterion["code"])
        if self._sometimes(0.3):
            criterion["level"] = self.one(self.levels)
        if self._sometimes(0.3):
            criterion["weight"] = self.one(("0", "2", "1/3", "0.5"))
        if self._sometimes(0.2):
            criterion["applies"] = {"staff": {"at_least": "1"}}
        if self._sometimes(0.2) and scale == "steps":
            criterion["required"] = self.one(("1", "2"))
        return criterion

    def _outcome(self) -> dict[str, Any]:
        of = self.one(STAGES)
        self.summed = of.split(" -> ")[1:]
        marks = self._sometimes(0.15)
        score: Any = "sum" if marks else {name: self._way() for name in self.summed}
        outcome: dict[str, Any] = {"of": of, "score": score}
        if self._sometimes(0.5):
            outcome["rate"] = {name: self._rater() for name in self.random.sample(KINDS[1:], k=self.one((1, 2)))}
        if self._sometimes(0.2) and not marks:
            outcome["rounding"] = {
                "mode": self.one(("half-up", "half-even", "down", "up")),
                "to": self.one(("1%", "5%")),
            }
        if self._sometimes(0.3):
            outcome["not_applicable"] = self.one(("leaves", "full", "nothing"))
        if self._sometimes(0.5):
            outcome["limits"] = [self._limit([*self.levels[:-1]]) for _ in range(self.one((1, 2)))]
        return outcome | self._giver(marks)

    def _giver(self, marks: bool) -> dict[str, Any]:
        kind = self.one(("bands", "bands", "needs", "table", "by"))
        if kind == "bands":
            edges = [f"{each} points" for each in (0, 3, 6, 9)] if marks else ["0%", *self._edges(3)]
            words = ["not-yet", *self.levels]
            return {"bands": [{"from": edge, "is": word} for edge, word in zip(edges, words, strict=False)]}
        if kind == "needs":
            return {"needs": {code: self._condition(high=True) for code in self.levels}}
        if kind == "table":
            return {"table": self._table([*self.levels[::-1], "not-yet"])}
        return {"by": self.one(("lowest", "highest", "best-fit", "levels"))}

    def _edges(self, count: int) -> list[str]:
        return [f"{each}%" for each in sorted(self.random.sample(range(10, 100, 10), k=count))]

    def _table(self, words: list[str]) -> list[dict[str, Any]]:
        """Words from the best to the worst, asking for high scores; or from the worst, asking for low ones."""
        high = self._sometimes(0.6)
        order = words if high else words[::-1]
        rows = [{"is": word, "when": self._condition(high)} for word in order[:-1]]
        return [*rows, {"otherwise": order[-1]}]

    def _rater(self) -> Any:
        words = self.ratings or self.levels
        kind = self.one(("bands", "bands", "table", "by"))
        rater: dict[str, Any] = {}
        if kind == "bands":
            rater["bands"] = [
                {"from": edge, "is": word} for edge, word in zip(["0%", *self._edges(4)], words, strict=False)
            ]
        elif kind == "table":
            rater["table"] = self._table(words[::-1])
        else:
            rater["by"] = self.one(("lowest", "highest", "best-fit", "levels"))
        if self._sometimes(0.4):
            rater["limits"] = [self._limit(words[:-1])]
        return rater

    def _limit(self, words: list[str]) -> dict[str, Any]:
        at_most = self.one((*words, "50%", "75%"))
        return {"when": self._condition(high=False), "at_most": at_most, "because": "It is so."}

    def _way(self) -> Any:
        kind = self.random.random()
        if kind < 0.6:
            return self.one(WAYS)
        if kind < 0.75:
            return {"at_least": self.one(("1", "2", "50%", "100%"))}
        add = []
        for _ in range(self.one((1, 2))):
            high = self._sometimes(0.5)
            by = self.one(("5%", "20%"))
            add.append({"when": self._condition(high), "by": by if high else f"-{by}", "because": "It is so."})
        start = self.one((*WAYS[:4], *self.leaves[-1:]))
        return {"start_from": start, "add": add, "between": self.one((["0%", "100%"], ["5%", "95%"]))}

    def _condition(self, high: bool, depth: int = 0) -> dict[str, Any]:
        compare = self.one(("at_least", "above") if high else ("at_most", "below"))
        kind = self.random.random()
        if kind < 0.15 and depth < 2:
            return {self.one(("all", "any")): [self._condition(high, depth + 1) for _ in range(2)]}
        if kind < 0.25:
            return {"fact": {"breach": not high}}
        if kind < 0.35 and self.findings and not high:
            return {"findings": {self.one(("minor", "major")): {"at_least": self.one(("1", "2"))}}}
        if kind < 0.5:
            return {self.one(("share", "lowest", "highest")): {compare: self.one(SHARES)}}
        what = self.one(KINDS)
        asked: dict[str, Any] = {}
        if self._sometimes(0.4) and what != "criterion":
            asked["rating"] = {compare: self.one(self.ratings or self.levels)}
        elif self._sometimes(0.3) and what == "criterion":
            asked["score"] = {compare: self.one(("1", "2", "3"))}
        else:
            asked["share"] = {compare: self.one(SHARES)}
        inside = self.leaves if what == "criterion" else self.nodes[what]
        if self._sometimes(0.2) and inside:
            asked["in"] = self.one(inside)
        quantifier = self.one(("any", "all", "count"))
        least = {"at_least": self.one(("1", "2", "50%"))} if quantifier == "count" else {}
        return {quantifier: {what: asked, **least}}


def turned(document: dict[str, Any]) -> dict[str, Any]:
    """The same file with all siblings in the other order."""
    other = json.loads(json.dumps(document))

    def turn(node: dict[str, Any]) -> None:
        for key in ("areas", "standards", "criteria"):
            if key in node:
                node[key].reverse()
                for child in node[key]:
                    turn(child)

    turn(other)
    return other


def drawn_framework(document: dict[str, Any]) -> Framework | None:
    """None where the file is refused, as many drawn ones are."""
    try:
        return read(json.dumps(document, indent=1), "drawn")
    except FrameworkInvalid:
        return None


def drawn_score(criterion: Criterion, random: Random) -> Score | None:
    kind = random.random()
    if kind < 0.75:
        return Scored(random.choice(list(criterion.scale.values)))
    if kind < 0.82:
        return NotApplicable("Not us.")
    if kind < 0.88:
        return NotRated("Not seen.")
    if kind < 0.93:
        return Passported("Elsewhere", point=random.choice([None, *criterion.scale.values]))
    return None


def drawn_scores(mark: Framework, random: Random, high: float = 0.3) -> dict[str, Score]:
    """A score or a state of its own for each criterion, or none; `high` is how many are at their best."""
    scores = {
        each.code: Scored(each.scale.best) if random.random() < high else drawn_score(each, random)
        for each in mark.criteria
    }
    return {code: score for code, score in scores.items() if score is not None}


def drawn_facts(random: Random) -> dict[str, object]:
    return {"breach": random.choice([None, True, False, False]), "staff": random.choice([None, 0, 3])}
