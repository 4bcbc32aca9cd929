"""What a criterion asks for and offers beside its score: evidence, less of it for some, learning, passports."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.conditions import Rule
from app.domain.duration import Duration
from app.domain.wording import Text


class EvidenceKind(StrEnum):
    DOCUMENT = "document"
    LINK = "link"
    STATEMENT = "statement"
    DATA = "data"
    OBSERVATION = "observation"
    INTERVIEW = "interview"
    USER_FEEDBACK = "user-feedback"
    OUTCOME_MEASURE = "outcome-measure"


@dataclass(frozen=True, slots=True)
class EvidenceAsk:
    """Evidence that a criterion asks for: at least `at_least` pieces, the newest no older than `newest_within`."""

    kind: EvidenceKind
    code: str
    title: Text
    newest_within: Duration | None = None
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Lighter:
    """When `when` holds, only the evidence with these codes is owed."""

    when: Rule
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    title: Text
    url: str


@dataclass(frozen=True, slots=True)
class Passport:
    """Another scheme's award that answers a criterion; any level of it where `level` is None.

    With `criterion` it is that one criterion, held under the other scheme, that answers. `counts_as` is the point of our
    scale that it is worth; the best one where it is None.
    """

    scheme: str
    level: str | None = None
    criterion: str | None = None
    counts_as: int | None = None
