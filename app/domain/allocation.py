"""Who should assess a case: proposals by what people can judge, where they travel, their load and whom they met before.

Points are whole and out of 100, and each one that is given or lost has its reason in words. They rank; they never bar:
what bars is in app.domain.impartiality.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import combinations

from app.domain.wording import counted, dated, joined

SERVICES, CLIENT_GROUPS, AREAS, LANGUAGE, TRAVEL, LOAD = 25, 10, 20, 10, 15, 20
"""The most points for each: they come to 100."""
SAME_PROVIDER, SAME_PAIR = 15, 10
"""What is taken off for having assessed the provider last time, and for each earlier case of the same two, up to three."""
MOST_PAIRS_COUNTED = 3
USUAL_MOST = 4
"""How many cases somebody takes at once who has not said it."""
MOST_NAMED = 3
MOST_IN_PAIRS = 20
"""Of how many of the best the pairs are made up."""


class Language(StrEnum):
    """Languages in which evidence may come and people may be met, beside English."""

    WELSH = "cy"
    BRITISH_SIGN_LANGUAGE = "bfi"
    IRISH = "ga"
    POLISH = "pl"
    PUNJABI = "pa"
    URDU = "ur"
    BENGALI = "bn"
    GUJARATI = "gu"
    ARABIC = "ar"
    SOMALI = "so"
    ROMANIAN = "ro"
    CHINESE = "zh"


LANGUAGE_NAMES: Mapping[Language, str] = {
    Language.WELSH: "Welsh",
    Language.BRITISH_SIGN_LANGUAGE: "British Sign Language",
    Language.IRISH: "Irish",
    Language.POLISH: "Polish",
    Language.PUNJABI: "Punjabi",
    Language.URDU: "Urdu",
    Language.BENGALI: "Bengali",
    Language.GUJARATI: "Gujarati",
    Language.ARABIC: "Arabic",
    Language.SOMALI: "Somali",
    Language.ROMANIAN: "Romanian",
    Language.CHINESE: "Chinese",
}


@dataclass(frozen=True, slots=True)
class Skills:
    """What somebody can judge: codes of services, client groups, areas of the framework and languages.

    `travels` are GSS codes of councils, empty for anywhere. `most` is how many cases they take at once. Away from the
    first day through the last.
    """

    services: frozenset[str] = frozenset()
    client_groups: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    travels: frozenset[str] = frozenset()
    most: int = USUAL_MOST
    away_from: date | None = None
    away_until: date | None = None

    def away_on(self, first: date, last: date) -> bool:
        """Whether they are away for half of these days or more."""
        if self.away_from is None and self.away_until is None:
            return False
        begins, ends = max(self.away_from or first, first), min(self.away_until or last, last)
        gone, whole = (ends - begins).days + 1, (last - first).days + 1
        return gone * 2 >= whole


@dataclass(frozen=True, slots=True)
class Need:
    """What a case asks of its assessors, as codes with their titles. `place` is the provider's council, as code and name."""

    services: Mapping[str, str]
    client_groups: Mapping[str, str]
    areas: Mapping[str, str]
    languages: Mapping[str, str]
    place: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Assessor:
    """Somebody who could be asked. `skills` is None where nobody has said what they can judge.

    `load` is how many cases they assess now; `met` how often they lately assessed with each other person; `again` tells
    that they assessed the provider's last case.
    """

    user_id: int
    name: str
    skills: Skills | None = None
    load: int = 0
    met: Mapping[int, int] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Points that were given, or taken off, and why."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """One assessor or a pair, with what speaks for and against them. `against` says why they cannot take it on now."""

    people: tuple[Assessor, ...]
    reasons: tuple[Reason, ...]
    against: str = ""

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def proposals(need: Need, people: Sequence[Assessor], first: date, last: date) -> tuple[Proposal, ...]:
    """Every one of these people, the best first; those who are away or have as many cases as they take come last.

    The work runs from the day `first` to `last`. Of equals, whoever has less to do comes first, then by name.
    """
    found = [_single(need, person, first, last) for person in people]
    return tuple(sorted(found, key=lambda each: (each.against != "", -each.points, each.people[0].load, _names(each))))


def pairs(need: Need, people: Sequence[Assessor], first: date, last: date, most: int = 5) -> tuple[Proposal, ...]:
    """The best pairs, at most `most`: together they know most of what is asked, and they are not always the same two."""
    free = [each.people[0] for each in proposals(need, people, first, last) if not each.against][:MOST_IN_PAIRS]
    found = [_pair(need, one, other) for one, other in combinations(free, 2)]
    return tuple(sorted(found, key=lambda each: (-each.points, _names(each)))[:most])


def _names(proposal: Proposal) -> str:
    return " ".join(person.name for person in proposal.people)


def _single(need: Need, person: Assessor, first: date, last: date) -> Proposal:
    skills = person.skills or Skills()
    reasons = [*_knowledge(need, [person]), _travel(need, [person]), _load(person)]
    if person.again:
        reasons.append(Reason(-SAME_PROVIDER, "Assessed this provider last time."))
    return Proposal((person,), _told(reasons), _against(person, skills, first, last))


def _pair(need: Need, one: Assessor, other: Assessor) -> Proposal:
    both = (one, other)
    reasons = [*_knowledge(need, both), _travel(need, both)]
    loads = [_load(person) for person in both]
    reasons.append(Reason(sum(each.points for each in loads) // 2, _loads_of(both)))
    reasons += [
        Reason(-SAME_PROVIDER // 2, f"{each.name} assessed this provider last time.") for each in both if each.again
    ]
    times = min(one.met.get(other.user_id, 0), MOST_PAIRS_COUNTED)
    if times:
        words = f"Have assessed {counted(one.met[other.user_id], 'case')} together lately."
        reasons.append(Reason(-SAME_PAIR * times, words))
    return Proposal(both, _told(reasons))


def _told(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if reason.words)


def _against(person: Assessor, skills: Skills, first: date, last: date) -> str:
    if skills.away_on(first, last):
        until = f" until {dated(skills.away_until)}" if skills.away_until else ""
        return f"Away{until}."
    if person.load >= skills.most:
        return f"Has {counted(person.load, 'case')} now and takes no more than {skills.most} at once."
    return ""


def _knowledge(need: Need, people: Sequence[Assessor]) -> list[Reason]:
    """What these people know together of what is asked."""
    if all(person.skills is None for person in people):
        return [
            Reason(
                0, "Nobody has said what they can judge." if len(people) > 1 else "Has not said what they can judge."
            )
        ]
    known = [person.skills or Skills() for person in people]
    return [
        _share(need.services, _all(each.services for each in known), SERVICES, "service", "services"),
        _share(
            need.client_groups, _all(each.client_groups for each in known), CLIENT_GROUPS, "group", "groups of people"
        ),
        _share(need.areas, _all(each.areas for each in known), AREAS, "area", "areas of the framework"),
        _languages(need, _all(each.languages for each in known)),
    ]


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset[str]().union(*sets)


def _share(asked: Mapping[str, str], known: Set[str], most: int, one: str, many: str) -> Reason:
    """Points for the share of what is asked that is known; all of them where nothing is asked."""
    if not asked:
        return Reason(most, "")
    have = [title for code, title in asked.items() if code in known]
    points = most * len(have) // len(asked)
    if not have:
        return Reason(0, f"Knows none of the {many} of this case.")
    named = ", ".join(have[:MOST_NAMED]) + (" and more" if len(have) > MOST_NAMED else "")
    return Reason(points, f"Knows {len(have)} of {counted(len(asked), one, many)}: {named}.")


def _languages(need: Need, known: Set[str]) -> Reason:
    if not need.languages:
        return Reason(LANGUAGE, "")
    have = [title for code, title in need.languages.items() if code in known]
    if have:
        return Reason(LANGUAGE * len(have) // len(need.languages), f"Speaks {joined(have)}.")
    return Reason(0, f"Does not speak {joined(need.languages.values(), 'or')}.")


def _travel(need: Need, people: Sequence[Assessor]) -> Reason:
    """Whether one of these people can go where the provider is. Who has said nothing is not counted on."""
    code, name = need.place
    if not code:
        return Reason(TRAVEL, "")
    for person in people:
        if person.skills is not None and (not person.skills.travels or code in person.skills.travels):
            return Reason(TRAVEL, f"Can travel to {name}.")
    if all(person.skills is None for person in people):
        return Reason(0, "")
    return Reason(0, f"Does not travel to {name}." if len(people) == 1 else f"Neither travels to {name}.")


def _load(person: Assessor) -> Reason:
    most = (person.skills or Skills()).most
    free = max(0, most - person.load)
    points = int(Fraction(LOAD * free, most)) if most else 0
    words = "Assesses nothing now." if not person.load else f"Assesses {counted(person.load, 'case')} of {most} now."
    return Reason(points, words)


def _loads_of(people: Sequence[Assessor]) -> str:
    return joined(f"{each.name} assesses {counted(each.load, 'case')} now" for each in people) + "."
