"""What an organisation holds elsewhere, as each scheme sees it, and which criteria it answers on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Date, Integer, Select, String, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from app.domain.certificates_held import CheckState
from app.domain.framework import Framework
from app.domain.lifecycle import CURRENT, AwardStatus, status_on
from app.domain.passports import HeldElsewhere, answering, named
from app.domain.scoring import Passported
from app.extensions import UtcDateTime
from app.models import (
    Application,
    Award,
    FrameworkEdition,
    OwnAnswer,
    Passport,
    PassportCheck,
    Scheme,
    User,
)
from app.queries.lists import items

MOST_ROWS = 2_000  # for each application: 200 certificates at most, and what it answers itself
CERTIFICATES = "certificates"
OURS, THEIRS, OWN = "award", "certificate", "own-answer"


@dataclass(frozen=True, slots=True)
class Holding:
    """A certificate of another body, or an award of ours, as one scheme sees it.

    `state` is what the scheme said of the certificate; awards of ours need no check, and theirs is None.
    """

    held: HeldElsewhere
    number: str
    passport_id: int | None = None
    award_id: int | None = None
    state: CheckState | None = None
    checked_by: str = ""
    checked_at: datetime | None = None
    proof_id: int | None = None
    url: str = ""
    holder: str = ""
    issued_on: date | None = None

    @property
    def counts(self) -> bool:
        """Whether it may answer anything, as long as it is valid."""
        return self.state in {None, CheckState.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Answered:
    """One criterion, what gives its score, and the score."""

    score: Passported
    holding: Holding


@dataclass(frozen=True)
class PassportsHere:
    """What passports do in one application on a day, by criterion code.

    `answered` count; `own` would, but the provider answers itself; `waiting` would once the scheme has accepted them.
    `fallen` says in sentences what counted when it was handed in and does not any more.
    """

    answered: Mapping[str, Answered] = field(default_factory=dict)
    own: Mapping[str, Answered] = field(default_factory=dict)
    waiting: Mapping[str, Answered] = field(default_factory=dict)
    fallen: Mapping[str, str] = field(default_factory=dict)

    @property
    def scores(self) -> dict[str, Passported]:
        """The scores of what counts."""
        return {code: each.score for code, each in self.answered.items()}


NO_PASSPORTS = PassportsHere()


@dataclass(frozen=True)
class Held:
    """What one organisation holds as one scheme sees it; `own` are the criteria it answers itself in one application."""

    holdings: tuple[Holding, ...] = ()
    own: frozenset[str] = frozenset()

    def answering(self, framework: Framework, today: date, *, waiting: bool = False) -> dict[str, Answered]:
        """What answers each criterion on a day: what counts, or with `waiting` what waits for the scheme."""
        fits = [each for each in self.holdings if (each.state is CheckState.WAITING if waiting else each.counts)]
        by_key = {each.held.key: each for each in fits}
        found = answering(framework, [each.held for each in fits], today)
        return {code: Answered(each.score, by_key[each.held.key]) for code, each in found.items()}


def passports_of_draft(session: Session, application: Application, framework: Framework, today: date) -> PassportsHere:
    """What passports do in an application that its provider works on. One statement; none where none is named."""
    if not named(framework):
        return NO_PASSPORTS
    held = held_by(session, [application], today)[application.id]
    standing = held.answering(framework, today)
    waiting = held.answering(framework, today, waiting=True)
    return PassportsHere(
        answered={code: each for code, each in standing.items() if code not in held.own},
        own={code: each for code, each in standing.items() if code in held.own},
        waiting={code: each for code, each in waiting.items() if code not in standing},
    )


def held_by(session: Session, applications: Collection[Application], today: date) -> dict[int, Held]:
    """What the organisations of these applications hold as their schemes see it, by application id. One statement."""
    asked = {
        "organisations": sorted({each.organisation_id for each in applications}),
        "schemes": sorted({each.scheme_id for each in applications}),
        "applications": sorted({each.id for each in applications}),
        "most": MOST_ROWS * len(applications),
    }
    rows = session.execute(_everything(), asked).all()
    return {each.id: _held(each, rows, today) for each in applications}


def _held(application: Application, rows: Iterable[Any], today: date) -> Held:
    holdings: list[Holding] = []
    own: set[str] = set()
    for row in rows:
        if row.what == OWN:
            own.update({row.scheme} if row.id == application.id else ())
        elif row.organisation_id == application.organisation_id:
            if row.what == THEIRS and row.scheme_id == application.scheme_id:
                holdings.append(_certificate(row))
            elif row.what == OURS and row.alias != application.edition.code:
                holdings += _award(row, today)
    return Held(tuple(holdings), frozenset(own))


def _certificate(row: Any) -> Holding:
    state = CheckState(row.state)
    held = HeldElsewhere(
        row.scheme, row.level, row.criterion, row.ends_on, state is CheckState.REVOKED, row.title, f"p{row.id}-"
    )
    return Holding(
        held,
        number=row.number,
        passport_id=row.id,
        state=state,
        checked_by=row.checked_by or "",
        checked_at=row.checked_at,
        proof_id=row.proof_id,
        url=row.url,
        holder=row.holder,
        issued_on=row.issued_on,
    )


def _award(row: Any, today: date) -> list[Holding]:
    """An award of ours: a framework may name its scheme or its framework."""
    revoked = status_on(AwardStatus(row.state), row.ends_on, today) not in CURRENT
    return [
        Holding(
            HeldElsewhere(code, row.level, None, row.ends_on, revoked, row.title, f"a{row.id}-{code}"),
            number=row.number,
            award_id=row.id,
            holder=row.holder,
            issued_on=row.issued_on,
        )
        for code in dict.fromkeys((row.scheme, row.alias))
    ]


@cache
def _everything() -> Select[*tuple[Any, ...]]:
    """The statement for any applications. It is put together once: that takes longer than to run it."""
    every = union_all(_certificates(), _awards(), _own_answers()).subquery()
    return select(every).order_by(every.c.what, every.c.id).limit(bindparam("most"))


def _any(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def _certificates() -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(THEIRS).label("what"),
            Passport.id.label("id"),
            Passport.organisation_id.label("organisation_id"),
            PassportCheck.scheme_id.label("scheme_id"),
            Passport.scheme_code.label("scheme"),
            literal("").label("alias"),
            Passport.level.label("level"),
            Passport.criterion.label("criterion"),
            Passport.title.label("title"),
            Passport.number.label("number"),
            Passport.ends_on.label("ends_on"),
            cast(PassportCheck.state, String).label("state"),
            User.name.label("checked_by"),
            PassportCheck.checked_at.label("checked_at"),
            Passport.proof_id.label("proof_id"),
            Passport.url.label("url"),
            Passport.holder.label("holder"),
            Passport.issued_on.label("issued_on"),
        )
        .join(PassportCheck, PassportCheck.passport_id == Passport.id)
        .outerjoin(User, User.id == PassportCheck.checked_by_id)
        .where(
            Passport.organisation_id.in_(_any("organisations")),
            PassportCheck.scheme_id.in_(_any("schemes")),
            Passport.withdrawn_at.is_(None),
        )
    )


def _awards() -> Select[*tuple[Any, ...]]:
    return (
        select(
            literal(OURS),
            Award.id,
            Award.organisation_id,
            cast(null(), Integer),
            Scheme.code,
            FrameworkEdition.code,
            Award.level,
            cast(null(), String),
            FrameworkEdition.title + literal(", ") + Award.level_title,
            Award.number,
            Award.expires_on,
            cast(Award.status, String),
            cast(null(), String),
            cast(null(), UtcDateTime),
            cast(null(), Integer),
            literal(""),
            Award.holder_name,
            Award.granted_on,
        )
        .join(Scheme, Scheme.id == Award.scheme_id)
        .join(FrameworkEdition, FrameworkEdition.id == Award.edition_id)
        .where(Award.organisation_id.in_(_any("organisations")))
    )


def _own_answers() -> Select[*tuple[Any, ...]]:
    """The criteria that providers answer themselves: the application's id with the criterion's code."""
    nothing = (cast(null(), String),) * 5
    return select(
        literal(OWN),
        OwnAnswer.application_id,
        cast(null(), Integer),
        cast(null(), Integer),
        OwnAnswer.criterion_code,
        *nothing,
        cast(null(), Date),
        cast(null(), String),
        cast(null(), String),
        cast(null(), UtcDateTime),
        cast(null(), Integer),
        literal(""),
        literal(""),
        cast(null(), Date),
    ).where(OwnAnswer.application_id.in_(_any("applications")))


@dataclass(frozen=True)
class Named:
    """What can be held elsewhere, in words. `code` is that of its scheme."""

    code: str
    title: str
    awarded_by: str
    level: str | None = None
    criterion: str | None = None

    @property
    def in_full(self) -> str:
        """Its title with the level or the part of it."""
        part = f"criterion {self.criterion}" if self.criterion else ""
        return ", ".join(words for words in (self.title, in_words(self.level or ""), part) if words)


def in_words(code: str) -> str:
    """A code as one would say it: standards-met, standards met."""
    return code.replace("-", " ")


def titled(code: str, level: str | None = None, criterion: str | None = None) -> Named:
    """What a framework names by these codes, by the title that the list gives it, or else by its code."""
    item = next((each for each in items(CERTIFICATES) if each.code == code), None)
    title = str(item.title) if item else in_words(code).capitalize()
    return Named(code, title, item.awarded_by if item else "", level, criterion)
