"""From one edition of a framework to a later one: which answers and scores go over, and which must be looked at again.

A criterion that is the same in both editions keeps its answer as it is. Where its words, its scale, its required point or
its evidence have changed, or it was split or merged, the answer goes over as far as it still makes sense, with the
reasons to look at it again. A new criterion stands open. Nothing is ever guessed: where two answers became one and they
do not agree, or a point means something else on the new scale, the point is left open and the reasons in words are kept.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.domain.errors import OffScale
from app.domain.framework import Criterion, Framework, NotApplicableRule, Scale
from app.domain.matching import matches_along, successors
from app.domain.scoring import Score, Scored
from app.domain.scoring.sheet import check_score
from app.domain.self_assessment import LONGEST_REASON, Claim, Progress, may_leave_out
from app.domain.wording import NO_TEXT, Text, joined


@dataclass(frozen=True, slots=True)
class Link:
    """A criterion of the later edition, what it was in the earlier one, and why its answers must be looked at again.

    `origins` is empty for a new criterion; `parts` are the codes that its only origin lives on in, more than one where
    it was split. Without `reasons` the criterion is the same.
    """

    criterion: Criterion
    origins: tuple[Criterion, ...]
    parts: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def code(self) -> str:
        return self.criterion.code

    def keeps(self, origin: Criterion, point: int) -> bool:
        """Whether a point given on the origin's scale still stands for the same on the scale of today."""
        return keeps_its_meaning(origin.scale, self.criterion.scale, point)


