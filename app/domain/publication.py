"""Who may see which part of a result, and how long what has ended is kept."""

from datetime import date
from enum import StrEnum

from app.domain.clauses import Audience, Publication, Retention
from app.domain.duration import Duration

WIDENING = (Audience.PUBLIC, Audience.COMMISSIONERS, Audience.PROVIDER, Audience.SCHEME)


class Part(StrEnum):
    """The parts of a result that a scheme opens or keeps close, one by one."""

    LEVEL = "level"
    CONDITIONS = "conditions"
    SHARE = "share"
    NODE_SCORES = "node_scores"
    CRITERION_SCORES = "criterion_scores"
    FINDINGS = "findings"
    REASONS = "reasons"


class Kept(StrEnum):
    """What is kept for a time after it has ended."""

    ENDED_AWARD = "ended_awards"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DRAFT = "drafts"


def may_see(publication: Publication, part: Part, audience: Audience) -> bool:
    """Whether someone of that audience is shown a part of a result. `audience` is never NEVER: nobody is nobody.

    Each audience sees what a wider one sees. What is published to nobody, not even the scheme's staff see outside the case.
    """
    widest = getattr(publication, part.value)
    return widest is not Audience.NEVER and WIDENING.index(audience) >= WIDENING.index(widest)


def kept_until(retention: Retention, kind: Kept, ended_on: date) -> date | None:
    """The last day on which something that ended is kept; None where it is kept for good."""
    length: Duration | None = getattr(retention, kind.value)
    return length.add_to(ended_on) if length else None


def is_kept(retention: Retention, kind: Kept, ended_on: date, today: date) -> bool:
    last = kept_until(retention, kind, ended_on)
    return last is None or today <= last
