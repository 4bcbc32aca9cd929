"""Providers side by side: one line for each thing that the register says, a cell for each provider."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.locked_lists import ADDRESS
from app.domain.wording import dated
from app.queries.chosen_providers import OfferRow, Provider
from app.queries.lists import SERVICES, title

NOT_SAID = "Not said"
NOT_PUBLISHED = "Not published"
STALE = "May be out of date"


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a cell. `url` leads to another site, `page` (view, its arguments) to a page of ours.

    `flag` is a warning that stands with it; what is `quiet` is told beside, and makes no difference.
    """

    text: str
    url: str = ""
    page: tuple[str, Mapping[str, str]] | None = None
    flag: str = ""
    quiet: bool = False


Cell = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing, of every provider in turn. `group` heads the lines that belong together."""

    group: str
    title: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether the providers do not all say the same. The order in which a cell lists things makes no difference."""
        return len({frozenset(each.text for each in cell if not each.quiet) for cell in self.cells}) > 1


Teller = Callable[[Provider], Cell]


def side_by_side(providers: Sequence[Provider]) -> tuple[Line, ...]:
    """Everything worth holding against each other, in the order in which commissioners ask for it."""
    return tuple(_lines(providers))


def _lines(providers: Sequence[Provider]) -> Iterator[Line]:
    for group, tellers in (("The award", AWARD), ("Services and capacity", None), *AFTER):
        if tellers is None:
            yield from _services(group, providers)
            continue
        for name, tell in tellers:
            yield Line(group, name, tuple(tell(each) for each in providers))


def _plain(*texts: str, missing: str = NOT_SAID) -> Cell:
    return tuple(Words(text) for text in texts if text) or (Words(missing),)


def _status(of: Provider) -> Cell:
    reason = [Words(of.status_reason, quiet=True)] if of.status_reason and not of.entry.standing.approved else []
    appeal = [Words("It has appealed.")] if of.under_appeal else []
    flag = "" if of.entry.standing.approved else "Not approved now"
    return (Words(of.entry.standing.words, flag=flag), *reason, *appeal)


def _conditions(of: Provider) -> Cell:
    if not of.conditions:
        return (Words("None published"),)
    due = [Words(f"To be met by {dated(of.conditions_due_on)}")] if of.conditions_due_on else []
    return (Words(of.conditions), *due)


def _scores(of: Provider) -> Cell:
    if not of.scores.in_all and not of.scores.parts:
        return (Words(NOT_PUBLISHED),)
    return _plain(of.scores.in_all, *(f"{name}: {said}" for name, said in of.scores.parts))


AWARD: Sequence[tuple[str, Teller]] = (
    ("Status today", _status),
    ("Level", lambda of: _plain(of.entry.level_title)),
    ("Scheme", lambda of: _plain(of.entry.scheme)),
    ("Standards", lambda of: _plain(of.framework)),
    ("Granted", lambda of: _plain(dated(of.granted_on))),
    ("Last day", lambda of: _plain(dated(of.entry.expires_on))),
    ("Conditions", _conditions),
    ("What the award covers", lambda of: _plain(*(of.scope or of.entry.services))),
    ("Scores", _scores),
    ("Certificate", lambda of: (Words(of.number, page=("public.verified", {"number": of.number})),)),
)


def _services(group: str, providers: Sequence[Provider]) -> Iterator[Line]:
    """A line for each service that any of them is approved for, what most of them do first."""
    codes = Counter(code for each in providers for code in each.service_codes)
    for code in sorted(codes, key=lambda code: (-codes[code], title(SERVICES, code))):
        name = title(SERVICES, code)
        yield Line(group, name, tuple(_service(each, code, name) for each in providers))


def _service(of: Provider, code: str, name: str) -> Cell:
    if code not in of.service_codes:
        return (Words("Not among its services"),)
    offer = next((each for each in of.offers if each.service == name), None)
    if offer is None:
        return (Words("Offered. Nothing said about capacity"),)
    return capacity(offer)


def capacity(offer: OfferRow) -> Cell:
    """What was said of a service's capacity, with the day on which it was said."""
    facts = [offer.words]
    if offer.free is not None:
        facts.append(f"{offer.free:,} {'place' if offer.free == 1 else 'places'} free")
    if offer.capacity is not None:
        facts.append(f"{offer.capacity:,} at a time")
    if offer.weeks is not None:
        weeks = f"About {offer.weeks:,} {'week' if offer.weeks == 1 else 'weeks'} to wait"
        facts.append(weeks if offer.weeks else "No wait")
    said = Words(f"Said on {dated(offer.said_on)}", flag=STALE if offer.stale else "", quiet=True)
    return (*(Words(fact) for fact in facts), said)


def _address(of: Provider) -> Cell:
    if not of.postcode:
        return (Words(of.council or NOT_SAID), Words("Address not published", quiet=True))
    return (Words(", ".join(filter(None, (of.council, of.postcode)))),)


def _identifiers(of: Provider) -> Cell:
    if not of.registers:
        return (Words("None on the register"),)
    return tuple(Words(f"{name} {number}", url="" if of.invented else url) for name, number, url in of.registers)


def _complaints(of: Provider) -> Cell:
    where = ("public.complain_here", {"scheme_code": of.scheme_code, "about": of.slug})
    return (Words(f"To {of.awarding_body}", page=where),)


AFTER: Sequence[tuple[str, Sequence[tuple[str, Teller]]]] = (
    (
        "People and places",
        (
            ("Who it is for", lambda of: _plain(*of.client_groups)),
            ("Areas", lambda of: _plain(*of.entry.areas)),
            (ADDRESS, _address),
            ("Languages", lambda of: _plain(*of.languages)),
            ("Access", lambda of: _plain(*of.access)),
        ),
    ),
    (
        "The organisation",
        (
            ("Size", lambda of: _plain(of.size)),
            ("Type", lambda of: _plain(of.kind)),
            ("Official numbers", _identifiers),
            ("Awarded by", lambda of: _plain(of.awarding_body)),
            ("How to complain", _complaints),
        ),
    ),
)