@dataclass(frozen=True, slots=True)
class Carried:
    """The answer that a criterion begins with. `origins` are the codes whose answers it is made of.

    `review` are the reasons, in sentences, why it must be looked at again; empty where it stands as it is.
    """

    code: str
    origins: tuple[str, ...]
    claim: Claim
    review: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carrying:
    """The way from one edition to a later one, once for every application. `editions` are all on it, in order."""

    editions: tuple[Framework, ...]
    links: tuple[Link, ...] = field(repr=False)
    onward: Mapping[str, tuple[str, ...]] = field(repr=False)

    @classmethod
    def along(cls, editions: Sequence[Framework]) -> "Carrying":
        """From the first of these editions to the last; those between say which new codes were taken on the way."""
        old, new = editions[0], editions[-1]
        found = matches_along(editions)
        onward = successors(found)
        links = tuple(_link(old, new, criterion, found[criterion.code], onward) for criterion in new.criteria)
        return cls(tuple(editions), links, onward)

    @property
    def old(self) -> Framework:
        return self.editions[0]

    @property
    def new(self) -> Framework:
        return self.editions[-1]

    @cached_property
    def by_code(self) -> Mapping[str, Link]:
        """The links by the code in the later edition."""
        return {link.code: link for link in self.links}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The criteria that were there before and must be looked at again, by their codes in the later edition."""
        return frozenset(link.code for link in self.links if link.origins and link.reasons)

    def claims(self, claims: Mapping[str, Claim]) -> Iterator[Carried]:
        """What each criterion that anything goes over to begins with, in reading order.

        `claims` maps the codes of the earlier edition to what was said there, finished or not.
        """
        for link in self.links:
            said = [(origin, claims[origin.code]) for origin in link.origins if _says_something(claims, origin.code)]
            if said:
                yield _carried(link, said)

    def left_behind(self, claims: Mapping[str, Claim]) -> tuple[str, ...]:
        """The criteria that were answered and are in the later edition no more, in their old reading order."""
        return tuple(
            criterion.code
            for criterion in self.old.criteria
            if criterion.code not in self.onward and _says_something(claims, criterion.code)
        )

    def scores(self, scores: Mapping[str, Score]) -> dict[str, Score]:
        """The scores that can be taken over, by the codes of the later edition; all others must be scored again."""
        found: dict[str, Score] = {}
        for link, points in self._points_kept:
            if len(link.origins) == 1 and isinstance(score := scores.get(link.origins[0].code), Scored):
                if score.point in points:
                    found[link.code] = score
                continue
            kept = _kept_score(link, [(each, scores[each.code]) for each in link.origins if each.code in scores])
            if kept is not None:
                found[link.code] = kept
        return found

    @cached_property
    def _points_kept(self) -> tuple[tuple[Link, frozenset[int]], ...]:
        """Each link with the points of its first origin that go over: worked out once, because cases are many."""
        return tuple(
            (link, frozenset(point for point in link.origins[0].scale.values if link.keeps(link.origins[0], point)))
            for link in self.links
            if link.origins
        )

    def evidence(self, attached: Iterable[tuple[str, int, str]]) -> Iterator[tuple[str, int, str]]:
        """What stands behind the criteria of the later edition, each piece once behind each.

        Takes and gives (criterion's code, item's id, code of the evidence asked for). The last is kept where the
        criterion still asks for it.
        """
        behind: dict[str, dict[int, str]] = {}
        for code, item_id, asked in attached:
            behind.setdefault(code, {}).setdefault(item_id, asked)
        for link in self.links:
            asks = {ask.code for ask in link.criterion.evidence}
            items: dict[int, str] = {}
            for origin in link.origins:
                for item_id, asked in behind.get(origin.code, {}).items():
                    items[item_id] = items.get(item_id) or (asked if asked in asks else "")
            yield from ((link.code, item_id, asked) for item_id, asked in items.items())


def _says_something(claims: Mapping[str, Claim], code: str) -> bool:
    return code in claims and claims[code].progress is not Progress.NOT_STARTED


def _link(
    old: Framework, new: Framework, criterion: Criterion, codes: Sequence[str], onward: Mapping[str, tuple[str, ...]]
) -> Link:
    origins = tuple(old.criterion(code) for code in codes)
    parts = onward[codes[0]] if len(codes) == 1 else ()
    return Link(criterion, origins, parts, tuple(_reasons(old, new, criterion, origins, parts)))


def _reasons(
    old: Framework, new: Framework, criterion: Criterion, origins: Sequence[Criterion], parts: Sequence[str]
) -> Iterator[str]:
    """Why what was answered before must be looked at again, whatever was answered."""
    if len(origins) > 1:
        codes = joined(origin.code for origin in origins)
        yield f"The criterion brings together {codes} of edition {old.edition}: make one answer of them."
    if len(parts) > 1:
        yield f"{origins[0].code} of edition {old.edition} is now asked as {joined(parts)}: keep here what belongs here."
    if len(origins) != 1:
        return
    (origin,) = origins
    if not _same_words(origin.text, criterion.text):
        yield "The criterion has new wording."
    if _bare(origin.scale) != _bare(criterion.scale):
        yield "The scale has changed."
    yield from _requirements(old, new, origin, criterion)
    if set(criterion.evidence) - set(origin.evidence):
        yield "The criterion asks for other evidence."


def _same_words(one: Text, other: Text) -> bool:
    """Whether two texts say the same in every language, however their lines are broken."""
    words = [{code: said.split() for code, said in text.by_language} for text in (one, other)]
    return words[0] == words[1]


def _bare(scale: Scale) -> Scale:
    """A scale by what its points are: not by its name, nor by who may leave a criterion out."""
    never = NotApplicableRule.NEVER
    return replace(scale, code="", title=NO_TEXT, not_applicable=never, not_rated=never)


def _requirements(old: Framework, new: Framework, origin: Criterion, criterion: Criterion) -> Iterator[str]:
    """What the levels that both editions have require now and did not before."""
    known = {level.code for level in old.levels}
    titles: dict[int | None, list[str]] = {}
    for level in new.levels:
        was, now = origin.required.get(level.code), criterion.required.get(level.code)
        if level.code in known and was != now:
            titles.setdefault(now, []).append(str(level.title))
    for point, levels in titles.items():
        verb = "requires" if len(levels) == 1 else "require"
        if point is None:
            yield f"{joined(levels)} no longer {verb} a point here."
        else:
            yield f"{joined(levels)} now {verb} at least “{criterion.scale.label_of(point)}”."


def keeps_its_meaning(old: Scale, new: Scale, point: int) -> bool:
    """Whether a point of one scale stands for the same on another.

    It must be on both, run in the same direction and, unless both scales have the very same points, be called the same:
    3 of 3 is not 3 of 10.
    """
    if (old.kind, old.lower_is_better) != (new.kind, new.lower_is_better):
        return False
    if point not in old.values or point not in new.values:
        return False
    return old.values == new.values or old.label_of(point) == new.label_of(point)


def _carried(link: Link, said: Sequence[tuple[Criterion, Claim]]) -> Carried:
    origins = tuple(origin.code for origin, _ in said)
    claim = Claim(*_position(link, said), _words(said))
    again = list(link.reasons)
    if claim.point is None and not claim.not_applicable:
        again += _why_open(link, said)
    if len(claim.reason) > LONGEST_REASON:
        again.append(f"Together the reasons have more than {LONGEST_REASON:,} characters: shorten them.")
    return Carried(link.code, origins, claim, tuple(again))


def _position(link: Link, said: Sequence[tuple[Criterion, Claim]]) -> tuple[int | None, bool]:
    """The point, and whether it does not apply: where every answer said so, and it can still be said."""
    if all(claim.not_applicable for _, claim in said):
        return None, may_leave_out(link.criterion)
    points = {claim.point for _, claim in said}
    if len(points) > 1:
        return None, False
    (point,) = points
    if point is None or not all(link.keeps(origin, point) for origin, _ in said):
        return None, False
    return point, False


def _why_open(link: Link, said: Sequence[tuple[Criterion, Claim]]) -> Iterator[str]:
    """Why no point goes over, though one was chosen."""
    chosen = [(origin, claim) for origin, claim in said if claim.point is not None or claim.not_applicable]
    if not chosen:
        return
    if all(claim.not_applicable for _, claim in said):
        yield "It can no longer be marked as not applicable: choose a level."
    elif len({(claim.point, claim.not_applicable) for _, claim in said}) > 1:
        yield "Your answers did not agree: choose a level."
    else:
        origin, claim = chosen[0]
        point = claim.point or 0  # all agree, and on a point
        label = origin.scale.label_of(point) if point in origin.scale.values else str(point)
        yield f"You had chosen “{label}”, which its scale no longer has: choose a level."


def _words(said: Sequence[tuple[Criterion, Claim]]) -> str:
    """The reasons; each below the code that it was given for, where there are several."""
    reasons = [(origin.code, claim.reason.strip()) for origin, claim in said if claim.reason.strip()]
    if len(said) == 1:
        return said[0][1].reason
    return "\n\n".join(f"{code}: {reason}" for code, reason in reasons)


def _kept_score(link: Link, given: Sequence[tuple[Criterion, Score]]) -> Score | None:
    """The score that all origins share, if every origin has one and it still means the same; else None."""
    if not given or len(given) < len(link.origins):
        return None
    first = given[0][1]
    if isinstance(first, Scored):
        same = all(score == first and link.keeps(origin, first.point) for origin, score in given)
        return first if same else None
    alike = all(type(score) is type(first) for _, score in given)
    return first if alike and _is_allowed(link.criterion, first) else None


def _is_allowed(criterion: Criterion, score: Score) -> bool:
    try:
        check_score(criterion, score)
    except OffScale:
        return False
    return True
