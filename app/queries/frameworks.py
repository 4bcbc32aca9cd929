"""Framework editions as the rules see them: read from the stored source once for each worker, with what they ask of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

from sqlalchemy import select

from app.domain.applicability import Asked, asked
from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.extensions import db
from app.frameworks import read
from app.models import FrameworkEdition, Scheme

MOST_KEPT = 64
MOST_ASKED_KEPT = 32

_kept: dict[str, Framework] = {}  # by the SHA-256 of the source, the one kept longest first
_keeping = Lock()


def framework_of(edition: FrameworkEdition) -> Framework:
    """The framework of a stored edition. The source never changes, so it is fetched and read once, and kept."""
    known = _kept.get(edition.sha256)
    if known is None:
        known = read(edition.source, f"{edition.code}/{edition.edition}")
        with _keeping:
            if len(_kept) >= MOST_KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[edition.sha256] = known
    return known


def read_editions() -> None:
    """Read every edition that takes applications, so that nobody waits for it later. One statement, and one an edition."""
    for edition in db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.open.is_(True)).order_by(FrameworkEdition.id).limit(MOST_KEPT)
    ):
        framework_of(edition)


def asked_under(framework: Framework, facts: Mapping[str, Any], target: str | None) -> tuple[Asked, ...]:
    """`asked`, kept for the same framework, facts and target: most pages of a case ask it anew. Raises as `asked`."""
    known = [(code, facts[code]) for code in framework.facts if facts.get(code) is not None]
    return _asked(framework, _Facts(facts, tuple((code, type(value), str(value)) for code, value in known)), target)


class _Facts:
    """Facts that are known by the `key` made of those that the framework asks for."""

    def __init__(self, facts: Mapping[str, Any], key: tuple[object, ...]) -> None:
        self.facts, self.key = facts, key

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Facts) and other.key == self.key


@lru_cache(maxsize=MOST_ASKED_KEPT)
def _asked(framework: Framework, facts: _Facts, target: str | None) -> tuple[Asked, ...]:
    return asked(framework, facts.facts, target)


@dataclass(frozen=True)
class SchemeDetails:
    """A scheme as its scheme.yaml told it. `details` is that file's content."""

    scheme_id: int
    code: str
    title: str
    details: dict[str, Any]

    @property
    def awarding_body(self) -> str:
        return str(self.details.get("awarding_body") or self.title)

    @property
    def brand(self) -> dict[str, str]:
        """`colour` and `accent` as #rrggbb."""
        given = self.details.get("brand") or {}
        return {"colour": given.get("colour", "#4b2142"), "accent": given.get("accent", "#e2b04a")}


def scheme_details(scheme: Scheme) -> SchemeDetails:
    """A scheme row as plain values."""
    return SchemeDetails(scheme.id, scheme.code, scheme.title, dict(scheme.details))


def scheme_by_code(code: str) -> SchemeDetails:
    """The scheme of that code. Raises NotFound."""
    scheme = db.session.scalars(select(Scheme).where(Scheme.code == code)).first()
    if scheme is None:
        raise NotFound("There is no such scheme.")
    return scheme_details(scheme)
