"""Which certificates of other bodies published frameworks would take, and which schemes would check them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.framework import Framework
from app.domain.passports import HeldElsewhere, named, satisfied
from app.extensions import db
from app.models import FrameworkEdition, Scheme
from app.queries.frameworks import framework_of
from app.queries.organisations import MOST_EDITIONS
from app.queries.passports import Named, titled

ANOTHER = "another"
"""What is chosen where no framework takes the certificate: it is kept, and answers nothing."""


@dataclass(frozen=True)
class Choice:
    """A certificate that can be chosen. `key` is what a form sends for it."""

    key: str
    named: Named

    @property
    def words(self) -> str:
        by = f" ({self.named.awarded_by})" if self.named.awarded_by else ""
        return f"{self.named.in_full}{by}"


@dataclass(frozen=True)
class Using:
    """A scheme of which an open edition takes a certificate, and the criteria that it answers there."""

    scheme_id: int
    scheme_code: str
    scheme: str
    framework: str
    codes: tuple[str, ...]


def certificate_choices() -> tuple[Choice, ...]:
    """What open editions name, by title, without awards of the schemes that are kept here: those count by themselves."""
    ours = set(db.session.scalars(select(Scheme.code)))
    editions = _open_editions()
    ours |= {edition.code for edition, _ in editions}
    found = {
        (each.scheme, each.level, each.criterion): titled(each.scheme, each.level, each.criterion)
        for _, framework in editions
        for each in named(framework)
        if each.scheme not in ours
    }
    choices = (Choice(_key(each), each) for each in found.values())
    return tuple(sorted(choices, key=lambda each: each.words.lower()))


def _key(each: Named) -> str:
    return "|".join((each.code, each.level or "", each.criterion or ""))


def key_of(scheme: str, level: str | None, criterion: str | None) -> str:
    """What a form sends for a certificate that frameworks name so."""
    return _key(titled(scheme, level, criterion)) if scheme else ANOTHER


def choice_of(key: str) -> Choice | None:
    """The choice with that key; None where open editions name no such certificate."""
    return next((each for each in certificate_choices() if each.key == key), None)


def schemes_using(scheme: str, level: str | None, criterion: str | None) -> tuple[Using, ...]:
    """The schemes of which open editions take a certificate, with what it answers there, one row for each edition."""
    if not scheme:
        return ()
    held = HeldElsewhere(scheme, level, criterion)
    found = ((edition, satisfied(framework, held)) for edition, framework in _open_editions())
    return tuple(
        Using(edition.scheme_id, edition.scheme.code, edition.scheme.title, f"{edition.title} {edition.edition}", codes)
        for edition, codes in found
        if codes
    )


def checking_schemes() -> tuple[tuple[int, str], ...]:
    """(id, title) of each scheme of which an open edition takes any certificate of another body."""
    found = {edition.scheme_id: edition.scheme.title for edition, framework in _open_editions() if named(framework)}
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))


def _open_editions() -> list[tuple[FrameworkEdition, Framework]]:
    """Every open edition with its framework. Two statements at most, once they have been read."""
    editions = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.open.is_(True))
        .options(joinedload(FrameworkEdition.scheme))
        .order_by(FrameworkEdition.title, FrameworkEdition.id.desc())
        .limit(MOST_EDITIONS)
    )
    return [(edition, framework_of(edition)) for edition in editions]
