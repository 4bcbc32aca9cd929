"""What of an award's result its scheme lets the public see, beyond the level."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.domain.clauses import Audience
from app.domain.publication import Part, may_see
from app.models import Award
from app.queries.frameworks import framework_of
from app.queries.outcomes import counted


@dataclass(frozen=True)
class PublishedScores:
    """The whole in words, and (branch, its result in words) of each branch at the top; empty where it is kept close."""

    in_all: str = ""
    parts: tuple[tuple[str, str], ...] = ()


def published_scores(session: Session, award: Award) -> PublishedScores:
    """The scores of an award, as on the day of its grant. No statement where the scheme publishes none."""
    publication = framework_of(award.edition).clauses.publication
    whole = may_see(publication, Part.SHARE, Audience.PUBLIC)
    branches = may_see(publication, Part.NODE_SCORES, Audience.PUBLIC)
    if not (whole or branches):
        return PublishedScores()
    counts = counted(session, award.application, award.granted_on)
    if counts is None:
        return PublishedScores()
    parts = counts.outcome.explained.parts if branches else ()
    return PublishedScores(
        in_all=counts.outcome.in_all if whole else "",
        parts=tuple((part.title, part.in_short) for part in parts if part.depth == 0),
    )
