"""Framework editions as the rules see them: read from the stored source, once for each worker."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.framework import Framework
from app.extensions import db
from app.frameworks import read
from app.models import FrameworkEdition, Scheme


def framework_of(edition: FrameworkEdition) -> Framework:
    """The framework of a stored edition. The source never changes, so it is read once and kept."""
    return _read(edition.sha256, edition.source, f"{edition.code}/{edition.edition}")


@lru_cache(maxsize=64)
def _read(_sha256: str, source: str, name: str) -> Framework:
    return read(source, name)


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
