"""What may stand in rules about facts and in the conditions of limits."""

from __future__ import annotations

from dataclasses import dataclass

from app.frameworks.completion.cursor import ITEM
from app.frameworks.completion.outline import FactOutline, Names
from app.frameworks.completion.spots import YES_NO, Either, Known, ListOf, Offer, Spot, Words, fixed
from app.frameworks.completion.vocabulary import about_key

NUMBERS = ("at_least", "at_most", "above", "below")
LOW = ("at_most", "below")


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
    """The condition of a limit."""

    def below(self, part: str, known: Known) -> Spot | None:
        if part in ("any", "all"):
            return Either(LowSpot(counts=False), ListOf(self))
        return {"count": LowSpot(counts=True), "fact": RuleSpot()}.get(part)

    def keys(self, known: Known) -> list[Offer]:
        return [Offer(word, about_key("When", word)) for word in ("any", "all", "count", "fact")]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class LowSpot:
    """Which things stand low: one name of the tree, and how many where they are counted."""

    counts: bool

    def below(self, part: str, known: Known) -> Spot | None:
        names = [one for one, _ in known.outline.tree]
        return LowOfSpot(is_leaf=part == names[-1]) if part in names else None

    def keys(self, known: Known) -> list[Offer]:
        names = [Offer(one, f"Each {one.replace('-', ' ')}.") for one, _ in reversed(known.outline.tree)]
        return names + ([Offer("at_least", about_key("Low", "at_least"), needed=True)] if self.counts else [])

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class LowOfSpot:
    """What is asked of each: a score or share that is low, and where."""

    is_leaf: bool

    def below(self, part: str, known: Known) -> Spot | None:
        if part == "in":
            return Words(lambda known: known.outline.nodes)
        return EdgeSpot() if part in ("score", "share") else None

    def keys(self, known: Known) -> list[Offer]:
        return [Offer(word, about_key("Low", word)) for word in (("score",) if self.is_leaf else ()) + ("share", "in")]

    def words(self, known: Known) -> list[Offer]:
        return []


@dataclass(frozen=True)
class EdgeSpot:
    """Where low begins."""

    def below(self, part: str, known: Known) -> Spot | None:
        return self if part == ITEM else None

    def keys(self, known: Known) -> list[Offer]:
        return [Offer(word, about_key("Fact", word)) for word in LOW]

    def words(self, known: Known) -> list[Offer]:
        return []
