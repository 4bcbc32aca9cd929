"""How many sites, files or people are looked at, and which ones: exact, and the same again for whoever checks it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from math import ceil, isqrt

from app.domain.errors import Invalid
from app.domain.wording import joined, percent


@dataclass(frozen=True, slots=True)
class SampleRule:
    """At least `at_least`, at most `at_most`, and between them a share of all, or the square root of how many there are.

    `of` is the fact that says how many there are; None where no fact does.
    """

    share: Fraction | None = None
    square_root: bool = False
    at_least: int = 0
    at_most: int | None = None
    of: str | None = None

    @property
    def words(self) -> str:
        """25%, at least 2 and at most 30."""
        share = "the square root of their number" if self.square_root else percent(self.share) if self.share else ""
        edges = [f"at least {self.at_least}"] if self.at_least else []
        edges += [f"at most {self.at_most}"] if self.at_most else []
        return joined([share, *edges] if share else edges)


def sample_size(rule: SampleRule, population: int) -> int:
    """How many of `population` are looked at. A part of one counts as one; never more than there are.

    Where `at_least` and `at_most` differ from what the share gives, they win, and the number there is wins over all.
    """
    size = ceil(rule.share * population) if rule.share is not None else 0
    if rule.square_root:
        size = isqrt(population - 1) + 1 if population else 0
    size = max(size, rule.at_least)
    if rule.at_most is not None:
        size = min(size, rule.at_most)
    return min(size, population)


def samples_in_words(rules: Mapping[str, SampleRule], facts: Mapping[str, object]) -> tuple[str, ...]:
    """How much an assessor looks at in one case, a sentence for each kind of thing, in numbers where `facts` tell them."""
    return tuple(_sample_in_words(what, rule, facts.get(rule.of or "")) for what, rule in rules.items())


def _sample_in_words(what: str, rule: SampleRule, there_are: object) -> str:
    if isinstance(there_are, bool) or not isinstance(there_are, int) or there_are < 0:
        return f"Of all {what}, {rule.words} are looked at."
    size = sample_size(rule, there_are)
    if not there_are:
        return f"There are no {what} to look at."
    return f"Look at all {there_are:,} {what}." if size == there_are else f"Look at {size:,} of {there_are:,} {what}."


def draw(population: Sequence[str], size: int, seed: str) -> tuple[str, ...]:
    """`size` different members of `population`, in the order in which they were drawn.

    Each member's ticket is the SHA-256 of the seed, a zero byte and the member in UTF-8; the lowest tickets, read as hex,
    are drawn. So anyone with the seed and the list can repeat the draw by hand, the order of the list means nothing,
    and the next ticket is the substitute when one of those drawn falls out. Raises Invalid where a member stands twice
    or there are fewer than `size`.
    """
    if len(set(population)) < len(population):
        raise Invalid({"population": "Each member may stand on the list only once."})
    if not 0 <= size <= len(population):
        raise Invalid({"size": f"{size} cannot be drawn from {len(population)}."})
    return tuple(sorted(population, key=lambda member: (_ticket(seed, member), member))[:size])


def _ticket(seed: str, member: str) -> str:
    return sha256(seed.encode() + b"\0" + member.encode()).hexdigest()
