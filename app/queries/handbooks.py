"""A published edition as its handbook and its spreadsheet are made from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.errors import Invalid, NotFound
from app.domain.framework import Framework
from app.domain.wording import joined
from app.extensions import db
from app.frameworks.in_words import language_name, languages_of
from app.models import FrameworkEdition
from app.queries.frameworks import SchemeDetails, framework_of, scheme_details


@dataclass(frozen=True)
class Published:
    """One edition, the language that was asked for, and the scheme that it belongs to."""

    framework: Framework
    language: str
    sha256: str
    scheme: SchemeDetails
    name: str
    published_at: datetime


def published(code: str, edition: str, language: str) -> Published:
    """One edition in one of its languages, its first one where `language` is empty. Raises NotFound, Invalid. One statement."""
    found = db.session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.code == code, FrameworkEdition.edition == edition)
        .options(joinedload(FrameworkEdition.scheme))
    ).first()
    if found is None:
        raise NotFound("There is no such edition. See the list of standards.")
    framework = framework_of(found)
    offered = languages_of(framework)
    if language and language not in offered:
        names = joined(language_name(each) for each in offered)
        raise Invalid({"language": f"This edition is not there in that language. It can be read in {names}."})
    return Published(
        framework=framework,
        language=language or offered[0],
        sha256=found.sha256,
        scheme=scheme_details(found.scheme),
        name=f"{found.code}-{found.edition}",
        published_at=found.loaded_at,
    )
