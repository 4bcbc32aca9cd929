"""How sure an assessor is of a score: said beside it, never counted into it."""

from enum import StrEnum


class Confidence(StrEnum):
    """How sure the assessor is. Low is a call to those who decide to look again, and lowers no score."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


WORDS = {
    Confidence.HIGH: "Sure",
    Confidence.MEDIUM: "Fairly sure",
    Confidence.LOW: "Not sure",
}
