"""Who there is: the invented providers and people, read from their files, with their profiles and sign-ins."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from app.domain.identifiers import parse_postcode
from app.services.organisations import Profile

HERE = Path(__file__).parent
PASSWORD = "touchstone demo"  # noqa: S105 the demonstration's, printed for everybody
DOMAIN = "demo.example.org"

YES_NO = (
    "regulated children home_visits personal_care medicines transport premises holds_money_for_people fundraises"
).split()
WITH_CHARITY_NUMBER = frozenset({"registered-charity", "cio", "charitable-company"})
WITH_COMPANY_NUMBER = frozenset({"charitable-company", "cic", "company-limited-by-guarantee", "mutual-society"})


@dataclass(frozen=True)
class Person:
    """Somebody invented. `lay` panel members come from outside the sector."""

    name: str
    email: str
    lay: bool = False


@dataclass(frozen=True)
class Provider:
    """One invented provider as providers.yaml tells it; `serial` is its place there, from 1."""

    serial: int
    key: str
    name: str
    kind: str
    postcode: str
    place: str
    summary: str
    description: str
    services: tuple[str, ...]
    groups: tuple[str, ...]
    areas: tuple[str, ...]
    income: int
    staff: int
    volunteers: int
    has: frozenset[str]
    founded: int
    users: str
    chair: str
    lead: str
    deputy: str
    address: str = ""
    nation: str = "england"
    private: bool = False
    showcase: bool = False
    empty: bool = False
    story: tuple[dict[str, Any], ...] = field(default=())

    @cached_property
    def website(self) -> str:
        return f"https://{self.key}.example.org"

    @cached_property
    def people(self) -> tuple[Person, Person]:
        """The lead and a contributor."""
        return Person(self.lead, f"lead@{self.key}.example.org"), Person(self.deputy, f"team@{self.key}.example.org")

    @property
    def two(self) -> bool:
        """Whether a colleague helps with the application. Small groups often hang on one person."""
        return self.staff > 0 or self.showcase

    @property
    def registered(self) -> bool:
        return self.kind in WITH_CHARITY_NUMBER | WITH_COMPANY_NUMBER

    def profile(self) -> Profile:
        """What the lead types. Official numbers lie in ranges that no register has reached."""
        if self.empty:
            return Profile(name=self.name, kind=self.kind)
        facts: dict[str, Any] = {"income": self.income, "staff": self.staff, "volunteers": self.volunteers}
        facts |= {code: code in self.has for code in YES_NO}
        facts |= {"nation": self.nation, "registered_body": self.registered}
        return Profile(
            name=self.name,
            kind=self.kind,
            summary=self.summary,
            description=self.description,
            charity_number=self._charity_number(),
            company_number=self._company_number(),
            cqc_provider_id=f"1-99{self.serial:06}01" if self._with_cqc else "",
            website=self.website,
            email=f"hello@{self.key}.example.org",
            phone=f"01632 960{self.serial:03}",
            address=self.address or self._street(),
            postcode=parse_postcode(self.postcode),
            address_private=self.private,
            services=self.services,
            client_groups=self.groups,
            areas=self.areas,
            facts=facts,
        )

    @property
    def _with_cqc(self) -> bool:
        return "regulated" in self.has and self.nation == "england"

    def _charity_number(self) -> str:
        if self.kind not in WITH_CHARITY_NUMBER:
            return ""
        forms = {"scotland": f"SC99{self.serial:04}", "northern-ireland": f"NIC99{self.serial:04}"}
        return forms.get(self.nation, f"99{self.serial:05}")

    def _company_number(self) -> str:
        if self.kind not in WITH_COMPANY_NUMBER:
            return ""
        prefix = {"scotland": "SC99", "northern-ireland": "NI99"}.get(self.nation, "9900")
        return f"{'RS99' if self.kind == 'mutual-society' else prefix}{self.serial:04}"

    def _street(self) -> str:
        streets = ("Chapel Street", "Mill Lane", "Station Road", "Market Place", "School Lane", "Union Street")
        return f"{self.serial % 90 + 3} {streets[self.serial % len(streets)]}, {self.place}"


@dataclass(frozen=True)
class Cast:
    """Everybody in the demonstration."""

    providers: tuple[Provider, ...]
    manager: Person
    deputy_manager: Person
    auditor: Person
    adviser: Person
    health_commissioner: Person  # of a board, who watches alone and says what is needed
    assessors: tuple[Person, ...]
    panel: tuple[Person, ...]
    voice_manager: Person  # of the Voice and Dignity Standard, a second scheme
    voice_assessors: tuple[Person, ...]
    commissioner: Person  # who chooses providers, with a colleague in one team
    second_commissioner: Person

    def provider(self, key: str) -> Provider:
        return next(each for each in self.providers if each.key == key)


@dataclass(frozen=True)
class SignIn:
    """One line of the list of sign-ins: whom one becomes, and what there is to see."""

    role: str
    person: Person
    sees: str


def read_cast() -> Cast:
    """The cast, from its two files."""
    people = yaml.safe_load((HERE / "people.yaml").read_text("utf-8"))
    providers = yaml.load((HERE / "providers.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return Cast(
        providers=tuple(_provider(serial, each) for serial, each in enumerate(providers, 1)),
        manager=Person(**people["manager"]),
        deputy_manager=Person(**people["deputy_manager"]),
        auditor=Person(**people["auditor"]),
        adviser=Person(**people["adviser"]),
        health_commissioner=Person(**people["health_commissioner"]),
        assessors=tuple(Person(**each) for each in people["assessors"]),
        panel=tuple(Person(**each) for each in people["panel"]),
        voice_manager=Person(**people["voice_manager"]),
        voice_assessors=tuple(Person(**each) for each in people["voice_assessors"]),
        commissioner=Person(**people["commissioner"]),
        second_commissioner=Person(**people["second_commissioner"]),
    )


def _provider(serial: int, written: dict[str, Any]) -> Provider:
    values = dict(written)
    for name in ("services", "groups", "areas", "story"):
        values[name] = tuple(values[name])
    values["has"] = frozenset(values["has"])
    return Provider(serial=serial, **values)


def sign_ins(cast: Cast) -> tuple[SignIn, ...]:
    """The sign-ins that show every role something, in the order of the walk through a case."""

    def provider(key: str, role: str, sees: str, who: int = 0) -> SignIn:
        return SignIn(role, cast.provider(key).people[who], sees)

    return (
        provider("bay-memory", "Provider lead", "Bay Memory Friends: a silver award, and its renewal nearly ready"),
        provider("bay-memory", "Provider contributor", "the same, without the right to submit", who=1),
        provider(
            "kent-estuary",
            "Provider lead",
            "Kent Estuary Day Centre: an assessor's question waits, and a second mark is begun",
        ),
        provider("carnforth-newcomer", "Provider newcomer", "Warton Crag Walking Friends: nothing filled in yet"),
        SignIn("Adviser of an umbrella body", cast.adviser, "three providers, each with other rights"),
        provider(
            "lune-lantern", "Lead of a consortium", "Lune Valley Care Together: two members, each with its own part"
        ),
        SignIn(
            "Commissioner of a board",
            cast.health_commissioner,
            "providers that she watches, a saved search, and needs with answers",
        ),
        SignIn("Assessor", cast.assessors[0], "a case half scored, and one that waits for a declaration"),
        SignIn("Assessor", cast.assessors[1], "a question that was answered, and cases handed in"),
        SignIn("Panel chair", cast.panel[0], "a case being voted on, and one ready to be decided"),
        SignIn("Panel member, lay", cast.panel[1], "a case to vote on"),
        SignIn("Panel member", cast.panel[2], "a panel to declare for"),
        SignIn(
            "Scheme manager",
            cast.manager,
            "applications, the draft of the next edition, people, awards, the audit trail",
        ),
        SignIn("Manager of a second scheme", cast.voice_manager, "cases that two assess, and how far they agree"),
        SignIn("Lead assessor", cast.voice_assessors[0], "a case whose two assessors judged differently"),
        SignIn("Auditor", cast.auditor, "everything in the scheme, to read"),
        SignIn("Commissioner", cast.commissioner, "a team with a shortlist, a link to it, and what was locked of it"),
        SignIn("Commissioner, the same team", cast.second_commissioner, "the same list, with notes and decisions"),
    )
