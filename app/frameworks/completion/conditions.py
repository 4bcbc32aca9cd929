"""What may stand in rules about facts and in conditions over scores."""

from __future__ import annotations

from dataclasses import dataclass

from app.frameworks.completion.outline import FactOutline, Names
from app.frameworks.completion.spots import YES_NO, Either, Known, ListOf, Named, Offer, Spot, Words, fixed
from app.frameworks.completion.vocabulary import about_key
from app.frameworks.whens import ITSELF
from app.frameworks.whens import WORDS as CONDITIONS

NUMBERS = ("at_least", "at_most", "above", "below")
LOW_FIRST = ("at_most", "below", "at_least", "above")


@dataclass(frozen=True)
class RuleSpot:
    """A rule about facts: one of them compared, or rules joined."""

    def below(self, part: str, known: Known) -> Spot | None:
        if part in ("all", "any"):
            return ListOf(self)
        if part == "not":
            return self
        fact = known.outline.facts.get(part)
        return FactSpot(fact) if fact else None

    def keys(self, known: Known) -> list[Offer]:
        facts = [Offer(code, fact.title) for code, fact in known.outline.facts.items()]
        return facts + [Offer(word, about_key("Rule", word)) for word in ("all", "any", "not")]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class FactSpot:
    """What is asked of one fact: a comparison, or its answer alone."""

    fact: FactOutline

    def below(self, part: str, known: Known) -> Spot | None:
        return Words(self._answers) if part in ("is", "includes") else None

    def keys(self, known: Known) -> list[Offer]:
        words = {"money": (*NUMBERS, "is"), "count": (*NUMBERS, "is"), "codes": ("includes",)}
        return [Offer(word, about_key("Fact", word)) for word in words.get(self.fact.kind, ("is",))]

    def words(self, known: Known) -> list[Offer]:
        if self.fact.kind not in ("yes-no", "choice"):
            return []
        return [Offer(word, about) for word, about in self._answers(known).items()]

    def _answers(self, known: Known) -> Names:
        if self.fact.kind == "yes-no":
            return {offer.word: offer.about for offer in fixed("is", YES_NO).words(known)}
        return known.lists.get(self.fact.list, {}) if self.fact.list else self.fact.choices


@dataclass(frozen=True)
class WhenSpot:
    """A condition over scores, shares, ratings, findings or facts. `edges` are its comparisons, the likeliest first."""

    edges: tuple[str, ...] = NUMBERS

    def below(self, part: str, known: Known) -> Spot | None:
        if part in ("any", "all"):
            return Either(StandsSpot(self.edges), ListOf(self))
        if part in ITSELF:
            return EdgeSpot(self.edges)
        grades = Named(FoundSpot(), lambda known: known.outline.grades)
        return {"count": StandsSpot(self.edges, counts=True), "fact": RuleSpot(), "findings": grades}.get(part)

    def keys(self, known: Known) -> list[Offer]:
        return [Offer(word, about_key("When", word)) for word in CONDITIONS]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class StandsSpot:
    """Which things are looked at: one name of the tree, and how many of them where they are counted."""

    edges: tuple[str, ...]
    counts: bool = False

    def below(self, part: str, known: Known) -> Spot | None:
        names = [one for one, _ in known.outline.tree]
        return StandsOfSpot(self.edges, is_leaf=part == names[-1]) if part in names else None

    def keys(self, known: Known) -> list[Offer]:
        names = [Offer(one, f"Each {one.replace('-', ' ')}.") for one, _ in reversed(known.outline.tree)]
        return names + ([Offer("at_least", about_key("Stands", "at_least"), needed=True)] if self.counts else [])

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class StandsOfSpot:
    """What is asked of each: how it stands, and where."""

    edges: tuple[str, ...]
    is_leaf: bool

    def below(self, part: str, known: Known) -> Spot | None:
        if part == "in":
            return NODES
        return EdgeSpot(self.edges, rated=part == "rating") if part in ("score", "share", "points", "rating") else None

    def keys(self, known: Known) -> list[Offer]:
        words = ("score", "share", "rating", "in") if self.is_leaf else ("share", "points", "rating", "in")
        return [Offer(word, about_key("Stands", word)) for word in words]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class EdgeSpot:
    """A comparison with an edge; of ratings where `rated`."""

    edges: tuple[str, ...]
    rated: bool = False

    def below(self, part: str, known: Known) -> Spot | None:
        return Words(lambda known: known.outline.ratings or known.outline.levels) if self.rated else None

    def keys(self, known: Known) -> list[Offer]:
        return [Offer(word, about_key("Edge", word)) for word in self.edges]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class FoundSpot:
    """How many findings of a grade, and where."""

    def below(self, part: str, known: Known) -> Spot | None:
        return NODES if part == "in" else None

    def keys(self, known: Known) -> list[Offer]:
        return [Offer("at_least", about_key("Found", "at_least"), needed=True), Offer("in", about_key("Found", "in"))]

    def words(self, known: Known) -> list[Offer]:
        return []


NODES = Words(lambda known: known.outline.nodes)
